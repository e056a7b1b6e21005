"""Figures of registrations and score sheets that are due: which came late or not at all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, literal, or_, select, true, union_all

from hoidesk.assessment.tables import Assessment, Round, RoundSheet
from hoidesk.emulation.tables import Registration
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.sources import stands, table_of, within
from hoidesk.figures.units import all_units, living_unit, unit_facts, unit_of

__all__: list[str] = []


def _due(ask: Ask) -> FromClause:
    """What is due in the window: registrations with a due day, and a self-assessment of every unit of a round."""
    registration, r, sheet = table_of(Registration), table_of(Round), table_of(RoundSheet)
    assessment, units = table_of(Assessment), all_units()
    registrations = (
        select(
            literal("registration").label("submission_kind"),
            units.c.unit_kind,
            units.c.id,
            registration.c.due_on,
            registration.c.submitted_on.label("received_on"),
        )
        .join_from(registration, units, unit_of(registration, units))
        .where(stands(registration), registration.c.withdrawn_on.is_(None), within(registration.c.due_on, ask.window))
    )
    submitted = (
        select(assessment.c.self_submitted_on)
        .where(stands(assessment), assessment.c.round_id == r.c.id, unit_of(assessment, units))
        .order_by(assessment.c.id)
        .limit(1)
        .correlate(units, r)
        .scalar_subquery()
    )
    has_sheet = exists(
        select(sheet.c.id).where(stands(sheet), sheet.c.round_id == r.c.id, sheet.c.unit_kind == units.c.unit_kind)
    )
    scores = (
        select(literal("self_score"), units.c.unit_kind, units.c.id, r.c.self_due_on, submitted)
        .select_from(units.join(r, true()))
        .where(stands(r), within(r.c.self_due_on, ask.window), has_sheet, living_unit(units, r.c.cut_off))
    )
    return union_all(registrations, scores).subquery("due")


def _submissions(ask: Ask, *conditions: Any) -> tuple[Facts, FromClause]:
    units, due = all_units().alias("due_units"), _due(ask)
    facts = unit_facts(units, ask.window.end)
    joined = Facts(
        table=facts.table,
        record=facts.record,
        label=(units.c.name, due.c.due_on),
        source=due.join(units, and_(units.c.unit_kind == due.c.unit_kind, units.c.id == due.c.id)),
        where=conditions,
        dims={**facts.dims, "submission_kind": due.c.submission_kind},
    )
    return joined, due


def _late(due: FromClause, ask: Ask) -> ColumnElement[bool]:
    missing = or_(due.c.received_on.is_(None), due.c.received_on > ask.window.end)
    return or_(due.c.received_on > due.c.due_on, missing)


@define("submissions_due")
def submissions_due(ask: Ask) -> Facts:
    """Registrations and self-assessments due in the window."""
    return _submissions(ask)[0]


@define("submissions_late")
def submissions_late(ask: Ask) -> Facts:
    """Of those due, the ones that came after their day or had not come by the last day of the window."""
    facts, due = _submissions(ask)
    return facts.only(_late(due, ask))
