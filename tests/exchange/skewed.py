"""Three books in a chain whose programs are of different age."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from hoidesk.book.book import Book

from .books import CELL, DISTRICT, WARD, deliver, join, new_book, register


class Chain:
    """A cell, its ward and the district above, enrolled; the branch of the cell is in all three books."""

    def __init__(self, folder: Path) -> None:
        self.district, self.ward, self.cell = (new_book(folder, unit) for unit in (DISTRICT, WARD, CELL))
        self.stick = folder / "usb"
        join(self.district, self.ward)
        join(self.ward, self.cell)
        self.area, self.association, self.branch = register(self.ward)
        self.settle()

    @property
    def books(self) -> dict[str, Book]:
        """The books by tier."""
        return {"cell": self.cell, "ward": self.ward, "district": self.district}

    def up(self) -> None:
        deliver(self.cell, self.ward, self.stick)
        deliver(self.ward, self.district, self.stick)

    def down(self) -> None:
        deliver(self.district, self.ward, self.stick)
        deliver(self.ward, self.cell, self.stick)

    def settle(self) -> None:
        for _round in range(2):
            self.up()
            self.down()

    def close(self) -> None:
        for book in self.books.values():
            book.close()


def kept(book: Book) -> list[tuple[Any, ...]]:
    """The fields that a book keeps raw: table, column, value and the ways they may go."""
    with book.read() as connection:
        rows = connection.exec_driver_sql("SELECT tbl, col, value, way FROM unknown_field ORDER BY tbl, id, col").all()
        return [tuple(r) for r in rows]


def stamp(book: Book, table: int, id: UUID, column: int) -> tuple[Any, ...] | None:
    """The stamp of a field that was written after its row."""
    with book.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT hlc, inc FROM history WHERE tbl = ? AND id = ? AND col = ? ORDER BY seq DESC LIMIT 1",
            (table, id.bytes, column),
        ).first()
    return None if found is None else tuple(found)


def lost(book: Book) -> set[tuple[int, str, int, str]]:
    """The conflict records: table, record, column, value that lost."""
    with book.read() as connection:
        rows = connection.exec_driver_sql("SELECT table_number, record, column_number, value FROM conflict").all()
    return {(int(r[0]), str(r[1]), int(r[2]), str(r[3])) for r in rows}
