"""Figures of members: dated counts that organisations reported, never lists.

Associations report for themselves, socio-political organisations through their branches. A question that names a
branch, a kind of branch or an area is about the branches; any other is about the associations. The two are never
added.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, exists, func, literal, select

from hoidesk.associations.tables import Branch, Membership
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.sources import associations, branches, stands, table_of, within

__all__: list[str] = []


def _latest(owner: str, day: date, name: str) -> FromClause:
    """The newest count of each owner (``association_id`` or ``branch_id``) not later than ``day``."""
    m = table_of(Membership)
    newest = func.row_number().over(partition_by=m.c[owner], order_by=(m.c.as_of.desc(), m.c.id.desc()))
    mine = [stands(m), m.c[owner].is_not(None), m.c.as_of <= day]
    if owner == "association_id":
        mine.append(m.c.branch_id.is_(None))
    ranked = (
        select(m.c.id, m.c[owner].label("owner_id"), m.c.members, newest.label("rank_"))
        .where(*mine)
        .subquery(f"{name}_ranked")
    )
    return select(ranked).where(ranked.c.rank_ == 1).subquery(name)


def _by_branch(ask: Ask) -> bool:
    """Whether the question is about branches."""
    kind = ask.where.get("organization_kind", "association")
    return kind != "association" or ask.mentions("branch", "branch_kind", "area", "cluster")


def _owners(ask: Ask, day: date) -> tuple[Facts, str]:
    """The organisations that the question is about, alive on ``day``, and the column that names them."""
    if _by_branch(ask):
        b = table_of(Branch)
        return branches(day).only(b.c.kind != "area_board"), "branch_id"
    return associations(day).also(organization_kind=literal("association")), "association_id"


def _join(facts: Facts, latest: FromClause) -> Facts:
    return replace(facts, source=facts.source.join(latest, latest.c.owner_id == facts.record))


@define("members_of_associations")
def members_of_associations(ask: Ask) -> Facts:
    """The latest count of every association in existence; one that was absorbed lives on in its successor's count."""
    latest = _latest("association_id", ask.as_of, "members_now")
    return _join(associations(ask.as_of), latest).amount(latest.c.members)


@define("members_of_mass_orgs")
def members_of_mass_orgs(ask: Ask) -> Facts:
    """The latest counts of the branches of socio-political organisations."""
    latest = _latest("branch_id", ask.as_of, "members_now")
    facts = branches(ask.as_of)
    return _join(facts, latest).only(facts.dims["organization_kind"] == "mass_org").amount(latest.c.members)


def _change(ask: Ask) -> tuple[Facts, ColumnElement[Any], ColumnElement[Any]]:
    """The organisations that have a count at both ends of the window, with the two counts."""
    facts, owner = _owners(ask, ask.window.end)
    then = _latest(owner, ask.window.day_before, "members_then")
    now = _latest(owner, ask.window.end, "members_now")
    return _join(_join(facts, then), now), now.c.members, then.c.members


@define("members_change")
def members_change(ask: Ask) -> Facts:
    """Members at the end less members before the first day, like for like."""
    facts, now, then = _change(ask)
    return facts.amount(now - then, then)


@define("members_growth_pct")
def members_growth_pct(ask: Ask) -> Facts:
    """The change in percent of the members at the start: growth, so it may be negative or above 100."""
    facts, now, then = _change(ask)
    return facts.amount(now - then, then)


@define("membership_reports")
def membership_reports(ask: Ask) -> Facts:
    """Organisations in operation on the last day that reported a count of a day in the window, each once."""
    m = table_of(Membership)
    facts, owner = _owners(ask, ask.window.end)
    conditions = [stands(m), m.c[owner] == facts.record, within(m.c.as_of, ask.window)]
    if owner == "association_id":
        conditions.append(m.c.branch_id.is_(None))
    return facts.only(exists(select(m.c.id).where(*conditions)))
