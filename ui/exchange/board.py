"""The board: every unit with its last package, receipt and state, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hoidesk.language import _, ngettext
from ui.app import App
from ui.exchange.words import numbered, peer_state
from ui.widgets.boxes import Box, Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.labels import Label
from ui.widgets.messages import EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.exchange.rows import PeerRow

__all__ = ["BoardPanel"]

Open = Callable[[str], object]


class BoardPanel(Box):
    """The list of units; ``go`` opens "send", "receive", "enrol", "receipt" or "tray"."""

    def __init__(self, app: App, go: Open) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._rows: dict[str, PeerRow] = {}
        columns = (
            Column("unit", lambda: _("Unit"), lambda r: Cell(r.name or r.unit)),
            Column(
                "sent", lambda: _("We sent last"), lambda r: Cell(numbered(r.last_sent_number, r.last_sent_at)), 12.6
            ),
            Column(
                "receipt",
                lambda: _("Their receipt"),
                lambda r: Cell(numbered(r.last_receipt_number, r.last_receipt_at)),
                12.6,
                priority=3,
            ),
            Column(
                "received",
                lambda: _("They sent last"),
                lambda r: Cell(numbered(r.last_received_number, r.last_received_at)),
                12.6,
                priority=2,
            ),
            Column("state", lambda: _("State"), lambda r: peer_state(r, datetime.now(UTC)), 16),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Packages and receipts"))
        self.table.opened.connect(lambda _key: go("send"))
        self._summary = Label("", role="text2")
        self.tray = Button(lambda: _("Waits for a person"), icon="list", click=lambda: go("tray"))
        self.send = Button(
            lambda: _("Write a package"), kind="primary", icon="upload", key="Ctrl+Enter", click=lambda: go("send")
        )
        self.receive = Button(lambda: _("Receive packages"), icon="download", click=lambda: go("receive"))
        self.enrol = Button(lambda: _("Enrol a unit"), icon="key", click=lambda: go("enrol"))
        self.receipt = Button(lambda: _("Type a receipt code"), kind="quiet", click=lambda: go("receipt"))
        self._empty = EmptyState(
            lambda: _("This book is not connected with another unit yet."),
            lambda: _("Enrol once with the superior unit or with a subordinate one; then packages can go both ways."),
        )
        acts = row(self.send, self.receive, self.enrol, self.tray, 1, margins=(1.0, 0.8, 1.0, 0.8))
        head = row(
            Label(lambda: _("Packages and receipts"), size=1.21, bold=True),
            1,
            self._summary,
            self.receipt,
            margins=(1.0, 0.7, 1.0, 0.4),
        )
        card = Card(head, self.table, self._empty, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(1, 1)
        self.add(Card(acts, margins=(0, 0, 0, 0)), card)
        self.box.setStretch(1, 1)

    def take(self, rows: list[PeerRow], waits: int) -> None:
        """Show the rows of the board, and how many things wait in the tray."""
        self._rows = {r.unit: r for r in rows}
        self.table.set_keys(list(self._rows))
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self.receipt.setVisible(bool(rows))
        self.send.setVisible(bool(rows))
        self.tray.say(lambda: _("Waits for a person ({n})").format(n=waits) if waits else _("Waits for a person"))
        waiting = sum(1 for r in rows if r.unacknowledged)
        units = ngettext("{n} unit", "{n} units", len(rows)).format(n=len(rows))
        rest = _("{n} without a receipt").format(n=waiting) if waiting else _("all receipts are here")
        self._summary.say(f"{units}: {rest}" if rows else "")
        if rows and self.table.chosen is None:
            self.table.choose_first()

    @property
    def chosen(self) -> PeerRow | None:
        """The unit that is chosen on the board."""
        return self._rows.get(str(self.table.chosen)) if self.table.chosen is not None else None

    @property
    def units(self) -> list[PeerRow]:
        """All units of the board."""
        return list(self._rows.values())

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows[key] for key in keys])
