"""What a rehearsal would change in the book, record by record, read before it is rolled back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection, select, text

from hoidesk.book.registry import StoredColumn, StoredTable, registry
from hoidesk.book.work import Work
from hoidesk.exchange.decide.fields import Field, named_records, record_titles, shown_value, title_of_values
from hoidesk.exchange.decide.kept import kept_rows
from hoidesk.exchange.scopes import CONFLICT
from hoidesk.exchange.state import stamp_text

__all__ = ["MOST", "RecordChange", "Rehearsed", "rehearsed"]

MOST: Final = 1000
"""Records of one kind that are named at most; more are only counted."""

Result = Literal["new", "changed", "conflict", "suggestion", "parked", "refused"]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What would happen to one record; ``fields`` are those that differ (of a new record the first that are filled),
    ``reason`` why it is put aside."""

    result: Result
    table: StoredTable | None
    record: UUID
    title: str
    fields: tuple[Field, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Every change, those that need a look first, and the titles of the records that values name."""

    changes: tuple[RecordChange, ...] = ()
    titles: dict[UUID, str] | None = None


def rehearsed(work: Work, start: int) -> Rehearsed:
    """What was merged in the open transaction after local number ``start``."""
    connection = work.connection
    changes = [
        *_put_aside(connection, stamp_text(work)),
        *_conflicts(connection, start),
        *_changed(connection, work.op, start),
        *_new(connection, start),
    ]
    return Rehearsed(tuple(changes), named_records(connection, [f for c in changes for f in c.fields]))


def _put_aside(connection: Connection, at: str) -> list[RecordChange]:
    kept = [k for k in (*kept_rows(connection), *kept_rows(connection, parked=True)) if _same(k.at, at)]
    kinds: dict[str, Result] = {"suggestion": "suggestion", "quarantine": "refused", "parked": "parked"}
    titles = record_titles(connection, [(_name(k.table_number), k.record) for k in kept[:MOST]])
    found = []
    for one in kept[:MOST]:
        table = registry().find(one.table_number)
        present = _values(connection, table, one.record)
        fields = [_field(table, number, value, present) for number, value in one.values]
        title = titles.get(one.record, "")
        if not title and table is not None:
            title = title_of_values(table, {f.column.name: f.theirs for f in fields if f.column is not None})
        differing = tuple(f for f in fields if f.differs) if one.kind == "suggestion" else ()
        found.append(RecordChange(kinds[one.kind], table, one.record, title, differing, one.reason))
    return sorted(found, key=lambda c: c.result != "refused")


def _same(at: Any, text_: str) -> bool:
    return bool(at.isoformat(timespec="milliseconds") == text_)


def _name(number: int) -> str | None:
    table = registry().find(number)
    return None if table is None else table.name


def _field(table: StoredTable | None, number: int, value: str, present: dict[str, Any]) -> Field:
    column = table.column(number) if table is not None else None
    return Field(column, present.get(column.name) if column is not None else None, shown_value(column, value))


def _values(connection: Connection, table: StoredTable | None, record: UUID) -> dict[str, Any]:
    if table is None:
        return {}
    row = connection.execute(select(table.table).where(table.table.c.id == record)).mappings().first()
    return dict(row or {})


def _conflicts(connection: Connection, start: int) -> list[RecordChange]:
    rows = connection.execute(
        text(
            "SELECT c.table_number, c.record, c.column_number, c.value FROM conflict c JOIN row_clock r "
            "ON r.tbl = :conflict AND r.id = c.id WHERE r.created_seq > :s ORDER BY r.created_seq LIMIT :n"
        ),
        {"conflict": CONFLICT, "s": start, "n": MOST},
    )
    by_record: dict[tuple[int, UUID], list[tuple[int, str]]] = {}
    for row in rows:
        key = (int(row.table_number), UUID(hex=row.record))
        by_record.setdefault(key, []).append((int(row.column_number), str(row.value)))
    titles = record_titles(connection, [(_name(number), record) for number, record in by_record])
    found = []
    for (number, record), values in by_record.items():
        table = registry().find(number)
        present = _values(connection, table, record)
        fields = tuple(_field(table, column, value, present) for column, value in values)
        found.append(RecordChange("conflict", table, record, titles.get(record, ""), fields))
    return found


def _changed(connection: Connection, op: int, start: int) -> list[RecordChange]:
    """Records that were in the book: each changed field with the value before and the one that would stand."""
    rows = connection.execute(
        text(
            "SELECT h.tbl, h.id, h.col, h.old FROM history h JOIN row_clock r ON r.tbl = h.tbl AND r.id = h.id "
            "WHERE h.op = :op AND h.seq > :s AND h.col > 0 AND h.tbl <> :conflict AND r.created_seq <= :s "
            "ORDER BY h.seq"
        ),
        {"op": op, "s": start, "conflict": CONFLICT},
    )
    before: dict[tuple[int, UUID], dict[int, Any]] = {}
    for row in rows:
        key = (int(row.tbl), UUID(bytes=bytes(row.id)))
        if key in before or len(before) < MOST:
            before.setdefault(key, {}).setdefault(int(row.col), row.old)
    titles = record_titles(connection, [(_name(number), record) for number, record in before])
    found = []
    for (number, record), olds in before.items():
        table = registry()[number]
        present = _values(connection, table, record)
        columns = [(table.column(col), old) for col, old in olds.items()]
        fields = tuple(Field(c, _stored(c, old), present.get(c.name)) for c, old in columns if c is not None)
        differing = tuple(f for f in fields if f.differs)
        if differing:
            found.append(RecordChange("changed", table, record, titles.get(record, ""), differing))
    return found


def _stored(column: StoredColumn, old: Any) -> Any:
    """A value out of the history, which keeps it as the database does."""
    plain = old.hex() if isinstance(old, bytes) else old
    return shown_value(column, json.dumps(plain))


def _new(connection: Connection, start: int) -> list[RecordChange]:
    rows = connection.execute(
        text("SELECT tbl, id FROM row_clock WHERE created_seq > :s AND tbl <> :conflict ORDER BY tbl, id LIMIT :n"),
        {"s": start, "conflict": CONFLICT, "n": MOST},
    )
    found = []
    for row in rows:
        table, record = registry()[int(row.tbl)], UUID(bytes=bytes(row.id))
        values = _values(connection, table, record)
        fields = [Field(c, None, values[c.name]) for c in table.columns if _worth_showing(table, c, values)]
        found.append(RecordChange("new", table, record, _new_title(connection, table, values), tuple(fields[:4])))
    return found


def _worth_showing(table: StoredTable, column: StoredColumn, values: dict[str, Any]) -> bool:
    """Whether a value of a new record says something beside its title: counts, days, texts that were filled."""
    titled = table.info.search is not None and column.name in table.info.search.own[:1]
    plain = column.info.kind not in ("ref", "unit", "flag", "document", "choice")
    return plain and not titled and bool(values[column.name])


def _new_title(connection: Connection, table: StoredTable, values: dict[str, Any]) -> str:
    """The title of a record that the search does not know yet, with that of the record it belongs to."""
    owner = next((c for c in table.columns if c.info.refers and values.get(c.name) is not None), None)
    named = {} if owner is None else record_titles(connection, [(owner.info.refers, values[owner.name])])
    parts = [title_of_values(table, values), *named.values()]
    return " · ".join(part for part in parts if part)
