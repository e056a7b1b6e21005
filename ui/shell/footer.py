"""The foot of the window: what was saved when, what undo would take back, the two keys everybody needs."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from hoidesk.language import _
from hoidesk.text.dates import VIETNAM
from ui.app import App
from ui.theme import colours, em, follow
from ui.widgets.labels import ElidedLabel, IconLabel, Label

__all__ = ["Footer"]


class Footer(QFrame):
    """Everything is written to the book at once: the footer says so, and names what Ctrl+Z takes back."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._at: datetime | None = None
        self._tick = IconLabel("check", role="ok", size=1.15)
        self._saved = Label(self._saved_words, size=0.93, role="text2")
        self._undo = ElidedLabel(self._undo_words, size=0.93, end=True)
        self._help = Label(lambda: _("F1 Help"), size=0.93, role="text2")
        self._keys = Label(lambda: _("Ctrl+/ Keys"), size=0.93, role="text2")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._tick)
        self._row.addWidget(self._saved)
        self._row.addWidget(self._undo, 1)
        self._row.addWidget(self._help)
        self._row.addWidget(self._keys)
        app.changed.connect(self._on_written)
        app.saved.connect(self._undo.retranslate)
        follow(self)

    def _on_written(self, _changes: object) -> None:
        self._at = datetime.now(VIETNAM)
        self._saved.retranslate()

    def _saved_words(self) -> str:
        if self._at is None:
            return _("Everything is saved")
        return _("Saved at {time}").format(time=f"{self._at:%H:%M}")

    def _undo_words(self) -> str:
        if not self._app.undo_title:
            return ""
        return _("Ctrl+Z: undo “{what}”").format(what=self._app.undo_title)

    def saved_text(self) -> str:
        """What the footer says of the last write."""
        return self._saved.text()

    def undo_text(self) -> str:
        """What the footer says of undo."""
        return self._undo.text()

    def restyle(self) -> None:
        """Compute the sizes again."""
        self.setFixedHeight(em(2.0))
        self._row.setContentsMargins(em(1.4), 0, em(1.1), 0)
        self._row.setSpacing(em(0.4))
        self._saved.setContentsMargins(0, 0, em(1.0), 0)
        self._help.setContentsMargins(em(0.8), 0, em(0.8), 0)
        self._tick.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """White paper under a hairline."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(colours().line))
        painter.end()
