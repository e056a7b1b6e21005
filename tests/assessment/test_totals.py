"""Totals and classes: the fixture of the borders, exact scaling, re-based maxima, conditions and caps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoidesk.assessment.rules import NONE_HAPPENED, NOT_APPLICABLE, VALUE, Score
from hoidesk.assessment.sheet import Sheet
from hoidesk.assessment.totals import Answer, ClassResult, Total, classify, condition_answer, total
from hoidesk.assessment.words import scaled_words
from tests.assessment.strategies import ANY_SHEET, SHEETS, all_at, fractions, layers

ORDER = ["NOT_COMPLETED", "COMPLETED", "GOOD", "EXCELLENT"]
QUARTER = SHEETS["area"]


def hold(sheet: Sheet, *failed: str) -> dict[str, Answer]:
    """Every side condition answered: all hold but the ones named."""
    return {one.id: one.id not in failed for one in sheet.side_conditions}


def scaled(value: str) -> Total:
    """A finished layer of this many points out of 100."""
    exact = Fraction(value)
    return Total(0, 0, 0, 10000, 0, exact, (), ())


def code(sheet: Sheet, value: str, *failed: str) -> str | None:
    """The class of a scaled total."""
    return classify(sheet, scaled(value), {}, hold(sheet, *failed)).code


def test_the_borders_of_the_bands() -> None:
    assert code(QUARTER, "89.99") == "GOOD"
    assert code(QUARTER, "90") == "EXCELLENT"
    assert code(QUARTER, "90", "ex_on_time") == "GOOD"
    assert code(QUARTER, "70") == "GOOD"
    assert code(QUARTER, "69.996") == "COMPLETED"
    assert code(QUARTER, "50") == "COMPLETED"
    assert code(QUARTER, "49.9") == "NOT_COMPLETED"
    assert code(QUARTER, "0") == "NOT_COMPLETED"


def test_a_failed_condition_goes_down_to_the_class_whose_conditions_hold() -> None:
    assert code(QUARTER, "95", "ex_above", "good_on_time") == "COMPLETED"
    assert code(QUARTER, "95", "ex_above", "good_on_time", "completed_late") == "NOT_COMPLETED"
    found = classify(QUARTER, scaled("95"), {}, hold(QUARTER, "ex_above", "good_on_time"))
    assert found.lowered_by == ("ex_above", "good_on_time") and found.band == "EXCELLENT"


@pytest.mark.parametrize(("kind", "maximum"), [("association", 9500), ("branch", 9000)])
def test_maxima_of_95_and_90_are_scaled_exactly(kind: str, maximum: int) -> None:
    sheet = SHEETS[kind]
    whole = total(sheet, all_at(sheet, maximum))
    assert (whole.maximum, whole.scaled) == (maximum, Fraction(100))
    border = total(sheet, all_at(sheet, maximum * 9 // 10))
    assert border.scaled == 90 and classify(sheet, border, {}, hold(sheet)).code == "EXCELLENT"
    below = total(sheet, all_at(sheet, maximum * 9 // 10 - 25))
    assert classify(sheet, below, {}, hold(sheet)).code == "GOOD"
    assert below.scaled is not None and below.scaled < 90 and not scaled_words(below.scaled).startswith("90")


def test_the_first_block_of_a_branch_scales_beyond_two_decimals() -> None:
    sheet = SHEETS["branch"]
    found = total(sheet, all_at(sheet, 8099))
    assert found.scaled == Fraction(8099, 90)
    assert scaled_words(Fraction(8099, 90)) == "89,98"
    assert scaled_words(Fraction("89.996")) == "89,99"


@given(fractions(0, 100))
def test_what_is_printed_never_passes_the_value(value: Fraction) -> None:
    printed = Fraction(scaled_words(value).replace(",", "."))
    assert 0 <= value - printed < Fraction(1, 100)


@settings(max_examples=60, deadline=None)
@given(st.data(), ANY_SHEET)
def test_a_total_stays_within_its_maximum(data: Any, sheet: Sheet) -> None:
    found = total(sheet, data.draw(layers(sheet, whole=False)))
    assert 0 <= found.points <= found.maximum <= sheet.max_total
    assert 0 <= found.final <= found.maximum
    assert found.scaled is None or 0 <= found.scaled <= 100
    assert 0 <= found.bonus <= sheet.bonus_ceiling and sheet.penalty_floor <= found.penalty <= 0


@settings(max_examples=60, deadline=None)
@given(st.data(), ANY_SHEET)
def test_an_item_that_does_not_apply_leaves_points_and_maximum(data: Any, sheet: Sheet) -> None:
    scores = data.draw(layers(sheet))
    item = data.draw(st.sampled_from([one for one in sheet.items() if one.role == "points"]))
    counted = total(sheet, scores | {item.id: Score(VALUE, item.maximum, "lý do")})
    without = total(sheet, scores | {item.id: Score(NOT_APPLICABLE)})
    assert counted.maximum - without.maximum == item.maximum
    assert counted.points - without.points == item.maximum
    assert item.id in without.excluded


@settings(max_examples=60, deadline=None)
@given(st.data(), ANY_SHEET)
def test_more_points_never_lower_the_total_or_the_class(data: Any, sheet: Sheet) -> None:
    scores = data.draw(layers(sheet))
    scores |= {one.id: Score(NONE_HAPPENED) for one in sheet.items() if one.role == "veto"}
    item = data.draw(st.sampled_from([one for one in sheet.items() if one.highest > one.lowest]))
    low, high = sorted(data.draw(st.tuples(*[st.integers(item.lowest, item.highest)] * 2)))
    less = total(sheet, scores | {item.id: Score(VALUE, low, "lý do")})
    more = total(sheet, scores | {item.id: Score(VALUE, high, "lý do")})
    assert less.final <= more.final and less.maximum == more.maximum
    answers = {one.id: data.draw(st.booleans()) for one in sheet.side_conditions}
    first, second = (classify(sheet, one, {}, answers).code for one in (less, more))
    if first is not None and second is not None:
        assert ORDER.index(first) <= ORDER.index(second)


@settings(max_examples=40, deadline=None)
@given(st.data(), ANY_SHEET)
def test_a_condition_that_holds_never_lowers_the_class(data: Any, sheet: Sheet) -> None:
    value = scaled(str(data.draw(st.integers(0, 100))))
    answers: dict[str, Answer] = {one.id: data.draw(st.booleans()) for one in sheet.side_conditions}
    id_ = data.draw(st.sampled_from(sorted(answers)))
    with_, without = (classify(sheet, value, {}, answers | {id_: one}).code for one in (True, False))
    assert with_ is not None and without is not None
    assert ORDER.index(with_) >= ORDER.index(without)


@settings(max_examples=40, deadline=None)
@given(st.data(), ANY_SHEET)
def test_layers_are_reckoned_apart(data: Any, sheet: Sheet) -> None:
    own, ward = data.draw(layers(sheet)), data.draw(layers(sheet))
    before = total(sheet, own)
    beside = total(sheet, ward, lower=own)
    assert total(sheet, own) == before
    alone = total(sheet, ward)
    assert (beside.points, beside.maximum, beside.final) == (alone.points, alone.maximum, alone.final)


@settings(max_examples=40, deadline=None)
@given(st.data(), ANY_SHEET)
def test_one_open_cell_blocks_the_class(data: Any, sheet: Sheet) -> None:
    scores = data.draw(layers(sheet))
    gone = data.draw(st.sampled_from(sorted(scores)))
    found = total(sheet, {key: value for key, value in scores.items() if key != gone})
    assert found.open_cells == 1
    assert classify(sheet, found, scores, hold(sheet)) == ClassResult(None, None)


def test_nothing_applies_nothing_is_rated() -> None:
    scores = {one.id: Score(NOT_APPLICABLE if one.role == "points" else NONE_HAPPENED) for one in QUARTER.items()}
    found = total(QUARTER, scores)
    assert found.scaled is None and found.maximum == 0
    assert classify(QUARTER, found, scores, hold(QUARTER)).code is None


def test_a_front_working_committee_has_no_members_of_its_own() -> None:
    sheet = SHEETS["branch"]
    members = next(group for group in sheet.groups if group.id == "b3")
    scores = {id_: one for id_, one in all_at(sheet, 9000).items() if not id_.startswith("b3")}
    committee = total(sheet, scores, kind="front_working_committee")
    assert committee.maximum == 8000 and not committee.missing and committee.scaled == 100
    assert total(sheet, scores, kind="women").open_cells == sum(len(one.items) for one in members.criteria)


def test_bonus_and_penalty_keep_to_their_limits_and_to_the_maximum() -> None:
    base = all_at(QUARTER, 9800)
    rich = total(QUARTER, base | {"q_b1a": Score(VALUE, 300), "q_b1b": Score(VALUE, 200)})
    assert (rich.bonus, rich.final, rich.scaled) == (500, 10000, Fraction(100))
    punished = total(QUARTER, all_at(QUARTER, 300) | {"q_p1a": Score(VALUE, -500)})
    assert (punished.penalty, punished.final) == (-500, 0)
    small = replace(QUARTER, bonus_ceiling=100)
    assert total(small, all_at(small, 5000) | {"q_b1a": Score(VALUE, 300)}).final == 5100


def test_vetoes_cap_or_hold() -> None:
    scores = all_at(QUARTER, 9500)
    found = total(QUARTER, scores)
    capped = classify(QUARTER, found, scores | {"q_v1b": Score(VALUE, 0, "QĐ 12")}, hold(QUARTER))
    assert capped.code == "GOOD" and capped.lowered_by == ("q_v1b",)
    false_claims = classify(QUARTER, found, scores | {"q_v1a": Score(VALUE, 0, "KL 3")}, hold(QUARTER))
    assert false_claims.code == "NOT_COMPLETED"
    held = classify(QUARTER, found, scores | {"q_v1c": Score(VALUE, 0, "TB 9")}, hold(QUARTER))
    assert held.code is None and held.held_by == "q_v1c"
    low = total(QUARTER, all_at(QUARTER, 5500))
    still = classify(QUARTER, low, scores | {"q_v1b": Score(VALUE, 0, "QĐ 12")}, hold(QUARTER))
    assert still.code == "COMPLETED" and still.lowered_by == ()


def test_only_the_conditions_of_the_class_in_question_are_asked() -> None:
    found = classify(QUARTER, scaled("75"), {}, {})
    assert found.code is None and found.unanswered == ("good_on_time",)
    assert classify(QUARTER, scaled("40"), {}, {}).code == "NOT_COMPLETED"
    above = classify(QUARTER, scaled("92"), {}, {"ex_above": False})
    assert above.unanswered == ("good_on_time",), "a failed condition settles the class: the others are not asked"


def test_a_unit_that_is_not_rated_is_not_rated_whatever_its_cells_say() -> None:
    assert classify(QUARTER, scaled("95"), {}, {}, not_rated=True).code == "NOT_RATED"


def test_answers_to_conditions() -> None:
    on_time = QUARTER.condition("good_on_time")
    late = QUARTER.condition("completed_late")
    manual = QUARTER.condition("ex_discipline")
    assert on_time is not None and late is not None and manual is not None
    assert condition_answer(on_time, Fraction(100), None) is True
    assert condition_answer(on_time, Fraction("99.99"), None) is False
    assert condition_answer(late, Fraction(20), None) is True
    assert condition_answer(late, Fraction("20.01"), None) is False
    assert condition_answer(on_time, None, None) is None
    assert condition_answer(manual, Fraction(100), None) is None
    assert condition_answer(on_time, Fraction(100), Score(VALUE, 0, "ghi sai")) is False
    assert condition_answer(on_time, None, Score(NOT_APPLICABLE)) is True
    assert condition_answer(manual, None, Score(VALUE, 100)) is True
    assert condition_answer(manual, None, Score(NONE_HAPPENED)) is False
