"""The shipped sheets, and cells that fit them, for property tests."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from hoidesk.assessment.rules import NONE_HAPPENED, NOT_APPLICABLE, VALUE, Score
from hoidesk.assessment.sheet import Item, Sheet
from hoidesk.assessment.sheet_reading import read_sheet
from hoidesk.presets import criteria_sheet

SHEETS: dict[str, Sheet] = {kind: read_sheet(criteria_sheet(kind)) for kind in ("area", "branch", "association")}
ANY_SHEET = st.sampled_from(sorted(SHEETS)).map(SHEETS.__getitem__)


def fractions(low: int, high: int) -> st.SearchStrategy[Fraction]:
    """Exact numbers between two whole ones, among them halves, thirds and hundredths."""
    return st.tuples(st.integers(low, high - 1), st.integers(0, 300)).map(lambda one: one[0] + Fraction(one[1], 300))


def cells(item: Item, step: int) -> st.SearchStrategy[Score]:
    """Every cell that the item allows, complete with its text."""
    low, high = -(-item.lowest // step), item.highest // step
    values = st.integers(low, high).map(lambda n: Score(VALUE, n * step, "lý do", 1))
    kinds = [values, st.just(Score(NONE_HAPPENED))]
    if item.role == "points":
        kinds.append(st.just(Score(NOT_APPLICABLE)))
    return st.one_of(kinds)


@st.composite
def layers(draw: Any, sheet: Sheet, *, whole: bool = True) -> dict[str, Score]:
    """One layer of scores; with ``whole=False`` some cells stay open."""
    found = {}
    for item in sheet.items():
        if whole or draw(st.booleans()):
            found[item.id] = draw(cells(item, sheet.score_step))
    return found


def all_at(sheet: Sheet, points: int) -> dict[str, Score]:
    """A whole layer that sums to ``points`` (hundredths): items are filled from the first on."""
    found, rest = {}, points
    for item in sheet.items():
        if item.role == "points":
            given = min(rest, item.maximum)
            rest -= given
            found[item.id] = Score(VALUE, given, "lý do")
        else:
            found[item.id] = Score(NONE_HAPPENED)
    assert rest == 0
    return found
