"""What is shipped with the program: fonts that hold every Vietnamese letter, and icons."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from hoidesk.places import resource
from tests.vietnamese import ALL_LETTERS

FONTS = ("Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic", "NotoSans-Regular", "NotoSans-Bold")
SIGNS = "₫–—“”‘’…•№°\u0300\u0301\u0303\u0309\u0323"


@pytest.mark.parametrize("name", FONTS)
def test_fonts_hold_every_vietnamese_letter(name: str) -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    glyphs = TTFontFile(str(resource("fonts", f"{name}.ttf"))).charToGlyph
    accented = {letter for letter in ALL_LETTERS if ord(letter) > 127}
    assert len(accented) == 134
    assert {letter for letter in {*ALL_LETTERS, *SIGNS} if not glyphs.get(ord(letter))} == set()


@pytest.mark.parametrize("name", FONTS)
def test_digits_stand_in_columns(name: str) -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    widths = TTFontFile(str(resource("fonts", f"{name}.ttf"))).charWidths
    assert len({widths[ord(digit)] for digit in "0123456789"}) == 1


@pytest.mark.parametrize("family", sorted({name.split("-")[0] for name in FONTS}))
def test_fonts_come_with_their_licence(family: str) -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in resource("fonts", f"{family}-OFL.txt").read_text("utf-8")


def test_icons_are_drawings_in_the_colour_of_the_text() -> None:
    icons = sorted(resource("icons").glob("*.svg"))
    assert len(icons) > 40
    for path in icons:
        root = ElementTree.parse(path).getroot()
        assert root.get("stroke") == "currentColor", path.name
        assert root.get("viewBox") == "0 0 24 24", path.name
    assert "ISC License" in resource("icons", "LICENSE-lucide.txt").read_text("utf-8")


def test_every_icon_that_the_window_names_is_there() -> None:
    ui = Path(__file__).resolve().parent.parent / "ui"
    called = re.compile(r"\b(?:icon|pixmap|pixmap_in|icon_file)\(\s*\"([a-z0-9-]+)\"")
    named = re.compile(r"\bicon=\"([a-z0-9-]+)\"")
    missing = {
        f"{path.relative_to(ui)}: {name}"
        for path in ui.rglob("*.py")
        for pattern in (called, named)
        for name in pattern.findall(path.read_text("utf-8"))
        if not resource("icons", f"{name}.svg").exists()
    }
    assert missing == set()
