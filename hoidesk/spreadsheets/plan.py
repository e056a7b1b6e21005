"""What an import would do: every row compared with the book, nothing written yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from hoidesk.book.work import UnitIdentity
from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.spreadsheets.operations import ImportSpreadsheet
from hoidesk.spreadsheets.plan_associations import AssociationPlanner
from hoidesk.spreadsheets.plan_meetings import MeetingPlanner
from hoidesk.spreadsheets.planned import PlannedRow, State
from hoidesk.spreadsheets.records import AssociationRecord, Finding, MeetingRecord, Reading
from hoidesk.text.dates import show_day

__all__ = ["ImportPlan", "imported_on", "plan_import", "refuse_again"]


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
