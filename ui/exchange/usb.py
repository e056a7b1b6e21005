"""The big panel over the page: solid while a stick must stay, solid green only after the read-back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
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
        """Compute the height again: smaller where the steps below need the room."""
        self.setFixedHeight(em(4.9) if self._small() else em(6.3))

    def _small(self) -> bool:
        return self.width() <= em(50)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window gets smaller lines."""
        super().resizeEvent(event)
        self.restyle()

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
        small = self._small()
        top, first = (em(0.4), em(2.4)) if small else (em(0.7), em(3.0))
        painter.setFont(font(1.55 if small else 2.0, bold=True))
        painter.drawText(left, top, self.width() - left, first, _LEFT, say(self._words))
        painter.setFont(font(1.0))
        painter.drawText(left, top + first, self.width() - left, em(1.8), _LEFT, say(self._second))
        painter.end()
