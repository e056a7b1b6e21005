"""What exchange does, in its shortest form: replicas, rows with stamps, packages, marks, lives.

Written from the rules (package format, sections 10 to 12), not from the program: no SQL, no keys, no files. A row is
groups of columns with one stamp each; values and clocks are given from outside, so that the model and the book can be
driven side by side and compared after every step. ``faults`` seeds the six mistakes that the rules are there for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .model_parts import Before, Cell, Heard, Kind, Package, Row, Sent, Stamp, Values, below, spelled

__all__ = ["FAULTS", "Heard", "Kind", "Package", "Replica", "Values", "below"]

FAULTS = ("pointer", "vector", "receipts", "re", "state", "old")
"""Chain by previous pointer only; vector not lowered in a new life; receipts without id; no look at ``re`` before
merging; a scope that depends on a row's state; ``re`` taken from an old package."""


@dataclass
class Replica:
    unit: str
    inc: str
    kinds: dict[str, Kind]
    superiors: frozenset[str]
    faults: frozenset[str] = frozenset()
    hlc: int = 0
    cap: int = 1 << 62
    seq: int = 0
    rows: dict[bytes, Row] = field(default_factory=dict)
    vector: dict[str, int] = field(default_factory=dict)
    heard: dict[str, Heard] = field(default_factory=dict)
    ack: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    made: dict[int, tuple[str, str, int, int]] = field(default_factory=dict)
    ids: dict[tuple[str, int], str] = field(default_factory=dict)
    taken: set[tuple[str, int]] = field(default_factory=set)
    seen_of: dict[str, dict[str, int]] = field(default_factory=dict)
    conflicts: dict[tuple[object, ...], object] = field(default_factory=dict)
    parked: list[tuple[Package, Before, Sent]] = field(default_factory=list)
    suggested: set[tuple[bytes, str, Stamp]] = field(default_factory=set)
    waiting: dict[str, tuple[Package, str]] = field(default_factory=dict)
    again: dict[bytes, int] = field(default_factory=dict)
    hearsay: dict[tuple[str, str], int] = field(default_factory=dict)
    need: tuple[int, int] | None = None
    paired: bool = False

    # Writing

    def create(self, id: bytes, kind: str, cells: dict[str, Values], hlc: int) -> None:
        self.seq += 1
        stamp = (hlc, self.inc)
        self.rows[id] = Row(kind, stamp, self.seq, {g: Cell(v, stamp) for g, v in cells.items()})
        self.hlc = hlc

    def edit(self, id: bytes, group: str, values: Values, hlc: int) -> None:
        self.seq += 1
        self.rows[id].cells[group] = Cell(values, (hlc, self.inc), self.seq)
        self.hlc = hlc

    # Sending

    def relation(self, unit: str) -> str:
        return "sibling" if unit == self.unit else "superior" if unit in self.superiors else "subordinate"

    def scope(self, row: Row, to: str) -> Iterable[str]:
        """The groups of a row that ``to`` may see; never depends on the values of the row, only on its unit."""
        kind, relation = self.kinds[row.kind], self.relation(to)
        if "state" in self.faults and row.cells.get("rhythm", Cell(("monthly",), (0, ""))).values[0] == "quarterly":
            return ()
        if relation == "sibling":
            return (*kind.groups, *kind.office)
        if relation == "superior":
            return kind.groups if below(row.unit, self.unit) else ()
        comes_down = kind.writers != "unit" and not kind.immutable
        return kind.groups if comes_down and below(row.unit, to) else ()

    def send(self, to: str, id: str) -> Package:
        mark = self.ack.get(to, (0, 0, ""))[0]
        behind = [i for i, h in self.heard.items() if h.unit == to and h.id]
        seen = self.seen_of.get(to, {})
        echoes = {i: seen[i] for i in behind if i in seen} if mark and len(behind) == 1 else {}
        rows = [s for i, row in self.rows.items() if (s := self._sent(i, row, to, mark, echoes))]
        order = list(self.kinds)
        rows.sort(key=lambda s: (order.index(s.kind), self.rows[s.id].seq))
        n = max(self.made, default=0) + 1
        self.hlc = max(self.hlc, 1)
        self.made[n] = (id, to, self.seq, self.hlc)
        heard = {i: h for i, h in self.heard.items() if h.id}
        units = {i: h.unit for i, h in self.heard.items()} | {self.inc: self.unit}
        if to != self.unit:
            units = {i: u for i, u in units.items() if below(u, to) or below(to, u)}
        return Package(
            self.unit,
            self.inc,
            n,
            id,
            to,
            {k: self.made[k][0] for k in range(max(1, n - 64), n)},
            mark,
            self.seq,
            {i: (h.n, h.id) for i, h in heard.items() if h.unit == to},
            {i: {k: d for (j, k), d in self.ids.items() if j == i} for i, h in heard.items() if h.unit == to},
            {i: h for i, h in self._claims().items() if i in units} | {self.inc: self.hlc},
            units,
            {i: (h.n, h.id, h.held) for i, h in heard.items()} if to == self.unit else {},
            tuple(rows),
            {c: v for c, v in self.conflicts.items() if self._conflict_travels(c, to)},
        )

    def _claims(self) -> dict[str, int]:
        """What this replica may say that it has seen: not what still waits for its parent."""
        claims = dict(self.vector)
        for _p, _mine, sent in self.parked:
            for hlc, inc in [c.stamp for c in sent.cells.values()] + ([sent.created] if sent.created else []):
                claims[inc] = min(claims.get(inc, 0), hlc - 1)
        return {i: h for i, h in claims.items() if h > 0}

    def _sent(self, id: bytes, row: Row, to: str, mark: int, echoes: dict[str, int]) -> Sent | None:
        groups = list(self.scope(row, to))
        cells = {g: row.cells[g] for g in groups}

        def echo(stamp: Stamp) -> bool:
            return stamp[0] <= echoes.get(stamp[1], -1)

        if not cells:
            return None
        if not mark or self.again.get(id, 0) > mark or row.cells["unit"].seq > mark:
            return Sent(id, row.kind, "full", row.created, cells)
        if row.seq > mark and not echo(row.created):
            return Sent(id, row.kind, "new", row.created, cells)
        changed = {g: c for g, c in cells.items() if c.seq > mark and not echo(c.stamp)}
        return Sent(id, row.kind, "set", None, changed) if changed else None

    def _conflict_travels(self, key: tuple[object, ...], to: str) -> bool:
        kind, id, column, _stamp = key
        row = self.rows.get(id)  # type: ignore[call-overload]
        return row is not None and any(column in self.kinds[str(kind)].columns(g) for g in self.scope(row, to))

    # Receiving

    def receive(self, p: Package) -> str:
        """Merge a package or say why not: own, fork, duplicate, superseded, gap, mend, clock."""
        relation = self.relation(p.unit)
        heard = self.heard.get(p.inc, Heard(p.unit))
        if p.inc == self.inc:
            if self.made.get(p.n, ("",))[0] == p.id:
                return "own"
            if relation != "sibling":
                return "fork"
            return self._wait(p, "mend", p.ids | {p.n: p.id})
        named = {k: i for k, i in p.ids.items() if "pointer" not in self.faults or k == p.n - 1} | {p.n: p.id}
        if any(self.ids.get((p.inc, k), i) != i for k, i in named.items()):
            return "fork"
        if (p.inc, p.n) in self.taken:
            self._old(p)
            return "duplicate"
        if p.n <= heard.n and p.end <= heard.held:
            self._old(p)
            return "superseded"
        if p.start > heard.held:
            return self._wait(p, "gap")
        if "re" not in self.faults:
            entry = p.re.get(self.inc)
            made = self.made.get(entry[0]) if entry else None
            if entry and (made is None or made[1] != p.unit or ("receipts" not in self.faults and made[0] != entry[1])):
                return self._wait(p, "mend", p.known.get(self.inc, {}))
            if p.vector.get(self.inc, 0) > self.hlc:
                return self._wait(p, "mend", p.known.get(self.inc, {}))
        if max(p.vector.values()) >> 16 > self.cap:
            return self._wait(p, "clock")
        self._merge(p, relation)
        return "merged"

    def _old(self, p: Package) -> None:
        self.waiting.pop(p.id, None)
        entry = p.re.get(self.inc)
        if "old" in self.faults and entry and entry[0] in self.made:
            self.ack[p.unit] = (self.made[entry[0]][2], *entry)

    def _wait(self, p: Package, why: str, named: dict[int, str] | None = None) -> str:
        self.waiting[p.id] = (p, why)
        if named is not None:
            common = max(((m[2], m[3]) for k, m in self.made.items() if named.get(k) == m[0]), default=(0, 0))
            self.need = common if self.need is None else min(common, self.need)
        return why

    def retry(self) -> None:
        """Try what waits again, as long as something gets through."""
        while any(self.receive(p) in ("merged", "duplicate", "superseded") for p, _why in [*self.waiting.values()]):
            pass

    def _merge(self, p: Package, relation: str) -> None:
        self.waiting.pop(p.id, None)
        heard = self.heard.setdefault(p.inc, Heard(p.unit))
        heard.unit = p.unit
        if not heard.id:
            self.ack.pop(p.unit, None)
            others = any(h.unit == p.unit and h.id for h in self.heard.values())
            heard.since = max(self.made, default=0) if others else 0
        for inc, claimed in p.units.items():
            if inc != self.inc and (relation != "subordinate" or below(claimed, p.unit)):
                self.heard.setdefault(inc, Heard(claimed))
        mine = Before(self.vector | {self.inc: self.hlc}, dict(self.hearsay))
        for sent in p.rows:
            self._row(p, mine, sent)
        progress = True
        while progress:
            waiting, self.parked = self.parked, []
            for frame, known, sent in waiting:
                before = len(self.parked)
                self._row(frame, known, sent)
                if len(self.parked) == before:
                    self.seq += 1
                    self.again[sent.id] = self.seq
            progress = len(self.parked) < len(waiting)
        for key, value in p.conflicts.items():
            self.conflicts.setdefault(key, value)
        for inc, hlc in p.vector.items():
            self.hearsay[inc, p.unit] = max(hlc, self.hearsay.get((inc, p.unit), 0))
            if inc != self.inc and inc in self.heard and self._believes(relation, self.heard[inc].unit, p):
                self.vector[inc] = max(hlc, self.vector.get(inc, 0))
        self.hlc = max(self.hlc, *p.vector.values())
        entry = p.re.get(self.inc)
        if entry and p.n >= heard.n and entry[0] in self.made:
            self.ack[p.unit] = (self.made[entry[0]][2], *entry)
            if entry[0] <= heard.since:
                del self.ack[p.unit]
        self.ids |= {(p.inc, k): i for k, i in (p.ids | {p.n: p.id}).items() if (p.inc, k) not in self.ids}
        self.taken.add((p.inc, p.n))
        self.seen_of[p.unit] = p.vector
        heard.held = max(heard.held, p.end)
        if p.n > heard.n:
            heard.n, heard.id = p.n, p.id
        for inc, (n, id, held) in p.holds.items():
            self._holding(inc, n, id, held)

    def _believes(self, relation: str, unit: str, p: Package) -> bool:
        if relation == "sibling":
            return True
        if relation == "superior":
            mine = unit == self.unit and not self.paired and self.inc in p.units
            return mine or not below(unit, self.unit)
        return below(unit, p.unit)

    def _holding(self, inc: str, n: int, id: str, held: int) -> None:
        if inc == self.inc:
            return
        if self.ids.setdefault((inc, n), id) != id:
            self.vector.pop(inc, None)
            return
        heard = self.heard[inc]
        heard.held = max(heard.held, held)
        if n > heard.n:
            heard.n, heard.id = n, id

    # One row

    def _row(self, p: Package, mine: Before, sent: Sent) -> None:
        kind, sibling, row = self.kinds[sent.kind], p.unit == self.unit, self.rows.get(sent.id)
        stamps = [c.stamp for c in sent.cells.values()] + ([sent.created] if sent.created else [])
        if row is None and sent.how != "full" and all(mine.knew(s) for s in stamps):
            return
        parents = [sent.cells[g].values[0] for g in kind.parents if g in sent.cells]
        if (row is None and sent.how == "set") or any(v is not None and v not in self.rows for v in parents):
            self.parked.append((p, mine, sent))
            return
        if row is None:
            assert sent.created is not None
            unit = str(sent.cells["unit"].values[0])
            if not sibling and self._foreign(kind, unit, sent.created, p):
                self.suggested |= {(sent.id, g, c.stamp) for g, c in sent.cells.items()}
                return
            self.seq += 1
            office = {g: Cell((None,) * len(c), sent.created) for g, c in kind.office.items()}
            cells = {g: replace(c, seq=self.seq if c.stamp != sent.created else 0) for g, c in sent.cells.items()}
            self.rows[sent.id] = Row(sent.kind, sent.created, self.seq, office | cells)
            return
        taken = {g: c for g, c in sent.cells.items() if self._settle(p, mine, sent, row, g, c)}
        if taken:
            self.seq += 1
            row.cells |= {g: replace(c, seq=self.seq) for g, c in taken.items()}

    def _foreign(self, kind: Kind, unit: str, stamp: Stamp, p: Package) -> bool:
        writer = self.unit if stamp[1] == self.inc else self.heard[stamp[1]].unit if stamp[1] in self.heard else p.unit
        if kind.writers == "unit":
            return writer != unit
        return kind.writers == "superior" and writer == unit and unit != self.unit and below(unit, self.unit)

    def _settle(self, p: Package, mine: Before, sent: Sent, row: Row, group: str, theirs: Cell) -> bool:
        """Whether a group of a known row is taken over; what loses unseen becomes a conflict."""
        ours, kind, sibling = row.cells[group], self.kinds[sent.kind], p.unit == self.unit
        known = mine.knew(theirs.stamp)
        differs = theirs.values != ours.values
        if theirs.stamp == ours.stamp:
            return differs and self._twins(sent, row, group, theirs)
        if known and sent.how != "full":
            return False
        if differs and not sibling and self._foreign(kind, row.unit, theirs.stamp, p):
            self.suggested.add((sent.id, group, theirs.stamp))
            return False
        if theirs.stamp < ours.stamp:
            if differs and not known and not mine.noticed(theirs.stamp, ours.stamp, self._watchers(row, group)):
                self._lost(sent, group, theirs, ours)
            return False
        saw = ours.stamp[0] <= p.vector.get(ours.stamp[1], -1)
        through = ours.stamp[1] == theirs.stamp[1] or self._unit_of(ours.stamp[1]) == p.unit
        aware = saw and (sibling or through or group in self.scope(row, p.unit))
        if differs and not aware:
            self._lost(sent, group, ours, theirs)
        return True

    def _twins(self, sent: Sent, row: Row, group: str, theirs: Cell) -> bool:
        """Two values under one stamp: what never travelled is filled in, otherwise two PCs wrote with one identity."""
        ours, columns = row.cells[group], self.kinds[sent.kind].columns(group)
        empty = [None] * len(columns)
        if list(ours.values) == empty or list(theirs.values) == empty:
            return list(ours.values) == empty
        taken = spelled(theirs.values) > spelled(ours.values)
        self._lost(sent, group, *((ours, theirs) if taken else (theirs, ours)))
        return taken

    def _watchers(self, row: Row, group: str) -> Iterable[str]:
        """The peers that would have noticed a loss in this group, and would have told it."""
        units = {unit for _inc, unit in self.hearsay}
        return [u for u in units if u == self.unit or group in self.scope(row, u)]

    def _unit_of(self, inc: str) -> str:
        return self.unit if inc == self.inc else self.heard[inc].unit if inc in self.heard else ""

    def _lost(self, sent: Sent, group: str, loser: Cell, winner: Cell) -> None:
        columns = self.kinds[sent.kind].columns(group)
        for column, value, other in zip(columns, loser.values, winner.values, strict=True):
            if value != other:
                self.conflicts.setdefault((sent.kind, sent.id, column, loser.stamp), value)

    # Lives

    def new_life(self, inc: str) -> None:
        """The book was put back, and nothing was written in it since."""
        self._rename(inc, self.hlc)

    def mend(self, inc: str) -> list[tuple[bytes, str]]:
        """A twin wrote under the same identity: what must be stamped anew, (row, group) with "" for the row itself."""
        assert self.need is not None
        after, proven = self.need
        old, self.need = self.inc, None
        self._rename(inc, self.hlc if "vector" in self.faults else proven)
        found = [(i, "") for i, row in self.rows.items() if row.created[1] == old and row.seq > after]
        found += [
            (i, g)
            for i, row in self.rows.items()
            for g, c in row.cells.items()
            if c.stamp[1] == old and (c.seq > after if c.seq else row.seq > after)
        ]
        return found

    def stamp_anew(self, id: bytes, group: str, stamp: Stamp) -> None:
        row = self.rows[id]
        if group:
            row.cells[group] = replace(row.cells[group], stamp=stamp)
        else:
            row.created = stamp
        self.hlc = max(self.hlc, stamp[0])

    def _rename(self, inc: str, seen: int) -> None:
        self.vector.pop(self.inc, None)
        if seen:
            self.vector[self.inc] = seen
        self.heard.setdefault(self.inc, Heard(self.unit))
        self.inc, self.made, self.ack = inc, {}, {}
        for heard in self.heard.values():
            heard.since = 0
