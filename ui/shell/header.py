"""The head of every page: title, search, the day the register is shown as on, text size, user."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.text.dates import parse_day, show_day, today
from ui.app import App
from ui.theme import colours, em, follow, follow_language
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField, SearchField, mark_wrong
from ui.widgets.labels import ElidedLabel, Label, Note

__all__ = ["DayPanel", "Header"]


class _HeaderSearch(SearchField):
    """Down and Enter go to the results."""

    into_results = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter uses the text at once; Down goes to the results; Esc empties the field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.settle_now()
            self.into_results.emit()
            return
        super().keyPressEvent(event)


class Header(QFrame):
    """Title and tools. ``searched`` carries the text of the search field."""

    searched = Signal(str)
    into_results = Signal()
    menu_asked = Signal()
    day_asked = Signal()
    user_asked = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._menu = Button(lambda: _("Menu"), icon="menu", click=self.menu_asked.emit)
        self.title = ElidedLabel("", size=1.43, bold=True, role="text", end=True)
        self.search = _HeaderSearch(self._search_words, name=lambda: _("Search the whole book"))
        self.search.settled.connect(self.searched)
        self.search.into_results.connect(self.into_results)
        self._day = Button(self._day_words, icon="calendar", click=self.day_asked.emit)
        self._smaller = Button("A−", click=lambda: app.step_text(-1))
        self._larger = Button("A+", click=lambda: app.step_text(1))
        self._user = Button(self._user_words, kind="quiet", icon="user", click=self.user_asked.emit)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._menu)
        self._row.addWidget(self.title, 1)
        for widget in (self.search, self._day, self._smaller, self._larger, self._user):
            self._row.addWidget(widget)
        app.day_changed.connect(self._day.retranslate)
        app.opened.connect(self._user.retranslate)
        follow(self)
        follow_language(self)
        self.set_width_class(3)

    def _search_words(self) -> str:
        if getattr(self, "_class", 3) < 3:
            return _("Search  (Ctrl+F)")
        return _("Search the book  (Ctrl+F)")

    def _day_words(self) -> str:
        if self._app.as_of is None:
            return _("Today, {day}").format(day=show_day(today()))
        return _("As on {day}").format(day=show_day(self._app.as_of))

    def _user_words(self) -> str:
        return self._app.book.user if self._app.book is not None else ""

    def retranslate(self) -> None:
        """Name the two letters for screen readers."""
        self._smaller.setAccessibleName(_("Smaller text"))
        self._larger.setAccessibleName(_("Larger text"))

    def restyle(self) -> None:
        """Compute the sizes again."""
        self.setFixedHeight(em(3.5))
        self._row.setContentsMargins(em(1.2), 0, em(1.2), 0)
        self._row.setSpacing(em(0.6))
        self._fit()

    def set_width_class(self, number: int) -> None:
        """Narrow: the day and the user move into the menu. Middle and narrow: the menu gets a button."""
        self._class = number
        self._menu.setVisible(number < 3)
        self._day.setVisible(number > 1)
        self._user.setVisible(number > 1)
        self.search.retranslate()
        self._fit()

    def _fit(self) -> None:
        self.search.setFixedWidth(em({3: 21, 2: 11.5, 1: 12}.get(getattr(self, "_class", 3), 21)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """White paper over a hairline."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(colours().line))
        painter.end()


class DayPanel(Card):
    """Asks for the day the register is shown as on; it lies under the day button, over the page."""

    done = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        label = Label(lambda: _("Show the register as on the day"), bold=True)
        self._field = LineField(width=8)
        label.setBuddy(self._field)
        self._error = Note()
        self._error.hide()
        self._field.returnPressed.connect(self._take)
        self._field.textChanged.connect(self._forget_error)
        show = Button(lambda: _("Show"), kind="primary", key="Enter", click=self._take)
        now = Button(lambda: _("Today"), click=self._today)
        self.add(label, row(self._field, show, now, 1), self._error)
        self.hide()

    def _forget_error(self, _text: str) -> None:
        self._error.say("")
        mark_wrong(self._field, False)

    def open(self) -> None:
        """Show the panel with the day in use."""
        day = self._app.as_of
        self._field.setText("" if day is None else show_day(day))
        self.show()
        self.raise_()
        self._field.setFocus()
        self._field.selectAll()

    def _take(self) -> None:
        try:
            day = parse_day(self._field.text(), today())
        except UserError as error:
            self._error.say(error.text)
            mark_wrong(self._field, True)
            return
        self._show(None if day == today() else day)

    def _today(self) -> None:
        self._show(None)

    def _show(self, day: date | None) -> None:
        self.hide()
        self._app.look_at(day)
        self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.done.emit()
            return
        super().keyPressEvent(event)
