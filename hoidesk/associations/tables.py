"""The stored form of associations and socio-political organisations, their branches, posts and figures.

Associations (hội) and socio-political organisations (đoàn thể) are one table with a kind and never one list in a
report: the latter are not associations in the sense of Decree 126/2024.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlmodel import SQLModel

from hoidesk.book.columns import choice, count, day, flag, line, note, ref
from hoidesk.book.records import Record, Search, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day
from hoidesk.text.numbers import Count

__all__ = [
    "Association",
    "AssociationFields",
    "Branch",
    "BranchFields",
    "Membership",
    "MembershipFields",
    "PartyStatus",
    "PartyStatusFields",
    "Post",
    "PostFields",
]


class AssociationFields(SQLModel):
    """An association of the ward, or a socio-political organisation: founding, statute, term, management."""

    kind: str = choice(4, N_("Kind"), "association_kinds", default="association")
    name: str = line(5, N_("Name"), default=...)
    short_name: str | None = line(6, N_("Short name"))
    type: str | None = choice(7, N_("Type"), "association_types")
    scope: str | None = choice(8, N_("Scope of activity"), "scopes")
    entrusted_from: Day | None = day(9, N_("Entrusted by Party and State from"))
    entrusted_to: Day | None = day(10, N_("Entrusted until"))
    legacy_specific: bool = flag(11, N_("Specific-character association (old label)"))
    managing_body: str | None = line(12, N_("Managing body"))
    managing_department: str | None = line(13, N_("Authorised department"))
    managing_level: str | None = choice(14, N_("Managed at"), "managing_level")
    founding_number: str | None = line(15, N_("Founding decision number"), group="founding")
    founded_on: Day | None = day(16, N_("Founded on"), group="founding")
    licensing_authority: str | None = line(17, N_("Licensing authority"))
    statute_number: str | None = line(18, N_("Statute approved by"), group="statute")
    statute_approved_on: Day | None = day(19, N_("Statute approved on"), group="statute")
    statute_followed: str | None = choice(20, N_("Follows its statute"), "statute_followed")
    executive_from: Day | None = day(21, N_("Executive committee since"))
    executive_to: Day | None = day(22, N_("Executive committee until"))
    term_from: Day | None = day(23, N_("Term from"))
    term_to: Day | None = day(24, N_("Term until"))
    last_congress_on: Day | None = day(25, N_("Last congress"))
    next_congress_on: Day | None = day(26, N_("Next congress"))
    postponed_to: Day | None = day(27, N_("Congress postponed to"))
    headquarters: str | None = line(28, N_("Seat"))
    ended_on: Day | None = day(29, N_("Ended on"))
    suspended_from: Day | None = day(30, N_("Suspended from"))
    suspended_to: Day | None = day(31, N_("Suspended until"))
    remark: str | None = note(32, N_("Remark"), up=False)


class Association(AssociationFields, Record, table=True):
    """An association or a socio-political organisation."""

    __tablename__ = "association"
    __info__: ClassVar[TableInfo] = TableInfo(
        10,
        N_("Association"),
        up=True,
        down=True,
        spread=True,
        search=Search(("name", "short_name", "headquarters", "founding_number")),
    )


class BranchFields(SQLModel):
    """A branch of an association in a quarter, or the quarter's Front working committee or area board."""

    association_id: UUID | None = ref(4, N_("Association"), "association")
    area_id: UUID = ref(5, N_("Area"), "area", default=...)
    kind: str = choice(6, N_("Kind of branch"), "branch_kinds", default=...)
    name: str = line(7, N_("Name"), default=...)
    founded_on: Day | None = day(8, N_("Founded on"))
    ended_on: Day | None = day(9, N_("Ended on"))
    rhythm: str = choice(10, N_("Planned rhythm"), "rhythms", default="unset")
    meeting_day: Count | None = count(11, N_("Usual day of the month"), ge=1, le=31)
    consolidate_from: Day | None = day(12, N_("Needs consolidation since"))
    consolidate_to: Day | None = day(13, N_("Consolidated on"))
    consolidate_reason: str | None = line(14, N_("Why it needs consolidation"))
    remark: str | None = note(15, N_("Remark"), up=False)


class Branch(BranchFields, Record, table=True):
    """A branch in a quarter."""

    __tablename__ = "branch"
    __info__: ClassVar[TableInfo] = TableInfo(
        11, N_("Branch"), up=True, down=True, owners=("area_id",), search=Search(("name",), ("area_id",))
    )


class PostFields(SQLModel):
    """An office-holder in public capacity: post, name, term; a phone only where it is an official one."""

    association_id: UUID | None = ref(4, N_("Association"), "association")
    branch_id: UUID | None = ref(5, N_("Branch"), "branch")
    area_id: UUID | None = ref(6, N_("Area"), "area")
    title: str = line(7, N_("Post"), default=...)
    holder: str | None = line(8, N_("Office-holder"), personal=True, up=False, max_length=200)
    field_of_work: str | None = line(9, N_("Field of work"))
    held_from: Day | None = day(10, N_("In office from"))
    held_to: Day | None = day(11, N_("In office until"))
    phone: str | None = line(12, N_("Official phone"), personal=True, up=False, max_length=40)


class Post(PostFields, Record, table=True):
    """A post and who holds it."""

    __tablename__ = "post"
    __info__: ClassVar[TableInfo] = TableInfo(
        12, N_("Post"), up=True, search=Search(("title", "holder"), ("association_id", "branch_id", "area_id"))
    )


class MembershipFields(SQLModel):
    """How many members an association or a branch has on a day: a count, never a list."""

    association_id: UUID | None = ref(4, N_("Association"), "association")
    branch_id: UUID | None = ref(5, N_("Branch"), "branch")
    as_of: Day = day(6, N_("As of"), default=...)
    members: Count = count(7, N_("Members"), default=...)
    joined: Count | None = count(8, N_("Joined in the period"))
    left: Count | None = count(9, N_("Left in the period"))
    source_note: str | None = line(10, N_("Source"))


class Membership(MembershipFields, Record, table=True):
    """A membership figure."""

    __tablename__ = "membership"
    __info__: ClassVar[TableInfo] = TableInfo(13, N_("Membership figure"), up=True)


class PartyStatusFields(SQLModel):
    """The Party organisation of an association: status, rules, counts and dates, never a person."""

    association_id: UUID = ref(4, N_("Association"), "association", default=...)
    status: str = choice(5, N_("Party organisation"), "party_statuses", default=...)
    status_from: Day | None = day(6, N_("Since"))
    status_to: Day | None = day(7, N_("Until"))
    joint_with: str | None = line(8, N_("Joint with"))
    established_on: Day | None = day(9, N_("Established on"))
    rules_issued_on: Day | None = day(10, N_("Working rules issued on"))
    rules_reviewed_on: Day | None = day(11, N_("Working rules reviewed on"))
    party_members: Count | None = count(12, N_("Party members (count)"), group="party_members")
    members_as_of: Day | None = day(13, N_("Count as of"), group="party_members")
    caucus: bool = flag(14, N_("Has a Party caucus"))


class PartyStatus(PartyStatusFields, Record, table=True):
    """The Party organisation status of an association."""

    __tablename__ = "party_status"
    __info__: ClassVar[TableInfo] = TableInfo(14, N_("Party organisation"), up=True)
