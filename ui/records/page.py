"""The page of a subject: filters and list at the left, the chosen record at the right, its form over both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from hoidesk.language import _
from hoidesk.text.dates import today
from ui.actions import Act
from ui.app import App
from ui.records.editor import Editor
from ui.records.list_card import ListCard
from ui.records.panel import RecordPanel
from ui.records.reading import Loaded, list_ids, list_rows, load
from ui.records.setting_aside import SetAside
from ui.records.subject import Child, Subject
from ui.shell.page import Desk, Page
from ui.theme import em
from ui.widgets.buttons import Button
from ui.widgets.model import Deliver
from ui.widgets.words import Words

__all__ = ["SubjectPage"]


class SubjectPage(Page):
    """Everything that a subject's description says; a subclass adds what is particular to it."""

    def __init__(self, app: App, desk: Desk, subject: Subject) -> None:
        self.subject = subject
        self._editors: dict[str, Editor] = {}
        self._wanted: UUID | None = None
        self._sort: tuple[str | None, bool] = (subject.order, subject.descending)
        self._text = ""
        self._all: list[UUID] = []
        self._focus_due = False  # the page was entered before its rows were there
        super().__init__(app, desk)
        self.tables = subject.watched()
        self.list = ListCard(subject, self._fetch)
        self.table, self.chips, self.search = self.list.table, self.list.chips, self.list.search
        self.new_button, self.empty = self.list.new_button, self.list.empty
        self.panel = RecordPanel(app, subject)
        self.set_aside = SetAside(app, subject.table)
        self._stack = QStackedWidget()
        self._browse = QWidget()
        self._lay_out()
        self._connect()
        self.handlers = {
            Act.NEW: self.new,
            Act.EDIT: self.edit,
            Act.REMOVE: self.remove,
            Act.SAVE: self.save,
            Act.PRIMARY: self.save,
            Act.BACK: self.back,
            Act.NEXT_TAB: self.panel.tabs.next,
            Act.NEXT_RECORD: lambda: self.table.step(1),
            Act.PREVIOUS_RECORD: lambda: self.table.step(-1),
            Act.COPY_TABLE: self.copy,
        }

    # -- building

    def _lay_out(self) -> None:
        pane = QHBoxLayout(self._browse)
        pane.setContentsMargins(0, 0, 0, 0)
        pane.addWidget(self.list, 1)
        pane.addWidget(self.panel)
        self._pane = pane
        self._stack.addWidget(self._browse)
        self.body.addWidget(self.set_aside)
        self.body.addWidget(self._stack, 1)
        self.panel.hide()
        self.restyle()

    def _connect(self) -> None:
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self.table.sort_asked.connect(self._on_sort)
        self.search.settled.connect(self._on_text)
        self.list.filtered.connect(self.refresh)
        self.list.new_asked.connect(self.new)
        self.list.copy_asked.connect(self.copy)
        self.panel.edit_asked.connect(self.edit)
        self.panel.remove_asked.connect(self.remove)
        self.panel.list_asked.connect(self.show_list)
        self.panel.add_asked.connect(self._new_child)
        self.panel.child_asked.connect(self._open_child)
        self.set_aside.done.connect(self.enter)

    # -- list

    def title(self) -> Words:
        """The words in the header."""
        return self.subject.title

    def refresh(self) -> None:
        """Read the ids again; the chosen record stays."""
        subject, text, (order, descending) = self.subject, self._text, self._sort
        day = self.app.as_of or (today() if subject.dated else None)
        where = self.list.conditions(self.app.as_of or today())
        self.ask(
            lambda connection: list_ids(
                connection, subject.listing, as_of=day, where=where, text=text, order=order, descending=descending
            ),
            self._take_ids,
        )

    def _take_ids(self, found: list[UUID]) -> None:
        self._all = found
        self.table.set_keys(found)
        self.list.show_count(len(found), narrowed=bool(self._text))
        if self._focus_due and found and self.search.hasFocus() and not self.search.text():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_due = False
        target: Any = self._wanted if self._wanted is not None else self.table.chosen
        self._wanted = None
        if target is not None and target in set(found):
            self.table.choose(target, quiet=True)
            self._show(target)
        elif self.width_class == 3 and found:
            self.table.choose_first()
        elif not found:
            self.panel.hide()

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        name = self.subject.listing
        self.ask(lambda connection: list_rows(connection, name, keys), deliver)

    def _on_text(self, text: str) -> None:
        self._text = text
        self.refresh()

    def _on_sort(self, name: str) -> None:
        order, descending = self._sort
        self._sort = (name, not descending if order == name else False)
        self.table.sorted_by = self._sort
        self.refresh()

    def copy(self) -> None:
        """Copy the whole list to the clipboard, as a spreadsheet takes it."""
        keys, name = list(self._all), self.subject.listing
        self.ask(lambda connection: list_rows(connection, name, keys), self._copy_rows)

    def _copy_rows(self, found: Sequence[Any]) -> None:
        QApplication.clipboard().setText(self.table.rows_as_text([one for one in found if one is not None]))
        self.message.say(lambda: _("Copied {count} rows. Paste them in Excel.").format(count=len(found)), "ok")

    # -- record

    def show_record(self, record: UUID) -> None:
        """Open a record of this page, whatever the filters say."""
        if record not in set(self._all):
            self.list.clear_chips()
        self.open_record(record)

    def show_only(self, what: str) -> None:
        """Set one filter, or begin a new record."""
        if what == "new":
            self.new()
        elif self.list.only(what):
            self.refresh()

    def open_record(self, record: UUID) -> None:
        """Open a record under the filters that are set; a half-typed form stays where it is."""
        if isinstance(shown := self._stack.currentWidget(), Editor):
            shown.leave()
        self.search.clear()
        self._text = ""
        self._wanted = record
        self.refresh()

    def _on_current(self, key: UUID) -> None:
        if self.width_class == 3:
            self._show(key)

    def _on_opened(self, key: UUID) -> None:
        if self.width_class < 3:
            self.list.hide()
        self._show(key)
        self.panel.tabs.bar.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, key: UUID) -> None:
        subject, labels = self.subject, self.app.labels
        self.ask(lambda connection: load(connection, subject.table, key, labels, subject.listing), self._take_record)

    def _take_record(self, found: Loaded | None) -> None:
        if found is None:
            return
        self.panel.show_record(found)
        if self.width_class == 3 or not self.list.isVisible():
            self.panel.show()

    def show_list(self) -> None:
        """Back to the list in a window that shows one pane."""
        self.list.show()
        if self.width_class < 3:
            self.panel.hide()
        self.table.setFocus()

    # -- form

    def editor(self) -> Editor:
        """The form of the subject; made when it is first needed."""
        subject = self.subject
        if "" not in self._editors:
            made = Editor(
                self.app,
                subject.table,
                subject.sections,
                subject.save,
                overrides=subject.overrides,
                read_back=subject.read_back,
            )
            self._add_editor("", made)
            made.saved.connect(self.open_saved)
        return self._editors[""]

    def _add_editor(self, name: str, made: Editor) -> None:
        self._editors[name] = made
        self._stack.addWidget(made)
        made.left.connect(self.to_browse)

    def _child_editor(self, child: Child) -> Editor:
        if child.table not in self._editors:
            made = Editor(self.app, child.table, child.sections, child.save)
            self._add_editor(child.table, made)
            made.saved.connect(lambda _id: self.to_browse())
        return self._editors[child.table]

    def new(self) -> None:
        """Begin a new record."""
        if self.subject.save and self._stack.currentWidget() is self._browse:
            self._stack.setCurrentWidget(self.editor())
            self.editor().new(self.subject.new_label, self.subject.defaults())

    def edit(self) -> None:
        """Edit the record that is shown."""
        record = self.panel.record
        if self.subject.save and record is not None and self._stack.currentWidget() is self._browse:
            self._stack.setCurrentWidget(self.editor())
            name = self.subject.name(record)
            self.editor().edit(record.id, lambda: _("Edit: {name}").format(name=name))

    def remove(self) -> None:
        """Ask why the record is set aside; the answer does it."""
        record = self.panel.record
        if self.subject.save and record is not None and self._stack.currentWidget() is self._browse:
            self.set_aside.ask(record.id, self.subject.name(record))

    def _new_child(self, child: Child) -> None:
        record = self.panel.record
        if record is not None:
            editor = self._child_editor(child)
            self._stack.setCurrentWidget(editor)
            editor.new(child.new_label, child.defaults(), fixed={**child.also(record), child.parent: record.id})

    def _open_child(self, child: Child, id_: UUID) -> None:
        if child.place:
            self.desk.go(child.place, id_)
            return
        editor = self._child_editor(child)
        self._stack.setCurrentWidget(editor)
        editor.edit(id_, child.title)

    def save(self) -> None:
        """Save the form that is open."""
        shown = self._stack.currentWidget()
        if isinstance(shown, Editor):
            shown.save()

    # What subclasses with views of their own use.

    def add_tool(self, button: Button) -> None:
        """Add a button beside the one that makes a new record."""
        self.list.add_tool(button)

    def add_view(self, view: QWidget) -> None:
        """Add a view beside list and forms."""
        self._stack.addWidget(view)

    def show_view(self, view: QWidget) -> None:
        """Show a view of this page."""
        self._stack.setCurrentWidget(view)

    def view(self) -> QWidget | None:
        """The view that is shown."""
        return self._stack.currentWidget()

    def open_saved(self, id_: UUID) -> None:
        """Show a record that was just written."""
        self._wanted = id_
        self.to_browse()
        self.refresh()

    def to_browse(self) -> None:
        """Back to list and record."""
        self._stack.setCurrentWidget(self._browse)
        self.enter()

    def back(self) -> None:
        """Esc: out of the form, out of the record, else to the list."""
        shown = self._stack.currentWidget()
        if isinstance(shown, Editor):
            shown.leave()
        elif self.set_aside.isVisible():
            self.set_aside.cancel()
        elif self.width_class < 3 and not self.list.isVisible():
            self.show_list()
        elif self.search.text():
            self.search.clear()
        else:
            self.table.setFocus()

    # -- frame

    def enter(self) -> None:
        """Begin in the list."""
        if self._stack.currentWidget() is self._browse:
            self._focus_due = not self._all
            (self.table if self._all else self.search).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_width_class(self, number: int) -> None:
        """Side by side in a wide window, one pane at a time else."""
        super().set_width_class(number)
        self.list.set_width_class(number, 2 if number == 3 else number)
        self.panel.set_width_class(number)
        self.restyle()
        if number == 3:
            self.list.show()
            self.panel.setVisible(self.panel.record is not None)
        elif self.list.isVisible() or not self.panel.isVisible():
            self.panel.hide()

    def restyle(self) -> None:
        """Compute the width of the record again."""
        super().restyle()
        if hasattr(self, "_pane"):
            self._pane.setSpacing(em(0.8))
            wide = self.width_class == 3
            self.panel.setMinimumWidth(em(self.subject.detail_width) if wide else 0)
            self.panel.setMaximumWidth(em(self.subject.detail_width) if wide else 16_777_215)
