from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.text.lunar import LunarDay, lunar_day, show_lunar, solar_day, tet

TET_DAYS = """
1968-01-29 1969-02-16 1970-02-06 1976-01-31 1980-02-16 1985-01-21 1990-01-27 1995-01-31 2000-02-05 2004-01-22
2005-02-09 2006-01-29 2007-02-17 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31
2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10
2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11 2033-01-31
""".split()

LEAP_MONTHS = {
    1985: 2, 1987: 7, 1990: 5, 1993: 3, 1995: 8, 1998: 5, 2001: 4, 2004: 2, 2006: 7, 2009: 5, 2012: 4, 2014: 9,
    2017: 6, 2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2033: 11,
}  # fmt: skip

days = st.dates(date(1968, 2, 1), date(2199, 12, 31))


@pytest.mark.parametrize("day", TET_DAYS)
def test_tet_is_where_the_almanac_has_it(day: str) -> None:
    expected = date.fromisoformat(day)
    assert tet(expected.year) == expected
    assert lunar_day(expected) == LunarDay(expected.year, 1, False, 1)
    assert lunar_day(expected - timedelta(days=1)).month == 12


def test_the_vietnamese_calendar_is_not_the_chinese_one() -> None:
    """In these years the new moon falls before midnight in Hà Nội and after it in Beijing."""
    assert tet(1985) == date(1985, 1, 21)  # China: 20 February
    assert tet(2007) == date(2007, 2, 17)  # China: 18 February
    assert tet(2030) == date(2030, 2, 2)  # China: 3 February


def test_leap_months() -> None:
    found: dict[int, int] = {}
    day = date(1985, 1, 21)
    while day < date(2034, 2, 19):
        lunar = lunar_day(day)
        if lunar.leap:
            found[lunar.year] = lunar.month
        day += timedelta(days=29)
    # A step of 29 days cannot jump over a month.
    assert found == LEAP_MONTHS


@pytest.mark.parametrize(
    ("lunar", "day"),
    [
        (LunarDay(2026, 3, False, 10), date(2026, 4, 26)),  # Giỗ Tổ Hùng Vương
        (LunarDay(2025, 3, False, 10), date(2025, 4, 7)),
        (LunarDay(2024, 3, False, 10), date(2024, 4, 18)),
        (LunarDay(2024, 8, False, 15), date(2024, 9, 17)),  # Trung thu
        (LunarDay(2025, 8, False, 15), date(2025, 10, 6)),
        (LunarDay(2026, 10, False, 4), date(2026, 11, 12)),
    ],
)
def test_feast_days(lunar: LunarDay, day: date) -> None:
    assert lunar_day(day) == lunar
    assert solar_day(lunar.year, lunar.month, lunar.day, leap=lunar.leap) == day


@given(days)
def test_there_and_back(day: date) -> None:
    lunar = lunar_day(day)
    assert solar_day(lunar.year, lunar.month, lunar.day, leap=lunar.leap) == day


@given(days)
def test_the_next_day_is_the_next_lunar_day(day: date) -> None:
    lunar, following = lunar_day(day), lunar_day(day + timedelta(days=1))
    if following.day > 1:
        assert following == LunarDay(lunar.year, lunar.month, lunar.leap, lunar.day + 1)
    else:
        assert lunar.day in (29, 30)
        if following.leap:
            assert (following.year, following.month) == (lunar.year, lunar.month)
        else:
            assert following.month == lunar.month % 12 + 1
            assert following.year == lunar.year + (lunar.month == 12)


@given(st.integers(1968, 2199))
def test_the_winter_solstice_lies_in_the_eleventh_month(year: int) -> None:
    """The solstice is on 21 or 22 December (to 2199 also the 20th): one of these days lies in month 11."""
    assert any(lunar_day(date(year, 12, day)).month == 11 for day in (20, 21, 22, 23))
    assert tet(year) - date(year, 1, 1) >= timedelta(days=19)
    assert tet(year) <= date(year, 2, 22)


def test_days_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="leap"):
        solar_day(2026, 6, 1, leap=True)
    assert solar_day(2025, 6, 1, leap=True) == date(2025, 7, 25)
    with pytest.raises(ValueError):
        solar_day(2026, 1, 31)
    with pytest.raises(ValueError):
        solar_day(2026, 1, 0)
    with pytest.raises(ValueError):
        solar_day(2026, 13, 1)


def test_names_of_days_and_months() -> None:
    assert show_lunar(date(2026, 11, 12)) != show_lunar(date(2026, 11, 13))
    months = {show_lunar(solar_day(2026, month, 4)) for month in range(1, 13)}
    kinds = {show_lunar(solar_day(2026, 5, day)) for day in range(1, 30)}
    assert (len(months), len(kinds)) == (12, 29)
    assert show_lunar(solar_day(2025, 6, 4, leap=True)) != show_lunar(solar_day(2025, 6, 4))
