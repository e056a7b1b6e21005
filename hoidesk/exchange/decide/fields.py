"""Values that were kept aside, as a record shows them: ids, days and yes or no instead of their stored spelling."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from hoidesk.book.registry import StoredColumn, StoredTable, registry
from hoidesk.book.rows import titles
from hoidesk.exchange.merge.values import BadValue, stored_value
from hoidesk.text.dates import show_day

__all__ = ["Field", "named_records", "record_titles", "shown_value", "title_of_values", "typed"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record that somebody has to decide about: what the book holds and what the other place wrote.

    ``column`` is None for a field that only a newer program knows.
    """

    column: StoredColumn | None
    ours: Any
    theirs: Any

    @property
    def label(self) -> str:
        """The name of the field (message id)."""
        return "" if self.column is None else self.column.info.label

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.ours != self.theirs)


def typed(column: StoredColumn, value: Any) -> Any:
    """A value out of a package, checked and in the type of its column; raises BadValue."""
    stored = stored_value(column, value)
    match column.info.kind:
        case "ref":
            return None if stored is None else UUID(bytes=stored)
        case "day":
            return None if stored is None else date.fromisoformat(stored)
        case "instant" if stored is not None:
            found = datetime.fromisoformat(stored)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        case "flag":
            return bool(stored)
    return stored


def shown_value(column: StoredColumn | None, text: str) -> Any:
    """The same from its JSON text, for showing: what the column cannot hold is shown as it came."""
    value = json.loads(text)
    if column is None:
        return value
    try:
        return typed(column, value)
    except BadValue:
        return "" if value is None else str(value)


def title_of_values(table: StoredTable, values: Mapping[str, Any]) -> str:
    """What a record would be called that is not in the book yet."""
    search = table.info.search
    first = values.get(search.own[0]) if search is not None and search.own else None
    return show_day(first) if isinstance(first, date) else str(first or "")


def record_titles(connection: Connection, wanted: Iterable[tuple[str | None, UUID | None]]) -> dict[UUID, str]:
    """What people call these records; one without a title of its own bears that of the record it belongs to."""
    by_table: dict[str, set[UUID]] = {}
    for name, id_ in wanted:
        if name is not None and id_ is not None:
            by_table.setdefault(name, set()).add(id_)
    found: dict[UUID, str] = {}
    for name, ids in by_table.items():
        for part in _parts(sorted(ids)):
            found |= titles(connection, name, part)
            nameless = [i for i in part if not found.get(i)]
            found |= _titles_of_owners(connection, registry()[name], nameless)
    return found


def _parts(ids: list[UUID], size: int = 500) -> Iterable[list[UUID]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _titles_of_owners(connection: Connection, table: StoredTable, ids: list[UUID]) -> dict[UUID, str]:
    column = next((c for c in table.columns if c.info.refers and c.info.refers != table.name), None)
    if column is None or not ids:
        return {}
    query = select(table.table.c.id, table.table.c[column.name]).where(table.table.c.id.in_(ids))
    owners = {row[0]: row[1] for row in connection.execute(query) if row[1] is not None}
    named = titles(connection, str(column.info.refers), set(owners.values()))
    return {id_: named[owner] for id_, owner in owners.items() if owner in named}


def named_records(connection: Connection, fields: Iterable[Field]) -> dict[UUID, str]:
    """The titles of the records that values of these fields refer to."""
    refs = [
        (f.column.info.refers, value)
        for f in fields
        if f.column is not None and f.column.info.refers
        for value in (f.ours, f.theirs)
        if isinstance(value, UUID)
    ]
    return record_titles(connection, refs)
