"""Which records look like one thing written twice: pure functions of their values.

Same unit, and the same folded name, number or day. A proposal writes nothing; what people decide of it are operations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal
from uuid import UUID

from hoidesk.text.fold import fold

__all__ = ["EXACT", "MOST", "READ", "Candidate", "Reason", "keys_of", "pairs"]

Reason = Literal["name", "code", "day", "text", "number", "unit", "person"]
MOST: Final = 500
"""Proposals that are shown at most: more would be an import gone wrong, and is undone as one."""

READ: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("kind", "parent_id", "code", "name"),
    "association": ("kind", "name"),
    "branch": ("area_id", "kind", "name"),
    "meeting": ("branch_id", "association_id", "area_id", "kind", "held_on", "starts"),
    "petition": ("branch_id", "association_id", "area_id", "raised_on", "text", "number"),
    "post": ("branch_id", "association_id", "area_id", "title", "holder"),
    "registration": ("branch_id", "association_id", "area_id", "unit_kind", "year", "withdrawn_on"),
    "assessment": ("branch_id", "association_id", "area_id", "unit_kind", "round_id"),
}
"""The columns that are looked at, by table."""

EXACT: Final[Mapping[str, tuple[str, ...]]] = {
    "meeting": ("branch_id", "association_id", "area_id", "kind", "held_on"),
}
"""Where nothing is folded: records can only be alike when these columns are equal."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record with what it may be found alike by: reason → key; ``apart``: two that differ in it are never alike."""

    id: UUID
    unit: str
    keys: tuple[tuple[Reason, tuple[Any, ...]], ...]
    apart: str = ""


def keys_of(table: str, values: Mapping[str, Any]) -> Iterator[tuple[Reason, tuple[Any, ...]]]:
    """What a record of ``table`` is found alike by."""
    v = values
    match table:
        case "area":
            yield "code", (fold(v["code"]).strip(),)
            yield "name", (v["kind"], v["parent_id"], _words(v["name"]))
        case "association":
            yield "name", (v["kind"], _words(v["name"]))
        case "branch":
            yield "name", (v["area_id"], v["kind"], _words(v["name"]))
        case "post" if v["holder"]:  # where the name does not travel, two equal posts may be two people
            yield "name", (*_body(v), _words(v["title"]), _words(v["holder"]))
        case "meeting":
            yield "day", (*_body(v), v["kind"], v["held_on"])
        case "petition":
            yield "text", (*_body(v), v["raised_on"].year, _words(v["text"]))
            if v["number"]:
                yield "number", (fold(v["number"]).strip(), v["raised_on"].year)
        case "registration" if v["withdrawn_on"] is None:
            yield "unit", (*_body(v), v["unit_kind"], v["year"])
        case "assessment":
            yield "unit", (*_body(v), v["unit_kind"], v["round_id"])


def _words(written: str) -> str:
    """Folded text without regard to blanks, stops and line ends."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(written)).split())


def _body(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return values["branch_id"], values["association_id"], values["area_id"]


def pairs(
    candidates: Iterable[Candidate], settled: Collection[frozenset[UUID]] = frozenset()
) -> list[tuple[UUID, UUID, Reason]]:
    """Every two records of one unit that are alike, each pair once under its first reason, the older id first.

    A pair that somebody declared different (``settled``) is not proposed again. A pure function: the order of the
    candidates does not matter.
    """
    groups: dict[tuple[Any, ...], list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: c.id):
        for reason, key in candidate.keys:
            groups.setdefault((candidate.unit, reason, *key), []).append(candidate)
    found: dict[tuple[UUID, UUID], Reason] = {}
    for (_unit, reason, *_key), group in groups.items():
        for one, other in combinations(group, 2):
            if len(found) >= MOST:
                break
            if one.apart and other.apart and one.apart != other.apart:
                continue
            if frozenset((one.id, other.id)) not in settled:
                found.setdefault((one.id, other.id), reason)
    return [(one, other, reason) for (one, other), reason in sorted(found.items())]
