"""The embedded fonts: Tinos on paper (same widths as Times New Roman), Noto Sans in charts on the screen.

reportlab is imported here at module level; import this module only inside the functions that print.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from hoidesk.places import resource

__all__ = [
    "BOLD",
    "BOLD_ITALIC",
    "ITALIC",
    "MM",
    "REGULAR",
    "SCREEN",
    "SCREEN_BOLD",
    "balanced_lines",
    "register_fonts",
    "text_width",
    "wrapped_count",
]

REGULAR: Final = "Tinos"
BOLD: Final = "Tinos-Bold"
ITALIC: Final = "Tinos-Italic"
BOLD_ITALIC: Final = "Tinos-BoldItalic"
MM: Final = 72 / 25.4
"""Points in a millimetre."""

SCREEN: Final = "NotoSans"
SCREEN_BOLD: Final = "NotoSans-Bold"

_FILES: Final = {
    REGULAR: "Tinos-Regular.ttf",
    BOLD: "Tinos-Bold.ttf",
    ITALIC: "Tinos-Italic.ttf",
    BOLD_ITALIC: "Tinos-BoldItalic.ttf",
    SCREEN: "NotoSans-Regular.ttf",
    SCREEN_BOLD: "NotoSans-Bold.ttf",
}


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab, once a process; only what a paper uses is embedded."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(resource("fonts", file))))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC)


def text_width(text: str, font: str, size: float) -> float:
    """Width of ``text`` in points."""
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, size))


def balanced_lines(text: str, font: str, size: float, width: float) -> list[str]:
    """``text`` broken into as few lines as fit into ``width`` points, of nearly equal length.

    A letterhead that breaks after "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT" looks careless; broken in the middle it does not.
    The narrowest width that still gives as few lines is found by halving.
    """
    words = [(word, text_width(word, font, size)) for word in text.split(" ")]
    space = text_width(" ", font, size)
    best = _filled(words, space, width)
    low, high = max(wide for _word, wide in words), width
    while len(best) > 1 and high - low > 1:
        middle = (low + high) / 2
        lines = _filled(words, space, middle)
        if len(lines) > len(best):
            low = middle
        else:
            best, high = lines, middle
    return best


def _filled(words: list[tuple[str, float]], space: float, width: float) -> list[str]:
    """Words put into lines one after the other, each line as full as ``width`` allows."""
    lines: list[list[str]] = []
    room = 0.0
    for word, wide in words:
        if lines and wide + space <= room:
            lines[-1].append(word)
            room -= wide + space
        else:
            lines.append([word])
            room = width - wide
    return [" ".join(line) for line in lines]


def wrapped_count(text: str, font: str, size: float, width: float) -> int:
    """How many lines ``text`` takes when it is broken between words at ``width`` points; long words are broken."""
    count = 0
    for part in text.split("\n"):
        room = 0.0
        count += 1
        for word in part.split(" "):
            wide = text_width(word + " ", font, size)
            if room and room + wide > width + text_width(" ", font, size):
                count, room = count + 1, 0.0
            count += int(wide // (width * 1.15 + 1))
            room += wide
    return count
