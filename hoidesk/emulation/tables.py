"""The stored form of criteria sets, registrations with targets, known limitations and clusters."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlmodel import SQLModel

from hoidesk.book.columns import choice, count, day, document, line, note, ref
from hoidesk.book.records import Record, Search, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day
from hoidesk.text.numbers import Count

__all__ = [
    "Cluster",
    "ClusterFields",
    "ClusterMember",
    "ClusterMemberFields",
    "CriteriaDraft",
    "CriteriaDraftFields",
    "CriteriaSet",
    "CriteriaSetFields",
    "Limitation",
    "LimitationFields",
    "Registration",
    "RegistrationFields",
    "Target",
    "TargetFields",
]


class CriteriaSetFields(SQLModel):
    """One version of a criteria set; its content is a score sheet."""

    code: str = line(4, N_("Code"), default=..., max_length=100)
    version: str = line(5, N_("Version"), default=..., max_length=40)
    year: Count = count(6, N_("Year"), default=..., ge=2000, le=2200)
    unit_kind: str = choice(7, N_("Kind of unit"), "unit_kind", default=...)
    title: str = line(8, N_("Name"), default=...)
    state: str = choice(9, N_("State"), "criteria_states", default="draft")
    content: str = document(10, N_("Score sheet"), default=..., group="content")
    content_sha256: str = line(11, N_("Fingerprint of the sheet"), default=..., max_length=64, group="content")


class CriteriaSet(CriteriaSetFields, Record, table=True):
    """A published version of a criteria set; goes down to the units that score by it and up beside their registrations.

    It is frozen; the unit that issued it may only withdraw it.
    """

    __tablename__ = "criteria_set"
    __info__: ClassVar[TableInfo] = TableInfo(
        30,
        N_("Criteria set"),
        up=True,
        down=True,
        writers="unit",
        immutable=True,
        live=("state",),
        issued=True,
        spread=True,
        owners=(),
        search=Search(("title", "code")),
    )


class CriteriaDraftFields(SQLModel):
    """One version of a criteria set while the office works on it."""

    code: str = line(4, N_("Code"), default=..., max_length=100)
    version: str = line(5, N_("Version"), default=..., max_length=40)
    year: Count = count(6, N_("Year"), default=..., ge=2000, le=2200)
    unit_kind: str = choice(7, N_("Kind of unit"), "unit_kind", default=...)
    title: str = line(8, N_("Name"), default=...)
    content: str = document(9, N_("Score sheet"), default=..., group="content")
    content_sha256: str = line(10, N_("Fingerprint of the sheet"), default=..., max_length=64, group="content")


class CriteriaDraft(CriteriaDraftFields, Record, table=True):
    """A draft of a criteria set: stays in the office. Publishing makes a criteria set of it, under the same id."""

    __tablename__ = "criteria_draft"
    __info__: ClassVar[TableInfo] = TableInfo(
        36, N_("Draft of a criteria set"), writers="unit", owners=(), search=Search(("title", "code"))
    )


class RegistrationFields(SQLModel):
    """What a unit registers for a year of emulation, against which criteria set, agreed at which meeting."""

    year: Count = count(4, N_("Year"), default=..., ge=2000, le=2200)
    unit_kind: str = choice(5, N_("Kind of unit"), "unit_kind", default=...)
    area_id: UUID | None = ref(6, N_("Area"), "area")
    branch_id: UUID | None = ref(7, N_("Branch"), "branch")
    association_id: UUID | None = ref(8, N_("Association"), "association")
    criteria_set_id: UUID | None = ref(9, N_("Criteria set"), "criteria_set")
    agreed_meeting_id: UUID | None = ref(10, N_("Agreed at the meeting"), "meeting", up=False)
    title_targeted: str | None = line(11, N_("Title aimed at"))
    due_on: Day | None = day(12, N_("Due on"))
    submitted_on: Day | None = day(13, N_("Submitted on"))
    withdrawn_on: Day | None = day(14, N_("Withdrawn on"))
    remark: str | None = note(15, N_("Remark"), up=False)


class Registration(RegistrationFields, Record, table=True):
    """The registration of one unit for one year."""

    __tablename__ = "registration"
    __info__: ClassVar[TableInfo] = TableInfo(
        31,
        N_("Registration"),
        up=True,
        search=Search(("title_targeted",), ("branch_id", "association_id", "area_id")),
    )


class TargetFields(SQLModel):
    """One target of a registration: what, how much, until when, shown by what; and what came of it."""

    registration_id: UUID = ref(4, N_("Registration"), "registration", default=...)
    position: Count = count(5, N_("Position"), default=1, ge=1, le=999)
    item: str | None = line(6, N_("Criterion"), max_length=100)
    text: str = note(7, N_("Target"), default=..., max_length=2000)
    target_value: Count | None = count(8, N_("Number aimed at"), group="target")
    target_unit: str | None = line(9, N_("Counted in"), max_length=60, group="target")
    due_on: Day | None = day(10, N_("Due on"))
    evidence_expected: str | None = line(11, N_("To be shown by"))
    result_value: Count | None = count(12, N_("Number reached"), group="result")
    confirmed_on: Day | None = day(13, N_("Result confirmed on"), group="result")


class Target(TargetFields, Record, table=True):
    """A target of a registration."""

    __tablename__ = "target"
    __info__: ClassVar[TableInfo] = TableInfo(
        32, N_("Target"), up=True, owners=("registration_id",), search=Search(("text",), ("registration_id",))
    )


class LimitationFields(SQLModel):
    """A known limitation of a unit with its remedy and deadline; it never names a person."""

    unit_kind: str = choice(4, N_("Kind of unit"), "unit_kind", default=...)
    area_id: UUID | None = ref(5, N_("Area"), "area")
    branch_id: UUID | None = ref(6, N_("Branch"), "branch")
    association_id: UUID | None = ref(7, N_("Association"), "association")
    registration_id: UUID | None = ref(8, N_("Registration"), "registration")
    code: str | None = choice(9, N_("Kind of limitation"), "limitation_codes")
    text: str = note(10, N_("Limitation"), default=..., max_length=2000)
    remedy: str | None = note(11, N_("Remedy"), max_length=2000)
    remedy_due_on: Day | None = day(12, N_("Remedy due on"))
    opened_on: Day | None = day(13, N_("Known since"))
    closed_on: Day | None = day(14, N_("Overcome on"))


class Limitation(LimitationFields, Record, table=True):
    """A known limitation."""

    __tablename__ = "limitation"
    __info__: ClassVar[TableInfo] = TableInfo(
        33, N_("Known limitation"), up=True, search=Search(("text",), ("branch_id", "association_id", "area_id"))
    )


class ClusterFields(SQLModel):
    """An emulation cluster of a year: three or four adjacent quarters, as a rule."""

    year: Count = count(4, N_("Year"), default=..., ge=2000, le=2200)
    name: str = line(5, N_("Name"), default=..., max_length=200)


class Cluster(ClusterFields, Record, table=True):
    """An emulation cluster."""

    __tablename__ = "cluster"
    __info__: ClassVar[TableInfo] = TableInfo(
        34, N_("Cluster"), down=True, spread=True, owners=(), search=Search(("name",))
    )


class ClusterMemberFields(SQLModel):
    """A quarter in a cluster."""

    cluster_id: UUID = ref(4, N_("Cluster"), "cluster", default=...)
    area_id: UUID = ref(5, N_("Area"), "area", default=...)


class ClusterMember(ClusterMemberFields, Record, table=True):
    """A quarter in a cluster; belongs to the quarter, whose cell knows no other quarter that it could refer to."""

    __tablename__ = "cluster_member"
    __info__: ClassVar[TableInfo] = TableInfo(35, N_("Member of a cluster"), down=True, owners=("area_id",))
