"""The numbers of one paper: asked once, printed as often as needed, kept with their records.

Everything that a paper prints goes through one :class:`Numbers`, so that issuing the paper can store each printed
figure with the records behind it and the version of its rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final

from sqlalchemy import Connection

from hoidesk.figures.catalogue import defined, figure
from hoidesk.figures.evaluation import can_split, evaluate, split
from hoidesk.figures.model import Key, Parts, Reported, Value
from hoidesk.figures.window import Window
from hoidesk.paper.model import Cell
from hoidesk.paper.outline import FigureRef
from hoidesk.paper.words import NOT_AVAILABLE, count_text, day_text, number_text, rate_text

__all__ = ["ESTIMATED_MARK", "REPORTED_MARK", "Numbers", "Used", "cell_of", "decimal", "reported_words", "value_text"]

REPORTED_MARK: Final = "*"
ESTIMATED_MARK: Final = "**"
Where = Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Used:
    """One printed number: which figure, filter and part, and its value with the records."""

    ref: FigureRef
    where: tuple[tuple[str, Key], ...]
    value: Value


def decimal(number: int | Fraction) -> Decimal:
    """An exact number as a Decimal, for spreadsheets."""
    return Decimal(number) if isinstance(number, int) else Decimal(number.numerator) / Decimal(number.denominator)


@cache
def _can_split(figure_id: str, dimension: str) -> bool:
    return can_split(figure_id, dimension)


def _is_share(value: Value) -> bool:
    """A rate or growth in per cent; its numerator alone is a count although the figure's unit is %."""
    return value.unit == "%" and value.kind in ("rate", "growth")


def value_text(value: Value) -> str:
    """The value as it stands in a sentence: 1.203; 83,3%; "không có"."""
    if value.number is None:
        return NOT_AVAILABLE
    if _is_share(value):
        return rate_text(decimal(value.number))
    return count_text(value.number) if isinstance(value.number, int) else number_text(decimal(value.number))


def cell_of(value: Value) -> Cell:
    """The value as a cell of a table: a real number, or the word for none."""
    if value.number is None:
        return Cell(NOT_AVAILABLE)
    if isinstance(value.number, int) and not _is_share(value):
        return Cell(value.number)
    return Cell(decimal(value.number))


def reported_words(reported: Reported) -> str:
    """What was reported or estimated beside the counted value, with its day: "số báo cáo đến ngày 15/6/2026: 410"."""
    kind = "số ước" if reported.kind == "estimated" else "số báo cáo"
    day = f" đến ngày {day_text(reported.as_of)}" if isinstance(reported.as_of, date) else ""
    return f"{kind}{day}: {_reported_number(reported)}"


def _reported_number(reported: Reported) -> str:
    number = reported.value
    return count_text(int(number)) if number == int(number) else number_text(decimal(number))


def _frozen(where: Where) -> tuple[tuple[str, Key], ...]:
    return tuple(sorted(where.items(), key=lambda pair: pair[0]))


@dataclass(slots=True)
class Numbers:
    """Asks the book for the figures of one paper and remembers what was printed.

    ``reported``: reported and estimated values of the window, by figure and filter.
    """

    connection: Connection
    window: Window
    as_of: date
    reported: Mapping[tuple[str, tuple[tuple[str, str], ...]], Reported] = field(default_factory=dict)
    used: dict[tuple[FigureRef, tuple[tuple[str, Key], ...]], Used] = field(default_factory=dict)
    _values: dict[tuple[object, ...], Value] = field(default_factory=dict)
    _splits: dict[tuple[object, ...], Parts] = field(default_factory=dict)

    def known(self, ref: FigureRef) -> bool:
        """Whether this program counts the figure."""
        return defined(ref.id)

    def can_split(self, figure_id: str, dimension: str) -> bool:
        """Whether the figure can be split and filtered by the dimension."""
        return defined(figure_id) and _can_split(figure_id, dimension)

    def _window(self, ref: FigureRef) -> tuple[Window, date]:
        if ref.part == "start":
            return self.window, self.window.day_before
        if ref.part == "previous":
            earlier = self.window.last_year()
            return earlier, earlier.as_of
        return self.window, self.as_of

    def value(self, ref: FigureRef, where: Where | None = None) -> Value:
        """The value of a figure; raises UserError for one that the program does not count."""
        asked: dict[str, Key] = {**dict(ref.where), **(where or {})}
        key = (ref, _frozen(asked))
        if key not in self.used:
            window, day = self._window(ref)
            question = (ref.id, window, day, key[1])
            if question not in self._values:
                self._values[question] = evaluate(self.connection, ref.id, window, asked, day)
            self.used[key] = Used(ref, key[1], self._values[question].part(ref.part))
        return self.used[key].value

    def parts(self, ref: FigureRef, dimension: str, keys: Iterable[Key]) -> dict[Key, Value]:
        """The figure for each of ``keys`` of a dimension, in one question."""
        asked: dict[str, Key] = dict(ref.where)
        found = self._split(ref, dimension, asked)
        out: dict[Key, Value] = {}
        for key in keys:
            value = found.at(key).part(ref.part)
            out[key] = value
            place = _frozen({**asked, dimension: key})
            self.used[ref, place] = Used(ref, place, value)
        return out

    def keys(self, ref: FigureRef, dimension: str) -> frozenset[Key]:
        """The values of a dimension that have records of the figure."""
        found = self._split(ref, dimension, dict(ref.where))
        return frozenset(key for key in found if not isinstance(key, tuple))

    def table(self, ref: FigureRef, by: tuple[str, str]) -> dict[tuple[Key, Key], Value]:
        """The figure for each pair of values of two dimensions: only the pairs that have records."""
        window, day = self._window(ref)
        found = split(self.connection, ref.id, window, by, dict(ref.where), day)
        out: dict[tuple[Key, Key], Value] = {}
        for key, value in found.items():
            if isinstance(key, tuple):
                out[key[0], key[1]] = value
                place = _frozen({**dict(ref.where), by[0]: key[0], by[1]: key[1]})
                self.used[ref, place] = Used(ref, place, value)
        return out

    def _split(self, ref: FigureRef, dimension: str, asked: Where) -> Parts:
        window, day = self._window(ref)
        key = (ref.id, window, day, dimension, _frozen(asked))
        if key not in self._splits:
            self._splits[key] = split(self.connection, ref.id, window, dimension, asked, day)
        return self._splits[key]

    def beside(self, ref: FigureRef, where: Where | None = None) -> Reported | None:
        """The reported or estimated value beside a counted one."""
        if ref.part:
            return None
        place = {**dict(ref.where), **(where or {})}
        return self.reported.get((ref.id, tuple(sorted((k, str(v)) for k, v in place.items()))))

    def text(self, ref: FigureRef, where: Where | None = None) -> str:
        """The printed value in a sentence, what was reported beside it in brackets."""
        shown = value_text(self.value(ref, where))
        reported = self.beside(ref, where)
        return f"{shown} ({reported_words(reported)})" if reported is not None else shown

    def cell(self, ref: FigureRef, value: Value, where: Where | None = None) -> Cell:
        """The printed value in a table; a reported value stands beside it with its mark and is never added."""
        cell = cell_of(value)
        reported = self.beside(ref, where)
        if reported is None:
            return cell
        mark = ESTIMATED_MARK if reported.kind == "estimated" else REPORTED_MARK
        return Cell(cell.value, f" ({_reported_number(reported)}{mark})")


def title_of(figure_id: str) -> str:
    """The Vietnamese name of a figure."""
    return figure(figure_id).vi
