"""What is typed and not yet saved is kept beside the book, so that a killed program loses two seconds at most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from hoidesk.language import _
from hoidesk.text.dates import show_instant
from ui.app import App
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.book.drafts import StoredDraft

__all__ = ["Keeping", "draft_words"]

EVERY_MS: Final = 2000


def draft_words(draft: StoredDraft) -> Words:
    """The sentence over a form that was filled from its draft."""
    return lambda: _("Typed on {when} and not saved. Save it to the book, or throw it away.").format(
        when=show_instant(draft.at)
    )


class Keeping(QObject):
    """Keeps the fields of one form: every two seconds while somebody types, and when the focus leaves the form.

    ``typed`` gives the fields as they are now, or None when there is nothing worth keeping. ``found`` carries a draft
    that an earlier life of the program left, once, after :meth:`begin`.
    """

    found = Signal(object)

    def __init__(self, app: App, form: QWidget, typed: Callable[[], Mapping[str, Any] | None]) -> None:
        super().__init__(form)
        self._app = app
        self._form = form
        self._typed = typed
        self._key = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.keep_now)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def begin(self, key: str) -> None:
        """Begin to keep the form under this name, and look for a draft of it."""
        self._key = key
        store = self._app.drafts
        if store is not None:
            self._app.lanes.free.submit(lambda _ticket: store.load(key), owner=self, done=self._take)

    def _take(self, draft: StoredDraft | None) -> None:
        if draft is not None and draft.key == self._key:
            self.found.emit(draft)

    def touch(self) -> None:
        """Something was typed: keep it within two seconds."""
        if self._key and not self._timer.isActive():
            self._timer.start()

    def keep_now(self) -> None:
        """Keep what stands in the form; an empty form forgets its draft."""
        self._timer.stop()
        store, key, values = self._app.drafts, self._key, self._typed()
        if store is None or not key:
            return
        if values:
            kept = dict(values)
            self._app.lanes.free.submit(lambda _ticket: store.save(key, kept))
        else:
            self._app.lanes.free.submit(lambda _ticket: store.discard(key))

    def throw_away(self) -> None:
        """The draft is not wanted; what is typed from now on is kept again."""
        self._timer.stop()
        store, key = self._app.drafts, self._key
        if store is not None and key:
            self._app.lanes.free.submit(lambda _ticket: store.discard(key))

    def forget(self) -> None:
        """The form was saved: nothing of it is left to keep."""
        self.throw_away()
        self._key = ""

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        left = old is not None and self._form.isAncestorOf(old)
        if left and (new is None or not self._form.isAncestorOf(new)) and self._timer.isActive():
            self.keep_now()
