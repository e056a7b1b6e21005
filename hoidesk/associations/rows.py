"""The lists of organisations, branches, posts, membership figures and Party organisation statuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from hoidesk.associations.tables import Association, Branch, Membership, PartyStatus, Post
from hoidesk.lists.listing import Listing, alive, title_of
from hoidesk.meetings.tables import Meeting

__all__ = ["associations", "branches", "memberships", "party_statuses", "posts"]


def _latest_members(owner: ColumnElement[object], record: ColumnElement[object]) -> ColumnElement[object]:
    m = Membership.__table__  # type: ignore[attr-defined]
    query = select(m.c.members).where(owner == record, m.c.voided.is_(None)).order_by(m.c.as_of.desc(), m.c.id.desc())
    return query.limit(1).correlate(record.table).scalar_subquery()


def _equals(column: ColumnElement[Any]) -> Callable[[Any], ColumnElement[bool]]:
    return lambda value: column == value


def associations() -> Listing:
    """Associations and socio-political organisations; the filter ``kind`` keeps them apart."""
    t = Association.__table__  # type: ignore[attr-defined]
    b = Branch.__table__  # type: ignore[attr-defined]
    p = PartyStatus.__table__  # type: ignore[attr-defined]
    m = Membership.__table__  # type: ignore[attr-defined]
    branches_of = (
        select(func.count())
        .where(b.c.association_id == t.c.id, b.c.voided.is_(None), b.c.ended_on.is_(None))
        .correlate(t)
        .scalar_subquery()
    )
    party = (
        select(p.c.status)
        .where(p.c.association_id == t.c.id, p.c.voided.is_(None), p.c.status_to.is_(None))
        .order_by(p.c.status_from.desc(), p.c.id.desc())
        .limit(1)
        .correlate(t)
        .scalar_subquery()
    )
    return Listing(
        "associations",
        t,
        {
            "name": t.c.name,
            "kind": t.c.kind,
            "type": t.c.type,
            "scope": t.c.scope,
            "entrusted": and_(t.c.entrusted_from.is_not(None), t.c.entrusted_to.is_(None)),
            "term_from": t.c.term_from,
            "term_to": t.c.term_to,
            "last_congress_on": t.c.last_congress_on,
            "next_congress_on": t.c.next_congress_on,
            "postponed_to": t.c.postponed_to,
            "branches": branches_of,
            "members": _latest_members(m.c.association_id, t.c.id),
            "party": party,
            "suspended_from": t.c.suspended_from,
            "suspended_to": t.c.suspended_to,
            "ended_on": t.c.ended_on,
        },
        as_of=lambda day: alive(t.c.founded_on, t.c.ended_on, day),
        filters={
            "kind": lambda v: t.c.kind == v,
            "type": lambda v: t.c.type == v,
            "congress_before": lambda day: and_(
                or_(t.c.term_to < day, t.c.next_congress_on < day), t.c.ended_on.is_(None)
            ),
        },
    )


def branches() -> Listing:
    """Branches, Front working committees and area boards, by quarter."""
    t = Branch.__table__  # type: ignore[attr-defined]
    m = Meeting.__table__  # type: ignore[attr-defined]
    s = Membership.__table__  # type: ignore[attr-defined]
    last = select(func.max(m.c.held_on)).where(m.c.branch_id == t.c.id, m.c.voided.is_(None)).correlate(t)
    return Listing(
        "branches",
        t,
        {
            "name": t.c.name,
            "kind": t.c.kind,
            "area": title_of(t.c.area_id, "area"),
            "association": title_of(t.c.association_id, "association"),
            "rhythm": t.c.rhythm,
            "meeting_day": t.c.meeting_day,
            "last_meeting_on": last.scalar_subquery(),
            "members": _latest_members(s.c.branch_id, t.c.id),
            "consolidate_from": t.c.consolidate_from,
            "consolidate_to": t.c.consolidate_to,
            "founded_on": t.c.founded_on,
            "ended_on": t.c.ended_on,
        },
        as_of=lambda day: alive(t.c.founded_on, t.c.ended_on, day),
        filters={
            "area_id": lambda v: t.c.area_id == v,
            "association_id": lambda v: t.c.association_id == v,
            "kind": lambda v: t.c.kind == v,
            "consolidate": lambda v: and_(t.c.consolidate_from.is_not(None), t.c.consolidate_to.is_(None)),
            "no_meeting_since": lambda day: (
                ~select(m.c.id).where(m.c.branch_id == t.c.id, m.c.held_on >= day, m.c.voided.is_(None)).exists()
            ),
        },
    )


def posts() -> Listing:
    """Posts with their office-holders."""
    t = Post.__table__  # type: ignore[attr-defined]
    return Listing(
        "posts",
        t,
        {
            "title": t.c.title,
            "holder": t.c.holder,
            "association": title_of(t.c.association_id, "association"),
            "branch": title_of(t.c.branch_id, "branch"),
            "area": title_of(t.c.area_id, "area"),
            "field_of_work": t.c.field_of_work,
            "held_from": t.c.held_from,
            "held_to": t.c.held_to,
            "phone": t.c.phone,
        },
        as_of=lambda day: alive(t.c.held_from, t.c.held_to, day),
        filters={name: _equals(t.c[name]) for name in ("association_id", "branch_id", "area_id")},
    )


def memberships() -> Listing:
    """Membership figures, newest first."""
    t = Membership.__table__  # type: ignore[attr-defined]
    return Listing(
        "memberships",
        t,
        {
            "as_of": t.c.as_of,
            "association": title_of(t.c.association_id, "association"),
            "branch": title_of(t.c.branch_id, "branch"),
            "members": t.c.members,
            "joined": t.c.joined,
            "left": t.c.left,
            "source_note": t.c.source_note,
        },
        as_of=lambda day: t.c.as_of <= day,
        order=[t.c.as_of.desc()],
        filters={name: _equals(t.c[name]) for name in ("association_id", "branch_id")},
    )


def party_statuses() -> Listing:
    """Party organisation statuses, newest first."""
    t = PartyStatus.__table__  # type: ignore[attr-defined]
    return Listing(
        "party_statuses",
        t,
        {
            "association": title_of(t.c.association_id, "association"),
            **{
                name: t.c[name]
                for name in (
                    "status",
                    "status_from",
                    "status_to",
                    "joint_with",
                    "established_on",
                    "rules_issued_on",
                    "rules_reviewed_on",
                    "party_members",
                    "members_as_of",
                    "caucus",
                )
            },
        },
        as_of=lambda day: alive(t.c.status_from, t.c.status_to, day),
        order=[t.c.status_from.desc()],
        filters={"association_id": lambda v: t.c.association_id == v},
    )
