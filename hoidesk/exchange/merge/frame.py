"""What merging a row needs to know of the package it came in, and what became of the rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from hoidesk.exchange.packages.stream import Stamp

__all__ = ["Counts", "Frame"]


@dataclass(slots=True)
class Counts:
    """What became of the rows of a package."""

    new: int = 0
    changed: int = 0
    same: int = 0
    conflicts: int = 0
    parked: int = 0
    suggestions: int = 0
    refused: int = 0
    unknown: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Frame:
    """What merging a row needs to know of its package; kept with parked rows.

    ``superior`` and ``sibling`` say what the sender is to this book; a subordinate unit is neither. ``seen``: the
    sender's vector. ``mine``: this book's vector before the package; ``heard``: what each peer had said before it.
    Clocks by incarnation (hex).
    """

    inc: str
    number: int
    unit: str
    subtree: str
    superior: bool
    seen: dict[str, int]
    mine: dict[str, int]
    sibling: bool = False
    heard: dict[str, dict[str, int]] = field(default_factory=dict)

    def noticed(self, theirs: Stamp, ours: Stamp, watches: Callable[[str], bool]) -> bool:
        """Whether a peer that ``watches`` the field had seen both values before: then the loss of one is in a conflict
        record which travels, or its writer had seen the other."""
        return any(
            watches(unit) and all(stamp.hlc <= seen.get(stamp.inc, -1) for stamp in (theirs, ours))
            for unit, seen in self.heard.items()
        )

    def knew(self, stamp: Stamp) -> bool:
        """Whether this book had seen the stamp before."""
        return stamp.hlc <= self.mine.get(stamp.inc, -1)

    def sender_saw(self, stamp: Stamp) -> bool:
        """Whether the sender had seen the stamp."""
        return stamp.hlc <= self.seen.get(stamp.inc, -1)

    def possible(self, stamp: Stamp) -> bool:
        """Whether the sender can hold a value with this stamp: its own clock is above all that it holds."""
        return stamp.hlc <= self.seen.get(self.inc, -1)

    def json(self) -> str:
        """The frame as text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def parse(cls, data: str) -> Frame:
        """The frame from its text."""
        return cls(**json.loads(data))
