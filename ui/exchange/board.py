"""The board: every unit with its last package, receipt and state, who is late first, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hoidesk.language import _, ngettext
from hoidesk.text.fold import fold
from ui.app import App
from ui.exchange.words import numbered, peer_advice, peer_name, peer_rank, peer_relation, peer_state
from ui.widgets.boxes import Box, Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.fields import SearchField
from ui.widgets.flow import ChipRow, Flow
from ui.widgets.labels import Label
from ui.widgets.messages import EmptyState, MessageLine
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.exchange.merge.mending import Need
    from hoidesk.exchange.rows import PeerRow

__all__ = ["BoardPanel"]

Open = Callable[[str], object]

_MANY = 8
"""From so many units on the list can be narrowed by typing."""


class BoardPanel(Box):
    """The list of units; ``go`` opens a panel by name, ``mend`` mends the book."""

    def __init__(self, app: App, go: Open, mend: Callable[[], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._rows: dict[str, PeerRow] = {}
        self._now: datetime | None = None
        self._mend = mend
        self._narrow = False
        self.banner = MessageLine()
        self.table = TableView(self._columns(), self._fetch, name=lambda: _("Packages and receipts"))
        self.table.opened.connect(lambda _key: go("packages"))
        self.table.current.connect(lambda _key: self._say_advice())
        self._summary = Label("", role="text2")
        self.tray = Button(lambda: _("Waits for a person"), icon="list", click=lambda: go("tray"))
        self.send = Button(
            lambda: _("Write a package"), kind="primary", icon="upload", key="Ctrl+Enter", click=lambda: go("send")
        )
        self.receive = Button(lambda: _("Receive packages"), icon="download", click=lambda: go("receive"))
        self.enrol = Button(lambda: _("Enrol a unit"), icon="key", click=lambda: go("enrol"))
        self.receipt = Button(lambda: _("Receipt code"), icon="mail", click=lambda: go("receipt"))
        self._empty = EmptyState(
            lambda: _("This book is not connected with another unit yet."),
            lambda: _("Enrol once with the superior unit or with a subordinate one; then packages can go both ways."),
        )
        self.chips = ChipRow(("all", "look", "superior", "subordinate", "sibling"))
        self.chips.picked.connect(lambda _name: self._show())
        self.search = SearchField(
            lambda: _("Filter by name; accents are not needed"), name=lambda: _("Filter the list"), icon=False
        )
        self.search.settled.connect(lambda _text: self._show())
        self._filters = row(self.chips, self.search, margins=(1.0, 0, 1.0, 0.5))
        self._filters.box.setStretch(0, 1)
        acts = Box(
            Flow(self.send, self.receive, self.tray, self.receipt, self.enrol, gap=0.6), margins=(1.0, 0.7, 1.0, 0.7)
        )
        self._head = row(
            Label(lambda: _("Packages and receipts"), size=1.21, bold=True),
            1,
            self._summary,
            margins=(1.0, 0.7, 1.0, 0.4),
        )
        self._advice = Label("", role="text2", wrap=True)
        self._foot = Box(self._advice, margins=(1.0, 0.5, 1.0, 0.5))
        card = Card(self._head, self._filters, self.table, self._empty, self._foot, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(2, 1)
        self.add(self.banner, Card(acts, margins=(0, 0, 0, 0)), card)
        self.box.setStretch(2, 1)

    def set_width_class(self, number: int) -> None:
        """In a narrow window the list alone: what is said above and below it gives way."""
        self._narrow = number == 1
        self.table.set_width_class(number)
        self._head.setVisible(bool(self._rows) and not self._narrow)
        self._say_advice()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("unit", lambda: _("Unit"), lambda r: Cell(peer_name(r))),
            Column("kind", lambda: _("Relation"), lambda r: Cell(peer_relation(r), role="text2"), 8.5, priority=3),
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
            Column("state", lambda: _("State"), lambda r: peer_state(r, self._today()), 16.5),
        )

    def _today(self) -> datetime:
        assert self._now is not None
        return self._now

    def take(self, rows: list[PeerRow], waits: int, need: Need | None, now: datetime) -> None:
        """Show the rows of the board, how many things wait in the tray, and whether the book has to be mended.

        ``now`` is the instant by the office's own date.
        """
        self._now = now
        self._rows = {r.unit: r for r in sorted(rows, key=lambda r: peer_rank(r, now))}
        any_ = bool(rows)
        self.table.setVisible(any_)
        self._head.setVisible(any_ and not self._narrow)
        self._empty.setVisible(not any_)
        self.receipt.setVisible(any_)
        self.send.setVisible(any_)
        self.tray.say(lambda: _("Waits for a person ({n})").format(n=waits) if waits else _("Waits for a person"))
        waiting = sum(1 for r in rows if r.unacknowledged)
        units = ngettext("{n} unit", "{n} units", len(rows)).format(n=len(rows))
        rest = _("{n} without a receipt").format(n=waiting) if waiting else _("all receipts are here")
        self._summary.say(f"{units}: {rest}" if rows else "")
        self._say_chips()
        self._say_need(need)
        self._show()
        if any_ and self.table.chosen is None:
            self.table.choose_first()

    def _say_need(self, need: Need | None) -> None:
        if need is None:
            self.banner.say("")
            return
        from hoidesk.exchange.merge.mending import need_sentence

        button = Button(lambda: _("Mend the book"), kind="primary", icon="refresh-cw", click=self._mend)
        self.banner.say(lambda: need_sentence(need), "bad", button)

    def _say_chips(self) -> None:
        rows = list(self._rows.values())
        look = sum(1 for r in rows if self._to_look(r))
        words: dict[str, Any] = {"all": lambda: _("All ({n})").format(n=len(rows))}
        if look:
            words["look"] = lambda: _("To look at ({n})").format(n=look)
        kinds = {kind: sum(1 for r in rows if r.relation == kind) for kind in ("superior", "subordinate", "sibling")}
        if sum(1 for count in kinds.values() if count) > 1:
            for kind, count in kinds.items():
                if count:
                    words[kind] = lambda kind=kind, count=count: _relation(kind).format(n=count)
        self.chips.say(words)
        self._filters.setVisible(len(rows) >= _MANY)

    def _to_look(self, one: PeerRow) -> bool:
        return bool(one.missing or one.waiting) or one.days_late(self._today()) >= 1

    def _show(self) -> None:
        name = self.chips.current if self._filters.isVisibleTo(self) else "all"
        typed = fold(self.search.text()) if self._filters.isVisibleTo(self) else ""
        keys = [
            unit
            for unit, one in self._rows.items()
            if (name == "all" or (self._to_look(one) if name == "look" else one.relation == name))
            and (not typed or typed in fold(f"{peer_name(one)} {unit}"))
        ]
        self.table.set_keys(keys)
        self.table.ids.refresh_rows()
        self._say_advice()

    def _say_advice(self) -> None:
        one = self.chosen
        text = peer_advice(one, self._today()) if one is not None and self._now is not None else ""
        self._advice.say(text)
        self._foot.setVisible(bool(text) and not self._narrow)

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


def _relation(kind: str) -> str:
    words = {
        "superior": _("Superior ({n})"),
        "subordinate": _("Subordinate ({n})"),
        "sibling": _("Other PCs of this unit ({n})"),
    }
    return words[kind]
