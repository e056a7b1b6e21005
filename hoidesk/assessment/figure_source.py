"""The figures behind proposals: one question an item for all units of a kind, never one for each unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from hoidesk.assessment.rules import FigureReading
from hoidesk.presets import DEFAULT_LABELS, Labels, fill_labels, label_of

__all__ = ["BookFigures", "Evidence", "FigureValues"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The stretch of time that is assessed: both days included, and the cut-off day for figures of a moment."""

    first: date
    last: date
    cut_off: date


class FigureValues(Protocol):
    """Where proposals get their figures from: the book, or given values in a test."""

    def readings(
        self, figure: str, where: Mapping[str, str], evidence: Evidence, kind: str, units: Sequence[UUID]
    ) -> Mapping[UUID, FigureReading]:
        """The figure for each unit of a kind (area, branch, association); empty if the figure cannot be counted."""


@cache
def _about(figure: str, kind: str) -> tuple[str, Mapping[str, Any]]:
    """The dimension that tells the units of a kind apart, and the filter that keeps to that kind."""
    from hoidesk.figures.evaluation import for_unit

    nobody = UUID(int=0)
    where: dict[str, Any] = dict(for_unit(figure, kind, nobody))
    dimension = next(name for name, value in where.items() if value == nobody)
    return dimension, {name: value for name, value in where.items() if name != dimension}


class BookFigures:
    """The figures of a book, as they are shown and printed everywhere else."""

    def __init__(self, connection: Connection, labels: Labels = DEFAULT_LABELS) -> None:
        self._connection = connection
        self._labels = labels

    def readings(
        self, figure: str, where: Mapping[str, str], evidence: Evidence, kind: str, units: Sequence[UUID]
    ) -> Mapping[UUID, FigureReading]:
        """See :class:`FigureValues`; three statements at most, however many units."""
        from hoidesk.figures.catalogue import defined
        from hoidesk.figures.catalogue import figure as figure_of
        from hoidesk.figures.evaluation import split
        from hoidesk.figures.window import Window

        if not units or not defined(figure):
            return {}
        dimension, about = _about(figure, kind)
        window = Window(evidence.first, evidence.last)
        moment = figure_of(figure).window == "moment"
        as_of = evidence.cut_off if moment else None
        parts = split(self._connection, figure, window, dimension, where={**where, **about}, as_of=as_of)
        return {unit: self._reading(parts.at(unit)) for unit in units}

    def _reading(self, value: Any) -> FigureReading:
        number = None if value.number is None else Fraction(value.number)
        if value.kind == "rate":
            unit = self._unit(self._denominator_unit(value.figure))
            return FigureReading(number, unit, value.numerator, value.denominator, value.record_ids)
        return FigureReading(number, self._unit(value.unit), record_ids=value.record_ids)

    def _denominator_unit(self, figure: str) -> str:
        from hoidesk.figures.catalogue import figure as figure_of

        base = figure_of(figure).denominator
        return "" if base is None else figure_of(base).unit

    def _unit(self, unit: str) -> str:
        text = fill_labels(label_of("figure_units", unit, self._labels), self._labels)
        return text[:1].lower() + text[1:]
