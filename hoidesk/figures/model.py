"""What a figure answers: a number with its parts, and the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from statistics import median
from uuid import UUID

from hoidesk.figures.catalogue import VERSION, Figure

__all__ = ["Comparison", "Fact", "Key", "Parts", "Reported", "TracedRecord", "Value", "value_of"]

Key = str | UUID | None
"""A value of a dimension; None where the record has none."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One record's share in a figure: what it adds above and below the line."""

    table: str
    id: UUID
    numerator: int
    denominator: int = 0
    keys: Mapping[str, Key] = field(default_factory=dict)
    label: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """The answer for one figure.

    ``number`` is an int for counts and sums, an exact Fraction for shares (0 to 100) and medians, and None where there
    is nothing to say ("không có"): a denominator of 0, or a case the definition leaves blank.
    """

    figure: str
    kind: str
    unit: str
    number: int | Fraction | None
    numerator: int | None
    denominator: int | None
    record_ids: tuple[UUID, ...]
    numerator_ids: tuple[UUID, ...]
    rule_version: str

    def part(self, name: str) -> Value:
        """The ``numerator`` or ``denominator`` of a rate as a count of its own; the whole value for another name."""
        if self.kind != "rate" or name not in ("numerator", "denominator"):
            return self
        above = name == "numerator"
        number = self.numerator if above else self.denominator
        ids = self.numerator_ids if above else self.record_ids
        return replace(
            self, kind="count", number=number, numerator=number, denominator=None, record_ids=ids, numerator_ids=ids
        )


@dataclass(frozen=True, slots=True)
class TracedRecord:
    """One record behind a value, and what it adds; the sums over a trace are the value's parts."""

    table: str
    id: UUID
    label: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A value beside that of the same period a year earlier; ``percent`` is growth, so it may be negative."""

    now: Value
    previous: Value
    change: int | Fraction | None
    percent: Fraction | None


@dataclass(frozen=True, slots=True)
class Reported:
    """A reported or estimated value that stands beside the counted one and is never added to it."""

    id: UUID
    kind: str
    value: Fraction
    as_of: date
    source: str | None


class Parts(dict[Key | tuple[Key, ...], Value]):
    """A figure split by a dimension: only the keys that have records; ``total`` is the undivided value."""

    def __init__(self, parts: Mapping[Key | tuple[Key, ...], Value], total: Value, none: Value) -> None:
        super().__init__(parts)
        self.total = total
        self._none = none

    def at(self, key: Key | tuple[Key, ...]) -> Value:
        """The value of a key; for a key without records 0, or no value for a rate."""
        return self.get(key, self._none)


def _distinct(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))


def value_of(figure: Figure, facts: Iterable[Fact] | None, definition_version: int, summary: str) -> Value:
    """The value of those facts; ``facts`` None means that the definition leaves it blank.

    ``summary``: how facts become one number ("sum", or "median" of their numerators).
    """
    known = list(facts) if facts is not None else []
    above = sum(fact.numerator for fact in known)
    below = sum(fact.denominator for fact in known)
    number: int | Fraction | None
    if facts is None:
        number = None
    elif summary == "median":
        number = median(Fraction(fact.numerator) for fact in known) if known else None
    elif figure.kind == "rate" or (figure.kind == "growth" and figure.unit == "%"):
        number = Fraction(100 * above, below) if below else None
    elif figure.kind == "growth":
        number = above if known else None
    else:
        number = above
    has_parts = figure.kind in ("rate", "growth") and facts is not None
    ids = _distinct(fact.id for fact in known)
    return Value(
        figure=figure.id,
        kind=figure.kind,
        unit=figure.unit,
        number=number,
        numerator=above if has_parts or isinstance(number, int) else None,
        denominator=below if has_parts else None,
        record_ids=ids,
        numerator_ids=_distinct(f.id for f in known if f.numerator) if figure.kind == "rate" else ids,
        rule_version=f"{VERSION}-{definition_version}",
    )
