"""The records that figures look at: who is alive on a day, where it belongs, and by what it can be split.

The rules of the dated world, once for all figures: a record set aside never counts; a missing first day means "since
always"; what ended on a day is gone by the end of that day; what is in force to a day is in force through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, case, func, or_, select

from hoidesk import presets
from hoidesk.associations.tables import Association, Branch
from hoidesk.book.records import Record
from hoidesk.emulation.tables import Cluster, ClusterMember
from hoidesk.figures.definition import Ask, Facts
from hoidesk.figures.window import Window
from hoidesk.meetings.tables import Meeting
from hoidesk.units.tables import Area

__all__ = [
    "alive",
    "area_key",
    "association_dims",
    "associations",
    "body_dims",
    "body_name",
    "body_source",
    "branch_dims",
    "branch_organization",
    "branches",
    "cluster_of",
    "every_association",
    "in_force",
    "kinds_of",
    "meetings",
    "quarters",
    "stands",
    "table_of",
    "valid",
    "within",
]


def table_of(model: type[Record]) -> Table:
    """The Core table of a record class."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def stands(table: FromClause) -> ColumnElement[bool]:
    """The record was not set aside."""
    return table.c.voided.is_(None)


def alive(since: ColumnElement[Any], until: ColumnElement[Any], day: date | ColumnElement[Any]) -> ColumnElement[bool]:
    """It exists at the end of ``day``: begun by then and not ended by then."""
    return and_(or_(since.is_(None), since <= day), or_(until.is_(None), until > day))


def in_force(
    since: ColumnElement[Any], until: ColumnElement[Any], day: date | ColumnElement[Any]
) -> ColumnElement[bool]:
    """A status with a first day holds on ``day``: from that day to its last day, both included."""
    return and_(since <= day, or_(until.is_(None), until >= day))


def valid(since: ColumnElement[Any], until: ColumnElement[Any], day: date | ColumnElement[Any]) -> ColumnElement[bool]:
    """An entry of the dated tree holds on ``day``; its last day is a day on which it still holds."""
    return and_(or_(since.is_(None), since <= day), or_(until.is_(None), until >= day))


def within(column: ColumnElement[Any], window: Window) -> ColumnElement[bool]:
    """The day lies in the window, both ends included."""
    return column.between(window.start, window.end)


def area_key(area: FromClause) -> ColumnElement[Any]:
    """The quarter of an area: the area itself, or for a group the quarter it lies in."""
    return case((area.c.kind == "group", func.coalesce(area.c.parent_id, area.c.id)), else_=area.c.id)


def cluster_of(area_id: ColumnElement[Any], day: date) -> ColumnElement[Any]:
    """The cluster in which an area is in the year of ``day``."""
    member, cluster = table_of(ClusterMember), table_of(Cluster)
    return (
        select(cluster.c.id)
        .join_from(cluster, member, member.c.cluster_id == cluster.c.id)
        .where(stands(cluster), stands(member), cluster.c.year == day.year, member.c.area_id == area_id)
        .order_by(cluster.c.id)
        .limit(1)
        .scalar_subquery()
    )


def associations(day: date) -> Facts:
    """The associations (not the socio-political organisations) in existence at the end of ``day``."""
    a = table_of(Association)
    return every_association(day).only(alive(a.c.founded_on, a.c.ended_on, day))


def every_association(day: date) -> Facts:
    """The associations of all times; marks with dates are read at the end of ``day``."""
    a = table_of(Association)
    return Facts(
        table="association",
        record=a.c.id,
        label=(a.c.name,),
        source=a,
        where=(stands(a), a.c.kind == "association"),
        dims=association_dims(a, day),
    )


def association_dims(a: FromClause, day: date) -> Mapping[str, ColumnElement[Any]]:
    """What associations are split by, as it stood on ``day``."""
    return {
        "association_type": a.c.type,
        "scope": a.c.scope,
        "entrusted": case((in_force(a.c.entrusted_from, a.c.entrusted_to, day), "entrusted"), else_="not_entrusted"),
        "legacy_specific": case((a.c.legacy_specific.is_(True), "marked"), else_="unmarked"),
        "managing_level": a.c.managing_level,
        "association": a.c.id,
        "status": case((in_force(a.c.suspended_from, a.c.suspended_to, day), "suspended"), else_="active"),
    }


