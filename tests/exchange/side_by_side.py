"""Real books beside the model: every step is done in both, and after it they must be alike.

A district, a ward with two PCs, and a cell. Clocks are the books' own: each written stamp is read from the book, held
against the rule of the clock, and given to the model. The model's numbers are the judge of everything else.
"""

from __future__ import annotations

import copy
import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.clock import latest_believable, wall_ms
from hoidesk.book.folder import open_book
from hoidesk.exchange.merge.mending import mend, need_of
from hoidesk.exchange.merge.replica import begin_new_life
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive_waiting
from hoidesk.exchange.scopes import SAME
from hoidesk.exchange.state import load_chain

from .book_state import KINDS, clock_of, conflicts_of, rows_of, stamps_of
from .books import CELL, DAY, DISTRICT, PASSWORD, WARD, join, new_book, send, take_in
from .model import Heard, Package, Replica, Values

UNITS = {"cell": CELL[1], "A": WARD[1], "B": WARD[1], "district": DISTRICT[1]}
PEERS = {
    "cell": (WARD[1],),
    "A": (DISTRICT[1], CELL[1], WARD[1]),
    "B": (DISTRICT[1], CELL[1], WARD[1]),
    "district": (WARD[1],),
}
SUPERIORS = {"cell": frozenset({WARD[1]}), "A": frozenset({DISTRICT[1]}), "B": frozenset({DISTRICT[1]})}
YEARS = 3 * 365 * 86_400_000


__all__ = ["World", "make_family"]


def make_family(folder: Path) -> None:
    """Enrolled books of all four PCs without any record; the ward's second PC shares the keys of the first."""
    with new_book(folder, DISTRICT) as district, new_book(folder, WARD, "A") as ward, new_book(folder, CELL) as cell:
        join(district, ward)
        join(ward, cell)
    shutil.copytree(folder / "A.hoibook", folder / "B.hoibook")
    for name, pc in (("A", "1"), ("B", "2")):
        with open_book(folder / f"{name}.hoibook", password=PASSWORD) as book:
            with book.transaction("test", "test") as work:
                if name == "B":
                    begin_new_life(work.connection)
                pair(work.connection, pc)


def pair(connection: Connection, pc: str) -> None:
    """Make the other PC of the unit a peer, as its enrolment does."""
    own = load_chain(connection)[0]
    connection.execute(
        text(
            "INSERT INTO peer(unit, name, relation, certificate, scope, enrolled_at) "
            "VALUES(:u, :n, 'sibling', :c, :s, '2026-11-12T00:00:00Z')"
        ),
        {"u": own.unit, "n": own.name, "c": own.text, "s": SAME},
    )
    connection.execute(text("INSERT OR REPLACE INTO exchange_state(name, value) VALUES('pc', :p)"), {"p": pc})


class Pair:
    """A book and its model."""

    def __init__(self, place: str, book: Book, model: Replica) -> None:
        self.place, self.book, self.model = place, book, model


