"""Proposals with their working, what a cell may hold, when a reason is due, who is not rated."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoidesk.assessment.rules import (
    NONE_HAPPENED,
    NOT_APPLICABLE,
    VALUE,
    FigureReading,
    Score,
    check_score,
    gap_needs_reason,
    not_rated_reason,
    propose,
    rule_words,
    what_is_missing,
)
from hoidesk.assessment.sheet import Item, Sheet
from hoidesk.errors import UserError
from tests.assessment.strategies import ANY_SHEET, SHEETS, cells, fractions

BRANCH, QUARTER, ASSOCIATION = SHEETS["branch"], SHEETS["area"], SHEETS["association"]
CUT_OFF = date(2026, 6, 30)


def rate(numerator: int, denominator: int, unit: str = "buổi") -> FigureReading:
    """A rate's reading; none over nothing."""
    number = Fraction(100 * numerator, denominator) if denominator else None
    return FigureReading(number, unit, numerator, denominator)


def points(item: Item, reading: FigureReading) -> int:
    """The points that are proposed."""
    found = propose(item, reading)
    assert found is not None
    return found.points


def test_the_working_says_value_step_and_points() -> None:
    item = BRANCH.item("b2_1a")
    found = propose(item, rate(5, 6))
    assert found is not None and found.points == 600
    assert found.working.startswith("5/6 buổi → ") and found.working.endswith(" → 6/8")
    assert "2" in found.working.split(" → ")[1]


def test_steps_hold_at_their_border() -> None:
    item = BRANCH.item("b2_1a")
    assert [points(item, rate(n, 100)) for n in (100, 99, 80, 79, 60, 40, 39, 0)] == [
        800, 600, 600, 400, 400, 200, 0, 0,
    ]  # fmt: skip


def test_growth_may_be_negative() -> None:
    item = BRANCH.item("b3_1b")
    assert [points(item, FigureReading(Fraction(n))) for n in (7, 0, -1, -2, -5, -6)] == [400, 400, 300, 300, 100, 0]


def test_a_ratio_is_rounded_down_to_the_sheets_step() -> None:
    item = QUARTER.item("q1_3a")
    assert [points(item, rate(n, 3)) for n in range(4)] == [0, 125, 250, 400]


def test_deductions_and_yes_no() -> None:
    late = QUARTER.item("q6_2a")
    assert [points(late, FigureReading(Fraction(n))) for n in (0, 1, 3, 4, 9)] == [400, 300, 100, 0, 0]
    overdue = ASSOCIATION.item("a2_1a")
    assert [points(overdue, FigureReading(Fraction(n))) for n in (0, 1)] == [500, 0]
    registered = BRANCH.item("b4_1a")
    assert [points(registered, FigureReading(Fraction(n))) for n in (0, 1, 2)] == [0, 200, 200]


def test_no_value_follows_the_item() -> None:
    none = FigureReading(None)
    zero = propose(BRANCH.item("b2_1a"), none)
    assert zero is not None and (zero.cell, zero.points) == (NONE_HAPPENED, 0)
    out = propose(QUARTER.item("q3_2a"), none)
    assert out is not None and (out.cell, out.points) == (NOT_APPLICABLE, 0)


def test_judgements_and_manual_lines_are_never_proposed() -> None:
    for sheet in SHEETS.values():
        for item in sheet.items():
            if item.kind in {"judgement", "veto"} or item.role != "points":
                assert propose(item, FigureReading(Fraction(1))) is None, item.id


@settings(max_examples=80, deadline=None)
@given(st.data(), ANY_SHEET, st.none() | fractions(-200, 200))
def test_every_proposal_may_be_written_and_says_its_working(data: Any, sheet: Sheet, number: Fraction | None) -> None:
    item = data.draw(st.sampled_from([one for one in sheet.items() if one.figure]))
    reading = FigureReading(number, "buổi")
    found = propose(item, reading)
    assert found is not None
    check_score(sheet, item, Score(found.cell, found.points))
    assert found.working.count(" → ") >= 1
    assert item.role == "points" and 0 <= found.points <= item.maximum


@settings(max_examples=80, deadline=None)
@given(st.data(), ANY_SHEET, fractions(-100, 200), fractions(0, 100))
def test_more_is_never_worse(data: Any, sheet: Sheet, value: Fraction, more: Fraction) -> None:
    rising = [one for one in sheet.items() if one.figure and one.kind in {"steps", "ratio_to_target"}]
    item = data.draw(st.sampled_from(rising))
    assert points(item, FigureReading(value)) <= points(item, FigureReading(value + more))


