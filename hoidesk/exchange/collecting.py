"""What a package contains: the rows of a scope that changed since a mark, as lines of the stream.

Reads the views of the scope and the clocks, nothing else. Rows created since the mark go whole, others with the fields
that changed; a full package repeats every row whole (package format, section 7). So do rows that became visible by
other means than a new stamp: they are flagged like those of a full package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from hoidesk.book.records import UNIT_ID
from hoidesk.book.registry import StoredColumn
from hoidesk.book.triggers import MIGRATION_OP
from hoidesk.exchange.merge.skew import KeptPart, Relay, kept_values
from hoidesk.exchange.packages.stream import Row, RowKind, Section, Stamp, Value, encode_row, encode_section
from hoidesk.exchange.scopes import Scope, ScopedTable

__all__ = ["Plan", "collect"]

BATCH: Final = 400


@dataclass(slots=True)
class _Part:
    """One section to come: a table, the columns, and the ids of its rows in their order; ``kept``: the columns that
    only a newer program knows."""

    scoped: ScopedTable
    columns: tuple[StoredColumn, ...]
    kind: RowKind
    ids: list[bytes]
    kept: tuple[int, ...] = ()

    @property
    def table(self) -> int:
        """The number of the table."""
        return self.scoped.table.id

    @property
    def section(self) -> Section:
        """The line that opens it."""
        names = (str(self.scoped.table.name), *(str(c.name) for c in self.columns), *map(str, self.kept))
        return Section(self.table, (*(c.id for c in self.columns), *self.kept), self.kind, names)

    def rows(self, connection: Connection, ids: list[bytes]) -> Iterable[Row]:
        """Rows of the section."""
        return _rows(connection, self, ids)


@dataclass(slots=True)
class Plan:
    """What will be sent, counted before the first line is written. ``counts``: table number → rows."""

    parts: list[_Part | KeptPart] = field(default_factory=list)

    @property
    def counts(self) -> dict[int, int]:
        """Rows by table number."""
        counts: dict[int, int] = {}
        for part in self.parts:
            counts[part.table] = counts.get(part.table, 0) + len(part.ids)
        return counts

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(len(part.ids) for part in self.parts)

    def lines(self, connection: Connection, numbers: dict[str, int]) -> Iterator[bytes]:
        """The lines after the manifest; ``numbers`` gives the incarnations of the stamps."""
        for part in self.parts:
            yield encode_section(part.section)
            for start in range(0, len(part.ids), BATCH):
                for row in part.rows(connection, part.ids[start : start + BATCH]):
                    yield encode_row(row, numbers)


def collect(connection: Connection, scope: Scope, mark: int, echoes: Mapping[bytes, int]) -> Plan:
    """Plan the rows of ``scope`` with a local sequence number above ``mark``.

    ``echoes``: replicas behind the peer, and up to which clock its last package showed that it has what they wrote;
    that is not sent back to it, except in a full package (``mark`` 0), which may have to refill a lost book. The
    scope's views must stand.
    """
    plan = Plan()
    again = _again(connection, mark) if mark else {}
    relay = Relay.of(connection, scope, mark)
    for scoped in scope.tables:
        number = scoped.table.id
        flagged = _in_scope(connection, scoped, again.get(number, set()) | relay.fresh.get(number, set()))
        known = set(flagged)
        whole = [i for i in _whole(connection, scoped, mark, echoes if mark else {}) if i not in known]
        kinds: tuple[tuple[RowKind, list[bytes]], ...] = (("full", flagged), ("new" if mark else "full", whole))
        for kind, ids in kinds:
            parted = relay.by_columns(number, ids).items()
            plan.parts.extend(_Part(scoped, scoped.columns, kind, part, kept) for kept, part in parted)
        if mark:
            plan.parts.extend(_changed(connection, scoped, mark, echoes, known))
    plan.parts.extend(relay.tables(connection))
    for scoped in scope.details:
        chosen = {bytes(i) for i in connection.exec_driver_sql(f'SELECT id FROM temp."{scoped.view}"').scalars()}
        plan.parts.append(_Part(scoped, scoped.columns, "full", _in_scope(connection, scoped, chosen)))
    return plan


def _again(connection: Connection, mark: int) -> dict[int, set[bytes]]:
    """Rows by table that go whole although they are older than the mark: kept for that, or moved to another unit."""
    found: dict[int, set[bytes]] = {}
    moved = f"SELECT tbl, id FROM history WHERE seq > ? AND col = {UNIT_ID} AND op <> {MIGRATION_OP}"
    for tbl, id_ in connection.exec_driver_sql(f"SELECT tbl, id FROM resend WHERE seq > ? UNION {moved}", (mark, mark)):
        found.setdefault(tbl, set()).add(bytes(id_))
    return found


def _in_scope(connection: Connection, scoped: ScopedTable, ids: set[bytes]) -> list[bytes]:
    """Those of the ids that the scope shows, in the order of their creation."""
    found: list[tuple[int, bytes]] = []
    listed = sorted(ids)
    for start in range(0, len(listed), BATCH):
        part = listed[start : start + BATCH]
        found += [
            (seq, bytes(id_))
            for seq, id_ in connection.exec_driver_sql(
                f'SELECT rc.created_seq, v.id FROM temp."{scoped.view}" v JOIN row_clock rc ON rc.id = v.id '
                f"WHERE rc.tbl = ? AND v.id IN ({_marks(part)})",
                (scoped.table.id, *part),
            )
        ]
    return [id_ for _seq, id_ in sorted(found)]


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _echo(echoes: Mapping[bytes, int]) -> tuple[str, list[Any]]:
    """The condition that a row was created by the peer and is known to it, with its parameters."""
    known = " OR ".join("(rc.inc = ? AND rc.hlc <= ?)" for _inc in echoes)
    return f"({known or '0'})", [value for pair in echoes.items() for value in pair]


def _whole(connection: Connection, scoped: ScopedTable, mark: int, echoes: Mapping[bytes, int]) -> list[bytes]:
    """Ids of rows created since the mark, in the order of their creation: parents come before children."""
    echo, parameters = _echo(echoes)
    rows = connection.exec_driver_sql(
        f'SELECT rc.id FROM row_clock rc JOIN temp."{scoped.view}" v ON v.id = rc.id '
        f"WHERE rc.tbl = ? AND rc.seq > ? AND rc.created_seq > ? AND NOT {echo} "
        "ORDER BY rc.created_seq",
        (scoped.table.id, mark, mark, *parameters),
    )
    return [bytes(row[0]) for row in rows]


def _changed(
    connection: Connection, scoped: ScopedTable, mark: int, echoes: Mapping[bytes, int], left_out: set[bytes]
) -> list[_Part]:
    """Rows with fields that changed since the mark; one part for each set of columns."""
    echo, parameters = _echo(echoes)
    by_id = {c.id: c for c in scoped.columns}
    rows = connection.exec_driver_sql(
        f'SELECT DISTINCT h.id, h.col FROM history h JOIN temp."{scoped.view}" v ON v.id = h.id '
        "JOIN row_clock rc ON rc.tbl = h.tbl AND rc.id = h.id "
        f"WHERE h.tbl = ? AND h.seq > ? AND h.op <> {MIGRATION_OP} AND h.col IN ({_marks(list(by_id))}) "
        f"AND (rc.created_seq <= ? OR {echo})",
        (scoped.table.id, mark, *by_id, mark, *parameters),
    ).all()
    fields: dict[bytes, set[int]] = {}
    for id_, col in rows:
        if bytes(id_) not in left_out:
            fields.setdefault(bytes(id_), set()).add(col)
    known = {inc.hex(): hlc for inc, hlc in echoes.items()}
    sets: dict[tuple[int, ...], list[bytes]] = {}
    ids = sorted(fields)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        _created, stamps = stamps_of(connection, scoped.table.id, batch)
        for id_ in batch:
            newest = stamps.get(id_, {})
            cols = {c for c in fields[id_] if newest[c].hlc > known.get(newest[c].inc, -1)}
            if cols:
                sets.setdefault(_with_groups(scoped.columns, cols), []).append(id_)
    return [_Part(scoped, tuple(by_id[c] for c in cols), "set", found) for cols, found in sorted(sets.items())]


def _with_groups(columns: Sequence[StoredColumn], cols: set[int]) -> tuple[int, ...]:
    """Coupled fields travel together: amount with unit, number with date."""
    groups = {c.info.group for c in columns if c.id in cols and c.info.group}
    return tuple(sorted(cols | {c.id for c in columns if c.info.group in groups}))


def stamps_of(
    connection: Connection, table: int, ids: Sequence[bytes]
) -> tuple[dict[bytes, Stamp], dict[bytes, dict[int, Stamp]]]:
    """For rows of a table: the stamp of creation, and the stamps of fields that were changed since (newest wins)."""
    marks = _marks(ids)
    created = {
        bytes(id_): Stamp(hlc, bytes(inc).hex())
        for id_, hlc, inc in connection.exec_driver_sql(
            f"SELECT id, hlc, inc FROM row_clock WHERE tbl = ? AND id IN ({marks})", (table, *ids)
        )
    }
    changed: dict[bytes, dict[int, Stamp]] = {}
    for id_, col, hlc, inc in connection.exec_driver_sql(
        f"SELECT id, col, hlc, inc FROM history WHERE tbl = ? AND id IN ({marks}) AND col > 0 ORDER BY seq",
        (table, *ids),
    ):
        changed.setdefault(bytes(id_), {})[col] = Stamp(hlc, bytes(inc).hex())
    return created, changed


def _rows(connection: Connection, part: _Part, ids: list[bytes]) -> Iterator[Row]:
    created, changed = stamps_of(connection, part.scoped.table.id, ids)
    names = ", ".join(f'"{c.name}"' for c in part.columns)
    found = {
        bytes(row[0]): tuple(row[1:])
        for row in connection.exec_driver_sql(
            f'SELECT id, {names} FROM temp."{part.scoped.view}" WHERE id IN ({_marks(ids)})', tuple(ids)
        )
    }
    kept = kept_values(connection, part.table, ids, part.kept)
    for id_ in ids:
        row, fields = created[id_], changed.get(id_, {})
        more_stamps, more_values = kept.get(id_, ((), ()))
        stamps = (*(fields.get(c.id, row) for c in part.columns), *more_stamps)
        values = (*(_plain(value) for value in found[id_]), *more_values)
        yield Row(id_, None if part.kind == "set" else row, stamps, values)


def _plain(value: Any) -> Value:
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError("a stored value is no text, number or id")
