"""The units that register and are assessed: quarters, the organisations in them, the ward's associations.

An assessed unit is a quarter (not a group in it), a branch of any kind including Front working committees and area
boards, or an association of the ward. Socio-political organisations are assessed through their branches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, column, func, or_, select, table, type_coerce

from hoidesk.associations.tables import Association, Branch
from hoidesk.book.ids import UuidBytes
from hoidesk.units.tables import Area

__all__ = ["UNIT_TABLES", "AssessedUnit", "sort_of", "unit_id", "unit_names", "units_on"]

UNIT_TABLES: Final = {"area": 2, "branch": 11, "association": 10}
"""Kinds of unit in the order of lists, with the number of their table."""

_AREA: Final = Area.__table__  # type: ignore[attr-defined]
_BRANCH: Final = Branch.__table__  # type: ignore[attr-defined]
_ASSOCIATION: Final = Association.__table__  # type: ignore[attr-defined]
_SEARCH: Final = table(
    "search_text", column("tbl"), column("id", UuidBytes()), column("title"), column("sort"), column("written")
)


@dataclass(frozen=True, slots=True)
class AssessedUnit:
    """A unit as it stood on a day; ``branch_kind`` of a branch, ``unit`` the code it belongs to."""

    kind: str
    id: UUID
    name: str
    unit: str
    branch_kind: str | None
    founded_on: date | None
    ended_on: date | None
    suspended_from: date | None = None
    suspended_to: date | None = None


def unit_id(row: Any) -> UUID:
    """The unit that a row with the three unit columns is about."""
    found: UUID = row.branch_id or row.association_id or row.area_id
    return found


def unit_names(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of units of any kind, in one statement."""
    parts = [select(one.c.id, one.c.name).where(one.c.id.in_(ids)) for one in (_AREA, _BRANCH, _ASSOCIATION)]
    rows = connection.execute(parts[0].union_all(*parts[1:]))
    return {row.id: row.name for row in rows}


def sort_of(record: Table) -> ColumnElement[Any]:
    """The Vietnamese sort key of the unit that a record is about, for ORDER BY."""
    about = func.coalesce(record.c.branch_id, record.c.association_id, record.c.area_id)
    return (
        select(_SEARCH.c.sort)
        .where(_SEARCH.c.tbl.in_(UNIT_TABLES.values()), _SEARCH.c.id == type_coerce(about, UuidBytes()))
        .scalar_subquery()
    )


def _alive(since: Any, until: Any, day: date) -> ColumnElement[bool]:
    return and_(or_(since.is_(None), since <= day), or_(until.is_(None), until > day))


def units_on(connection: Connection, day: date, kinds: Sequence[str] = tuple(UNIT_TABLES)) -> list[AssessedUnit]:
    """The units in existence at the end of ``day``, by kind and name; branches end with what they belong to."""
    found: list[AssessedUnit] = []
    if "area" in kinds:
        last = or_(_AREA.c.effective_to.is_(None), _AREA.c.effective_to >= day)
        first = or_(_AREA.c.effective_from.is_(None), _AREA.c.effective_from <= day)
        rows = connection.execute(select(_AREA).where(_AREA.c.voided.is_(None), _AREA.c.kind == "quarter", first, last))
        found += [AssessedUnit("area", r.id, r.name, r.unit, None, r.effective_from, r.effective_to) for r in rows]
    if "branch" in kinds:
        living = _alive(_BRANCH.c.founded_on, _BRANCH.c.ended_on, day)
        rows = connection.execute(select(_BRANCH).where(_BRANCH.c.voided.is_(None), living))
        found += [AssessedUnit("branch", r.id, r.name, r.unit, r.kind, r.founded_on, r.ended_on) for r in rows]
    if "association" in kinds:
        living = _alive(_ASSOCIATION.c.founded_on, _ASSOCIATION.c.ended_on, day)
        rows = connection.execute(
            select(_ASSOCIATION).where(_ASSOCIATION.c.voided.is_(None), _ASSOCIATION.c.kind == "association", living)
        )
        found += [
            AssessedUnit(
                "association", r.id, r.name, r.unit, None, r.founded_on, r.ended_on, r.suspended_from, r.suspended_to
            )
            for r in rows
        ]
    order = list(UNIT_TABLES)
    return sorted(found, key=lambda one: (order.index(one.kind), one.unit, one.name, one.id))
