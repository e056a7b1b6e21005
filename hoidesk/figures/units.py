"""The units that register for emulation and are assessed: areas, the organisations in them, the ward's associations."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, literal, null, or_, select, type_coerce, union_all

from hoidesk.associations.tables import Association, Branch
from hoidesk.book.ids import UuidBytes
from hoidesk.figures.definition import Facts
from hoidesk.figures.sources import area_key, cluster_of, stands, table_of
from hoidesk.units.tables import Area

__all__ = ["all_units", "living_unit", "unit_facts", "unit_of"]


def _none() -> ColumnElement[Any]:
    return type_coerce(null(), UuidBytes())


def all_units() -> FromClause:
    """Every area, association and branch that ever was, as one table with its kind, its life and where it belongs.

    ``until`` is the first day on which the unit is gone; ``valid_to`` is the last day of an area.
    """
    a, b, area = table_of(Association), table_of(Branch), table_of(Area)
    home = table_of(Area).alias("home_area")
    quarters = select(
        literal("area").label("unit_kind"),
        area.c.id.label("id"),
        area.c.name.label("name"),
        area.c.effective_from.label("since"),
        null().label("until"),
        area.c.effective_to.label("valid_to"),
        area.c.id.label("area_id"),
        _none().label("association_id"),
        _none().label("branch_id"),
        null().label("branch_kind"),
    ).where(stands(area), area.c.kind == "quarter")
    organisations = select(
        literal("association"),
        a.c.id,
        a.c.name,
        a.c.founded_on,
        a.c.ended_on,
        null(),
        _none(),
        a.c.id,
        _none(),
        null(),
    ).where(stands(a), a.c.kind == "association")
    branches = (
        select(
            literal("branch"),
            b.c.id,
            b.c.name,
            b.c.founded_on,
            b.c.ended_on,
            null(),
            area_key(home),
            b.c.association_id,
            b.c.id,
            b.c.kind,
        )
        .select_from(b.outerjoin(home, home.c.id == b.c.area_id))
        .where(stands(b))
    )
    return union_all(quarters, organisations, branches).subquery("units")


def living_unit(units: FromClause, day: date | ColumnElement[Any]) -> ColumnElement[bool]:
    """The unit exists at the end of ``day``."""
    return and_(
        or_(units.c.since.is_(None), units.c.since <= day),
        or_(units.c.until.is_(None), units.c.until > day),
        or_(units.c.valid_to.is_(None), units.c.valid_to >= day),
    )


def unit_facts(units: FromClause, day: date) -> Facts:
    """One record a unit; dimensions are the same whatever the unit is."""
    return Facts(
        table=units.c.unit_kind,
        record=units.c.id,
        label=(units.c.name,),
        source=units,
        where=(),
        dims={
            "unit_kind": units.c.unit_kind,
            "area": units.c.area_id,
            "association": units.c.association_id,
            "branch": units.c.branch_id,
            "branch_kind": units.c.branch_kind,
            "cluster": cluster_of(units.c.area_id, day),
        },
    )


def unit_of(record: FromClause, units: FromClause) -> ColumnElement[bool]:
    """A record with ``unit_kind`` and the three unit columns is about that unit."""
    about = func.coalesce(record.c.branch_id, record.c.association_id, record.c.area_id)
    return and_(record.c.unit_kind == units.c.unit_kind, about == units.c.id)
