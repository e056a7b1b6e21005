"""The one result list of a receive: packages with problems first, or the records that change, with filters above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from hoidesk.language import N_, _, ngettext
from ui.app import App
from ui.exchange.received_words import change_cell, field_words, received_cell, received_todo, what_it_brings
from ui.widgets.boxes import Box, Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.flow import ChipRow
from ui.widgets.labels import Label, Note
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.exchange.received import Received
    from hoidesk.exchange.rehearsed import RecordChange, Rehearsed

__all__ = ["ReceivedList"]

_GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "taken": (N_("Taken ({n})"), frozenset({"merged", "certificate"})),
    "waiting": (N_("Wait ({n})"), frozenset({"waiting"})),
    "refused": (N_("Refused ({n})"), frozenset({"refused"})),
    "stopped": (N_("Not taken yet ({n})"), frozenset({"stopped"})),
    "known": (N_("Known already ({n})"), frozenset({"duplicate", "superseded"})),
    "other": (N_("For other units ({n})"), frozenset({"other"})),
}
_READY = N_("Can be taken ({n})")
_RECORDS, _CODES = "records", "codes"
_LONG = 40
"""Letters that a row of the narrow window has room for."""
_RANK = {"refused": 0, "stopped": 1, "waiting": 2, "certificate": 4, "merged": 5, "duplicate": 6, "superseded": 6}


def _rank(one: Received) -> int:
    """Problems first, then what brings something to decide, then what was taken, then what needs nothing."""
    if one.state == "merged" and one.counts.conflicts + one.counts.suggestions + one.counts.refused:
        return 3
    return _RANK.get(one.state, 7)


class ReceivedList(Card):
    """Chips, table and a button that copies what is shown; ``looked_only`` until the packages are really taken."""

    def __init__(self, app: App) -> None:
        super().__init__(margins=(0, 0, 0, 0), gap=0)
        self._app = app
        self.rows: list[Received] = []
        self._changes: Rehearsed | None = None
        self._looked_only = True
        self._shown: list[int] = []
        self._narrow = False
        self.chips = ChipRow(("all", *_GROUPS, _CODES, _RECORDS))
        self.chips.picked.connect(lambda _name: self._show())
        title = Label(lambda: _("Packages found"), size=1.21, bold=True)
        self._state = Label("", role="text2")
        self.copy = Button(lambda: _("Copy the list"), kind="quiet", icon="copy", click=self.copy_shown)
        self._head = row(title, 1, self._state, self.copy, margins=(1.0, 0.7, 1.0, 0.3))
        self._warning = Note(role="warn")
        self.table = TableView(self._package_columns(), self._fetch, name=lambda: _("Packages found"), row_height=3.4)
        self.records = TableView(
            self._record_columns(), self._fetch_records, name=lambda: _("Records that change"), row_height=3.4
        )
        self.table.current.connect(lambda _key: self._say_whole())
        self._whole = Label("", role="text2", wrap=True)
        self._whole_box = Box(self._whole, margins=(1.0, 0.4, 1.0, 0.5))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.records)
        self.add(
            self._head,
            Box(self.chips, margins=(1.0, 0.3, 1.0, 0.5)),
            Box(self._warning, margins=(1.0, 0, 1.0, 0)),
            self._stack,
            self._whole_box,
        )
        self.content.box.setStretch(3, 1)

    def _package_columns(self) -> Sequence[Column]:
        return (
            Column("state", lambda: _("Result"), lambda r: received_cell(r, looked_only=self._looked_only), 14.5),
            Column("from", lambda: _("From"), self._from, 14, priority=2),
            Column("number", lambda: _("Number"), lambda r: Cell("" if r.number is None else str(r.number)), 4.8, True),
            Column("what", lambda: _("What it brings"), self._what),
        )

    def _record_columns(self) -> Sequence[Column]:
        app = self._app
        return (
            Column("result", lambda: _("Result"), change_cell, 14.5),
            Column("record", lambda: _("Record"), self._record),
            Column("ours", lambda: _("The book has"), lambda c: self._values(app, c, theirs=False), 17, priority=2),
            Column("theirs", lambda: _("The package brings"), lambda c: self._values(app, c, theirs=True), 19),
        )

    # Content

    def show_results(
        self, rows: Sequence[Received], warnings: Sequence[str], changes: Rehearsed | None, *, looked_only: bool
    ) -> None:
        """Show other results, all of them, problems first."""
        self.rows = sorted(rows, key=_rank)
        self._changes, self._looked_only = changes, looked_only
        self._state.say(_("Only looked at, nothing written to the book") if looked_only else _("Done"))
        self._warning.say(" ".join(warnings), "warn")
        self._say_chips()
        self.chips.pick("all")

    def _say_chips(self) -> None:
        words: dict[str, Any] = {"all": lambda: _("All ({n})").format(n=len(self.rows))}
        for name, (text, states) in _GROUPS.items():
            count = sum(1 for one in self.rows if one.state in states)
            text = _READY if name == "taken" and self._looked_only else text
            if count:
                words[name] = lambda text=text, count=count: _(text).format(n=count)
        codes = sum(1 for one in self.rows if one.receipt)
        if codes and not self._looked_only:
            words[_CODES] = lambda: _("Receipt codes ({n})").format(n=codes)
        changes = len(self._changes.changes) if self._changes is not None else 0
        if changes:
            words[_RECORDS] = lambda: ngettext("{n} record changes", "{n} records change", changes).format(n=changes)
        self.chips.say(words)

    def _show(self) -> None:
        name = self.chips.current
        if name == _RECORDS and self._changes is not None:
            self.records.set_keys(list(range(len(self._changes.changes))))
            self.records.ids.refresh_rows()
            self.records.choose_first()
            self._stack.setCurrentWidget(self.records)
            self._whole_box.hide()
            return
        shown = _GROUPS[name][1] if name in _GROUPS else None
        self._shown = [
            number
            for number, one in enumerate(self.rows)
            if (one.receipt if name == _CODES else shown is None or one.state in shown)
        ]
        self.table.set_keys(self._shown)
        self.table.ids.refresh_rows()
        self.table.choose_first()
        self._stack.setCurrentWidget(self.table)
        self._say_whole()

    def _say_whole(self) -> None:
        """The chosen line in full below the list, where it is longer than its row: with every reason."""
        key = self.table.chosen
        one = self.rows[key] if isinstance(key, int) and key < len(self.rows) else None
        if one is None or self._stack.currentWidget() is not self.table:
            self._whole_box.hide()
            return
        parts = [what_it_brings(one), *one.reasons]
        long_ = len(one.reasons) > 1 or (self._narrow and len(parts[0]) > _LONG)
        self._whole.say(" · ".join(parts) if long_ else "")
        self._whole_box.setVisible(long_)

    def set_width_class(self, number: int) -> None:
        """Fewer columns in a narrow window; what the filters say is all that there is room for above."""
        self.table.set_width_class(number)
        self.records.set_width_class(number)
        self._head.setVisible(number > 1)
        self._narrow = number == 1
        self._say_whole()

    def copy_shown(self) -> None:
        """Put what is shown on the clipboard, as lines that a spreadsheet or a message takes."""
        if self._stack.currentWidget() is self.records and self._changes is not None:
            text = self.records.rows_as_text(self._changes.changes)
        else:
            text = self.table.rows_as_text([self.rows[key] for key in self._shown])
        QGuiApplication.clipboard().setText(text)
        self.copy.say(lambda: _("Copied"))

    # Cells

    def _from(self, one: Received) -> Cell:
        return Cell(one.unit_name or self._app.unit_name(one.unit) or "–", second=_day_words(one))

    def _what(self, one: Received) -> Cell:
        return Cell(what_it_brings(one), second=received_todo(one, looked_only=self._looked_only))

    @staticmethod
    def _record(change: RecordChange) -> Cell:
        kind = _(change.table.info.label) if change.table is not None else _("A record of a newer program")
        return Cell(change.title or kind, second=kind if change.title else "")

    def _values(self, app: App, change: RecordChange, *, theirs: bool) -> Cell:
        assert self._changes is not None
        texts = field_words(app, change, self._changes.titles, theirs=theirs)
        if change.result == "new" and not theirs:
            texts = []
        if theirs and change.reason:
            texts = [change.reason]
        second = "; ".join(texts[1:])
        return Cell(texts[0] if texts else "", second=second, role="text" if theirs else "text2")

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self.rows[key] for key in keys])

    def _fetch_records(self, keys: list[Any], deliver: Deliver) -> None:
        assert self._changes is not None
        deliver([self._changes.changes[key] for key in keys])


def _day_words(one: Received) -> str:
    parts = one.date.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else ""
