"""What an import would do: every row compared with the book, nothing written yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, text

from hoidesk.book.work import UnitIdentity
from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.spreadsheets.operations import ImportSpreadsheet
from hoidesk.spreadsheets.records import Finding, Reading, Record
from hoidesk.text.dates import show_day

__all__ = ["FieldChange", "ImportPlan", "PlannedRow", "State", "imported_on", "plan_import", "refuse_again", "shown"]

State = Literal["new", "changed", "same", "bad"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that the import would change, in words for people."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the file and what becomes of it. ``steps`` are the operations that enter it."""

    record: Record
    state: State
    title: str
    changes: tuple[FieldChange, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The reading of a file against a book."""

    reading: Reading
    rows: tuple[PlannedRow, ...]
    findings: tuple[Finding, ...]
    imported_on: date | None
    """The day on which this very file was imported, if that was not undone."""

    def counts(self) -> dict[State, int]:
        """Rows by what becomes of them; bad are the rows of the file that stay out."""
        found = Counter(row.state for row in self.rows if row.state != "bad")
        bad = {(finding.sheet, finding.row) for finding in self.findings if finding.kind == "bad"}
        return {"new": found["new"], "changed": found["changed"], "same": found["same"], "bad": len(bad)}

    def operation(self) -> ImportSpreadsheet:
        """The one operation that enters the good rows."""
        steps = [dict(step) for row in self.rows for step in row.steps]
        good = sum(1 for row in self.rows if row.state in ("new", "changed"))
        refused = [finding.text for finding in self.findings if finding.kind == "bad"]
        return ImportSpreadsheet(
            file=self.reading.file, sha256=self.reading.sha256, steps=steps, rows=good, refused=refused
        )


def shown(value: object) -> str:
    """A value as a preview shows it."""
    if isinstance(value, date):
        return show_day(value)
    return "" if value is None else str(value)


def imported_on(connection: Connection, sha256: str) -> date | None:
    """The day on which a file with this SHA-256 was imported; None when never, or when that was undone."""
    found = connection.execute(
        text(
            "SELECT b.at FROM batch b JOIN op o ON o.id = b.op LEFT JOIN op u ON u.id = o.reversed_by "
            "WHERE b.sha256 = :s AND (o.reversed_by IS NULL OR u.reversed_by IS NOT NULL) ORDER BY b.at DESC LIMIT 1"
        ),
        {"s": sha256},
    ).scalar()
    return date.fromisoformat(found) if found else None


def refuse_again(plan: ImportPlan) -> None:
    """UserError when the same file is in the book already: entering it once more is rarely meant."""
    if plan.imported_on is not None:
        raise UserError(
            "import.again",
            _("{name} was imported on {day}. Undo that import, or import it again on purpose.").format(
                name=plan.reading.file, day=show_day(plan.imported_on)
            ),
        )


def plan_import(
    connection: Connection, unit: UnitIdentity, reading: Reading, *, create_missing: bool | None = None
) -> ImportPlan:
    """Compare every good row with the book.

    ``create_missing``: make quarters and branches that a ledger names and the book lacks. None: only where the book
    has no quarter, or no branch, at all, so that the first ledger of an office fills it; else such rows are named.
    """
    from hoidesk.spreadsheets.plan_associations import AssociationPlanner
    from hoidesk.spreadsheets.plan_meetings import MeetingPlanner
    from hoidesk.spreadsheets.records import AssociationRecord, MeetingRecord

    associations = AssociationPlanner(connection)
    meetings = MeetingPlanner(connection, unit, create_missing)
    rows: list[PlannedRow] = []
    findings: list[Finding] = list(reading.findings)
    for table in reading.tables:
        for number, record in enumerate(table.records):
            key = f"{len(rows)}.{number}"
            if isinstance(record, AssociationRecord):
                row, found = associations.plan(record, key, table.titles)
            else:
                assert isinstance(record, MeetingRecord)
                row, found = meetings.plan(record, key)
            rows.append(row)
            findings.extend(found)
    return ImportPlan(reading, tuple(rows), tuple(findings), imported_on(connection, reading.sha256))


def changed_fields(
    labels: Mapping[str, str], before: Mapping[str, Any], wanted: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldChange]]:
    """The wanted fields that differ from the record, and the same in words; a blank in the sheet changes nothing."""
    fields = {name: value for name, value in wanted.items() if value is not None and before.get(name) != value}
    return fields, [
        FieldChange(labels.get(name, name), shown(before.get(name)), shown(v)) for name, v in fields.items()
    ]


def state_of(new: bool, changes: Sequence[FieldChange]) -> State:
    """New, changed or same."""
    return "new" if new else "changed" if changes else "same"
