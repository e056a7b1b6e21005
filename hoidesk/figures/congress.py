"""Figures of terms and congresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func

from hoidesk.associations.tables import Association
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.model import Fact
from hoidesk.figures.sources import associations, every_association, in_force, table_of, within
from hoidesk.figures.window import months_after, months_before

__all__ = ["term_runs_on"]


def _due() -> ColumnElement[Any]:
    """The day by which the congress has to be held: the day it was put off to, else the end of the term."""
    a = table_of(Association)
    return func.coalesce(a.c.postponed_to, a.c.term_to)


def term_runs_on(last_congress: date | None, term_from: date | None, day: date) -> bool:
    """Whether the congress that follows the term has not been held by ``day``.

    A congress within the first year of a term is the one that opened it: many offices write the first of January as
    the beginning of a term whose congress was in spring.
    """
    if last_congress is None or last_congress > day:
        return True
    return term_from is not None and months_before(last_congress, 12) <= term_from


def _still_due(facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], ask: Ask) -> Iterable[Fact]:
    for fact, row in zip(facts, rows, strict=True):
        if term_runs_on(row.last_congress, row.term_from, ask.as_of):
            yield fact


def _with_term(facts: Facts) -> Facts:
    """Only associations whose next congress has not been held."""
    a = table_of(Association)
    columns = {"last_congress": a.c.last_congress_on, "term_from": a.c.term_from}
    return facts.only(_due().is_not(None)).refined(_still_due, columns=columns)


@define("congress_overdue")
def congress_overdue(ask: Ask) -> Facts:
    """Associations whose term ended before the day, without the congress that follows; suspended ones do not count."""
    a = table_of(Association)
    suspended = func.coalesce(in_force(a.c.suspended_from, a.c.suspended_to, ask.as_of), False)
    return _with_term(associations(ask.as_of).only(_due() < ask.as_of, ~suspended))


@define("congress_due_soon")
def congress_due_soon(ask: Ask) -> Facts:
    """Associations whose term ends from the day to the end of the months set."""
    end = months_after(ask.as_of, ask.params["months"])
    return _with_term(associations(ask.as_of).only(_due().between(ask.as_of, end)))


@define("congresses_held")
def congresses_held(ask: Ask) -> Facts:
    """Associations whose last congress was in the window."""
    a = table_of(Association)
    return every_association(ask.window.end).only(within(a.c.last_congress_on, ask.window))
