"""Small papers that are no report: title, lines of label and value, boxes, a QR code; A5 or A4."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.pagesizes import A4, A5
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer
from reportlab.platypus import Paragraph as Text

from hoidesk.paper.fonts import BOLD, ITALIC, MM, REGULAR, register_fonts
from hoidesk.paper.pdf_styles import markup, style
from hoidesk.paper.pdf_table import layout_table

__all__ = ["SMALL", "boxed", "facts", "numbered_group", "qr_code", "sheet_pdf", "sheet_width", "text"]

SMALL: Final = {
    "title": style("s-title", fontName=BOLD, fontSize=14, leading=17, alignment=TA_CENTER, spaceAfter=2),
    "subtitle": style("s-subtitle", fontSize=10.5, leading=13, alignment=TA_CENTER, spaceAfter=6),
    "label": style("s-label", fontSize=10.5, leading=13, alignment=TA_LEFT, spaceAfter=0),
    "value": style(
        "s-value", fontName=BOLD, fontSize=10.5, leading=13, alignment=TA_LEFT, spaceAfter=0, splitLongWords=1
    ),
    "body": style("s-body", fontSize=10.5, leading=13.5, alignment=TA_LEFT, spaceAfter=3),
    "quiet": style("s-quiet", fontName=ITALIC, fontSize=9, leading=11, alignment=TA_LEFT, spaceAfter=2),
    "center": style("s-center", fontSize=10.5, leading=13, alignment=TA_CENTER, spaceAfter=0),
    "center_bold": style("s-center-bold", fontName=BOLD, fontSize=10.5, leading=13, alignment=TA_CENTER, spaceAfter=0),
    "digits": style("s-digits", fontName=BOLD, fontSize=15, leading=21, alignment=TA_CENTER, spaceAfter=0),
}


def text(content: str, kind: str = "body") -> Text:
    """One paragraph of a small sheet."""
    register_fonts()
    return Text(markup(content), SMALL[kind])


def numbered_group(number: int, group: str) -> Text:
    """A group of a key with its small number before it, on one line."""
    register_fonts()
    return Text(f'<font name="{REGULAR}" size="8">{number}</font>&nbsp; {markup(group)}', SMALL["digits"])


def facts(lines: Sequence[tuple[str, str]], width: float, label_width: float = 38 * MM) -> Flowable:
    """Lines of label and value in two columns."""
    cells = [[text(label, "label"), text(value, "value")] for label, value in lines]
    return layout_table(cells, [label_width, width - label_width], [("BOTTOMPADDING", (0, 0), (-1, -1), 2)])


def boxed(cells: Sequence[Sequence[object]], widths: Sequence[float], padding: float = 3) -> Flowable:
    """A grid with thin lines."""
    sides = ((f"{side}PADDING", (0, 0), (-1, -1), padding) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM"))
    return layout_table(
        cells, widths, [("GRID", (0, 0), (-1, -1), 0.6, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *sides]
    )


def qr_code(content: str, size_mm: float) -> Drawing:
    """A QR code of ``content`` with middle error correction: a folded corner does not spoil it."""
    register_fonts()
    widget = QrCodeWidget(content, barLevel="M")
    x0, y0, x1, y1 = widget.getBounds()
    side = size_mm * MM
    out = Drawing(side, side, transform=[side / (x1 - x0), 0, 0, side / (y1 - y0), 0, 0], initialFontName=REGULAR)
    out.add(widget)
    return out


def sheet_pdf(content: Sequence[Flowable], *, title: str, a5: bool) -> bytes:
    """The sheet as PDF, the same bytes for the same content."""
    register_fonts()
    size, margin = (A5, 14 * MM) if a5 else (A4, 25 * MM)
    out = BytesIO()
    document = BaseDocTemplate(
        out, pagesize=size, title=title, creator="hoidesk", lang="vi-VN", invariant=1, initialFontName=REGULAR
    )
    bare = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    frame = Frame(margin, margin, size[0] - 2 * margin, size[1] - 2 * margin, id="sheet", **bare)
    document.addPageTemplates([PageTemplate("sheet", [frame])])
    document.build([*content, Spacer(1, 1)])
    return out.getvalue()


def sheet_width(*, a5: bool) -> float:
    """Width of the text in points."""
    return float(A5[0] - 28 * MM if a5 else A4[0] - 50 * MM)
