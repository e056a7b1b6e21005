"""Figures of registration for emulation, and of clusters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, literal, or_, select

from hoidesk.emulation.tables import Cluster, ClusterMember, Limitation, Registration, Target
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.model import Fact
from hoidesk.figures.sources import stands, table_of
from hoidesk.figures.units import all_units, living_unit, unit_facts, unit_of

__all__ = ["standing_registration"]


def _in_scope(ask: Ask) -> tuple[Facts, Any]:
    """The units that have to register: alive on the day and not too young; a unit of unknown age is not young."""
    units = all_units()
    oldest = ask.as_of - timedelta(days=ask.params.get("min_days", 90))
    grown = or_(units.c.since.is_(None), units.c.since <= oldest)
    return unit_facts(units, ask.as_of).only(living_unit(units, ask.as_of), grown), units


def standing_registration(ask: Ask) -> ColumnElement[bool]:
    """A registration of the emulation year of the day that was sent by then and not withdrawn."""
    r = table_of(Registration)
    return and_(
        stands(r),
        r.c.year == ask.as_of.year,
        r.c.submitted_on <= ask.as_of,
        or_(r.c.withdrawn_on.is_(None), r.c.withdrawn_on > ask.as_of),
    )


def _registered(ask: Ask, units: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    r = table_of(Registration)
    wanted = ask.where.get("criteria_set")
    more = [r.c.criteria_set_id == wanted] if wanted is not None else []
    return exists(select(r.c.id).where(unit_of(r, units), standing_registration(ask), *more, *conditions))


def _criteria_set(ask: Ask, units: Any) -> ColumnElement[Any]:
    """The set that a unit registered for; of several the one that was asked for, else the first."""
    r = table_of(Registration)
    wanted = ask.where.get("criteria_set")
    if wanted is not None:
        return literal(wanted, r.c.criteria_set_id.type)
    return (
        select(r.c.criteria_set_id)
        .where(unit_of(r, units), standing_registration(ask))
        .order_by(r.c.id)
        .limit(1)
        .scalar_subquery()
    )


@define("units_to_register")
def units_to_register(ask: Ask) -> Facts:
    """The units that have to register."""
    return _in_scope(ask)[0]


@define("registrations")
def registrations(ask: Ask) -> Facts:
    """The units that registered, each once."""
    facts, units = _in_scope(ask)
    return facts.only(_registered(ask, units)).also(criteria_set=_criteria_set(ask, units))


@define("registration_rate")
def registration_rate(ask: Ask) -> Facts:
    """Of the units that have to register, those that did."""
    facts, units = _in_scope(ask)
    return facts.share(_registered(ask, units))


@define("registrations_on_time")
def registrations_on_time(ask: Ask) -> Facts:
    """The units whose first registration came by its due day; without any due day in the year left blank."""
    r = table_of(Registration)
    facts, units = _in_scope(ask)
    with_due_day = select(func.count(r.c.id)).where(stands(r), r.c.year == ask.as_of.year, r.c.due_on.is_not(None))

    def known(facts: list[Fact], _rows: list[Row[Any]], more: list[list[Row[Any]]], _ask: Ask) -> Iterable[Fact] | None:
        return facts if more[0][0][0] else None

    return facts.only(_registered(ask, units, r.c.submitted_on <= r.c.due_on)).refined(known, with_due_day)


@define("registrations_with_limitations")
def registrations_with_limitations(ask: Ask) -> Facts:
    """The units whose registration has a target for a criterion and a limitation with remedy and deadline."""
    r, target, limitation = table_of(Registration), table_of(Target), table_of(Limitation)
    facts, units = _in_scope(ask)
    has_target = exists(
        select(target.c.id).where(stands(target), target.c.registration_id == r.c.id, target.c.item.is_not(None))
    )
    has_limitation = exists(
        select(limitation.c.id).where(
            stands(limitation),
            or_(
                limitation.c.registration_id == r.c.id,
                and_(limitation.c.registration_id.is_(None), unit_of(limitation, units)),
            ),
            func.trim(func.coalesce(limitation.c.remedy, "")) != "",
            limitation.c.remedy_due_on.is_not(None),
        )
    )
    return facts.only(_registered(ask, units, has_target, has_limitation))


@define("clusters")
def clusters(ask: Ask) -> Facts:
    """The clusters of the year of the day; adjacency is judged where it is recorded, here only size is."""
    c, member = table_of(Cluster), table_of(ClusterMember)
    members = (
        select(func.count(member.c.area_id.distinct()))
        .where(stands(member), member.c.cluster_id == c.c.id)
        .scalar_subquery()
    )
    size = case((members.between(3, 4), "three_or_four_adjacent"), else_="other_size")
    return Facts(
        table="cluster",
        record=c.c.id,
        label=(c.c.name,),
        source=c,
        where=(stands(c), c.c.year == ask.as_of.year),
        dims={"cluster_check": size},
    )
