"""Enrolment: three small files and digits that a person must read from the other screen or sheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QBoxLayout, QFileDialog

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.widgets.boxes import Box, Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField
from ui.widgets.labels import Label, Note

if TYPE_CHECKING:
    from hoidesk.exchange.enrol import Certified, Enrolment
    from hoidesk.exchange.enrolment import Request

__all__ = ["EnrolPanel"]


def _read(path: Path) -> bytes:
    from hoidesk.exchange.enrolment import MAX_FILE

    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)


class EnrolPanel(Box):
    """At the left what the superior unit does, at the right what the joining unit does; each with its next step."""

    def __init__(self, app: App, leave: Callable[[], None], fail: Callable[[Refusal], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._fail_page = fail
        self._request = b""
        self.code = LineField()
        self.digits = LineField()
        self._result = Note(role="ok")
        self._result.hide()
        self.invite = Button(lambda: _("Write the invitation"), icon="upload", click=self._invite)
        self.open_request = Button(lambda: _("Open the request"), icon="download", click=self._open_request)
        self.certify = Button(lambda: _("Certify the unit"), kind="primary", icon="check", click=self._certify)
        self._asks = Label("", wrap=True, bold=True)
        self._certify_box = column(self._asks, self._digits_row(), row(1, self.certify))
        self._certify_box.hide()
        code = Label(lambda: _("Code of the unit"))
        code.setBuddy(self.code)
        above = Card(
            Label(lambda: _("Enrol a subordinate unit"), size=1.21, bold=True),
            Label(lambda: _("1. Type the code of the unit and write the invitation to its stick."), wrap=True),
            row(code, self.code, self.invite),
            Label(lambda: _("2. When the stick is back, open the request of the unit."), wrap=True),
            row(self.open_request, 1),
            self._certify_box,
            1,
        )
        self.accept = Button(lambda: _("Open the invitation"), icon="download", click=self._enrol)
        self._digits_shown = Label("", size=1.43, bold=True, wrap=True)
        self.finish = Button(lambda: _("Open the certificate"), icon="key", click=self._finish)
        below = Card(
            Label(lambda: _("Join the superior unit"), size=1.21, bold=True),
            Label(lambda: _("1. Open the invitation; the request is written beside it."), wrap=True),
            row(self.accept, 1),
            Label(lambda: _("2. Read these digits to the officer of the superior unit."), wrap=True),
            self._digits_shown,
            Label(lambda: _("3. When the stick is back, open the certificate."), wrap=True),
            row(self.finish, 1),
            1,
        )
        self._pair = row(above, below, gap=0.8)
        self._pair.box.setStretch(0, 1)
        self._pair.box.setStretch(1, 1)
        self.add(self._result, Scroll(self._pair), row(1, Button(lambda: _("Back"), key="Esc", click=leave)))
        self.box.setStretch(1, 1)

    def set_narrow(self, on: bool) -> None:
        """One card below the other where there is no room side by side."""
        way = QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight
        self._pair.box.setDirection(way)

    def _digits_row(self) -> Box:
        label = Label(lambda: _("Two of the six groups of digits that the unit reads out"), wrap=True)
        label.setBuddy(self.digits)
        return column(label, self.digits, gap=0.3)

    def begin(self) -> None:
        """Show the panel anew."""
        self._result.hide()
        self._certify_box.hide()
        self.code.setFocus()

    def _say(self, text: str) -> None:
        self._result.say(text, "ok")
        self._result.show()

    def _run(self, task: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        self._result.hide()
        self._app.work(self, lambda book, _ticket: task(book), done, self._fail_page)

    def _invite(self) -> None:
        code = self.code.text().strip()

        def task(book: Any) -> bytes:
            from hoidesk.exchange.enrol import invite

            return invite(book, code)

        def done(data: bytes) -> None:
            self._store(data, f"{code}-moi.hdi")

        self._run(task, done)

    def _store(self, data: bytes, name: str, *, beside: Path | None = None) -> Path | None:
        if beside is None:
            chosen, _kind = QFileDialog.getSaveFileName(self, _("Where to"), str(Path.home() / name))
            if not chosen:
                return None
            path = Path(chosen)
        else:
            path = beside.with_name(name)
        from hoidesk.book.files import write_atomic

        try:
            write_atomic(path, data)
        except Refusal as refusal:
            self._fail_page(refusal)
            return None
        self._say(_("Written to {path}.").format(path=path))
        return path

    def _pick(self, title: str) -> Path | None:
        chosen, _kind = QFileDialog.getOpenFileName(self, title, str(Path.home()))
        return Path(chosen) if chosen else None

    def _open_request(self) -> None:
        path = self._pick(_("Open the request"))
        if path is not None:
            self.read_request(path)

    def read_request(self, path: Path) -> None:
        """Look at a request; the digits are then typed by the officer, never shown."""
        data = _read(path)

        def task(book: Any) -> Request:
            from hoidesk.exchange.enrol import read_request_of

            return read_request_of(book, data)

        def done(request: Request) -> None:
            self._request = data
            self._asks.say(_("{name} ({unit}) asks to join.").format(name=request.name, unit=request.unit))
            self._certify_box.show()
            self.digits.setFocus()

        self._run(task, done)

    def _certify(self) -> None:
        request, digits = self._request, self.digits.text()

        def task(book: Any) -> Certified:
            from hoidesk.exchange.enrol import certify

            return certify(book, request, digits)

        def done(made: Certified) -> None:
            if self._store(made.file, f"{made.unit}-chung-nhan.hdc") is not None:
                self._certify_box.hide()
                self.digits.clear()

        self._run(task, done)

    def _enrol(self) -> None:
        path = self._pick(_("Open the invitation"))
        if path is not None:
            self.answer_invitation(path)

    def answer_invitation(self, path: Path) -> None:
        """Make this unit's keys and write the request beside the invitation."""
        data = _read(path)

        def task(book: Any) -> Enrolment:
            from hoidesk.exchange.enrol import enrol

            return enrol(book, data)

        def done(made: Enrolment) -> None:
            from hoidesk.exchange.keys import groups_of_four

            book = self._app.book
            code = book.unit.code if book is not None else ""
            if self._store(made.request, f"{code}-de-nghi.hdr", beside=path) is not None:
                self._digits_shown.say(groups_of_four(made.digits))

        self._run(task, done)

    def _finish(self) -> None:
        path = self._pick(_("Open the certificate"))
        if path is not None:
            self.take_certificate(path)

    def take_certificate(self, path: Path) -> None:
        """Take the certificate of the superior over: from now on packages can be written."""
        data = _read(path)

        def task(book: Any) -> Any:
            from hoidesk.exchange.enrol import accept_certificate

            return accept_certificate(book, data)

        self._run(task, lambda made: self._say(_("Enrolled with {name}.").format(name=made.name)))
