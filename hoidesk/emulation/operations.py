"""What is written about emulation: criteria sets, registrations, limitations, clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, select

from hoidesk.assessment.sheet_reading import read_sheet
from hoidesk.book.operations import Save, Step
from hoidesk.book.records import Draft, Record
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.emulation.criteria import (
    AdoptCriteriaSet,
    NextCriteriaVersion,
    PublishCriteriaSet,
    SaveCriteriaSet,
    WithdrawCriteriaSet,
)
from hoidesk.emulation.drafts import (
    UNIT_COLUMNS,
    ClusterDraft,
    LimitationDraft,
    RegistrationDraft,
    TargetDraft,
    unit_of_values,
)
from hoidesk.emulation.local_criteria import AddLocalCriterion, BuildOnFrame, RemoveLocalCriterion
from hoidesk.emulation.tables import Cluster, Limitation, Registration, Target
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.text.dates import Day

__all__ = [
    "AddLocalCriterion",
    "AdoptCriteriaSet",
    "BuildOnFrame",
    "NextCriteriaVersion",
    "PublishCriteriaSet",
    "RecordRegistration",
    "RemoveLocalCriterion",
    "SaveCluster",
    "SaveCriteriaSet",
    "SaveLimitation",
    "SaveRegistration",
    "SaveTarget",
    "SetClusterMembers",
    "SubmitRegistration",
    "WithdrawCriteriaSet",
    "WithdrawRegistration",
]


class SaveRegistration(Save):
    """Register a unit for a year of emulation, or change the registration; targets and limitations stand beside it."""

    op: ClassVar[str] = "registration.save"
    label: ClassVar[str] = N_("Save a registration")
    draft: ClassVar[type[Draft]] = RegistrationDraft
    table: ClassVar[type[Record]] = Registration

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """One standing registration a unit and year; its criteria set is published and for this kind of unit."""
        kind, unit = unit_of_values(values)
        if values["criteria_set_id"] is not None and (
            before is None or before["criteria_set_id"] != values["criteria_set_id"]
        ):
            _usable(work, values["criteria_set_id"], kind)
        t = work.table("registration").table
        others = select(t.c.id).where(
            t.c[UNIT_COLUMNS[kind]] == unit,
            t.c.year == values["year"],
            t.c.voided.is_(None),
            t.c.withdrawn_on.is_(None),
        )
        if before is not None:
            others = others.where(t.c.id != before["id"])
        if values["withdrawn_on"] is None and work.connection.execute(others).first() is not None:
            raise UserError(
                "registration.twice",
                _("This unit is already registered for {year}. Change that registration, or withdraw it first.").format(
                    year=values["year"]
                ),
            )


def _usable(work: Work, criteria_set_id: UUID, kind: str) -> None:
    """UserError unless the criteria set is published and for this kind of unit."""
    row = work.get("criteria_set", criteria_set_id)
    if row["unit_kind"] != kind:
        raise UserError("criteria.kind", _("This sheet is for another kind of unit."), field="criteria_set_id")
    if row["state"] != "published":
        raise UserError(
            "criteria.not_published",
            _("“{title}” is not published. Publish it, or choose another criteria set.").format(title=row["title"]),
            field="criteria_set_id",
        )


class SaveTarget(Save):
    """Record a target of a registration, or its result; the result counts once a day of confirmation is given."""

    op: ClassVar[str] = "target.save"
    label: ClassVar[str] = N_("Save a target")
    draft: ClassVar[type[Draft]] = TargetDraft
    table: ClassVar[type[Record]] = Target

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """A criterion must stand in the sheet that the registration is made against."""
        registration = work.get("registration", values["registration_id"])
        if values["item"] is None or registration["criteria_set_id"] is None:
            return
        sheet = read_sheet(work.get("criteria_set", registration["criteria_set_id"])["content"])
        if values["item"] not in {item.id for item in sheet.items()}:
            raise UserError(
                "target.item", _("The sheet has no such criterion. Choose one from the list."), field="item"
            )


class SaveLimitation(Save):
    """Record a known limitation with its remedy and deadline, or change or close it."""

    op: ClassVar[str] = "limitation.save"
    label: ClassVar[str] = N_("Save a known limitation")
    draft: ClassVar[type[Draft]] = LimitationDraft
    table: ClassVar[type[Record]] = Limitation

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        values["opened_on"] = values["opened_on"] or work.today
        if values["registration_id"] is not None:
            registration = work.get("registration", values["registration_id"])
            if unit_of_values(registration) != unit_of_values(values):
                raise UserError(
                    "limitation.unit",
                    _("The limitation and the registration are about two different units."),
                    field="registration_id",
                )


class RecordRegistration(Step):
    """Register a unit at once with its targets and its known limitations.

    ``registration`` has the fields of registration.save; ``targets`` those of target.save and ``limitations`` those of
    limitation.save, without the registration and the unit.
    """

    op: ClassVar[str] = "registration.record"
    label: ClassVar[str] = N_("Register for emulation")
    needs: ClassVar[Role] = Role.SECRETARY

    registration: dict[str, Any]
    targets: list[dict[str, Any]] = []
    limitations: list[dict[str, Any]] = []

    def apply(self, work: Work) -> UUID:
        id_ = SaveRegistration.parse(self.registration).apply(work)
        saved = work.get("registration", id_)
        for position, target in enumerate(self.targets, 1):
            SaveTarget.parse({"position": position} | target | {"registration_id": id_}).apply(work)
        unit = {name: saved[name] for name in ("unit_kind", *UNIT_COLUMNS.values())}
        for limitation in self.limitations:
            SaveLimitation.parse(limitation | unit | {"registration_id": id_}).apply(work)
        return id_

    def title(self, work: Work, result: Any) -> str:
        return work.title("registration", result)


class SubmitRegistration(Step):
    """Send a registration in: the day it was received decides whether it was in time."""

    op: ClassVar[str] = "registration.submit"
    label: ClassVar[str] = N_("Submit a registration")
    needs: ClassVar[Role] = Role.SECRETARY

    id: UUID
    submitted_on: Day | None = None

    def apply(self, work: Work) -> UUID:
        row = work.get("registration", self.id)
        if row["submitted_on"] is not None:
            raise UserError("registration.submitted", _("This registration was already submitted."))
        t = work.table("target").table
        targets = work.connection.execute(
            select(func.count()).where(t.c.registration_id == self.id, t.c.voided.is_(None))
        ).scalar_one()
        if not targets:
            raise UserError("registration.empty", _("The registration has no target yet. Add at least one."))
        day = self.submitted_on or work.today
        if day > work.today:
            raise UserError("registration.ahead", _("This day is still to come."), field="submitted_on")
        work.update("registration", self.id, {"submitted_on": day})
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title("registration", result)


class WithdrawRegistration(Step):
    """Withdraw a registration; the unit may register again."""

    op: ClassVar[str] = "registration.withdraw"
    label: ClassVar[str] = N_("Withdraw a registration")
    needs: ClassVar[Role] = Role.SECRETARY

    id: UUID
    withdrawn_on: Day | None = None

    def apply(self, work: Work) -> UUID:
        row = work.get("registration", self.id)
        if row["withdrawn_on"] is not None:
            raise UserError("registration.withdrawn", _("This registration was already withdrawn."))
        SaveRegistration(id=self.id, withdrawn_on=self.withdrawn_on or work.today).apply(work)
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title("registration", result)


class SaveCluster(Save):
    """Record an emulation cluster of a year, or rename it."""

    op: ClassVar[str] = "cluster.save"
    label: ClassVar[str] = N_("Save a cluster")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = ClusterDraft
    table: ClassVar[type[Record]] = Cluster


class SetClusterMembers(Step):
    """Say which quarters are in a cluster; an unusual size is told in the list, not refused."""

    op: ClassVar[str] = "cluster.members"
    label: ClassVar[str] = N_("Choose the members of a cluster")

    id: UUID
    area_ids: list[UUID]

    def apply(self, work: Work) -> UUID:
        cluster = work.get("cluster", self.id)
        wanted = list(dict.fromkeys(self.area_ids))
        self._in_no_other(work, cluster["year"], wanted)
        t = work.table("cluster_member").table
        rows = work.connection.execute(select(t.c.id, t.c.area_id, t.c.voided).where(t.c.cluster_id == self.id)).all()
        present = {row.area_id: row for row in rows}
        for area, row in present.items():
            if area not in wanted and row.voided is None:
                work.update("cluster_member", row.id, {"voided": "left"})
            elif area in wanted and row.voided is not None:
                work.update("cluster_member", row.id, {"voided": None})
        work.insert_many(
            "cluster_member", [{"cluster_id": self.id, "area_id": area} for area in wanted if area not in present]
        )
        return self.id

    def _in_no_other(self, work: Work, year: int, wanted: list[UUID]) -> None:
        member, cluster, area = (work.table(name).table for name in ("cluster_member", "cluster", "area"))
        found = work.connection.execute(
            select(area.c.name, cluster.c.name.label("cluster"))
            .join_from(member, cluster, cluster.c.id == member.c.cluster_id)
            .join(area, area.c.id == member.c.area_id)
            .where(
                cluster.c.year == year,
                cluster.c.id != self.id,
                member.c.area_id.in_(wanted),
                member.c.voided.is_(None),
                cluster.c.voided.is_(None),
            )
        ).first()
        if found is not None:
            raise UserError(
                "cluster.twice",
                _("{area} is already in {cluster}. Take it out there first.").format(
                    area=found.name, cluster=found.cluster
                ),
                field="area_ids",
            )

    def title(self, work: Work, result: Any) -> str:
        return work.title("cluster", result)
