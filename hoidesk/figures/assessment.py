"""Figures of assessment rounds: units within the round, approved results, classes, evidence.

A round belongs to a window when its cut-off day lies in it; a question about one round takes that round. The only
denominator is the units alive on the cut-off day that have a sheet in the round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, exists, func, or_, select, true

from hoidesk.assessment.sheet_reading import read_sheet
from hoidesk.assessment.tables import Approval, Assessment, Round, RoundSheet, StoredScore
from hoidesk.emulation.tables import CriteriaSet
from hoidesk.errors import UserError
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.model import Fact
from hoidesk.figures.sources import stands, table_of, within
from hoidesk.figures.units import all_units, living_unit, unit_facts, unit_of

__all__ = ["units_in_rounds"]

_GOOD: Final = ("EXCELLENT", "GOOD")


def rounds_asked(ask: Ask) -> ColumnElement[bool]:
    """The rounds that the question is about."""
    r = table_of(Round)
    chosen = ask.where.get("round")
    return and_(stands(r), within(r.c.cut_off, ask.window) if chosen is None else r.c.id == chosen)


def units_in_rounds(ask: Ask) -> tuple[Facts, FromClause]:
    """One record a unit and round: alive on the cut-off day, with a sheet in the round."""
    r, sheet, units = table_of(Round), table_of(RoundSheet), all_units()
    has_sheet = exists(
        select(sheet.c.id).where(stands(sheet), sheet.c.round_id == r.c.id, sheet.c.unit_kind == units.c.unit_kind)
    )
    facts = unit_facts(units, ask.window.end)
    joined = replace(facts, source=units.join(r, true()), label=(*facts.label, r.c.name))
    return joined.only(rounds_asked(ask), has_sheet, living_unit(units, r.c.cut_off)).also(round=r.c.id), units


def approved(units: FromClause, ask: Ask, column: str) -> ColumnElement[Any]:
    """A value of the newest approval of a unit in a round, given by the last day of the window; else null.

    An approval carries its unit and round itself, so it counts also where the assessment behind it stayed at home.
    """
    approval, r = table_of(Approval), table_of(Round)
    return (
        select(approval.c[column])
        .where(
            stands(approval),
            approval.c.approved_on <= ask.window.end,
            approval.c.year == r.c.year,
            approval.c.round_code == r.c.code,
            unit_of(approval, units),
        )
        .order_by(approval.c.revision.desc(), approval.c.id.desc())
        .limit(1)
        .correlate(units, r)
        .scalar_subquery()
    )


@define("units_to_assess")
def units_to_assess(ask: Ask) -> Facts:
    """The units that a round assesses."""
    return units_in_rounds(ask)[0]


@define("assessment_done_rate")
def assessment_done_rate(ask: Ask) -> Facts:
    """Of the units to assess, those with an approved result, also "not rated" with its reason."""
    facts, units = units_in_rounds(ask)
    return facts.share(approved(units, ask, "decided_class").is_not(None))


@define("class_units")
def class_units(ask: Ask) -> Facts:
    """Units by the class decided in their newest approval."""
    facts, units = units_in_rounds(ask)
    decided = approved(units, ask, "decided_class")
    return facts.only(decided.is_not(None)).also(**{"class": decided})


@define("class_good_or_better_rate")
def class_good_or_better_rate(ask: Ask) -> Facts:
    """Of the units to assess, those decided as good or excellent; units not rated stay below the line."""
    facts, units = units_in_rounds(ask)
    return facts.share(func.coalesce(approved(units, ask, "decided_class").in_(_GOOD), False))


@define("class_decided_differs")
def class_decided_differs(ask: Ask) -> Facts:
    """Units whose decided class is another than the computed one."""
    facts, units = units_in_rounds(ask)
    decided, computed = approved(units, ask, "decided_class"), approved(units, ask, "computed_class")
    return facts.only(decided.is_not(None), func.coalesce(computed, "") != decided).also(**{"class": decided})


def _lines(ask: Ask) -> Facts:
    """Scored lines of submitted self-assessments, without those that do not apply."""
    score, assessment, r, units = table_of(StoredScore), table_of(Assessment), table_of(Round), all_units()
    facts = unit_facts(units, ask.window.end)
    return replace(
        facts,
        table="score",
        record=score.c.id,
        label=(units.c.name, score.c.item),
        source=units.join(assessment, unit_of(assessment, units))
        .join(r, r.c.id == assessment.c.round_id)
        .join(score, score.c.assessment_id == assessment.c.id),
        where=(
            stands(score),
            stands(assessment),
            rounds_asked(ask),
            assessment.c.self_submitted_on <= ask.window.end,
            score.c.layer == "self",
            score.c.cell.in_(("value", "none_happened")),
        ),
        dims={**facts.dims, "round": r.c.id},
    )


def _sheets(ask: Ask) -> Select[Any]:
    """The sheets by which the rounds are scored."""
    criteria, assessment, r = table_of(CriteriaSet), table_of(Assessment), table_of(Round)
    used = select(assessment.c.criteria_set_id).join_from(assessment, r, r.c.id == assessment.c.round_id)
    return select(criteria.c.id, criteria.c.content).where(criteria.c.id.in_(used.where(rounds_asked(ask))))


def _conditions(content: str) -> frozenset[str]:
    """The ids of a sheet's side conditions; a sheet that cannot be read has none that could be told."""
    try:
        return frozenset(condition.id for condition in read_sheet(content).side_conditions)
    except UserError:
        return frozenset()


def _without_conditions(facts: Facts, ask: Ask) -> Facts:
    """Only lines of the sheet: an answer to a side condition is stored like a score but is none."""
    score, assessment = table_of(StoredScore), table_of(Assessment)

    def lines(facts: list[Fact], rows: list[Row[Any]], more: list[list[Row[Any]]], _ask: Ask) -> Iterable[Fact]:
        conditions = {row.id: _conditions(row.content) for row in more[0]}
        for fact, row in zip(facts, rows, strict=True):
            if row.item not in conditions.get(row.criteria_set, ()):
                yield fact

    columns = {"item": score.c.item, "criteria_set": assessment.c.criteria_set_id}
    return facts.refined(lines, _sheets(ask), columns=columns)


@define("score_lines")
def score_lines(ask: Ask) -> Facts:
    """Scored lines in submitted self-assessments."""
    return _without_conditions(_lines(ask), ask)


@define("score_evidence_rate")
def score_evidence_rate(ask: Ask) -> Facts:
    """Of the scored lines, those with a linked record or a text as evidence."""
    score = table_of(StoredScore)
    linked = func.coalesce(score.c.evidence, "").not_in(("", "[]", "null"))
    told = func.trim(func.coalesce(score.c.text, "")) != ""
    return _without_conditions(_lines(ask).share(or_(linked, told)), ask)
