"""Reading any record: its values for a form, its history, the titles of what it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, text

from hoidesk.book.registry import registry
from hoidesk.exchange.decide.aliases import RAW

__all__ = ["Change", "RecordRow", "history_of", "options", "record", "titles"]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as a form needs it; ``seen`` is its row clock, to notice that somebody else changed it."""

    id: UUID
    table: str
    unit: str
    voided: str | None
    seen: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One earlier value of a field: when it was replaced, by whom, in which operation (message id)."""

    at: datetime | None
    user: str
    operation: str
    column: str
    label: str
    before: Any
    op: int


def record(connection: Connection, name: str, id: UUID) -> RecordRow | None:
    """The record with that id, or None."""
    stored = registry()[name]
    query = select(stored.table).where(stored.table.c.id == id)
    row = connection.execute(query).mappings().first()
    if row is None:  # a duplicate, which no list shows, can still be looked at
        row = connection.execute(query, execution_options=RAW).mappings().first()
    if row is None:
        return None
    seen = connection.execute(
        text("SELECT seq FROM row_clock WHERE tbl = :t AND id = :i"), {"t": stored.id, "i": id.bytes}
    ).scalar()
    values = {k: v for k, v in row.items() if k not in ("id", "unit", "voided")}
    return RecordRow(id, name, row["unit"], row["voided"], seen or 0, values)


def titles(connection: Connection, name: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What people call the records, from the search table; records without a title are left out."""
    stored = registry()[name]
    wanted = [i.bytes for i in ids]
    if not wanted:
        return {}
    query = text("SELECT id, title FROM main.search_text WHERE tbl = :t AND id IN :ids").bindparams(
        bindparam("ids", expanding=True)
    )
    return {UUID(bytes=r.id): r.title for r in connection.execute(query, {"t": stored.id, "ids": wanted})}


def options(connection: Connection, name: str, *, limit: int = 5000) -> list[tuple[UUID, str]]:
    """The records of a table with their titles in Vietnamese order, for choosing one in a form."""
    stored = registry()[name]
    rows = connection.execute(
        text("SELECT id, title FROM search_text WHERE tbl = :t ORDER BY sort, id LIMIT :n"),
        {"t": stored.id, "n": limit},
    )
    return [(UUID(bytes=r.id), r.title) for r in rows]


def history_of(connection: Connection, name: str, id: UUID) -> list[Change]:
    """Every replaced value of a record, newest first."""
    stored = registry()[name]
    rows = connection.execute(
        text(
            "SELECT h.col, h.old, h.op, o.at, o.user, o.name FROM history h LEFT JOIN op o ON o.id = h.op "
            "WHERE h.tbl = :t AND h.id = :i AND h.col > 0 ORDER BY h.seq DESC, h.col"
        ),
        {"t": stored.id, "i": id.bytes},
    )
    found = []
    for row in rows:
        column = stored.column(row.col)
        if column is None:
            continue
        at = datetime.fromisoformat(row.at) if row.at else None
        before = UUID(bytes=row.old) if isinstance(row.old, bytes) and len(row.old) == 16 else row.old
        found.append(Change(at, row.user or "", row.name or "", column.name, column.info.label, before, row.op))
    return found
