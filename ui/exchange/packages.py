"""The packages sent to a unit and received from it, with what became of their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.numbers import show_count
from ui.app import App
from ui.exchange.received_words import counts_sentence
from ui.exchange.words import day_of, peer_name, relation_words, size_words
from ui.widgets.boxes import Box, Card
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.flow import ChipRow, Flow
from ui.widgets.labels import Label
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.exchange.rows import PeerRow, ReceivedRow, SentRow

__all__ = ["PackagesPanel"]


class PackagesPanel(Box):
    """Two lists under two filters; the sheet of a sent package, the receipt code in both directions, a new package."""

    def __init__(
        self,
        app: App,
        leave: Callable[[], None],
        fail: Callable[[Refusal], None],
        go: Callable[[str], object],
        sheet: Callable[[int], object],
    ) -> None:
        super().__init__(gap=0.8)
        self._app, self._fail_page = app, fail
        self._peer: PeerRow | None = None
        self.sent_rows: list[SentRow] = []
        self.received_rows: list[ReceivedRow] = []
        self._title = Label("", size=1.21, bold=True, wrap=True)
        self._lead = Label("", role="text2", wrap=True)
        self.chips = ChipRow(("sent", "received"))
        self.chips.picked.connect(lambda _name: self._show())
        self.sent = TableView(self._sent_columns(), self._fetch_sent, name=lambda: _("Packages sent"), row_height=3.4)
        self.received = TableView(
            self._received_columns(), self._fetch_received, name=lambda: _("Packages received"), row_height=3.4
        )
        for table in (self.sent, self.received):
            table.current.connect(lambda _key: self._say_one())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sent)
        self._stack.addWidget(self.received)
        self.sheet = Button(lambda: _("Handover sheet (A5)"), icon="printer", click=lambda: self._sheet_of(sheet))
        self.receipt = Button(lambda: _("Receipt code"), click=lambda: go("receipt"))
        self.write = Button(
            lambda: _("Write a package"), kind="primary", icon="upload", key="Ctrl+Enter", click=lambda: go("send")
        )
        back = Button(lambda: _("Back"), key="Esc", click=leave)
        self._digits = Label("", bold=True, wrap=True)
        acts = Flow(self.write, self.sheet, self.receipt, back, gap=0.6)
        head = Box(self._title, self._lead, self.chips, gap=0.3, margins=(1.0, 0.7, 1.0, 0.5))
        card = Card(head, self._stack, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(1, 1)
        self.add(card, Card(self._digits, acts, margins=(1.1, 0.6, 1.1, 0.6)))
        self.box.setStretch(0, 1)

    def _sent_columns(self) -> tuple[Column, ...]:
        return (
            Column("number", lambda: _("Number"), lambda r: Cell(_package(r.number), second=day_of(r.made_at)), 9),
            Column("holds", lambda: _("What it holds"), lambda r: Cell(_holds(r), second=size_words(r.size)), 15),
            Column("became", lambda: _("What became of it"), lambda r: Cell(_became(r), second="; ".join(r.reasons))),
            Column("state", lambda: _("State"), _sent_state, 15, priority=2),
        )

    def _received_columns(self) -> tuple[Column, ...]:
        return (
            Column("number", lambda: _("Number"), lambda r: Cell(_package(r.number), second=day_of(r.received_at)), 9),
            Column(
                "became",
                lambda: _("What became of it"),
                lambda r: Cell(counts_sentence(r.counts), second="; ".join(r.reasons)),
            ),
        )

    def begin(self, peer: PeerRow) -> None:
        """Show the packages of this unit."""
        self._peer = peer
        self._title.say(lambda: peer_name(peer))
        self._lead.say(lambda: relation_words(peer))

        def read(connection: Any) -> tuple[list[SentRow], list[ReceivedRow]]:
            from hoidesk.exchange.rows import received_packages, sent_packages

            return sent_packages(connection, peer.unit), received_packages(connection, peer.unit)

        self._app.read(self, read, self._take, self._fail_page)

    def _take(self, found: tuple[list[SentRow], list[ReceivedRow]]) -> None:
        self.sent_rows, self.received_rows = found
        self.sent.set_keys(list(range(len(self.sent_rows))))
        self.received.set_keys(list(range(len(self.received_rows))))
        for table in (self.sent, self.received):
            table.ids.refresh_rows()
            table.choose_first()
        self.chips.say(
            {
                "sent": lambda: _("Sent ({n})").format(n=len(self.sent_rows)),
                "received": lambda: _("Received ({n})").format(n=len(self.received_rows)),
            }
        )
        self._show()

    def set_width_class(self, number: int) -> None:
        """Fewer columns in a narrow window."""
        self.sent.set_width_class(number)
        self.received.set_width_class(number)
        self._lead.setVisible(number > 1)

    def _show(self) -> None:
        table = self.sent if self.chips.current == "sent" else self.received
        self._stack.setCurrentWidget(table)
        table.setFocus()
        self._say_one()

    def _current_sent(self) -> SentRow | None:
        key = self.sent.chosen
        return self.sent_rows[key] if isinstance(key, int) and key < len(self.sent_rows) else None

    def _say_one(self) -> None:
        from hoidesk.exchange.trust.keys import groups_of_four

        sent = self.chips.current == "sent"
        one = self._current_sent()
        key = self.received.chosen
        self.sheet.setVisible(sent and one is not None and one.delivered_at is not None)
        digits = ""
        if sent and one is not None:
            digits = one.digits
        elif not sent and isinstance(key, int) and key < len(self.received_rows):
            digits = self.received_rows[key].digits
        self._digits.say(_("Digits of the package: {digits}").format(digits=groups_of_four(digits)) if digits else "")

    def _sheet_of(self, sheet: Callable[[int], object]) -> None:
        one = self._current_sent()
        if one is not None:
            sheet(one.number)

    def _fetch_sent(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self.sent_rows[key] for key in keys])

    def _fetch_received(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self.received_rows[key] for key in keys])


def _package(number: int) -> str:
    return _("Package {number}").format(number=number)


def _holds(one: SentRow) -> str:
    if one.kind == "receipt":
        return _("Only receipts")
    return ngettext("{n} record", "{n} records", one.rows).format(n=show_count(one.rows))


def _became(one: SentRow) -> str:
    if one.receipt is not None:
        return counts_sentence(one.receipt)
    if one.acknowledged_at is not None:
        return _("It arrived; the counts came with a later package or by paper")
    if one.delivered_at is None:
        return _("It never reached a stick")
    return "" if one.kind == "receipt" else _("Not known yet; the next package holds its content too")


def _sent_state(one: SentRow) -> Cell:
    if one.acknowledged_at is not None:
        return Cell(_("Arrived, {day}").format(day=day_of(one.acknowledged_at)), tone="ok", chip=True)
    if one.delivered_at is None:
        return Cell(_("Not delivered"), tone="neutral", icon="circle-minus", chip=True)
    if one.kind == "receipt":
        return Cell("")
    return Cell(_("Waits for a receipt"), tone="warn", icon="clock", chip=True)
