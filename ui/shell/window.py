"""The one window: first the card that opens a book, then the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from hoidesk.language import _
from ui.actions import ACTIONS, Act
from ui.app import App
from ui.theme import colours, em, follow, follow_language
from ui.unlock.page import UnlockPage
from ui.widgets.focus import FocusRing

if TYPE_CHECKING:
    from ui.shell.desk import DeskWidget
    from ui.shell.help import HelpPage

__all__ = ["Window"]


class Window(QWidget):
    """Holds the unlock page and, once a book is open, the desk. ``painted`` is sent after the first paint."""

    painted = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self._was_painted = False
        self._stack = QStackedLayout(self)
        self.unlock = UnlockPage(app)
        self._stack.addWidget(self.unlock)
        self.desk: DeskWidget | None = None
        self._help: HelpPage | None = None
        self._ring = FocusRing(self)
        self.unlock.help_asked.connect(self._open_help)
        app.opened.connect(self._on_opened)
        app.closed.connect(self._on_closed)
        follow(self)
        follow_language(self)

    def _make_actions(self) -> None:
        # Not for the first paint: keys come after it.
        from PySide6.QtGui import QAction, QKeySequence

        for spec in ACTIONS:
            action = QAction(self)
            # Portable, because a translated name of one key may be the portable name of another.
            portable = QKeySequence.SequenceFormat.PortableText
            action.setShortcuts([QKeySequence.fromString(key, portable) for key in spec.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _checked=False, act=spec.act: self.dispatch(act))
            self.addAction(action)

    def dispatch(self, act: Act) -> bool:
        """Do what the open page, the desk or the window does for an act; False when nobody does."""
        if self.desk is not None:
            handler = self.desk.handlers().get(act)
        else:
            handler = {
                Act.LARGER: lambda: self.app.step_text(1),
                Act.SMALLER: lambda: self.app.step_text(-1),
                Act.NORMAL_SIZE: lambda: self.app.step_text(0),
                Act.HELP: self._open_help,
                Act.BACK: self._back_before_opening,
                Act.PRIMARY: self.unlock.primary,
            }.get(act)
        if handler is None:
            return False
        handler()
        return True

    def _open_help(self) -> None:
        """Help before a book is open: first steps, and what to do about a lost password."""
        from ui.shell.help import help_alone

        if self._help is None:
            self._help = help_alone(self.app, self._back_before_opening)
            self._stack.addWidget(self._help)
        self._help.set_width_class(3 if self.width() >= em(70) else 1)
        self._stack.setCurrentWidget(self._help)
        self._help.enter()

    def _back_before_opening(self) -> None:
        if self._stack.currentWidget() is self.unlock:
            self.unlock.back()
        else:
            self._stack.setCurrentWidget(self.unlock)
            self.unlock.restart_focus()

    def _on_opened(self) -> None:
        from ui.shell.desk import DeskWidget

        self.desk = DeskWidget(self.app)
        self._stack.addWidget(self.desk)
        self._stack.setCurrentWidget(self.desk)
        self.retranslate()
        self.desk.page.enter()

    def _on_closed(self) -> None:
        if self.desk is not None:
            self._stack.setCurrentWidget(self.unlock)
            self._stack.removeWidget(self.desk)
            self.desk.deleteLater()
            self.desk = None
            self.unlock.ask_again()
            self.retranslate()

    def retranslate(self) -> None:
        """Say whose book is open."""
        book = self.app.book
        self.setWindowTitle("hoidesk" if book is None else _("{unit} – hoidesk").format(unit=book.unit.name))

    def restyle(self) -> None:
        """The smallest window that shows every page whole."""
        self.setMinimumSize(min(em(52), 900), min(em(36), 640))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the ground; after the first time tell that the window is there."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().ground)
        painter.end()
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._after_first_paint)

    def _after_first_paint(self) -> None:
        self.painted.emit()
        self.unlock.restart_focus()
        self._make_actions()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and wheel change the text size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.app.step_text(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let a running job end, close the book, then go."""
        self.app.quit()
        super().closeEvent(event)
