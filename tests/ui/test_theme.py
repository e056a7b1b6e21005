"""Colours keep their contrast, sizes follow the text size, the style sheet stays small."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.app import App
from ui.palettes import PALETTES, THEMES, ThemeName, contrast
from ui.widgets.labels import Label

TEXT_PAIRS = [
    *itertools.product(("text", "text2"), ("surface", "ground", "nav")),
    ("on_selected", "selected"),
    ("on_accent", "accent"),
    ("accent", "surface"),
    ("accent", "ground"),
    *((tone, ground) for tone in ("bad", "warn", "ok") for ground in (f"{tone}_tint", "surface")),
    ("neutral", "neutral_tint"),
]
EDGE_PAIRS = [("control", "surface"), ("control", "ground")]


@pytest.mark.parametrize("name", THEMES)
def test_every_text_is_readable(name: ThemeName) -> None:
    palette = PALETTES[name]
    for ink, ground in TEXT_PAIRS:
        assert contrast(palette.role(ink), palette.role(ground)) >= 4.5, (name, ink, ground)
    for edge, ground in EDGE_PAIRS:
        assert contrast(palette.role(edge), palette.role(ground)) >= 3.0, (name, edge, ground)


def test_contrast_is_the_formula_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert contrast("#123456", "#123456") == 1.0


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(KeyError):
        PALETTES["light"].role("edges")


def test_the_style_sheet_is_short() -> None:
    assert len(theme._QSS.template.strip().splitlines()) <= 40


@pytest.mark.parametrize("size", theme.TEXT_SIZES)
def test_em_follows_the_text_size(app: App, size: int) -> None:
    app.set_text_size(size)
    assert theme.em() == round(14 * size / 100)
    assert QApplication.font().pixelSize() == theme.em()


def test_every_theme_sets_the_roles_of_the_palette(app: App) -> None:
    for name in THEMES:
        app.set_theme(name)
        palette = QApplication.palette()
        assert palette.color(QPalette.ColorRole.Window).name().upper() == PALETTES[name].ground
        assert palette.color(QPalette.ColorRole.PlaceholderText).name().upper() == PALETTES[name].text2


def test_labels_follow_theme_and_size(app: App) -> None:
    label = Label("Trang chủ", size=2.0, role="bad")
    app.set_theme("dark")
    app.set_text_size(200)
    assert label.font().pixelSize() == 56
    assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == PALETTES["dark"].bad
    label.deleteLater()


def test_text_size_steps_and_stops_at_both_ends(app: App) -> None:
    seen = [app.settings.now.text_size]
    for _step in range(8):
        app.step_text(1)
        seen.append(app.settings.now.text_size)
    assert seen[:6] == list(theme.TEXT_SIZES)
    assert seen[-1] == 200
    app.step_text(0)
    assert app.settings.now.text_size == 100
    app.step_text(-1)
    assert app.settings.now.text_size == 100
