"""The copy of the book from before a receive: receiving cannot be undone, but this copy can be restored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from hoidesk.book.backup import write_backup
from hoidesk.book.clock import now_utc
from hoidesk.book.store import BEFORE_RECEIVE

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["before_path", "keep_before"]


def before_path(book: Book) -> Path:
    """Where the copy lies: in the folder of the book, only the last one, and none once personal data were erased."""
    return book.folder / BEFORE_RECEIVE


def keep_before(book: Book) -> Path:
    """Copy the book as it stands without the transaction that is open now, and give the file; raises EnvError.

    The copy is opened and its pages are checked. Comparing it record by record, as a backup for another drive is,
    would take longer than the merging itself.
    """
    with book.read() as connection:
        at = now_utc(connection.execute(text("SELECT offset FROM clock_state")).scalar_one())
    return write_backup(book.folder, book.key, before_path(book), replace=True, at=at, compare=False).path
