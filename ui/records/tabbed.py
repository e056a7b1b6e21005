"""Several lists of one subject on one page, behind tabs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from ui.actions import Handlers
from ui.app import App
from ui.records.page import SubjectPage
from ui.shell.page import Desk, Page
from ui.theme import em
from ui.widgets.tabs import Tabs
from ui.widgets.words import Words

__all__ = ["TabbedPage"]


class TabbedPage(Page):
    """Hands everything to the list whose tab is open. A record is looked for in the list of its table."""

    def __init__(self, app: App, desk: Desk, title: Words, pages: Sequence[SubjectPage]) -> None:
        self._title = title
        self.pages = tuple(pages)
        super().__init__(app, desk)
        self.tabs = Tabs(indent=0.6)
        for page in self.pages:
            self.tabs.add(page.subject.title, page)
        self.body.addWidget(self.tabs, 1)
        self.tabs.bar.currentChanged.connect(self._on_tab)
        self.restyle()

    @property
    def page(self) -> SubjectPage:
        """The list whose tab is open."""
        return self.pages[max(0, self.tabs.bar.currentIndex())]

    @property
    def handlers(self) -> Handlers:
        """What the open list does."""
        return self.page.handlers

    @handlers.setter
    def handlers(self, _handlers: Handlers) -> None:
        """The lists have handlers of their own."""

    def title(self) -> Words:
        """The words in the header."""
        return self._title

    def refresh(self) -> None:
        """Each list refreshes itself when its tables are written."""

    def opened(self) -> None:
        """The open list reads again if it has to, and takes the focus."""
        self.page.opened()

    def enter(self) -> None:
        """Begin in the open list."""
        self.page.enter()

    def open_tab(self, number: int) -> None:
        """Open the list behind a tab."""
        self.tabs.bar.setCurrentIndex(number)

    def show_record(self, record: UUID) -> None:
        """Open a record in the list of its table."""
        from hoidesk.book.rows import record as read

        tables = [page.subject.table for page in self.pages]

        def open_in(number: int) -> None:
            self.open_tab(number)
            self.pages[number].show_record(record)

        def find(connection: object) -> int:
            found = (n for n, name in enumerate(tables) if read(connection, name, record) is not None)  # type: ignore[arg-type]
            return next(found, 0)

        self.ask(find, open_in)

    def show_only(self, what: str) -> None:
        """Hand on to the open list."""
        self.page.show_only(what)

    def set_width_class(self, number: int) -> None:
        """Hand on to every list."""
        super().set_width_class(number)
        for page in getattr(self, "pages", ()):
            page.set_width_class(number)

    def restyle(self) -> None:
        """The lists have margins of their own."""
        self.body.setContentsMargins(0, em(0.3), 0, 0)

    def _on_tab(self, _number: int) -> None:
        self.page.opened()
