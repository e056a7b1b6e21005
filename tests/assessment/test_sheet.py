"""Reading a sheet: exact numbers, canonical text, and clear refusal of anything that is not a sheet."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.assessment.sheet import canonical_json, exact, hundredths
from hoidesk.assessment.sheet_reading import read_sheet, sheet_faults
from hoidesk.assessment.words import number_words, points_words
from hoidesk.errors import UserError
from hoidesk.language import use_language
from hoidesk.presets import criteria_sheet

KINDS = ("area", "branch", "association")


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_of_a_sheet_is_the_sheet(kind: str) -> None:
    content = criteria_sheet(kind)
    text = canonical_json(content)
    assert read_sheet(text) == read_sheet(content)
    assert canonical_json(json.loads(text)) == text
    assert sheet_faults(read_sheet(text)) == []


def test_points_are_exact() -> None:
    assert hundredths(0.25) == 25 and hundredths(9) == 900 and hundredths("-1.5") == -150
    assert exact(0.1) == Fraction(1, 10)
    for wrong in (0.125, True, None, "viết bằng chữ"):
        with pytest.raises(ValueError):
            hundredths(wrong)


@given(st.integers(-100000, 100000))
def test_points_in_words_say_the_whole_number(points: int) -> None:
    for language, point in (("vi", ","), ("en", ".")):
        use_language(language)
        try:
            text = points_words(points)
        finally:
            use_language("vi")
        assert Fraction(text.replace(point, ".")) * 100 == points
        assert not text.endswith((point, "0" + point))


def test_figures_in_words() -> None:
    assert [number_words(Fraction(n)) for n in ("5", "83.39", "-1.5", "0")] == ["5", "83,3", "-1,5", "0"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_anything_else_is_refused_in_one_sentence(content: Any) -> None:
    with pytest.raises(UserError) as caught:
        read_sheet(json.dumps(content))
    assert caught.value.code == "criteria.unreadable"


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_with_a_missing_part_is_refused(kind: str) -> None:
    for key in ("id", "vi", "version", "unit_kind", "max_total", "groups", "classes"):
        content = copy.deepcopy(dict(criteria_sheet(kind)))
        del content[key]
        with pytest.raises(UserError):
            read_sheet(content)
    for text in ("", "{", "[1", "\x00", "NaN"):
        with pytest.raises(UserError):
            read_sheet(text)


def test_faults_are_named() -> None:
    content: dict[str, Any] = copy.deepcopy(dict(criteria_sheet("area")))
    content["groups"][0]["criteria"][0]["items"][0]["max"] = 5
    content["groups"][1]["criteria"][0]["items"][0]["id"] = "q1_1a"
    content["classes"]["bands"][1]["below"] = 89
    assert len(sheet_faults(read_sheet(content))) == 3
    content["score_step"] = 0.5
    assert len(sheet_faults(read_sheet(content))) == 4, "a quarter of a point does not fit steps of a half"


def test_a_condition_that_is_switched_off_is_gone() -> None:
    content: dict[str, Any] = copy.deepcopy(dict(criteria_sheet("area")))
    content["classes"]["side_conditions"][1]["enabled"] = False
    assert read_sheet(content).condition("ex_above") is None
    assert read_sheet(criteria_sheet("area")).condition("ex_above") is not None
