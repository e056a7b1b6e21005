"""The desk: menu, header, one page, footer. Pages are built when they are first opened."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.actions import Act, Handlers
from ui.app import App
from ui.shell.counts import Counts
from ui.shell.footer import Footer
from ui.shell.header import DayPanel, Header
from ui.shell.navigation import Navigation
from ui.shell.page import Page
from ui.shell.places import place
from ui.shell.search import SearchPage
from ui.theme import em, follow, follow_language
from ui.widgets.boxes import Box
from ui.widgets.messages import MessageLine

__all__ = ["DeskWidget", "width_class"]


def width_class(pixels: int) -> int:
    """3 wide, 2 middle, 1 narrow: the width of the window in em decides, not the text size."""
    ems = pixels / em()
    return 3 if ems >= 90 else 2 if ems >= 70 else 1


class DeskWidget(QWidget):
    """Everything after the book was opened."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._pages: dict[str, Page] = {}
        self._trail: list[str] = []
        self._current = ""
        self._class = 3
        self.navigation = Navigation()
        self.header = Header(app)
        self.footer = Footer(app)
        self.message = MessageLine()
        self.stack = QStackedWidget()
        self._day_panel = DayPanel(app)
        self._day_panel.setParent(self)
        self._lay_out()
        self._connect()
        self._counts = Counts(app, self.navigation.show_counts, self)
        follow(self)
        follow_language(self)
        self._name_unit()
        self.go("home")
        if app.book is not None and app.book.notices:
            self.say(" ".join(app.book.notices), "warn")

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.header)
        self._message_row = Box(self.message, margins=(1.1, 0.6, 1.1, 0))
        self._message_row.hide()
        right.addWidget(self._message_row)
        right.addWidget(self.stack, 1)
        right.addWidget(self.footer)
        self._row.addWidget(self.navigation)
        self._row.addLayout(right, 1)

    def _connect(self) -> None:
        app = self._app
        self.navigation.asked.connect(self._from_menu)
        self.header.searched.connect(self._search)
        self.header.into_results.connect(self._into_results)
        self.header.menu_asked.connect(self.toggle_menu)
        self.header.day_asked.connect(self._open_day)
        self.header.user_asked.connect(lambda: self.go("settings"))
        self._day_panel.done.connect(self._focus_page)
        app.refused.connect(self._on_refused)
        app.faulted.connect(self._on_fault)
        app.changed.connect(self._on_changed)

    # -- what pages ask

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self._pages[self._current]

    @property
    def current(self) -> str:
        """The id of the page that is open."""
        return self._current

    def go(self, place_id: str, record: UUID | None = None, only: str = "") -> None:
        """Open a page, at a record if one is named, or a part of it."""
        if place_id not in self._pages:
            page = place(place_id).build(self._app, self)
            self._pages[place_id] = page
            self.stack.addWidget(page)
            page.set_width_class(self._class)
        if self._current and self._current != place_id:
            self._trail = [*self._trail[-20:], self._current]
        if self._current == "search" and place_id != "search":
            self.header.search.clear()
        self._current = place_id
        page = self._pages[place_id]
        self.stack.setCurrentWidget(page)
        self.navigation.show_current(place_id)
        self.title_changed()
        page.opened()
        if record is not None:
            page.show_record(record)
        if only:
            page.show_only(only)
        self._hide_overlay()

    def back(self) -> None:
        """Open the page before this one, or the home page."""
        target = self._trail.pop() if self._trail else "home"
        if target != self._current:
            self.go(target)
            if self._trail:
                self._trail.pop()

    def title_changed(self) -> None:
        """Read the title of the page again."""
        self.header.title.say(self.page.title())

    def say(self, words: str, role: str = "bad") -> None:
        """Show a message of the whole program under the header, or take it away."""
        self.message.say(words, role)
        self._message_row.setVisible(bool(words))

    # -- acts

    def handlers(self) -> Handlers:
        """What the desk does for acts that its page does not take."""
        acts: Handlers = {
            Act.SEARCH: self._focus_search,
            Act.NAVIGATION: self.toggle_menu,
            Act.EXCHANGE: lambda: self.go("exchange"),
            Act.HELP: lambda: self.go("help", only=self._current),
            Act.SHORTCUTS: lambda: self.go("shortcuts"),
            Act.UNDO: lambda: self._app.undo(self),
            Act.REDO: lambda: self._app.redo(self),
            Act.LARGER: lambda: self._app.step_text(1),
            Act.SMALLER: lambda: self._app.step_text(-1),
            Act.NORMAL_SIZE: lambda: self._app.step_text(0),
            Act.BACK: self._escape,
            Act.NEXT_PANE: self._next_pane,
            Act.PREVIOUS_PANE: self._next_pane,
        }
        ids = self.navigation.ids()
        for number, id_ in enumerate(ids[:9], start=1):
            acts[Act[f"PAGE_{number}"]] = partial(self.go, id_)
        acts |= self.page.handlers
        if self._over_page():
            acts[Act.BACK] = self._escape
        return acts

    def _over_page(self) -> bool:
        """Whether the menu or the day panel lies over the page: Esc closes them first."""
        return (self._class < 3 and self.navigation.isVisible()) or self._day_panel.isVisible()

    def toggle_menu(self) -> None:
        """Show the menu: in a wide window it only gets the focus, else it lies over the page."""
        if self._class == 3:
            self.navigation.focus_current()
        elif self.navigation.isVisible():
            self._hide_overlay()
            self._focus_page()
        else:
            self.navigation.show()
            self.navigation.raise_()
            self._place_overlay()
            self.navigation.focus_current()

    def _escape(self) -> None:
        if self._class < 3 and self.navigation.isVisible():
            self._hide_overlay()
        elif self._day_panel.isVisible():
            self._day_panel.hide()
        elif self._current in ("search", "shortcuts", "help"):
            self.back()
            return
        self._focus_page()

    def _next_pane(self) -> None:
        inside = self.navigation.isAncestorOf(self.focusWidget() or self)
        if inside or self._class < 3:
            self._focus_page()
        else:
            self.navigation.focus_current()

    def _focus_page(self) -> None:
        self.page.enter()

    def _focus_search(self) -> None:
        self.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search.selectAll()

    def _from_menu(self, id_: str) -> None:
        self.go(id_)

    def _search(self, text: str) -> None:
        if not text and self._current != "search":
            return
        if self._current != "search":
            self.go("search")
            self.header.search.setFocus()
        page = self.page
        assert isinstance(page, SearchPage)
        page.search(text)

    def _into_results(self) -> None:
        if self._current == "search":
            self.page.enter()

    def _open_day(self) -> None:
        self._day_panel.adjustSize()
        width = self._day_panel.sizeHint().width()
        self._day_panel.move(self.width() - width - em(4), em(3.5) + 2)
        self._day_panel.open()

    def _on_changed(self, _changes: object) -> None:
        self.say("")

    def _on_refused(self, refusal: Refusal) -> None:
        self.say(refusal.text)

    def _on_fault(self, fault: str) -> None:
        words = _("The program made a mistake; nothing was lost. Please note: {fault}").format(fault=fault)
        self.say(words)

    # -- look

    def _name_unit(self) -> None:
        book = self._app.book
        if book is not None:
            self.navigation.show_unit(book.unit.name, self._tier_words)

    def _tier_words(self) -> str:
        from hoidesk.presets import DEFAULT_LABELS, choices

        book = self._app.book
        if book is None:
            return ""
        tier = choices("tiers", self._app.labels or DEFAULT_LABELS).get(book.unit.tier, "")
        return _("Front of the {tier}").format(tier=tier[:1].lower() + tier[1:])

    def retranslate(self) -> None:
        """Say the title of the page again."""
        if self._current:
            self.title_changed()

    def restyle(self) -> None:
        """Text size decides the width class too."""
        self._apply_class()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width of the window."""
        super().resizeEvent(event)
        self._apply_class()
        self._place_overlay()

    def _apply_class(self) -> None:
        number = width_class(self.width() or em(97))
        if number == 3 and self._row.indexOf(self.navigation) < 0:
            self._row.insertWidget(0, self.navigation)
            self.navigation.show()
        elif number < 3 and self._row.indexOf(self.navigation) >= 0:
            self._row.removeWidget(self.navigation)
            self.navigation.hide()
        if number != self._class:
            self._class = number
            self.header.set_width_class(number)
            for page in self._pages.values():
                page.set_width_class(number)

    def _place_overlay(self) -> None:
        if self._class < 3:
            self.navigation.setGeometry(0, em(3.5), self.navigation.width(), self.height() - em(3.5))

    def _hide_overlay(self) -> None:
        if self._class < 3:
            self.navigation.hide()
