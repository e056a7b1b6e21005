"""Trips of sticks through a year of bad luck: lost, repeated, late, half written, spoilt, with wrong clocks.

A plain ledger of what was written where is the judge, not the program. Every package ends in a named state; after a
final exchange every meeting stands exactly once in every book that may see it, with the value that was typed last, and
the figures of ward and district count each once.
"""

from __future__ import annotations

import collections
import random
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.check import check_book
from hoidesk.book.folder import open_book
from hoidesk.book.operations import Void
from hoidesk.exchange.paper_receipt import acknowledge, paper_receipt
from hoidesk.exchange.receive import inbox_dir
from hoidesk.figures.evaluation import evaluate
from hoidesk.figures.window import Window
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.units.operations import SaveArea
from tests.exchange.books import DISTRICT, PASSWORD, deliver, join, new_book, send, take_in

__all__ = ["Year", "long_form", "make_offices"]

WARDS: Final = {"ward1": ("ward", "P05-1", "Phường Hàng Bột"), "ward2": ("ward", "P05-2", "Phường Ô Chợ Dừa")}
CELLS: Final = {
    "cell1": ("cell", "P05-1-01", "Khu phố 1"),
    "cell2": ("cell", "P05-1-02", "Khu phố 2"),
    "cell3": ("cell", "P05-2-01", "Khu phố 1"),
}
OFFICES: Final = {"district": DISTRICT, **WARDS, **CELLS}
ABOVE: Final = {"ward1": "district", "ward2": "district", "cell1": "ward1", "cell2": "ward1", "cell3": "ward2"}
ROADS: Final = [*ABOVE.items(), *((above, below) for below, above in ABOVE.items())]
YEAR_MS: Final = 365 * 86_400_000
LUCK: Final = (
    *("arrives",) * 10, *("lost",) * 3, *("twice",) * 2, *("late",) * 4, "half written", "spoilt", "for others",
)  # fmt: skip


def make_offices(folder: Path) -> dict[str, UUID]:
    """Six enrolled books; gives the branch of each cell, which ward and district know as well."""
    books = {name: new_book(folder, unit, name) for name, unit in OFFICES.items()}
    branches: dict[str, UUID] = {}
    for below, above in ABOVE.items():
        join(books[above], books[below])
    for cell in CELLS:
        ward = books[ABOVE[cell]]
        area = ward.run(SaveArea(kind="quarter", code=OFFICES[cell][1], name=OFFICES[cell][2])).id
        branches[cell] = ward.run(
            SaveBranch(area_id=area, kind="front_working_committee", name=f"Ban Công tác Mặt trận {cell}")
        ).id
    for below, above in ABOVE.items():
        deliver(books[above], books[below], folder / "usb")
    for book in books.values():
        book.close()
    shutil.rmtree(folder / "usb")
    return branches


@dataclass
class Stick:
    """A package under way: the file, and who reads it."""

    path: Path
    reader: str
    state: str = "on a stick"


