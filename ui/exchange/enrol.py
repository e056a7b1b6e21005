"""Enrolment: what shall be connected, then the steps of that way; a file of the stick finds its way by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from hoidesk.errors import Refusal, UserError
from hoidesk.language import _
from ui.app import App
from ui.exchange.enrol_above import InviteFlow, SecondFlow
from ui.exchange.enrol_below import JoinFlow, RekeyFlow
from ui.exchange.enrol_flow import EnrolFlow, stick_folder
from ui.widgets.boxes import Box, Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.labels import Hairline, Label, Note
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.exchange.trust.welcome import Standing

__all__ = ["EnrolPanel"]


class EnrolPanel(Box):
    """The four ways of enrolment; ``receive`` opens the panel that takes packages."""

    def __init__(
        self,
        app: App,
        leave: Callable[[], None],
        fail: Callable[[Refusal], None],
        receive: Callable[[], object],
    ) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._leave = leave
        self._fail_page = fail
        self._standing: Standing | None = None
        self.stack = QStackedWidget()
        self.invite = InviteFlow(app, fail, self.back)
        self.second = SecondFlow(app, fail, self.back)
        self.join = JoinFlow(app, fail, self.back, receive)
        self.rekey = RekeyFlow(app, fail, self.back, receive)
        self.open_file = Button(
            lambda: _("Open a file of the stick"), kind="primary", icon="folder-open", click=self._open_file
        )
        self.choices: list[Button] = []
        self._state = Note(role="text2")
        self.chooser = self._make_chooser()
        for view in (self.chooser, self.invite, self.second, self.join, self.rekey):
            self.stack.addWidget(view)
        self.add(self.stack)
        self.box.setStretch(0, 1)

    def _make_chooser(self) -> QWidget:
        ways = (
            (
                lambda: _("Enrol a subordinate unit"),
                lambda: _("It gets an invitation, answers it, and is certified here."),
                lambda: _("Enrol a unit"),
                self.invite,
            ),
            (
                lambda: _("Join the superior unit"),
                lambda: _("The superior unit has given a stick with an invitation."),
                lambda: _("Join"),
                self.join,
            ),
            (
                lambda: _("Another PC of this unit"),
                lambda: _("A second PC keeps the same book; both exchange by stick."),
                lambda: _("Add a PC"),
                self.second,
            ),
            (
                lambda: _("New keys after a theft"),
                lambda: _("A PC was stolen, or somebody else may have opened the book."),
                lambda: _("New keys"),
                self.rekey,
            ),
        )
        back = Button(lambda: _("Back"), key="Esc", click=self.back)
        head = row(Label(lambda: _("What shall be connected?"), size=1.21, bold=True), 1, back)
        card = Card(head, self._state, gap=0.7)
        for number, (name, meaning, word, flow) in enumerate(ways):
            card.add(Hairline() if number else None, self._way(name, meaning, word, flow))
        card.add(1)
        file_line = row(Label(lambda: _("A stick came back? Open the file on it, whatever it is."), wrap=True))
        file_line.add(self.open_file)
        file_line.box.setStretch(0, 1)
        view = column(Card(file_line, margins=(1.1, 0.8, 1.1, 0.8)), Scroll(card), gap=0.8)
        view.box.setStretch(1, 1)
        return view

    def _way(self, name: Words, meaning: Words, word: Words, flow: EnrolFlow) -> QWidget:
        button = Button(word, icon="chevron-right", click=lambda: self.show_flow(flow))
        self.choices.append(button)
        words = column(Label(name, bold=True, wrap=True), Label(meaning, role="text2", wrap=True), gap=0.15)
        line = row(words, button, gap=0.8, margins=(0, 0.25, 0, 0.25))
        line.box.setStretch(0, 1)
        return line

    # Coming and going

    def begin(self) -> None:
        """Show the ways, with how far this book is enrolled."""
        self.stack.setCurrentWidget(self.chooser)
        self.open_file.setFocus()

        def task(book: Any, _ticket: Any) -> Standing:
            from hoidesk.exchange.trust.welcome import standing

            with book.read() as connection:
                return standing(connection, book.unit.code, book.unit.name)

        self._app.work(self, task, self._show_standing, self._fail_page, writes=False)

    def _show_standing(self, found: Standing) -> None:
        self._standing = found
        self._state.say(lambda: _state_words(found), "text2")

    def show_flow(self, flow: EnrolFlow) -> None:
        """Open one of the ways."""
        if self._standing is None:
            return
        self.stack.setCurrentWidget(flow)
        flow.begin(self._standing)

    def back(self) -> None:
        """One step back: to the ways, then to the board; never while the stick is being written."""
        current = self.stack.currentWidget()
        if isinstance(current, EnrolFlow):
            if not current.busy:
                self.begin()
        else:
            self._leave()

    def primary(self) -> None:
        """What Ctrl+Enter does in the way that is shown."""
        current = self.stack.currentWidget()
        if isinstance(current, EnrolFlow):
            current.primary()
        else:
            self.open_file.click()

    # A file of the stick

    def _open_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Open a file of the stick"), str(stick_folder()))
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> None:
        """Go the way that a file belongs to; one that is no enrolment file is told."""
        from hoidesk.exchange.trust.enrolment import kind_of, read_small_file

        try:
            data = read_small_file(path, "certificate")
        except Refusal as refusal:
            self._fail_page(refusal)
            return
        kind = kind_of(data)
        if kind == "invitation":
            self.show_flow(self.join)
            self.join.answer_invitation(path)
        elif kind == "certificate":
            flow = self.rekey if self._standing is not None and self._standing.waiting else self.join
            self.show_flow(flow)
            flow.take_certificate(path)
        elif kind == "request":
            self._take_request(path, data)
        else:
            self._fail_page(
                UserError("enrol.no_file", _("This is no file of an enrolment. Packages go under “Receive packages”."))
            )

    def _take_request(self, path: Path, data: bytes) -> None:
        def task(book: Any, _ticket: Any) -> tuple[Any, str]:
            from hoidesk.exchange.trust.enrol import read_request_of

            return read_request_of(book, data), book.unit.code

        def done(found: tuple[Any, str]) -> None:
            request, own = found
            flow = self.second if request.unit == own else self.invite
            self.show_flow(flow)
            flow.show_request(request, data, path.parent)

        self._app.work(self, task, done, self._fail_page, writes=False)


def _state_words(found: Standing) -> str:
    """How far the book is enrolled, in one sentence."""
    if found.joining:
        return _("This PC waits for the first package of the unit's other PC.")
    if found.waiting:
        return _("New keys of this unit wait for their certificate. Until then the old ones still sign.")
    if found.superior:
        return _("This unit is enrolled with {name}.").format(name=found.superior)
    return _("This unit is not enrolled with a superior unit.")
