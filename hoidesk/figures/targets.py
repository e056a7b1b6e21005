"""Figures of registered targets and of known limitations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, or_, select

from hoidesk import presets
from hoidesk.associations.tables import Association, Branch
from hoidesk.emulation.tables import Limitation, Registration, Target
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.sources import area_key, associations, cluster_of, stands, table_of, within
from hoidesk.units.tables import Area

__all__: list[str] = []


def _unit_source(record: FromClause) -> FromClause:
    b, area = table_of(Branch), table_of(Area)
    return record.outerjoin(b, b.c.id == record.c.branch_id).outerjoin(
        area, area.c.id == func.coalesce(record.c.area_id, b.c.area_id)
    )


def _unit_dims(record: FromClause, ask: Ask) -> dict[str, ColumnElement[Any]]:
    b, area = table_of(Branch), table_of(Area)
    return {
        "unit_kind": record.c.unit_kind,
        "area": area_key(area),
        "association": func.coalesce(record.c.association_id, b.c.association_id),
        "branch": record.c.branch_id,
        "branch_kind": b.c.kind,
        "cluster": cluster_of(area_key(area), ask.window.end),
    }


def _targets(ask: Ask) -> Facts:
    """Targets due in the window of registrations that were sent and not withdrawn."""
    t, r = table_of(Target), table_of(Registration)
    return Facts(
        table="target",
        record=t.c.id,
        label=(t.c.text, t.c.due_on),
        source=_unit_source(r).join(t, t.c.registration_id == r.c.id),
        where=(
            stands(t),
            stands(r),
            r.c.submitted_on <= ask.window.end,
            or_(r.c.withdrawn_on.is_(None), r.c.withdrawn_on > ask.window.end),
            within(t.c.due_on, ask.window),
        ),
        dims={**_unit_dims(r, ask), "criteria_set": r.c.criteria_set_id},
    )


@define("targets_registered")
def targets_registered(ask: Ask) -> Facts:
    """Targets due in the window."""
    return _targets(ask)


@define("targets_met_rate")
def targets_met_rate(ask: Ask) -> Facts:
    """Of the targets due, those whose confirmed result reaches what was registered."""
    t = table_of(Target)
    reached = or_(t.c.target_value.is_(None), t.c.result_value >= t.c.target_value)
    return _targets(ask).share(and_(t.c.confirmed_on.is_not(None), t.c.confirmed_on <= ask.window.end, reached))


def _limitations(ask: Ask) -> Facts:
    item = table_of(Limitation)
    return Facts(
        table="limitation",
        record=item.c.id,
        label=(item.c.text, item.c.remedy_due_on),
        source=_unit_source(item),
        where=(stands(item), within(item.c.remedy_due_on, ask.window)),
        dims={**_unit_dims(item, ask), "limitation_code": item.c.code},
    )


@define("limitations_due")
def limitations_due(ask: Ask) -> Facts:
    """Known limitations whose remedy is due in the window."""
    return _limitations(ask)


@define("limitations_resolved_rate")
def limitations_resolved_rate(ask: Ask) -> Facts:
    """Of the limitations due, those closed by the last day."""
    closed = table_of(Limitation).c.closed_on
    return _limitations(ask).share(and_(closed.is_not(None), closed <= ask.window.end))


@define("associations_in_difficulty")
def associations_in_difficulty(ask: Ask) -> Facts:
    """Associations with an open limitation of money, facilities or dependence; split by the first such code."""
    a, item = table_of(Association), table_of(Limitation)
    code = ask.where.get("limitation_code")
    opened = (
        stands(item),
        item.c.unit_kind == "association",
        item.c.association_id == a.c.id,
        item.c.code.in_(presets.difficulty_codes()),
        or_(item.c.opened_on.is_(None), item.c.opened_on <= ask.as_of),
        or_(item.c.closed_on.is_(None), item.c.closed_on > ask.as_of),
        *([] if code is None else [item.c.code == code]),
    )
    first = select(item.c.code).where(*opened).order_by(item.c.code).limit(1).scalar_subquery()
    return associations(ask.as_of).only(exists(select(item.c.id).where(*opened))).also(limitation_code=first)
