"""What a unit wants to reach beside what it is known to lack: the two lists that a registration is about."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.emulation.words import limitation_state, target_state
from ui.records.cells import choice_text, count_text, day_text
from ui.theme import em, follow
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.chip import Chip
from ui.widgets.labels import Hairline, Label
from ui.widgets.messages import EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import Words

__all__ = ["BesideView"]


class _Half(Card):
    """One list with its button; ``opened`` carries the id of a row."""

    opened = Signal(object)
    added = Signal()

    def __init__(self, title: Words, columns: tuple[Column, ...], add: Words, what: Words, first: Words) -> None:
        super().__init__(margins=(0, 0, 0, 0), gap=0)
        self._rows: dict[UUID, Any] = {}
        self._title = Label(title, bold=True, size=1.07)
        self._words = title
        self.add_button = Button(add, icon="plus", click=self.added.emit)
        self.table = TableView(columns, self._fetch, name=title, row_height=3.2)
        self.table.opened.connect(self.opened)
        self._empty = EmptyState(what, first)
        head = row(self._title, 1, self.add_button, margins=(1.0, 0.5, 0.8, 0.5))
        self.add(head, Hairline(), self.table, self._empty)
        self.content.box.setStretch(2, 1)

    def take(self, rows: list[Any]) -> None:
        """Show rows of a listing."""
        self._rows = {one.id: one for one in rows}
        self.table.set_keys(list(self._rows))
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows.get(key) for key in keys])


def _aim(found: Any) -> Cell:
    result = count_text(found["result_value"])
    aim = " ".join(part for part in (count_text(found["target_value"]), found["target_unit"] or "") if part)
    return Cell(aim, second=_("reached {number}").format(number=result) if result else "")


class BesideView(QWidget):
    """``edit`` carries the table and the id, ``add`` the table; ``submit`` asks to send the registration in."""

    edit = Signal(str, object)
    add = Signal(str)
    submit = Signal()

    def __init__(self, app: App, leave: Any) -> None:
        super().__init__()
        self._app = app
        self._day = date.min
        self._items: dict[str, str] = {}
        self.name = Label("", size=1.21, bold=True)
        self.chip = Chip("")
        self.submit_button = Button(
            lambda: _("Submit the registration"), kind="primary", icon="check", key=Act.PRIMARY, click=self.submit.emit
        )
        back = Button(lambda: _("List"), icon="arrow-left", key=Act.BACK, click=leave)
        self.targets = _Half(
            lambda: _("Targets"),
            (
                Column("text", lambda: _("Target"), self._target),
                Column("aim", lambda: _("Aim"), _aim, width=8.5),
                Column("due", lambda: _("Due on"), lambda one: Cell(day_text(one["due_on"])), width=6.6, priority=2),
                Column("state", lambda: _("State"), lambda one: target_state(one, self._day), width=9.5),
            ),
            lambda: _("Add a target"),
            lambda: _("No target is named yet."),
            lambda: _("A registration needs at least one target before it is submitted."),
        )
        self.limitations = _Half(
            lambda: _("Known limitations"),
            (
                Column("text", lambda: _("Limitation"), self._limitation),
                Column("due", lambda: _("Due on"), lambda one: Cell(day_text(one["remedy_due_on"])), width=6.6,
                       priority=2),
                Column("state", lambda: _("State"), lambda one: limitation_state(one, self._day), width=9.5),
            ),
            lambda: _("Add a limitation"),
            lambda: _("No limitation of this unit is known."),
            lambda: _("Record what was found lacking, with remedy and deadline."),
        )  # fmt: skip
        for half, table in ((self.targets, "target"), (self.limitations, "limitation")):
            half.opened.connect(lambda id_, of=table: self.edit.emit(of, id_))
            half.added.connect(lambda of=table: self.add.emit(of))
        head = Card(row(back, self.name, self.chip, 1, self.submit_button), margins=(0.9, 0.6, 0.9, 0.6))
        self._pane = QHBoxLayout()
        self._pane.addWidget(self.targets, 1)
        self._pane.addWidget(self.limitations, 1)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addWidget(head)
        self._outer.addLayout(self._pane, 1)
        follow(self)

    def take(self, targets: list[Any], limitations: list[Any], items: dict[str, str], day: date) -> None:
        """Show both lists."""
        self._day, self._items = day, items
        self.targets.take(targets)
        self.limitations.take(limitations)

    def _target(self, found: Any) -> Cell:
        text = " ".join(str(found["text"]).split())
        return Cell(text, second=self._items.get(found["item"] or "", found["evidence_expected"] or ""))

    def _limitation(self, found: Any) -> Cell:
        code = choice_text("limitation_codes", found["code"], self._app.labels) if found["code"] else ""
        return Cell(" ".join(str(found["text"]).split()), second=found["remedy"] or code)

    def set_width_class(self, number: int) -> None:
        """One below the other in a narrow window."""
        direction = QHBoxLayout.Direction
        self._pane.setDirection(direction.LeftToRight if number > 1 else direction.TopToBottom)
        for half in (self.targets, self.limitations):
            half.table.set_width_class(1 if number < 3 else 3)

    def restyle(self) -> None:
        """Compute the gaps again."""
        self._pane.setSpacing(em(0.8))
        self._outer.setSpacing(em(0.8))
