"""The present state of the rows that a package meets, read in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from hoidesk.exchange.collecting import stamps_of
from hoidesk.exchange.merge.values import KnownSection
from hoidesk.exchange.packages.envelope import is_hex
from hoidesk.exchange.packages.stream import Row, Section, Stamp

__all__ = ["Batch", "batches", "load_batch"]

BATCH: Final = 400


@dataclass(slots=True)
class Batch:
    """The present state of the rows that a batch meets."""

    present: dict[bytes, dict[int, Any]]
    created: dict[bytes, Stamp]
    changed: dict[bytes, dict[int, Stamp]]
    parents: dict[int, set[bytes]]

    def stamp(self, id_: bytes, col: int) -> Stamp:
        """The stamp of a field that is in the book."""
        return self.changed.get(id_, {}).get(col, self.created[id_])


def load_batch(connection: Connection, known: KnownSection, rows: list[Row]) -> Batch:
    """What the book holds of these rows, in a handful of statements."""
    table, ids = known.table, [row.id for row in rows]
    columns = {c.id: c for c in (*known.columns.values(), table.columns[0])}
    names = ", ".join(f'"{c.name}"' for c in columns.values())
    marks = ",".join("?" * len(ids))
    present = {
        bytes(found[0]): dict(zip(columns, found[1:], strict=True))
        for found in connection.exec_driver_sql(
            f'SELECT id, {names} FROM "{table.name}" WHERE id IN ({marks})', tuple(ids)
        )
    }
    created, changed = stamps_of(connection, table.id, list(present)) if present else ({}, {})
    return Batch(present, created, changed, _parents(connection, known, rows))


def _parents(connection: Connection, known: KnownSection, rows: list[Row]) -> dict[int, set[bytes]]:
    """For each reference, which of the named parents are in the book."""
    found: dict[int, set[bytes]] = {}
    for position, column in known.columns.items():
        if column.info.refers is None:
            continue
        named = {r.values[position] for r in rows}
        wanted = [bytes.fromhex(v) for v in named if isinstance(v, str) and is_hex(v, 16)]
        marks = ",".join("?" * len(wanted))
        found[position] = {
            bytes(r[0])
            for r in connection.exec_driver_sql(
                f'SELECT id FROM "{column.info.refers}" WHERE id IN ({marks})', tuple(wanted)
            )
        }
    return found


def batches(rows: Iterable[tuple[Section, Row]]) -> Iterator[tuple[Section, list[Row]]]:
    """Rows in batches of one section in which no record comes twice."""
    section: Section | None = None
    batch: list[Row] = []
    ids: set[bytes] = set()
    for current, row in rows:
        if batch and (current is not section or len(batch) >= BATCH or row.id in ids):
            assert section is not None
            yield section, batch
            batch, ids = [], set()
        section = current
        batch.append(row)
        ids.add(row.id)
    if batch:
        assert section is not None
        yield section, batch