class World:
    """All PCs, the packages under way, and what was written, for the properties."""

    def __init__(self, family: Path, folder: Path, *, faults: Iterable[str] = ()) -> None:
        self.folder = folder
        folder.mkdir()
        self.pcs: dict[str, Pair] = {}
        self.units = dict(UNITS)
        self.flying: list[tuple[Path, Package]] = []
        self.trusted: list[int] = []
        self.saved: dict[str, tuple[Path, Replica]] = {}
        self._number = 0
        for place in PEERS:
            shutil.copytree(family / f"{place}.hoibook", folder / f"{place}.hoibook")
            book = open_book(folder / f"{place}.hoibook", password=PASSWORD)
            self.pcs[place] = Pair(place, book, self._model(place, book, frozenset(faults)))
        self.compare()

    def _model(self, place: str, book: Book, faults: frozenset[str]) -> Replica:
        with book.read() as connection:
            inc, hlc, vector = clock_of(connection)
            heard = connection.exec_driver_sql("SELECT inc, unit FROM incarnation").all()
        model = Replica(UNITS[place], inc, KINDS, SUPERIORS.get(place, frozenset()), faults, hlc, vector=vector)
        model.paired = place in ("A", "B")
        for other, unit in heard:
            model.heard[bytes(other).hex()] = Heard(str(unit))
        return model

    def close(self) -> None:
        for pc in self.pcs.values():
            pc.book.close()
        shutil.rmtree(self.folder)

    # Writing

    def _write(self, pc: Pair, run: Any) -> tuple[Any, int]:
        """Run a write; its stamp obeys the rule of the clock."""
        with pc.book.read() as connection:
            offset, cap = connection.exec_driver_sql("SELECT offset, cap FROM clock_state").one()
        before, first = pc.model.hlc, wall_ms()
        result = run()
        last = wall_ms()
        with pc.book.read() as connection:
            hlc = clock_of(connection)[1]
        low = max(before + 1, min(first + offset - 1, cap) << 16)
        high = max(before + 1000, (min(last + offset + 1, cap) << 16) + 1000)
        assert low <= hlc <= high, (pc.place, low, hlc, high)
        return result, hlc

    def create(self, place: str, kind: str, parent: bytes | None = None, unit: str = CELL[1]) -> bytes:
        """A new record in a book and its model; gives its id."""
        pc, self._number = self.pcs[place], self._number + 1
        above = None if parent is None else UUID(bytes=parent)
        name = f"Chi hội Đường Ỷ Lan số {self._number}"
        if kind == "paper":
            values = {"kind": "report", "title": name, "issued_on": DAY, "period_from": DAY, "period_to": DAY}
            values |= {"as_of": DAY, "figures": "[]"}
        elif kind == "area":
            values = {"kind": "quarter", "code": f"{unit}-{self._number}", "name": name, "parent_id": above}
        elif kind == "branch":
            values = {"area_id": above, "kind": "elderly", "name": name}
        else:
            values = {"branch_id": above, "held_on": DAY, "invited": 30, "present": 20 + self._number % 10}
        owner = pc.model.unit if kind == "paper" else unit

        def run() -> UUID:
            with pc.book.transaction("test", "test") as work:
                return work.insert(kind, values, unit=owner)

        id_, hlc = self._write(pc, run)
        pc.model.create(id_.bytes, kind, self._cells(pc.book, kind, id_), hlc)
        self.compare()
        return id_.bytes

    def edit(self, place: str, id: bytes, group: str, value: Any = None) -> None:
        pc, self._number = self.pcs[place], self._number + 1
        row = pc.model.rows[id]
        kind, old = row.kind, row.cells[group].values
        column = KINDS[kind].columns(group)[-1 if group != "attendance" else 1]
        if value is None:
            value = f"Sửa lần {self._number} ở {place}: Ổ Ấp Đệm"
            if group == "attendance":
                value = self._number
            elif group == "rhythm":
                rhythms = ("monthly", "two_monthly", "quarterly", "half_yearly")
                value = rhythms[self._number % 4] if rhythms[self._number % 4] != old[0] else "unset"

        def run() -> None:
            with pc.book.transaction("test", "test") as work:
                work.update(kind, UUID(bytes=id), {column: value})

        _done, hlc = self._write(pc, run)
        values = self._cells(pc.book, kind, UUID(bytes=id))[group]
        pc.model.edit(id, group, values, hlc)
        self.compare()

    def _cells(self, book: Book, kind: str, id: UUID) -> dict[str, Values]:
        with book.read() as connection:
            row = connection.exec_driver_sql(f'SELECT * FROM "{kind}" WHERE id = ?', (id.bytes,)).mappings().one()
        groups = KINDS[kind].groups | KINDS[kind].office
        return {g: tuple(row[c] for c in columns) for g, columns in groups.items()}

    # Packages

    def send(self, place: str, to: str) -> int:
        """Write a package; gives its place among those under way."""
        pc = self.pcs[place]
        stick = self.folder / "usb" / str(len(self.flying))
        sent = send(pc.book, stick, to)
        with pc.book.read() as connection:
            id_ = connection.exec_driver_sql(
                "SELECT id FROM package_out o JOIN clock_state s ON s.inc = o.inc WHERE number = ?", (sent.number,)
            ).scalar_one()
        package = pc.model.send(to, bytes(id_).hex())
        assert sent.number == package.n and sent.rows >= len(package.rows) > -1
        with pc.book.read() as connection:
            self.trusted.append(int(connection.exec_driver_sql("SELECT trusted FROM clock_state").scalar_one()))
        self.flying.append((sent.path, package))
        self.compare()
        return len(self.flying) - 1

    def arrive(self, number: int, place: str) -> str:
        """A package arrives at a PC of the unit that it is for; what the book says must be what the model says."""
        pc = self.pcs[place]
        path, package = self.flying[number]
        with pc.book.read() as connection:
            pc.model.cap = latest_believable(connection, self.trusted[number])
        (received, *_waited) = take_in(pc.book, [path]).results
        expected = pc.model.receive(package)
        pc.model.retry()
        state = received.state
        if state == "waiting":
            with pc.book.read() as connection:
                state = str(
                    connection.exec_driver_sql(
                        "SELECT reason FROM inbox WHERE id = ?", (bytes.fromhex(package.id),)
                    ).scalar()
                )
        elif state == "refused":
            state = received.code.removeprefix("package.")
        assert state == expected, (place, state, expected, received)
        self.compare()
        return expected

    def trip(self, sender: str, receiver: str) -> str:
        return self.arrive(self.send(sender, self.units[receiver]), receiver)

    # Lives

    def save(self, place: str) -> None:
        """Keep a copy of the whole PC as it is."""
        pc = self.pcs[place]
        with pc.book.read() as connection:
            offset = connection.exec_driver_sql("SELECT offset FROM clock_state").scalar_one()
        self.set_clock(place, 0)  # or opening would ask for the date
        pc.book.close()
        self._number += 1
        target = self.folder / f"saved-{place}-{self._number}.hoibook"
        shutil.copytree(pc.book.folder, target)
        self.saved[place] = (target, copy.deepcopy(pc.model))
        pc.book = open_book(pc.book.folder, password=PASSWORD)
        self.set_clock(place, offset)

    def put_back(self, place: str, *, told: bool) -> None:
        """Restore the copy: told to the program (a new life), or behind its back."""
        pc = self.pcs[place]
        source, model = self.saved[place]
        pc.book.close()
        shutil.rmtree(pc.book.folder)
        shutil.copytree(source, pc.book.folder)
        pc.book = open_book(pc.book.folder, password=PASSWORD)
        pc.model = copy.deepcopy(model)
        if told:
            with pc.book.transaction("test", "test") as work:
                begin_new_life(work.connection)
            with pc.book.read() as connection:
                pc.model.new_life(clock_of(connection)[0])
        self.compare()

    def twin(self, place: str, name: str) -> None:
        """The saved copy runs beside the original, on another PC that nobody told."""
        source, model = self.saved[place]
        shutil.copytree(source, self.folder / f"{name}.hoibook")
        book = open_book(self.folder / f"{name}.hoibook", password=PASSWORD)
        self.pcs[name] = Pair(name, book, copy.deepcopy(model))
        self.units[name] = self.units[place]
        self.compare()

    def mend(self, place: str) -> None:
        """Press the one button; what is stamped anew must be what the model says, in the order in which it was made."""
        pc = self.pcs[place]
        if pc.model.need is None:
            return
        before = pc.model.hlc
        mend(pc.book)
        with pc.book.read() as connection:
            inc, hlc, _vector = clock_of(connection)
            stamps = stamps_of(connection)
        anew = pc.model.mend(inc)
        renewed = {key for key, stamp in stamps.items() if stamp[1] == inc}
        assert renewed == set(anew), place
        for id_, group in anew:
            assert stamps[id_, group][0] > before
            pc.model.stamp_anew(id_, group, stamps[id_, group])
        assert hlc >= pc.model.hlc
        receive_waiting(pc.book, opener=open_here)
        pc.model.retry()
        self.compare()

    def set_clock(self, place: str, ms: int) -> None:
        """The PC's clock is wrong by so many milliseconds from now on; nobody confirmed a date."""
        pc = self.pcs[place]
        with pc.book.transaction("test", "test") as work:
            work.connection.exec_driver_sql("UPDATE clock_state SET offset = ?", (ms,))

    # Schedules

    def step(self, chance: random.Random) -> tuple[object, ...]:
        """One random step; gives what it was."""
        place = chance.choice(list(self.pcs))
        pc = self.pcs[place]
        acts = ("edit",) * 5 + ("create",) * 2 + ("send",) * 4 + ("arrive",) * 5
        act = chance.choice((*acts, "twin", "save", "back", "told", "mend", "clock"))
        if act == "edit":
            fields = [(i, g) for i, row in pc.model.rows.items() for g in row.cells if self._may_edit(pc, row.kind, g)]
            if fields:
                id_, group = chance.choice(fields)
                self.edit(place, id_, group)
        elif act == "create":
            kind = chance.choice(("branch", "meeting", "paper", "area"))
            parent = {"branch": "area", "meeting": "branch"}.get(kind)
            parents = [i for i, row in pc.model.rows.items() if row.kind == parent]
            if parents or not parent:
                self.create(place, kind, chance.choice(parents) if parent else None)
        elif act == "send":
            self.send(place, chance.choice(PEERS[place.rstrip("'")]))
        elif act == "arrive" and self.flying:
            number = chance.randrange(max(0, len(self.flying) - 6), len(self.flying))
            reader = chance.choice([p for p, u in self.units.items() if u == self.flying[number][1].to])
            return act, number, reader, self.arrive(number, reader)
        elif act == "clock":
            self.set_clock(place, chance.choice((-1, 0, 0, 1)) * YEARS)
        else:
            self._life(act, place)
        return act, place

    def _may_edit(self, pc: Pair, kind: str, group: str) -> bool:
        if kind == "area":
            return group in ("name", "remark") and pc.model.unit != CELL[1]
        return kind != "paper" and group in ("name", "rhythm", "attendance", "remark", "place", "voided")

    def _life(self, act: str, place: str) -> None:
        if act == "save":
            self.save(place)
        elif act == "mend":
            self.mend(place)
        elif act == "twin" and place in self.saved and len(self.pcs) == len(PEERS):
            self.twin(place, f"{place}'")
        elif act in ("back", "told") and place in self.saved:
            self.put_back(place, told=act == "told")

    def final_exchange(self, rounds: int = 4) -> None:
        """Clocks are set right, everything is mended, and every PC exchanges with every peer."""
        for place in self.pcs:
            self.set_clock(place, 0)
        for _round in range(rounds):
            for place, pc in list(self.pcs.items()):
                self.mend(place)
                for to in PEERS[place.rstrip("'")]:
                    number = self.send(place, to)
                    for reader in [p for p, u in self.units.items() if u == to and p != place]:
                        self.arrive(number, reader)
                assert pc.model.need is None

    # Comparing

    def compare(self) -> None:
        for pc in self.pcs.values():
            with pc.book.read() as connection:
                self._compare(pc, connection)

    def _compare(self, pc: Pair, connection: Connection) -> None:
        model, place = pc.model, pc.place
        inc, hlc, vector = clock_of(connection)
        assert inc == model.inc and vector == model.vector, (place, vector, model.vector)
        # Conflict records carry stamps of their own, so a book that noticed one may have counted on.
        assert hlc >= model.hlc, (place, hlc, model.hlc)
        model.hlc = hlc
        rows = {i: {g: c.values for g, c in row.cells.items()} for i, row in model.rows.items()}
        assert rows_of(connection) == rows, place
        stamps = {(i, g): c.stamp for i, row in model.rows.items() for g, c in row.cells.items()}
        stamps |= {(i, ""): row.created for i, row in model.rows.items()}
        found = stamps_of(connection)
        assert found == stamps, (place, {k: (found.get(k), stamps.get(k)) for k in stamps if found.get(k) != stamps[k]})
        assert conflicts_of(connection) == model.conflicts, place
        parked = {bytes(r[0]) for r in connection.exec_driver_sql("SELECT id FROM parked")}
        assert parked == {sent.id for _p, _m, sent in model.parked}, place
        inbox = {bytes(r[0]).hex() for r in connection.exec_driver_sql("SELECT id FROM inbox")}
        assert inbox == set(model.waiting), place
        suggested = {bytes(r[0]) for r in connection.exec_driver_sql("SELECT id FROM suggestion")}
        assert suggested == {i for i, _g, _s in model.suggested}, place
        acks = connection.exec_driver_sql(
            "SELECT a.unit, a.number, a.id FROM ack a JOIN clock_state s ON s.inc = a.inc"
        )
        assert {u: (n, bytes(i).hex()) for u, n, i in acks} == {u: (n, i) for u, (_s, n, i) in model.ack.items()}, place
        heard = connection.exec_driver_sql("SELECT inc, unit, number, id FROM incarnation")
        known = {bytes(i).hex(): (u, n, bytes(d).hex() if d else "") for i, u, n, d in heard if bytes(i).hex() != inc}
        assert known == {i: (h.unit, h.n, h.id) for i, h in model.heard.items() if i != inc}, place
        assert (need_of(connection) is None) == (model.need is None), place
