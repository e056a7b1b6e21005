"""Erasing the personal data of a record from its form: what it does, a typed reason, and the marker afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QScrollArea

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.widgets.boxes import Box, Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField, mark_wrong
from ui.widgets.labels import Label, Note

if TYPE_CHECKING:
    from hoidesk.exchange.decide.erasure_rows import ErasureRow

__all__ = ["ErasePanel"]


class ErasePanel(Box):
    """Over the form of a record with personal data; ``erased`` says that the form has to be read again.

    A quiet button opens the question; only an officer sees it. Nothing is proposed: the reason is typed.
    """

    erased = Signal()

    def __init__(self, app: App, table: str, unsaved: Callable[[], bool]) -> None:
        super().__init__(gap=0.5)
        self._app = app
        self._unsaved = unsaved
        self._table = table
        self._id: UUID | None = None
        self.marker = Note()
        self.begin_button = Button(lambda: _("Erase personal data"), kind="quiet", icon="trash", click=self._ask)
        self._begin = row(self.begin_button, 1)
        self.reason = LineField()
        self.number = LineField()
        self._error = Note()
        self.act = Button(lambda: _("Erase for good"), icon="trash", click=self._act)
        self._question = self._build()
        self.add(self.marker, self._begin, self._question)
        self.hide()

    def _build(self) -> Card:
        why = Label(lambda: _("Reason; write no name"), wrap=True)
        why.setBuddy(self.reason)
        number = Label(lambda: _("Order number (optional)"), wrap=True)
        number.setBuddy(self.number)
        keep = Button(lambda: _("Keep it"), click=self._close)
        return Card(
            Label(lambda: _("Erase the personal data of this record?"), size=1.07, bold=True, wrap=True),
            Label(
                lambda: _(
                    "Names and phones are emptied here, in the history and in search, and in every book that this "
                    "record travelled to. It cannot be undone. Backups and sticks made before still hold them."
                ),
                wrap=True,
            ),
            column(why, self.reason, gap=0.2),
            column(number, self.number, gap=0.2),
            self._error,
            row(1, keep, self.act),
            margins=(1.1, 0.8, 1.1, 0.8),
            gap=0.5,
        )

    def begin(self, id_: UUID | None) -> None:
        """Stand over the form of this record; None for a new one, which has nothing to erase."""
        self._id = id_
        self._close()
        self.hide()
        if id_ is None:
            return
        table = self._table

        def query(connection: Any) -> tuple[bool, ErasureRow | None]:
            from hoidesk.book.registry import registry
            from hoidesk.exchange.decide.erasure import erasable
            from hoidesk.exchange.decide.erasure_rows import erasure_of

            return bool(erasable(registry()[table])), erasure_of(connection, table, id_)

        self._app.read(self, query, self._take)

    def _take(self, answer: tuple[bool, ErasureRow | None]) -> None:
        able, order = answer
        self.marker.say("" if order is None else self._words(order), "text2")
        self._begin.setVisible(able and order is None and self._allowed())
        self.setVisible(order is not None or (able and self._allowed()))

    def _allowed(self) -> bool:
        book = self._app.book
        return book is not None and book.role.value == "officer"

    def _words(self, order: ErasureRow) -> str:
        from hoidesk.text.dates import show_day

        fields = ", ".join(_(c.info.label) for c in order.columns)
        said = _("Erased by order of {unit} on {day}: {fields}. Reason: {reason}.").format(
            unit=self._app.unit_name(order.unit),
            day=show_day(order.ordered_on),
            fields=fields,
            reason=order.reason.rstrip("."),
        )
        return said if order.number is None else said + " " + _("Order number {number}.").format(number=order.number)

    def _ask(self) -> None:
        if self._unsaved():
            self.marker.say(lambda: _("Save first what was typed, or go back without it."), "warn")
            return
        self.marker.say("")
        self.reason.clear()
        self.number.clear()
        self.reason.setAccessibleName(_("Reason"))
        self.number.setAccessibleName(_("Order number"))
        self._begin.hide()
        self._question.show()
        self.reason.setFocus()
        QTimer.singleShot(0, self, self._scroll_here)

    def _scroll_here(self) -> None:
        """The whole question has to be seen before anything is typed."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(self.act)
            area.ensureWidgetVisible(self.reason)

    def _close(self) -> None:
        self._error.say("")
        mark_wrong(self.reason, False)
        self._question.hide()
        self._begin.show()

    @property
    def asking(self) -> bool:
        """Whether the question is open."""
        return self._question.isVisible()

    def _act(self) -> None:
        from hoidesk.book.operations import operations

        if self._id is None:
            return
        given = {
            "table": self._table,
            "id": self._id,
            "reason": self.reason.text(),
            "number": self.number.text() or None,
        }
        self._app.write(self, operations()["personal.erase"].parse(given), self._done, self._fail)

    def _done(self, _outcome: Any) -> None:
        self._close()
        self.erased.emit()

    def _fail(self, refusal: Refusal) -> None:
        self._error.say(refusal.text)
        mark_wrong(self.reason, refusal.field == "reason")
