"""Workbooks made for a test: rows of values at A1, merged ranges, and the reading of the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from hoidesk.spreadsheets.check import read_spreadsheet
from hoidesk.spreadsheets.records import AssociationRecord, MeetingRecord, Reading

TODAY = date(2026, 11, 12)
DATA = Path(__file__).parent / "data"

Rows = Sequence[Sequence[Any]]


def write(path: Path, sheets: dict[str, Rows], merges: Sequence[tuple[int, int, int, int]] = ()) -> Path:
    """Write each sheet's rows from A1 on; ``merges`` (top, left, bottom, right, from 0) hold for every sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, (date, datetime)):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(r, c, value)
                    elif value is not None:
                        sheet.write(r, c, value)
            for top, left, bottom, right in merges:
                value = rows[top][left] if left < len(rows[top]) else None
                sheet.merge_range(top, left, bottom, right, value)
    return path


def read(path: Path, *, phones: bool = False) -> Reading:
    """The reading of a file on the fixed day."""
    return read_spreadsheet(path, today=TODAY, phones=phones)


def associations(reading: Reading) -> list[AssociationRecord]:
    """The records, all of them associations."""
    found = [record for record in reading.records if isinstance(record, AssociationRecord)]
    assert len(found) == len(reading.records)
    return found


def meetings(reading: Reading) -> list[MeetingRecord]:
    """The records, all of them meetings."""
    found = [record for record in reading.records if isinstance(record, MeetingRecord)]
    assert len(found) == len(reading.records)
    return found
