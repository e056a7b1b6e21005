"""The ways of the unit that is certified: joining the superior unit (or the first PC), and new keys after a theft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.exchange.digits import DigitsShown, DigitsTyped
from ui.exchange.enrol_flow import EnrolFlow, Step
from ui.widgets.boxes import column, row
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, Note

if TYPE_CHECKING:
    from hoidesk.exchange.trust.enrol import Accepted, Enrolment
    from hoidesk.exchange.trust.rekey import Rekeyed
    from hoidesk.exchange.trust.welcome import Standing

__all__ = ["JoinFlow", "RekeyFlow"]


class _CertifiedFlow(EnrolFlow):
    """The last step of both: open the certificate."""

    def __init__(
        self,
        app: App,
        fail: Callable[[Refusal], None],
        back: Callable[[], None],
        receive: Callable[[], object],
    ) -> None:
        super().__init__(app, fail, back)
        self.shown = DigitsShown()
        self.finish = Button(lambda: _("Open the certificate"), icon="key", click=self._finish)
        self.receive = Button(lambda: _("Receive packages"), icon="download", click=receive)

    def _finish(self) -> None:
        path = self.pick(_("Open the certificate"))
        if path is not None:
            self.take_certificate(path)

    def take_certificate(self, path: Path) -> None:
        """Take the certificate over: from now on packages can be written with these keys."""
        data = self.read(path, "certificate")
        if data is None:
            return

        def task(book: Any) -> Accepted:
            from hoidesk.exchange.trust.enrol import accept_certificate

            return accept_certificate(book, data)

        self.run(task, self._taken)

    def _taken(self, made: Accepted) -> None:
        self.say(made.sentence)
        self.receive.setFocus()


class JoinFlow(_CertifiedFlow):
    """Answer an invitation, show the digits, take the certificate."""

    heading = staticmethod(lambda: _("Join the superior unit"))

    def __init__(
        self, app: App, fail: Callable[[Refusal], None], back: Callable[[], None], receive: Callable[[], object]
    ) -> None:
        super().__init__(app, fail, back, receive)
        self._path = Path()
        self.accept = Button(lambda: _("Open the invitation"), icon="download", click=self._open)
        self.digits = DigitsTyped()
        self.answer = Button(lambda: _("Answer the invitation"), icon="check", click=self.primary)
        self.digits.changed.connect(lambda: self.answer.setEnabled(self.digits.ready))
        self.digits.entered.connect(self.primary)
        self._typing = column(self.wrong, self.digits, row(self.answer, 1))
        self._typing.hide()
        self._carry = Step(2, lambda: _("Take the stick back and let the officer there type any two of these groups."))
        self.steps(
            Step(
                1,
                lambda: _("Open the invitation from the stick; the request is written beside it."),
                row(self.accept, 1),
                self._typing,
            ),
            self._carry,
            row(self.shown, margins=(1.3, 0, 0, 0)),
            Step(
                3,
                lambda: _("When the stick is back, receive what is on it: the certificate and the first package."),
                row(self.receive, self.finish, 1),
            ),
        )

    def begin(self, standing: Standing) -> None:
        super().begin(standing)
        self._typing.hide()
        self.shown.say("")
        self.accept.setFocus()

    def _open(self) -> None:
        path = self.pick(_("Open the invitation"))
        if path is not None:
            self.answer_invitation(path)

    def answer_invitation(self, path: Path) -> None:
        """Make this unit's keys and write the request beside the invitation."""
        self._path = path
        self._typing.hide()
        self._answer("")

    def primary(self) -> None:
        """Answer an invitation whose superior's digits had to be typed."""
        if not self._typing.isHidden() and self.digits.ready and not self.busy:
            self._answer(self.digits.text())

    def ask_digits(self, refusal: Refusal) -> None:
        """The superior is known with other keys: two of its groups are typed here as well."""
        super().ask_digits(refusal)
        if self._typing.isHidden():
            self.wrong.say(refusal.text, "warn")
            self._typing.show()
            self.answer.setEnabled(False)
            self.digits.begin()
        else:
            self.digits.look_again()
        self.reveal(self._typing)

    def _answer(self, typed: str) -> None:
        data = self.read(self._path, "invitation")
        if data is None:
            return

        def task(book: Any) -> Enrolment:
            from hoidesk.exchange.trust.enrol import enrol

            return enrol(book, data, typed)

        self.run(task, self._answered)

    def _answered(self, made: Enrolment) -> None:
        book = self._app.book
        code = book.unit.code if book is not None else ""
        path = self._path.with_name(f"{code}-de-nghi.hdr")
        if not self.store(path, made.request):
            return
        self._typing.hide()
        self.say(_("Written to {path}.").format(path=path))
        if made.sibling:
            self._carry.say(lambda: _("Take the stick back to the first PC and type any two of these groups there."))
        else:
            name = made.superior
            self._carry.say(
                lambda: _("Take the stick back to {name}; its officer types any two of these groups.").format(name=name)
            )
        self.shown.say(made.digits)
        self.receive.setFocus()
        self.reveal(self.shown)


