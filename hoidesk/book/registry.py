"""The registry of synced tables: which tables and columns exist, under which numbers.

Built once from the SQLModel classes of all subject rooms. A number that is used twice is a fault of the program and
stops it at once.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from hoidesk.book.columns import INFO, ColumnInfo
from hoidesk.book.records import OWN_ID, Record, TableInfo

__all__ = ["Registry", "StoredColumn", "StoredTable", "registry", "table_number"]

ROOMS: Final = (
    "hoidesk.book.settings",
    "hoidesk.units.tables",
    "hoidesk.associations.tables",
    "hoidesk.meetings.tables",
    "hoidesk.emulation.tables",
    "hoidesk.assessment.tables",
    "hoidesk.figures.tables",
    "hoidesk.paper.tables",
    "hoidesk.exchange.tables",
)


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """One stored column of a synced table."""

    name: str
    info: ColumnInfo
    column: Column[Any]

    @property
    def id(self) -> int:
        """The number of the column in its table."""
        return self.info.id


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One synced table; ``columns`` leaves out the id, which never changes."""

    name: str
    info: TableInfo
    model: type[Record]
    table: Table
    columns: tuple[StoredColumn, ...]

    @property
    def id(self) -> int:
        """The number of the table."""
        return self.info.id

    def column(self, key: int | str) -> StoredColumn | None:
        """The column with that number or name, or None."""
        return next((c for c in self.columns if c.id == key or c.name == key), None)


class Registry:
    """All synced tables, by number and by name."""

    def __init__(self, tables: list[StoredTable]) -> None:
        self.tables = tuple(sorted(tables, key=lambda t: t.id))
        self._by_name = {t.name: t for t in tables}
        self._by_id = {t.id: t for t in tables}
        if len(self._by_id) != len(tables):
            raise AssertionError("a table number is used twice")

    def __getitem__(self, key: int | str) -> StoredTable:
        return self._by_id[key] if isinstance(key, int) else self._by_name[key]

    def find(self, key: int | str) -> StoredTable | None:
        """The table with that number or name, or None."""
        return self._by_id.get(key) if isinstance(key, int) else self._by_name.get(key)

    def children(self, name: str) -> list[tuple[StoredTable, StoredColumn]]:
        """The columns of all tables that refer to records of table ``name``."""
        return [(t, c) for t in self.tables for c in t.columns if c.info.refers == name]


def _stored(model: type[Record]) -> StoredTable:
    table: Table = model.__table__  # type: ignore[attr-defined]
    columns = []
    for column in table.columns:
        info = column.info.get(INFO)
        if not isinstance(info, ColumnInfo):
            raise AssertionError(f"{table.name}.{column.name} has no number")
        if info.id != OWN_ID:
            columns.append(StoredColumn(column.name, info, column))
    if len({c.id for c in columns}) != len(columns):
        raise AssertionError(f"{table.name} uses a column number twice")
    return StoredTable(table.name, model.__info__, model, table, tuple(sorted(columns, key=lambda c: c.id)))


def _models(base: type[SQLModel]) -> list[type[Record]]:
    found: list[type[Record]] = []
    for model in base.__subclasses__():
        if issubclass(model, Record) and hasattr(model, "__table__"):
            found.append(model)
        found.extend(_models(model))
    return found


@cache
def registry() -> Registry:
    """The registry of this program; imports the tables of every room at the first call."""
    for room in ROOMS:
        importlib.import_module(room)
    return Registry([_stored(m) for m in dict.fromkeys(_models(Record)) if m.__module__.startswith("hoidesk.")])


@cache
def table_number(name: str) -> int:
    """The number of the table ``name``; imports no more rooms than it takes to find it. KeyError if there is none."""
    for room in (None, *ROOMS):
        if room is not None:
            importlib.import_module(room)
        for model in _models(Record):
            if model.__tablename__ == name:
                return model.__info__.id
    raise KeyError(name)
