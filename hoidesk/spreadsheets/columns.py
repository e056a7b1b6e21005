"""What each column of a table holds: header rows become one line a column, and words decide the field."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from hoidesk.spreadsheets import words
from hoidesk.spreadsheets.read import Sheet, column_letters

__all__ = ["Column", "Header", "header_paths", "name_columns"]

_COLUMN_NUMBER: Final = re.compile(r"^\(?\s*(\d{1,2}|[A-Da-d])\s*\)?(\s*=.*)?$")
_MAX_HEADER: Final = 120  # longer text is a sentence, not a header


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``field`` is None for a column that is not taken over; ``choice`` is the answer that an ``x`` in it gives.
    """

    index: int
    header: str
    field: str | None
    choice: str | None = None

    @property
    def letters(self) -> str:
        """The letters over the column in the spreadsheet."""
        return column_letters(self.index)


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: where it stands, what kind of list it announces, what its columns hold."""

    kind: str
    top: int
    height: int
    columns: tuple[Column, ...]

    def fields(self) -> dict[str, Column]:
        """The first column of each field that is not spread over several."""
        found: dict[str, Column] = {}
        for column in self.columns:
            if column.field is not None and column.choice is None:
                found.setdefault(column.field, column)
        return found

    def has(self, field: str) -> bool:
        """Whether any column holds the field."""
        return any(column.field == field for column in self.columns)


def header_paths(sheet: Sheet, top: int, height: int) -> tuple[tuple[str, ...], ...]:
    """The header text over each column from the top down, merged cells counted for every column they cover."""
    bands = [_band(sheet, row, top, height) for row in range(top, top + height)]
    paths: list[tuple[str, ...]] = []
    for column in range(sheet.width):
        parts: list[str] = []
        for band in bands:
            text = band[column]
            if text and text not in parts:
                parts.append(text)
        paths.append(tuple(parts))
    return tuple(paths)


def _band(sheet: Sheet, row: int, top: int, height: int) -> list[str]:
    """One header row with the text of merged cells spread to the right; a number under the header says nothing."""
    own = [_header_text(value) for value in sheet.rows[row]]
    spread = list(own)
    touching = [merge for merge in sheet.merges if merge.top <= row <= merge.bottom and merge.top >= top]
    for merge in touching:
        for column in range(merge.left, merge.right + 1):
            spread[column] = _header_text(sheet.rows[merge.top][merge.left])
    if not any(top <= merge.top < top + height for merge in sheet.merges) and row < top + height - 1:
        below = sheet.rows[row + 1]
        for column in range(1, sheet.width):
            # Without merged cells a blank beside a parent belongs to it when a header stands below the blank.
            if not spread[column] and isinstance(below[column], str) and own[column] == "":
                spread[column] = spread[column - 1]
    return spread


def _header_text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_HEADER or _COLUMN_NUMBER.match(value):
        return ""
    return " ".join(value.split())


def name_columns(kind: str, paths: tuple[tuple[str, ...], ...]) -> tuple[Column, ...]:
    """The columns of a table of ``kind``; a second column for a field that holds one value is not taken over."""
    columns = [_column(kind, index, path) for index, path in enumerate(paths)]
    if any(column.field == "held_on" and "ngay" in words.plain(column.header) for column in columns):
        # Beside a column of days, one of "thời gian" holds the time of day.
        columns = [
            replace(column, field="starts")
            if column.field == "held_on" and "ngay" not in words.plain(column.header)
            else column
            for column in columns
        ]
    counts = Counter(column.field for column in columns)
    named: list[Column] = []
    seen: set[str] = set()
    for column, path in zip(columns, paths, strict=True):
        if column.field in words.CHOICE_FIELDS and counts[column.field] > 1:
            column = replace(column, choice=_choice(column.field, path))
        key = f"{column.field}:{column.choice}"
        if column.field in (None, "remark") or key not in seen:
            named.append(column)
        else:
            named.append(replace(column, field=None, choice=None))
        seen.add(key)
    return tuple(named)


def _column(kind: str, index: int, path: tuple[str, ...]) -> Column:
    header = " / ".join(path)
    line = " | ".join(words.plain(part) for part in path)
    field: str | None = None
    if line and not words.NOT_TAKEN.search(line):
        field = next((name for name, pattern in words.HEADERS[kind] if pattern.search(line)), None)
    if field == "phone" and words.NAMES_A_PERSON.search(words.plain(path[-1])):
        field = "chair" if kind == "meetings" else "head"
    return Column(index, header, None if field == "skip" else field)


def _choice(field: str | None, path: tuple[str, ...]) -> str | None:
    """The answer that a column stands for: the lowest header part, read as an answer."""
    text = words.plain(path[-1])
    if field == "party":
        return next((status for status, pattern in words.PARTY if pattern.search(text)), None)
    if field == "entrusted":
        return "no" if text in words.NO else "yes"
    return path[-1]
