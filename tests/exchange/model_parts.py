"""What the model of exchange is made of: tables, rows with stamps, packages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

Stamp = tuple[int, str]
Values = tuple[object, ...]


@dataclass(frozen=True)
class Kind:
    """A table: groups of columns that travel, those that stay in the office, references, who writes, which way."""

    groups: dict[str, tuple[str, ...]]
    office: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    writers: str = "both"
    immutable: bool = False

    def columns(self, group: str) -> tuple[str, ...]:
        return (self.groups | self.office)[group]


@dataclass(frozen=True)
class Cell:
    """The value of a group, its stamp, and under which local number it was changed (0: as created)."""

    values: Values
    stamp: Stamp
    seq: int = 0


@dataclass
class Row:
    kind: str
    created: Stamp
    seq: int
    cells: dict[str, Cell]

    @property
    def unit(self) -> str:
        return str(self.cells["unit"].values[0])


@dataclass(frozen=True)
class Sent:
    """A row in a package: whole and new, whole and flagged, or some groups of a known one."""

    id: bytes
    kind: str
    how: str
    created: Stamp | None
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Package:
    unit: str
    inc: str
    n: int
    id: str
    to: str
    ids: dict[int, str]
    start: int
    end: int
    re: dict[str, tuple[int, str]]
    known: dict[str, dict[int, str]]
    vector: dict[str, int]
    units: dict[str, str]
    holds: dict[str, tuple[int, str, int]]
    rows: tuple[Sent, ...]
    conflicts: dict[tuple[object, ...], object]


@dataclass
class Heard:
    """Another replica: whose, held up to which of its numbers, its newest package; of mine, what counts for it."""

    unit: str
    held: int = 0
    n: int = 0
    id: str = ""
    since: int = 0


@dataclass(frozen=True)
class Before:
    """What a replica had seen, and what peers had said that they had seen, before a package."""

    vector: dict[str, int]
    hearsay: dict[tuple[str, str], int]

    def knew(self, stamp: Stamp) -> bool:
        return stamp[0] <= self.vector.get(stamp[1], -1)

    def noticed(self, theirs: Stamp, ours: Stamp, units: Iterable[str]) -> bool:
        return any(all(s[0] <= self.hearsay.get((s[1], unit), -1) for s in (theirs, ours)) for unit in units)


def below(unit: str, top: str) -> bool:
    return unit == top or unit.startswith(top + "-")


def spelled(values: Values) -> str:
    return json.dumps([v.hex() if isinstance(v, bytes) else v for v in values])
