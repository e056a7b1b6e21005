"""Edits in two places as a person decides about them: coupled fields together, each side with who and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, text

from hoidesk.book.registry import StoredColumn, StoredTable, registry
from hoidesk.exchange.decide.fields import Field, shown_value

_LAST_SECOND: Final = 253_402_300_799
"""The end of the year 9999: conflict records come out of packages, so that a clock may say anything."""

__all__ = ["Decision", "Side", "coupled", "open_conflicts"]


@dataclass(frozen=True, slots=True)
class Side:
    """Who wrote a value: the unit, whether it was on this PC (``here``) and then by which user, when by that PC's own
    clock, and a short name of the copy of the book, which tells two PCs of one unit apart."""

    unit: str
    here: bool
    copy: str
    user: str
    clock: int

    @property
    def at(self) -> datetime:
        """The instant of the stamp: what the writing PC's clock said."""
        return datetime.fromtimestamp(min((self.clock >> 16) / 1000, _LAST_SECOND), UTC)


@dataclass(frozen=True, slots=True)
class Decision:
    """Fields that were written together and lost together; one choice settles them all.

    ``ids`` are the conflict records. ``fields`` holds every field of the coupled group; the value of ours is what the
    book holds now, the value of theirs what lost.
    """

    ids: tuple[UUID, ...]
    table_number: int
    record: UUID
    fields: tuple[Field, ...]
    lost: Side
    won: Side
    settled_on: date | None


def coupled(table: StoredTable, column: StoredColumn) -> tuple[StoredColumn, ...]:
    """The columns that carry one stamp together with this one."""
    group = column.info.group
    return (column,) if group is None else tuple(c for c in table.columns if c.info.group == group)


def open_conflicts(connection: Connection, *, settled: bool = False) -> list[Decision]:
    """The open conflicts as decisions, newest first; with ``settled`` those that were settled."""
    rows = connection.execute(
        text(
            "SELECT id, unit, table_number, record, column_number, value, lost_clock, lost_replica, won_clock, "
            "won_replica, writer, settled_on FROM conflict WHERE voided IS NULL "
            f"AND settled_on IS {'NOT' if settled else ''} NULL ORDER BY lost_clock DESC, id"
        )
    ).all()
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        table = registry().find(int(row.table_number))
        column = table.column(int(row.column_number)) if table else None
        together = column.info.group if column is not None and column.info.group else int(row.column_number)
        key = (row.table_number, row.record, row.lost_clock, row.lost_replica, row.settled_on, together)
        groups.setdefault(key, []).append(row)
    writers = _Writers(connection)
    return [_decision(connection, group, writers) for group in groups.values()]


def _decision(connection: Connection, rows: list[Any], writers: _Writers) -> Decision:
    first = rows[0]
    table = registry().find(int(first.table_number))
    record = UUID(hex=first.record)
    won = max(rows, key=lambda r: _clock(r.won_clock))
    column = table.column(int(first.column_number)) if table is not None else None
    return Decision(
        ids=tuple(UUID(bytes=bytes(r.id)) for r in rows),
        table_number=int(first.table_number),
        record=record,
        fields=_group_fields(connection, table, record, rows),
        lost=writers.side(first, column, first.lost_clock, first.lost_replica, first.writer),
        won=writers.side(first, column, won.won_clock, won.won_replica, ""),
        settled_on=None if first.settled_on is None else date.fromisoformat(str(first.settled_on)),
    )


def _group_fields(
    connection: Connection, table: StoredTable | None, record: UUID, rows: Iterable[Any]
) -> tuple[Field, ...]:
    lost = {int(r.column_number): r.value for r in rows}
    if table is None:
        return tuple(Field(None, None, shown_value(None, value)) for value in lost.values())
    found = connection.execute(select(table.table).where(table.table.c.id == record)).mappings().first()
    present: dict[str, Any] = dict(found or {})
    fields = []
    for number in lost:
        column = table.column(number)
        for one in coupled(table, column) if column is not None else (None,):
            if one is None:
                fields.append(Field(None, None, shown_value(None, lost[number])))
            elif all(f.column != one for f in fields):
                ours = present.get(one.name)
                fields.append(Field(one, ours, shown_value(one, lost[one.id]) if one.id in lost else ours))
    return tuple(fields)


def _clock(text: str) -> int:
    try:
        return max(0, min(int(text, 16), 2**63 - 1))
    except ValueError:
        return 0


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


class _Writers:
    """Whose the replicas are, and which user of this book wrote under a stamp."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._own = bytes(connection.execute(text("SELECT inc FROM clock_state")).scalar_one()).hex()
        rows = connection.execute(text("SELECT inc, unit FROM incarnation"))
        self._units = {bytes(r.inc).hex(): str(r.unit) for r in rows}
        code = connection.execute(text("SELECT value FROM book_info WHERE name = 'code'")).scalar()
        self._units[self._own] = str(code or "")

    def side(self, row: Any, column: StoredColumn | None, clock: str, replica: str, writer: str) -> Side:
        """One side of a conflict."""
        user = ""
        if column is not None:
            user = self._user(int(row.table_number), UUID(hex=row.record), column.id, _clock(clock), replica)
        return Side(
            unit=self._units.get(replica) or writer,
            here=replica == self._own or bool(user),
            copy=replica[:4],
            user=user,
            clock=_clock(clock),
        )

    def _user(self, table: int, record: UUID, column: int, clock: int, replica: str) -> str:
        """Who typed a value into this book; nothing for one that came in a package."""
        found = self._connection.execute(
            text(
                "SELECT o.user FROM history h JOIN op o ON o.id = h.op WHERE h.tbl = :t AND h.id = :i AND h.col = :c "
                "AND h.hlc = :h AND h.inc = :inc AND o.source <> 'package' LIMIT 1"
            ),
            {"t": table, "i": record.bytes, "c": column, "h": clock, "inc": _bytes(replica)},
        ).scalar()
        return str(found or "")
