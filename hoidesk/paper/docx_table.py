"""Tables of a paper in a Word file: exact widths, spanned header cells, the header repeated on every page."""

from __future__ import annotations

from typing import Any, Final

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt

from hoidesk.paper.docx_parts import ALIGNMENTS, center_fixed, fixed_table, grid_lines, repeat_row, shade, write
from hoidesk.paper.model import Row, Table, clean
from hoidesk.paper.words import cell_text

__all__ = ["add_table"]

_HEAD: Final = "EDEDED"
_SUB: Final = "F6F6F6"
_MIDDLE: Final = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _fill(cell: Any, text: str, align: str, size: float, *, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = ALIGNMENTS[align]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    cell.vertical_alignment = _MIDDLE
    if text:
        write(paragraph, clean(text), bold=bold, size=size)
    else:
        # An empty cell keeps the row's height: without a sized run Word sets it in 13 pt.
        paragraph.paragraph_format.line_spacing = Pt(size * 1.15)


def _header(grid: Any, table: Table, size: float) -> None:
    taken: set[tuple[int, int]] = set()
    for top, line in enumerate(table.header):
        left = 0
        for head in line:
            while (top, left) in taken:
                left += 1
            bottom, right = top + head.rows - 1, left + head.columns - 1
            taken.update((y, x) for y in range(top, bottom + 1) for x in range(left, right + 1))
            cell = grid.cell(top, left)
            if (bottom, right) != (top, left):
                cell = cell.merge(grid.cell(bottom, right))
            _fill(cell, head.text, "center", size, bold=True)
            shade(cell, _HEAD)
            left = right + 1
    for line in grid.rows[: len(table.header)]:
        repeat_row(line)


def _line(cells: list[Any], line: Row, table: Table, size: float) -> None:
    if line.kind == "group":
        cell = cells[0].merge(cells[-1])
        _fill(cell, cell_text(line.cells[0], table.columns[0]), "left", size, bold=True)
        shade(cell, _SUB)
        return
    ground = {"subtotal": _SUB, "total": _HEAD}.get(line.kind)
    for cell, value, column in zip(cells, line.cells, table.columns, strict=True):
        _fill(cell, cell_text(value, column), column.align, size, bold=line.kind != "body")
        if ground:
            shade(cell, ground)


def _size(table: Table) -> float:
    count = len(table.columns)
    if count >= 13:
        return 9.0
    return 10.0 if count >= 9 else 11.0


def add_table(document: Any, table: Table) -> None:
    """Caption, table and notes at the end of ``document``."""
    if table.caption:
        caption = document.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(6)
        write(caption, clean(table.caption), bold=True, size=12)
    heads, size = len(table.header), _size(table)
    widths = [column.width_mm for column in table.columns]
    grid = fixed_table(document, heads + len(table.rows), widths)
    grid_lines(grid)
    center_fixed(grid)
    _header(grid, table, size)
    for line, target in zip(table.rows, list(grid.rows)[heads:], strict=True):
        target._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _line(list(target.cells), line, table, size)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(6)
    for note in table.notes:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.left_indent = Mm(0)
        paragraph.paragraph_format.space_after = Pt(2)
        write(paragraph, clean(note), italic=True, size=11)
