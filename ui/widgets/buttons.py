"""Buttons, round filters and square choices: painted here, because style sheets cut bold words and crowd icons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from ui.actions import Act, key_of
from ui.theme import colours, em, follow, follow_language, font
from ui.widgets.drawing import draw_box, draw_icon, draw_text
from ui.widgets.words import Words, say

__all__ = ["Button", "Choice", "FilterChip", "Kind"]

Kind = Literal["primary", "plain", "quiet"]


class _Painted(QPushButton):
    """A push button that measures and paints itself; Qt keeps keys, clicks and the role for screen readers."""

    def __init__(self, words: Words, *, icon: str | None = None, key: Act | str | None = None) -> None:
        super().__init__()
        self._words = words
        self._icon = icon
        self._key = key_of(key) if isinstance(key, Act) else (key or "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)

    def say(self, words: Words) -> None:
        """Show other words."""
        self._words = words
        self.retranslate()

    def show_icon(self, icon: str | None) -> None:
        """Show another icon."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        """Look the text up again."""
        # An ampersand of the data must not become a shortcut.
        self.setText(say(self._words).replace("&", "&&"))
        self.setAccessibleName(say(self._words))
        self.updateGeometry()

    def restyle(self) -> None:
        """Measure again."""
        self.updateGeometry()
        self.update()

    @property
    def _bold(self) -> bool:
        return False

    def _parts(self) -> tuple[str, str]:
        return self.text().replace("&&", "&"), self._key

    def _pad(self) -> int:
        return em(1.0)

    def _icon_name(self) -> str | None:
        return self._icon

    def sizeHint(self) -> QSize:
        """Icon, word and key with their gaps."""
        word, key = self._parts()
        metrics = QFontMetrics(font(bold=self._bold))
        width = metrics.horizontalAdvance(word) + 2 * self._pad() + 2
        if key:
            width += em(0.55) + metrics.horizontalAdvance(key)
        if self._icon_name():
            width += em(1.2) + (em(0.45) if word else 0)
        return QSize(width, em(2.2))

    def minimumSizeHint(self) -> QSize:
        """A button is never narrower than its words."""
        return self.sizeHint()

    def _paint_content(self, painter: QPainter, colour: str, key_colour: str) -> None:
        word, key = self._parts()
        painter.setFont(font(bold=self._bold))
        metrics = painter.fontMetrics()
        icon = self._icon_name()
        extra = self.sizeHint().width() - 2 * self._pad() - 2
        left = max(self._pad() + 1, (self.width() - extra) // 2)
        room = QRect(left, 0, self.width() - left, self.height())
        if icon:
            draw_icon(painter, room, icon, colour, 1.2)
            room.setLeft(room.left() + em(1.2) + (em(0.45) if word else 0))
        draw_text(painter, room, word, colour)
        if key:
            room.setLeft(room.left() + metrics.horizontalAdvance(word) + em(0.55))
            draw_text(painter, room, key, key_colour)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, as it does everywhere on this desk."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self.click()
            return
        super().keyPressEvent(event)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Button(_Painted):
    """A button with full words and its key beside them: primary (filled, one a page), plain (edge), quiet (blue)."""

    def __init__(
        self,
        words: Words,
        *,
        kind: Kind = "plain",
        icon: str | None = None,
        key: Act | str | None = None,
        click: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(words, icon=icon, key=key)
        self._kind = kind
        if click is not None:
            self.clicked.connect(lambda _checked=False: click())
        follow(self)
        follow_language(self)

    @property
    def _bold(self) -> bool:
        return self._kind == "primary"

    def _pad(self) -> int:
        return em(0.25) if self._kind == "quiet" else em(1.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button in its kind and state."""
        tokens = colours()
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = tokens.text
        if self._kind == "primary" and self.isEnabled():
            draw_box(painter, box, fill=tokens.accent, edge=None)
            colour = tokens.on_accent
        elif self._kind == "quiet":
            colour = tokens.accent
        else:
            fill = tokens.selected if self.isDown() else tokens.surface
            draw_box(painter, box, fill=fill, edge=tokens.control)
            colour = tokens.on_selected if self.isDown() else tokens.text
        if not self.isEnabled():
            colour = tokens.text2
        self._paint_content(painter, colour, colour)
        painter.end()


class FilterChip(_Painted):
    """A round filter above a list; chosen it shows a tick, a tint and a thicker edge, never bold."""

    def __init__(self, words: Words, *, click: Callable[[bool], object] | None = None) -> None:
        super().__init__(words)
        self.setCheckable(True)
        if click is not None:
            self.toggled.connect(click)
        follow(self)
        follow_language(self)

    def _pad(self) -> int:
        return em(0.85)

    def _icon_name(self) -> str | None:
        return "check" if self.isChecked() else None

    def nextCheckState(self) -> None:
        """Toggle, and make room for the tick."""
        super().nextCheckState()
        self.updateGeometry()

    def setChecked(self, on: bool) -> None:
        """Check from the program, and make room for the tick."""
        super().setChecked(on)
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the filter in its state."""
        tokens = colours()
        painter = QPainter(self)
        on = self.isChecked()
        draw_box(
            painter,
            QRectF(self.rect()),
            fill=tokens.selected if on else tokens.surface,
            edge=tokens.accent if on else tokens.control,
            width=2 if on else 1,
            radius=self.height() / 2,
        )
        colour = tokens.on_selected if on else tokens.text
        self._paint_content(painter, colour, colour)
        painter.end()


class Choice(FilterChip):
    """A square choice with its key as first character: conclusion, petition, side of a conflict."""

    def __init__(self, words: Words, *, key: str = "", click: Callable[[bool], object] | None = None) -> None:
        super().__init__(words, click=click)
        self._lead = key

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Its key chooses it, only while the focus is on it: elsewhere the same letter is being typed."""
        if self._lead and event.text().upper() == self._lead.upper():
            self.click()
            return
        super().keyPressEvent(event)

    def _parts(self) -> tuple[str, str]:
        word, _key = super()._parts()
        return (f"{self._lead}  {word}" if self._lead else word), ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the choice in its state."""
        tokens = colours()
        painter = QPainter(self)
        on = self.isChecked()
        draw_box(
            painter,
            QRectF(self.rect()),
            fill=tokens.selected if on else tokens.surface,
            edge=tokens.accent if on else tokens.control,
            width=2 if on else 1,
        )
        colour = tokens.on_selected if on else tokens.text
        self._paint_content(painter, colour, colour)
        painter.end()
