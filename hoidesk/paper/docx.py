"""A paper as a Word file that an officer edits before it is signed: the same parts as in the PDF, real headings.

The file is built part by part on python-docx's empty document: a table of unknown columns cannot be said in a
template. Texts are set as runs, so no character of them is ever read as markup.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from hoidesk.paper.charts import chart_png
from hoidesk.paper.docx_parts import border_below, fixed_table, page_field, set_font, write
from hoidesk.paper.docx_table import add_table
from hoidesk.paper.fonts import BOLD, BOLD_ITALIC, ITALIC, MM, REGULAR, balanced_lines, text_width
from hoidesk.paper.model import (
    Annex,
    BarChart,
    Block,
    Heading,
    LetterLine,
    MissingNote,
    Paper,
    Paragraph,
    SignatureBlock,
    Table,
    clean,
)
from hoidesk.paper.words import ANNEX, RECIPIENTS

__all__ = ["docx_bytes"]

_CENTER: Final = WD_ALIGN_PARAGRAPH.CENTER
_LETTER: Final = (69.0, 91.0)
_FONTS: Final = {(False, False): REGULAR, (True, False): BOLD, (False, True): ITALIC, (True, True): BOLD_ITALIC}


def _styles(document: Any) -> None:
    """Body, headings and small styles; Word's theme fonts and colours give way to black Times New Roman."""
    normal = document.styles["Normal"]
    set_font(normal, 13)
    form = normal.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(6)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.15
    language = OxmlElement("w:lang")
    for key in ("val", "eastAsia"):
        language.set(qn(f"w:{key}"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    for level in (1, 2, 3):
        heading = document.styles[f"Heading {level}"]
        set_font(heading, 13)
        heading.font.bold, heading.font.italic = True, level == 3
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.paragraph_format.space_before = Pt(6 if level == 1 else 2)
        heading.paragraph_format.space_after = Pt(6)
        heading.paragraph_format.first_line_indent = Mm(10)
        heading.paragraph_format.keep_with_next = True
    body = document.styles.add_style("Report Body", WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    body.paragraph_format.first_line_indent = Mm(10)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _page(section: Any, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = (Mm(25), Mm(25)) if landscape else (Mm(30), Mm(20))
    section.header_distance = Mm(10)
    section.footer_distance = Mm(10)


def _page_numbers(section: Any) -> None:
    """Page number centred in the top margin, none on the first page, each part counting from 1."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTER
    page_field(paragraph)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)


def _plain(container: Any, *, first: bool = False, alignment: Any = None) -> Any:
    """A paragraph without room around it; a cell already has its ``first`` one."""
    paragraph = container.paragraphs[0] if first else container.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    if alignment is not None:
        paragraph.alignment = alignment
    return paragraph


def _letter_side(cell: Any, lines: tuple[LetterLine, ...], room: float) -> None:
    for index, line in enumerate(lines):
        font = _FONTS[line.bold, line.italic]
        parts = balanced_lines(clean(line.text), font, line.size, room * MM)
        paragraph = _plain(cell, first=index == 0, alignment=_CENTER)
        write(paragraph, "\n".join(parts), bold=line.bold, italic=line.italic, size=line.size)
        if line.rule:
            below = _plain(cell, alignment=_CENTER)
            write(below, "", size=2)
            below.paragraph_format.line_spacing = Pt(4)
            border_below(below, line.rule * text_width(parts[-1], font, line.size) / MM, room)


def _letterhead(document: Any, paper: Paper) -> None:
    head = paper.letterhead
    table = fixed_table(document, 2, _LETTER)
    _no_cell_margins(table)
    for cell, lines, room in zip(table.rows[0].cells, (head.left, head.right), _LETTER, strict=True):
        _letter_side(cell, lines, room)
    number, place = table.rows[1].cells
    write(_plain(number, first=True, alignment=_CENTER), clean(head.number_line))
    write(_plain(place, first=True, alignment=_CENTER), clean(head.place_date), italic=True)


def _no_cell_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _title(document: Any, paper: Paper) -> None:
    if paper.type_line:
        kind = _plain(document, alignment=_CENTER)
        kind.paragraph_format.space_before = Pt(14)
        write(kind, clean(paper.type_line), bold=True, size=14)
    if paper.subject:
        lines = balanced_lines(clean(paper.subject), BOLD, 14, 140 * MM)
        write(_plain(document, alignment=_CENTER), "\n".join(lines), bold=True, size=14)
        rule = _plain(document, alignment=_CENTER)
        rule.paragraph_format.space_after = Pt(4)
        rule.paragraph_format.line_spacing = Pt(6)
        border_below(rule, 0.4 * text_width(lines[-1], BOLD, 14) / MM, 160)
    if paper.addressee:
        to = document.add_paragraph(clean(paper.addressee))
        to.alignment = _CENTER
        to.paragraph_format.space_before, to.paragraph_format.space_after = Pt(6), Pt(10)


def _block(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(clean(block.line), level=min(block.level, 3))
    elif isinstance(block, Paragraph):
        for part in block.text.split("\n"):
            if part.strip():
                paragraph = document.add_paragraph(style="Report Body")
                small = block.kind == "note"
                write(paragraph, clean(part), italic=block.kind in ("note", "basis"), size=11 if small else None)
    elif isinstance(block, MissingNote):
        write(document.add_paragraph(style="Report Body"), clean(block.text), bold=True, italic=True)
    elif isinstance(block, Table):
        add_table(document, block)
    elif isinstance(block, BarChart):
        picture = document.add_paragraph()
        picture.alignment = _CENTER
        picture.add_run().add_picture(BytesIO(chart_png(block)), width=Mm(block.width_mm))


def _signature(cell: Any, block: SignatureBlock, room: float) -> None:
    for index, line in enumerate(block.lines):
        parts = balanced_lines(clean(line), BOLD, 13, room * MM)
        paragraph = _plain(cell, first=index == 0, alignment=_CENTER)
        paragraph.paragraph_format.keep_with_next = True
        write(paragraph, "\n".join(parts), bold=True)
    gap = _plain(cell, first=not block.lines, alignment=_CENTER)
    gap.paragraph_format.space_before = Pt(45)
    gap.paragraph_format.keep_with_next = True
    write(_plain(cell, alignment=_CENTER), clean(block.name), bold=True)


def _recipients(cell: Any, paper: Paper) -> None:
    if not paper.recipients:
        return
    title = _plain(cell, first=True)
    title.paragraph_format.keep_with_next = True
    write(title, RECIPIENTS, bold=True, italic=True, size=12)
    for line in paper.recipients:
        write(_plain(cell), f"- {clean(line)}", size=11)


def _foot(document: Any, paper: Paper) -> None:
    if not paper.signatures and not paper.recipients:
        return
    # A signature never stands alone on a page: the last paragraph goes over with it.
    for paragraph in document.paragraphs[-1:]:
        paragraph.paragraph_format.keep_with_next = True
    _plain(document).paragraph_format.keep_with_next = True
    if len(paper.signatures) <= 1:
        table = fixed_table(document, 1, (70.0, 90.0))
        left, right = table.rows[0].cells
        _recipients(left, paper)
        if paper.signatures:
            _signature(right, paper.signatures[0], 86.0)
    else:
        widths = [160.0 / len(paper.signatures)] * len(paper.signatures)
        table = fixed_table(document, 1, widths)
        for cell, block, width in zip(table.rows[0].cells, paper.signatures, widths, strict=True):
            _signature(cell, block, width - 4)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _annex(document: Any, annex: Annex) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=annex.landscape)
    _page_numbers(section)
    title = document.add_heading(level=1)
    title.alignment = _CENTER
    title.paragraph_format.first_line_indent = Mm(0)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(0)
    write(title, f"{ANNEX} {annex.number}".strip() + "\n" + clean(annex.title).upper(), size=14)
    if annex.reference:
        reference = document.add_paragraph()
        reference.alignment = _CENTER
        write(reference, f"({clean(annex.reference)})", italic=True)
    for block in annex.blocks:
        _block(document, block)


def _properties(document: Any, paper: Paper) -> None:
    properties = document.core_properties
    properties.title, properties.author = clean(paper.title)[:255], clean(paper.author)[:255]
    properties.language, properties.comments = "vi-VN", ""
    if paper.created_on is not None:
        moment = datetime.combine(paper.created_on, time(), UTC).replace(tzinfo=None)
        properties.created = properties.modified = moment


def docx_bytes(paper: Paper) -> bytes:
    """The paper as DOCX: A4, Times New Roman, page number field, tables of exact width with repeated headers."""
    document = Document()
    _styles(document)
    _page(document.sections[0], landscape=False)
    _page_numbers(document.sections[0])
    _letterhead(document, paper)
    _title(document, paper)
    for block in paper.blocks:
        _block(document, block)
    _foot(document, paper)
    for annex in paper.annexes:
        _annex(document, annex)
    _properties(document, paper)
    out = BytesIO()
    document.save(out)
    return out.getvalue()
