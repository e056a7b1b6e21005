"""Records chosen to go whole to another unit: what goes extra with the next package, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day
from ui.actions import Act
from ui.app import App
from ui.records.page import SubjectPage
from ui.shell.page import Desk, Page
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.labels import Label
from ui.widgets.messages import EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.exchange.details import DetailRow

__all__ = ["DetailsPage", "build", "offer_whole"]


def offer_whole(page: SubjectPage, app: App, desk: Desk) -> Button:
    """Add the act that lets the superior unit have the shown record whole; it leads to the list of such records."""

    def choose() -> None:
        from hoidesk.book.operations import operations

        record = page.panel.record
        if record is not None:
            given = {"table": page.subject.table, "id": record.id}
            app.write(page, operations()["detail.allow"].parse(given), lambda _o: desk.go("details"), page.fail)

    button = Button(lambda: _("Send whole to the superior unit"), kind="quiet", icon="upload", click=choose)
    page.panel.add_act(button, lambda _record: app.book is not None and app.book.role.value == "officer")
    return button


class DetailsPage(Page):
    """One line a record; what has arrived stays in the list and cannot be taken back."""

    tables = frozenset({"meeting", "agenda_item", "petition"})

    def __init__(self, app: App, desk: Desk) -> None:
        self._rows: list[DetailRow] = []
        super().__init__(app, desk)
        columns = (
            Column("title", lambda: _("Record"), self._title),
            Column("peer", lambda: _("For"), lambda one: Cell(app.unit_name(one.peer)), width=12, priority=2),
            Column("on", lambda: _("Chosen on"), lambda one: Cell(show_day(one.chosen_on)), width=8, priority=2),
            Column("state", lambda: _("State"), self._state, width=13),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Records sent whole"), row_height=3.2)
        self.empty = EmptyState(
            lambda: _("No record was chosen to be sent whole."),
            lambda: _("Open a meeting or a petition and press “Send whole to the superior unit”."),
        )
        self.revoke_button = Button(lambda: _("Do not send it"), icon="undo", click=self.revoke)
        lead = Label(
            lambda: _("These go with the next package beyond what always goes. Names and phones stay in the office."),
            role="text2",
            wrap=True,
        )
        back = Button(lambda: _("Back"), icon="arrow-left", key=Act.BACK, click=desk.back)
        head = row(back, lead, self.revoke_button, margins=(0.9, 0.6, 0.9, 0.6))
        head.box.setStretch(1, 1)
        self.card = Card(head, self.table, self.empty, margins=(0, 0, 0, 0), gap=0)
        self.card.content.box.setStretch(1, 1)
        self.body.addWidget(self.card, 1)
        self.handlers = {Act.BACK: desk.back}
        self.restyle()

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Records sent whole")

    def opened(self) -> None:
        """What was chosen lies in no table that tells its changes: read it at every opening."""
        self.refresh()
        self.enter()

    def refresh(self) -> None:
        """Read the list."""
        from hoidesk.exchange.details import details_listed

        self.ask(details_listed, self._take)

    def _take(self, found: Sequence[DetailRow]) -> None:
        self._rows = list(found)
        self.table.set_keys(list(range(len(self._rows))))
        self.table.setVisible(bool(self._rows))
        self.empty.setVisible(not self._rows)
        self.revoke_button.setVisible(bool(self._rows))
        if self._rows and self.table.chosen is None:
            self.table.choose_first()

    def _title(self, one: DetailRow) -> Cell:
        from hoidesk.book.registry import registry

        kind = _(registry()[one.table].info.label)
        lines = ngettext("{count} item of the minutes", "{count} items of the minutes", one.lines)
        second = f"{kind}, {lines.format(count=one.lines)}" if one.table == "meeting" else kind
        return Cell(" ".join(one.title.split()), second=second)

    def _state(self, one: DetailRow) -> Cell:
        if one.arrived:
            return Cell(_("Has arrived"), icon="check", tone="ok")
        return Cell(_("Goes with the next package"), chip=True, tone="warn")

    def revoke(self) -> None:
        """Take the chosen record back."""
        from hoidesk.book.operations import operations

        chosen: Any = self.table.chosen
        if chosen is not None and chosen < len(self._rows):
            one = self._rows[chosen]
            given = {"table": one.table, "id": one.id, "peer": one.peer}
            self.message.say("")
            self.app.write(self, operations()["detail.revoke"].parse(given), lambda _o: self.refresh(), self.fail)

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows[key] if key < len(self._rows) else None for key in keys])

    def enter(self) -> None:
        """Begin in the list."""
        self.table.setFocus()

    def set_width_class(self, number: int) -> None:
        """Fewer columns in a narrow window."""
        super().set_width_class(number)
        self.table.set_width_class(number)


def build(app: App, desk: Desk) -> Page:
    """The page of records sent whole."""
    return DetailsPage(app, desk)
