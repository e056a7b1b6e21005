from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from hoidesk.errors import UserError
from hoidesk.language import current_language, use_language
from hoidesk.text.numbers import (
    Count,
    Money,
    Points,
    parse_count,
    parse_money,
    parse_score,
    show_count,
    show_decimal,
    show_money,
    show_percent,
    show_points,
)
from tests.vietnamese import nfd


def code_of(parse: object, text: str) -> str:
    assert callable(parse)
    with pytest.raises(UserError) as refused:
        parse(text)
    assert refused.value.text
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("27", 27),
        (" 09 ", 9),
        ("1714", 1714),
        ("1.714", 1714),
        ("1 714", 1714),
        ("1\xa0714", 1714),
        ("1\u202f234\u202f567", 1234567),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1,714.00", 1714),
        ("1.714,0", 1714),
        ("12,0", 12),
        ("27.0", 27),
        ("12.345", 12345),
    ],
)
def test_counts(typed: str, number: int) -> None:
    assert parse_count(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,714", "number.ambiguous"),
        ("27,000", "number.ambiguous"),
        ("0,714", "number.not_whole"),
        ("0.714", "number.not_whole"),
        ("12,5", "number.not_whole"),
        ("1.5", "number.not_whole"),
        ("1.714,5", "number.not_whole"),
        ("-5", "number.negative"),
        ("−5", "number.negative"),
        ("1000000000", "number.too_big"),
        ("9" * 39, "number.too_big"),
        ("9" * 400, "number.unreadable"),
        ("", "number.empty"),
        (" \xa0", "number.empty"),
        ("1.71", "number.not_whole"),
        ("1.7145", "number.not_whole"),
        ("1.714.5", "number.unreadable"),
        ("01.714", "number.not_whole"),
        ("1..714", "number.unreadable"),
        ("1 71", "number.unreadable"),
        ("12 hội", "number.unreadable"),
        ("1e3", "number.unreadable"),
        ("0x10", "number.unreadable"),
        ("١٢", "number.unreadable"),
        ("½", "number.unreadable"),
        ("{0}", "number.unreadable"),
        ("nan", "number.unreadable"),
    ],
)
def test_what_is_no_count(typed: str, code: str) -> None:
    assert code_of(parse_count, typed) == code


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_ambiguous_number_is_shown_with_both_readings(language: str) -> None:
    before = current_language()
    use_language(language)
    try:
        with pytest.raises(UserError) as refused:
            parse_count("1,714")
    finally:
        use_language(before)
    assert "“1,714”" in refused.value.text
    assert "1714" in refused.value.text
    assert {"1", "714"} <= set(re.findall("[0-9]+", refused.value.text.replace("1,714", "")))


@given(st.integers(0, 999_999_999))
def test_counts_there_and_back(number: int) -> None:
    assert parse_count(show_count(number)) == number
    assert parse_count(show_count(number, padded=True)) == number
    assert parse_count(str(number)) == number
    english = f"{number:,}"
    if english.count(",") == 1:
        assert code_of(parse_count, english) == "number.ambiguous"
    else:
        assert parse_count(english) == number


@given(st.text() | st.text(alphabet="0123456789., -"))
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    for parse in (parse_count, parse_score, parse_money):
        try:
            value = parse(text)
        except UserError as refusal:
            assert refusal.text and refusal.code.startswith("number.")
        else:
            assert isinstance(value, int)


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [("9", 900), ("9,5", 950), ("9.5", 950), ("9,25", 925), ("9.75", 975), ("0", 0), ("100", 10_000), ("-2,5", -250)],
)
def test_scores(typed: str, hundredths: int) -> None:
    assert parse_score(typed) == hundredths


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("9,3", "number.score_step"),
        ("9.125", "number.ambiguous"),
        ("9,125", "number.ambiguous"),
        ("0,125", "number.score_step"),
        ("2000", "number.too_big"),
        ("", "number.empty"),
        ("A", "number.unreadable"),
    ],
)
def test_what_is_no_score(typed: str, code: str) -> None:
    assert code_of(parse_score, typed) == code


