"""The list of a subject: filters and tools above, the table, what is said when it is empty, a sum line below."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hoidesk.language import _
from ui.actions import Act
from ui.records.subject import Filter, Subject
from ui.widgets.boxes import Card, column, row
from ui.widgets.buttons import Button, FilterChip
from ui.widgets.fields import SearchField
from ui.widgets.labels import Hairline, Label
from ui.widgets.messages import EmptyState
from ui.widgets.model import Fetch
from ui.widgets.table import TableView

__all__ = ["ListCard"]


class ListCard(Card):
    """``filtered`` is sent when a chip changed; ``new_asked`` and ``copy_asked`` come from the buttons."""

    filtered = Signal()
    new_asked = Signal()
    copy_asked = Signal()

    def __init__(self, subject: Subject, fetch: Fetch) -> None:
        super().__init__(margins=(0, 0, 0, 0), gap=0)
        self._subject = subject
        self.table = TableView(subject.columns, fetch, name=subject.title, row_height=subject.row_height)
        self.chips = {one.id: FilterChip(one.label) for one in subject.filters}
        self.search = SearchField(
            lambda: _("Filter by name; accents are not needed"), name=lambda: _("Filter the list"), icon=False
        )
        self.new_button = Button(subject.new_label, kind="primary", icon="plus", key=Act.NEW, click=self.new_asked.emit)
        if not subject.save:
            self.new_button.hide()
        self.empty = EmptyState(*subject.empty)
        self._sum = Label("", role="text2", size=0.93)
        self._tools = row(self.search, self.new_button, gap=0.6)
        self._tools.box.setStretch(0, 1)
        copy = Button(lambda: _("Copy for Excel"), kind="quiet", click=self.copy_asked.emit)
        self._foot = column(Hairline(), row(self._sum, 1, copy, margins=(0.9, 0.4, 0.9, 0.4)), gap=0)
        head = Card(self._filters(), self._tools, margins=(0.9, 0.7, 0.9, 0.5), gap=0.5)
        head.setProperty("card", False)
        self.add(head, self.table, self.empty, self._foot)
        self.content.box.setStretch(1, 1)
        self.content.box.setStretch(2, 1)

    def _filters(self) -> QWidget | None:
        if not self.chips:
            return None
        switches = [self.chips[one.id] for one in self._subject.filters if one.switch]
        others = [self.chips[one.id] for one in self._subject.filters if not one.switch]
        if switches:
            switches[0].setChecked(True)
        for one in self._subject.filters:
            self.chips[one.id].clicked.connect(lambda _on=False, chosen=one: self._on_filter(chosen))
        line = Hairline(vertical=True) if switches and others else None
        return row(*switches, line, *others, 1, gap=0.45)

    def _on_filter(self, chosen: Filter) -> None:
        if chosen.switch:
            for one in self._subject.filters:
                if one.switch:
                    self.chips[one.id].setChecked(one.id == chosen.id)
        self.filtered.emit()

    def add_tool(self, button: Button) -> None:
        """Add a button beside the one that makes a new record."""
        self._tools.add(button)

    def conditions(self, day: date) -> dict[str, Any]:
        """What the chosen chips ask of the list."""
        asked: dict[str, Any] = {}
        for one in self._subject.filters:
            if self.chips[one.id].isChecked():
                asked |= one.where(day)
        return asked

    def clear_chips(self) -> None:
        """Choose none."""
        for chip in self.chips.values():
            chip.setChecked(False)

    def only(self, what: str) -> bool:
        """Choose one chip and no other; False when there is no such chip. Switches stay as they are."""
        if what not in self.chips:
            return False
        for one in self._subject.filters:
            if not one.switch:
                self.chips[one.id].setChecked(one.id == what)
        return True

    def show_count(self, count: int, *, narrowed: bool) -> None:
        """Say how many there are, or why there are none; ``narrowed``: a text filters the list."""
        self.empty.setVisible(not count)
        self.table.setVisible(bool(count))
        # A switch always chooses one kind: an empty kind is an empty list, not a filter that fits nothing.
        if narrowed or any(self.chips[one.id].isChecked() for one in self._subject.filters if not one.switch):
            self.empty.say(
                lambda: _("Nothing in this list fits the filter."), lambda: _("Empty the filter to see everything.")
            )
        else:
            self.empty.say(*self._subject.empty)
        summary = self._subject.summary
        if summary is not None:
            self._sum.say(lambda: summary(count))
        else:
            self._sum.say(lambda: _("{count} in the list").format(count=count))

    def set_width_class(self, number: int, beside: int) -> None:
        """``beside``: the class of the table, which is narrower when a record stands at its side."""
        self.table.set_width_class(beside)
        self._foot.setVisible(number > 1)
