"""Figures of meetings, field visits and direct-democracy events, attendance and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, case, exists, select

from hoidesk.associations.tables import Association, Branch
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.model import Fact
from hoidesk.figures.sources import (
    body_dims,
    body_name,
    body_source,
    meetings,
    stands,
    table_of,
    within,
)
from hoidesk.meetings.tables import AgendaItem, Meeting
from hoidesk.meetings.working_days import shipped_calendar, working_days_between
from hoidesk.units.tables import Area

__all__ = ["held_meetings"]


def held_meetings(ask: Ask) -> Facts:
    """Meetings that took place: those whose number present was recorded."""
    return meetings(ask, "meeting").only(table_of(Meeting).c.present.is_not(None))


def _by_month(facts: Facts) -> Facts:
    """The same records, also by calendar month."""

    def keyed(facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], _ask: Ask) -> Iterable[Fact]:
        for fact, row in zip(facts, rows, strict=True):
            yield replace(fact, keys={**fact.keys, "calendar_month": f"{row.held_on:%Y-%m}"})

    return facts.refined(keyed, columns={"held_on": table_of(Meeting).c.held_on}, late=("calendar_month",))


@define("meetings_held")
def meetings_held(ask: Ask) -> Facts:
    """Meetings held, without field visits and direct-democracy events."""
    return _by_month(held_meetings(ask))


@define("field_visits")
def field_visits(ask: Ask) -> Facts:
    """Field visits made."""
    return _by_month(meetings(ask, "field_visit"))


@define("democracy_events")
def democracy_events(ask: Ask) -> Facts:
    """Direct-democracy events."""
    return _by_month(meetings(ask, "democracy_event"))


def _with_attendance(ask: Ask) -> Facts:
    return held_meetings(ask).only(table_of(Meeting).c.invited.is_not(None))


@define("attendances_invited")
def attendances_invited(ask: Ask) -> Facts:
    """The invited of meetings that have both numbers."""
    return _with_attendance(ask).amount(table_of(Meeting).c.invited)


@define("attendances_present")
def attendances_present(ask: Ask) -> Facts:
    """All who were present, guests too."""
    return held_meetings(ask).amount(table_of(Meeting).c.present)


@define("attendance_rate")
def attendance_rate(ask: Ask) -> Facts:
    """Present to invited, each meeting counted up to its number of invited."""
    m = table_of(Meeting)
    capped = case((m.c.present > m.c.invited, m.c.invited), else_=m.c.present)
    return _with_attendance(ask).amount(capped, m.c.invited)


@define("meetings_with_dissemination_rate")
def meetings_with_dissemination_rate(ask: Ask) -> Facts:
    """Of the meetings held, those with an agenda item of dissemination."""
    m, item = table_of(Meeting), table_of(AgendaItem)
    told = exists(
        select(item.c.id).where(stands(item), item.c.meeting_id == m.c.id, item.c.agenda_kind == "dissemination")
    )
    return held_meetings(ask).share(told)


@define("meetings_recorded_on_time_rate")
def meetings_recorded_on_time_rate(ask: Ask) -> Facts:
    """Of the meetings held, those recorded within the working days set."""
    m, days = table_of(Meeting), ask.params["working_days"]

    def on_time(facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], _ask: Ask) -> Iterable[Fact]:
        for fact, row in zip(facts, rows, strict=True):
            late = (
                row.recorded_on is None or working_days_between(row.held_on, row.recorded_on, shipped_calendar()) > days
            )
            yield replace(fact, numerator=int(not late), denominator=1)

    return held_meetings(ask).refined(on_time, columns={"held_on": m.c.held_on, "recorded_on": m.c.recorded_on})


def _decisions(ask: Ask) -> Facts:
    """Decisions with a deadline in the window, of meetings that stand."""
    item, m = table_of(AgendaItem), table_of(Meeting)
    b, a, area = table_of(Branch), table_of(Association), table_of(Area)
    return Facts(
        table="agenda_item",
        record=item.c.id,
        label=(body_name(m), item.c.due_on),
        source=body_source(m).join(item, item.c.meeting_id == m.c.id),
        where=(stands(item), stands(m), item.c.outcome == "decision", within(item.c.due_on, ask.window)),
        dims=body_dims(m, b, a, area, ask.window.end),
    )


@define("decisions_due")
def decisions_due(ask: Ask) -> Facts:
    """Decisions whose deadline lies in the window."""
    return _decisions(ask)


def _done_in_time() -> ColumnElement[bool]:
    item = table_of(AgendaItem)
    return item.c.done_on <= item.c.due_on


@define("decisions_on_time_rate")
def decisions_on_time_rate(ask: Ask) -> Facts:
    """Of the decisions due, those carried out by their deadline."""
    return _decisions(ask).share(_done_in_time())
