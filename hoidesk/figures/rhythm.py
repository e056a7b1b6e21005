"""Figures of regular meetings: the slots of each branch's rhythm and the meetings that fill them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, or_, select

from hoidesk import presets
from hoidesk.associations.tables import Association, Branch
from hoidesk.figures.definition import Ask, Facts, Refine, define
from hoidesk.figures.model import Fact
from hoidesk.figures.slots import RHYTHMS, Slot, filled_by, planned_slots, whole_quarters
from hoidesk.figures.sources import associations, branches, in_force, kinds_of, stands, table_of, within
from hoidesk.figures.window import Window, months_before
from hoidesk.meetings.tables import Meeting

__all__: list[str] = []

Held = dict[UUID, dict[date, UUID]]
"""The first meeting of each day, by branch."""


def _regular_kinds() -> list[str]:
    return [
        str(one["id"]) for one in presets.entries("meeting_kinds") if one["regular"] and one["counter"] == "meeting"
    ]


def _regular_meetings(ask: Ask) -> Select[Any]:
    """The regular meetings that can fill a slot of the window; a slot may begin before the window does."""
    m = table_of(Meeting)
    begin = months_before(ask.window.start.replace(day=1), max(RHYTHMS.values()))
    found = select(m.c.branch_id, m.c.held_on, m.c.id).where(
        stands(m),
        m.c.branch_id.is_not(None),
        m.c.kind.in_(_regular_kinds()),
        m.c.present.is_not(None),
        m.c.held_on.between(begin, ask.window.end),
    )
    one = ask.where.get("branch")
    return found if one is None else found.where(m.c.branch_id == one)


def _rhythmic(ask: Ask) -> Facts:
    """Branches with a rhythm that lived at some time in the window."""
    b = table_of(Branch)
    return branches(ask.window.end, living=False).only(
        b.c.rhythm.in_(list(RHYTHMS)),
        or_(b.c.founded_on.is_(None), b.c.founded_on <= ask.window.end),
        or_(b.c.ended_on.is_(None), b.c.ended_on > ask.window.start),
    )


def _refined(facts: Facts, refine: Refine, *more: Select[Any]) -> Facts:
    b = table_of(Branch)
    columns = {"rhythm": b.c.rhythm, "founded_on": b.c.founded_on, "ended_on": b.c.ended_on}
    return facts.refined(refine, *more, columns=columns)


def _slots(row: Row[Any], window: Window) -> list[Slot]:
    return planned_slots(row.rhythm, window, founded=row.founded_on, ended=row.ended_on)


def _held(rows: list[Row[Any]]) -> Held:
    held: Held = defaultdict(dict)
    for row in sorted(rows, key=lambda one: one.id):
        held[row.branch_id].setdefault(row.held_on, row.id)
    return held


@define("meeting_slots_planned")
def meeting_slots_planned(ask: Ask) -> Facts:
    """The slots that branches owe in the window."""

    def planned(facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], ask: Ask) -> Iterable[Fact]:
        for fact, row in zip(facts, rows, strict=True):
            due = len(_slots(row, ask.window))
            if due:
                yield Fact(fact.table, fact.id, due, 0, fact.keys, fact.label)

    return _refined(_rhythmic(ask), planned)


@define("meeting_regularity_rate")
def meeting_regularity_rate(ask: Ask) -> Facts:
    """Of the slots, those with a regular meeting. Branches stand below the line, the first meeting of a slot above."""

    def filled(facts: list[Fact], rows: list[Row[Any]], more: list[list[Row[Any]]], ask: Ask) -> Iterable[Fact]:
        held = _held(more[0])
        for fact, row in zip(facts, rows, strict=True):
            slots = _slots(row, ask.window)
            if slots:
                yield Fact(fact.table, fact.id, 0, len(slots), fact.keys, fact.label)
            days = held.get(fact.id, {})
            for day in filled_by(slots, days).values():
                yield Fact("meeting", days[day], 1, 0, fact.keys, (*fact.label[:1], day))

    return _refined(_rhythmic(ask), filled, _regular_meetings(ask))


@define("branches_regular_rate")
def branches_regular_rate(ask: Ask) -> Facts:
    """Of the branches with a slot that are in operation on the last day, those that filled enough of their slots."""
    b, threshold = table_of(Branch), ask.params["threshold_pct"]

    def regular(facts: list[Fact], rows: list[Row[Any]], more: list[list[Row[Any]]], ask: Ask) -> Iterable[Fact]:
        held = _held(more[0])
        for fact, row in zip(facts, rows, strict=True):
            slots = _slots(row, ask.window)
            if slots:
                enough = 100 * len(filled_by(slots, held.get(fact.id, {}))) >= threshold * len(slots)
                yield Fact(fact.table, fact.id, int(enough), 1, fact.keys, fact.label)

    living = _rhythmic(ask).only(or_(b.c.ended_on.is_(None), b.c.ended_on > ask.window.end), b.c.kind != "area_board")
    return _refined(living, regular, _regular_meetings(ask))


@define("branches_without_meeting")
def branches_without_meeting(ask: Ask) -> Facts:
    """Branches in operation through the whole window, with a slot in it, that recorded no meeting at all."""
    b, m = table_of(Branch), table_of(Meeting)
    any_meeting = exists(
        select(m.c.id).where(
            stands(m),
            m.c.branch_id == b.c.id,
            m.c.kind.in_(kinds_of("meeting")),
            m.c.present.is_not(None),
            within(m.c.held_on, ask.window),
        )
    )

    def silent(facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], ask: Ask) -> Iterable[Fact]:
        return [fact for fact, row in zip(facts, rows, strict=True) if _slots(row, ask.window)]

    whole = _rhythmic(ask).only(
        or_(b.c.founded_on.is_(None), b.c.founded_on <= ask.window.start),
        or_(b.c.ended_on.is_(None), b.c.ended_on > ask.window.end),
        b.c.kind != "area_board",
        ~any_meeting,
    )
    return _refined(whole, silent)


@define("associations_executive_regular")
def associations_executive_regular(ask: Ask) -> Facts:
    """Associations whose executive met in every whole quarter of the window; without a whole quarter left blank."""
    a, m = table_of(Association), table_of(Meeting)
    end = ask.window.end
    met = select(m.c.association_id, m.c.held_on).where(
        stands(m), m.c.association_id.is_not(None), m.c.kind == "executive", within(m.c.held_on, ask.window)
    )

    def every_quarter(
        facts: list[Fact], _rows: list[Row[Any]], more: list[list[Row[Any]]], ask: Ask
    ) -> Iterable[Fact] | None:
        quarters = whole_quarters(ask.window)
        if not quarters:
            return None
        days: dict[UUID, list[date]] = defaultdict(list)
        for row in more[0]:
            days[row.association_id].append(row.held_on)
        return [fact for fact in facts if len(filled_by(quarters, days[fact.id])) == len(quarters)]

    seated = associations(end).only(in_force(a.c.executive_from, a.c.executive_to, end))
    return seated.refined(every_quarter, met)
