"""What a page is to the frame around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from ui.actions import Handlers
from ui.app import App
from ui.theme import em, follow
from ui.widgets.messages import MessageLine
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.book.changes import Changes

__all__ = ["Desk", "Page"]


class Desk(Protocol):
    """What a page may ask of the frame."""

    def go(self, place: str, record: UUID | None = None, only: str = "") -> None:
        """Open another page, at a record if one is named; ``only`` is given to its ``show_only``."""

    def back(self) -> None:
        """Open the page before."""

    def title_changed(self) -> None:
        """Read the title of the page again."""


class Page(QWidget):
    """A page of the desk.

    ``tables``: the tables it shows; when one of them is written, ``refresh`` is called, at once if the page is open
    and else when it is opened. ``handlers``: what it does for acts with a key.
    """

    tables: frozenset[str] = frozenset()

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__()
        self.app = app
        self.desk = desk
        self.width_class = 3
        self.handlers: Handlers = {}
        self.message = MessageLine()
        self.body = QVBoxLayout(self)
        self.body.addWidget(self.message)
        self._stale = True
        app.changed.connect(self._on_changes)
        app.day_changed.connect(self._on_day)
        follow(self)

    def title(self) -> Words:
        """The words in the header: every page says its own."""
        return ""

    def refresh(self) -> None:
        """Read what is shown again."""

    def show_record(self, record: UUID) -> None:
        """Open a record of this page."""

    def show_only(self, what: str) -> None:
        """Show a part of this page: a filter of its list, or ``"new"`` for a form."""

    def enter(self) -> None:
        """The page was opened: put the focus where work starts."""

    def set_width_class(self, number: int) -> None:
        """The window is narrow (1), middle (2) or wide (3)."""
        self.width_class = number

    def fail(self, refusal: Refusal) -> None:
        """Show a refusal at the top of the page."""
        self.message.say(refusal.text)

    def restyle(self) -> None:
        """Compute the margins of the page again."""
        side = em(1.1) if em() < 20 else em(0.6)
        self.body.setContentsMargins(side, em(0.9), side, em(0.9))
        self.body.setSpacing(em(0.8))

    # -- called by the frame

    def opened(self) -> None:
        """The frame shows this page."""
        if self._stale:
            self._stale = False
            self.refresh()
        self.enter()

    def touch(self) -> None:
        """Read again when this page is opened next."""
        self._stale = True

    def _on_changes(self, changes: Changes) -> None:
        # What counts as one thing changes what every list and figure counts.
        if self.tables and changes.touches("alias", *self.tables):
            self._touch()

    def _on_day(self) -> None:
        self._touch()

    def _touch(self) -> None:
        if self.isVisible() and self.app.book is not None:
            self.refresh()
        else:
            self._stale = True

    def ask(self, query: Any, done: Any) -> None:
        """Read from the book for this page; refusals are shown on it."""
        self.app.read(self, query, done, self.fail)
