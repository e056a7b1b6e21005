"""What merging is held against: bare inserts and updates into the same tables, folded for search all the same."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.book.search import fold_dirty
from hoidesk.exchange.merge.values import known_section, stored_value
from hoidesk.exchange.packages.container import Reader
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.state import load_keys, load_pins
from tests.bench.exchange_book import PASSWORD

__all__ = ["Raw"]


def _without_triggers(connection: Connection) -> None:
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    for name in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


class Raw:
    """The rows of a package, ready for the database, and a book without triggers to put them into."""

    def __init__(self, folder: Path, empty: Path, package: Path, reader: Book) -> None:
        self.folder = folder / "raw.hoibook"
        shutil.copytree(empty, self.folder)
        with reader.read() as connection:
            keys, pins = load_keys(connection), load_pins(connection)
        assert keys is not None
        self.tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
        with open_here(package, Reader.of(reader.unit.code, [keys], pins)) as opened:
            for section, row in opened.rows():
                table = reader.registry[section.table]
                known = known_section(section, table)
                names = [c.name for c in known.columns.values()]
                values = tuple(stored_value(c, row.values[i]) for i, c in known.columns.items())
                self.tables.setdefault(table.name, (names, []))[1].append((row.id, *values))

    @classmethod
    def none(cls) -> Raw:
        """Nothing to compare with."""
        return cls.__new__(cls)

    def insert(self) -> float:
        """Seconds for inserting every row, folded for search and sorting, in one transaction."""
        with open_book(self.folder, password=PASSWORD) as book:
            registry = book.registry
            assert book._writer is not None
            with book._writer.begin() as connection:
                names = (
                    connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
                )
                for name in names:
                    connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
            start = time.perf_counter()
            with book._writer.begin() as connection:
                for name, (columns, rows) in self.tables.items():
                    listed = ", ".join(f'"{c}"' for c in columns)
                    connection.exec_driver_sql(
                        f'INSERT INTO "{name}"(id, {listed}) VALUES({",".join("?" * (len(columns) + 1))})', rows
                    )
                    if registry[name].info.search is not None:
                        connection.exec_driver_sql(
                            f'INSERT INTO search_dirty(tbl, id) SELECT {registry[name].id}, id FROM "{name}"'
                        )
                fold_dirty(connection, registry)
            return time.perf_counter() - start

    def update(self, count: int) -> float:
        """Seconds for changing one field of so many meetings, folded again."""
        if not hasattr(self, "folder"):
            return 1.0
        with open_book(self.folder, password=PASSWORD) as book:
            assert book._writer is not None
            with book._writer.begin() as connection:
                names = (
                    connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
                )
                for name in names:
                    connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
                ids = (
                    connection.execute(text("SELECT id FROM meeting ORDER BY id LIMIT :n"), {"n": count})
                    .scalars()
                    .all()
                )
            start = time.perf_counter()
            with book._writer.begin() as connection:
                connection.exec_driver_sql(
                    "UPDATE meeting SET invited = ?, present = ?, excused = ? WHERE id = ?",
                    [(40, n % 40, None, bytes(id_)) for n, id_ in enumerate(ids)],
                )
                connection.exec_driver_sql(
                    "INSERT INTO search_dirty(tbl, id) VALUES(?, ?)",
                    [(book.registry["meeting"].id, bytes(id_)) for id_ in ids],
                )
                fold_dirty(connection, book.registry)
            return time.perf_counter() - start
