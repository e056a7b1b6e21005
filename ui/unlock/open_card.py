"""The card that opens a book: whose, where it lies, user, password; what is wrong stands under the field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.theme import follow_language
from ui.unlock import gate
from ui.widgets.boxes import Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.fields import ComboField, LineField, PasswordField, mark_wrong
from ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label, Note

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["OpenCard"]


class OpenCard(Card):
    """Never locks anybody out, however often a password is wrong."""

    other = Signal()
    recover = Signal()
    new = Signal()

    def __init__(self, app: App) -> None:
        super().__init__(gap=0.5, margins=(2.0, 1.6, 2.0, 1.2))
        self._app = app
        self.folder = ""
        self._busy = False
        self._name = Label("", size=1.43, bold=True, wrap=True)
        self._path = ElidedLabel("")
        self.user = ComboField()
        self.password = PasswordField()
        self._reveal = Button(lambda: _("Show"), click=self._toggle_reveal)
        self.error = Note()
        self.error.hide()
        self._hint = Note()
        self._hint.hide()
        self.button = Button(lambda: _("Open the book"), kind="primary", icon="key", key="Enter", click=self._open)
        self._user_label = Label(lambda: _("User"), bold=True)
        self._password_label = Label(lambda: _("Password"), bold=True)
        self._build()
        self.password.returnPressed.connect(self._open)
        self.password.textEdited.connect(self._forget_error)
        follow_language(self)

    def _build(self) -> None:
        self._user_label.setBuddy(self.user)
        self._password_label.setBuddy(self.password)
        where = row(IconLabel("hard-drive", role="text2"), self._path, gap=0.5)
        where.box.setStretch(1, 1)
        field = row(self.password, self._reveal, gap=0.5)
        field.box.setStretch(0, 1)
        self.button.setSizePolicy(self.button.sizePolicy().Policy.Expanding, self.button.sizePolicy().Policy.Fixed)
        self.day = LineField()
        self.day.setAccessibleName(_("Today's date"))
        self.day.returnPressed.connect(self._open)
        self._ask_day = row(
            Label(lambda: _("Today is")),
            self.day,
            Button(lambda: _("Confirm the date"), icon="calendar", click=self._open),
            1,
        )
        self._ask_day.hide()
        other = Button(lambda: _("Open another book"), kind="quiet", click=self.other.emit)
        recover = Button(lambda: _("Use the recovery sheet"), kind="quiet", click=self.recover.emit)
        new = Button(lambda: _("Make a new book"), kind="quiet", click=self.new.emit)
        self.add(
            column(self._name, where, gap=0.3),
            self._user_label,
            self.user,
            self._password_label,
            field,
            self.error,
            self._ask_day,
            self._hint,
            self.button,
            row(other, 1, recover),
            Hairline(),
            row(new, 1),
        )

    def offer(self, folder: str, user: str) -> None:
        """Offer to open the book in ``folder``."""
        self.folder = folder
        self._name.say(Path(folder).stem)
        self._path.say(folder)
        self.user.fill([(user, user)] if user else [("", _("The user the password belongs to"))])
        self.user.setCurrentIndex(0)
        self.error.say("")

    def ask_users(self) -> None:
        """Read who can open this book."""
        if self.folder:
            folder = self.folder
            self._app.lanes.book.submit(
                lambda _ticket: (folder, gate.users_of(folder)), owner=self, done=self._take_users
            )

    def _take_users(self, answer: tuple[str, list[str]]) -> None:
        folder, users = answer
        if folder == self.folder and users:
            chosen = self.user.value()
            self.user.fill([(user, user) for user in users])
            self.user.choose(chosen if chosen in users else users[0])

    def start(self) -> None:
        """Begin with the password."""
        self.password.clear()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Name the fields for screen readers; drop a sentence of the other language."""
        self.user.setAccessibleName(_("User"))
        self.password.setAccessibleName(_("Password"))
        self._forget_error("")

    def _toggle_reveal(self) -> None:
        shown = self.password.echoMode() == PasswordField.EchoMode.Normal
        self.password.reveal(not shown)
        self._reveal.say((lambda: _("Show")) if shown else (lambda: _("Hide")))
        self.password.setFocus()

    def _forget_error(self, _text: str) -> None:
        self.error.say("")
        mark_wrong(self.password, False)

    def _open(self) -> None:
        if self._busy:
            return
        folder, user, password = self.folder, self.user.value(), self.password.text()
        if not password:
            self._say(_("Type the password."))
            return
        day = self.day.text() if self._ask_day.isVisible() else ""
        self._set_busy(True)
        self._app.lanes.book.submit(
            lambda _ticket: gate.open_with_password(folder, user, password, day),
            owner=self,
            done=self._opened,
            failed=self._failed,
        )

    def _set_busy(self, on: bool) -> None:
        self._busy = on
        self.button.say((lambda: _("Opening…")) if on else (lambda: _("Open the book")))

    def _opened(self, book: Book) -> None:
        self._set_busy(False)
        self.password.clear()
        self.password.reveal(False)
        self._ask_day.hide()
        self._app.open(book)

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        if not isinstance(error, Refusal):
            self._app.take_error(error)
            self._say(_("The program made a mistake; the book was not opened. Try again."))
            return
        self._say(error.text)
        if error.code == "clock.question":
            self._question()
        if error.code == "password.wrong":
            mark_wrong(self.password, True)
            self._hint.say(_("Caps Lock or the Vietnamese keyboard may change it; “Show” shows what is typed."), "warn")

    def _question(self) -> None:
        """Ask once which day it is; the book keeps the difference, the PC's clock is left alone."""
        from hoidesk.text.dates import show_day, today

        self.day.setText(show_day(today()))
        self._ask_day.show()
        self.day.setFocus()
        self.day.selectAll()

    def _say(self, words: str) -> None:
        self.error.say(words)
        self._hint.say("")
        self.password.setFocus()
        self.password.selectAll()
