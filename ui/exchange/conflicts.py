"""Values edited in two places: both are shown, one is chosen, nothing is lost either way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QBoxLayout

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from ui.app import App
from ui.records.reading import Loaded, load
from ui.records.values import shown
from ui.widgets.boxes import Box, Card, row
from ui.widgets.buttons import Button, Choice
from ui.widgets.cells import Cell, Column
from ui.widgets.details import Detail, DetailRows
from ui.widgets.labels import Hairline, Label
from ui.widgets.messages import ActionBar, EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.exchange.rows import ConflictRow

__all__ = ["ConflictsPanel"]


class ConflictsPanel(Box):
    """The tray at the left, the two values at the right; 1 keeps the book's, 2 takes the other."""

    def __init__(self, app: App, leave: Callable[[], None], fail: Callable[[Refusal], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._fail_page = fail
        self._rows: dict[Any, ConflictRow] = {}
        self._titles: dict[Any, str] = {}
        self._take: bool | None = None
        columns = (
            Column("record", lambda: _("Record"), lambda r: Cell(self._title(r), second=self._field(r))),
            Column("from", lambda: _("Sent by"), lambda r: Cell(r.writer), 9, priority=2),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Edited in two places"), row_height=3.4)
        self.table.current.connect(lambda _key: self._show_current())
        self._what = Label("", size=1.21, bold=True, wrap=True)
        self.keep = Choice("", key="1", click=lambda on: self._choose(False, on))
        self.take = Choice("", key="2", click=lambda on: self._choose(True, on))
        self.settle = Button(
            lambda: _("Settle"), kind="primary", icon="check", key="Ctrl+Enter", click=self.settle_current
        )
        self.bar = ActionBar(Button(lambda: _("Back"), key="Esc", click=leave), self.settle)
        self.facts = DetailRows()
        self._empty = EmptyState(
            lambda: _("Nothing was edited in two places."),
            lambda: _("New ones appear here when a package is received."),
        )
        tray = Card(self.table, self._empty, margins=(0, 0, 0, 0), gap=0)
        tray.content.box.setStretch(0, 1)
        self._side = Card(
            self._what,
            Label(lambda: _("The book has"), role="text2"),
            row(self.keep, 1),
            Label(lambda: _("The other place has"), role="text2"),
            row(self.take, 1),
            Hairline(),
            self.facts,
            1,
            gap=0.6,
        )
        self._pair = row(tray, self._side, gap=0.8)
        self._pair.box.setStretch(0, 1)
        self._pair.box.setStretch(1, 1)
        self.add(self._pair, Card(self.bar, margins=(0, 0, 0, 0)))
        self.box.setStretch(0, 1)

    def set_narrow(self, on: bool) -> None:
        """The values below the tray where there is no room side by side."""
        way = QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight
        self._pair.box.setDirection(way)

    def show_rows(self, rows: list[ConflictRow], titles: dict[Any, str]) -> None:
        """Show the open conflicts."""
        self._rows = {r.id: r for r in rows}
        self._titles = titles
        self.table.set_keys(list(self._rows))
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._side.setVisible(bool(rows))
        self.settle.setVisible(bool(rows))
        if rows and self.table.chosen is None:
            self.table.choose_first()
        self._show_current()

    def _title(self, one: ConflictRow) -> str:
        return self._titles.get(one.record_id, _("A record that was set aside"))

    @staticmethod
    def _field(one: ConflictRow) -> str:
        return _(one.label) if one.label else ""

    def _current(self) -> ConflictRow | None:
        return self._rows.get(self.table.chosen)

    def _show_current(self) -> None:
        one = self._current()
        self._take = None
        for choice in (self.keep, self.take):
            choice.blockSignals(True)
            choice.setChecked(False)
            choice.blockSignals(False)
            choice.setVisible(one is not None)
        self.settle.setEnabled(False)
        if one is None:
            self._what.say("")
            self.bar.say("")
            return
        self._what.say(f"{self._field(one)}: {self._title(one)}")
        self.keep.say(self._value(one, one.present))
        self.take.say(self._value(one, one.lost))
        self.bar.say(_("Choose 1 or 2. Both values stay in the history."))
        self._app.read(self, lambda connection: load(connection, "conflict", one.id, None), self._show_facts)

    def _show_facts(self, found: Loaded | None) -> None:
        """When and in which copy of the book each value was written, for somebody who has to find out why."""
        if found is None:
            self.facts.show_rows([])
            return
        values = found.values
        self.facts.show_rows(
            [
                Detail(lambda: _("The book's value"), _written(values["won_clock"], values["won_replica"])),
                Detail(lambda: _("The other value"), _written(values["lost_clock"], values["lost_replica"])),
                Detail(lambda: _("Place in the book"), f"{values['table_number']}.{values['column_number']}"),
                Detail(lambda: _("Settled on"), found["settled_on"]),
            ]
        )

    def _value(self, one: ConflictRow, value: Any) -> str:
        """A stored value in words; conflicts carry values as the database keeps them."""
        from hoidesk.book.registry import registry

        table = registry().find(one.table) if one.table else None
        column = table.column(one.column) if table and one.column else None
        if column is None:
            return str(value) if value is not None else _("(empty)")
        if column.info.kind == "day" and isinstance(value, str):
            value = date.fromisoformat(value)
        return shown(column.info, value, self._titles, self._app.labels) or _("(empty)")

    def _choose(self, take: bool, on: bool) -> None:
        other = self.keep if take else self.take
        if on:
            self._take = take
            other.setChecked(False)
            one = self._current()
            if one is not None:
                value = self._value(one, one.lost if take else one.present)
                self.bar.say(_("{field}: “{value}” will stand.").format(field=self._field(one), value=value))
        elif self._take is take:
            self._take = None
        self.settle.setEnabled(self._take is not None)

    def choose_key(self, take: bool) -> None:
        """Key 1 or 2."""
        (self.take if take else self.keep).setChecked(True)

    def settle_current(self) -> None:
        """Write the choice: an ordinary edit and a mark."""
        one = self._current()
        if one is None or self._take is None:
            return
        from hoidesk.exchange.operations import SettleConflict

        left = len(self._rows) - 1
        note = ngettext("{n} is left.", "{n} are left.", left).format(n=left)
        self._app.write(
            self, SettleConflict(id=one.id, take=self._take), lambda _o: self.bar.say(note), self._fail_page
        )

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows[key] for key in keys])


def _written(clock: str, replica: str) -> str:
    """A stamp in words; its clock is milliseconds << 16 | counter in hexadecimal."""
    from hoidesk.text.dates import show_instant

    at = datetime.fromtimestamp((int(clock, 16) >> 16) / 1000, UTC)
    return _("{time}, copy {replica}").format(time=show_instant(at), replica=replica[:8])
