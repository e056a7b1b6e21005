"""The tables of a paper as a workbook: one sheet a table, real numbers and days, live totals.

Text is always written as text, so that a name beginning with "=" is never read as a formula. Data cells are never
merged; only header cells are. A total is a formula where the formula gives the printed number; where the office
counts again instead of adding up (a meeting of several organisations), the number itself stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from hoidesk.paper.fonts import BOLD, ITALIC, REGULAR, wrapped_count
from hoidesk.paper.model import Annex, Cell, Column, Paper, Row, Table, body_tables, clean
from hoidesk.paper.words import ANNEX, NOT_AVAILABLE, cell_text

__all__ = ["xlsx_bytes"]

_FONT: Final = "Times New Roman"
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_NUMBER_FORMATS: Final = {
    "count": "#,##0",
    "money": "#,##0",
    "rate": '#,##0.#"%"',
    "date": "dd/mm/yyyy",
    "text": "General",
}
# A character of 11 pt Times New Roman is about 1.85 mm wide in a column's measure.
_MM_PER_CHARACTER: Final = 1.85
_POINTS_PER_CHARACTER: Final = 5.25
_SHEET_FORBIDDEN: Final = "[]:*?/\\"


@dataclass
class _Book:
    """The workbook being written, with its formats kept by their properties."""

    book: Any
    formats: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def look(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": _FONT, "font_size": 11, **properties})
        return self.formats[key]


def _cell_look(book: _Book, column: Column, kind: str, mark: str) -> Any:
    number = _NUMBER_FORMATS[column.format] + (f'"{mark}"' if mark and column.format != "text" else "")
    grounds = {"total": "#EDEDED", "subtotal": "#F6F6F6", "group": "#F6F6F6"}
    extra: dict[str, object] = {"bold": True, "bg_color": grounds[kind]} if kind in grounds else {}
    return book.look(border=1, align=column.align, valign="vcenter", text_wrap=True, num_format=number, **extra)


def _write(sheet: Any, y: int, x: int, cell: Cell, look: Any) -> None:
    value = cell.value
    if value is None:
        sheet.write_blank(y, x, None, look)
    elif isinstance(value, str):
        sheet.write_string(y, x, clean(value + cell.mark), look)
    elif isinstance(value, date):
        sheet.write_datetime(y, x, datetime.combine(value, time()), look)
    else:
        sheet.write_number(y, x, float(value) if isinstance(value, Decimal) else value, look)


def _height(
    texts: Sequence[str], columns: Sequence[Column], spans: Sequence[int] | None = None, *, font: str = REGULAR
) -> float:
    """Height of a row in points: not every program fits rows to wrapped text by itself."""
    lines = 1
    place = 0
    for index, text in enumerate(texts):
        span = spans[index] if spans else 1
        width = sum(_characters(c) for c in columns[place : place + span]) * _POINTS_PER_CHARACTER
        lines = max(lines, wrapped_count(clean(text), font, 11, width - 2))
        place += span
    return 15.0 * lines + 1


def _characters(column: Column) -> float:
    return max(column.width_mm / _MM_PER_CHARACTER, 5)


def _header_heights(sheet: Any, table: Table, top: int) -> None:
    """The lower row is as high as its longest title; a title over both rows may need the upper one to be higher."""
    count = len(table.columns)
    needs = {y: 16.0 for y in range(len(table.header))}
    tall = 0.0
    taken: set[tuple[int, int]] = set()
    for y, line in enumerate(table.header):
        x = 0
        for head in line:
            while (y, x) in taken:
                x += 1
            taken.update((a, b) for a in range(y, y + head.rows) for b in range(x, x + head.columns))
            need = _height([head.text], table.columns[x : x + head.columns], [min(head.columns, count)], font=BOLD)
            if head.rows == 1:
                needs[y] = max(needs[y], need)
            else:
                tall = max(tall, need)
            x += head.columns
    needs[0] += max(0.0, tall - sum(needs.values()))
    for y, height in needs.items():
        sheet.set_row(top + y, height)


def _header(book: _Book, sheet: Any, table: Table, top: int) -> None:
    look = book.look(border=1, bold=True, align="center", valign="vcenter", text_wrap=True, bg_color="#EDEDED")
    _header_heights(sheet, table, top)
    taken: set[tuple[int, int]] = set()
    for y, line in enumerate(table.header, start=top):
        x = 0
        for head in line:
            while (y, x) in taken:
                x += 1
            bottom, right = y + head.rows - 1, x + head.columns - 1
            taken.update((a, b) for a in range(y, bottom + 1) for b in range(x, right + 1))
            if (bottom, right) != (y, x):
                sheet.merge_range(y, x, bottom, right, "", look)
            sheet.write_string(y, x, clean(head.text), look)
            x = right + 1


def _numbers(rows: tuple[Row, ...], x: int) -> list[Decimal]:
    values = (line.cells[x].value for line in rows if line.kind != "group")
    return [Decimal(v) for v in values if isinstance(v, (int, Decimal))]


def _span(table: Table, index: int) -> tuple[int, int] | None:
    """First and last body row that the total or subtotal row ``index`` adds up."""
    if table.rows[index].kind == "total":
        return (0, index - 1) if index else None
    last = index
    while last + 1 < len(table.rows) and table.rows[last + 1].kind in ("body", "group"):
        last += 1
    return (index + 1, last) if last > index else None


def _formula(table: Table, index: int, x: int, first: int) -> tuple[str, float] | None:
    """The live formula of a total cell with its value, or None where adding up gives another number."""
    column, value = table.columns[x], table.rows[index].cells[x].value
    if not isinstance(value, (int, Decimal)):
        return None
    if column.total == "recompute" and column.ratio_of is not None:
        over, under = (xl_rowcol_to_cell(first + index, i) for i in column.ratio_of)
        pair = tuple(table.rows[index].cells[i].value for i in column.ratio_of)
        if not all(isinstance(v, int) for v in pair) or not pair[1]:
            return None
        return f'=IF({under}=0,"{NOT_AVAILABLE}",100*{over}/{under})', float(value)
    span = _span(table, index)
    if column.total != "sum" or span is None:
        return None
    nested = any(line.kind == "subtotal" for line in table.rows) and table.rows[index].kind == "total"
    inside = table.rows[span[0] : span[1] + 1]
    added = tuple(line for line in inside if line.kind == "body")
    if sum(_numbers(added, x)) != Decimal(value) or not _numbers(added, x):
        return None
    cells = xl_range(first + span[0], x, first + span[1], x)
    # SUBTOTAL leaves other SUBTOTALs out, so a grand total over clusters does not count twice.
    subtotal = nested or table.rows[index].kind == "subtotal"
    return (f"=SUBTOTAL(9,{cells})" if subtotal else f"=SUM({cells})"), float(value)


def _rows(book: _Book, sheet: Any, table: Table, first: int) -> None:
    for index, line in enumerate(table.rows):
        y = first + index
        if line.kind != "group":
            texts = [cell_text(cell, column) for cell, column in zip(line.cells, table.columns, strict=True)]
            sheet.set_row(y, _height(texts, table.columns, font=REGULAR if line.kind == "body" else BOLD))
        cells = line.cells if line.kind != "group" else (*line.cells[:1], *([Cell()] * (len(table.columns) - 1)))
        for x, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            look = _cell_look(book, column, line.kind, cell.mark)
            if line.kind == "group":
                # The title of a group runs on over the empty cells beside it; wrapped it would fill one narrow cell.
                ends = {"left": int(x == 0), "right": int(x == len(table.columns) - 1)}
                look = book.look(top=1, bottom=1, bold=True, bg_color="#F6F6F6", valign="vcenter", **ends)
            formula = _formula(table, index, x, first) if line.kind in ("total", "subtotal") else None
            if formula is not None:
                sheet.write_formula(y, x, formula[0], look, formula[1])
            else:
                _write(sheet, y, x, cell, look)


def _page_setup(sheet: Any, *, landscape: bool, first: int, heads: int) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(first - heads, first - 1)
    sheet.freeze_panes(first, 0)
    sheet.set_header(f'&C&"{_FONT},Regular"&12&P')


def _sheet(book: _Book, table: Table, annex: Annex | None, name: str) -> None:
    sheet = book.book.add_worksheet(name)
    titles = [] if annex is None else [f"{ANNEX} {annex.number}".strip(), clean(annex.title).upper()]
    if annex is not None and annex.reference:
        titles.append(f"({clean(annex.reference)})")
    if table.caption:
        titles.append(clean(table.caption))
    middle = len(table.columns) - 1
    for y, title in enumerate(titles):
        quiet = title.startswith("(")
        look = book.look(bold=not quiet, italic=quiet, font_size=11 if quiet else 13, align="center_across")
        sheet.write_string(y, 0, title, look)
        for x in range(1, middle + 1):
            sheet.write_blank(y, x, None, look)
    top = len(titles) + 1
    first = top + len(table.header)
    for x, column in enumerate(table.columns):
        sheet.set_column(x, x, _characters(column))
    _header(book, sheet, table, top)
    _rows(book, sheet, table, first)
    _notes(book, sheet, table, first + len(table.rows) + 1)
    _page_setup(sheet, landscape=annex is not None and annex.landscape, first=first, heads=len(table.header))


def _notes(book: _Book, sheet: Any, table: Table, top: int) -> None:
    """Notes run over the whole width of the table, so that a long one is not cut at the edge of the paper."""
    look = book.look(italic=True, text_wrap=True, valign="top")
    width = sum(map(_characters, table.columns)) * _POINTS_PER_CHARACTER
    for y, note in enumerate(table.notes, start=top):
        if len(table.columns) > 1:
            sheet.merge_range(y, 0, y, len(table.columns) - 1, "", look)
        sheet.write_string(y, 0, clean(note), look)
        sheet.set_row(y, 15 * wrapped_count(clean(note), ITALIC, 11, width) + 1)


def _sheet_name(table: Table, used: set[str]) -> str:
    """A name that a workbook takes: at most 31 characters, no brackets or slashes, each once."""
    base = (
        "".join("-" if c in _SHEET_FORBIDDEN or ord(c) > 0xFFFF else c for c in clean(table.name)).strip("'")[:28]
        or "Bảng"
    )
    name, number = base, 1
    while name.casefold() in used:
        number += 1
        name = f"{base} {number}"
    used.add(name.casefold())
    return name


def xlsx_bytes(paper: Paper) -> bytes:
    """Every table of the paper as a sheet of one workbook."""
    out = BytesIO()
    book = _Book(xlsxwriter.Workbook(out, dict(_OPTIONS)))
    if paper.created_on is not None:
        created = datetime.combine(paper.created_on, time())
        book.book.set_properties({"title": clean(paper.title), "author": clean(paper.author), "created": created})
    used: set[str] = set()
    for annex, table in body_tables(paper):
        _sheet(book, table, annex, _sheet_name(table, used))
    if not used:
        book.book.add_worksheet("Bảng")
    book.book.close()
    return out.getvalue()
