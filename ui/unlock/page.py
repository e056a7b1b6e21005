"""The first page: one card on empty ground, drawn before any library of the data is there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _, current_language
from ui.actions import Act
from ui.app import App
from ui.theme import em, follow, follow_language
from ui.unlock import gate
from ui.widgets.boxes import Card, Scroll, row
from ui.widgets.buttons import Button, FilterChip

if TYPE_CHECKING:
    from ui.unlock.new_card import NewCard
    from ui.unlock.open_card import OpenCard
    from ui.unlock.recover_card import RecoverCard
    from ui.unlock.welcome_card import WelcomeCard

__all__ = ["UnlockPage"]

AnyCard = TypeVar("AnyCard", bound=Card)


class UnlockPage(QWidget):
    """Shows one of four cards: welcome (no book known), open, new, recover."""

    help_asked = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self._data_ready = False
        self._cards = QStackedWidget()
        self._built: list[QWidget] = []
        self._vietnamese = FilterChip("Tiếng Việt", click=lambda _on: self._speak("vi"))
        self._english = FilterChip("English", click=lambda _on: self._speak("en"))
        self._smaller = Button("A−", click=lambda: app.step_text(-1))
        self._larger = Button("A+", click=lambda: app.step_text(1))
        self.help_button = Button(lambda: _("Help"), kind="quiet", key=Act.HELP, click=self.help_asked.emit)
        self._bar = row(
            self.help_button,
            1,
            self._vietnamese,
            self._english,
            self._smaller,
            self._larger,
            gap=0.5,
            margins=(1.0, 0.8, 1.0, 0.2),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._bar)
        column.addWidget(self._cards, 1)
        self._start()
        follow(self)
        follow_language(self)

    # Each card is built when it is first shown: only one of them stands before the first paint.

    @cached_property
    def welcome(self) -> WelcomeCard:
        """The card of a PC that knows no book."""
        from ui.unlock.welcome_card import WelcomeCard

        card = WelcomeCard()
        card.new.connect(lambda: self._show(self.new_card))
        card.other.connect(self._choose_other)
        card.sample.connect(self._open_sample)
        return self._add(card)

    @cached_property
    def open_card(self) -> OpenCard:
        """The card that opens a book."""
        from ui.unlock.open_card import OpenCard

        card = OpenCard(self.app)
        card.other.connect(self._choose_other)
        card.recover.connect(self._recover)
        card.new.connect(lambda: self._show(self.new_card))
        return self._add(card)

    @cached_property
    def new_card(self) -> NewCard:
        """The card that makes a book."""
        from ui.unlock.new_card import NewCard

        card = NewCard(self.app)
        card.cancelled.connect(self.back)
        if self._data_ready:
            card.ask_core()
        return self._add(card)

    @cached_property
    def recover_card(self) -> RecoverCard:
        """The card that opens a book with its recovery sheet."""
        from ui.unlock.recover_card import RecoverCard

        card = RecoverCard(self.app)
        card.cancelled.connect(self.back)
        return self._add(card)

    def _add(self, card: AnyCard) -> AnyCard:
        self._built.append(card)
        self._cards.addWidget(_centred(card))
        self.restyle()
        return card

    def _start(self) -> None:
        last = self.app.settings.now.last_book
        if last:
            self.open_card.offer(last, self.app.settings.now.last_user)
            self._show(self.open_card)
        else:
            self._show(self.welcome)

    def _show(self, card: WelcomeCard | OpenCard | NewCard | RecoverCard) -> None:
        self._cards.setCurrentIndex(self._built.index(card))
        card.start()

    def restart_focus(self) -> None:
        """Put the focus where the card begins: before the window was shown nothing could have it."""
        self.shown().start()  # type: ignore[attr-defined]

    def shown(self) -> QWidget:
        """The card in use."""
        return self._built[self._cards.currentIndex()]

    @property
    def _folder(self) -> str:
        return self.open_card.folder if "open_card" in vars(self) else ""

    def back(self) -> None:
        """Leave a card that was opened from another."""
        self._show(self.open_card if self._folder else self.welcome)

    def primary(self) -> None:
        """Ctrl+Enter makes the book on the card of a new one."""
        shown = self.shown()
        if "new_card" in vars(self) and shown is self.new_card:
            self.new_card.make()

    def data_ready(self) -> None:
        """The libraries of the data are there: ask what the cards want to know."""
        self._data_ready = True
        if "open_card" in vars(self):
            self.open_card.ask_users()
        if "new_card" in vars(self):
            self.new_card.ask_core()

    def ask_again(self) -> None:
        """The book was closed: offer to open it again."""
        self._start()
        self.open_card.ask_users()

    def _choose_other(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        start = self._folder
        folder = QFileDialog.getExistingDirectory(self, _("Choose the folder of the book (….hoibook)"), start)
        if folder:
            self.open_card.offer(folder, "")
            self.open_card.ask_users()
            self._show(self.open_card)

    def _recover(self) -> None:
        self.recover_card.offer(self.open_card.folder)
        self._show(self.recover_card)

    def _open_sample(self) -> None:
        self.welcome.busy(True)

        def failed(error: Exception) -> None:
            self.welcome.busy(False)
            if isinstance(error, Refusal):
                self.welcome.say(error.text)
            else:
                self.app.take_error(error)

        def done(book: object) -> None:
            self.welcome.busy(False)
            self.app.open(book)  # type: ignore[arg-type]

        self.app.lanes.book.submit(lambda _ticket: gate.open_sample(), owner=self, done=done, failed=failed)

    def _speak(self, code: str) -> None:
        if current_language() != code:
            self.app.set_language(code)
        self.retranslate()

    def retranslate(self) -> None:
        """Mark the language in use."""
        for chip, code in ((self._vietnamese, "vi"), (self._english, "en")):
            blocked = chip.blockSignals(True)
            chip.setChecked(current_language() == code)
            chip.blockSignals(blocked)
        self._smaller.setAccessibleName(_("Smaller text"))
        self._larger.setAccessibleName(_("Larger text"))

    def restyle(self) -> None:
        """Cards keep their width in em."""
        for card in self._built:
            wide = "new_card" in vars(self) and card is self.new_card
            card.setFixedWidth(min(em(38 if wide else 32), max(600, em(28))))


def _centred(card: QWidget) -> QWidget:
    holder = QWidget()
    # An alignment flag would take the card's size hint, which does not know how high wrapped words become.
    middle = QHBoxLayout()
    middle.addStretch(1)
    middle.addWidget(card)
    middle.addStretch(1)
    column = QVBoxLayout(holder)
    column.addStretch(1)
    column.addLayout(middle)
    column.addStretch(1)
    return Scroll(holder)