@given(st.integers(-4000, 4000).map(lambda quarters: quarters * 25))
def test_scores_there_and_back(hundredths: int) -> None:
    shown = show_points(hundredths)
    assert "." not in shown.replace(".", "", 1)
    if abs(hundredths) < 100_000:
        assert parse_score(shown) == hundredths
        assert parse_score(shown.replace(",", ".")) == hundredths


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("1.500.000", 1_500_000),
        ("1.500.000 đ", 1_500_000),
        ("1.500.000đồng", 1_500_000),
        ("1 500 000 VNĐ", 1_500_000),
        ("500 nghìn", 500_000),
        ("500 ngàn đồng", 500_000),
        ("1,5 triệu", 1_500_000),
        ("1,5 TRIỆU đồng", 1_500_000),
        ("1.5 tr", 1_500_000),
        ("2 tỷ", 2_000_000_000),
        ("0,75 tỉ đồng", 750_000_000),
        ("0", 0),
    ],
)
def test_money(typed: str, dong: int) -> None:
    assert parse_money(typed) == dong
    assert parse_money(nfd(typed)) == dong


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,714", "number.ambiguous"),
        ("1,714 triệu", "number.ambiguous"),
        ("1,5", "number.not_whole"),
        ("0,0000000001 tỷ", "number.not_whole"),
        ("5 lít", "number.unreadable"),
        ("đồng", "number.unreadable"),
        ("-1 đồng", "number.negative"),
        ("9999999 tỷ", "number.too_big"),
        ("", "number.empty"),
    ],
)
def test_what_is_no_money(typed: str, code: str) -> None:
    assert code_of(parse_money, typed) == code


@given(st.integers(0, 10**15))
def test_money_there_and_back(dong: int) -> None:
    assert parse_money(show_money(dong)) == dong
    if dong % 1_000_000 % 1000 == 0 and "," not in show_money(dong, million=True):
        assert parse_money(show_money(dong, million=True)) == dong


def test_shown_numbers() -> None:
    assert show_count(1203) == "1.203"
    assert show_count(9, padded=True) == "09"
    assert show_count(-1203) == "-1.203"
    assert show_decimal(12.5) == "12,5"
    assert show_decimal(Decimal("1234.50")) == "1.234,5"
    assert show_decimal(100) == "100"
    assert show_decimal(Decimal("0.25"), 1) == "0,3"
    assert show_decimal(2, 2) == "2,00"
    assert show_points(950) == "9,5"
    assert show_points(10_000) == "100"
    assert show_points(-25) == "-0,25"
    assert show_percent(27, 30) == "90,0%"
    assert show_percent(1, 3) == "33,3%"
    assert show_percent(2, 3, 0) == "67%"
    assert show_percent(0, 0) == "–"
    assert show_money(1_500_000, million=True) == "1,5 triệu đồng"


class _Form(BaseModel):
    present: Count = 0
    spent: Money = 0
    points: Points = 0


def test_fields() -> None:
    form = _Form.model_validate({"present": "1.714", "spent": "1,5 triệu", "points": "9,25"})
    assert (form.present, form.spent, form.points) == (1714, 1_500_000, 925)
    form = _Form.model_validate({"present": 27.0, "spent": 5, "points": 925})
    assert (form.present, form.spent, form.points) == (27, 5, 925)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"present": "1,714"}, "number.ambiguous"),
        ({"present": -1}, "number.negative"),
        ({"present": True}, "number.unreadable"),
        ({"present": 10**12}, "number.too_big"),
        ({"spent": "1,5"}, "number.not_whole"),
        ({"points": 9.5}, "number.score_type"),
        ({"points": "9,3"}, "number.score_step"),
    ],
)
def test_a_wrong_number_is_the_error_of_its_field(values: dict[str, object], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _Form.model_validate(values)
    (error,) = refused.value.errors()
    assert (error["type"], error["loc"]) == (code, tuple(values))
