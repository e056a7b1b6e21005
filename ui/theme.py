"""How the window looks: colours, type and sizes in em, for the whole process as Qt's own palette and font are.

One em is the pixel size of the base font: 14 at a text size of 100 %. Widgets that compute sizes or colours implement
``restyle()`` and call :func:`follow`, widgets with texts implement ``retranslate()``: both are called once at once and
again whenever the look or the language changes.
"""

from __future__ import annotations

from string import Template
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QStyleFactory, QWidget

from hoidesk.places import resource
from ui.palettes import PALETTES, Palette, ThemeName

__all__ = [
    "TEXT_SIZES",
    "apply_theme",
    "colours",
    "em",
    "follow",
    "follow_language",
    "font",
    "paint_text",
    "retranslate",
    "started_with_fusion",
]

BASE_PIXELS: Final = 14
TEXT_SIZES: Final = (100, 110, 125, 150, 175, 200)
"""The text sizes that A− and A+ step through, in per cent."""


class _Look(QObject):
    restyled = Signal()
    retranslated = Signal()


class _Current:
    """What is applied now; the families are known once the fonts are loaded."""

    palette: Palette = PALETTES["light"]
    pixels: int = BASE_PIXELS
    families: list[str] | None = None
    look: _Look | None = None
    styled: bool = False


def _look() -> _Look:
    if _Current.look is None:
        _Current.look = _Look()
    return _Current.look


def colours() -> Palette:
    """The palette in use."""
    return _Current.palette


def em(count: float = 1.0) -> int:
    """``count`` em in whole pixels."""
    return round(_Current.pixels * count)


def _families() -> list[str]:
    if _Current.families is None:
        loaded: list[str] = []
        for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
            number = QFontDatabase.addApplicationFont(str(resource("fonts", name)))
            if number >= 0:
                loaded += QFontDatabase.applicationFontFamilies(number)
        _Current.families = list(dict.fromkeys([*loaded, "Noto Sans", "Segoe UI", "DejaVu Sans"]))
    return _Current.families


def font(size: float = 1.0, *, bold: bool = False) -> QFont:
    """The font of the window at ``size`` em."""
    made = QFont(_families())
    made.setPixelSize(em(size))
    made.setBold(bold)
    return made


def follow(widget: QWidget) -> None:
    """Call ``widget.restyle()`` now and at every change of text size or colours."""
    widget.restyle()  # type: ignore[attr-defined]
    _look().restyled.connect(widget.restyle)  # type: ignore[attr-defined]


def follow_language(widget: QObject) -> None:
    """Call ``widget.retranslate()`` now and at every change of the language."""
    widget.retranslate()  # type: ignore[attr-defined]
    _look().retranslated.connect(widget.retranslate)  # type: ignore[attr-defined]


def retranslate() -> None:
    """Tell every widget that follows that the language has changed."""
    _look().retranslated.emit()


def paint_text(label: QLabel, role: str) -> None:
    """Give a label the text colour of a role, through its palette: QSS would stop it from following the theme."""
    palette = label.palette()
    colour = QColor(colours().role(role))
    if palette.color(QPalette.ColorRole.WindowText) != colour:
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        label.setPalette(palette)


def started_with_fusion() -> None:
    """The application was started in the style: asking it from Python would build every name of QStyle first."""
    _Current.styled = True


def apply_theme(application: QApplication, name: ThemeName, text_size: int) -> None:
    """Put the colours and the text size (per cent of 14 pixels, 100 to 200) on the whole window."""
    _Current.palette = PALETTES[name]
    _Current.pixels = round(BASE_PIXELS * text_size / 100)
    if not _Current.styled:
        application.setStyle(QStyleFactory.create("Fusion"))
        _Current.styled = True
    application.setFont(font())
    application.setPalette(_qt_palette(_Current.palette))
    application.setStyleSheet(_style_sheet(_Current.palette))
    _look().restyled.emit()


def _qt_palette(tokens: Palette) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for key, colour in {
        role.Window: tokens.ground,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.ground,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.PlaceholderText: tokens.text2,
        role.Link: tokens.accent,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.Mid: tokens.control,
        role.Accent: tokens.accent,
    }.items():
        palette.setColor(key, QColor(colour))
    return palette


# Edges, radii and heights only: the colours of texts come from the palette.
_QSS: Final = Template("""
QLineEdit, QPlainTextEdit, QComboBox {
  background: $surface; border: 1px solid $control; border-radius: ${radius}px; padding: 0 ${pad}px;
  placeholder-text-color: $text2; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QComboBox { min-height: ${field}px; }
QPlainTextEdit { padding: ${half}px ${half}px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: 0 ${pad_focus}px; }
QPlainTextEdit:focus { padding: ${half_focus}px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border: 2px solid $bad; }
QComboBox::drop-down { border: none; width: ${arrow}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $control; outline: none;
  selection-background-color: $selected; selection-color: $on_selected; }
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: ${card}px; }
QFrame[bar="true"] { background: $surface; border: none; }
QTableView { background: $surface; border: none; gridline-color: $line; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $text2; border: none; border-bottom: 1px solid $control;
  padding: 0 ${cell}px; font-weight: bold; }
QScrollBar:vertical { background: transparent; width: ${scroll}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${scroll}px; margin: 0; }
QScrollBar::handle { background: $control; border-radius: ${bit}px; min-height: ${field}px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $surface; border: 1px solid $control; border-radius: ${radius}px; height: ${bar}px; }
QProgressBar::chunk { background: $accent; }
QToolTip { background: $surface; color: $text; border: 1px solid $control; padding: ${bit}px; }
QScrollArea, QScrollArea > #qt_scrollarea_viewport { background: transparent; border: none; }
""")


def _style_sheet(tokens: Palette) -> str:
    return _QSS.substitute(
        surface=tokens.surface,
        control=tokens.control,
        text=tokens.text,
        text2=tokens.text2,
        line=tokens.line,
        accent=tokens.accent,
        on_accent=tokens.on_accent,
        selected=tokens.selected,
        on_selected=tokens.on_selected,
        bad=tokens.bad,
        radius=4,
        card=6,
        pad=em(0.55),
        pad_focus=em(0.55) - 1,
        half=em(0.4),
        half_focus=em(0.4) - 1,
        field=em(2.2) - 2,
        arrow=em(1.8),
        cell=em(0.5),
        scroll=em(0.8) + 2,
        bit=3,
        bar=em(1.2),
    )
