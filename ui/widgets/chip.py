"""A chip: icon and word on the tint of a state; it tells, it is not clicked."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.palettes import Tone
from ui.theme import colours, em, follow, follow_language
from ui.widgets.drawing import CHIP_HEIGHT, chip_width, draw_chip
from ui.widgets.words import Words, say

__all__ = ["Chip"]


class Chip(QLabel):
    """A state in words; an empty text hides it."""

    def __init__(self, words: Words = "", tone: Tone = "neutral", icon: str | None = None) -> None:
        super().__init__()
        self._words = words
        self._tone = tone
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self)
        follow_language(self)

    def say(self, words: Words, tone: Tone = "neutral", icon: str | None = None) -> None:
        """Show another state."""
        self._words, self._tone, self._icon = words, tone, icon
        self.retranslate()
        self.setVisible(bool(self.text()))

    def retranslate(self) -> None:
        """Look the text up again."""
        self.setText(say(self._words))
        self.updateGeometry()

    def restyle(self) -> None:
        """Measure again."""
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its icon and word."""
        return QSize(chip_width(self.text()), em(CHIP_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """A chip is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        draw_chip(painter, QRect(self.rect()), colours(), self.text(), self._tone, self._icon)
        painter.end()