@settings(max_examples=80, deadline=None)
@given(st.data(), ANY_SHEET)
def test_cells_outside_the_sheet_are_refused(data: Any, sheet: Sheet) -> None:
    item = data.draw(st.sampled_from(list(sheet.items())))
    check_score(sheet, item, data.draw(cells(item, sheet.score_step)))
    for wrong in (item.highest + 25, item.lowest - 25):
        with pytest.raises(UserError) as caught:
            check_score(sheet, item, Score(VALUE, wrong))
        assert caught.value.field == "points"
    with pytest.raises(UserError):
        check_score(sheet, item, Score("blank"))
    with pytest.raises(UserError):
        check_score(sheet, item, Score(NONE_HAPPENED, 25))


def test_steps_of_a_quarter_point() -> None:
    item = QUARTER.item("q2_1a")
    check_score(QUARTER, item, Score(VALUE, 275))
    with pytest.raises(UserError) as caught:
        check_score(QUARTER, item, Score(VALUE, 270))
    assert caught.value.code == "score.step" and "0,25" in caught.value.text


def test_only_points_can_leave_the_maximum() -> None:
    with pytest.raises(UserError):
        check_score(QUARTER, QUARTER.item("q_b1a"), Score(NOT_APPLICABLE))


def test_a_large_gap_needs_a_reason() -> None:
    item = BRANCH.item("b2_1a")  # 8 points inside a criterion of 12: the limit is 1.2
    own = Score(VALUE, 800, "đủ buổi")
    assert gap_needs_reason(BRANCH, item, own, Score(VALUE, 675))
    assert not gap_needs_reason(BRANCH, item, own, Score(VALUE, 700))
    assert gap_needs_reason(BRANCH, item, own, Score(NOT_APPLICABLE))
    assert not gap_needs_reason(BRANCH, item, None, own)
    assert what_is_missing(BRANCH, item, Score(VALUE, 600), own) == "reason"
    assert what_is_missing(BRANCH, item, Score(VALUE, 600, "sổ chỉ có 5 buổi"), own) is None


def test_what_a_cell_lacks() -> None:
    judgement = BRANCH.item("b1_1c")
    assert what_is_missing(BRANCH, judgement, None) == "open"
    assert what_is_missing(BRANCH, judgement, Score(VALUE, 200)) == "text"
    assert what_is_missing(BRANCH, judgement, Score(VALUE, 200, "có trao đổi")) is None
    agreed = Score(VALUE, 200, "có trao đổi")
    assert what_is_missing(BRANCH, judgement, Score(VALUE, 200), agreed) is None, "agreeing needs no second text"
    bonus = BRANCH.item("b_b1a")
    assert what_is_missing(BRANCH, bonus, Score(VALUE, 100)) == "evidence"
    assert what_is_missing(BRANCH, bonus, Score(VALUE, 100, evidence=1)) is None
    assert what_is_missing(BRANCH, bonus, Score(NONE_HAPPENED)) is None
    assert what_is_missing(BRANCH, BRANCH.item("b_v1a"), Score(VALUE, 0)) == "evidence"


def test_units_that_are_not_rated() -> None:
    def reason(**dates: Any) -> str | None:
        return not_rated_reason(QUARTER, CUT_OFF, **({"founded_on": None} | dates))

    assert reason() is None
    assert reason(founded_on=CUT_OFF - timedelta(days=90)) is None
    assert reason(founded_on=CUT_OFF - timedelta(days=89)) == "new_unit"
    assert reason(suspended_from=date(2026, 6, 1)) == "suspended"
    assert reason(suspended_from=date(2026, 6, 1), suspended_to=date(2026, 6, 29)) is None
    assert reason(suspended_from=date(2026, 7, 1)) is None
    assert reason(ended_on=CUT_OFF) == "merged"
    assert reason(ended_on=date(2026, 7, 1)) is None


def test_the_rule_of_an_item_in_one_line() -> None:
    line = rule_words(BRANCH.item("b2_1a"))
    assert "100" in line and "8" in line and "40" in line
    assert rule_words(BRANCH.item("b1_1c")) == ""
    assert all(rule_words(one) for one in BRANCH.items() if one.figure)
