"""A meeting ledger against the book: quarter and branch are found by name and kind, the meeting by branch and day."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import Connection, select

from hoidesk.associations.tables import Association, Branch
from hoidesk.book.registry import registry
from hoidesk.book.work import UnitIdentity
from hoidesk.language import _
from hoidesk.meetings.tables import Meeting, Petition
from hoidesk.presets import entries
from hoidesk.spreadsheets.bodies import OF_AREA, area_name
from hoidesk.spreadsheets.plan_associations import name_key
from hoidesk.spreadsheets.planned import PlannedRow, changed_fields, state_of
from hoidesk.spreadsheets.records import Finding, MeetingRecord
from hoidesk.spreadsheets.words import plain
from hoidesk.text.dates import show_day
from hoidesk.units.tables import Area

__all__ = ["MeetingPlanner"]

Step = dict[str, Any]

_STARTS: Final = {"youth": "doan", "trade_union": "cong doan"}
"""How the organisation of a kind of branch is called where it is not "hội" and the subject of the branch."""


class _Missing(Exception):
    """A quarter or a branch is not in the book; the text says which and what to do."""


class MeetingPlanner:
    """Plans the rows of meeting ledgers against one steady view of the book."""

    def __init__(self, connection: Connection, unit: UnitIdentity, create_missing: bool | None) -> None:
        self._connection = connection
        self._unit = unit
        self._areas = self._read(Area)
        self._branches = self._read(Branch)
        self._create_areas = create_missing if create_missing is not None else not self._areas
        self._create_branches = create_missing if create_missing is not None else not self._branches
        self._new_areas: dict[str, Step] = {}
        self._new_branches: dict[tuple[str, str], Step] = {}
        self._entered: set[tuple[str, object]] = set()
        self._labels = {column.name: _(column.info.label) for column in registry()["meeting"].columns}
        self._associations = self._association_of_kind()

    def _read(self, table: Any) -> list[dict[str, Any]]:
        t = table.__table__
        rows = self._connection.execute(select(t).where(t.c.voided.is_(None)).order_by(t.c.id)).mappings()
        return [dict(row) for row in rows]

    def _association_of_kind(self) -> dict[str, str]:
        """The association whose branches a kind of branch is, as far as the book has it."""
        t = Association.__table__  # type: ignore[attr-defined]
        rows = self._connection.execute(select(t.c.id, t.c.name).where(t.c.voided.is_(None), t.c.ended_on.is_(None)))
        by_name = {name_key(row.name): str(row.id) for row in rows}
        found: dict[str, str] = {}
        for one in entries("branch_kinds"):
            kind, subject = str(one["id"]), re.sub(r"^(chi hoi|chi doan) ", "", plain(str(one["vi"])))
            starts = _STARTS.get(kind, f"hoi {subject}")
            match = next((id_ for name, id_ in sorted(by_name.items()) if f"{name} ".startswith(f"{starts} ")), None)
            if match is not None and kind not in ("other", "front_working_committee"):
                found[kind] = match
        return found

    def plan(self, record: MeetingRecord, key: str) -> tuple[PlannedRow, list[Finding]]:
        """What becomes of one row; ``key`` names its new meeting among the steps."""
        title = f"{record.branch}, {record.area}, {show_day(record.date)}"
        try:
            area, area_steps = self._area(record)
            column, body, branch_steps = self._body(record, area)
        except _Missing as missing:
            text = _("Sheet “{sheet}”, row {row}: {why}").format(sheet=record.sheet, row=record.row, why=missing)
            return PlannedRow(record, "bad", title), [Finding("bad", record.sheet, record.row, None, text)]
        steps = [*area_steps, *branch_steps]
        known = self._meeting(column, body, record)
        if known is None:
            steps.append(self._record_step(record, column, body, key))
            return PlannedRow(record, "new", title, (), tuple(steps)), []
        wanted: Step = {"invited": record.invited, "present": record.present, "excused": record.excused}
        wanted |= {"place": record.place, "starts": record.starts}
        differing, changes = changed_fields(self._labels, known, wanted)
        if differing:
            steps.append({"op": "meeting.save", "id": str(known["id"]), **differing})
        steps += self._new_petitions(record, known)
        return PlannedRow(record, state_of(False, changes), title, tuple(changes), tuple(steps)), []

    def _area(self, record: MeetingRecord) -> tuple[str, list[Step]]:
        wanted = record.area or ""
        bare, _open, old = wanted.partition(" (")
        found = [area for area in self._areas if plain(area_name(area["name"]) or area["name"]) == plain(bare)]
        if old and len(found) > 1:
            found = [area for area in found if plain(old.rstrip(")")) in plain(area["old_unit_name"] or "")]
        if len(found) > 1:
            raise _Missing(_("the book has several “{area}”; add the former ward in brackets.").format(area=wanted))
        if found:
            return str(found[0]["id"]), []
        if not self._create_areas:
            raise _Missing(_("“{area}” is not in the book. Enter the quarter first.").format(area=wanted))
        label = f"area {plain(wanted)}"
        if label in self._new_areas:
            return f"@{label}", []
        step: Step = {"op": "area.save", "as": label, "code": self._free_code(bare), "name": bare}
        if old:
            step["old_unit_name"] = old.rstrip(")")
        self._new_areas[label] = step
        return f"@{label}", [step]

    def _free_code(self, name: str) -> str:
        """A code for a new quarter: its number, with a letter where a quarter of another kind has that number."""
        used = {str(area["code"]) for area in (*self._areas, *self._new_areas.values())}
        if self._unit.tier == "cell":
            if self._unit.code in used:
                raise _Missing(_("“{area}” is not the quarter of this book.").format(area=name))
            return self._unit.code
        number = re.search(r"\d+", name)
        base = f"{self._unit.code}-{int(number.group()) if number else len(used) + 1:02}"
        return next(code for code in (base, *(f"{base}{letter}" for letter in "ABCDEFGH")) if code not in used)

    def _body(self, record: MeetingRecord, area: str) -> tuple[str, str, list[Step]]:
        """Whose meeting it was: the column that names the body, its id, and the steps that make it."""
        if record.branch_kind == OF_AREA:
            return "area_id", area, []
        branch, steps = self._branch(record, area)
        return "branch_id", branch, steps

    def _branch(self, record: MeetingRecord, area: str) -> tuple[str, list[Step]]:
        here = [b for b in self._branches if str(b["area_id"]) == area and _alive(b, record)]
        same_name = [b for b in here if plain(b["name"]) == plain(record.branch)]
        found = same_name or [
            b for b in here if record.branch_kind not in (None, "other") and b["kind"] == record.branch_kind
        ]
        if len(found) > 1:
            raise _Missing(
                _("{area} has several branches that “{branch}” can mean; write the full name.").format(
                    area=record.area, branch=record.branch
                )
            )
        if found:
            return str(found[0]["id"]), []
        if not self._create_branches and not area.startswith("@"):
            raise _Missing(
                _("{area} has no “{branch}” in the book. Enter the branch first.").format(
                    area=record.area, branch=record.branch
                )
            )
        place = (area, plain(record.branch))
        steps: list[Step] = []
        label = f"branch {len(self._new_branches)}"
        if place not in self._new_branches:
            kind = record.branch_kind or "other"
            step: Step = {"op": "branch.save", "as": label, "area_id": area, "kind": kind, "name": record.branch}
            if kind in self._associations:
                step["association_id"] = self._associations[kind]
            self._new_branches[place] = step
            steps.append(step)
        return f"@{self._new_branches[place]['as']}", steps

    def _meeting(self, column: str, body: str, record: MeetingRecord) -> dict[str, Any] | None:
        """The meeting of that body on that day in the book; each is matched by one row only."""
        if body.startswith("@"):
            return None
        t = Meeting.__table__  # type: ignore[attr-defined]
        query = select(t).where(t.c[column] == body, t.c.held_on == record.date, t.c.voided.is_(None))
        for row in self._connection.execute(query.order_by(t.c.id)).mappings():
            if (str(row["id"]), "met") not in self._entered:
                self._entered.add((str(row["id"]), "met"))
                return dict(row)
        return None

    def _record_step(self, record: MeetingRecord, column: str, body: str, key: str) -> Step:
        meeting: Step = {
            column: body,
            "kind": "people_conference" if "nhan dan" in plain(record.branch) else "regular",
            "held_on": record.date.isoformat(),
            "invited": record.invited,
            "present": record.present,
            "excused": record.excused,
            "starts": record.starts,
            "place": record.place,
            "chair_name": record.chair,
            "secretary_name": record.secretary,
            "no_petition": record.no_petition,
            "source_channel": "paper",
            "entered_on_behalf": self._unit.tier != "cell",
            "remark": "\n".join(record.remarks) or None,
        }
        items: list[Step] = [{"outcome": "note", "text": text} for text in record.agenda]
        items += [{"outcome": "decision", "agenda_kind": "conclusion", "text": text} for text in record.decisions]
        petitions = [{"text": text} for text in record.petitions]
        clean = {name: value for name, value in meeting.items() if value is not None}
        return {
            "op": "meeting.record",
            "as": f"meeting {key}",
            "meeting": clean,
            "items": items,
            "petitions": petitions,
        }

    def _new_petitions(self, record: MeetingRecord, known: dict[str, Any]) -> list[Step]:
        """Petitions of the row that the meeting in the book does not have yet."""
        t = Petition.__table__  # type: ignore[attr-defined]
        query = select(t.c.text).where(t.c.meeting_id == known["id"], t.c.voided.is_(None))
        there = {plain(text) for text in self._connection.execute(query).scalars()}
        return [
            {"op": "petition.save", "meeting_id": str(known["id"]), "raised_on": record.date.isoformat(), "text": text}
            for text in record.petitions
            if plain(text) not in there
        ]


def _alive(branch: dict[str, Any], record: MeetingRecord) -> bool:
    founded, ended = branch["founded_on"], branch["ended_on"]
    return (founded is None or founded <= record.date) and (ended is None or record.date <= ended)
