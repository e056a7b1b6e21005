"""Asks in the page why a record is set aside: it no longer counts, and can come back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField, mark_wrong
from ui.widgets.labels import Label, Note

__all__ = ["SetAside"]


class SetAside(Card):
    """A line over the list with a reason and two buttons."""

    done = Signal()

    def __init__(self, app: App, table: str) -> None:
        super().__init__(margins=(1.1, 0.7, 1.1, 0.7), gap=0.4)
        self._app = app
        self._table = table
        self._id: UUID | None = None
        self._label = Label("", bold=True, wrap=True)
        self.reason = LineField()
        self._label.setBuddy(self.reason)
        self._error = Note()
        self._error.hide()
        self.reason.returnPressed.connect(self._act)
        cancel = Button(lambda: _("Keep it"), key="Esc", click=self.cancel)
        act = Button(lambda: _("Set aside"), icon="trash", key="Enter", click=self._act)
        line = row(self.reason, cancel, act)
        line.box.setStretch(0, 1)
        self.add(self._label, line, self._error)
        self.hide()

    def ask(self, id_: UUID, name: str) -> None:
        """Ask for the reason."""
        self._id = id_
        self._label.say(
            lambda: _("Why is “{name}” set aside? It no longer counts; Ctrl+Z brings it back.").format(name=name)
        )
        self.reason.setAccessibleName(_("Reason"))
        self.reason.clear()
        self._error.say("")
        mark_wrong(self.reason, False)
        self.show()
        self.reason.setFocus()

    def cancel(self) -> None:
        """Keep the record."""
        self.hide()
        self.done.emit()

    def _act(self) -> None:
        from hoidesk.book.operations import operations

        if self._id is None:
            return
        given = {"table": self._table, "id": self._id, "reason": self.reason.text()}
        self._app.write(self, operations()["record.void"].parse(given), self._done, self._fail)

    def _done(self, _outcome: Any) -> None:
        self.hide()
        self.done.emit()

    def _fail(self, refusal: Refusal) -> None:
        self._error.say(refusal.text)
        mark_wrong(self.reason, True)
