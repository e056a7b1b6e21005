"""One row of a table while it is being read: cells by field, findings with their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from hoidesk.language import _
from hoidesk.spreadsheets.columns import Column
from hoidesk.spreadsheets.detect import Row, Table
from hoidesk.spreadsheets.read import Cell
from hoidesk.spreadsheets.records import Finding
from hoidesk.spreadsheets.values import Unreadable, count_of, day_of, text_of, without_phones, yes_no

__all__ = ["Carried", "RowReader"]

T = TypeVar("T")


@dataclass(slots=True)
class Carried:
    """What a column last said in words of its own, for the rows below that only point at it."""

    text: str
    row: int
    groups: tuple[str, ...]


class RowReader:
    """Reads the fields of one row and collects what is wrong with it.

    ``carried`` is shared by the rows of a table, which are read from the top down. ``failed`` is set by the first cell
    that cannot be read: the row then stays out, and every further cell of it that cannot be read is named as well.
    """

    def __init__(
        self,
        sheet: str,
        table: Table,
        row: Row,
        *,
        today: date,
        phones: bool,
        as_of: date | None,
        carried: dict[int, Carried],
    ) -> None:
        self.sheet = sheet
        self.carried = carried
        self.table = table
        self.row = row
        self.today = today
        self.phones = phones
        self.as_of = as_of
        self.findings: list[Finding] = []
        self.failed = False
        self.remarks: list[str] = []

    def columns(self, field: str) -> list[Column]:
        """The columns of a field."""
        return [column for column in self.table.header.columns if column.field == field]

    def cell(self, field: str) -> Cell:
        """The cell of a field; None without such a column."""
        columns = self.columns(field)
        return self.row.cells[columns[0].index] if columns else None

    def bad(self, why: str, field: str | None = None) -> None:
        """The row stays out, and why."""
        self.failed = True
        self._say("bad", why, field)

    def look(self, why: str, field: str | None = None) -> None:
        """The row goes in, and somebody should look."""
        self._say("look", why, field)

    def _say(self, kind: str, why: str, field: str | None) -> None:
        columns = self.columns(field) if field else []
        column = columns[0] if columns else None
        place = {"sheet": self.sheet, "row": self.row.number, "why": why}
        if column is None:
            text = _("Sheet “{sheet}”, row {row}: {why}").format(**place)
        else:
            name = f"{column.letters} ({column.header})"
            text = _("Sheet “{sheet}”, row {row}, column {column}: {why}").format(**place, column=name)
        level = "bad" if kind == "bad" else "look"
        self.findings.append(
            Finding(
                "bad" if level == "bad" else "look",
                self.sheet,
                self.row.number,
                column.letters if column else None,
                text,
            )
        )

    def value(self, field: str, read: Callable[[Cell], T]) -> T | None:
        """The value of a field by ``read``; an unreadable cell fails the row."""
        try:
            return read(self.cell(field))
        except Unreadable as problem:
            self.bad(str(problem), field)
            return None

    def text(self, field: str) -> str | None:
        """The field as one line of text."""
        text = text_of(self.cell(field))
        return text and self.without_phones(text)

    def without_phones(self, text: str) -> str | None:
        """``text`` without phone numbers, unless the officer said that they are official ones."""
        return text if self.phones else without_phones(text)[0] or None

    def day(self, field: str) -> date | None:
        """The field as a day; a cell that names only a year or a month goes into the remark."""
        found = self.value(field, lambda cell: day_of(cell, year=self.table.year, today=self.today))
        day, doubt = found if found else (None, None)
        if doubt:
            self.look(doubt, field)
            if day is None:
                column = self.columns(field)[0]
                self.remarks.append(f"{column.header}: {self.text(field)}")
        return day

    def count(self, field: str) -> int | None:
        """The field as a count."""
        found = self.value(field, count_of)
        number, doubt = found if found else (None, None)
        if doubt:
            self.look(doubt, field)
        return number

    def ticked(self, field: str) -> str | None:
        """Which of the columns of a spread field has its ``x``; two of them fail the row."""
        chosen: list[str] = []
        for column in self.columns(field):
            try:
                if column.choice is not None and yes_no(self.row.cells[column.index]):
                    chosen.append(column.choice)
            except Unreadable as problem:
                self.bad(str(problem), field)
        if len(chosen) > 1:
            self.bad(_("more than one column is ticked. Leave one."), field)
        return chosen[0] if chosen else None

    def is_spread(self, field: str) -> bool:
        """Whether the field stands in several columns with an ``x``."""
        return any(column.choice is not None for column in self.columns(field))

    def remark(self) -> tuple[str, ...]:
        """The remark cells and what was put beside them; phone numbers only when they are wanted."""
        found = list(self.remarks)
        for column in self.columns("remark"):
            if text := text_of(self.row.cells[column.index]):
                kept = self.without_phones(text)
                found.extend([kept] if kept else [])
        return tuple(found)
