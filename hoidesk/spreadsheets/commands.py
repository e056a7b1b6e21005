"""``hoidesk import``: an office spreadsheet into the book."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoidesk.cli_book import add_book, add_json, day_argument, opened, print_json
from hoidesk.language import N_, _

if TYPE_CHECKING:
    from hoidesk.spreadsheets.plan import ImportPlan
    from hoidesk.spreadsheets.planned import PlannedRow

__all__ = ["add_commands"]

_STATES = {"new": N_("new"), "changed": N_("changed"), "same": N_("same"), "bad": N_("stays out")}


def add_commands(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("import", help=_("enter an office spreadsheet"))
    add_book(parser)
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("spreadsheet (.xlsx or .xls)"))
    parser.add_argument("--dry-run", action="store_true", help=_("only show what would be entered"))
    parser.add_argument("--phones", action="store_true", help=_("the phone numbers in the file are official ones"))
    parser.add_argument("--again", action="store_true", help=_("enter a file that was imported before"))
    parser.add_argument(
        "--create-missing", action="store_true", help=_("make quarters and branches that the book lacks")
    )
    add_json(parser)
    parser.set_defaults(handler=_import)


def _import(args: argparse.Namespace) -> int:
    from hoidesk.spreadsheets.check import read_spreadsheet
    from hoidesk.spreadsheets.plan import plan_import, refuse_again
    from hoidesk.text.dates import today

    day = day_argument(args.today) or today()
    with opened(args, writer=not args.dry_run) as book:
        reading = read_spreadsheet(args.file, today=day, phones=args.phones)
        with book.read() as connection:
            plan = plan_import(connection, book.unit, reading, create_missing=True if args.create_missing else None)
        if not args.dry_run:
            if not args.again:
                refuse_again(plan)
            book.run(plan.operation(), source="import")
    counts = plan.counts()
    refused = counts["bad"] > 0 and not (counts["new"] or counts["changed"] or counts["same"])
    if args.json:
        print_json(_flat(plan))
    else:
        _tell(plan, dry_run=args.dry_run)
    if refused:
        print(
            _("No row of {name} could be read. Correct the rows that are named.").format(name=plan.reading.file),
            file=sys.stderr,
        )
    return 3 if refused else 0


def _flat(plan: ImportPlan) -> list[dict[str, Any]]:
    """Every row of the file as one flat object: its place, what becomes of it, and what was read."""
    rows = [_flat_row(row) for row in plan.rows if row.state != "bad"]
    for finding in plan.findings:
        if finding.kind == "bad":
            place = {"sheet": finding.sheet, "row": finding.row, "column": finding.column}
            rows.append({"kind": "problem", "state": "bad", **place, "why": finding.text})
    return sorted(rows, key=lambda row: (str(row["sheet"]), row["row"] or 0))


def _flat_row(row: PlannedRow) -> dict[str, Any]:
    from dataclasses import fields

    from hoidesk.spreadsheets.records import MeetingRecord

    record = row.record
    meeting = isinstance(record, MeetingRecord)
    flat: dict[str, Any] = {"kind": "meeting" if meeting else "association", "state": row.state}
    for field in fields(record):
        value = getattr(record, field.name)
        flat[field.name] = "; ".join(value) if isinstance(value, tuple) else value
    if isinstance(record, MeetingRecord):
        flat["petition"] = record.petition
        del flat["petitions"]
    flat["changes"] = "; ".join(f"{change.label}: {change.old} → {change.new}" for change in row.changes)
    return flat


def _tell(plan: ImportPlan, *, dry_run: bool) -> None:
    for row in plan.rows:
        if row.state == "bad":
            continue
        print(f"{_(_STATES[row.state])}\t{row.record.sheet}\t{row.record.row}\t{row.title}")
        if row.state == "changed":
            for change in row.changes:
                print(f"\t{change.label}: {change.old or '–'} → {change.new}")
    for finding in plan.findings:
        print(finding.text)
    counts = plan.counts()
    if not (counts["new"] or counts["changed"]):
        text = _("Nothing had to be entered: {same} rows are the same, {bad} stay out.")
        print(text.format(**counts))
        return
    text = (
        _("Would enter {new} new rows and change {changed}; {same} are the same, {bad} stay out. Nothing was written.")
        if dry_run
        else _(
            "Entered {new} new rows, changed {changed}; {same} are the same, {bad} stay out. One undo takes all back."
        )
    )
    print(text.format(**counts))
