"""The card of a PC that knows no book yet: make one, open one, or look at the sample."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from hoidesk.language import _
from ui.unlock.gate import SAMPLE_PASSWORD
from ui.widgets.boxes import Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, Note

__all__ = ["WelcomeCard"]


class WelcomeCard(Card):
    """Three ways to begin."""

    new = Signal()
    other = Signal()
    sample = Signal()

    def __init__(self) -> None:
        super().__init__(gap=0.9, margins=(2.0, 1.8, 2.0, 1.6))
        self._new = Button(lambda: _("Make a new book"), kind="primary", icon="plus", click=self.new.emit)
        self._other = Button(lambda: _("Open a book on this PC"), icon="folder-open", click=self.other.emit)
        self._sample = Button(lambda: _("Look at the sample book"), icon="book-open", click=self.sample.emit)
        self._note = Note()
        self._note.hide()
        self.add(
            column(
                Label(lambda: _("The book of the Front office"), size=1.43, bold=True),
                Label(
                    lambda: _(
                        "Associations, meetings and assessments in one book on this PC. Nothing goes to a network."
                    ),
                    role="text2",
                    wrap=True,
                ),
                gap=0.3,
            ),
            row(self._new, 1),
            row(self._other, 1),
            row(self._sample, 1),
            Label(
                lambda: _("The sample is half a year of an invented office; its password is {password}.").format(
                    password=SAMPLE_PASSWORD
                ),
                size=0.93,
                role="text2",
                wrap=True,
            ),
            self._note,
        )

    def start(self) -> None:
        """Begin with the first way."""
        self._new.setFocus(Qt.FocusReason.OtherFocusReason)

    def busy(self, on: bool) -> None:
        """While the sample is made, say so and take no second click."""
        for button in (self._new, self._other, self._sample):
            button.setEnabled(not on)
        self._note.say(_("Making the sample. This takes up to a minute.") if on else "", "text2")

    def say(self, words: str) -> None:
        """Show why the sample cannot be opened."""
        self._note.say(words)
