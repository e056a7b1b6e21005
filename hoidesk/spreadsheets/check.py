"""From a file to records and findings: the one call that window, command line and demo use to read a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.spreadsheets.columns import Column, Header
from hoidesk.spreadsheets.detect import Table, find_tables
from hoidesk.spreadsheets.read import Sheet, Workbook, read_workbook
from hoidesk.spreadsheets.records import AssociationRecord, Finding, MeetingRecord, Reading, Record, SheetReading
from hoidesk.spreadsheets.row import Carried, RowReader
from hoidesk.spreadsheets.rows_associations import read_association
from hoidesk.spreadsheets.rows_meetings import read_meeting
from hoidesk.text.fold import fold
from hoidesk.text.legacy import Encoding

__all__ = ["KINDS", "read_spreadsheet", "read_tables"]

KINDS = {"associations": read_association, "meetings": read_meeting}
"""The kinds of list that are taken over, each with the reader of its rows."""


def read_spreadsheet(path: Path, *, today: date, phones: bool = False) -> Reading:
    """Read every table of an office spreadsheet.

    ``today`` is the day of the import: a meeting after it is refused, a list without a day of its own takes it.
    ``phones``: the officer says that the phone numbers are official ones; without that they are not even read.

    Raises UserError or EnvError for a file that is no readable workbook, or in which no known list was found.
    """
    return read_tables(read_workbook(path), today=today, phones=phones)


def read_tables(workbook: Workbook, *, today: date, phones: bool = False) -> Reading:
    """Read every table of a workbook that was opened; see :func:`read_spreadsheet`."""
    tables: list[SheetReading] = []
    findings: list[Finding] = []
    for sheet in workbook.sheets:
        if sheet.encoding is not Encoding.UNICODE:
            text = _(
                "Sheet “{sheet}” was written for an old font ({encoding}); its text was converted. Look it through."
            )
            text = text.format(sheet=sheet.name, encoding=sheet.encoding.upper())
            findings.append(Finding("note", sheet.name, None, None, text))
        found = find_tables(sheet, today)
        for table in found:
            _read_table(sheet, table, today, phones, tables, findings)
        if not found and sheet.rows:
            text = _("Sheet “{sheet}”: no known list in it; it was left out.").format(sheet=sheet.name)
            findings.append(Finding("note", sheet.name, None, None, text))
    if not tables:
        raise _nothing_known(workbook, findings)
    return Reading(workbook.name, workbook.sha256, tuple(tables), tuple(findings))


def _nothing_known(workbook: Workbook, findings: list[Finding]) -> UserError:
    branches = next((finding for finding in findings if finding.column == "branches"), None)
    if branches is not None:
        return UserError("sheet.kind", branches.text)
    return UserError(
        "sheet.no_list",
        _(
            "{name} holds no list of associations and no meeting ledger. Check that the header row names its columns."
        ).format(name=workbook.name),
    )


def _read_table(
    sheet: Sheet,
    table: Table,
    today: date,
    phones: bool,
    tables: list[SheetReading],
    findings: list[Finding],
) -> None:
    """Read one table; its records and findings are added to the lists."""
    kind = table.header.kind
    if kind not in KINDS:
        text = _("Sheet “{sheet}”: lists of branches are not taken over from spreadsheets.").format(sheet=sheet.name)
        findings.append(Finding("note", sheet.name, None, kind, text))
        return
    findings.extend(_columns_left_out(sheet, table.header, phones))
    as_of = table.as_of
    if kind == "associations" and as_of is None and table.header.has("members"):
        as_of = table.signed_on if table.signed_on and table.signed_on <= today else today
        text = _("Sheet “{sheet}” names no day for its figures; they are entered as on {day:%d/%m/%Y}.")
        findings.append(Finding("note", sheet.name, None, None, text.format(sheet=sheet.name, day=as_of)))
    records: list[Record] = []
    carried: dict[int, Carried] = {}
    for row in table.rows:
        reader = RowReader(sheet.name, table, row, today=today, phones=phones, as_of=as_of, carried=carried)
        record = KINDS[kind](reader)
        findings.extend(reader.findings)
        if record is not None and not reader.failed:
            records.append(record)
    kept = _without_repeats(records, findings)
    tables.append(SheetReading(sheet.name, kind, as_of, tuple(kept), len(table.rows), table.titles))


def _columns_left_out(sheet: Sheet, header: Header, phones: bool) -> list[Finding]:
    """One note that names the filled columns that are not taken over."""
    left = [column for column in header.columns if _left_out(sheet, header, column)]
    notes = []
    if left:
        names = ", ".join(f"{column.letters} ({column.header})" for column in left)
        text = _("Sheet “{sheet}”: not taken over: {columns}.").format(sheet=sheet.name, columns=names)
        notes.append(Finding("note", sheet.name, None, None, text))
    if header.has("phone") and not phones:
        text = _("Sheet “{sheet}”: phone numbers stay out unless they are said to be official ones.")
        notes.append(Finding("note", sheet.name, None, None, text.format(sheet=sheet.name)))
    return notes


def _left_out(sheet: Sheet, header: Header, column: Column) -> bool:
    first = header.top + header.height
    return (
        column.field is None
        and bool(column.header)
        and any(row[column.index] is not None for row in sheet.rows[first:])
    )


def _without_repeats(records: list[Record], findings: list[Finding]) -> list[Record]:
    """Each association and each meeting once; a row that repeats another is named."""
    seen: dict[tuple[object, ...], Record] = {}
    kept: list[Record] = []
    for record in records:
        key = _key(record)
        first = seen.get(key)
        if first is None:
            seen[key] = record
            kept.append(record)
        elif isinstance(record, MeetingRecord) and replace(record, row=first.row) != first:
            text = _("Sheet “{sheet}”, row {row}: same branch and day as row {first}, other figures; both go in.")
            text = text.format(sheet=record.sheet, row=record.row, first=first.row)
            findings.append(Finding("look", record.sheet, record.row, None, text))
            kept.append(record)
        else:
            text = _("Sheet “{sheet}”, row {row}: repeats row {first}; it stays out.")
            text = text.format(sheet=record.sheet, row=record.row, first=first.row)
            findings.append(Finding("bad", record.sheet, record.row, None, text))
    return kept


def _key(record: Record) -> tuple[object, ...]:
    if isinstance(record, AssociationRecord):
        return (" ".join(fold(record.name).split()),)
    return record.date, fold(record.branch), fold(record.area or "")
