"""What every page gets: the book, the lanes, the settings of this PC, and the news of what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from hoidesk.errors import Refusal
from hoidesk.language import _, use_language
from ui.lanes import Cancelled, Lanes
from ui.palettes import ThemeName
from ui.settings import SettingsFile
from ui.theme import TEXT_SIZES, apply_theme, retranslate

if TYPE_CHECKING:
    from logging.handlers import RotatingFileHandler

    from sqlalchemy import Connection

    from hoidesk.book.book import Book
    from hoidesk.book.changes import Outcome
    from hoidesk.book.drafts import DraftStore
    from hoidesk.book.operations import Operation
    from hoidesk.presets import Labels

__all__ = ["App", "Failed"]

Result = TypeVar("Result")
Failed = Callable[[Refusal], None]
"""Shows a refusal where its cause is."""


class App(QObject):
    """Built once in ``ui.main`` and passed to every page; there is no other way to reach the book.

    ``changed`` carries the Changes of every write, wherever it came from: a page shows its records again when they are
    touched. ``refused`` carries a refusal that no page took. ``faulted`` carries the text of a fault of the program.
    """

    changed = Signal(object)
    refused = Signal(object)
    faulted = Signal(str)
    opened = Signal()
    closed = Signal()
    saved = Signal()
    day_changed = Signal()
    language_changed = Signal()

    def __init__(self, settings: SettingsFile, lanes: Lanes | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.lanes = lanes or Lanes.threads(self.take_error)
        self.book: Book | None = None
        self.drafts: DraftStore | None = None
        self.as_of: date | None = None
        self.undo_title = ""
        self.redo_title = ""
        self.office: dict[str, Any] = {}
        self.labels: Labels | None = None
        self.unit_names: Mapping[str, str] = {}
        self._log: RotatingFileHandler | None = None

    # -- the book

    def open(self, book: Book) -> None:
        """Take a book that was opened in the lane."""
        self.book = book
        self.settings.put(self.settings.now.with_book(str(book.folder), book.user))
        self._open_drafts(book)
        self._read_office(self._ready)
        self.changed.connect(self._on_changed)

    def _open_drafts(self, book: Book) -> None:
        from hoidesk.book.drafts import DraftStore

        def take(store: DraftStore) -> None:
            self.drafts = store

        self.lanes.book.submit(lambda _ticket: DraftStore(book.folder, book.key), done=take)

    def _ready(self, office: dict[str, Any]) -> None:
        self._take_office(office)
        self.opened.emit()
        self._ask_undo()

    def _read_office(self, done: Callable[[dict[str, Any]], None]) -> None:
        from hoidesk.book.settings import office_settings
        from hoidesk.exchange.rows import unit_names

        unit = self._book().unit

        def query(connection: Connection) -> dict[str, Any]:
            self.unit_names = {**unit_names(connection), unit.code: unit.name}
            return office_settings(connection, unit.code)

        self.read(self, query, done)

    def unit_name(self, code: str | None) -> str:
        """What a unit is called; its code where the book knows no name."""
        return self.unit_names.get(code or "", code or "")

    def _take_office(self, office: dict[str, Any]) -> None:
        from hoidesk.presets import Labels

        def label(name: str) -> str:
            text = str(office.get(f"label.{name}") or "")
            return text[:1].upper() + text[1:]

        given = {name: label(name) for name in ("superior", "unit", "area", "group")}
        self.office = office
        self.labels = Labels(**{name: text for name, text in given.items() if text})

    def _on_changed(self, changes: Any) -> None:
        if any(changes.touches(name) for name in ("setting", "unit", "area", "peer")):
            self._read_office(self._take_office)

    def close_book(self) -> None:
        """Give the book back; its last writes have ended because the lane runs one job at a time."""
        book, self.book = self.book, None
        drafts, self.drafts = self.drafts, None
        self.changed.disconnect(self._on_changed)
        self.as_of = None
        if book is not None:
            self.closed.emit()
            self.lanes.book.submit(lambda _ticket: _close(book, drafts))

    def keep_log(self, handler: RotatingFileHandler | None) -> None:
        """Close this log when the program ends."""
        self._log = handler

    def quit(self) -> None:
        """Stop the lanes and close the book: before the process ends."""
        self.lanes.close()
        if self._log is not None:
            from ui.log import stop_log

            stop_log(self._log)
            self._log = None
        book, self.book = self.book, None
        drafts, self.drafts = self.drafts, None
        if book is not None:
            _close(book, drafts)

    def _book(self) -> Book:
        if self.book is None:
            raise RuntimeError("no book is open")
        return self.book

    def read(
        self,
        owner: QObject,
        query: Callable[[Connection], Result],
        done: Callable[[Result], None],
        failed: Failed | None = None,
    ) -> None:
        """Ask the book in its lane; ``done`` gets the answer in the UI thread while ``owner`` lives."""
        book = self._book()

        def work(_ticket: Any) -> Result:
            with book.read() as connection:
                return query(connection)

        self.lanes.book.submit(work, owner=owner, done=done, failed=self._catch(failed))

    def write(
        self,
        owner: QObject,
        operation: Operation | Sequence[Operation],
        done: Callable[[Outcome], None] | None = None,
        failed: Failed | None = None,
        *,
        label: str = "",
    ) -> None:
        """Run an operation, or several as one act with one undo; ``label`` is the message id of such a batch."""
        book = self._book()

        def work(_ticket: Any) -> Outcome:
            if isinstance(operation, Sequence):
                outcome = book.run_batch(operation, label=label or operation[0].label)
            else:
                outcome = book.run(operation)
            _note(operation, outcome)
            return outcome

        def after(outcome: Outcome) -> None:
            if done is not None:
                done(outcome)

        self._submit_write(owner, work, after, failed)

    def work(
        self,
        owner: QObject,
        task: Callable[[Book, Any], Result],
        done: Callable[[Result], None] | None = None,
        failed: Failed | None = None,
        progress: Callable[[int, int, str], None] | None = None,
        *,
        writes: bool = True,
    ) -> Any:
        """Run a longer task on the book (import, export, receive, report) in its lane; returns its ticket.

        ``task`` gets the book and the ticket, through which it reports progress and notices that it should stop.
        """
        book = self._book()

        def finish(ended: tuple[Result, Any]) -> None:
            result, changes = ended
            if writes:
                self._written(changes)
            if done is not None:
                done(result)

        return self.lanes.book.submit(
            lambda ticket: _tracked(book, lambda: task(book, ticket), writes),
            owner=owner,
            done=finish,
            failed=self._catch(failed),
            progress=progress,
        )

    def undo(self, owner: QObject) -> None:
        """Take the last act back."""
        book = self._book()
        self.lanes.book.submit(lambda _ticket: _tracked(book, book.undo), owner=owner, done=self._reversed)

    def redo(self, owner: QObject) -> None:
        """Do again what was taken back last."""
        book = self._book()
        self.lanes.book.submit(lambda _ticket: _tracked(book, book.redo), owner=owner, done=self._reversed)

    def _reversed(self, result: tuple[Any, Any]) -> None:
        self._written(result[1])

    def _submit_write(
        self,
        owner: QObject,
        work: Callable[[Any], Outcome],
        after: Callable[[Outcome], None],
        failed: Failed | None,
    ) -> None:
        def done(outcome: Outcome) -> None:
            self._written(outcome.changes)
            after(outcome)

        self.lanes.book.submit(work, owner=owner, done=done, failed=self._catch(failed))

    def _written(self, changes: Any) -> None:
        self.changed.emit(changes)
        self._ask_undo()

    def _ask_undo(self) -> None:
        book = self.book
        if book is None:
            return

        def work(_ticket: Any) -> tuple[str, str]:
            entries = (book.undo_entry(), book.redo_entry())
            titles = [("" if entry is None else _entry_words(entry)) for entry in entries]
            return titles[0], titles[1]

        self.lanes.book.submit(work, owner=self, done=self._take_undo)

    def _take_undo(self, titles: tuple[str, str]) -> None:
        self.undo_title, self.redo_title = titles
        self.saved.emit()

    # -- errors

    def _catch(self, failed: Failed | None) -> Callable[[Exception], None]:
        def catch(error: Exception) -> None:
            if isinstance(error, Refusal) and failed is not None:
                failed(error)
            else:
                self.take_error(error)

        return catch

    def take_error(self, error: Exception) -> None:
        """An error that no page took: a refusal is shown under the header, anything else is a fault."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, Refusal):
            self.refused.emit(error)
            return
        import logging
        import traceback

        # Types and places only: a value in the text of an exception could be somebody's data.
        frames = traceback.extract_tb(error.__traceback__)
        place = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
        logging.getLogger("hoidesk.ui").error("fault %s at %s", type(error).__name__, place)
        self.faulted.emit(f"{type(error).__name__} at {place}")

    # -- look and language

    def apply_look(self) -> None:
        """Put the theme and text size of the settings on the window."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, self.settings.now.theme, self.settings.now.text_size)

    def set_language(self, code: str) -> None:
        """Switch the language of the running window."""
        use_language(code)
        self.settings.change(language=code)
        retranslate()
        self.language_changed.emit()
        if self.book is not None:
            self._ask_undo()

    def set_theme(self, name: ThemeName) -> None:
        """Switch the colours."""
        self.settings.change(theme=name)
        self.apply_look()

    def step_text(self, by: int) -> None:
        """Make the text larger (1), smaller (-1) or 100 % (0)."""
        place = TEXT_SIZES.index(self.settings.now.text_size) if by else 0
        size = TEXT_SIZES[max(0, min(len(TEXT_SIZES) - 1, place + by))]
        self.set_text_size(size)

    def set_text_size(self, size: int) -> None:
        """Take one of the text sizes, in per cent."""
        if size != self.settings.now.text_size:
            self.settings.change(text_size=size)
            self.apply_look()

    def look_at(self, day: date | None) -> None:
        """Show the register as it was on ``day``; None is today."""
        if day != self.as_of:
            self.as_of = day
            self.day_changed.emit()


def _entry_words(entry: Any) -> str:
    label = _(entry.label)
    return f"{label}: {entry.title}" if entry.title else label


def _close(book: Book, drafts: DraftStore | None) -> None:
    if drafts is not None:
        drafts.close()
    book.close()


def _note(operation: Operation | Sequence[Operation], outcome: Outcome) -> None:
    """Names and counts into the log, never a value."""
    import logging

    first = operation[0] if isinstance(operation, Sequence) else operation
    records = sum(len(ids) for ids in outcome.changes.ids.values())
    logging.getLogger("hoidesk.ui").info("%s, records %d", first.op, records)


def _tracked(book: Book, task: Callable[[], Result], writes: bool = True) -> tuple[Result, Any]:
    """The result of a task on the book, and what all its transactions wrote."""
    mark = book.mark() if writes else 0
    result = task()
    return result, book.changes_since(mark) if writes else None