def branch_organization(branch: FromClause, association: FromClause) -> ColumnElement[Any]:
    """Which kind of organisation a branch is part of: its own kind says it, else its association."""
    kinds = {str(one["id"]): str(one["organization_kind"]) for one in presets.entries("branch_kinds")}
    mass = [kind for kind, organization in kinds.items() if organization == "mass_org"]
    return case(
        (branch.c.kind.in_(("front_working_committee", "area_board")), branch.c.kind),
        (association.c.kind.is_not(None), association.c.kind),
        (branch.c.kind.in_(mass), "mass_org"),
        else_="association",
    )


def branch_dims(b: FromClause, a: FromClause, area: FromClause, day: date) -> Mapping[str, ColumnElement[Any]]:
    """What branches are split by; ``a`` and ``area`` are the outer-joined association and area."""
    return {
        "organization_kind": branch_organization(b, a),
        "association": b.c.association_id,
        "branch": b.c.id,
        "branch_kind": b.c.kind,
        "area": area_key(area),
        "cluster": cluster_of(area_key(area), day),
    }


def branches(day: date, *, living: bool = True) -> Facts:
    """Branches, Front working committees and area boards; ``living``: those in operation at the end of ``day``."""
    b, a, area = table_of(Branch), table_of(Association), table_of(Area)
    facts = Facts(
        table="branch",
        record=b.c.id,
        label=(b.c.name, area.c.name),
        source=b.outerjoin(a, a.c.id == b.c.association_id).outerjoin(area, area.c.id == b.c.area_id),
        where=(stands(b),),
        dims=branch_dims(b, a, area, day),
    )
    return facts.only(alive(b.c.founded_on, b.c.ended_on, day)) if living else facts


def quarters(day: date) -> Facts:
    """The residential areas in force at the end of ``day``; groups below them are not counted."""
    area = table_of(Area)
    return Facts(
        table="area",
        record=area.c.id,
        label=(area.c.name,),
        source=area,
        where=(stands(area), area.c.kind == "quarter", valid(area.c.effective_from, area.c.effective_to, day)),
        dims={"area": area.c.id, "cluster": cluster_of(area.c.id, day)},
    )


def kinds_of(counter: str) -> list[str]:
    """The meeting kinds that a counter counts: meeting, field_visit, democracy_event, event, party_day."""
    return [str(one["id"]) for one in presets.entries("meeting_kinds") if one["counter"] == counter]


def body_dims(
    record: FromClause, branch: FromClause, association: FromClause, area: FromClause, day: date
) -> Mapping[str, ColumnElement[Any]]:
    """What the doings of a body are split by; the body is a branch, an association, an area or the ward itself."""
    return {
        "organization_kind": case(
            (branch.c.id.is_not(None), branch_organization(branch, association)),
            (association.c.id.is_not(None), association.c.kind),
            (area.c.id.is_not(None), "area_board"),
            else_="front_committee",
        ),
        "association": association.c.id,
        "branch": record.c.branch_id,
        "branch_kind": branch.c.kind,
        "area": area_key(area),
        "cluster": cluster_of(area_key(area), day),
    }


def body_source(record: FromClause) -> FromClause:
    """A record with ``branch_id``, ``association_id`` and ``area_id``, joined to the body it belongs to."""
    b, a, area = table_of(Branch), table_of(Association), table_of(Area)
    return (
        record.outerjoin(b, b.c.id == record.c.branch_id)
        .outerjoin(a, a.c.id == func.coalesce(record.c.association_id, b.c.association_id))
        .outerjoin(area, area.c.id == func.coalesce(record.c.area_id, b.c.area_id))
    )


def body_name(record: FromClause) -> ColumnElement[Any]:
    """The name of the body of a record, for people."""
    b, a, area = table_of(Branch), table_of(Association), table_of(Area)
    return case(
        (record.c.branch_id.is_not(None), b.c.name),
        (record.c.association_id.is_not(None), a.c.name),
        else_=area.c.name,
    )


def meetings(ask: Ask, counter: str) -> Facts:
    """What was held in the window of the kinds that a counter counts."""
    m, b, a, area = table_of(Meeting), table_of(Branch), table_of(Association), table_of(Area)
    end = ask.window.end
    return Facts(
        table="meeting",
        record=m.c.id,
        label=(body_name(m), m.c.held_on),
        source=body_source(m),
        where=(stands(m), m.c.kind.in_(kinds_of(counter)), within(m.c.held_on, ask.window)),
        dims={**body_dims(m, b, a, area, end), "meeting_kind": m.c.kind, "source_channel": m.c.source_channel},
    )