@dataclass
class Year:
    """The books, the ledger and the packages."""

    folder: Path
    branches: dict[str, UUID]
    chance: random.Random
    books: dict[str, Book] = field(default_factory=dict)
    ledger: dict[str, dict[UUID, int | None]] = field(default_factory=lambda: {cell: {} for cell in CELLS})
    sticks: list[Stick] = field(default_factory=list)
    states: collections.Counter[str] = field(default_factory=collections.Counter)
    faults: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Open every book."""
        self.books = {name: open_book(self.folder / f"{name}.hoibook", password=PASSWORD) for name in OFFICES}

    def close(self) -> None:
        """Close every book, clocks put right."""
        for book in self.books.values():
            self._set_clock(book, 0)
            book.close()

    def trip(self) -> None:
        """Something is written somewhere, and one stick travels."""
        for _act in range(self.chance.randrange(3)):
            self._write()
        if self.chance.random() < 0.05:
            self._set_clock(self.chance.choice(list(self.books.values())), self.chance.choice((-3, 0, 0, 3)) * YEAR_MS)
        sender, reader = self.chance.choice(ROADS)
        folder = self.folder / "usb" / str(len(self.sticks))
        sent = send(self.books[sender], folder, OFFICES[reader][1])
        stick = Stick(sent.path, reader)
        self.sticks.append(stick)
        luck = self.chance.choice(LUCK)
        if luck == "lost":
            stick.state = "lost"
        elif luck == "for others":
            self._arrive(stick, self.chance.choice([n for n in OFFICES if n not in (reader, sender)]))
        elif luck in ("half written", "spoilt"):
            self._spoil(stick, luck)
        elif luck != "late":
            for _time in range(2 if luck == "twice" else 1):
                self._arrive(stick, reader)
        late = [s for s in self.sticks[-30:] if s.state == "on a stick"]
        if late and self.chance.random() < 0.4:
            again = self.chance.choice(late)
            self._arrive(again, again.reader)
        if self.chance.random() < 0.05:
            self._phone(sender, reader)

    def _write(self) -> None:
        cell = self.chance.choice(list(CELLS))
        book, held = self.books[cell], self.ledger[cell]
        standing = [m for m, present in held.items() if present is not None]
        act = self.chance.random()
        present = self.chance.randrange(1, 60)
        if not standing or act < 0.5:
            values = {"branch_id": self.branches[cell], "held_on": "2020-10-05", "invited": 60, "present": present}
            held[book.run(SaveMeeting(**values)).id] = present
        elif act < 0.9:
            meeting = self.chance.choice(standing)
            book.run(SaveMeeting(id=meeting, present=present))
            held[meeting] = present
        else:
            meeting = self.chance.choice(standing)
            book.run(Void(table="meeting", id=meeting, reason="Ghi trùng buổi họp Ổ Ấp"))
            held[meeting] = None

    def _set_clock(self, book: Book, ms: int) -> None:
        with book.transaction("test", "test") as work:
            work.connection.exec_driver_sql("UPDATE clock_state SET offset = ?", (ms,))

    def _arrive(self, stick: Stick, place: str) -> None:
        for received in take_in(self.books[place], [stick.path]).results:
            name = received.state if received.state != "refused" else f"refused, {received.code}"
            self.states[name] += 1
            if received.path == stick.path:
                stick.state = name if place == stick.reader else stick.state
        if place != stick.reader and stick.state != "on a stick":
            self.faults.append(f"{stick.path.name} was taken at {place}")

    def _spoil(self, stick: Stick, how: str) -> None:
        """The stick holds only part of the file, or a byte of it turned; the reader says so and keeps its book."""
        data = bytearray(stick.path.read_bytes())
        if how == "half written":
            del data[self.chance.randrange(len(data)) :]
        else:
            data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
        bad = stick.path.parent / "hỏng.hdk"
        bad.write_bytes(bytes(data))
        (received,) = take_in(self.books[stick.reader], [bad]).results
        self.states[f"refused, {received.code}"] += 1
        if received.state != "refused":
            self.faults.append(f"{how}, and {received.state}")

    def _phone(self, sender: str, reader: str) -> None:
        """The reader reads a paper receipt out; only what it really took is acknowledged."""
        from hoidesk.errors import UserError

        try:
            acknowledge(self.books[sender], paper_receipt(self.books[reader], OFFICES[sender][1]), OFFICES[reader][1])
            self.states["receipt by phone"] += 1
        except UserError as refused:
            self.states[f"receipt by phone: {refused.code}"] += 1
            with self.books[sender].transaction("test", "test") as work:
                work.connection.exec_driver_sql("UPDATE peer SET tries = 0")

    def settle(self) -> None:
        """Clocks are put right; then every package arrives, until nothing moves."""
        for book in self.books.values():
            self._set_clock(book, 0)
        for number in range(4):
            for sender, reader in ROADS:
                sent = send(self.books[sender], self.folder / "last" / f"{number}{sender}{reader}", OFFICES[reader][1])
                self._arrive(Stick(sent.path, reader), reader)

    def judge(self) -> None:
        """Compare every book with the ledger."""
        for cell in CELLS:
            ward = ABOVE[cell]
            for place in (cell, ward, "district"):
                self._judge_meetings(place, cell)
        for name, book in self.books.items():
            seen = [c for c in CELLS if c == name or ABOVE[c] == name or name == "district"]
            standing = sum(p is not None for c in seen for p in self.ledger[c].values())
            window = Window(date(2020, 10, 1), date(2020, 10, 31))
            with book.read() as connection:
                counted = evaluate(connection, "meetings_held", window).number
                parked = connection.exec_driver_sql("SELECT count(*) FROM parked").scalar()
                if found := check_book(connection):
                    self.faults.append(f"{name}: {found[0].finding}")
            if counted != standing or parked or list(inbox_dir(book).glob("*")):
                self.faults.append(f"{name}: figure {counted} for {standing} meetings, {parked} parked")

    def _judge_meetings(self, place: str, cell: str) -> None:
        with self.books[place].read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT id, present, voided FROM meeting WHERE unit = ?", (OFFICES[cell][1],)
            ).all()
        found = {UUID(bytes=i): None if voided is not None else present for i, present, voided in rows}
        if found != self.ledger[cell]:
            wrong = [m for m in {*found, *self.ledger[cell]} if found.get(m, -1) != self.ledger[cell].get(m, -1)]
            self.faults.append(f"{place}: {len(wrong)} meetings of {cell} are not as they were typed")


def run_year(folder: Path, template: Path, branches: dict[str, UUID], seed: int, trips: int) -> Year:
    """One year with that seed."""
    shutil.copytree(template, folder)
    year = Year(folder, branches, random.Random(seed))
    year.open()
    try:
        for _trip in range(trips):
            year.trip()
        year.settle()
        year.judge()
    finally:
        year.close()
        shutil.rmtree(folder)
    return year


def long_form(place: Path, trips: int = 10_000, a_year: int = 250) -> int:
    """Ten thousand trips in forty years."""
    branches = make_offices(place / "offices")
    states: collections.Counter[str] = collections.Counter()
    wrong = 0
    for seed in range(trips // a_year):
        year = run_year(place / "year", place / "offices", branches, seed, a_year)
        states += year.states
        wrong += len(year.faults)
        for fault in year.faults:
            print(f"FAULT year {seed}: {fault}", flush=True)
    print(f"trips: {trips}, {dict(sorted(states.items()))}", flush=True)
    return wrong
