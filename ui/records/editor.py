"""The form of a record over the whole page: fields, what will be written in one sentence, save and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.exchange.erasure import ErasePanel
from ui.keeping import Keeping, draft_words
from ui.records.fields import Section, changed_values, field_specs, new_values
from ui.records.reading import Loaded, load, options
from ui.records.values import edited
from ui.theme import em, follow
from ui.widgets.boxes import Card, Scroll, column
from ui.widgets.buttons import Button
from ui.widgets.form import Form
from ui.widgets.labels import Hairline, Label
from ui.widgets.messages import ActionBar, MessageLine
from ui.widgets.words import Words, say

if TYPE_CHECKING:
    from hoidesk.book.drafts import StoredDraft

__all__ = ["Editor"]

ReadBack = Callable[[Mapping[str, str], Mapping[str, str]], str]
"""Makes the sentence from the typed values and their words."""


class Editor(QWidget):
    """Edits one record of a table. ``saved`` carries its id, ``left`` is sent when nothing was saved.

    What was typed stays in the form when it is left, and is offered again: nothing typed is lost by Esc.
    """

    saved = Signal(object)
    left = Signal()

    def __init__(
        self,
        app: App,
        table: str,
        sections: Sequence[Section],
        save: str,
        *,
        overrides: Mapping[str, Mapping[str, Any]] | None = None,
        read_back: ReadBack | None = None,
    ) -> None:
        super().__init__()
        self._app = app
        self._table = table
        self._save = save
        self._read_back = read_back
        self._refs: dict[str, list[tuple[str, str]]] = {}
        self._id: UUID | None = None
        self._fixed: dict[str, Any] = {}
        self._before: dict[str, str] = {}
        self._seen: int | None = None
        self._busy = False
        self._kept_new = False
        self.form = Form(field_specs(table, sections, lambda: app.labels, lambda: self._refs, overrides))
        self._heading = Label("", size=1.21, bold=True, wrap=True)
        self.message = MessageLine()
        self.save_button = Button(
            lambda: _("Save to the book"), kind="primary", icon="check", key=Act.SAVE, click=self.save
        )
        back = Button(lambda: _("Back"), key=Act.BACK, click=self.leave)
        self.bar = ActionBar(back, self.save_button)
        self.erasing = ErasePanel(app, table, self.dirty)
        self.erasing.erased.connect(self._read_again)
        self._paper = column(
            self._heading, self.message, self.form, self.erasing, 1, gap=0.8, margins=(1.6, 1.0, 1.6, 1.0)
        )
        card = Card(Scroll(self._paper), Hairline(), self.bar, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        self.keeping = Keeping(app, self, lambda: self.form.values() if self.dirty() else None)
        self.keeping.found.connect(self._on_draft)
        self.form.changed.connect(self._on_change)
        follow(self)

    # -- begin

    def new(
        self, heading: Words, defaults: Mapping[str, str] | None = None, fixed: Mapping[str, Any] | None = None
    ) -> None:
        """Begin a new record; ``fixed`` values are saved with it and not shown."""
        fresh = not (self._kept_new and self._fixed == dict(fixed or {}))
        self._id, self._seen = None, None
        self._fixed = dict(fixed or {})
        self._heading.say(heading)
        self.erasing.begin(None)
        if fresh:
            self._before = {}
            self.form.load(dict(defaults or {}))
            self.message.say("")
        else:
            self.message.say(lambda: _("This was typed before and is not saved yet."), "warn")
        self._kept_new = False
        self._ask_refs()
        self.form.focus_first()
        self._on_change()
        if fresh:
            self.keeping.begin("/".join((self._table, "new", *map(str, self._fixed.values()))))

    def edit(self, id_: UUID, heading: Words) -> None:
        """Begin to edit a record as it stands in the book now."""
        self._kept_new = False
        self._fixed = {}
        self._heading.say(heading)
        self.message.say("")
        self._read(id_)

    def _read(self, id_: UUID) -> None:
        self.erasing.begin(id_)
        table, labels = self._table, self._app.labels

        def query(connection: Any) -> Any:
            return load(connection, table, id_, labels), self._query_refs(connection)

        self._app.read(self, query, lambda answer: self._take(id_, answer), self._fail)

    def _take(self, id_: UUID, answer: tuple[Loaded | None, dict[str, list[tuple[str, str]]]]) -> None:
        from hoidesk.book.registry import registry

        found, self._refs = answer
        if found is None:
            self.left.emit()
            return
        self._seen = found.seen
        self._id = id_
        for editor in self.form.editors.values():
            editor.refill()
        stored = registry()[self._table]
        values = found.values
        self._before = {
            name: edited(c.info, values.get(name))
            for name in self.form.editors
            if (c := stored.column(name)) is not None
        }
        self.form.load(self._before)
        self._before = self.form.values()
        self.form.focus_first()
        self._on_change()
        self.keeping.begin(f"{self._table}/{id_}")

    def _read_again(self) -> None:
        if self._id is not None:
            self._read(self._id)

    def _on_draft(self, draft: StoredDraft) -> None:
        """What was typed before the program ended stands in the form again, and is told."""
        if self.dirty():
            return
        self.form.load({name: str(value) for name, value in draft.values.items()})
        self._on_change()
        if self.dirty():
            throw = Button(lambda: _("Throw it away"), kind="quiet", click=self._throw_draft)
            self.message.say(draft_words(draft), "warn", throw)

    def _throw_draft(self) -> None:
        self.keeping.throw_away()
        self.message.say("")
        self.form.load(self._before)
        self._on_change()

    def _query_refs(self, connection: Any) -> dict[str, list[tuple[str, str]]]:
        from hoidesk.book.registry import registry

        stored = registry()[self._table]
        named = {
            c.info.refers
            for n in self.form.editors
            if (c := stored.column(n)) is not None and c.info.refers is not None
        }
        return {name: options(connection, name) for name in named}

    def _ask_refs(self) -> None:
        self._app.read(self, self._query_refs, self._take_refs)

    def _take_refs(self, refs: dict[str, list[tuple[str, str]]]) -> None:
        kept = self.form.values()
        self._refs = refs
        for name, editor in self.form.editors.items():
            if editor.spec.kind == "ref":
                editor.refill()
                if kept[name] or editor.wanted:
                    editor.set_value(kept[name] or editor.wanted)

    # -- while typing

    def typed(self) -> dict[str, Any]:
        """What would be handed to the operation now."""
        values = self.form.values()
        return new_values(values) if self._id is None else changed_values(self._table, values, self._before)

    def _on_change(self) -> None:
        typed = self.typed()
        self.keeping.touch()
        if not typed:
            self.bar.say("")
        elif self._read_back is not None:
            self.bar.say(self._read_back(self.form.values(), self.form.words()))
        else:
            names = [say(spec.label) for spec in self.form.specs if spec.name in typed]
            self.bar.say(_("To be written: {fields}.").format(fields=", ".join(names)))

    def dirty(self) -> bool:
        """Whether anything was typed that is not in the book."""
        return bool(self.typed())

    # -- end

    def leave(self) -> None:
        """Go back; a new record that was begun is kept in the form."""
        self._kept_new = self._id is None and self.dirty()
        self.left.emit()

    def save(self) -> None:
        """Save what was typed; a refusal is shown at its field."""
        if self._busy:
            return
        typed = self.typed()
        if not typed and self._id is not None:
            self.left.emit()
            return
        self._busy = True
        self.form.clear_errors()
        try:
            operation = self._operation(typed)
        except Refusal as error:
            self._fail(error)
            return
        self._app.write(self, operation, self._saved, self._fail)

    def _operation(self, typed: Mapping[str, Any]) -> Any:
        from hoidesk.book.operations import operations

        made = {**self._fixed, **typed}
        if self._id is not None:
            made |= {"id": self._id, "seen": self._seen}
        return operations()[self._save].parse(made)

    def _saved(self, outcome: Any) -> None:
        self._busy = False
        self._kept_new = False
        self._before = self.form.values()
        self.keeping.forget()
        self.saved.emit(outcome.result)

    def _fail(self, refusal: Refusal) -> None:
        self._busy = False
        if not self.form.say_error(refusal.field, refusal.text):
            self.message.say(refusal.text)

    def restyle(self) -> None:
        """A form is not wider than its fields need."""
        self._paper.setMaximumWidth(em(64))
