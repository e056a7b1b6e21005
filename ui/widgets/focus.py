"""The ring two pixels outside a focused button: an edge on a filled button would have too little contrast."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from ui.theme import colours

__all__ = ["FocusRing"]

GAP = 4


class FocusRing(QWidget):
    """An overlay of the window that follows the focused button and lets the mouse through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        for widget in self._watched:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        self._target = now if isinstance(now, QAbstractButton) and self.window().isAncestorOf(now) else None
        above: QWidget | None = self._target
        while above is not None and not above.isWindow():
            # Not the button alone: a page that scrolls moves what the button lies on.
            above.installEventFilter(self)
            self._watched.append(above)
            above = above.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the button when it or anything that it lies on moves or goes."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        elif event.type() == QEvent.Type.Destroy or event.type() == QEvent.Type.DeferredDelete:
            self._target = None
            self.hide()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        target = self._target
        if target is None or not shiboken6.isValid(target) or target.visibleRegion().isEmpty():
            self.hide()
            return
        parent = target.parentWidget()
        if parent is None:
            return
        if self.parentWidget() is not parent.window():
            self.setParent(parent.window())
        corner = target.mapTo(parent.window(), target.rect().topLeft())
        self.setGeometry(corner.x() - GAP, corner.y() - GAP, target.width() + 2 * GAP, target.height() + 2 * GAP)
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().accent), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
