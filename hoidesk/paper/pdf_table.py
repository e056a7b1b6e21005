"""Tables of a paper as reportlab flowables: two-row headers, repeated on each page, long tables in chunks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from reportlab.lib.colors import Color, black
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, Spacer
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from hoidesk.paper.fonts import BOLD, MM, REGULAR, text_width
from hoidesk.paper.model import Cell, Column, Row, Table, clean
from hoidesk.paper.pdf_styles import ALIGNMENTS, STYLES, markup, style
from hoidesk.paper.words import cell_text

__all__ = ["layout_table", "table_flowables"]

# One huge reportlab table slows down with every page; pieces of this many rows do not (measured).
_CHUNK: Final = 400
_PAD: Final = 2.5
_LONG_CELL: Final = 200
_HEAD_GROUND: Final = Color(0.93, 0.93, 0.93)
_SUB_GROUND: Final = Color(0.965, 0.965, 0.965)


def layout_table(
    cells: Sequence[Sequence[object]], widths: Sequence[float], commands: Sequence[tuple[Any, ...]] = ()
) -> Grid:
    """A table that only places things: no lines, no padding, no unembedded font.

    Without the FONT command reportlab selects Helvetica for the grid even where every cell is a paragraph.
    """
    settings: list[Any] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 12),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        *commands,
    ]
    grid: Grid = Grid([list(line) for line in cells], colWidths=list(widths), splitInRow=1, style=settings)
    return grid


@cache
def _cell_style(size: float, align: str, bold: bool) -> ParagraphStyle:
    return style(
        f"cell-{size}-{align}-{bold}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.18,
        alignment=ALIGNMENTS[align],
        spaceAfter=0,
        splitLongWords=1,
    )


def _type_size(table: Table) -> float:
    """Narrow columns take smaller type; 9 pt is the smallest that is still read on paper."""
    narrowest = min((c.width_mm for c in table.columns if c.align != "center"), default=20.0)
    many = len(table.columns)
    if many >= 13 or narrowest < 12:
        return 9.0
    return 10.0 if many >= 10 or narrowest < 15 else 11.0


def _header(table: Table, size: float) -> tuple[list[list[object]], list[tuple[object, ...]]]:
    """The header's cells in a full grid and the SPAN commands of the cells that reach further."""
    count = len(table.columns)
    grid: list[list[object]] = [["" for _column in range(count)] for _line in table.header]
    taken = [[False] * count for _line in table.header]
    spans: list[tuple[object, ...]] = []
    for top, line in enumerate(table.header):
        left = 0
        for cell in line:
            while left < count and taken[top][left]:
                left += 1
            right, bottom = left + cell.columns - 1, top + cell.rows - 1
            grid[top][left] = Text(markup(cell.text), _cell_style(size, "center", True))
            for y in range(top, bottom + 1):
                for x in range(left, right + 1):
                    taken[y][x] = True
            if (right, bottom) != (left, top):
                spans.append(("SPAN", (left, top), (right, bottom)))
            left = right + 1
    return grid, spans


def _cells(line: Row, columns: Sequence[Column], size: float) -> list[object]:
    bold = line.kind != "body"
    if line.kind == "group":
        first = Text(markup(cell_text(line.cells[0], Column(0))), _cell_style(size, "left", True))
        return [first, *([""] * (len(columns) - 1))]
    out: list[object] = []
    for cell, column in zip(line.cells, columns, strict=True):
        out.append(_one_cell(cell, column, size, bold))
    return out


def _one_cell(cell: Cell, column: Column, size: float, bold: bool) -> object:
    text = cell_text(cell, column)
    if not text:
        return ""
    room = column.width_mm * MM - 2 * _PAD - 0.5
    text = " ".join(_soft_broken(word, BOLD if bold else REGULAR, size, room) for word in clean(text).split(" "))
    return Text(markup(text), _cell_style(size, column.align, bold))


def _soft_broken(word: str, font: str, size: float, room: float) -> str:
    """A word that is wider than its cell, broken after a hyphen or slash: 201/QĐ-ĐL- | UBND, never UBN | D."""
    if text_width(word, font, size) <= room:
        return word
    lines = [""]
    for piece in re.split(r"(?<=[-/])", word):
        if lines[-1] and text_width(lines[-1] + piece, font, size) > room:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def _commands(rows: Sequence[Row], first: int) -> list[tuple[object, ...]]:
    out: list[tuple[object, ...]] = []
    for index, line in enumerate(rows, start=first):
        if line.kind == "group":
            out.append(("SPAN", (0, index), (-1, index)))
        if line.kind in ("group", "subtotal"):
            out.append(("BACKGROUND", (0, index), (-1, index), _SUB_GROUND))
        if line.kind == "total":
            out.append(("BACKGROUND", (0, index), (-1, index), _HEAD_GROUND))
    return out


def _longest(line: Row) -> int:
    return max((len(cell.value) for cell in line.cells if isinstance(cell.value, str)), default=0)


def _chunk(table: Table, rows: Sequence[Row], size: float) -> Grid:
    header, spans = _header(table, size)
    heads = len(header)
    data = header + [_cells(line, table.columns, size) for line in rows]
    settings: list[Any] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, size),
        ("GRID", (0, 0), (-1, -1), 0.5, black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, heads - 1), _HEAD_GROUND),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        *spans,
        *_commands(rows, heads),
    ]
    # A total alone at the top of a page has lost its table: it stays with the row above, if that one is no page long.
    if len(rows) > 1 and rows[-1].kind == "total" and _longest(rows[-2]) < _LONG_CELL:
        settings.append(("NOSPLIT", (0, len(data) - 2), (0, len(data) - 1)))
    grid: Grid = Grid(
        data, colWidths=[c.width_mm * MM for c in table.columns], repeatRows=heads, splitInRow=1, style=settings
    )
    grid.hAlign = "CENTER"
    return grid


def table_flowables(table: Table, width: float) -> list[Flowable]:
    """The caption, the table in pieces that reportlab sets quickly, and the notes below it.

    Caption and notes start where the centred table starts on a page whose text is ``width`` points wide. The caption
    is not kept with the table by reportlab's own means: that would push a long table to the next page as a whole.
    """
    out: list[Flowable] = []
    indent = max((width - sum(c.width_mm for c in table.columns) * MM) / 2, 0.0)
    if table.caption:
        out.append(CondPageBreak(45 * MM))
        out.append(Text(markup(table.caption), STYLES["caption"].clone("caption-here", leftIndent=indent)))
    size = _type_size(table)
    for start in range(0, max(len(table.rows), 1), _CHUNK):
        out.append(_chunk(table, table.rows[start : start + _CHUNK], size))
    out.append(Spacer(1, 4))
    note_style = STYLES["note"].clone("note-here", leftIndent=indent, rightIndent=indent)
    out.extend(Text(markup(note), note_style) for note in table.notes)
    return out
