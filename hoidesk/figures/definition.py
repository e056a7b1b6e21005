"""How a figure is defined: the records it looks at, as SQLAlchemy Core expressions, and what each of them adds.

A definition is a function of an :class:`Ask` that returns :class:`Facts`. The expressions run on any SQL database;
what SQL says badly (calendars, slots, medians) is refined in Python from the same rows.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Row, Select, case, literal, select

from hoidesk.figures.model import Fact, Key
from hoidesk.figures.window import Window

__all__ = ["Ask", "Definition", "Facts", "Refine", "define", "definitions", "statements"]

SUBJECTS: Final = (
    "associations",
    "congress",
    "party",
    "areas",
    "meetings",
    "rhythm",
    "members",
    "emulation",
    "targets",
    "assessment",
    "submissions",
    "petitions",
    "activities",
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the window, the day for figures of a moment, the filters, and what is split by."""

    window: Window
    as_of: date
    where: Mapping[str, Key] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    params: Mapping[str, int] = field(default_factory=dict)

    def mentions(self, *dimensions: str) -> bool:
        """Whether one of the dimensions is filtered or split by."""
        return any(name in self.where or name in self.by for name in dimensions)

    def at(self, day: date) -> Ask:
        """The same question for the state at the end of another day."""
        return replace(self, as_of=day)


Refine = Callable[[list[Fact], list[Row[Any]], list[list[Row[Any]]], Ask], Iterable[Fact] | None]
"""From the facts and their rows, and the rows of the further statements, to the final facts; None leaves it blank."""


@dataclass(frozen=True)
class Facts:
    """The records of a figure.

    ``dims``: the expression behind each dimension. ``late``: dimensions whose key only ``refine`` knows. ``columns``:
    what ``refine`` reads of each row. ``more``: further statements for ``refine``; with the main one at most three.
    """

    table: str | ColumnElement[str]
    record: ColumnElement[Any]
    label: tuple[ColumnElement[Any], ...]
    source: FromClause
    where: tuple[ColumnElement[bool], ...]
    dims: Mapping[str, ColumnElement[Any]]
    numerator: ColumnElement[Any] = field(default_factory=lambda: literal(1))
    denominator: ColumnElement[Any] = field(default_factory=lambda: literal(0))
    columns: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    more: tuple[Select[Any], ...] = ()
    refine: Refine | None = None
    late: frozenset[str] = frozenset()

    def only(self, *conditions: ColumnElement[bool]) -> Facts:
        """Only the records for which every condition holds."""
        return replace(self, where=self.where + conditions)

    def amount(self, numerator: ColumnElement[Any], denominator: ColumnElement[Any] | None = None) -> Facts:
        """Each record adds ``numerator`` above the line and ``denominator`` below it."""
        return replace(self, numerator=numerator, denominator=literal(0) if denominator is None else denominator)

    def share(self, condition: ColumnElement[bool]) -> Facts:
        """A rate: how many of these records fulfil the condition, which can only be a part of them."""
        return self.amount(case((condition, 1), else_=0), literal(1))

    def also(self, **dims: ColumnElement[Any]) -> Facts:
        """The same records with further dimensions."""
        return replace(self, dims={**self.dims, **dims})

    def refined(
        self,
        refine: Refine,
        *more: Select[Any],
        columns: Mapping[str, ColumnElement[Any]] | None = None,
        late: Iterable[str] = (),
    ) -> Facts:
        """The same records, worked over in Python."""
        return replace(self, refine=refine, more=more, columns=columns or {}, late=frozenset(late))


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined figure. ``version`` grows when the rule changes, so that an issued paper says which rule it used."""

    id: str
    build: Callable[[Ask], Facts]
    version: int
    summary: str


_DEFINED: dict[str, Definition] = {}
Builder = Callable[[Ask], Facts]


def define(id_: str, *, version: int = 1, summary: str = "sum") -> Callable[[Builder], Builder]:
    """Register a function as the definition of a figure of the catalogue."""

    def register(build: Builder) -> Builder:
        if id_ in _DEFINED:
            raise AssertionError(f"figure {id_} is defined twice")
        _DEFINED[id_] = Definition(id_, build, version, summary)
        return build

    return register


@cache
def definitions() -> Mapping[str, Definition]:
    """All definitions by figure id; imports the subject files at the first call."""
    for subject in SUBJECTS:
        importlib.import_module(f"hoidesk.figures.{subject}")
    return _DEFINED


def statements(facts: Facts, ask: Ask, *, labelled: bool = False) -> tuple[Select[Any], ...]:
    """The statements that answer the question: the records first, then what the refinement reads besides."""
    table = literal(facts.table) if isinstance(facts.table, str) else facts.table
    dims = [facts.dims[name].label(f"by_{name}") for name in ask.by if name not in facts.late]
    labels: Sequence[ColumnElement[Any]] = facts.label if labelled else ()
    main = (
        select(
            table.label("table_"),
            facts.record.label("id_"),
            facts.numerator.label("above"),
            facts.denominator.label("below"),
            *dims,
            *(column.label(f"label_{n}") for n, column in enumerate(labels)),
            *(column.label(name) for name, column in facts.columns.items()),
        )
        .select_from(facts.source)
        .where(*facts.where)
        .where(*(facts.dims[name] == value for name, value in ask.where.items() if name not in facts.late))
        .order_by(facts.record)
    )
    return (main, *facts.more)
