"""Totals by layer and the class that follows from them: exact arithmetic, no float anywhere.

The maximum is re-based to the items that apply. Bonus and penalty are added to the points but never lift the total
above the maximum or press it below nothing; the total is then scaled to 100, compared exactly with the bands and
printed with two decimals rounded down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hoidesk.assessment.rules import NOT_APPLICABLE, VALUE, Score, what_is_missing
from hoidesk.assessment.sheet import NOT_RATED, Item, Sheet, SideCondition

__all__ = ["Answer", "ClassResult", "Missing", "Total", "classify", "condition_answer", "is_excluded", "total"]

Answer = bool | None
"""Whether a side condition holds; None while nobody has answered."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A cell that blocks: the item and what it lacks (``open``, ``text``, ``evidence``, ``reason``)."""

    item: str
    lacks: str


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one layer; everything in hundredths except ``scaled`` (exact, on the sheet's scale)."""

    points: int
    bonus: int
    penalty: int
    maximum: int
    final: int
    """Points with bonus and penalty, between 0 and the maximum."""
    scaled: Fraction | None
    """None if no item applies."""
    missing: tuple[Missing, ...]
    excluded: tuple[str, ...]
    """Items that leave the maximum."""

    @property
    def open_cells(self) -> int:
        """How many cells have no score yet."""
        return sum(one.lacks == "open" for one in self.missing)


@dataclass(frozen=True, slots=True)
class ClassResult:
    """The computed class, or None with what blocks it.

    ``lowered_by`` names the side conditions that failed and the vetoes that cap, in the order in which they told.
    """

    code: str | None
    band: str | None
    lowered_by: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    held_by: str | None = None


def is_excluded(item: Item, kind: str | None) -> bool:
    """Whether the item does not apply to this kind of organisation at all (its group says so)."""
    return kind is not None and kind in item.not_for


def total(
    sheet: Sheet, scores: Mapping[str, Score], *, kind: str | None = None, lower: Mapping[str, Score] | None = None
) -> Total:
    """The total of one layer. ``kind`` is the branch kind; ``lower`` are the cells of the layer before this one."""
    points = bonus = penalty = maximum = 0
    missing: list[Missing] = []
    excluded: list[str] = []
    for item in sheet.items():
        score = scores.get(item.id)
        if is_excluded(item, kind):
            excluded.append(item.id)
            continue
        lacks = what_is_missing(sheet, item, score, None if lower is None else lower.get(item.id))
        if lacks is not None:
            missing.append(Missing(item.id, lacks))
        if score is not None and score.cell == NOT_APPLICABLE and item.role == "points":
            excluded.append(item.id)
            continue
        maximum += item.maximum if item.role == "points" else 0
        if score is None or score.cell != VALUE:
            continue
        points += score.points if item.role == "points" else 0
        bonus += score.points if item.role == "bonus" else 0
        penalty += score.points if item.role == "penalty" else 0
    bonus, penalty = min(bonus, sheet.bonus_ceiling), max(penalty, sheet.penalty_floor)
    final = max(0, min(maximum, points + bonus + penalty))
    scaled = Fraction(final * sheet.scale_to, maximum) if maximum else None
    return Total(points, bonus, penalty, maximum, final, scaled, tuple(missing), tuple(excluded))


def condition_answer(condition: SideCondition, number: Fraction | None, answered: Score | None) -> Answer:
    """Whether a side condition holds: a person's answer stands above the figure; without either nobody knows.

    A person answers with a value (100 hundredths: holds, 0: fails) or "not applicable" (holds: there was no task).
    """
    if answered is not None:
        return answered.cell == NOT_APPLICABLE or (answered.cell == VALUE and answered.points > 0)
    if condition.figure is None or number is None:
        return None
    enough = condition.at_least is None or number >= condition.at_least
    return enough and (condition.at_most is None or number <= condition.at_most)


def _band(sheet: Sheet, scaled: Fraction) -> int:
    """The place of the band, best first."""
    for place, band in enumerate(sheet.bands):
        if band.at_least is None or scaled >= band.at_least:
            return place
    return len(sheet.bands) - 1


def classify(
    sheet: Sheet,
    layer: Total,
    scores: Mapping[str, Score],
    answers: Mapping[str, Answer],
    *,
    not_rated: bool = False,
) -> ClassResult:
    """The class of a finished layer: the band, lowered by caps, then by side conditions, to the next class that holds.

    A unit that is not rated gets that class whatever its cells say. An open cell, a hold or a side condition that
    nobody answered leaves the class open; conditions of better classes than the one in question are not asked.
    """
    if not_rated:
        return ClassResult(NOT_RATED, None)
    if layer.missing or layer.scaled is None:
        return ClassResult(None, None)
    place = _band(sheet, layer.scaled)
    band = sheet.bands[place].code
    codes = [one.code for one in sheet.bands]
    lowered: list[str] = []
    for item in sheet.items():
        score = scores.get(item.id)
        if item.role != "veto" or score is None or score.cell != VALUE:
            continue
        if item.hold:
            return ClassResult(None, band, held_by=item.id)
        if item.cap_class in codes and codes.index(item.cap_class) > place:
            place = codes.index(item.cap_class)
            lowered.append(item.id)
    for code in codes[place:]:
        wanted = [one for one in sheet.side_conditions if one.for_class == code]
        failed = [one.id for one in wanted if answers.get(one.id) is False]
        if failed:
            lowered += failed
            continue
        unanswered = tuple(one.id for one in wanted if answers.get(one.id) is None)
        if unanswered:
            return ClassResult(None, band, tuple(lowered), unanswered)
        return ClassResult(code, band, tuple(lowered))
    return ClassResult(codes[-1], band, tuple(lowered))
