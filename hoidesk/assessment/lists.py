"""The lists of assessments and of approvals, newest round first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, select

from hoidesk.assessment.standing import effective_state
from hoidesk.assessment.tables import Approval, Assessment, Reopening, Round
from hoidesk.emulation.units import sort_of
from hoidesk.lists.listing import Listing, title_of

__all__ = ["approvals", "assessments"]


def assessments() -> Listing:
    """One sheet a unit and round; points are not here, they are computed from the sheet."""
    model: Any = Assessment
    round_model: Any = Round
    t: Table = model.__table__
    r: Table = round_model.__table__
    cut_off = select(r.c.cut_off).where(r.c.id == t.c.round_id).correlate(t).scalar_subquery()
    unit = func.coalesce(
        title_of(t.c.branch_id, "branch"), title_of(t.c.association_id, "association"), title_of(t.c.area_id, "area")
    )
    names = (
        "unit_kind", "state", "self_submitted_on", "ward_scored_on", "computed_class", "decided_class",
        "not_rated_reason",
    )  # fmt: skip
    return Listing(
        "assessments",
        t,
        {name: t.c[name] for name in names if name != "state"}
        | {"state": effective_state(), "unit_title": unit, "round": title_of(t.c.round_id, "round")},
        order=[cut_off.desc(), t.c.unit_kind, t.c.unit, sort_of(t)],
        filters={
            "round_id": lambda v: t.c.round_id == v,
            "unit_kind": lambda v: t.c.unit_kind == v,
            "state": lambda v: effective_state() == v,
        },
    )


def approvals() -> Listing:
    """Approved sheets, the newest first: those of this office and those that came from the units below it."""
    model: Any = Approval
    t: Table = model.__table__
    unit = func.coalesce(
        title_of(t.c.branch_id, "branch"), title_of(t.c.association_id, "association"), title_of(t.c.area_id, "area")
    )
    opened: Any = Reopening
    r: Table = opened.__table__
    reopened = (
        select(func.max(r.c.reopened_on)).where(r.c.approval_id == t.c.id, r.c.voided.is_(None)).correlate(t)
    ).scalar_subquery()
    names = (
        "unit", "unit_kind", "year", "round_code", "approved_on", "revision", "computed_class", "decided_class",
        "minutes_number",
    )  # fmt: skip
    return Listing(
        "approvals",
        t,
        {name: t.c[name] for name in names} | {"unit_title": unit, "reopened_on": reopened},
        order=[t.c.cut_off.desc(), t.c.unit_kind, sort_of(t), t.c.revision.desc()],
        filters={
            "unit_kind": lambda v: t.c.unit_kind == v,
            "year": lambda v: t.c.year == v,
            "differs": lambda _v: t.c.computed_class != t.c.decided_class,
        },
    )
