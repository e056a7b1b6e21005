"""A record beside its list: name, state, its columns in words, what belongs to it, what was changed when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.records.reading import HistoryLine, Loaded, history, list_ids, list_rows
from ui.records.subject import Child, Subject
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.chip import Chip
from ui.widgets.details import Detail, DetailRows
from ui.widgets.labels import Label
from ui.widgets.messages import EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.tabs import Tabs
from ui.widgets.words import marked, say

__all__ = ["RecordPanel"]

_UNITS = ("from_unit", "to_unit")
"""Columns that hold the code of a unit: people read its name."""

_NUMBER = re.compile(r" (?=\d{1,3}\b(?!/))")
"""The space before a number: "Khu phố 3" is not parted at the end of a line."""

_HISTORY = (
    Column("at", lambda: _("When"), lambda change: _at_cell(change), width=7.6),
    Column("user", lambda: _("Who"), lambda change: Cell(change.user, second=change.act)),
    Column("label", lambda: _("What"), lambda change: Cell(change.label, second=change.before), width=11),
)


def _at_cell(change: HistoryLine) -> Cell:
    time, _space, day = change.at.partition(" ")
    return Cell(day, second=time)


class ChildTab(Card):
    """One kind of record that belongs to the shown one, with the acts to add and to edit."""

    def __init__(
        self, app: App, child: Child, add: Callable[[Child], None], edit: Callable[[Child, UUID], None]
    ) -> None:
        super().__init__(margins=(0, 0.4, 0, 0), gap=0.3)
        self.setProperty("card", False)
        self._app = app
        self.child = child
        self._rows: dict[UUID, Any] = {}
        self.table = TableView(child.columns, self._fetch, name=child.title, row_height=child.row_height)
        self.empty = EmptyState(
            lambda: _("Nothing is recorded here yet."),
            lambda: _("Add the first record when there is one."),
            top=0.4,
        )
        self.add_button = Button(child.new_label, icon="plus", click=lambda: add(child))
        if (child.save and child.editable) or child.place:
            self.table.opened.connect(lambda id_: edit(child, id_))
        bar = row(1, self.add_button, margins=(0.6, 0.2, 1.1, 0.2)) if child.save else None
        self.add(bar, self.table, self.empty)

    def show_of(self, parent: UUID) -> None:
        """Read what belongs to a record."""
        child = self.child

        def query(connection: Any) -> list[Any]:
            where = {child.parent: parent}
            found = list_ids(connection, child.listing, as_of=None, where=where, text="", order=None, descending=False)
            return [one for one in list_rows(connection, child.listing, found[:500]) if one is not None]

        self._app.read(self, query, self._take)

    def _take(self, found: Sequence[Any]) -> None:
        self._rows = {record.id: record for record in found}
        self.table.set_keys(list(self._rows))
        self.table.setVisible(bool(found))
        self.empty.setVisible(not found)

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows.get(key) for key in keys])


class RecordPanel(Card):
    """Shows one record of a subject. ``edit_asked``, ``add_asked`` and ``child_asked`` go to the page."""

    shown = Signal(object)
    edit_asked = Signal()
    list_asked = Signal()
    remove_asked = Signal()
    add_asked = Signal(object)
    child_asked = Signal(object, object)

    def __init__(self, app: App, subject: Subject) -> None:
        super().__init__(margins=(0, 0.9, 0, 0), gap=0.4)
        self._app = app
        self._subject = subject
        self._record: Loaded | None = None
        self._act_buttons: list[tuple[Button, Callable[[Loaded], bool]]] = []
        self._acts = row(1, gap=0.6, margins=(1.1, 0, 1.1, 0))
        self._acts.hide()
        self._name = Label("", size=1.43, bold=True, wrap=True)
        self._subtitle = Label("", role="text2", wrap=True)
        self._chip = Chip("")
        self._chip.hide()
        self.to_list = Button(lambda: _("List"), icon="arrow-left", key=Act.BACK, click=self.list_asked.emit)
        self.edit_button = Button(lambda: _("Edit"), icon="pencil", key=Act.EDIT, click=self.edit_asked.emit)
        self._remove = Button(lambda: _("Set aside"), kind="quiet", icon="trash", click=self.remove_asked.emit)
        if not subject.save:
            self.edit_button.hide()
            self._remove.hide()
        self.tabs = Tabs()
        self._details = DetailRows()
        self._changes: list[HistoryLine] = []
        self._history = TableView(_HISTORY, self._fetch_history, name=lambda: _("History"), row_height=3.2)
        self.children_tabs = [
            ChildTab(app, child, self.add_asked.emit, self.child_asked.emit) for child in subject.children
        ]
        self._build()

    def _build(self) -> None:
        head = column(self._name, self._subtitle, gap=0.1)
        line = row(self.to_list, head, self.edit_button, margins=(1.1, 0, 1.1, 0), gap=0.8)
        line.box.setStretch(1, 1)
        chips = row(self._chip, 1, self._remove, margins=(1.1, 0.6, 1.1, 0))
        page = column(chips, column(self._details, margins=(1.1, 0.4, 1.1, 0.8)), 1)
        self.tabs.add(lambda: _("Information"), Scroll(page))
        for tab in self.children_tabs:
            self.tabs.add(tab.child.title, tab)
        self._unchanged = EmptyState(
            lambda: _("Nothing was changed since it was recorded."),
            lambda: _("Each later change stands here with what was there before."),
        )
        self._unchanged.hide()
        self.tabs.add(lambda: _("History"), column(self._history, self._unchanged, gap=0))
        self.add(line, self._acts, self.tabs)
        self.content.box.setStretch(2, 1)
        self.tabs.bar.currentChanged.connect(self._on_tab)

    def add_act(self, button: Button, fits: Callable[[Loaded], bool]) -> None:
        """Add a button that is shown for the records it fits."""
        self._act_buttons.append((button, fits))
        button.hide()
        self._acts.box.insertWidget(self._acts.box.count() - 1, button)

    @property
    def record(self) -> Loaded | None:
        """The record shown."""
        return self._record

    def show_record(self, record: Loaded) -> None:
        """Show a record."""
        self._record = record
        subject = self._subject
        self._name.say(_NUMBER.sub("\u00a0", subject.name(record)))
        self._subtitle.say(lambda: subject.subtitle(record))
        state = subject.state(record) if subject.state is not None else None
        if state is not None and state.text:
            self._chip.say(state.text, state.tone or "neutral", state.icon)
        else:
            self._chip.say("")
        fitting = [(button, fits(record)) for button, fits in self._act_buttons]
        for button, fits_record in fitting:
            button.setVisible(fits_record)
        self._acts.setVisible(any(fits_record for _button, fits_record in fitting))
        self._details.show_rows(self._lines(record))
        self._on_tab(self.tabs.bar.currentIndex())
        self.shown.emit(record)

    def _lines(self, record: Loaded) -> list[Detail]:
        from hoidesk.book.registry import registry

        stored = registry()[self._subject.table]
        lines: list[Detail] = []
        for section in self._subject.sections:
            part = [
                Detail(marked(c.info.label), self._words(record, name))
                for name in section.columns
                if (c := stored.column(name)) is not None and (record.values[name] not in (None, "", False))
            ]
            if part:
                lines += [Detail("", say(section.title)), *part]
        extra = [Detail(label, compute(record)) for label, compute in self._subject.computed]
        extra = [line for line in extra if line.value]
        whose = Detail(lambda: _("Code of the unit"), record.unit, role="text2")
        return [*extra, *lines, whose]

    def _words(self, record: Loaded, name: str) -> str:
        words = record.words[name]
        return self._app.unit_name(words) if name in _UNITS else words

    def _on_tab(self, number: int) -> None:
        if self._record is None or number <= 0:
            return
        if number <= len(self.children_tabs):
            self.children_tabs[number - 1].show_of(self._record.id)
        else:
            self._read_history(self._record.id)

    def _read_history(self, id_: UUID) -> None:
        table = self._subject.table
        self._app.read(self, lambda c: history(c, table, id_, self._app.labels), self._take_history)

    def _take_history(self, changes: list[HistoryLine]) -> None:
        self._changes = changes
        self._history.set_keys(list(range(len(changes))))
        self._history.setVisible(bool(changes))
        self._unchanged.setVisible(not changes)

    def _fetch_history(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._changes[key] for key in keys])

    def set_width_class(self, number: int) -> None:
        """Beside its list only in a wide window; else a button leads back to the list."""
        self.to_list.setVisible(number < 3)
        for tab in self.children_tabs:
            tab.table.set_width_class(1 if number == 3 else number)
