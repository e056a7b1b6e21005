"""A book: one folder on this PC, opened under a password, written through operations only."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine

from hoidesk.book.changes import Changes, Outcome
from hoidesk.book.clock import now_utc
from hoidesk.book.drafts import forget_words
from hoidesk.book.files import discard
from hoidesk.book.lock import WriterLock
from hoidesk.book.operations import Operation
from hoidesk.book.registry import Registry, registry
from hoidesk.book.search import fold_dirty, rebuild_index
from hoidesk.book.slots import Role
from hoidesk.book.store import BEFORE_RECEIVE, DATABASE, refusals, rewrite
from hoidesk.book.triggers import QUIET_IMPORT
from hoidesk.book.undo import UndoEntry, Undone, next_redo, next_undo, reverse
from hoidesk.book.witness import remember
from hoidesk.book.work import UnitIdentity, Work
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.decide.aliases import of_book, refresh, see_resolved
from hoidesk.exchange.decide.erasure import Wiped, guard
from hoidesk.language import N_, _

__all__ = ["Book"]

_RANK = {Role.VIEWER: 0, Role.SECRETARY: 1, Role.OFFICER: 2}


class Book:
    """An open book. Made by :func:`hoidesk.book.folder.create_book` and :func:`hoidesk.book.folder.open_book`.

    ``run`` writes and may be called from one thread at a time (others wait); ``read`` gives a read-only connection to
    any thread. ``notices`` are sentences for whoever opened it: that it was copied, moved or put back.
    """

    notices: tuple[str, ...] = ()

    def __init__(
        self,
        folder: Path,
        unit: UnitIdentity,
        user: str,
        role: Role,
        key: bytes,
        writer: Engine | None,
        reader: Engine,
        lock: WriterLock | None,
    ) -> None:
        self.folder = folder
        self.unit = unit
        self.user = user
        self.role = role
        self._key = key
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._busy = threading.RLock()

    # Reading

    @property
    def registry(self) -> Registry:
        """All synced tables; its first use imports every room, which a command that only lists need not wait for."""
        return registry()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only connection with one steady view of the book."""
        with refusals(), self._reader.connect() as connection:
            see_resolved(connection)
            yield connection

    def info(self, name: str) -> str | None:
        """A fact that the book keeps of itself (unit_code, book_id, incarnation, ...)."""
        with self.read() as connection:
            return connection.execute(text("SELECT value FROM book_info WHERE name = :n"), {"n": name}).scalar()

    # Writing

    def run(
        self, operation: Operation, *, source: str = "window", progress: Callable[[int, int], None] | None = None
    ) -> Outcome:
        """Run one operation in one transaction. Refusals leave the book as it was."""
        return self.run_batch([operation], source=source, label=operation.label, progress=progress, single=True)

    def run_batch(
        self,
        operations: Sequence[Operation],
        *,
        label: str,
        source: str = "window",
        title: str = "",
        progress: Callable[[int, int], None] | None = None,
        single: bool = False,
    ) -> Outcome:
        """Run many operations in one transaction with one undo; ``label`` is a message id. The result is a list.

        ``progress(done, all)`` is called now and then; what it raises stops the batch and leaves the book as it was.
        """
        for operation in operations:
            self._allow(operation)
        with self._busy:  # also while the outcome is read: the next transaction may be another thread's
            with self.transaction(label, source) as work:
                results = []
                named = title
                for number, operation in enumerate(operations):
                    if progress is not None and number % 50 == 0:
                        progress(number, len(operations))
                    results.append(operation.apply(work))
                    if not named and number == 0:
                        named = operation.title(work, results[0])
                self._name(work, named)
            return Outcome(results[0] if single else results, self._changes, self._op)

    @contextmanager
    def transaction(self, label: str, source: str, *, quiet: int = 0) -> Iterator[Work]:
        """One writing transaction with its op row. For operations and the importer; rolls back on any error."""
        if self._writer is None:
            raise UserError("book.reading", _("The book is open for reading only."))
        with self._busy, refusals(), self._writer.begin() as connection:
            of_book(connection)
            state = connection.execute(text("SELECT seq, offset FROM clock_state")).one()
            now = now_utc(state.offset)
            op = connection.execute(
                text("INSERT INTO op(at, user, name, source, first_seq) VALUES(:at, :user, :name, :source, :seq)"),
                {
                    "at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
                    "user": self.user,
                    "name": label,
                    "source": source,
                    "seq": state.seq + 1,
                },
            ).lastrowid
            connection.execute(text("UPDATE clock_state SET op = :op, quiet = :quiet"), {"op": op, "quiet": quiet})
            yield Work(connection, self.registry, self.unit, self.user, self.role, source, now, op)
            touched = _touched(connection, state.seq)
            wiped = guard(connection, self.registry, self.unit.code, touched, always=quiet == QUIET_IMPORT)
            refresh(connection, self.registry, touched)
            fold_dirty(connection, self.registry)
            if wiped.places:
                rebuild_index(connection)
            last = connection.execute(text("SELECT seq FROM clock_state")).scalar_one()
            self._changes = _changes_since(connection, self.registry, state.seq)
            self._op: int | None = op
            if last == state.seq:
                connection.execute(text("DELETE FROM op WHERE id = :op"), {"op": op})
                self._op = None
            else:
                connection.execute(text("UPDATE op SET last_seq = :s WHERE id = :op"), {"s": last, "op": op})
            connection.execute(text("UPDATE clock_state SET op = 0, quiet = 0"))
        if wiped.places:
            self._wipe(wiped)

    def _wipe(self, wiped: Wiped) -> None:
        """After the transaction that erased something: overwrite what lies freed in the files. A full disk may forbid
        it; then it is done at the next opening. The copy from before a receive goes: it holds what was erased."""
        assert self._writer is not None
        discard(self.folder / BEFORE_RECEIVE)
        with self._busy:
            with contextlib.suppress(EnvError), refusals():
                rewrite(self._writer)
            with contextlib.suppress(EnvError):
                forget_words(self.folder, self._key, wiped.words)

    def mark(self) -> int:
        """How far the book is written, for :meth:`changes_since`."""
        with self.read() as connection:
            return int(connection.execute(text("SELECT seq FROM clock_state")).scalar_one())

    def changes_since(self, mark: int) -> Changes:
        """What all transactions after ``mark`` wrote: a task may run several, as receiving a stick does."""
        with self.read() as connection:
            return _changes_since(connection, self.registry, mark)

    def _allow(self, operation: Operation) -> None:
        if _RANK[self.role] < _RANK[operation.needs]:
            raise UserError(
                "role.refused",
                _("The role of {user} does not allow “{what}”.").format(user=self.user, what=_(operation.label)),
            )

    def _name(self, work: Work, title: str) -> None:
        if title:
            work.connection.execute(text("UPDATE op SET title = :t WHERE id = :op"), {"t": title[:200], "op": work.op})

    # Undo

    def undo_entry(self) -> UndoEntry | None:
        """What undo would undo."""
        with self.read() as connection:
            return next_undo(connection)

    def redo_entry(self) -> UndoEntry | None:
        """What redo would do again."""
        with self.read() as connection:
            return next_redo(connection)

    def undo(self) -> Undone:
        """Undo the newest operation; UserError when there is nothing to undo, or when somebody ran it whose acts this
        user may not undo: officers undo everybody's, secretaries their own."""
        with self._busy:
            return self._reverse(self.undo_entry(), "undo")

    def redo(self) -> Undone:
        """Do again what was undone last; UserError when there is nothing to do again."""
        with self._busy:
            return self._reverse(self.redo_entry(), "redo")

    def _reverse(self, entry: UndoEntry | None, kind: str) -> Undone:
        if self.role is Role.VIEWER:
            raise UserError(
                "role.refused",
                _("The role of {user} does not allow “{what}”.").format(user=self.user, what=_(N_("Undo"))),
            )
        if entry is None:
            text_ = _("There is nothing to undo.") if kind == "undo" else _("There is nothing to do again.")
            raise UserError(f"{kind}.nothing", text_)
        if self.role is not Role.OFFICER and entry.user != self.user:
            raise UserError(
                "role.refused",
                _("The role of {user} does not allow “{what}”.").format(user=self.user, what=_(entry.label)),
            )
        with self.transaction(entry.label, kind) as work:
            return reverse(work, entry, kind)

    # Closing

    @property
    def key(self) -> bytes:
        """The raw key, for backups, drafts and the recovery sheet. Never log it."""
        return self._key

    def close(self) -> None:
        """Close all connections and give the lock back; the witness learns how far the book came."""
        self._reader.dispose()
        if self._writer is not None:
            with contextlib.suppress(EnvError), refusals(), self._writer.connect() as connection:
                remember(connection, self.folder, DATABASE, opening=False)
            self._writer.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    _changes: Changes = Changes()


def _touched(connection: Connection, seq: int) -> set[int]:
    """The numbers of the tables that were written to after ``seq``."""
    return set(
        connection.execute(
            text("SELECT tbl FROM row_clock WHERE seq > :s UNION SELECT tbl FROM history WHERE seq > :s"), {"s": seq}
        ).scalars()
    )


def _changes_since(connection: Connection, registry: Registry, seq: int) -> Changes:
    rows = connection.execute(
        text(
            "SELECT tbl, id FROM row_clock WHERE seq > :s "
            "UNION ALL SELECT tbl, id FROM history WHERE seq > :s AND col = 0"
        ),
        {"s": seq},
    )
    found: dict[str, set[UUID]] = {}
    for tbl, id_ in rows:
        found.setdefault(registry[tbl].name, set()).add(UUID(bytes=id_))
    return Changes({name: frozenset(ids) for name, ids in found.items()})
