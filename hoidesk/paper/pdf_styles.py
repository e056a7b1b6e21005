"""Measures and type of a printed paper, after Decree 30/2020/NĐ-CP, Annex I.

Body 13 pt, justified, first line 1 cm, at least 6 pt between paragraphs; page number 13 pt centred in the top margin;
"Nơi nhận" 12 pt bold italic with a list of 11 pt. Margins: top and bottom 20 mm, left 30 mm, right 20 mm (in a
landscape annex 25 mm on both sides, so that wide tables stay readable).
"""

from __future__ import annotations

from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle

from hoidesk.paper.fonts import BOLD, BOLD_ITALIC, ITALIC, MM, REGULAR
from hoidesk.paper.model import clean

__all__ = ["ALIGNMENTS", "LANDSCAPE", "PORTRAIT", "STYLES", "TEXT_WIDTH", "TEXT_WIDTH_LANDSCAPE", "markup", "style"]

PORTRAIT: Final = A4
LANDSCAPE: Final = landscape(A4)
TEXT_WIDTH: Final = 160 * MM
TEXT_WIDTH_LANDSCAPE: Final = 247 * MM
ALIGNMENTS: Final = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}

_BODY: Final[dict[str, Any]] = {
    "fontName": REGULAR,
    "fontSize": 13,
    "leading": 17.5,
    "alignment": TA_JUSTIFY,
    "spaceAfter": 6,
}


def style(name: str, **settings: Any) -> ParagraphStyle:
    """A paragraph style that starts from the body's type."""
    return ParagraphStyle(name, **{**_BODY, "bulletFontName": REGULAR, **settings})


STYLES: Final = {
    "body": style("body", firstLineIndent=10 * MM),
    "lead": style("lead", firstLineIndent=10 * MM),
    "item": style("item", firstLineIndent=10 * MM),
    "basis": style("basis", firstLineIndent=10 * MM, fontName=ITALIC),
    "note": style("note", fontSize=11, leading=14, fontName=ITALIC, alignment=TA_LEFT, spaceAfter=3),
    "missing": style("missing", firstLineIndent=10 * MM, fontName=BOLD_ITALIC),
    "heading1": style("heading1", fontName=BOLD, firstLineIndent=10 * MM, spaceBefore=6, keepWithNext=1),
    "heading2": style("heading2", fontName=BOLD, firstLineIndent=10 * MM, spaceBefore=2, keepWithNext=1),
    "heading3": style("heading3", fontName=BOLD_ITALIC, firstLineIndent=10 * MM, keepWithNext=1),
    "type": style("type", fontName=BOLD, fontSize=14, leading=18, alignment=TA_CENTER, spaceBefore=10, spaceAfter=2),
    "subject": style("subject", fontName=BOLD, fontSize=14, leading=18, alignment=TA_CENTER, spaceAfter=2),
    "addressee": style("addressee", alignment=TA_CENTER, spaceBefore=8, spaceAfter=10),
    "annex": style("annex", fontName=BOLD, fontSize=14, leading=18, alignment=TA_CENTER, spaceAfter=0),
    "reference": style("reference", fontName=ITALIC, alignment=TA_CENTER, spaceAfter=10),
    "caption": style("caption", fontName=BOLD, fontSize=12, leading=15, alignment=TA_LEFT, spaceBefore=8),
    "letter": style("letter", fontSize=12, leading=15, alignment=TA_CENTER, spaceAfter=0),
    "number": style("number", alignment=TA_CENTER, spaceAfter=0),
    "place": style("place", fontName=ITALIC, alignment=TA_CENTER, spaceAfter=0),
    "recipients_title": style(
        "recipients_title", fontName=BOLD_ITALIC, fontSize=12, leading=15, alignment=TA_LEFT, spaceAfter=0
    ),
    "recipients": style("recipients", fontSize=11, leading=14, alignment=TA_LEFT, spaceAfter=0),
    "sign": style("sign", fontName=BOLD, fontSize=13, leading=17, alignment=TA_CENTER, spaceAfter=0),
}


def markup(text: str) -> str:
    """``text`` as reportlab's markup: NFC, escaped, line breaks kept."""
    return escape(clean(text)).replace("\t", " ").replace("\n", "<br/>")
