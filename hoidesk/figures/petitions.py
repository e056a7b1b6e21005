"""Figures of petitions, counted by unit and theme, never by person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_

from hoidesk.associations.tables import Association, Branch
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.model import Fact
from hoidesk.figures.sources import body_dims, body_name, body_source, stands, table_of, within
from hoidesk.meetings.tables import Petition
from hoidesk.meetings.working_days import shipped_calendar, working_days_between
from hoidesk.units.tables import Area

__all__: list[str] = []


def _petitions(ask: Ask) -> Facts:
    p, b, a, area = table_of(Petition), table_of(Branch), table_of(Association), table_of(Area)
    dims = {k: v for k, v in body_dims(p, b, a, area, ask.window.end).items() if k != "branch_kind"}
    return Facts(
        table="petition",
        record=p.c.id,
        label=(p.c.number, body_name(p), p.c.raised_on),
        source=body_source(p),
        where=(stands(p),),
        dims={**dims, "theme": p.c.theme, "addressee_kind": p.c.addressee_kind},
    )


def _received(ask: Ask) -> Facts:
    return _petitions(ask).only(within(table_of(Petition).c.raised_on, ask.window))


def _answered(day: Any) -> ColumnElement[bool]:
    """An answer that stands at the end of ``day``: a petition that was opened again waits once more."""
    p = table_of(Petition)
    return and_(p.c.answered_on.is_not(None), p.c.answered_on <= day, p.c.status != "reopened")


def _open(ask: Ask) -> Facts:
    p = table_of(Petition)
    closed = or_(
        and_(p.c.closed_on.is_not(None), p.c.closed_on <= ask.as_of, p.c.status != "reopened"),
        and_(p.c.status == "withdrawn", p.c.closed_on.is_(None)),
    )
    return _petitions(ask).only(p.c.raised_on <= ask.as_of, ~_answered(ask.as_of), ~closed)


@define("petitions_received")
def petitions_received(ask: Ask) -> Facts:
    """Petitions raised in the window; one that was opened again is not new."""
    return _received(ask)


@define("petitions_forwarded")
def petitions_forwarded(ask: Ask) -> Facts:
    """Petitions forwarded to the competent body in the window."""
    return _petitions(ask).only(within(table_of(Petition).c.forwarded_on, ask.window))


@define("petitions_answered_rate")
def petitions_answered_rate(ask: Ask) -> Facts:
    """Of the petitions raised in the window, those with an answer that stands on the last day."""
    return _received(ask).share(_answered(ask.window.end))


@define("petitions_open")
def petitions_open(ask: Ask) -> Facts:
    """Petitions without an answer that stands."""
    return _open(ask)


@define("petitions_overdue")
def petitions_overdue(ask: Ask) -> Facts:
    """Open petitions whose reply date has passed; without a reply date none is late."""
    return _open(ask).only(table_of(Petition).c.reply_due_on < ask.as_of)


@define("petition_answer_days_median", summary="median")
def petition_answer_days_median(ask: Ask) -> Facts:
    """The median of working days from forwarding to the answer, over petitions answered in the window."""
    p = table_of(Petition)

    def days(facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], _ask: Ask) -> Iterable[Fact]:
        for fact, row in zip(facts, rows, strict=True):
            yield replace(fact, numerator=working_days_between(row.forwarded_on, row.answered_on, shipped_calendar()))

    answered = _petitions(ask).only(
        p.c.forwarded_on.is_not(None), within(p.c.answered_on, ask.window), p.c.status != "reopened"
    )
    return answered.refined(days, columns={"forwarded_on": p.c.forwarded_on, "answered_on": p.c.answered_on})


@define("petitions_registered_on_time_rate")
def petitions_registered_on_time_rate(ask: Ask) -> Facts:
    """Of the petitions raised in the window, those registered within the working days set."""
    p, limit = table_of(Petition), ask.params["working_days"]

    def on_time(facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], _ask: Ask) -> Iterable[Fact]:
        for fact, row in zip(facts, rows, strict=True):
            late = (
                row.registered_on is None
                or working_days_between(row.raised_on, row.registered_on, shipped_calendar()) > limit
            )
            yield replace(fact, numerator=int(not late), denominator=1)

    columns = {"raised_on": p.c.raised_on, "registered_on": p.c.registered_on}
    return _received(ask).refined(on_time, columns=columns)


@define("petitions_read_back_rate")
def petitions_read_back_rate(ask: Ask) -> Facts:
    """Of the petitions raised in the window, those whose answer was read back at a named meeting."""
    p = table_of(Petition)
    read_back = and_(p.c.read_back_on <= ask.window.end, p.c.read_back_meeting_id.is_not(None))
    return _received(ask).share(and_(p.c.read_back_on.is_not(None), read_back))
