"""A later release of the program, for tests: it knows a table and columns that today's does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Text

from hoidesk.book.book import Book
from hoidesk.book.columns import ColumnInfo
from hoidesk.book.ids import UuidBytes
from hoidesk.book.records import TableInfo
from hoidesk.book.registry import Registry, StoredColumn, StoredTable, registry
from hoidesk.book.schema import make_triggers
from hoidesk.exchange.merge.adoption import adopt

CLUB = 7000
MOTTO, STARRED, INSIDE = 900, 901, 902

COLUMNS = (
    (ColumnInfo(MOTTO, "Motto", "line"), Column("motto", Text)),
    (ColumnInfo(STARRED, "Starred", "flag"), Column("starred", Boolean, nullable=False, server_default="0")),
    (ColumnInfo(INSIDE, "Inside", "note", up=False), Column("inside", Text)),
)
CLUB_COLUMNS = (
    (ColumnInfo(2, "Unit", "unit"), Column("unit", Text, nullable=False)),
    (ColumnInfo(3, "Set aside because", "note"), Column("voided", Text)),
    (ColumnInfo(4, "Branch", "ref", refers="branch"), Column("branch_id", UuidBytes)),
    (ColumnInfo(5, "Name", "line"), Column("name", Text, nullable=False)),
    (ColumnInfo(6, "Members", "count"), Column("members", Integer)),
)
DDL = {
    "branch": ("motto TEXT", "starred BOOLEAN NOT NULL DEFAULT 0", "inside TEXT"),
    "forwarded_petition": ("urgent TEXT",),
}


def _more(name: str, added: tuple[tuple[ColumnInfo, Column[Any]], ...]) -> StoredTable:
    """A table of today with further columns."""
    stored = registry()[name]
    table = stored.table.to_metadata(MetaData())
    columns = list(stored.columns)
    for info, column in added:
        own = column._copy()
        table.append_column(own)
        columns.append(StoredColumn(own.name, info, own))
    return replace(stored, table=table, columns=tuple(columns))


@cache
def newer() -> Registry:
    """The registry of the later release."""
    club = Table("club", MetaData(), Column("id", UuidBytes, primary_key=True), *(c for _i, c in CLUB_COLUMNS))
    changed = {
        "branch": _more("branch", COLUMNS),
        "forwarded_petition": _more(
            "forwarded_petition", ((ColumnInfo(MOTTO, "Urgent", "line"), Column("urgent", Text)),)
        ),
    }
    info = TableInfo(CLUB, "Club", up=True, down=True, spread=True, owners=("branch_id",))
    stored = tuple(StoredColumn(c.name, i, c) for i, c in CLUB_COLUMNS)
    tables = [changed.get(t.name, t) for t in registry().tables]
    return Registry([*tables, StoredTable("club", info, registry()["branch"].model, club, stored)])


def of_book(book: Book) -> Registry:
    """What stands for ``Book.registry``: the later one in a book that was brought up to date."""
    return newer() if getattr(book, "later", False) else registry()


def schema_step(book: Book) -> None:
    """What the migration of the later release does."""
    assert book._writer is not None
    with book._writer.begin() as connection:
        for table, columns in DDL.items():
            for column in columns:
                connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
        connection.exec_driver_sql(
            "CREATE TABLE club(id BLOB NOT NULL PRIMARY KEY, unit TEXT NOT NULL, voided TEXT, "
            "branch_id BLOB REFERENCES branch(id) DEFERRABLE INITIALLY DEFERRED, name TEXT NOT NULL, members INTEGER)"
        )
        make_triggers(connection, newer())
    book.later = True  # type: ignore[attr-defined]


def upgrade(book: Book) -> int:
    """Bring a book up to the later release, as opening it with that program does."""
    if getattr(book, "later", False):
        return 0
    schema_step(book)
    return adopt(book)


def write(book: Book, table: str, id: UUID, **values: Any) -> None:
    """Change a record, or make it, below the operations of today."""
    with book.transaction("test", "test") as work:
        stored = work.table(table).table
        there = work.connection.execute(stored.select().where(stored.c.id == id)).first()
        if there is None:
            work.insert(table, values, id=id)
        else:
            work.update(table, id, values)
