from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.errors import UserError
from hoidesk.figures.window import Window, months_after, months_before

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def test_a_window_keeps_exactly_the_days_it_was_given() -> None:
    window = Window(date(2020, 2, 1), date(2021, 4, 30))
    assert (window.start, window.end, window.as_of) == (date(2020, 2, 1), date(2021, 4, 30), date(2021, 4, 30))
    assert date(2020, 2, 1) in window and date(2021, 4, 30) in window
    assert date(2020, 1, 31) not in window and date(2021, 5, 1) not in window
    assert window.day_before == date(2020, 1, 31)


def test_days_the_wrong_way_round_are_refused_with_the_field() -> None:
    with pytest.raises(UserError) as refusal:
        Window(date(2026, 6, 30), date(2026, 1, 1))
    assert refusal.value.field == "to"


@pytest.mark.parametrize(
    ("start", "end", "before_start", "before_end"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), date(2025, 1, 1), date(2025, 6, 30)),
        (date(2024, 2, 29), date(2024, 2, 29), date(2023, 2, 28), date(2023, 2, 28)),
        (date(2025, 1, 1), date(2025, 2, 28), date(2024, 1, 1), date(2024, 2, 29)),
        (date(2025, 1, 1), date(2025, 2, 27), date(2024, 1, 1), date(2024, 2, 27)),
        (date(2020, 2, 1), date(2021, 4, 30), date(2019, 2, 1), date(2020, 4, 30)),
    ],
)
def test_the_same_period_last_year(start: date, end: date, before_start: date, before_end: date) -> None:
    assert Window(start, end).last_year() == Window(before_start, before_end)


@given(DAYS, DAYS)
def test_last_year_is_a_window_of_about_the_same_length(one: date, two: date) -> None:
    window = Window(min(one, two), max(one, two))
    before = window.last_year()
    assert before.start <= before.end < window.end
    assert abs((window.end - window.start) - (before.end - before.start)) <= timedelta(days=2)


@given(DAYS, st.integers(-600, 600))
def test_months_move_to_the_same_day_or_the_end_of_a_shorter_month(day: date, months: int) -> None:
    moved = months_after(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)
    assert months_before(day, -months) == moved
