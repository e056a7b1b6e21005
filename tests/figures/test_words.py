from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.figures.catalogue import figure
from hoidesk.figures.model import Fact, Value, value_of
from hoidesk.figures.words import number_words, percent_words, value_words
from hoidesk.language import use_language


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    use_language("vi")
    yield
    use_language("vi")


def _facts(*pairs: tuple[int, int]) -> list[Fact]:
    return [Fact("meeting", UUID(int=n), above, below) for n, (above, below) in enumerate(pairs)]


def _value(figure_id: str, *pairs: tuple[int, int]) -> Value:
    return value_of(figure(figure_id), _facts(*pairs), 1, "sum")


def test_numbers_have_points_between_thousands_in_vietnamese_and_commas_in_english() -> None:
    assert number_words(3711) == "3.711"
    assert number_words(-1203456) == "-1.203.456"
    assert number_words(Fraction(25, 2)) == "12,5"
    use_language("en")
    assert number_words(3711) == "3,711"
    assert number_words(Fraction(25, 2)) == "12.5"


def test_shares_have_one_decimal() -> None:
    assert percent_words(Fraction(25, 2)) == "12,5%"
    assert percent_words(Fraction(90)) == "90%"
    assert percent_words(Fraction(-250, 3), bounded=False) == "-83,3%"
    use_language("en")
    assert percent_words(Fraction(25, 2)) == "12.5%"


def test_a_share_is_never_rounded_to_all_or_to_nothing() -> None:
    assert percent_words(Fraction(9999, 100)) == "99,9%"
    assert percent_words(Fraction(1, 1000)) == "0,1%"
    assert percent_words(Fraction(100)) == "100%"
    assert percent_words(Fraction(0)) == "0%"


@given(st.fractions(0, 100))
def test_only_a_whole_share_reads_as_whole(share: Fraction) -> None:
    assert (percent_words(share) == "100%") == (share == 100)
    assert (percent_words(share) == "0%") == (share == 0)


def test_a_denominator_of_nothing_is_said_in_words() -> None:
    value = _value("attendance_rate")
    assert value.number is None
    assert value_words(value) == "không có"


def test_counts_say_what_was_counted() -> None:
    assert value_words(_value("associations_total", *[(1, 0)] * 1203), unit=True) == "1.203\u00a0hội"
    assert value_words(_value("areas_total", (1, 0)), unit=True) == "1\u00a0khu phố"
    assert value_words(_value("associations_total")) == "0"


def test_a_rate_adds_above_and_below_before_it_divides() -> None:
    value = _value("attendance_rate", (10, 10), (1, 30))
    assert (value.numerator, value.denominator, value.number) == (11, 40, Fraction(55, 2))
    assert value_words(value) == "27,5%"


def test_the_parts_of_a_rate_are_counts_with_their_own_records() -> None:
    value = _value("registration_rate", (1, 1), (0, 1), (1, 1))
    above, below = value.part("numerator"), value.part("denominator")
    assert (above.number, len(above.record_ids)) == (2, 2)
    assert (below.number, len(below.record_ids)) == (3, 3)
    assert value_words(above) == "2"
    assert value.part("previous") is value
