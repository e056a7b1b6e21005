"""A score sheet as the rules read it: groups, criteria, items, bands and side conditions.

:mod:`hoidesk.assessment.sheet_reading` makes these values from the content of a criteria set. Points are integers in
hundredths of a point, thresholds are exact fractions: nothing in this room ever rounds a float.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

__all__ = [
    "NOT_RATED",
    "Band",
    "Criterion",
    "Group",
    "Item",
    "Sheet",
    "SideCondition",
    "Step",
    "canonical_json",
    "exact",
    "hundredths",
]

NOT_RATED: Final = "NOT_RATED"


@dataclass(frozen=True, slots=True)
class Step:
    """From this value on, these points (hundredths)."""

    at_least: Fraction
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line that gets a score; which fields count depends on ``kind``. Points in hundredths."""

    id: str
    text: str
    kind: str
    role: str
    maximum: int
    lowest: int
    highest: int
    criterion_maximum: int
    figure: str | None
    where: tuple[tuple[str, str], ...]
    when_none: str
    yes_at_least: Fraction | None
    yes_at_most: Fraction | None
    steps: tuple[Step, ...]
    otherwise: int
    target: Fraction | None
    round_to: int
    per_unit: int
    text_required: bool
    evidence_required: bool
    evidence: str
    note: str
    guide: tuple[str, ...]
    source: str
    cap_class: str | None
    hold: bool
    not_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A numbered criterion with its items; maximum in hundredths."""

    id: str
    number: str
    text: str
    maximum: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A numbered group of criteria; only groups with the role ``points`` make the total."""

    id: str
    number: str
    text: str
    role: str
    maximum: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A class and its band on the scale to 100: from ``at_least`` (included) to ``below`` (excluded)."""

    code: str
    text: str
    at_least: Fraction | None
    below: Fraction | None


@dataclass(frozen=True, slots=True)
class SideCondition:
    """A condition beside the points that a class asks for."""

    id: str
    for_class: str
    text: str
    figure: str | None
    at_least: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of a sheet; ``bands`` run from the best class down, without the one for units not rated."""

    id: str
    title: str
    label: str
    version: str
    notice: str
    unit_kind: str
    dimension: str
    max_total: int
    bonus_ceiling: int
    penalty_floor: int
    score_step: int
    scale_to: int
    gap_reason_pct: Fraction
    new_unit_days: int | None
    not_rated_reasons: frozenset[str]
    groups: tuple[Group, ...]
    bands: tuple[Band, ...]
    side_conditions: tuple[SideCondition, ...]

    def items(self) -> Iterator[Item]:
        """Every item in printed order."""
        for group in self.groups:
            for criterion in group.criteria:
                yield from criterion.items

    def item(self, id_: str) -> Item:
        """One item; KeyError if the sheet has none of this id."""
        for one in self.items():
            if one.id == id_:
                return one
        raise KeyError(id_)

    def condition(self, id_: str) -> SideCondition | None:
        """One side condition in force, or None."""
        return next((one for one in self.side_conditions if one.id == id_), None)


def exact(value: object) -> Fraction:
    """A number of a sheet as it is written: 0.1 is one tenth. ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"not a number: {value!r}")
    return Fraction(str(value))


def hundredths(value: object) -> int:
    """Points of a sheet in hundredths; ValueError for finer points."""
    scaled = exact(value) * 100
    if scaled.denominator != 1:
        raise ValueError(f"finer than a hundredth of a point: {value!r}")
    return int(scaled)


def canonical_json(content: object) -> str:
    """The one text of a JSON value: sorted keys, no spaces, letters as they are. Hashes are taken over its UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
