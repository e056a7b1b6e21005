"""The encrypted database: connections, and what its errors mean.

SQLCipher with a raw key of 32 bytes, WAL, synchronous=FULL, foreign keys on. One connection writes, a few read
beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from hoidesk.errors import EnvError
from hoidesk.language import _

__all__ = ["DATABASE", "damaged", "open_reader", "open_writer", "refusals", "rewrite", "use_key"]

DATABASE: Final = "book.db"
BEFORE_RECEIVE: Final = "truoc-khi-nhan.hoibackup"
"""The copy of the book from before the last receive, in its folder."""
_WRITER_CACHE_KIB: Final = 16 * 1024
_READER_CACHE_KIB: Final = 4 * 1024
_BUSY_MS: Final = 5000
# The driver keeps the statements that were used most. The hundreds that make a book must not crowd out the daily ones,
# which would then be compiled again, with all their triggers, at every use.
_STATEMENTS: Final = 1000

# Primary result codes of SQLite.
_PERM, _BUSY, _NOMEM, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 3, 5, 7, 8, 10, 11, 13, 14, 26


def _connect(path: Path, key: bytes, *, writer: bool) -> Any:
    connection = sqlcipher3.connect(
        str(path), isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS
    )
    use_key(connection, key)
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB if writer else _READER_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    if writer:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA recursive_triggers = OFF")
    else:
        connection.execute("PRAGMA query_only = ON")
    return connection


def use_key(connection: Any, key: bytes) -> None:
    """Give a new connection of sqlcipher3 the key; what SQLCipher would log itself is told by our own sentences."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    # PRAGMA takes no parameters; the key is hexadecimal digits made here.
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def _engine(path: Path, key: bytes, *, writer: bool) -> Engine:
    pool: dict[str, Any] = {"poolclass": StaticPool} if writer else {"poolclass": QueuePool, "pool_size": 3}
    engine = create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        creator=lambda: _connect(path, key, writer=writer),
        hide_parameters=True,
        **pool,
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def open_writer(path: Path, key: bytes) -> Engine:
    """The engine of the one writing connection; a transaction starts with BEGIN IMMEDIATE."""
    return _engine(path, key, writer=True)


def open_reader(path: Path, key: bytes) -> Engine:
    """The engine of the reading connections."""
    return _engine(path, key, writer=False)


def rewrite(engine: Engine) -> None:
    """Write the whole database anew and empty its log, outside any transaction: deleted and overwritten values are
    gone from the file then. Takes as long as copying the book."""
    proxy = engine.raw_connection()
    try:
        connection: Any = proxy.driver_connection
        connection.execute("VACUUM")
        connection.execute("DELETE FROM exchange_state WHERE name = 'wipe'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        proxy.close()


def damaged() -> EnvError:
    """The sentence for a book whose pages cannot be read: never confused with a wrong password."""
    return EnvError(
        "book.damaged",
        _("The book is damaged in part. Open the last backup, or run “hoidesk check” to see what is left."),
    )


def _refusal(error: BaseException) -> EnvError | None:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else _guess(str(error))
    if primary in (_CORRUPT, _NOTADB):
        return damaged()
    if primary == _FULL:
        return EnvError("disk.full", _("The disk is full; nothing was changed. Make room and try again."))
    if primary == _BUSY:
        return EnvError("book.busy", _("The book is busy with another task. Try again in a moment."))
    if primary in (_READONLY, _PERM):
        return EnvError("book.read_only", _("The folder of the book cannot be written to. Check its rights."))
    if primary in (_IOERR, _CANTOPEN):
        return EnvError("disk.failed", _("The drive with the book failed. Nothing was changed; check the drive."))
    if primary == _NOMEM:
        return EnvError("memory.full", _("This PC has too little free memory. Close other programs and try again."))
    return None


def _guess(text: str) -> int | None:
    """The result code where the driver does not give one: SQLite's own English texts are fixed."""
    known = {
        "file is not a database": _NOTADB,
        "database disk image is malformed": _CORRUPT,
        "database or disk is full": _FULL,
        "database is locked": _BUSY,
        "attempt to write a readonly database": _READONLY,
        "disk I/O error": _IOERR,
        "unable to open database file": _CANTOPEN,
    }
    return next((code for words, code in known.items() if words in text), None)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn errors of the environment (full disk, damaged file, ...) into :class:`EnvError`; faults pass through."""
    try:
        yield
    except DBAPIError as error:
        found = _refusal(error.orig) if error.orig is not None else None
        if found is None:
            raise
        raise found from error
    except sqlcipher3.DatabaseError as error:
        found = _refusal(error)
        if found is None:
            raise
        raise found from error
