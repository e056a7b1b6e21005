"""What the ways of enrolment have in common: numbered steps, files of a stick, and the panel that tells of writing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.exchange.usb import UsbPanel
from ui.theme import em
from ui.widgets.boxes import Box, Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, Note
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.exchange.trust.welcome import Standing

__all__ = ["EnrolFlow", "Step", "stick_folder"]


class Step(Box):
    """One step: its number, one sentence what to do and what to carry where, and what belongs to it."""

    def __init__(self, number: int, words: Words, *items: QWidget) -> None:
        super().__init__(gap=0.5)
        self._sentence = Label(words, wrap=True)
        mark = Label(str(number), bold=True, role="accent")
        line = row(mark, self._sentence, gap=0.7)
        line.box.setStretch(1, 1)
        self.add(line)
        if items:
            inner = column(*items, gap=0.5, margins=(1.3, 0, 0, 0.3))
            self.add(inner)

    def say(self, words: Words) -> None:
        """Give the step another sentence."""
        self._sentence.say(words)


def stick_folder() -> Path:
    """Where a file dialog opens: on the stick if exactly one is in the PC."""
    from hoidesk.exchange.finding import drives

    found = [drive.path for drive in drives() if drive.removable]
    return found[0] if len(found) == 1 else Path.home()


class EnrolFlow(Box):
    """One way of enrolment as a card of steps. Refusals about typed digits are shown where they were typed."""

    heading: Words = ""

    def __init__(self, app: App, fail: Callable[[Refusal], None], back: Callable[[], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._fail_page = fail
        self.busy = False
        self.usb = UsbPanel()
        self.usb.hide()
        self.note = Note(role="ok")
        self.note.hide()
        self.wrong = Note()
        self.wrong.hide()
        self.back = Button(lambda: _("Back"), key="Esc", click=back)
        self._card = Card(row(Label(self.heading, size=1.21, bold=True), 1, self.back), gap=0.7)
        self._scroll = Scroll(self._card)
        self.add(self.usb, self.note, self._scroll)
        self.box.setStretch(2, 1)

    def steps(self, *items: QWidget) -> None:
        """The steps of this way, one below the other."""
        self._card.add(*items, 1)

    def begin(self, standing: Standing) -> None:
        """Show the way anew, as far as the book has come."""
        self.usb.hide()
        self.note.say("")
        self.wrong.say("")

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a part of the steps, once it has its place."""
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(widget, 0, em(0.8)))

    def primary(self) -> None:
        """What Ctrl+Enter does."""

    def say(self, words: Words) -> None:
        """Say what is done now."""
        self.note.say(words, "ok")

    def run(
        self,
        task: Callable[[Any], Any],
        done: Callable[[Any], None],
        progress: Callable[[int, int, str], None] | None = None,
    ) -> None:
        """Run a task on the book; its refusal is shown under the digits or by the page."""
        self.note.say("")
        self.wrong.say("")
        self.busy = True

        def finish(result: Any) -> None:
            self.busy = False
            done(result)

        self._app.work(self, lambda book, _ticket: task(book), finish, self._fail, progress)

    def _fail(self, refusal: Refusal) -> None:
        self.busy = False
        self.usb.hide()
        if getattr(refusal, "field", None) == "digits":
            self.ask_digits(refusal)
        else:
            self._fail_page(refusal)

    def ask_digits(self, refusal: Refusal) -> None:
        """Say under the digits what is wrong with them."""
        self.wrong.say(refusal.text)

    # Files

    def pick(self, title: str) -> Path | None:
        """Ask for a file of the stick."""
        chosen, _kind = QFileDialog.getOpenFileName(self, title, str(stick_folder()))
        return Path(chosen) if chosen else None

    def place_for(self, name: str) -> Path | None:
        """Ask where a new file goes."""
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Where to"), str(stick_folder() / name))
        return Path(chosen) if chosen else None

    def store(self, path: Path, data: bytes) -> bool:
        """Write a file and read it back; False when the stick refuses, which the page tells."""
        from hoidesk.exchange.trust.welcome import store_file

        try:
            store_file(path, data)
        except Refusal as refusal:
            self._fail_page(refusal)
            return False
        return True

    def read(self, path: Path, what: str) -> bytes | None:
        """The bytes of an enrolment file; None when they cannot be read, which the page tells."""
        from hoidesk.exchange.trust.enrolment import read_small_file

        try:
            return read_small_file(path, what)
        except Refusal as refusal:
            self._fail_page(refusal)
            return None
