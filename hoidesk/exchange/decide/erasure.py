"""Erasing the personal data of an office-holder by order: an order beats every stamp, and holds for good.

An order is a row of table 82, written by the unit that owns the record. Whoever holds it empties the fields wherever
they lie: in the record, its history, values that lost, suggestions, rows put aside, search, what was typed and not yet
saved. The order is applied again at the end of every transaction that could bring a value back, so an older package, an
undo or a foreign tool changes nothing (package format, section 10). The record stays, with its post and its term.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, text

from hoidesk.book.records import UNIT_ID
from hoidesk.book.registry import Registry, StoredTable

__all__ = ["WIPE", "Wiped", "erasable", "guard", "is_erased"]

CONFLICT: Final = 80
ERASURE: Final = 82
WIPE: Final = "wipe"
"""The fact of exchange_state that says that freed pages of the file still have to be overwritten."""

_SHORTEST: Final = 5
"""Letters that a value needs to be looked for in running text; shorter ones would hit other words."""
_CHUNK: Final = 400
_NOTHING: Final = "null"
_KEPT: Final = ("suggestion", "unknown_field")


@dataclass(slots=True)
class Wiped:
    """What a transaction erased: how many places, and the values themselves, to find them in drafts as well."""

    places: int = 0
    words: set[str] = field(default_factory=set, repr=False)

    def add(self, value: Any) -> None:
        """Remember a value."""
        if isinstance(value, str) and len(value) >= _SHORTEST:
            self.words.add(value)


@dataclass(frozen=True, slots=True)
class _Order:
    """An order that holds in this book: the record and the numbers of its fields."""

    table: StoredTable
    record: bytes
    columns: frozenset[int]


def erasable(table: StoredTable) -> tuple[int, ...]:
    """The numbers of the fields of a table that an order can name; an issued paper is a document and stays whole."""
    return () if table.info.immutable else tuple(c.id for c in table.columns if c.info.personal)


def is_erased(connection: Connection, table: StoredTable, record: bytes) -> bool:
    """Whether the personal data of a record were erased by order."""
    found = connection.execute(
        text("SELECT 1 FROM main.erasure WHERE table_number = :t AND record = :r LIMIT 1"),
        {"t": table.id, "r": record.hex()},
    )
    return found.first() is not None


def guard(connection: Connection, registry: Registry, own: str, touched: Iterable[int], *, always: bool) -> Wiped:
    """Apply every order that holds for this book, of unit ``own``, to what a transaction wrote.

    ``touched``: the numbers of the tables that it wrote to; ``always``: it may also have put rows aside.
    """
    wiped = Wiped()
    watched = {CONFLICT, ERASURE, *(t.id for t in registry.tables if erasable(t))}
    if not (always or watched & set(touched)):
        return wiped
    orders, raw = list(_orders(connection, registry, own)), list(_raw_fields(connection, registry, own))
    if not orders and not raw:
        return wiped
    quiet = connection.execute(text("SELECT quiet FROM clock_state")).scalar_one()
    for table in {order.table.id: order.table for order in orders}.values():
        for column in sorted({c for o in orders if o.table is table for c in o.columns}):
            ids = [o.record for o in orders if o.table is table and column in o.columns]
            for start in range(0, len(ids), _CHUNK):
                _empty(connection, table, column, ids[start : start + _CHUNK], wiped)
    # What was put aside is no record of this book: emptying it is no write of its own.
    connection.execute(text("UPDATE clock_state SET quiet = 2"))
    _empty_aside(connection, orders, wiped)
    _empty_raw(connection, raw, wiped)
    _empty_texts(connection, wiped)
    connection.execute(text("UPDATE clock_state SET quiet = :q"), {"q": quiet})
    if wiped.places:
        connection.execute(text("INSERT OR REPLACE INTO exchange_state(name, value) VALUES(:n, '1')"), {"n": WIPE})
    return wiped


def _orders(connection: Connection, registry: Registry, own: str) -> Iterator[_Order]:
    """The orders that hold here: of the unit that owns the record, or of this very unit for what lies below it."""
    rows = connection.exec_driver_sql("SELECT table_number, record, columns, unit FROM main.erasure")
    for number, written, columns, unit in rows.all():
        table = registry.find(int(number))
        if table is None or not erasable(table):
            continue
        try:
            record = bytes.fromhex(written)
            named = frozenset(int(c) for c in columns.split(",") if _is_number(c))
        except ValueError:
            continue
        # A column that this program does not know is named by a newer one; of the known ones only personal data fall.
        allowed = {c for c in named if table.column(c) is None} | (named & set(erasable(table)))
        owner = connection.exec_driver_sql(f'SELECT unit FROM main."{table.name}" WHERE id = ?', (record,)).scalar()
        owner = unit if owner is None and unit == own else owner
        if owner == unit or (unit == own and str(owner).startswith(f"{own}-")):
            yield _Order(table, record, frozenset(allowed))


def _raw_fields(connection: Connection, registry: Registry, own: str) -> Iterator[tuple[int, bytes, int]]:
    """Fields of records that only a newer program knows, which an order names: table, record, column."""
    rows = connection.exec_driver_sql("SELECT table_number, record, columns, unit FROM main.erasure")
    for number, written, columns, unit in rows.all():
        if registry.find(int(number)) is not None:
            continue
        record = _bytes(written)
        kept = connection.exec_driver_sql(
            "SELECT value FROM unknown_field WHERE tbl = ? AND id = ? AND col = ?", (number, record, UNIT_ID)
        ).scalar()
        owner = None if kept is None else _plain(kept)
        if owner == unit or (unit == own and str(owner).startswith(f"{own}-")):
            yield from ((number, record, int(c)) for c in columns.split(",") if _is_number(c) and int(c) > UNIT_ID)


def _is_number(text_: str) -> bool:
    """Whether a text out of a package is a number that the database can hold."""
    return text_.isascii() and text_.isdecimal() and len(text_) < 19


def _empty_raw(connection: Connection, fields: Iterable[tuple[int, bytes, int]], wiped: Wiped) -> None:
    places = (
        ("unknown_field", "tbl = ? AND id = ? AND col = ?"),
        ("main.conflict", "table_number = ? AND unhex(record) = ? AND column_number = ?"),
    )
    for parameters in fields:
        for place, where in places:
            filled = f"FROM {place} WHERE {where} AND value <> 'null'"
            _collect(connection, f"SELECT value {filled}", parameters, wiped)
            wiped.places += connection.exec_driver_sql(
                f"UPDATE {place} SET value = 'null' WHERE {where} AND value <> 'null'", parameters
            ).rowcount


def _marks(ids: Sequence[Any]) -> str:
    return ",".join("?" * len(ids))


def _empty(connection: Connection, table: StoredTable, number: int, ids: Sequence[bytes], wiped: Wiped) -> None:
    """One field of some records: in the record, its history, suggestions, and what a newer program wrote."""
    known = table.column(number)
    if known is not None:
        where = f"FROM main.\"{table.name}\" WHERE id IN ({_marks(ids)}) AND coalesce(\"{known.name}\", '') <> ''"
        _collect(connection, f'SELECT "{known.name}" {where}', tuple(ids), wiped)
        wiped.places += connection.exec_driver_sql(
            f'UPDATE main."{table.name}" SET "{known.name}" = ? WHERE id IN (SELECT id {where})',
            (None if known.column.nullable else "", *ids),
        ).rowcount
    field_ = f"WHERE tbl = ? AND id IN ({_marks(ids)}) AND col = ?"
    here = (table.id, *ids, number)
    for place, column, gone in (("history", "old", "NULL"), *((p, "value", "'null'") for p in _KEPT)):
        filled = f"{field_} AND {column} IS NOT {gone}"
        _collect(connection, f"SELECT DISTINCT {column} FROM {place} {filled}", here, wiped)
        wiped.places += connection.exec_driver_sql(f"UPDATE {place} SET {column} = {gone} {filled}", here).rowcount
    # A deleted row lies whole in the history, in column 0.
    path = f'$."{number}"'
    whole = f"WHERE tbl = ? AND id IN ({_marks(ids)}) AND col = 0 AND json_extract(old, ?) IS NOT NULL"
    _collect(connection, f"SELECT json_extract(old, ?) FROM history {whole}", (path, table.id, *ids, path), wiped)
    wiped.places += connection.exec_driver_sql(
        f"UPDATE history SET old = json_set(old, ?, NULL) {whole}", (path, table.id, *ids, path)
    ).rowcount


def _collect(connection: Connection, query: str, parameters: tuple[Any, ...], wiped: Wiped) -> None:
    """Remember the values that are about to go; some lie there as JSON."""
    for value in connection.exec_driver_sql(query, parameters).scalars().all():
        wiped.add(value)
        if isinstance(value, str) and value.startswith('"'):
            wiped.add(_plain(value))


def _plain(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


# What lies outside the record


def _empty_aside(connection: Connection, orders: Sequence[_Order], wiped: Wiped) -> None:
    targets = {(o.table.id, o.record): o.columns for o in orders}
    rows = connection.exec_driver_sql(
        "SELECT id, table_number, record, column_number, value FROM main.conflict WHERE value <> 'null'"
    )
    for id_, number, record, column, value in rows.all():
        if column in targets.get((int(number), _bytes(record)), ()):
            wiped.add(_plain(value))
            wiped.places += 1
            connection.exec_driver_sql("UPDATE main.conflict SET value = 'null' WHERE id = ?", (id_,))
    for place in ("parked", "quarantine"):
        rows = connection.exec_driver_sql(f"SELECT number, tbl, id, section, row FROM {place}")
        for number, tbl, id_, section, row in rows.all():
            if tbl != CONFLICT and (tbl, id_) not in targets:
                continue
            emptied = _emptied(int(tbl), bytes(id_), section, row, targets, wiped)
            if emptied is not None:
                wiped.places += 1
                connection.exec_driver_sql(f"UPDATE {place} SET row = ? WHERE number = ?", (emptied, number))


def _bytes(written: object) -> bytes:
    try:
        return bytes.fromhex(str(written))
    except ValueError:
        return b""


def _emptied(
    table: int, id_: bytes, section: str, row: str, targets: dict[tuple[int, bytes], frozenset[int]], wiped: Wiped
) -> str | None:
    """A row put aside without the erased values, None when it holds none."""
    import msgspec

    from hoidesk.exchange.packages.stream import Row, Section

    known = msgspec.json.decode(section, type=Section)
    held = msgspec.json.decode(row, type=Row)
    values = dict(zip(known.columns, held.values, strict=False))
    if table == CONFLICT:
        number = values.get(4)  # a row that was held back may hold anything
        names = (number if isinstance(number, int) else 0, _bytes(values.get(5)))
        gone = {7} if values.get(6) in targets.get(names, ()) and values.get(7) != _NOTHING else set()
        wiped.add(_plain(str(values.get(7))) if gone else None)
        left: Any = _NOTHING
    else:
        gone = {c for c in targets.get((table, id_), ()) if values.get(c) is not None}
        for column in gone:
            wiped.add(values[column])
        left = None
    if not gone:
        return None
    kept = tuple(left if c in gone else v for c, v in zip(known.columns, held.values, strict=False))
    return msgspec.json.encode(replace(held, values=kept)).decode()


def _empty_texts(connection: Connection, wiped: Wiped) -> None:
    """Running text that may repeat an erased value: titles of operations, refusals of an imported sheet."""
    for word in wiped.words:
        for table, column in (("op", "title"), ("batch", "refused"), ("package_in", "counts")):
            connection.exec_driver_sql(
                f'UPDATE {table} SET "{column}" = replace("{column}", ?, ?) WHERE instr("{column}", ?)',
                (word, "…", word),
            )
