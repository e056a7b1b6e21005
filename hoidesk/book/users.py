"""Users of a book: each has a slot; removing one gives the book a new key."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlcipher3

from hoidesk.book.book import Book
from hoidesk.book.drafts import rekey_drafts
from hoidesk.book.files import disk_refusal, sync_folder
from hoidesk.book.recovery import groups_of_key
from hoidesk.book.slots import Role, find_slot, load_slots, make_slot, open_slot, store_slots
from hoidesk.book.store import DATABASE, refusals, use_key
from hoidesk.book.work import OFFICE_TIME
from hoidesk.errors import EnvError, UserError
from hoidesk.language import _

__all__ = ["add_user", "change_password", "recovery_sheet", "remove_user"]

_WAIT: Final = 2.0
"""Seconds that a reader beside us gets to finish before the new key."""


def _need_officer(book: Book) -> None:
    if book.role is not Role.OFFICER:
        raise UserError("role.refused", _("Only an officer may change the users of a book."))


def add_user(book: Book, name: str, role: str, password: str) -> None:
    """Give ``name`` a slot; UserError when the name is taken or the acting user is no officer."""
    _need_officer(book)
    slots = load_slots(book.folder)
    slot = make_slot(name, Role(role), password, book.key)
    if any(s.user == slot.user for s in slots):
        raise UserError("user.exists", _("The book already has a user “{user}”.").format(user=slot.user), field="user")
    store_slots(book.folder, [*slots, slot])


def change_password(book: Book, name: str, password: str) -> None:
    """Give ``name`` a new password; users may change their own, officers everybody's."""
    slots = load_slots(book.folder)
    old = find_slot(slots, name)
    if old.user != book.user:
        _need_officer(book)
    slot = make_slot(old.user, old.role, password, book.key)
    store_slots(book.folder, [slot if s.user == old.user else s for s in slots])


def remove_user(book: Book, name: str, password: str) -> list[str]:
    """Take the slot of ``name`` away and give the book a new key; closes ``book``.

    The removed user may have kept a copy of the slot file, so the old key must die. ``password`` is the acting
    officer's own; other users' passwords are not known here, so their slots go too: their names are returned and they
    are added again. A crash in between leaves a book that opens with the officer's password all the same: until the
    new database is in place the slot file holds the officer's slot under both keys.
    """
    _need_officer(book)
    slots = load_slots(book.folder)
    gone = find_slot(slots, name)
    if gone.user == book.user:
        raise UserError("user.self", _("Nobody removes himself. Let another officer do it."), field="user")
    mine = find_slot(slots, book.user)
    open_slot(mine, password)
    key = os.urandom(32)
    fresh = make_slot(mine.user, mine.role, password, key)
    new = book.folder / (DATABASE + ".new")
    new.unlink(missing_ok=True)
    with refusals():
        _export(book, new, key)
    store_slots(book.folder, [*slots, fresh])
    old = book.key
    book.close()
    try:
        for suffix in ("-wal", "-shm"):
            (book.folder / (DATABASE + suffix)).unlink(missing_ok=True)
        os.replace(new, book.folder / DATABASE)
        sync_folder(book.folder)
    except OSError as error:
        raise disk_refusal(error, new) from error
    store_slots(book.folder, [fresh])
    rekey_drafts(book.folder, old, key)
    return [s.user for s in slots if s.user not in (gone.user, mine.user)]


def _export(book: Book, to: Path, key: bytes) -> None:
    """Copy the whole database under another key, with an empty write-ahead log left behind."""
    connection = sqlcipher3.connect(str(book.folder / DATABASE), isolation_level=None, timeout=_WAIT)
    try:
        use_key(connection, book.key)
        (busy, *_pages) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            # Somebody reads beside us: the log holds what the database lacks, and it is thrown away below.
            raise EnvError("book.busy", _("The book is busy with another task. Try again in a moment."))
        connection.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(to), f"x'{key.hex()}'"))
        connection.execute("SELECT sqlcipher_export('fresh')")
        connection.execute("DETACH DATABASE fresh")
    finally:
        connection.close()


def recovery_sheet(book: Book) -> bytes:
    """The recovery sheet of the book as PDF: its key in digits and how to use them. Only officers make one."""
    _need_officer(book)
    from hoidesk.paper.recovery import recovery_sheet_pdf

    return recovery_sheet_pdf(
        book_name=book.unit.name,
        book_path=str(book.folder),
        made_on=(datetime.now(UTC) + OFFICE_TIME).date(),
        groups=groups_of_key(book.key),
        users=[slot.user for slot in load_slots(book.folder)],
    )
