"""The ways of the unit that certifies: a subordinate unit, and another PC of this unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.exchange.digits import DigitsTyped
from ui.exchange.enrol_flow import EnrolFlow, Step
from ui.widgets.boxes import column, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField
from ui.widgets.labels import Label, Note

if TYPE_CHECKING:
    from hoidesk.exchange.trust.enrolment import Request
    from hoidesk.exchange.trust.welcome import Standing, Welcomed

__all__ = ["InviteFlow", "SecondFlow"]


class _CertifyFlow(EnrolFlow):
    """Invite, open the answer, type two groups; certificate and first package lie on the stick that brought it."""

    def __init__(self, app: App, fail: Callable[[Refusal], None], back: Callable[[], None]) -> None:
        super().__init__(app, fail, back)
        self._data = b""
        self._folder = Path()
        self._code = ""
        self.invite = Button(lambda: _("Write the invitation"), icon="upload", click=self._invite)
        self.open_request = Button(lambda: _("Open the request"), icon="download", click=self._open_request)
        self._asks = Label("", wrap=True, bold=True)
        self.digits = DigitsTyped()
        self.digits.changed.connect(self._on_digits)
        self.digits.entered.connect(self.primary)
        self.certify = Button(
            lambda: _("Certify the unit"), kind="primary", icon="check", key="Ctrl+Enter", click=self.primary
        )
        self._why = Label("", role="text2", wrap=True)
        certify = row(self.certify, self._why)
        certify.box.setStretch(1, 1)
        self._typing = column(self._asks, self.digits, self.wrong, certify)
        self._typing.hide()

    def begin(self, standing: Standing) -> None:
        super().begin(standing)
        self._typing.hide()
        self._on_digits()
        self.invite.setFocus()

    def _on_digits(self) -> None:
        ready = self.digits.ready
        self.certify.setEnabled(ready)
        self._why.say("" if ready else _("First type two whole groups."))

    def _invited(self) -> str:
        raise NotImplementedError

    def _invite(self) -> None:
        code = self._invited()

        def task(book: Any) -> bytes:
            from hoidesk.exchange.trust.enrol import invite

            return invite(book, code)

        def done(data: bytes) -> None:
            path = self.place_for(f"{code}-moi.hdi")
            if path is not None and self.store(path, data):
                self.say(_("Written to {path}.").format(path=path))
                self.open_request.setFocus()

        self.run(task, done)

    def _open_request(self) -> None:
        path = self.pick(_("Open the request"))
        if path is not None:
            self.read_request(path)

    def read_request(self, path: Path) -> None:
        """Look at a request; the digits are then typed by the officer, never shown."""
        data = self.read(path, "request")
        if data is None:
            return

        def task(book: Any) -> Request:
            from hoidesk.exchange.trust.enrol import read_request_of

            return read_request_of(book, data)

        def done(request: Request) -> None:
            self.show_request(request, data, path.parent)

        self.run(task, done)

    def show_request(self, request: Request, data: bytes, folder: Path) -> None:
        """Say who asks, and ask for two of its groups."""
        self._data, self._folder, self._code = data, folder, request.unit
        own = self._app.book is not None and request.unit == self._app.book.unit.code
        said = _("Another PC of {name} ({unit}) asks to join.") if own else _("{name} ({unit}) asks to join.")
        self._asks.say(said.format(name=request.name, unit=request.unit))
        self._typing.show()
        self.digits.begin()
        self.reveal(self._typing)

    def ask_digits(self, refusal: Refusal) -> None:
        super().ask_digits(refusal)
        self.digits.look_again()
        self.reveal(self._typing)

    def primary(self) -> None:
        """Certify, once two groups are typed."""
        if self._typing.isHidden() or not self.digits.ready or self.busy:
            return
        data, typed, folder, code = self._data, self.digits.text(), self._folder, self._code

        def task(book: Any) -> Welcomed:
            from hoidesk.exchange.trust.welcome import welcome

            return welcome(book, data, typed, folder)

        self.usb.show_state(
            lambda: _("WRITING – DO NOT PULL THE USB STICK"),
            lambda: _("Certificate and first package for {unit}").format(unit=code),
            "warn",
        )
        self.run(task, self._finish)

    def _finish(self, made: Welcomed) -> None:
        self._typing.hide()
        name = made.certified.name or made.certified.unit
        if made.package is None:
            self.usb.show_state(
                lambda: _("THE CERTIFICATE IS WRITTEN, THE PACKAGE IS NOT"), lambda: made.trouble, "bad"
            )
        else:
            self.usb.show_state(
                lambda: _("WRITTEN AND READ BACK RIGHT"),
                lambda: _("Certificate and first package for {unit}. The USB stick can be pulled.").format(unit=name),
                "ok",
            )
        self.say(self._after(name))
        self.back.setFocus()

    def _after(self, name: str) -> str:
        return _("Carry the stick to {name}; there “Receive packages” takes both.").format(name=name)


class InviteFlow(_CertifyFlow):
    """Enrol a subordinate unit."""

    heading = staticmethod(lambda: _("Enrol a subordinate unit"))

    def __init__(self, app: App, fail: Callable[[Refusal], None], back: Callable[[], None]) -> None:
        super().__init__(app, fail, back)
        self.code = LineField(width=12)
        self.code.returnPressed.connect(self._invite)
        label = Label(lambda: _("Code of the unit"))
        label.setBuddy(self.code)
        self.steps(
            Step(
                1,
                lambda: _("Type the code of the unit, write the invitation to a stick and give the stick to the unit."),
                row(label, self.code, self.invite, 1),
            ),
            Step(2, lambda: _("When the stick is back, open the request of the unit."), row(self.open_request, 1)),
            Step(
                3,
                lambda: _("Let the unit read out its digits, on the spot or by phone, and type any two of the groups."),
                self._typing,
            ),
        )

    def begin(self, standing: Standing) -> None:
        super().begin(standing)
        self.code.setFocus()

    def _invited(self) -> str:
        return self.code.text().strip()


class SecondFlow(_CertifyFlow):
    """Another PC of this unit, seen from the one that has the records."""

    heading = staticmethod(lambda: _("Another PC of this unit"))

    def __init__(self, app: App, fail: Callable[[Refusal], None], back: Callable[[], None]) -> None:
        super().__init__(app, fail, back)
        self._new = Step(1, "")
        self._stop = Note(role="warn")
        self.steps(
            self._stop,
            self._new,
            Step(
                2,
                lambda: _("On this PC: write the invitation to a stick."),
                row(self.invite, 1),
            ),
            Step(3, lambda: _("On the new PC: “Enrol a unit”, “Open the invitation”. It shows six groups of digits.")),
            Step(4, lambda: _("On this PC: open the request from the stick."), row(self.open_request, 1)),
            Step(
                5,
                lambda: _("Type any two of the groups that the new PC shows."),
                self._typing,
            ),
            Step(6, lambda: _("On the new PC: “Receive packages”. It then has the records and the keys of the unit.")),
        )

    def begin(self, standing: Standing) -> None:
        super().begin(standing)
        self._own = standing.code
        self._new.say(
            lambda: _("On the new PC: make a new book with the code {code} and the name {name}.").format(
                code=standing.code, name=standing.name
            )
        )
        self._stop.say(
            lambda: (
                _("This unit has another PC already. Go on only if that one is gone, or needs new keys.")
                if standing.sibling
                else ""
            ),
            "warn",
        )

    def _invited(self) -> str:
        return self._own

    def _after(self, name: str) -> str:
        return _("Carry the stick to the new PC; there “Receive packages” takes both.")