def _why_not(standing: Standing) -> str:
    """What stands in the way of new keys, or is under way already."""
    if standing.joining:
        return _("This PC waits for the first package of the unit's other PC.")
    if not standing.digits:
        return _("This unit has no keys yet. They are made at the first invitation or enrolment.")
    if standing.waiting:
        return _("New keys of this unit wait for their certificate. Until then the old ones still sign.")
    return ""


class RekeyFlow(_CertifiedFlow):
    """New keys after a theft."""

    heading = staticmethod(lambda: _("New keys after a theft"))

    def __init__(
        self, app: App, fail: Callable[[Refusal], None], back: Callable[[], None], receive: Callable[[], object]
    ) -> None:
        super().__init__(app, fail, back, receive)
        self._standing: Standing | None = None
        self._meaning = Label("", wrap=True)
        self._state = Note(role="warn")
        self.make = Button(lambda: _("Make new keys"), kind="primary", icon="key", click=self._make)
        self.again = Button(lambda: _("Write the request again"), icon="upload", click=self._again)
        self._first = Step(1, "", row(self.make, self.again, 1))
        self._carry = Step(2, "")
        self._last = Step(
            3,
            lambda: _("When the stick is back, open the certificate. From then on this unit signs with its new keys."),
            row(self.finish, 1),
        )
        self._second = Step(4, lambda: _("Then enrol the other PC of this unit again, so that it gets the new keys."))
        self._digits = row(self.shown, margins=(1.3, 0, 0, 0))
        self.steps(self._meaning, self._state, self._first, self._carry, self._digits, self._last, self._second)

    def begin(self, standing: Standing) -> None:
        super().begin(standing)
        self._standing = standing
        above = standing.superior
        self._meaning.say(
            lambda: _("For a stolen PC, or when somebody else may have opened the book. Nothing in the book is lost.")
        )
        waiting = bool(standing.waiting)
        self._state.say(lambda: _why_not(standing), "warn")
        self.again.setVisible(waiting)
        self.make.setVisible(not waiting)
        self.make.setEnabled(bool(standing.digits) and not standing.joining)
        self._last.setVisible(bool(above))
        self._second.setVisible(standing.sibling)
        self._digits.show()
        self.shown.say(standing.waiting)
        if above:
            self._first.say(lambda: _("Make new keys and write the request to a stick."))
            self._carry.say(
                lambda: _("Take the stick to {name}; its officer types any two of these groups.").format(name=above)
            )
        else:
            self._first.say(lambda: _("Make new keys. No unit stands above this one, so they are in use at once."))
            self._carry.say(self._reinvite)
        (self.again if waiting else self.make).setFocus()

    def _reinvite(self) -> str:
        below = self._standing.below if self._standing is not None else ()
        if not below:
            return _("No unit is enrolled below this one, so nobody has to be told.")
        return _("Invite again: {units}. Each of them types two of the new groups.").format(units=", ".join(below))

    def _make(self) -> None:
        def task(book: Any) -> Rekeyed:
            from hoidesk.exchange.trust.rekey import rekey

            return rekey(book)

        self.run(task, self._made)

    def _again(self) -> None:
        def task(book: Any) -> Rekeyed | None:
            from hoidesk.exchange.trust.rekey import rekey_request

            return rekey_request(book)

        self.run(task, self._made)

    def _made(self, made: Rekeyed | None) -> None:
        if made is None:
            return
        self.shown.say(made.digits)
        self.reveal(self.shown)
        if made.request is None:
            self.say(_("The new keys are in use now. The units named below have to be told."))
            return
        self.again.show()
        self.make.hide()
        self._state.say(
            lambda: _("New keys of this unit wait for their certificate. Until then the old ones still sign."), "warn"
        )
        book = self._app.book
        path = self.place_for(f"{book.unit.code if book is not None else ''}-khoa-moi.hdr")
        if path is not None and self.store(path, made.request):
            self.say(_("Written to {path}.").format(path=path))
        self.finish.setFocus()
