"""The first page: one card on empty ground, drawn before any library of the data is there."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _, current_language
from ui.app import App
from ui.theme import em, follow, follow_language
from ui.unlock import gate
from ui.unlock.new_card import NewCard
from ui.unlock.open_card import OpenCard
from ui.unlock.recover_card import RecoverCard
from ui.unlock.welcome_card import WelcomeCard
from ui.widgets.boxes import Scroll, row
from ui.widgets.buttons import Button, FilterChip

__all__ = ["UnlockPage"]


class UnlockPage(QWidget):
    """Shows one of four cards: welcome (no book known), open, new, recover."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.welcome = WelcomeCard()
        self.open_card = OpenCard(app)
        self.new_card = NewCard(app)
        self.recover_card = RecoverCard(app)
        self._cards = QStackedWidget()
        for card in (self.welcome, self.open_card, self.new_card, self.recover_card):
            self._cards.addWidget(_centred(card))
        self._vietnamese = FilterChip("Tiếng Việt", click=lambda _on: self._speak("vi"))
        self._english = FilterChip("English", click=lambda _on: self._speak("en"))
        self._smaller = Button("A−", click=lambda: app.step_text(-1))
        self._larger = Button("A+", click=lambda: app.step_text(1))
        self._bar = row(
            1, self._vietnamese, self._english, self._smaller, self._larger, gap=0.5, margins=(1.0, 0.8, 1.0, 0.2)
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._bar)
        column.addWidget(self._cards, 1)
        self._connect()
        self._start()
        follow(self)
        follow_language(self)

    def _connect(self) -> None:
        self.welcome.new.connect(lambda: self._show(self.new_card))
        self.welcome.other.connect(self._choose_other)
        self.welcome.sample.connect(self._open_sample)
        self.open_card.other.connect(self._choose_other)
        self.open_card.recover.connect(self._recover)
        self.open_card.new.connect(lambda: self._show(self.new_card))
        self.new_card.cancelled.connect(self.back)
        self.recover_card.cancelled.connect(self.back)

    def _start(self) -> None:
        last = self.app.settings.now.last_book
        if last:
            self.open_card.offer(last, self.app.settings.now.last_user)
            self._show(self.open_card)
        else:
            self._show(self.welcome)

    def _show(self, card: QWidget) -> None:
        for number in range(self._cards.count()):
            holder = self._cards.widget(number)
            if holder is not None and holder.isAncestorOf(card):
                self._cards.setCurrentIndex(number)
        card.start()  # type: ignore[attr-defined]

    def restart_focus(self) -> None:
        """Put the focus where the card begins: before the window was shown nothing could have it."""
        self.shown().start()  # type: ignore[attr-defined]

    def shown(self) -> QWidget:
        """The card in use."""
        cards: list[QWidget] = [self.welcome, self.open_card, self.new_card, self.recover_card]
        return cards[self._cards.currentIndex()]

    def back(self) -> None:
        """Leave a card that was opened from another."""
        self._show(self.open_card if self.open_card.folder else self.welcome)

    def primary(self) -> None:
        """Ctrl+Enter makes the book on the card of a new one."""
        if self.shown() is self.new_card:
            self.new_card.make()

    def data_ready(self) -> None:
        """The libraries of the data are there: ask what the cards want to know."""
        self.open_card.ask_users()
        self.new_card.ask_core()

    def ask_again(self) -> None:
        """The book was closed: offer to open it again."""
        self._start()
        self.open_card.ask_users()

    def _choose_other(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        start = self.open_card.folder or ""
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
        for card in (self.welcome, self.open_card, self.new_card, self.recover_card):
            card.setFixedWidth(min(em(38 if card is self.new_card else 32), max(600, em(24))))


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
