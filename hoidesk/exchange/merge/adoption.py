"""After an upgrade: what older programs kept raw becomes ordinary rows and fields (package format, section 10).

Each kept field is merged as if the package that brought it came again, whole and now understood: with its own stamp,
the rights of its sender, and comparison with what was written since. The records are then sent whole to every peer,
because their vectors cover these stamps already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection

from hoidesk.book.book import Book
from hoidesk.book.registry import Registry, StoredTable
from hoidesk.book.schema import make_triggers
from hoidesk.book.triggers import QUIET_IMPORT
from hoidesk.book.work import Work
from hoidesk.exchange.merge.frame import Frame
from hoidesk.exchange.merge.lives import units_of
from hoidesk.exchange.merge.loading import Batch, load_batch
from hoidesk.exchange.merge.marks import own_incarnation
from hoidesk.exchange.merge.merging import Merge
from hoidesk.exchange.merge.resend import send_whole
from hoidesk.exchange.merge.skew import BATCH, CREATED
from hoidesk.exchange.merge.values import KnownSection
from hoidesk.exchange.packages.stream import NOBODY, Row, RowKind, Section, Stamp
from hoidesk.exchange.scopes import CONFLICT
from hoidesk.language import N_

__all__ = ["adopt"]

_LABEL: Final = N_("Take up what a newer program wrote")


def adopt(book: Book) -> int:
    """Take up every kept field that this program knows; gives the number of records. Safe to run at any time."""
    with book.read() as connection:
        if not _known_now(connection, book.registry):
            return 0
    with book.transaction(_LABEL, "package", quiet=QUIET_IMPORT) as work:
        known = _known_now(work.connection, work.registry)
        _free(work, known)
        own = own_incarnation(work.connection)
        adoption = _Adoption(work, units_of(work.connection, own, work.unit.code))
        taken = sum(adoption.table(work.registry[number], columns) for number, columns in sorted(known.items()))
        adoption.retry_parked()
        work.connection.exec_driver_sql("UPDATE clock_state SET seq = ?", (adoption.seq,))
        make_triggers(work.connection, work.registry)
        work.connection.exec_driver_sql("UPDATE op SET kind = 'import' WHERE id = ?", (work.op,))
    return taken


def _known_now(connection: Connection, registry: Registry) -> dict[int, set[int]]:
    """The columns among the kept ones that this program knows, by table."""
    found: dict[int, set[int]] = {}
    for number, column in connection.exec_driver_sql("SELECT DISTINCT tbl, col FROM unknown_field"):
        table = registry.find(int(number))
        if table is not None and (column == CREATED or table.column(int(column)) is not None):
            found.setdefault(int(number), set()).add(int(column))
    return found


def _free(work: Work, known: Iterable[int]) -> None:
    """A record that never changes still gets the columns that it always had; the guards come back afterwards."""
    for number in known:
        if work.registry[number].info.immutable:
            name = work.registry[number].name
            work.connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "guard_{name}_update"')


@dataclass(slots=True)
class _Adoption(Merge):
    """Merging what was kept. ``columns``: those that are taken up, by table; their defaults were written by nobody."""

    columns: dict[int, set[int]] = field(default_factory=dict)

    def batch(self, known: KnownSection, rows: list[Row]) -> Batch:
        """The present state, in which a new column that has no history yields to any stamp."""
        batch = load_batch(self.connection, known, rows)
        for id_ in batch.present:
            changed = batch.changed.setdefault(id_, {})
            for column in self.columns.get(known.table.id, ()):
                changed.setdefault(column, NOBODY)
        return batch

    def table(self, table: StoredTable, columns: set[int]) -> int:
        """Take up the kept fields of one table; gives the number of records."""
        self.columns[table.id] = columns - {CREATED}
        ids: list[bytes] = []
        for frame, section, row in list(_again(self.work, table, columns)):
            self._section(frame, section, [row])
            ids.append(row.id)
        listed = sorted(columns)
        marks = ",".join("?" * len(listed))
        self.connection.exec_driver_sql(
            f"DELETE FROM unknown_field WHERE tbl = ? AND col IN ({marks})", (table.id, *listed)
        )
        self.seq += 1
        send_whole(self.connection, table.id, ids, seq=self.seq)
        lost = self.connection.exec_driver_sql(
            f"SELECT id FROM conflict WHERE table_number = ? AND column_number IN ({marks})", (table.id, *listed)
        )
        send_whole(self.connection, CONFLICT, [bytes(id_) for id_ in lost.scalars()], seq=self.seq)
        return len(set(ids))


def _again(work: Work, table: StoredTable, columns: set[int]) -> Iterator[tuple[Frame, Section, Row]]:
    """The kept fields of a table as rows of the packages that brought them, in the order in which they came. A row
    whose creation was kept comes whole."""
    kept: dict[bytes, list[Any]] = {}
    for one in work.connection.exec_driver_sql(
        "SELECT id, col, value, hlc, inc, source, package FROM unknown_field WHERE tbl = ? ORDER BY seq", (table.id,)
    ).all():
        if one.col in columns:
            kept.setdefault(bytes(one.id), []).append(one)
    frames = _Frames(work)
    there = _present(work.connection, table, list(kept))
    for id_, fields in kept.items():
        created = next((f for f in fields if f.col == CREATED), None)
        if created is not None:
            whole = [created, *(f for f in fields if f.col != CREATED)]
            yield _row(frames, table, id_, whole, "full", created=True)
            continue
        packages = dict.fromkeys((f.source, f.package) for f in fields)
        for source, package in packages:
            own = [f for f in fields if (f.source, f.package) == (source, package)]
            yield _row(frames, table, id_, own, "full" if id_ in there else "set")


def _present(connection: Connection, table: StoredTable, ids: list[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        rows = connection.exec_driver_sql(
            f'SELECT id FROM "{table.name}" WHERE id IN ({",".join("?" * len(part))})', tuple(part)
        )
        found.update(bytes(id_) for id_ in rows.scalars())
    return found


def _row(
    frames: _Frames, table: StoredTable, id_: bytes, fields: list[Any], kind: RowKind, *, created: bool = False
) -> tuple[Frame, Section, Row]:
    stamps = [Stamp(int(f.hlc), bytes(f.inc).hex()) for f in fields]
    frame = frames.of(fields[0].source, fields[0].package)
    # Every one of them was possible when it came, maybe in a later package than the first.
    last = max(frame.seen.get(frame.inc, 0), *(s.hlc for s in stamps))
    first = int(created)
    numbers = tuple(int(f.col) for f in fields[first:])
    section = Section(table.id, numbers, kind, ())
    values = tuple(json.loads(f.value) for f in fields[first:])
    row = Row(id_, stamps[0] if created else None, tuple(stamps[first:]), values)
    return replace(frame, seen=frame.seen | {frame.inc: last}), section, row


class _Frames:
    """The frames of the packages that kept fields came in."""

    def __init__(self, work: Work) -> None:
        self._connection = work.connection
        own = own_incarnation(work.connection).hex()
        code = work.unit.code
        # A book of the first schema did not note the package.
        self._none = Frame(own, 0, code, code, superior=False, seen={}, mine={}, sibling=True)
        self._known: dict[tuple[bytes | None, int | None], Frame] = {}

    def of(self, source: bytes | None, package: int | None) -> Frame:
        """The frame of a package."""
        key = (source, package)
        if key not in self._known:
            found = self._connection.exec_driver_sql(
                "SELECT frame FROM package_in WHERE inc = ? AND number = ?", key
            ).scalar()
            self._known[key] = self._none if found is None else Frame.parse(found)
        return self._known[key]
