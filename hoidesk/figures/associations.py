"""Figures of the register of associations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from hoidesk.associations.tables import Association, Branch
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.sources import (
    associations,
    every_association,
    in_force,
    stands,
    table_of,
    within,
)
from hoidesk.figures.window import months_before
from hoidesk.meetings.tables import Meeting

__all__: list[str] = []


def _filled(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(column.is_not(None), func.trim(column) != "")


@define("associations_total")
def associations_total(ask: Ask) -> Facts:
    """All associations in existence, also the suspended ones."""
    return associations(ask.as_of)


@define("associations_entrusted")
def associations_entrusted(ask: Ask) -> Facts:
    """Those entrusted on the day; never concluded from type or from the old label."""
    a = table_of(Association)
    return associations(ask.as_of).only(in_force(a.c.entrusted_from, a.c.entrusted_to, ask.as_of))


@define("associations_with_managing_department")
def associations_with_managing_department(ask: Ask) -> Facts:
    """Those with both the managing body and its authorised department."""
    a = table_of(Association)
    return associations(ask.as_of).only(_filled(a.c.managing_body), _filled(a.c.managing_department))


@define("associations_with_statute")
def associations_with_statute(ask: Ask) -> Facts:
    """Those whose statute was approved by the day."""
    a = table_of(Association)
    return (
        associations(ask.as_of).only(a.c.statute_approved_on <= ask.as_of).also(statute_followed=a.c.statute_followed)
    )


@define("associations_with_executive")
def associations_with_executive(ask: Ask) -> Facts:
    """Those with an executive committee in office."""
    a = table_of(Association)
    return associations(ask.as_of).only(in_force(a.c.executive_from, a.c.executive_to, ask.as_of))


@define("associations_inactive")
def associations_inactive(ask: Ask) -> Facts:
    """Those without any recorded meeting, visit or event for the months set; young and suspended ones do not count."""
    a, m, b = table_of(Association), table_of(Meeting), table_of(Branch)
    since = months_before(ask.as_of, ask.params["months"])
    doings = exists(
        select(m.c.id)
        .select_from(m.outerjoin(b, b.c.id == m.c.branch_id))
        .where(
            stands(m),
            m.c.held_on > since,
            m.c.held_on <= ask.as_of,
            func.coalesce(m.c.association_id, b.c.association_id) == a.c.id,
        )
    )
    return associations(ask.as_of).only(
        or_(a.c.founded_on.is_(None), a.c.founded_on <= since),
        ~func.coalesce(in_force(a.c.suspended_from, a.c.suspended_to, ask.as_of), False),
        ~doings,
    )


@define("associations_founded")
def associations_founded(ask: Ask) -> Facts:
    """Associations founded in the window."""
    a = table_of(Association)
    return every_association(ask.window.end).only(within(a.c.founded_on, ask.window))


@define("associations_ended")
def associations_ended(ask: Ask) -> Facts:
    """Associations that ended in the window; suspension and a new name are no end."""
    a = table_of(Association)
    return every_association(ask.window.end).only(within(a.c.ended_on, ask.window))
