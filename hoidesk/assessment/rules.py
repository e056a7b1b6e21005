"""Scores of single items: what may be written into a cell, what the register proposes, when a reason is due.

Pure decisions. The four kinds of cell are told apart everywhere: a number, "none happened" (counts nothing, stays in
the maximum), "not applicable" (leaves the maximum) and no score at all (open, which blocks).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final
from uuid import UUID

from hoidesk.assessment.sheet import Item, Sheet
from hoidesk.assessment.words import number_words, points_words
from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = [
    "CELLS",
    "LAYERS",
    "FigureReading",
    "Proposal",
    "Score",
    "check_score",
    "gap_needs_reason",
    "not_rated_reason",
    "propose",
    "reading_words",
    "rule_words",
    "what_is_missing",
]

LAYERS: Final = ("self", "cluster", "ward")
VALUE: Final = "value"
NONE_HAPPENED: Final = "none_happened"
NOT_APPLICABLE: Final = "not_applicable"
CELLS: Final = (VALUE, NONE_HAPPENED, NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Score:
    """One filled cell of one layer. ``points`` in hundredths; a veto that applies is a value of 0 points."""

    cell: str
    points: int = 0
    text: str = ""
    evidence: int = 0
    """How many records are named as evidence."""


@dataclass(frozen=True, slots=True)
class FigureReading:
    """A figure's value for the one unit scored: ``number`` None means that there is none (a denominator of 0).

    ``unit`` is the word for what is counted ("buổi"); for a rate ``numerator`` and ``denominator`` are its counts.
    """

    number: Fraction | None
    unit: str = ""
    numerator: int | None = None
    denominator: int | None = None
    record_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the register proposes for a cell, with the working to print: "5/6 buổi → bậc 2 → 7/10"."""

    cell: str
    points: int
    working: str
    record_ids: tuple[UUID, ...] = ()


# --- proposals -------------------------------------------------------------------------------------------------------


def _yes_no(item: Item, value: Fraction) -> tuple[int, str]:
    yes = (item.yes_at_least is None or value >= item.yes_at_least) and (
        item.yes_at_most is None or value <= item.yes_at_most
    )
    return (item.maximum, _("yes")) if yes else (0, _("no"))


def _steps(item: Item, value: Fraction) -> tuple[int, str]:
    for number, step in enumerate(item.steps, start=1):
        if value >= step.at_least:
            return step.points, _("step {number}").format(number=number)
    return item.otherwise, _("below every step")


def _ratio(item: Item, value: Fraction) -> tuple[int, str]:
    target = item.target
    share = Fraction(1) if target is None or target <= 0 else min(Fraction(1), max(Fraction(0), value / target))
    points = item.maximum * share
    rounded = points.numerator // points.denominator // item.round_to * item.round_to
    return rounded, _("{share}% of the target").format(share=number_words(share * 100))


def _counted(item: Item, value: Fraction) -> int:
    """``per_unit`` for every whole thing counted, so that points stay in the steps of the sheet."""
    return max(0, math.floor(value)) * item.per_unit


def _deduction(item: Item, value: Fraction) -> tuple[int, str]:
    points = max(item.lowest, item.highest - _counted(item, value))
    return points, _("minus {points} each").format(points=points_words(item.per_unit))


def _bonus(item: Item, value: Fraction) -> tuple[int, str]:
    points = min(item.highest, _counted(item, value))
    return points, _("plus {points} each").format(points=points_words(item.per_unit))


_RULES: Final[Mapping[str, Callable[[Item, Fraction], tuple[int, str]]]] = {
    "yes_no": _yes_no,
    "steps": _steps,
    "ratio_to_target": _ratio,
    "deduction": _deduction,
    "bonus_with_ceiling": _bonus,
}


def reading_words(reading: FigureReading) -> str:
    """A reading in words: "5/6 buổi", "3 cuộc", or "không có"."""
    if reading.number is None:
        return _("none")
    if reading.numerator is not None and reading.denominator is not None:
        text = f"{reading.numerator}/{reading.denominator}"
    else:
        text = number_words(reading.number)
    return f"{text} {reading.unit}".rstrip()


def _line(*parts: str) -> str:
    return " → ".join(part for part in parts if part)


def propose(item: Item, reading: FigureReading) -> Proposal | None:
    """The proposed cell of an item, or None where only a person can answer.

    A proposal counts only after a person accepts it. A figure without a value follows the item's ``when_none``.
    """
    rule = _RULES.get(item.kind)
    if item.figure is None or rule is None:
        return None
    words, best = reading_words(reading), points_words(item.highest)
    if reading.number is None:
        if item.when_none == "zero":
            return Proposal(NONE_HAPPENED, 0, _line(words, f"0/{best}"), reading.record_ids)
        if item.when_none == NOT_APPLICABLE:
            return Proposal(NOT_APPLICABLE, 0, _line(words, _("not counted")), reading.record_ids)
        return None
    points, how = rule(item, reading.number)
    return Proposal(VALUE, points, _line(words, how, f"{points_words(points)}/{best}"), reading.record_ids)


