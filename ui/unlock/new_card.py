"""The card that makes a book: which tier, whose, where, who opens it."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.fold import fold
from ui.actions import Act
from ui.app import App
from ui.theme import follow_language
from ui.unlock import gate
from ui.widgets.boxes import Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.fields import LineField
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label, Note

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["NewCard"]


class NewCard(Card):
    """One form and one button; the full path of the book is said in words before it is made."""

    cancelled = Signal()

    def __init__(self, app: App) -> None:
        super().__init__(gap=0.7, margins=(2.0, 1.4, 2.0, 1.2))
        self._app = app
        self._tiers: list[tuple[str, str]] = []
        self._parent = ""
        self._busy = False
        self.form = Form(self._specs())
        for name in ("password", "again"):
            field = self.form.editors[name].field
            assert isinstance(field, LineField)
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self._listed = column(gap=0.1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self._look_up)
        self._where = Label(self._where_words, role="text2", wrap=True)
        self._warning = Note()
        self._warning.hide()
        self.error = Note()
        self.error.hide()
        self.button = Button(lambda: _("Make the book"), kind="primary", icon="check", key=Act.PRIMARY, click=self.make)
        change = Button(lambda: _("Choose another folder"), kind="quiet", click=self._choose)
        cancel = Button(lambda: _("Back"), key="Esc", click=self.cancelled.emit)
        self.add(
            Label(lambda: _("New book"), size=1.43, bold=True),
            self.form,
            self._listed,
            self._where,
            row(change, 1),
            self._warning,
            self.error,
            row(1, cancel, self.button),
        )
        self.form.changed.connect(self._on_change)
        follow_language(self)

    def _specs(self) -> list[FieldSpec]:
        return [
            FieldSpec("tier", lambda: _("Tier"), "choice", options=lambda: self._tiers, required=True),
            FieldSpec("name", lambda: _("Name of the unit")),
            FieldSpec("code", lambda: _("Code of the unit"), width=6.5, hint=lambda: _("such as P05-2")),
            FieldSpec("user", lambda: _("Your name"), hint=""),
            FieldSpec("password", lambda: _("Password")),
            FieldSpec("again", lambda: _("Password again")),
        ]

    def ask_core(self) -> None:
        """Read the labels of the tiers and the proposed folder."""
        self._app.lanes.book.submit(
            lambda _ticket: (gate.tiers(), gate.proposed_folder()), owner=self, done=self._take_core
        )

    def _take_core(self, answer: tuple[list[tuple[str, str]], str]) -> None:
        self._tiers, folder = answer
        self._parent = self._parent or folder
        editor = self.form.editors["tier"]
        editor.refill()
        if not editor.value():
            editor.set_value("ward")
        self._where.retranslate()

    def retranslate(self) -> None:
        """The labels of the tiers have two languages."""
        if self._tiers:
            self.ask_core()

    def start(self) -> None:
        """Begin with the name."""
        self.form.editors["name"].field.setFocus()

    def _folder(self) -> str:
        words = re.findall(r"[a-z0-9]+", fold(self.form.values()["name"]))
        return str(Path(self._parent) / ("-".join(words)[:60] + ".hoibook")) if words and self._parent else ""

    def _where_words(self) -> str:
        folder = self._folder()
        if not folder:
            return _("Type the name: the book gets a folder of that name.")
        return _("The book will lie in the folder {path}").format(path=folder)

    def _on_change(self) -> None:
        self.error.say("")
        self._where.retranslate()
        self._timer.start()

    def _look_up(self) -> None:
        values = self.form.values()
        self._app.lanes.book.submit(
            lambda _ticket: gate.listed_units(values["name"], values["tier"]), owner=self, done=self._offer
        )

    def _offer(self, found: list[tuple[str, str]]) -> None:
        """Official codes of 2025 for the typed name; taking one is never required."""
        self._listed.clear()
        taken = self.form.values()["code"]
        for code, name in found:
            if code != taken:
                words = _("Code {code}: {name}").format(code=code, name=name)
                self._listed.add(row(Button(words, kind="quiet", click=partial(self.take_code, code)), 1))

    def take_code(self, code: str) -> None:
        """Use an official code of the list."""
        self.form.editors["code"].set_value(code)
        self._look_up()

    def _choose(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        folder = QFileDialog.getExistingDirectory(self, _("Choose where the book will lie"), self._parent)
        if folder:
            self.use_folder(folder)

    def use_folder(self, folder: str) -> None:
        """Put the new book into ``folder``; warn when the place is risky."""
        self._parent = folder
        self._where.retranslate()
        self._app.lanes.book.submit(
            lambda _ticket: gate.warnings_for(folder),
            owner=self,
            done=lambda found: self._warning.say(" ".join(found), "warn"),
        )

    def make(self) -> None:
        """Make the book if every field is filled."""
        values = self.form.values()
        if self._busy or not self._complete(values):
            return
        self._busy = True
        folder = self._folder()
        self._app.lanes.book.submit(
            lambda _ticket: gate.make(
                folder=folder,
                tier=values["tier"],
                code=values["code"],
                name=values["name"],
                user=values["user"],
                password=values["password"],
            ),
            owner=self,
            done=self._made,
            failed=self._failed,
        )

    def _complete(self, values: dict[str, str]) -> bool:
        if not values["name"].strip():
            self.form.say_error("name", _("Type the name of the unit."))
        elif not values["user"].strip():
            self.form.say_error("user", _("Type the name of the person who keeps this book."))
        elif len(values["password"]) < 8:
            self.form.say_error("password", _("The password is too short. Use at least 8 characters."))
        elif values["password"] != values["again"]:
            self.form.say_error("again", _("The two passwords differ. Type the second one again."))
        else:
            return True
        return False

    def _made(self, book: Book) -> None:
        self._busy = False
        self.form.load({"tier": self.form.values()["tier"]})
        self._app.open(book)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        if not isinstance(error, Refusal):
            self._app.take_error(error)
        elif not self.form.say_error(error.field, error.text):
            self.error.say(error.text)
