"""Opening a round: one assessment for each unit that exists on the cut-off day, each kind with its own sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import select

from hoidesk.assessment.rules import not_rated_reason
from hoidesk.assessment.sheet_texts import sheet_of
from hoidesk.book.operations import Step
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.emulation.criteria import AdoptCriteriaSet, PublishCriteriaSet
from hoidesk.emulation.drafts import UNIT_COLUMNS
from hoidesk.emulation.frames import frame_of
from hoidesk.emulation.units import unit_id, units_on
from hoidesk.errors import UserError
from hoidesk.exchange.decide.aliases import resolved
from hoidesk.language import N_, _
from hoidesk.presets import choices
from hoidesk.text.dates import Day

__all__ = ["CompleteRound", "MoveRoundDays", "OpenRound"]

_WINDOWS: Final[Mapping[str, tuple[tuple[int, int], tuple[int, int]]]] = {
    "6T": ((1, 1), (6, 30)),
    "NAM": ((1, 1), (12, 31)),
}
"""First and last day (month, day) of the evidence of a round, unless the office says otherwise."""


class OpenRound(Step):
    """Open a round of assessment and make the sheet of every unit that exists on the cut-off day.

    ``code`` is 6T or NAM. ``sheets`` names the published criteria set of each kind of unit (area, branch,
    association); a kind that is left out is not assessed. ``adopt`` names kinds of unit for which the shipped sample
    sheet is taken over and published in the same act. Days default to the half-year or the year.
    """

    op: ClassVar[str] = "round.open"
    label: ClassVar[str] = N_("Open a round of assessment")
    needs: ClassVar[Role] = Role.OFFICER

    year: int
    code: str = "6T"
    sheets: dict[str, UUID] = {}
    adopt: list[str] = []
    name: str | None = None
    evidence_from: Day | None = None
    evidence_to: Day | None = None
    cut_off: Day | None = None
    self_due_on: Day | None = None
    ward_due_on: Day | None = None

    def apply(self, work: Work) -> UUID:
        values = self._values()
        t = work.table("round").table
        twice = select(t.c.id).where(t.c.year == self.year, t.c.code == self.code, t.c.voided.is_(None))
        if work.connection.execute(twice).first() is not None:
            raise UserError("round.twice", _("This round is already open. Choose it from the list."), field="code")
        for kind, criteria_set in self.sheets.items():
            self._check_sheet(work, kind, criteria_set)
        sheets = self.sheets | {kind: self._adopted(work, kind) for kind in self.adopt if kind not in self.sheets}
        if not sheets:
            raise UserError("round.no_sheet", _("Choose a sheet for at least one kind of unit."), field="sheets")
        id_ = work.insert("round", values)
        work.insert_many(
            "round_sheet",
            [{"round_id": id_, "unit_kind": k, "criteria_set_id": s} for k, s in sheets.items()],
        )
        add_missing(work, id_, values["cut_off"], sheets)
        return id_

    def _adopted(self, work: Work, kind: str) -> UUID:
        _known_kind(kind)
        id_: UUID = AdoptCriteriaSet(unit_kind=kind, year=self.year).apply(work)
        PublishCriteriaSet(id=id_).apply(work)
        return id_

    def _values(self) -> dict[str, Any]:
        window = _WINDOWS.get(self.code)
        if window is None or not 2000 <= self.year <= 2200:
            raise UserError("round.code", _("Choose a round of the list and a year from 2000 on."), field="code")
        first = self.evidence_from or date(self.year, *window[0])
        last = self.evidence_to or date(self.year, *window[1])
        cut_off = self.cut_off or last
        if not first <= last:
            raise UserError("dates.order", _("The last day lies before the first day."), field="evidence_to")
        if not first <= cut_off:
            raise UserError("dates.order", _("The cut-off day lies before the first day."), field="cut_off")
        name = (self.name or "").strip() or f"{choices('round_codes')[self.code]} {self.year}"
        return {
            "year": self.year,
            "code": self.code,
            "name": name,
            "evidence_from": first,
            "evidence_to": last,
            "cut_off": cut_off,
            "self_due_on": self.self_due_on,
            "ward_due_on": self.ward_due_on,
        }

    def _check_sheet(self, work: Work, kind: str, criteria_set: UUID) -> None:
        _known_kind(kind)
        row = work.get("criteria_set", criteria_set)
        if row["unit_kind"] != kind:
            raise UserError("criteria.kind", _("This sheet is for another kind of unit."), field="sheets")
        if row["state"] != "published":
            raise UserError(
                "criteria.not_published",
                _("“{title}” is not published. Publish it, or choose another criteria set.").format(title=row["title"]),
                field="sheets",
            )

    def title(self, work: Work, result: Any) -> str:
        return work.title("round", result)


def _known_kind(kind: str) -> None:
    """UserError unless this is a kind of unit that is assessed."""
    if kind not in UNIT_COLUMNS:
        raise UserError("round.kind", _("Sheets are for areas, branches and associations."), field="sheets")


def add_missing(work: Work, round_id: UUID, cut_off: date, sheets: Mapping[str, UUID]) -> int:
    """Make the assessments that a round lacks for units in existence on its cut-off day; returns how many."""
    a, sets = work.table("assessment").table, work.table("criteria_set").table
    contents = {
        row.id: row.content
        for row in work.connection.execute(select(sets.c.id, sets.c.content).where(sets.c.id.in_(sheets.values())))
    }
    present = {unit_id(row) for row in work.connection.execute(select(a).where(a.c.round_id == round_id))}
    with resolved(work.connection):  # what was merged is assessed once
        units = [one for one in units_on(work.connection, cut_off, list(sheets)) if one.id not in present]
    rows = []
    for one in units:
        reason = not_rated_reason(
            sheet_of(contents[sheets[one.kind]]),
            cut_off,
            founded_on=one.founded_on,
            suspended_from=one.suspended_from,
            suspended_to=one.suspended_to,
        )
        columns = {column: one.id if kind == one.kind else None for kind, column in UNIT_COLUMNS.items()}
        rows.append(
            {
                "round_id": round_id,
                "unit_kind": one.kind,
                "criteria_set_id": sheets[one.kind],
                "state": "open",
                "not_rated_reason": reason,
            }
            | columns
        )
    work.insert_many("assessment", rows)
    return len(rows)


class CompleteRound(Step):
    """Make the sheets of units that have none in a round: recorded after it was opened, or in a round from above.

    ``sheets`` names this office's own criteria set for a kind of unit, built on the one of the round; a kind that is
    left out is scored as its other units are, else by the office's own set on that frame, else by the round's.
    """

    op: ClassVar[str] = "round.complete"
    label: ClassVar[str] = N_("Add missing units to a round")
    needs: ClassVar[Role] = Role.OFFICER

    id: UUID
    sheets: dict[str, UUID] = {}

    def apply(self, work: Work) -> UUID:
        row = work.get("round", self.id)
        t = work.table("round_sheet").table
        sheets = {
            one.unit_kind: self._sheet(work, one.unit_kind, one.criteria_set_id)
            for one in work.connection.execute(select(t).where(t.c.round_id == self.id, t.c.voided.is_(None)))
        }
        add_missing(work, self.id, row["cut_off"], sheets)
        return self.id

    def _sheet(self, work: Work, kind: str, of_round: UUID) -> UUID:
        """The criteria set by which the missing units of a kind are scored."""
        t, a = work.table("criteria_set").table, work.table("assessment").table
        mine = select(t.c.id, t.c.content).where(
            t.c.unit == work.unit.code, t.c.unit_kind == kind, t.c.state == "published", t.c.voided.is_(None)
        )
        rows = work.connection.execute(mine.order_by(t.c.version.desc(), t.c.id.desc()))
        own = [row.id for row in rows if (frame := frame_of(row.content)) is not None and frame.id == str(of_round)]
        if kind in self.sheets:
            if self.sheets[kind] not in (*own, of_round):
                raise UserError(
                    "round.frame", _("Choose the round's sheet, or an own one that is built on it."), field="sheets"
                )
            return self.sheets[kind]
        used = select(a.c.criteria_set_id).where(a.c.round_id == self.id, a.c.unit_kind == kind, a.c.voided.is_(None))
        present: UUID | None = work.connection.execute(used.limit(1)).scalar()
        return present or (own[0] if own else of_round)

    def title(self, work: Work, result: Any) -> str:
        return work.title("round", result)


class MoveRoundDays(Step):
    """Change the deadlines or the name of a round; its window and cut-off day stay as they were opened."""

    op: ClassVar[str] = "round.save"
    label: ClassVar[str] = N_("Change a round of assessment")
    needs: ClassVar[Role] = Role.OFFICER

    id: UUID
    name: str | None = None
    self_due_on: Day | None = None
    ward_due_on: Day | None = None

    def apply(self, work: Work) -> UUID:
        work.get("round", self.id)
        given = {name: getattr(self, name) for name in ("name", "self_due_on", "ward_due_on")}
        values = {name: value for name, value in given.items() if name in self.model_fields_set}
        if "name" in values and not (values["name"] or "").strip():
            raise UserError("round.no_name", _("Type the name of the round."), field="name")
        if values:
            work.update("round", self.id, values)
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title("round", result)
