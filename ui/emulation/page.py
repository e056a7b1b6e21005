"""Registrations: the list, the record, and the wide view of targets beside known limitations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.dates import today
from ui.actions import Act
from ui.app import App
from ui.emulation.beside import BesideView
from ui.emulation.subject import UNIT_COLUMNS, subject
from ui.emulation.words import items_of, registration_state
from ui.records.editor import Editor
from ui.records.page import SubjectPage
from ui.records.reading import Loaded, list_ids, list_rows
from ui.records.subject import Child
from ui.shell.page import Desk, Page
from ui.widgets.boxes import row
from ui.widgets.buttons import Button

__all__ = ["RegistrationsPage", "build"]

SHOWN = {"limitation": {"unit_kind", *UNIT_COLUMNS, "registration_id"}, "target": {"registration_id"}}
"""Columns that the wide view shows as what it is about: the unit and the registration whose lists stand there."""


class RegistrationsPage(SubjectPage):
    """A new registration goes straight on to its targets; submitting and withdrawing are acts of their own."""

    def __init__(self, app: App, desk: Desk) -> None:
        self._items: dict[str, str] = {}
        self._beside_open = False
        self._fresh = False
        super().__init__(app, desk, subject(app))
        self.beside = BesideView(app, self.back)
        self.add_view(self.beside)
        self.beside.edit.connect(self._edit_of)
        self.beside.add.connect(self._add_of)
        self.beside.submit.connect(self.submit)
        self.beside_button = Button(lambda: _("Targets beside limitations"), icon="list", click=self.show_beside)
        self.submit_button = Button(lambda: _("Submit"), icon="check", click=self.submit)
        self.withdraw_button = Button(lambda: _("Withdraw"), kind="quiet", icon="undo", click=self.withdraw)
        self.panel.add_act(self.beside_button, lambda _record: True)
        self.panel.add_act(self.submit_button, _unsent)
        self.panel.add_act(self.withdraw_button, lambda record: record.values["withdrawn_on"] is None)
        links = row(
            Button(lambda: _("Criteria sets"), kind="quiet", icon="clipboard-check",
                   click=lambda: desk.go("criteria_sets")),
            1,
        )  # fmt: skip
        self.body.insertWidget(1, links)
        self._links = links
        self._stack.currentChanged.connect(lambda _place: self._show_links())
        self.panel.shown.connect(lambda _record: self._show_links())
        self.handlers |= {Act.PRIMARY: self._primary}

    # -- targets beside limitations

    def show_beside(self) -> None:
        """Open the wide view of the record that is shown."""
        if self.panel.record is not None:
            self._beside_open = True
            self._read_beside(self.panel.record)
            self.show_view(self.beside)
            self.beside.targets.table.setFocus()

    def _read_beside(self, record: Loaded) -> None:
        unit = next(name for name in UNIT_COLUMNS if record.values[name] is not None)
        self.ask(lambda c: _beside(c, record.id, unit, record.values[unit]), self._take_beside)
        state = registration_state(record.values, self.app.as_of or today())
        self.beside.name.say(self.subject.name(record))
        self.beside.chip.say(state.text, state.tone or "neutral", state.icon)
        self.beside.submit_button.setVisible(_unsent(record))

    def _take_beside(self, answer: tuple[list[Any], list[Any], str | None]) -> None:
        targets, limitations, content = answer
        self._take_items(content)
        self.beside.take(targets, limitations, self._items, self.app.as_of or today())

    def _take_items(self, content: str | None) -> None:
        self._items = items_of(content, self.app.labels)
        editor = self._editors.get("target")
        if editor is not None:
            editor.form.editors["item"].refill()

    def _take_record(self, found: Loaded | None) -> None:
        super()._take_record(found)
        if found is None:
            return
        set_id = found.values["criteria_set_id"]
        self.ask(lambda c: _content(c, set_id), self._take_items)
        if self._beside_open:
            self._read_beside(found)
            if self._fresh:
                self._fresh = False
                self.show_view(self.beside)

    def open_saved(self, id_: UUID) -> None:
        """A registration that was just written goes on to its targets."""
        self._beside_open = self._fresh = True
        for chip in self.chips.values():
            # The list must hold the new record, whatever its filter was.
            chip.setChecked(False)
        super().open_saved(id_)

    def to_browse(self) -> None:
        """Back to the list, or to the wide view if the form was opened from it."""
        if self._beside_open and not self._fresh:
            self.show_view(self.beside)
            self.refresh()
            self.beside.targets.table.setFocus()
        else:
            super().to_browse()

    def back(self) -> None:
        """Esc: from the wide view to the list."""
        if self.view() is self.beside:
            self._beside_open = False
            super().to_browse()
        else:
            super().back()

    # -- forms of targets and limitations

    def _child(self, table: str) -> Child:
        return next(one for one in self.subject.children if one.table == table)

    def _child_editor(self, child: Child) -> Editor:
        if child.table != "target" or child.table in self._editors:
            return super()._child_editor(child)
        overrides = {"item": {"kind": "choice", "options": lambda: list(self._items.items())}}
        made = Editor(self.app, child.table, child.sections, child.save, overrides=overrides)
        self._add_editor(child.table, made)
        made.saved.connect(lambda _id: self.to_browse())
        return made

    def _edit_of(self, table: str, id_: UUID) -> None:
        self._open_child(self._child(table), id_)

    def _add_of(self, table: str) -> None:
        self._new_child(self._child(table))

    def _new_child(self, child: Child) -> None:
        record = self.panel.record
        if record is None:
            return
        editor = self._child_editor(child)
        fixed: dict[str, Any] = {child.parent: record.id}
        if child.table == "limitation":
            fixed |= {name: record.values[name] for name in UNIT_COLUMNS if record.values[name] is not None}
        else:
            editor.form.editors["item"].refill()
        self.show_view(editor)
        editor.new(child.new_label, None, fixed)

    # -- acts

    def _act(self, name: str) -> None:
        from hoidesk.book.operations import operations

        record = self.panel.record
        if record is None:
            return
        self.message.say("")
        try:
            operation = operations()[name].parse({"id": record.id})
        except Refusal as refusal:
            self.fail(refusal)
            return
        self.app.write(self, operation, None, self.fail)

    def submit(self) -> None:
        """Send the registration in, today."""
        self._act("registration.submit")

    def withdraw(self) -> None:
        """Withdraw the registration; the unit may register again."""
        self._act("registration.withdraw")

    def _primary(self) -> None:
        if self.view() is self.beside:
            if self.panel.record is not None and _unsent(self.panel.record):
                self.submit()
        else:
            self.save()

    def _show_links(self) -> None:
        # Where one pane is shown at a time, a record needs the height.
        alone = self.width_class < 3 and self.list.isHidden()
        self._links.setVisible(self.view() is self._browse and not alone)

    def show_list(self) -> None:
        """The way to the criteria sets stands above the list."""
        super().show_list()
        self._show_links()

    def set_width_class(self, number: int) -> None:
        """The wide view follows the width too."""
        super().set_width_class(number)
        self.beside.set_width_class(number)
        self._show_links()


def _unsent(record: Loaded) -> bool:
    return record.values["submitted_on"] is None and record.values["withdrawn_on"] is None


def _content(connection: Any, set_id: UUID | None) -> str | None:
    from hoidesk.book.rows import record

    found = record(connection, "criteria_set", set_id) if set_id is not None else None
    return found.values["content"] if found is not None else None


def _rows(connection: Any, name: str, where: dict[str, Any]) -> list[Any]:
    ids = list_ids(connection, name, as_of=None, where=where, text="", order=None, descending=False)
    return [one for one in list_rows(connection, name, ids) if one is not None]


def _beside(connection: Any, id_: UUID, unit: str, unit_id: UUID) -> tuple[list[Any], list[Any], str | None]:
    """Targets of the registration; limitations named in it and every open one of the unit."""
    from hoidesk.book.rows import record

    found = record(connection, "registration", id_)
    content = _content(connection, found.values["criteria_set_id"]) if found is not None else None
    limitations = [
        one
        for one in _rows(connection, "limitations", {unit: unit_id})
        if one["closed_on"] is None or one["registration_id"] == id_
    ]
    return _rows(connection, "targets", {"registration_id": id_}), limitations, content


def build(app: App, desk: Desk) -> Page:
    """The page of registrations."""
    return RegistrationsPage(app, desk)
