"""The lists of criteria sets, registrations, targets, limitations, clusters and their members."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from hoidesk.emulation.tables import (
    Cluster,
    ClusterMember,
    CriteriaDraft,
    CriteriaSet,
    Limitation,
    Registration,
    Target,
)
from hoidesk.emulation.units import sort_of
from hoidesk.lists.listing import Listing, title_of

__all__ = ["cluster_members", "clusters", "criteria_drafts", "criteria_sets", "limitations", "registrations", "targets"]


def _table(model: Any) -> Table:
    found: Table = model.__table__
    return found


def _unit(t: Table) -> ColumnElement[Any]:
    """The title of the area, branch or association that the record is about."""
    return func.coalesce(
        title_of(t.c.branch_id, "branch"), title_of(t.c.association_id, "association"), title_of(t.c.area_id, "area")
    )


def criteria_drafts() -> Listing:
    """Drafts of criteria sets, newest year first."""
    t = _table(CriteriaDraft)
    names = ("code", "version", "year", "unit_kind", "title")
    return Listing("criteria_drafts", t, {name: t.c[name] for name in names}, order=[t.c.year.desc(), t.c.unit_kind])


def criteria_sets() -> Listing:
    """Published criteria sets, this office's and those of the units above, newest year first."""
    t = _table(CriteriaSet)
    names = ("code", "version", "year", "unit_kind", "title", "state", "unit")
    return Listing(
        "criteria_sets",
        t,
        {name: t.c[name] for name in names},
        order=[t.c.year.desc(), t.c.unit_kind],
        filters={
            "year": lambda v: t.c.year == v,
            "unit_kind": lambda v: t.c.unit_kind == v,
            "state": lambda v: t.c.state == v,
        },
    )


def registrations() -> Listing:
    """Registrations, newest year first, by unit; with how many targets and limitations each names."""
    t, target, limit = _table(Registration), _table(Target), _table(Limitation)

    def count(of: Table, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
        wanted = select(func.count()).where(of.c.registration_id == t.c.id, of.c.voided.is_(None), *conditions)
        return wanted.correlate(t).scalar_subquery()

    met = and_(
        target.c.confirmed_on.is_not(None),
        or_(target.c.target_value.is_(None), target.c.result_value >= target.c.target_value),
    )
    names = ("year", "unit_kind", "title_targeted", "due_on", "submitted_on", "withdrawn_on")
    return Listing(
        "registrations",
        t,
        {name: t.c[name] for name in names}
        | {
            "unit_title": _unit(t),
            "criteria": title_of(t.c.criteria_set_id, "criteria_set"),
            "targets": count(target),
            "targets_met": count(target, met),
            "limitations": count(limit),
            "limitations_open": count(limit, limit.c.closed_on.is_(None)),
        },
        order=[t.c.year.desc(), t.c.unit_kind, t.c.unit, sort_of(t)],
        filters={
            "year": lambda v: t.c.year == v,
            "unit_kind": lambda v: t.c.unit_kind == v,
            "criteria_set_id": lambda v: t.c.criteria_set_id == v,
            "draft": lambda _v: and_(t.c.submitted_on.is_(None), t.c.withdrawn_on.is_(None)),
            "overdue_on": lambda day: and_(t.c.due_on < day, t.c.submitted_on.is_(None), t.c.withdrawn_on.is_(None)),
        },
    )


def targets() -> Listing:
    """Targets in the order of their registration."""
    t = _table(Target)
    names = (
        "position", "item", "text", "target_value", "target_unit", "due_on", "evidence_expected", "result_value",
        "confirmed_on",
    )  # fmt: skip
    return Listing(
        "targets",
        t,
        {name: t.c[name] for name in names} | {"registration": title_of(t.c.registration_id, "registration")},
        order=[t.c.registration_id, t.c.position],
        filters={"registration_id": lambda v: t.c.registration_id == v},
    )


def limitations() -> Listing:
    """Known limitations, those that are open first."""
    t = _table(Limitation)
    names = ("unit_kind", "code", "text", "remedy", "remedy_due_on", "opened_on", "closed_on", "registration_id")
    return Listing(
        "limitations",
        t,
        {name: t.c[name] for name in names} | {"unit_title": _unit(t)},
        order=[t.c.closed_on.is_not(None), t.c.remedy_due_on],
        filters={
            "registration_id": lambda v: t.c.registration_id == v,
            "area_id": lambda v: t.c.area_id == v,
            "branch_id": lambda v: t.c.branch_id == v,
            "association_id": lambda v: t.c.association_id == v,
            "open": lambda _v: t.c.closed_on.is_(None),
        },
    )


def clusters() -> Listing:
    """Emulation clusters, newest year first, with how many quarters each has."""
    t, member = _table(Cluster), _table(ClusterMember)
    count = select(func.count()).where(member.c.cluster_id == t.c.id, member.c.voided.is_(None)).correlate(t)
    return Listing(
        "clusters",
        t,
        {"year": t.c.year, "name": t.c.name, "members": count.scalar_subquery()},
        order=[t.c.year.desc(), t.c.name],
        filters={"year": lambda v: t.c.year == v},
    )


def cluster_members() -> Listing:
    """The quarters of the clusters."""
    t = _table(ClusterMember)
    return Listing(
        "cluster_members",
        t,
        {"cluster": title_of(t.c.cluster_id, "cluster"), "area": title_of(t.c.area_id, "area")},
        order=[t.c.cluster_id, title_of(t.c.area_id, "area")],
        filters={"cluster_id": lambda v: t.c.cluster_id == v},
    )
