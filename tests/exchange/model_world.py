"""Replicas of the model in a tree, with wrong clocks, lost packages, backups and twins: what the properties run on."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable
from dataclasses import dataclass

from .model import Heard, Kind, Package, Replica, Values, below

DISTRICT, WARD, CELL, OTHER = "P05", "P05-2", "P05-2-03", "P05-2-04"
KINDS = {
    "area": Kind({"unit": ("unit",), "name": ("name",)}, {"remark": ("remark",)}, {}, "superior"),
    "branch": Kind(
        {"unit": ("unit",), "area": ("area",), "name": ("name",), "rhythm": ("rhythm",)},
        {"remark": ("remark",)},
        {"area": "area"},
    ),
    "meeting": Kind(
        {"unit": ("unit",), "branch": ("branch",), "voided": ("voided",), "attendance": ("invited", "present")},
        {"place": ("place",)},
        {"branch": "branch"},
    ),
    "paper": Kind({"unit": ("unit",), "title": ("title",)}, writers="unit", immutable=True),
}
UNITS = {"cell": CELL, "other": OTHER, "A": WARD, "B": WARD, "district": DISTRICT}
SUPERIORS = {CELL: {WARD}, OTHER: {WARD}, WARD: {DISTRICT}, DISTRICT: set[str]()}
PEERS = {CELL: (WARD,), OTHER: (WARD,), WARD: (DISTRICT, CELL, OTHER, WARD), DISTRICT: (WARD,)}
DAY = 86_400_000
NOW = 1_795_000_000_000
EDITED = ("name", "rhythm", "attendance", "remark", "place", "voided")


@dataclass(frozen=True)
class Write:
    """One typed value: who typed it, and what it was typed over."""

    place: str
    id: bytes
    group: str
    values: Values
    over: Values | None


def _holds(replica: Replica, write: Write) -> bool:
    row = replica.rows.get(write.id)
    return row is not None and row.cells[write.group].values == write.values


class Tree:
    """All PCs and what is under way. Clocks may be wrong by years; no officer confirms a wrong date."""

    def __init__(self, faults: Iterable[str] = (), places: Iterable[str] = UNITS) -> None:
        self.now, self.number = NOW, 0
        self.faults = frozenset(faults)
        self.units = {p: UNITS[p] for p in places}
        self.pcs = {p: self._replica(p) for p in self.units}
        self.error = dict.fromkeys(self.units, 0)
        self.flying: list[Package] = []
        self.saved: dict[str, tuple[Replica, int]] = {}
        self.ledger: list[Write] = []
        self.noticed: set[str] = set()
        for one in self.pcs.values():
            for other in self.pcs.values():
                if other is not one and other.unit == one.unit:
                    one.heard[other.inc] = Heard(other.unit)

    def _replica(self, place: str) -> Replica:
        unit = self.units[place]
        replica = Replica(unit, f"{place}-1", KINDS, frozenset(SUPERIORS[unit]), self.faults)
        replica.paired = list(self.units.values()).count(unit) > 1
        replica.cap = self.cap
        return replica

    @property
    def cap(self) -> int:
        """What every PC trusts: the true day, and 45 more."""
        return self.now + 45 * DAY

    def hlc(self, place: str) -> int:
        wall = self.now + self.error[place]
        return max(self.pcs[place].hlc + 1, min(wall, self.cap) << 16)

    # Steps

    def create(self, place: str, kind: str, parent: bytes | None = None, unit: str = CELL) -> bytes:
        self.number += 1
        replica, id_ = self.pcs[place], f"{kind}{self.number}".encode()
        unit = replica.unit if kind == "paper" else unit
        spec = KINDS[kind].groups | KINDS[kind].office
        cells: dict[str, Values] = {g: (f"{place} {self.number}",) * len(c) for g, c in spec.items()}
        cells |= {"unit": (unit,)} | {g: (parent,) for g in KINDS[kind].parents}
        if kind == "meeting":
            cells["voided"] = (None,)
        replica.create(id_, kind, cells, self.hlc(place))
        self.ledger += [Write(place, id_, g, v, None) for g, v in cells.items()]
        return id_

    def edit(self, place: str, id: bytes, group: str, value: object = None) -> None:
        self.number += 1
        replica = self.pcs[place]
        old = replica.rows[id].cells[group].values
        new = (*old[:-1], value if value is not None else f"{place} {self.number}")
        replica.edit(id, group, new, self.hlc(place))
        self.ledger.append(Write(place, id, group, new, old))

    def send(self, place: str, to: str) -> int:
        self.number += 1
        self.flying.append(self.pcs[place].send(to, f"{self.number:032x}"))
        return len(self.flying) - 1

    def arrive(self, number: int, place: str) -> str:
        replica = self.pcs[place]
        replica.cap = self.cap
        state = replica.receive(self.flying[number])
        if state in ("fork", "mend"):
            self.noticed.add(place)
        replica.retry()
        return state

    def trip(self, sender: str, receiver: str) -> str:
        return self.arrive(self.send(sender, self.units[receiver]), receiver)

    def save(self, place: str) -> None:
        self.saved[place] = (copy.deepcopy(self.pcs[place]), len(self.ledger))

    def put_back(self, place: str, *, told: bool) -> None:
        """What was typed after the backup and never left the PC is gone with its disk."""
        saved, mark = self.saved[place]
        gone = {w for w in self.ledger if _holds(self.pcs[place], w)}
        self.pcs[place] = copy.deepcopy(saved)
        if told:
            self.pcs[place].new_life(self._fresh(place))
        since = {w for w in self.ledger[mark:] if w.place == place}
        self.ledger = [w for w in self.ledger if w not in gone | since or any(_holds(r, w) for r in self.pcs.values())]

    def twin(self, place: str, name: str) -> None:
        self.units[name] = self.units[place]
        self.error[name] = self.error[place]
        self.pcs[name] = copy.deepcopy(self.saved[place][0])

    def _fresh(self, place: str) -> str:
        self.number += 1
        return f"{place}-{self.number}"

    def mend(self, place: str) -> None:
        replica = self.pcs[place]
        if replica.need is None:
            return
        for id_, group in sorted(replica.mend(self._fresh(place))):
            replica.stamp_anew(id_, group, (self.hlc(place), replica.inc))
        replica.retry()

    # Schedules

    def step(self, chance: random.Random, places: list[str] | None = None) -> None:
        """One random step that a day in the offices may bring."""
        self.now += chance.choice((1, 60_000, DAY))
        place = chance.choice(places or list(self.pcs))
        replica = self.pcs[place]
        what = chance.choice(("edit",) * 6 + ("create",) * 2 + ("send",) * 4 + ("arrive",) * 6 + ("life", "clock"))
        if what == "edit":
            self._edit_something(chance, place)
        elif what == "create":
            self._create_something(chance, place)
        elif what == "send":
            to = chance.choice([u for u in PEERS[replica.unit] if u != replica.unit or replica.paired])
            self.send(place, to)
        elif what == "arrive" and self.flying:
            number = chance.randrange(max(0, len(self.flying) - 8), len(self.flying))
            readers = [p for p, u in self.units.items() if u == self.flying[number].to]
            if readers:
                self.arrive(number, chance.choice(readers))
        elif what == "clock":
            self.error[place] = chance.choice((-3, 0, 0, 3)) * 365 * DAY
        elif what == "life":
            self._life(chance, place)

    def _life(self, chance: random.Random, place: str) -> None:
        act = chance.choice(("save", "save", "told", "silent", "twin", "mend", "mend"))
        if act == "save":
            self.save(place)
        elif act == "mend":
            self.mend(place)
        elif place in self.saved and "'" not in place:
            if act == "twin":
                if f"{place}'" not in self.pcs:
                    self.twin(place, f"{place}'")
            else:
                self.put_back(place, told=act == "told")

    def _edit_something(self, chance: random.Random, place: str) -> None:
        replica = self.pcs[place]
        choices = [
            (i, g)
            for i, row in replica.rows.items()
            for g in row.cells
            if g in EDITED and row.kind != "paper" and not (row.kind == "area" and row.unit == replica.unit)
        ]
        if choices:
            self.edit(place, *chance.choice(choices))

    def _create_something(self, chance: random.Random, place: str) -> None:
        replica = self.pcs[place]
        kind = chance.choice(("branch", "meeting", "meeting", "paper", "area"))
        parent_kind = KINDS[kind].parents.get("area" if kind == "branch" else "branch")
        parents = [i for i, row in replica.rows.items() if row.kind == parent_kind]
        if parent_kind and not parents:
            return
        parent = chance.choice(parents) if parents else None
        unit = replica.rows[parent].unit if parent else replica.unit if below(replica.unit, CELL) else CELL
        if kind != "area" or replica.unit in (WARD, DISTRICT):
            self.create(place, kind, parent, unit)

    def final_exchange(self, rounds: int = 12) -> None:
        """Clocks are set right, everything is mended, and every PC exchanges with every peer until nothing moves."""
        self.error = dict.fromkeys(self.pcs, 0)
        for _round in range(rounds):
            self.now += DAY
            for place, replica in list(self.pcs.items()):
                self.mend(place)
                for to in PEERS[replica.unit]:
                    readers = [p for p, u in self.units.items() if u == to and p != place]
                    number = self.send(place, to) if readers else 0
                    for reader in readers:
                        self.arrive(number, reader)
