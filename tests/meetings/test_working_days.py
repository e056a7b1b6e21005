from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.meetings.working_days import (
    Holiday,
    WorkingCalendar,
    add_working_days,
    calendar_from,
    is_working_day,
    shipped_calendar,
    working_days_between,
)

PLAIN = WorkingCalendar(weekly_rest=frozenset({5, 6}))
SHIPPED = shipped_calendar()
DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Calendars as offices might enter them, also strange ones."""
    holidays = draw(
        st.lists(
            st.builds(
                Holiday,
                id=st.sampled_from(["a", "b", "c"]),
                lunar=st.booleans(),
                day=st.integers(1, 28),
                month=st.integers(1, 12),
                days=st.integers(0, 7),
                offset=st.integers(-3, 3),
                from_year=st.sampled_from([0, 2026]),
            ),
            max_size=5,
        )
    )
    return WorkingCalendar(
        weekly_rest=draw(st.frozensets(st.integers(0, 6), max_size=3)),
        holidays=tuple(holidays),
        compensated=draw(st.booleans()),
        swapped=tuple(draw(st.lists(st.tuples(days, days), max_size=3))),
        extra_off=draw(st.frozensets(days, max_size=3)),
        overrides=tuple(
            draw(st.lists(st.tuples(st.integers(2024, 2028), st.just("a"), days, st.integers(0, 9)), max_size=2))
        ),
    )


@given(days, st.integers(1, 400), calendars())
def test_adding_and_counting_are_inverse(start: date, n: int, calendar: WorkingCalendar) -> None:
    later = add_working_days(start, n, calendar)
    assert is_working_day(later, calendar)
    assert working_days_between(start, later, calendar) == n
    # The first day that counts n working days, not one of the rest days after it.
    assert working_days_between(start, later - DAY, calendar) == n - 1


@given(days, st.integers(1, 400), calendars())
def test_backwards(start: date, n: int, calendar: WorkingCalendar) -> None:
    earlier = add_working_days(start, -n, calendar)
    assert is_working_day(earlier, calendar)
    assert sum(is_working_day(earlier + DAY * k, calendar) for k in range((start - earlier).days)) == n


@given(days, st.integers(0, 400), calendars())
def test_counting_is_counting(start: date, length: int, calendar: WorkingCalendar) -> None:
    end = start + DAY * length
    one_by_one = sum(is_working_day(start + DAY * k, calendar) for k in range(1, length + 1))
    assert working_days_between(start, end, calendar) == one_by_one
    assert working_days_between(end, start, calendar) == -one_by_one


@given(days, days, days)
def test_stretches_add_up(one: date, two: date, three: date) -> None:
    parts = working_days_between(one, two, SHIPPED) + working_days_between(two, three, SHIPPED)
    assert parts == working_days_between(one, three, SHIPPED)


@given(st.integers(2020, 2199), st.booleans())
def test_compensation_gives_each_lost_holiday_back(year: int, compensated: bool) -> None:
    """A year has as many working days fewer than weekdays as it has holidays (with compensation, all of them)."""
    calendar = WorkingCalendar(SHIPPED.weekly_rest, SHIPPED.holidays, compensated)
    first, last = date(year, 1, 1), date(year, 12, 31)
    weekdays = working_days_between(first - DAY, last, PLAIN)
    holidays = [day for holiday in SHIPPED.holidays for day in holiday.block(year)]
    distinct = set(holidays)
    on_weekdays = sum(day.weekday() < 5 for day in distinct)
    expected = len(distinct) if compensated else on_weekdays
    assert weekdays - working_days_between(first - DAY, last, calendar) == expected


def test_known_days() -> None:
    off_2026 = [
        date(2026, 1, 1), *(date(2026, 2, day) for day in range(16, 21)),  # Tết: 30 Chạp to mùng 4
        date(2026, 4, 27),  # Giỗ Tổ on Sunday 26 April
        date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 2), date(2026, 9, 3),
    ]  # fmt: skip
    found = [
        day
        for day in (date(2026, 1, 1) + DAY * n for n in range(365))
        if day.weekday() < 5 and not is_working_day(day, SHIPPED)
    ]
    assert found == off_2026


def test_a_deadline_counts_from_the_day_after() -> None:
    assert add_working_days(date(2026, 10, 20), 15, SHIPPED) == date(2026, 11, 10)
    assert add_working_days(date(2026, 2, 13), 1, SHIPPED) == date(2026, 2, 23)
    assert add_working_days(date(2026, 2, 14), 0, SHIPPED) == date(2026, 2, 14)
    assert add_working_days(date(2026, 2, 23), -1, SHIPPED) == date(2026, 2, 13)


def test_swapped_days_and_notices() -> None:
    content = {
        "weekly_rest": ["saturday", "sunday"],
        "holidays": [
            {"id": "tet", "calendar": "lunar", "date": "01-01", "days": 5, "start_offset": -1},
            {"id": "gone", "calendar": "solar", "date": "10-06", "enabled": False},
        ],
        "compensation": {"rule": "next_working_day"},
        "swapped_days": [{"day_off": "2026-01-02", "day_worked": "2026-01-10", "notice": "1/TB"}],
        "extra_off_days": ["2026-06-12"],
        "overrides_by_year": [{"year": 2027, "id": "tet", "start": "2027-02-04", "days": 7}],
    }
    calendar = calendar_from(content)
    assert not is_working_day(date(2026, 1, 2), calendar)
    assert is_working_day(date(2026, 1, 10), calendar)
    assert is_working_day(date(2026, 6, 10), calendar)
    assert not is_working_day(date(2026, 6, 12), calendar)
    # 4 to 10 February 2027 holds a Saturday and a Sunday: both are given back.
    assert [day for day in range(1, 20) if not is_working_day(date(2027, 2, day), calendar)] == [
        *range(4, 15),
    ]  # fmt: skip


@pytest.mark.parametrize("broken", [{"weekly_rest": ["sabbath"], "holidays": []}, {"weekly_rest": []}])
def test_a_malformed_calendar_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        calendar_from(broken)


def test_a_calendar_without_work_is_refused() -> None:
    with pytest.raises(ValueError, match="working"):
        add_working_days(date(2026, 1, 1), 1, WorkingCalendar(frozenset(range(7))))
