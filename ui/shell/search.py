"""Search over everything: results of all subjects in one list, found without accents and in any word order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.shell.page import Desk, Page
from ui.widgets.boxes import Card, row
from ui.widgets.cells import Cell, Column
from ui.widgets.labels import Label
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import Words

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["SearchPage", "build"]

# Where a record of a table is shown.
PAGES = {
    "area": "areas",
    "unit": "areas",
    "cluster": "areas",
    "association": "associations",
    "branch": "branches",
    "meeting": "meetings",
    "agenda_item": "meetings",
    "petition": "petitions",
    "forwarded_petition": "forwarded",
    "registration": "registrations",
    "target": "registrations",
    "limitation": "registrations",
    "assessment": "assessments",
    "paper": "reports",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found."""

    table: str
    kind: str
    id: UUID
    title: str


def find(connection: Connection, text: str) -> list[Hit]:
    """What the core finds, in the order of the pages."""
    from hoidesk.book.registry import registry
    from hoidesk.book.search import search

    known = registry()
    hits = []
    for number, id_, title in search(connection, text):
        table = known[number]
        if table.name in PAGES:
            hits.append(Hit(table.name, _(table.info.label), id_, title))
    return hits


class SearchPage(Page):
    """The results; Enter opens a record on its own page."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk)
        self._text = ""
        self._hits: dict[UUID, Hit] = {}
        columns = (
            Column("title", lambda: _("Record"), lambda hit: Cell(hit.title)),
            Column("kind", lambda: _("Kind"), lambda hit: Cell(hit.kind, role="text2"), width=14),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Search results"))
        self.table.opened.connect(self._open)
        self._count = Label("", role="text2")
        card = Card(row(self._count, margins=(1.0, 0.8, 1.0, 0.2)), self.table, margins=(0, 0, 0, 0), gap=0.2)
        self.body.addWidget(card, 1)
        self.handlers = {Act.BACK: desk.back}

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Search")

    def search(self, text: str) -> None:
        """Show what is found for ``text``."""
        self._text = text
        if not text:
            self._show([])
            return
        self.ask(lambda connection: (text, find(connection, text)), self._take)

    def refresh(self) -> None:
        """Search again."""
        self.search(self._text)

    def enter(self) -> None:
        """Go to the results."""
        if self._hits:
            self.table.setFocus()
            if self.table.chosen is None:
                self.table.choose_first()

    def _take(self, answer: tuple[str, list[Hit]]) -> None:
        if answer[0] == self._text:
            self._show(answer[1])

    def _show(self, hits: Sequence[Hit]) -> None:
        self._hits = {hit.id: hit for hit in hits}
        self.table.set_keys(list(self._hits))
        self._count.say(self._words)

    def _words(self) -> str:
        if not self._text:
            return _("Type any words of a name or a text; accents are not needed.")
        if not self._hits:
            return _("Nothing was found for “{text}”. Try fewer words.").format(text=self._text)
        return _("Found: {count}").format(count=len(self._hits))

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._hits.get(key) for key in keys])

    def _open(self, key: UUID) -> None:
        hit = self._hits.get(key)
        if hit is not None:
            self.desk.go(PAGES[hit.table], hit.id)


def build(app: App, desk: Desk) -> Page:
    """The page of search results."""
    return SearchPage(app, desk)
