"""The lists of meetings, agenda items, petitions, forwarded petitions and replies."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, select

from hoidesk.associations.tables import Branch
from hoidesk.lists.listing import Listing, title_of
from hoidesk.meetings.tables import AgendaItem, ForwardedPetition, Meeting, Petition, PetitionReply

__all__ = ["agenda_items", "forwarded_petitions", "meetings", "petition_replies", "petitions"]


def _body(t: Table) -> ColumnElement[Any]:
    """The title of the branch, association or area that the record belongs to."""
    return func.coalesce(
        title_of(t.c.branch_id, "branch"), title_of(t.c.association_id, "association"), title_of(t.c.area_id, "area")
    )


def meetings() -> Listing:
    """Meetings, field visits and events, newest first."""
    t = Meeting.__table__  # type: ignore[attr-defined]
    i = AgendaItem.__table__  # type: ignore[attr-defined]
    p = Petition.__table__  # type: ignore[attr-defined]
    b = Branch.__table__  # type: ignore[attr-defined]
    items = select(func.count()).where(i.c.meeting_id == t.c.id, i.c.voided.is_(None)).correlate(t)
    raised = select(func.count()).where(p.c.meeting_id == t.c.id, p.c.voided.is_(None)).correlate(t)
    return Listing(
        "meetings",
        t,
        {
            "held_on": t.c.held_on,
            "body": _body(t),
            "kind": t.c.kind,
            "invited": t.c.invited,
            "present": t.c.present,
            "excused": t.c.excused,
            "topic": t.c.topic,
            "items": items.scalar_subquery(),
            "petitions": raised.scalar_subquery(),
            "no_petition": t.c.no_petition,
            "source_channel": t.c.source_channel,
            "entered_on_behalf": t.c.entered_on_behalf,
        },
        as_of=lambda day: t.c.held_on <= day,
        order=[t.c.held_on.desc()],
        filters={
            "branch_id": lambda v: t.c.branch_id == v,
            "association_id": lambda v: t.c.association_id == v,
            "area_id": lambda v: t.c.area_id == v,
            "in_area": lambda v: t.c.branch_id.in_(select(b.c.id).where(b.c.area_id == v)),
            "kind": lambda v: t.c.kind == v,
            "from": lambda day: t.c.held_on >= day,
            "to": lambda day: t.c.held_on <= day,
        },
    )


def agenda_items() -> Listing:
    """What came of the items of a meeting, in the order of the agenda."""
    t = AgendaItem.__table__  # type: ignore[attr-defined]
    return Listing(
        "agenda_items",
        t,
        {
            "position": t.c.position,
            "agenda_kind": t.c.agenda_kind,
            "outcome": t.c.outcome,
            "text": t.c.text,
            "responsible_post": t.c.responsible_post,
            "due_on": t.c.due_on,
            "done_on": t.c.done_on,
            "meeting": title_of(t.c.meeting_id, "meeting"),
        },
        order=[t.c.position],
        filters={
            "meeting_id": lambda v: t.c.meeting_id == v,
            "open": lambda v: and_(t.c.outcome == "decision", t.c.done_on.is_(None)),
        },
    )


def petitions() -> Listing:
    """The ledger of petitions, newest first."""
    t = Petition.__table__  # type: ignore[attr-defined]
    return Listing(
        "petitions",
        t,
        {
            "number": t.c.number,
            "raised_on": t.c.raised_on,
            "text": t.c.text,
            "body": _body(t),
            "theme": t.c.theme,
            "status": t.c.status,
            "addressee_kind": t.c.addressee_kind,
            "addressee": t.c.addressee,
            "forwarded_on": t.c.forwarded_on,
            "reply_due_on": t.c.reply_due_on,
            "answered_on": t.c.answered_on,
            "read_back_on": t.c.read_back_on,
            "closed_on": t.c.closed_on,
        },
        as_of=lambda day: t.c.raised_on <= day,
        # A longer number of one series is a later one: 100/2026 comes after 99/2026.
        order=[t.c.raised_on.desc(), func.length(t.c.number).desc(), t.c.number.desc()],
        filters={
            "status": lambda v: t.c.status == v,
            "theme": lambda v: t.c.theme == v,
            "meeting_id": lambda v: t.c.meeting_id == v,
            "branch_id": lambda v: t.c.branch_id == v,
            "open": lambda v: and_(t.c.answered_on.is_(None), t.c.closed_on.is_(None), t.c.status != "withdrawn"),
            "overdue_on": lambda day: and_(t.c.answered_on.is_(None), t.c.closed_on.is_(None), t.c.reply_due_on < day),
        },
    )


def forwarded_petitions() -> Listing:
    """Petitions that were forwarded, by this unit or to it, newest first; those without a reply can be asked for."""
    t = ForwardedPetition.__table__  # type: ignore[attr-defined]
    r = PetitionReply.__table__  # type: ignore[attr-defined]
    replied = select(func.max(r.c.replied_on)).where(r.c.forwarded_id == t.c.id, r.c.voided.is_(None)).correlate(t)
    return Listing(
        "forwarded_petitions",
        t,
        {
            "number": t.c.number,
            "text": t.c.text,
            "theme": t.c.theme,
            "raised_on": t.c.raised_on,
            "forwarded_on": t.c.forwarded_on,
            "from_unit": t.c.from_unit,
            "to_unit": t.c.to_unit,
            "unit": t.c.unit,
            "replied_on": replied.scalar_subquery(),
        },
        as_of=lambda day: t.c.forwarded_on <= day,
        order=[t.c.forwarded_on.desc()],
        filters={
            "to_unit": lambda v: t.c.to_unit == v,
            "petition_id": lambda v: t.c.petition_id == v,
            "open": lambda v: ~select(r.c.id).where(r.c.forwarded_id == t.c.id, r.c.voided.is_(None)).exists(),
        },
    )


def petition_replies() -> Listing:
    """Replies to forwarded petitions, newest first."""
    t = PetitionReply.__table__  # type: ignore[attr-defined]
    return Listing(
        "petition_replies",
        t,
        {
            "replied_on": t.c.replied_on,
            "number": t.c.number,
            "text": t.c.text,
            "status": t.c.status,
            "forwarded": title_of(t.c.forwarded_id, "forwarded_petition"),
        },
        order=[t.c.replied_on.desc()],
        filters={"forwarded_id": lambda v: t.c.forwarded_id == v},
    )
