"""The tray: one list of everything about packages that a person has to know or decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from hoidesk.errors import Refusal
from hoidesk.language import N_, _
from ui.app import App
from ui.exchange.tray_panes import ChoicesPane, fact_rows
from ui.exchange.tray_words import KINDS, item_lead, item_second, item_title, kind_words
from ui.widgets.boxes import Box, Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.fields import LineField
from ui.widgets.flow import ChipRow
from ui.widgets.labels import Label
from ui.widgets.messages import ActionBar, EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.book.operations import Operation
    from hoidesk.exchange.decide.tray import Item, Tray

__all__ = ["TrayPanel"]

_SETTLED, _TWICE = "settled", "twice"


class TrayPanel(Box):
    """Filters above, the list at the left, what is to be decided at the right, the acts below.

    ``go`` opens another panel of the page; ``told`` is called after something was settled.
    """

    def __init__(
        self,
        app: App,
        leave: Callable[[], None],
        fail: Callable[[Refusal], None],
        go: Callable[[str], object],
        told: Callable[[], None],
    ) -> None:
        super().__init__(gap=0.8)
        self._app, self._fail_page, self._go, self._told = app, fail, go, told
        self._items: dict[Any, Item] = {}
        self._tray: Tray | None = None
        self.chips = ChipRow(("all", *KINDS, _TWICE, _SETTLED))
        self.chips.picked.connect(self._on_chip)
        columns = (
            Column("what", lambda: _("Record"), lambda i: Cell(item_title(i), second=item_second(app, i))),
            Column("kind", lambda: _("What it is"), self._kind_cell, 15.5, priority=2),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Waits for a person"), row_height=3.4)
        self.table.current.connect(lambda _key: self._show_current())
        self._title = Label("", size=1.21, bold=True, wrap=True)
        self._lead = Label("", role="text2", wrap=True)
        self.choices = ChoicesPane(app)
        self.choices.changed.connect(self._say_choices)
        self.table.opened.connect(lambda _key: self._open())
        self._facts: QWidget = column()
        self.reason = LineField()
        self._reason_label = Label(lambda: _("Why it is left out"), wrap=True)
        self._reason_label.setBuddy(self.reason)
        self._reason_row = column(self._reason_label, self.reason, gap=0.3)
        self._inside = column(self.choices, self._reason_row, self._facts, 1, gap=0.6)
        self._narrow = self._inner = False
        self._leave = leave
        self._build()

    def _build(self) -> None:
        self.act = Button("", kind="primary", icon="check", key="Ctrl+Enter", click=self.settle_current)
        self.other = Button("", click=self.leave_current)
        self.bar = ActionBar(Button(lambda: _("Back"), key="Esc", click=self.back), self.other, self.act, lead="")
        self._empty = EmptyState(
            lambda: _("Nothing waits for you here."),
            lambda: _("What a package brings and a person has to decide appears here after receiving."),
        )
        self._list = Card(self.table, self._empty, margins=(0, 0, 0, 0), gap=0)
        self._list.content.box.setStretch(0, 1)
        self._side = Card(self._title, self._lead, Scroll(self._inside), gap=0.6)
        self._side.content.box.setStretch(2, 1)
        self._pair = row(self._list, self._side, gap=0.8)
        self._pair.box.setStretch(0, 5)
        self._pair.box.setStretch(1, 7)
        self._top = Card(self.chips, margins=(0.9, 0.6, 0.9, 0.6))
        self.add(self._top, self._pair, Card(self.bar, margins=(0, 0, 0, 0)))
        self.box.setStretch(1, 1)

    def set_narrow(self, on: bool) -> None:
        """One pane at a time where there is no room side by side: Enter into it, Esc back to the list."""
        self._narrow = on
        self._show_current()

    def _open(self) -> None:
        self._inner = True
        self._show_current()
        self.choices.focus_open() if self.choices.isVisible() else self.act.setFocus()

    def back(self) -> None:
        """Back to the list where only what is to be decided is shown, else to the list of units."""
        if self._narrow and self._inner:
            self._inner = False
            self._show_current()
            self.table.setFocus()
        else:
            self._leave()

    # Reading

    def _on_chip(self, name: str) -> None:
        if name == _TWICE:  # two records side by side need a panel of their own
            self.chips.pick("all")
            self._go("duplicates")
        else:
            self.reload()

    def begin(self, kind: str = "all") -> None:
        """Show the tray, only things of one kind if one is named."""
        self._inner = False
        self.chips.pick(kind)
        self.table.setFocus()

    def reload(self) -> None:
        """Read the tray again."""
        settled = self.chips.current == _SETTLED

        def read(connection: Any) -> tuple[Tray, Tray]:
            from hoidesk.exchange.decide.tray import tray

            found = tray(connection)
            return found, tray(connection, settled=True) if settled else found

        self._app.read(self, read, self._take, self._fail_page)

    def _take(self, answer: tuple[Tray, Tray]) -> None:
        open_, shown = answer
        place = list(self._items).index(self.table.chosen) if self.table.chosen in self._items else 0
        self._say_chips(open_)
        kind = self.chips.current
        self._tray = shown
        self._items = {(i.kind, i.key): i for i in shown.items if kind in ("all", _SETTLED, i.kind)}
        self.table.set_keys(list(self._items))
        self.table.ids.refresh_rows()
        any_ = bool(self._items)
        self.table.setVisible(any_)
        self._empty.setVisible(not any_)
        if self.table.chosen not in self._items and any_:
            keys = list(self._items)
            self.table.choose(keys[min(place, len(keys) - 1)])
        self._show_current()

    def _say_chips(self, found: Tray) -> None:
        counts = {kind: sum(1 for i in found.items if i.kind == kind) for kind in KINDS}
        words: dict[str, Any] = {"all": lambda: _("All ({n})").format(n=len(found.items))}
        for kind, count in counts.items():
            if count or kind == self.chips.current:
                words[kind] = lambda kind=kind, count=count: f"{kind_words(kind)} ({count})"
        words[_TWICE] = lambda: _("Written twice")
        words[_SETTLED] = lambda: _("Settled")
        self.chips.say(words)

    def _kind_cell(self, item: Item) -> Cell:
        _words, icon, tone = KINDS[item.kind]
        return Cell(kind_words(item.kind), icon=icon, tone=tone, chip=True)

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._items[key] for key in keys])

    # Showing one

    @property
    def current(self) -> Item | None:
        """What is chosen in the list."""
        return self._items.get(self.table.chosen)

    def _show_current(self) -> None:
        item = self.current
        inner = self._inner and item is not None
        self._side.setVisible(item is not None and (inner or not self._narrow))
        self._top.setVisible(not (self._narrow and inner))
        self._list.setVisible(not (self._narrow and inner))
        for widget in (self.act, self.other, self._reason_row):
            widget.hide()
        self.bar.say("")
        if item is None or self._tray is None:
            return
        if self._narrow and not inner:
            self.bar.say(_("Enter opens the line that is chosen."))
            return
        self._title.say(item_title(item))
        self._lead.say("" if item.settled is not None else item_lead(self._app, item))
        self._lead.setVisible(bool(self._lead.text()))
        choosing = item.kind == "conflict" and item.settled is None
        self.choices.setVisible(choosing)
        if choosing:
            self.choices.show_item(item, self._tray.titles)
        else:
            self.choices.clear()
        self._show_facts(None if choosing else item)
        if item.settled is None:
            self._offer(item)
        elif item.kind in ("suggestion", "quarantine"):
            self.act.say(lambda: _("Put back into the tray"))
            self.act.setEnabled(True)
            self.act.show()

    def _show_facts(self, item: Item | None) -> None:
        old = self._facts
        self._facts = column() if item is None or self._tray is None else fact_rows(self._app, self._tray, item)
        self._inside.box.replaceWidget(old, self._facts)
        old.hide()
        old.deleteLater()

    def _offer(self, item: Item) -> None:
        """The buttons for what can be done now."""
        match item.kind:
            case "conflict":
                self.act.say(lambda: _("Settle"))
                self._say_choices()
            case "aside":
                self.act.say(lambda: _("Bring back"))
                self.other.say(lambda: _("Leave set aside"))
                self.bar.say(_("Either way the edit stays in the record."))
            case "suggestion":
                self.act.say(lambda: _("Take it over"))
                self.other.say(lambda: _("Leave it"))
                self.bar.say(_("Taking it over is an ordinary edit of this book; Ctrl+Z takes it back."))
            case "quarantine":
                self.act.say(lambda: _("Try again"))
                self.other.say(lambda: _("Leave it out"))
                self.reason.clear()
                self.bar.say(_("Try again once the cause is mended, or leave it out and say why."))
            case "package":
                self.act.say(lambda: _("Receive packages"))
        self.act.setVisible(item.kind != "parked")
        self.act.setEnabled(item.kind != "conflict")
        self.other.setVisible(item.kind in ("suggestion", "quarantine", "aside"))
        self._reason_row.setVisible(item.kind == "quarantine")

    def _say_choices(self) -> None:
        self.bar.say(self.choices.sentence())
        self.act.setEnabled(bool(self.choices.chosen()))

    # Settling

    def settle_current(self) -> None:
        """The main act of what is shown: write the choices, take over, try again, or receive."""
        item = self.current
        if item is None or not self.act.isVisible() or not self.act.isEnabled():
            return
        if item.settled is not None:
            self._reopen(item)
            return
        from hoidesk.book.operations import Restore
        from hoidesk.exchange.operations import ApplySuggestion, RetryQuarantine, SettleConflict

        match item.kind:
            case "conflict":
                seen = item.seen if item.present else None
                acts = [SettleConflict(id=d.ids[0], take=take, seen=seen) for d, take in self.choices.chosen()]
                self._write(acts)
            case "aside":
                self._write([Restore(table=item.key[0], id=item.key[1])])
            case "suggestion":
                self._write([ApplySuggestion(**_suggestion(item), seen=item.seen if item.present else None)])
            case "quarantine":
                self._write([RetryQuarantine(entry=item.key[0])])
            case "package":
                self._go("receive")

    def _reopen(self, item: Item) -> None:
        from hoidesk.exchange.operations import ReopenQuarantine, ReopenSuggestion

        if item.kind == "suggestion":
            self._write([ReopenSuggestion(**_suggestion(item))])
        else:
            self._write([ReopenQuarantine(entry=item.key[0])])

    def leave_current(self) -> None:
        """Leave a suggestion, leave a held-back record out, or leave a record set aside."""
        item = self.current
        from hoidesk.exchange.decide.set_aside import KeepAside
        from hoidesk.exchange.operations import DismissQuarantine, DismissSuggestion

        if item is not None and item.kind == "suggestion":
            self._write([DismissSuggestion(**_suggestion(item))])
        elif item is not None and item.kind == "aside":
            self._write([KeepAside(table=item.key[0], id=item.key[1])])
        elif item is not None and item.kind == "quarantine":
            self._write([DismissQuarantine(entry=item.key[0], reason=self.reason.text())])

    def _write(self, acts: Sequence[Operation]) -> None:
        def done(_outcome: Any) -> None:
            self._inner = False
            self._told()
            self.table.setFocus()

        def fail(refusal: Refusal) -> None:
            self._fail_page(refusal)
            self.reload()  # a value may have changed since it was shown

        label = N_("Settle an edit in two places") if len(acts) > 1 else ""
        self._app.write(self, acts if len(acts) > 1 else acts[0], done, fail, label=label)


def _suggestion(item: Item) -> dict[str, Any]:
    assert item.table is not None
    _number, record, clock, replica = item.key
    return {"table": item.table.name, "record": record, "clock": clock, "replica": replica}
