"""What people see of an order to erase personal data: the marker that it left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select

from hoidesk.book.registry import StoredColumn, registry
from hoidesk.exchange.decide.erasure import erasable

__all__ = ["ErasureRow", "erasure_of"]


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """An order: which fields were emptied, when, why, its number if it has one, and the unit that gave it."""

    columns: tuple[StoredColumn, ...]
    ordered_on: date
    reason: str
    number: str | None
    unit: str


def erasure_of(connection: Connection, table: str, record: UUID) -> ErasureRow | None:
    """The first order about a record, None when its personal data stand."""
    stored, e = registry()[table], registry()["erasure"].table
    query = select(e).where(e.c.table_number == stored.id, e.c.record == record.hex).order_by(e.c.ordered_on, e.c.id)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    named = set(str(row["columns"]).split(",")) & {str(number) for number in erasable(stored)}
    columns = tuple(c for c in stored.columns if str(c.id) in named)
    return ErasureRow(columns, row["ordered_on"], row["reason"], row["number"], row["unit"])
