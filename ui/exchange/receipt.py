"""The paper receipt: ten digits that are read out, phoned, or written on the sheet when no stick comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QBoxLayout

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.widgets.boxes import Box, Card, Scroll, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField, mark_wrong
from ui.widgets.labels import Label, Note

__all__ = ["ReceiptPanel"]


class ReceiptPanel(Box):
    """At the left the code of the other unit is typed in, at the right the one that this book gives is read out."""

    def __init__(self, app: App, leave: Callable[[], None], fail: Callable[[Refusal], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._fail_page = fail
        self._unit = self._name = ""
        self.code = LineField(width=14, placeholder="1234 5678 90")
        self._who = Label("", wrap=True)
        self._told = Note()
        self._told.hide()
        self.own = Label("", size=1.43, bold=True, wrap=True)
        self._own_hint = Label("", role="text2", wrap=True)
        self.enter = Button(lambda: _("Enter the receipt"), kind="primary", key="Enter", click=self.enter_code)
        self.code.returnPressed.connect(self.enter_code)
        label = Label(lambda: _("Ten digits of the receipt"))
        label.setBuddy(self.code)
        theirs = Card(
            Label(lambda: _("The other unit has our package"), size=1.21, bold=True),
            self._who,
            row(label, self.code, self.enter, 1),
            self._told,
            1,
        )
        ours = Card(
            Label(lambda: _("We have its package"), size=1.21, bold=True),
            self._own_hint,
            self.own,
            1,
        )
        self._pair = row(theirs, ours, gap=0.8)
        self._pair.box.setStretch(0, 1)
        self._pair.box.setStretch(1, 1)
        self.add(Scroll(self._pair), row(1, Button(lambda: _("Back"), key="Esc", click=leave)))
        self.box.setStretch(0, 1)

    def set_narrow(self, on: bool) -> None:
        """One card below the other where there is no room side by side."""
        way = QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight
        self._pair.box.setDirection(way)

    def begin(self, unit: str, name: str) -> None:
        """Ask for the code of this unit, and show the one that this book owes it."""
        self._unit, self._name = unit, name or unit
        self.code.clear()
        mark_wrong(self.code, False)
        self._told.say("")
        self._who.say(
            _(
                "Type the ten digits that {name} reads out or wrote on the sheet. Its receipt by stick is not needed "
                "then."
            ).format(name=self._name)
        )

        def task(book: Any, _ticket: Any) -> str:
            from hoidesk.exchange.paper_receipt import paper_receipt

            try:
                return paper_receipt(book, unit)
            except Refusal:
                return ""

        self._app.work(self, task, self._show_own, self._fail_page, writes=False)
        self.code.setFocus()

    def _show_own(self, digits: str) -> None:
        from hoidesk.exchange.trust.keys import groups_of_four

        self.own.say(groups_of_four(digits) if digits else "")
        self._own_hint.say(
            _("Read these ten digits to {name}: its last package is in this book.").format(name=self._name)
            if digits
            else _("No package of {name} was taken over yet, so there is nothing to read out.").format(name=self._name)
        )

    def enter_code(self) -> None:
        """Check the code; the package then counts as received."""
        unit, digits = self._unit, self.code.text()

        def task(book: Any, _ticket: Any) -> int:
            from hoidesk.exchange.paper_receipt import acknowledge

            return acknowledge(book, digits, unit)

        def done(number: int) -> None:
            mark_wrong(self.code, False)
            self.code.clear()
            self._told.say(_("Package {number} arrived there. It is not sent again.").format(number=number), "ok")

        def wrong(refusal: Refusal) -> None:
            mark_wrong(self.code, True)
            self._told.say(refusal.text, "bad")
            self.code.selectAll()
            self.code.setFocus()

        self._app.work(self, task, done, wrong)
