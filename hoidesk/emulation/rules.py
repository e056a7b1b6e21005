"""Emulation decisions: whether a cluster is well made, a registration in time, a target met, a limitation overdue.

A cluster has three or four adjacent quarters; anything else is told and accepted, never refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

__all__ = [
    "CLUSTER_SIZES",
    "ClusterWarning",
    "cluster_sizes",
    "cluster_warnings",
    "connected",
    "days_late",
    "is_overdue",
    "target_met",
]

CLUSTER_SIZES: Final = (3, 4)
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class ClusterWarning:
    """What is unusual about a cluster: ``"size"`` (with the number of members) or ``"not_adjacent"``."""

    code: str
    members: int


def cluster_sizes(quarters: int) -> tuple[int, ...] | None:
    """How many quarters to put in each cluster so that all have three or four, larger clusters last.

    None if that cannot be done: 1, 2 and 5 are the only such numbers. 7 gives (3, 4). ValueError below 0.
    """
    if quarters < 0:
        raise ValueError("a ward has no negative number of quarters")
    for fours in range(quarters // 4, -1, -1):
        rest = quarters - 4 * fours
        if rest % 3 == 0:
            return (3,) * (rest // 3) + (4,) * fours
    return None


def connected(members: Collection[T], neighbours: Iterable[tuple[T, T]]) -> bool:
    """Whether one can walk from each member to each other one through members that are neighbours."""
    inside = set(members)
    if len(inside) < 2:
        return True
    edges: dict[T, set[T]] = {member: set() for member in inside}
    for one, other in neighbours:
        if one in inside and other in inside:
            edges[one].add(other)
            edges[other].add(one)
    start = next(iter(inside))
    seen, queue = {start}, deque([start])
    while queue:
        for other in edges[queue.popleft()] - seen:
            seen.add(other)
            queue.append(other)
    return seen == inside


def cluster_warnings(
    members: Collection[T], neighbours: Iterable[tuple[T, T]] | None = None
) -> tuple[ClusterWarning, ...]:
    """What to tell about a cluster; nothing here forbids it. Adjacency is judged only if ``neighbours`` are known."""
    count = len(set(members))
    found = [] if count in CLUSTER_SIZES else [ClusterWarning("size", count)]
    if neighbours is not None and not connected(members, neighbours):
        found.append(ClusterWarning("not_adjacent", count))
    return tuple(found)


def days_late(due_on: date | None, submitted_on: date | None, today: date) -> int:
    """How many days after its due day a registration came, or is still missing today; 0 if in time or without due day.

    The due day itself is in time.
    """
    if due_on is None:
        return 0
    return max(0, ((submitted_on or today) - due_on).days)


def target_met(target_value: int | None, result_value: int | None, confirmed_on: date | None, as_of: date) -> bool:
    """Whether a target is met on a day: its result was confirmed by then and reaches the registered value.

    A target without a number is met when its result is confirmed.
    """
    if confirmed_on is None or confirmed_on > as_of:
        return False
    return target_value is None or (result_value is not None and result_value >= target_value)


def is_overdue(due_on: date | None, closed_on: date | None, as_of: date) -> bool:
    """Whether something due is late on a day: its day has passed and it was not closed by then."""
    return due_on is not None and due_on < as_of and (closed_on is None or closed_on > as_of)
