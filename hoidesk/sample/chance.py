"""Choices that look like chance and are the same everywhere: drawn from a name, not from a generator or a clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["number", "pick", "share"]

T = TypeVar("T")


def _draw(name: object) -> int:
    return int.from_bytes(hashlib.blake2b(repr(name).encode(), digest_size=8).digest(), "big")


def number(low: int, high: int, *name: object) -> int:
    """A whole number from ``low`` to ``high``, both included, that belongs to ``name``."""
    return low + _draw(name) % (high - low + 1)


def pick(values: Sequence[T], *name: object) -> T:
    """One of ``values``."""
    return values[_draw(name) % len(values)]


def share(percent: int, *name: object) -> bool:
    """True for ``percent`` of all names."""
    return _draw(("share", *name)) % 100 < percent
