"""The small parts of a Word file that python-docx has no word for: fonts, fields, borders, grids, repeated rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

__all__ = [
    "ALIGNMENTS",
    "FONT",
    "border_below",
    "center_fixed",
    "fixed_table",
    "grid_lines",
    "page_field",
    "repeat_row",
    "set_font",
    "shade",
    "write",
]

FONT: Final = "Times New Roman"
ALIGNMENTS: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def set_font(style_or_run: Any, size: float | None = None) -> None:
    """Times New Roman for every script: Word takes Vietnamese letters partly from the East Asian and complex fonts."""
    properties = style_or_run.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for theme in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if size is not None:
        style_or_run.font.size = Pt(size)


def write(paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: float | None = None) -> Any:
    """Add ``text`` to a paragraph; line breaks inside the text stay line breaks."""
    run = paragraph.add_run()
    for index, line in enumerate(text.split("\n")):
        if index:
            run.add_break()
        run.add_text(line)
    run.bold, run.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def page_field(paragraph: Any) -> None:
    """A PAGE field, which Word counts itself."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("result", "2"), ("end", "")):
        if kind == "":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        elif kind == "result":
            part = OxmlElement("w:t")
            part.text = text
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def fixed_table(container: Any, rows: int, widths_mm: Sequence[float]) -> Any:
    """A table with exact widths: cell widths alone are ignored by other programs, so the grid gets them too."""
    table = container.add_table(rows=rows, cols=len(widths_mm))
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for line in table.rows:
        for cell, width in zip(line.cells, widths_mm, strict=True):
            cell.width = Mm(width)
    return table


def center_fixed(table: Any) -> None:
    """Centre a table between the margins."""
    justification = OxmlElement("w:jc")
    justification.set(qn("w:val"), "center")
    table._tbl.tblPr.append(justification)


def grid_lines(table: Any) -> None:
    """Thin black lines around every cell, and the narrow cell margins of office tables."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "50")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(borders)
    table._tbl.tblPr.append(margins)


def repeat_row(line: Any) -> None:
    """Repeat this row at the top of every page, and never break it in two."""
    properties = line._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))


def shade(cell: Any, color: str) -> None:
    """Fill a cell with a colour ("EDEDED")."""
    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", color)):
        shading.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def border_below(paragraph: Any, length_mm: float, room_mm: float) -> None:
    """A line of ``length_mm``, centred in a column of ``room_mm``: the border of a paragraph indented on both sides."""
    indent = max((room_mm - length_mm) / 2, 0)
    paragraph.paragraph_format.left_indent = Mm(indent)
    paragraph.paragraph_format.right_indent = Mm(indent)
    # The line would touch the dots below ậ, ợ, ụ of the text above it.
    paragraph.paragraph_format.space_before = Pt(3)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)
