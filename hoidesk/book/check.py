"""Checks of a book, each with a name, what it found, and what to do; read-only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from hoidesk.book.registry import registry
from hoidesk.book.schema import verify_triggers
from hoidesk.language import N_, _

__all__ = ["Finding", "beyond_opening", "check_book"]

_MOST: Final = 50
_STOP_WRITING: Final = N_("Stop writing. Open the last backup, or save what can be read with “hoidesk salvage”.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: its name, whether it is "bad" or "warn", the fact and the way out as sentences."""

    name: str
    severity: str
    finding: str
    remedy: str


def check_book(connection: Connection) -> list[Finding]:
    """Every finding; an empty list means that the book is sound."""
    found: list[Finding] = []
    # This one looks at the file alone. After a power cut in the middle of a checkpoint pages in it are torn, whole ones
    # stand in the log, and the book is sound; then the other check, which reads through the log, has to do.
    pages: list[str] = []
    if _log_is_empty(connection):
        pages += connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars()
    pages += [p for p in connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() if p != "ok"]
    if pages:
        found.append(
            Finding(
                "pages",
                "bad",
                _("{count} places of the book are damaged.").format(count=len(pages)),
                _(_STOP_WRITING),
            )
        )
        return found
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        found.append(
            Finding(
                "references",
                "bad",
                _("{count} records refer to a record that is not there.").format(count=len(orphans)),
                _("Open the last backup, or receive the next package of the unit concerned."),
            )
        )
    if not verify_triggers(connection):
        found.append(
            Finding(
                "triggers",
                "warn",
                _("The rules that keep the history are not those of this program."),
                _("Open the book once for writing; the program puts them right."),
            )
        )
    found += _clocks(connection)
    return found


def _log_is_empty(connection: Connection) -> bool:
    file = str(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])
    log = Path(f"{file}-wal")
    return not log.exists() or log.stat().st_size == 0


def beyond_opening() -> Finding:
    """What is said of a book whose first pages cannot be read, so that nothing in it can be checked."""
    return Finding("pages", "bad", _("The first pages of the book cannot be read."), _(_STOP_WRITING))


def _clocks(connection: Connection) -> list[Finding]:
    """Every synced row has a clock, and every clock a row."""
    missing = 0
    for table in registry().tables:
        missing += connection.execute(
            text(
                f'SELECT count(*) FROM main."{table.name}" t LEFT JOIN row_clock r '
                f"ON r.tbl = {table.id} AND r.id = t.id WHERE r.id IS NULL"
            )
        ).scalar_one()
    if not missing:
        return []
    return [
        Finding(
            "clocks",
            "bad",
            _("{count} records have no clock and would never be sent.").format(count=missing),
            _("Make a backup, then open and save each of these records again."),
        )
    ]
