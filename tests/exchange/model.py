"""What exchange should do, in its shortest form: replicas with fields, stamps and vectors, and whole-state packages.

A package of the model carries everything; the book sends only what changed since the mark. If both end alike after
every step, the marks, the scopes and the receipts lose nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Stamp = tuple[int, str]


@dataclass(frozen=True)
class Package:
    """The state of a replica at one moment."""

    sender: str
    fields: dict[str, tuple[str, Stamp]]
    vector: dict[str, int]
    conflicts: frozenset[tuple[str, str]]


@dataclass
class Replica:
    """Fields with value and stamp; what was seen of each replica; values that lost, as (field, value)."""

    name: str
    fields: dict[str, tuple[str, Stamp]]
    vector: dict[str, int] = field(default_factory=dict)
    conflicts: set[tuple[str, str]] = field(default_factory=set)

    def edit(self, name: str, value: str, now: int) -> None:
        self.fields[name] = (value, (now, self.name))
        self.vector[self.name] = now

    def pack(self) -> Package:
        return Package(self.name, dict(self.fields), dict(self.vector), frozenset(self.conflicts))

    def merge(self, package: Package) -> None:
        for name, (value, stamp) in package.fields.items():
            mine, own = self.fields[name]
            if stamp == own or stamp[0] <= self.vector.get(stamp[1], 0):
                continue
            aware = own[0] <= package.vector.get(own[1], 0)
            if value != mine and not (aware and stamp > own):
                self.conflicts.add((name, mine if stamp > own else value))
            if stamp > own:
                self.fields[name] = (value, stamp)
        for replica, seen in package.vector.items():
            self.vector[replica] = max(seen, self.vector.get(replica, 0))
        self.conflicts |= package.conflicts
