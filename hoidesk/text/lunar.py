"""The Vietnamese lunar calendar, reckoned for UTC+7.

The rules are public astronomy, as Hồ Ngọc Đức set them out for Việt Nam: a month begins on the day of the new moon;
the month that holds the winter solstice is the eleventh; a year with thirteen new moons between two eleventh months
has a leap month, the first one in which the sun enters no new twelfth of its path. All of it is decided by the local
day, and so Việt Nam's new year falls on another day than China's in some years (1985, 2007, 2030).

Right for days from 1968, when the country took UTC+7 for its calendar, to 2199; positions of sun and moon are by the
short series of J. Meeus, Astronomical Algorithms (new moons within a minute or two).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import floor, pi, sin
from typing import Final

from hoidesk.language import _

__all__ = ["LunarDay", "lunar_day", "show_lunar", "solar_day", "tet"]

_ZONE: Final = 7 / 24
_MONTH: Final = 29.530588853
_EPOCH_NEW_MOON: Final = 2415020.75933
"""The new moon of January 1900, in Julian days of terrestrial time."""
_ORDINAL: Final = 1721425
"""Julian day number of the (proleptic) 1 January of year 1, less one: what turns it into ``date.toordinal``."""


@dataclass(frozen=True, slots=True, order=True)
class LunarDay:
    """A day of the lunar calendar; ``leap`` marks a day of the leap month that follows ``month``."""

    year: int
    month: int
    leap: bool
    day: int


def _sin_degrees(angle: float) -> float:
    return sin(angle * pi / 180)


@lru_cache(maxsize=4096)
def _new_moon(k: int) -> int:
    """Number (``date.toordinal``) of the local day of the new moon ``k`` months after that of January 1900."""
    t = k / 1236.85
    mean = _EPOCH_NEW_MOON + _MONTH * k + t * t * (0.0001178 - 0.000000155 * t)
    mean += 0.00033 * _sin_degrees(166.56 + 132.87 * t - 0.009173 * t * t)
    sun = 359.2242 + 29.10535608 * k - t * t * (0.0000333 + 0.00000347 * t)
    moon = 306.0253 + 385.81691806 * k + t * t * (0.0107306 + 0.00001236 * t)
    node = 21.2964 + 390.67050646 * k - t * t * (0.0016528 + 0.00000239 * t)
    shift = (0.1734 - 0.000393 * t) * _sin_degrees(sun) + 0.0021 * _sin_degrees(2 * sun)
    shift += -0.4068 * _sin_degrees(moon) + 0.0161 * _sin_degrees(2 * moon) - 0.0004 * _sin_degrees(3 * moon)
    shift += 0.0104 * _sin_degrees(2 * node) - 0.0051 * _sin_degrees(sun + moon) - 0.0074 * _sin_degrees(sun - moon)
    shift += 0.0004 * _sin_degrees(2 * node + sun) - 0.0004 * _sin_degrees(2 * node - sun)
    shift += -0.0006 * _sin_degrees(2 * node + moon) + 0.0010 * _sin_degrees(2 * node - moon)
    shift += 0.0005 * _sin_degrees(sun + 2 * moon)
    # From terrestrial to universal time: under a minute and a half within the years this calendar is good for.
    clock = -0.000278 + 0.000265 * t + 0.000262 * t * t
    return floor(mean + shift - clock + 0.5 + _ZONE) - _ORDINAL


@lru_cache(maxsize=4096)
def _sun_sector(day: int) -> int:
    """The twelfth (0 to 11) of its path in which the sun stands at local midnight at the beginning of ``day``."""
    t = (day + _ORDINAL - 0.5 - _ZONE - 2451545.0) / 36525
    mean = 280.46645 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = 357.52910 + 35999.05030 * t - 0.0001559 * t * t - 0.00000048 * t * t * t
    centre = (1.914600 - 0.004817 * t - 0.000014 * t * t) * _sin_degrees(anomaly)
    centre += (0.019993 - 0.000101 * t) * _sin_degrees(2 * anomaly) + 0.000290 * _sin_degrees(3 * anomaly)
    apparent = mean + centre - 0.00569 - 0.00478 * _sin_degrees(125.04 - 1934.136 * t)
    return int(apparent % 360 // 30)


@lru_cache(maxsize=512)
def _eleventh(year: int) -> int:
    """The new moon ``k`` that begins the month with the winter solstice of the solar ``year``."""
    k = floor((date(year, 12, 31).toordinal() + _ORDINAL - _EPOCH_NEW_MOON) / _MONTH)
    while _new_moon(k) > date(year, 12, 31).toordinal():
        k -= 1
    # The solstice opens the tenth twelfth (9): a month that begins after it is already the twelfth month.
    return k - 1 if _sun_sector(_new_moon(k)) >= 9 else k


@lru_cache(maxsize=512)
def _months_from_eleventh(year: int) -> tuple[tuple[int, int, bool], ...]:
    """First day, month and leap mark of the months from the eleventh of ``year - 1`` to the tenth of ``year``."""
    first, last = _eleventh(year - 1), _eleventh(year)
    days = [_new_moon(k) for k in range(first, last + 1)]
    leap = -1
    if last - first == 13:
        leap = next(i for i in range(1, 13) if _sun_sector(days[i]) == _sun_sector(days[i + 1]))
    months: list[tuple[int, int, bool]] = []
    number = 11
    for i, day in enumerate(days[:-1]):
        if i and i != leap:
            number = number % 12 + 1
        months.append((day, number, i == leap))
    return tuple(months)


def lunar_day(day: date) -> LunarDay:
    """The lunar day of ``day`` (1968 to 2199)."""
    ordinal = day.toordinal()
    year = day.year if ordinal < _new_moon(_eleventh(day.year)) else day.year + 1
    first, month, leap = max(entry for entry in _months_from_eleventh(year) if entry[0] <= ordinal)
    return LunarDay(year - 1 if month >= 11 else year, month, leap, ordinal - first + 1)


def solar_day(year: int, month: int, day: int, *, leap: bool = False) -> date:
    """The day on which the lunar ``day`` of ``month`` of the lunar ``year`` falls.

    Raises ValueError if that month is not a leap month in that year, or is too short (a month has 29 or 30 days).
    """
    months = _months_from_eleventh(year + 1 if month >= 11 else year)
    for first, number, is_leap in months:
        if (number, is_leap) == (month, leap):
            found = date.fromordinal(first) + timedelta(days=day - 1)
            if day >= 1 and lunar_day(found) == LunarDay(year, month, leap, day):
                return found
    raise ValueError(f"there is no lunar day {day} of month {month}{' (leap)' if leap else ''} in {year}")


def tet(year: int) -> date:
    """The first day of the lunar ``year``: Tết Nguyên đán."""
    return solar_day(year, 1, 1)


def show_lunar(day: date) -> str:
    """The lunar day in words, for example ``mùng 4 tháng 10 âm lịch``: the first month is Giêng, the last is Chạp."""
    lunar = lunar_day(day)
    named = {1: _("first lunar month"), 12: _("twelfth lunar month")}
    month = named.get(lunar.month) or _("lunar month {month}").format(month=lunar.month)
    if lunar.leap:
        month = _("leap {month}").format(month=month)
    # The first ten days and the day of the full moon have names of their own in Vietnamese.
    if lunar.day <= 10:
        return _("day {day} of the first ten, {month}").format(day=lunar.day, month=month)
    if lunar.day == 15:
        return _("day of the full moon, {month}").format(month=month)
    return _("day {day}, {month}").format(day=lunar.day, month=month)
