"""The big panel over the page: solid while a stick must stay, solid green only after the read-back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from ui.icons import pixmap_in
from ui.theme import colours, em, follow, follow_language, font
from ui.widgets.words import Words, say

__all__ = ["UsbPanel"]

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class UsbPanel(QFrame):
    """Two lines and an icon on a solid ground: ``warn`` while anything is unproven, ``ok`` after the read-back."""

    def __init__(self) -> None:
        super().__init__()
        self._words: Words = ""
        self._second: Words = ""
        self._role = "warn"
        QVBoxLayout(self)
        follow(self)
        follow_language(self)

    def show_state(self, words: Words, second: Words, role: str) -> None:
        """Show another state; a screen reader hears both lines."""
        self._words, self._second, self._role = words, second, role
        self.setAccessibleName(f"{say(words)}. {say(second)}")
        self.setVisible(True)
        self.update()

    def retranslate(self) -> None:
        """Read the words again in another language."""
        self.setAccessibleName(f"{say(self._words)}. {say(self._second)}")
        self.update()

    def restyle(self) -> None:
        """Compute the height again."""
        self.setFixedHeight(em(6.3))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, icon and lines."""
        tokens = colours()
        ground = QColor(getattr(tokens, self._role))
        ink = QColor("#FFFFFF") if ground.lightnessF() < 0.6 else QColor("#14181C")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ground)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        icon = "circle-check" if self._role == "ok" else "usb"
        painter.drawPixmap(em(1.6), (self.height() - em(3.0)) // 2, pixmap_in(icon, ink.name(), 3.0))
        left = em(6.1)
        painter.setPen(ink)
        painter.setFont(font(2.0 if self.width() > em(50) else 1.55, bold=True))
        painter.drawText(left, em(0.7), self.width() - left, em(3.0), _LEFT, say(self._words))
        painter.setFont(font(1.0))
        painter.drawText(left, em(3.7), self.width() - left, em(1.8), _LEFT, say(self._second))
        painter.end()