def rule_words(item: Item) -> str:
    """The whole rule of an item in one line, for the panel beside the sheet; empty for a judgement."""
    if item.kind == "steps":
        parts = [
            _("from {value}: {points}").format(value=number_words(step.at_least), points=points_words(step.points))
            for step in item.steps
        ]
        parts.append(_("less: {points}").format(points=points_words(item.otherwise)))
        return "; ".join(parts)
    if item.kind == "ratio_to_target" and item.target is not None:
        return _("{points} at {target}, in proportion below").format(
            points=points_words(item.maximum), target=number_words(item.target)
        )
    if item.kind == "yes_no":
        return _("yes: {points}; no: 0").format(points=points_words(item.maximum))
    if item.kind == "deduction":
        return _("minus {points} each, not below {floor}").format(
            points=points_words(item.per_unit), floor=points_words(item.lowest)
        )
    if item.kind == "bonus_with_ceiling":
        return _("plus {points} each, at most {ceiling}").format(
            points=points_words(item.per_unit), ceiling=points_words(item.highest)
        )
    return ""


# --- cells -----------------------------------------------------------------------------------------------------------


def check_score(sheet: Sheet, item: Item, score: Score) -> None:
    """Refuse a cell that the sheet does not allow: UserError with the field ``points`` or ``cell``."""
    if score.cell not in CELLS:
        raise UserError("score.cell", _("Choose a number, none happened or not applicable."), field="cell")
    if score.cell != VALUE:
        if score.points:
            raise UserError("score.points", _("A cell without a number carries no points."), field="points")
        if score.cell == NOT_APPLICABLE and item.role != "points":
            raise UserError("score.cell", _("Only a criterion with points can be not applicable."), field="cell")
        return
    if not item.lowest <= score.points <= item.highest:
        raise UserError(
            "score.range",
            _("{item}: points run from {lowest} to {highest}.").format(
                item=item.text, lowest=points_words(item.lowest), highest=points_words(item.highest)
            ),
            field="points",
        )
    if score.points % sheet.score_step:
        raise UserError(
            "score.step",
            _("{item}: points go in steps of {step}.").format(item=item.text, step=points_words(sheet.score_step)),
            field="points",
        )


def gap_needs_reason(sheet: Sheet, item: Item, lower: Score | None, higher: Score | None) -> bool:
    """Whether the higher layer must say why it differs: by at least the sheet's share of the criterion's maximum.

    A cell counted by one layer and not applicable for the other is a difference as well.
    """
    if lower is None or higher is None:
        return False
    if (lower.cell == NOT_APPLICABLE) != (higher.cell == NOT_APPLICABLE):
        return True
    gap = abs(lower.points - higher.points)
    base = item.criterion_maximum or max(abs(item.lowest), abs(item.highest))
    return gap > 0 and gap * 100 >= base * sheet.gap_reason_pct


def what_is_missing(sheet: Sheet, item: Item, score: Score | None, lower: Score | None = None) -> str | None:
    """Why a cell is not yet complete: ``"open"``, ``"text"``, ``"evidence"``, ``"reason"``, or None if it is.

    ``lower`` is the cell of the layer before it. A layer that agrees with the one before need not say it again.
    """
    if score is None:
        return "open"
    if gap_needs_reason(sheet, item, lower, score):
        return None if score.text else "reason"
    agrees = lower is not None and lower.cell == score.cell and lower.points == score.points
    if score.cell != VALUE or agrees:
        return None
    if item.text_required and not score.text:
        return "text"
    given = score.points != 0 or item.role == "veto"
    if item.role != "points" and given and not (score.text or score.evidence):
        return "evidence"
    return None


# --- units that are not rated ----------------------------------------------------------------------------------------


def not_rated_reason(
    sheet: Sheet,
    cut_off: date,
    *,
    founded_on: date | None,
    ended_on: date | None = None,
    suspended_from: date | None = None,
    suspended_to: date | None = None,
) -> str | None:
    """Why a unit is not rated on the cut-off day (``"merged"``, ``"suspended"``, ``"new_unit"``), or None if it is.

    A unit without a founding day has existed since before the book began. The number of days is the sheet's.
    """
    reasons = sheet.not_rated_reasons
    if "merged" in reasons and ended_on is not None and ended_on <= cut_off:
        return "merged"
    suspended = suspended_from is not None and suspended_from <= cut_off <= (suspended_to or cut_off)
    if "suspended" in reasons and suspended:
        return "suspended"
    young = founded_on is not None and sheet.new_unit_days is not None
    if young and founded_on is not None and (cut_off - founded_on).days < (sheet.new_unit_days or 0):
        return "new_unit"
    return None
