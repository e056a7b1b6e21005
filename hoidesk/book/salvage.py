"""Save what can be read of a damaged book into a new one, and say what could not."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Final

import sqlcipher3
from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.folder import checked_folder, create_book
from hoidesk.book.registry import StoredTable, registry
from hoidesk.book.slots import Role, Slot, find_slot, load_slots, open_slot
from hoidesk.book.store import DATABASE, use_key
from hoidesk.errors import EnvError, UserError
from hoidesk.language import N_, _

__all__ = ["salvage"]

_LABEL: Final = N_("save what can be read into a new book")


def salvage(folder: Path, to: Path, *, user: str | None, password: str, today: date | None) -> tuple[int, list[str]]:
    """Read every row that can be read into a new book at ``to``; returns how many, and sentences on what was lost.

    The new book opens with the same password, for an officer; it is a new book for other units and is enrolled again.
    """
    folder = checked_folder(folder)
    slots = load_slots(folder)
    slot, key = _opened(slots if user is None else [find_slot(slots, user)], password)
    if slot.role is not Role.OFFICER:
        raise UserError(
            "role.refused",
            _("The role of {user} does not allow “{what}”.").format(user=slot.user, what=_(_LABEL)),
        )
    source = sqlcipher3.connect(str(folder / DATABASE), isolation_level=None)
    try:
        use_key(source, key)
        facts = _facts(source)
        book = create_book(
            to,
            tier=facts["tier"],
            code=facts["code"],
            name=facts["name"],
            user=slot.user,
            password=password,
            today=today,
        )
        try:
            with book:
                return _copy_all(source, book)
        except BaseException:
            shutil.rmtree(book.folder, ignore_errors=True)  # half a book would pass for the whole
            raise
    finally:
        source.close()


def _copy_all(source: sqlcipher3.Connection, book: Book) -> tuple[int, list[str]]:
    saved, lost = 0, []
    with book.transaction(_LABEL, "salvage") as work:
        # Undo must not empty the book again.
        work.connection.execute(text("UPDATE op SET kind = 'import' WHERE id = :o"), {"o": work.op})
        work.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in registry().tables:
            count, complete = _copy(source, work.connection, table)
            saved += count
            if not complete:
                lost.append(
                    _("{table}: {count} records were saved, the others cannot be read.").format(
                        table=_(table.info.label), count=count
                    )
                )
        orphans = _drop_orphans(work.connection)
        saved -= orphans
        if orphans:
            lost.append(_("{count} records were left out: what they belong to cannot be read.").format(count=orphans))
    return saved, lost


def _opened(slots: list[Slot], password: str) -> tuple[Slot, bytes]:
    """The first slot that the password opens, and the key of the book."""
    refused: EnvError | None = None
    for slot in slots:
        try:
            return slot, open_slot(slot, password)
        except EnvError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _facts(source: sqlcipher3.Connection) -> dict[str, str]:
    try:
        facts = dict(source.execute("SELECT name, value FROM book_info").fetchall())
        return {name: facts[name] for name in ("tier", "code", "name")}
    except (sqlcipher3.DatabaseError, KeyError) as error:
        raise EnvError(
            "salvage.nothing", _("Nothing can be read of this book. Make a book from the last backup.")
        ) from error


def _copy(source: sqlcipher3.Connection, connection: Connection, table: StoredTable) -> tuple[int, bool]:
    """Copy rows one by one in both directions from the ends: a damaged page stops a scan, not the other end's."""
    names = ["id", *(c.name for c in table.columns)]
    columns = ", ".join(f'"{n}"' for n in names)
    rows: dict[bytes, tuple[object, ...]] = {}
    complete = False
    for order in ("ASC", "DESC"):
        try:
            for row in source.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY rowid {order}'):
                rows.setdefault(row[0], row)
            complete = True
            break
        except sqlcipher3.DatabaseError:
            continue
    marks = ", ".join("?" * len(names))
    for row in rows.values():
        connection.exec_driver_sql(f'INSERT INTO "{table.name}"({columns}) VALUES({marks})', tuple(row))
    return len(rows), complete


def _drop_orphans(connection: Connection) -> int:
    """Remove rows whose parents were lost, until every reference holds."""
    dropped = 0
    while orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        for table, rowid in {(o[0], o[1]) for o in orphans}:
            connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))
            dropped += 1
    return dropped
