"""The card that opens a book with its recovery sheet and sets a new password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.unlock import gate
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import ElidedLabel, IconLabel, Label, Note

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["RecoverCard"]


class RecoverCard(Card):
    """Takes the PDF that was made with the book, or a text file with its digits."""

    cancelled = Signal()

    def __init__(self, app: App) -> None:
        super().__init__(gap=0.7, margins=(2.0, 1.6, 2.0, 1.4))
        self._app = app
        self._folder = ""
        self._sheet = ""
        self._busy = False
        self._path = ElidedLabel("")
        self._sheet_label = ElidedLabel(lambda: self._sheet or _("No sheet chosen yet"))
        self.form = Form(
            [
                FieldSpec("user", lambda: _("Your name")),
                FieldSpec("password", lambda: _("New password")),
                FieldSpec("again", lambda: _("New password again")),
            ]
        )
        for name in ("password", "again"):
            field = self.form.editors[name].field
            assert isinstance(field, LineField)
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.error = Note()
        self.error.hide()
        self.choose = Button(lambda: _("Choose the recovery sheet"), icon="file-text", click=self._choose)
        self.button = Button(lambda: _("Open with the sheet"), kind="primary", icon="key", click=self._open)
        cancel = Button(lambda: _("Back"), key="Esc", click=self.cancelled.emit)
        where = row(IconLabel("hard-drive", role="text2"), self._path, gap=0.5)
        where.box.setStretch(1, 1)
        self.add(
            Label(lambda: _("Open with the recovery sheet"), size=1.43, bold=True, wrap=True),
            where,
            Label(
                lambda: _("The sheet is the PDF made for this book, or a text file with its digits."),
                role="text2",
                wrap=True,
            ),
            row(self.choose, 1),
            self._sheet_label,
            self.form,
            self.error,
            row(1, cancel, self.button),
        )

    def offer(self, folder: str) -> None:
        """Open the book in ``folder``."""
        self._folder = folder
        self._path.say(folder)

    def start(self) -> None:
        """Begin with the sheet."""
        self.error.say("")
        self.choose.setFocus()

    def use_sheet(self, path: str) -> None:
        """Take a file as the sheet."""
        self._sheet = path
        self._sheet_label.retranslate()
        self.error.say("")

    def _choose(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        path, _kind = QFileDialog.getOpenFileName(
            self, _("Choose the recovery sheet"), "", _("Recovery sheet (*.pdf *.txt)")
        )
        if path:
            self.use_sheet(path)

    def _open(self) -> None:
        values = self.form.values()
        if self._busy:
            return
        if not self._sheet:
            self.error.say(_("Choose the file of the recovery sheet first."))
            return
        if not values["user"].strip():
            self.form.say_error("user", _("Type the name of the person who keeps this book."))
            return
        if len(values["password"]) < 8:
            self.form.say_error("password", _("The password is too short. Use at least 8 characters."))
            return
        if values["password"] != values["again"]:
            self.form.say_error("again", _("The two passwords differ. Type the second one again."))
            return
        self._busy = True
        folder, sheet = self._folder, self._sheet
        self._app.lanes.book.submit(
            lambda _ticket: gate.open_recovered(folder, sheet, values["user"], values["password"]),
            owner=self,
            done=self._opened,
            failed=self._failed,
        )

    def _opened(self, book: Book) -> None:
        self._busy = False
        self.form.load({})
        self.use_sheet("")
        self._app.open(book)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        if not isinstance(error, Refusal):
            self._app.take_error(error)
        elif not self.form.say_error(error.field, error.text):
            self.error.say(error.text)
