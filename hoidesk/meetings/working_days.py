"""Working days: deadlines of replies and clocks that count only days on which offices are open.

The calendar is data (presets, and what the office enters from each year's notice): weekly rest, holidays by rule on
the solar or the Vietnamese lunar calendar, compensation, swapped days. Everything here is pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from hoidesk.text.lunar import solar_day

__all__ = [
    "Holiday",
    "WorkingCalendar",
    "add_working_days",
    "calendar_from",
    "is_working_day",
    "shipped_calendar",
    "working_days_between",
]

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday by rule: ``days`` days in a row, the first of them ``offset`` days from ``day``/``month``.

    ``lunar`` dates lie in the ordinary month, never in the leap month. ``from_year`` is the first year it is kept in.
    """

    id: str
    lunar: bool
    day: int
    month: int
    days: int = 1
    offset: int = 0
    from_year: int = 0

    def block(self, year: int) -> tuple[date, ...]:
        """Its days in ``year`` (of the lunar calendar if it is lunar)."""
        if year < self.from_year:
            return ()
        first = solar_day(year, self.month, self.day) if self.lunar else date(year, self.month, self.day)
        return tuple(first + _DAY * (self.offset + n) for n in range(self.days))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked.

    ``weekly_rest``: weekdays as ``date.weekday`` counts them. ``compensated``: a holiday on a weekly rest day frees
    the next day that would be worked. ``swapped``: pairs (day off, rest day worked instead). ``overrides``: (year,
    holiday, first day, number of days), what a year's notice says in place of the rule; no days means not kept.
    """

    weekly_rest: frozenset[int]
    holidays: tuple[Holiday, ...] = ()
    compensated: bool = False
    swapped: tuple[tuple[date, date], ...] = ()
    extra_off: frozenset[date] = frozenset()
    overrides: tuple[tuple[int, str, date, int], ...] = ()


def calendar_from(content: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar that a preset (``working_calendar.yaml``) describes; ValueError or KeyError if it is malformed.

    An override is ``{year: 2027, id: tet, start: "2027-02-04", days: 7}``.
    """
    holidays = []
    for one in content["holidays"]:
        if not one.get("enabled", True):
            continue
        day, month = (int(part) for part in one["date"].split("-"))
        holidays.append(
            Holiday(
                id=one["id"],
                lunar=one["calendar"] == "lunar",
                day=day,
                month=month,
                days=one.get("days", 1),
                offset=one.get("start_offset", 0),
                from_year=one.get("from_year", 0),
            )
        )
    return WorkingCalendar(
        weekly_rest=frozenset(_WEEKDAYS.index(name) for name in content["weekly_rest"]),
        holidays=tuple(holidays),
        compensated=(content.get("compensation") or {}).get("rule") == "next_working_day",
        swapped=tuple(
            (_date(pair["day_off"]), _date(pair["day_worked"])) for pair in content.get("swapped_days") or ()
        ),
        extra_off=frozenset(_date(day) for day in content.get("extra_off_days") or ()),
        overrides=tuple(
            (one["year"], one["id"], _date(one["start"]), one["days"]) for one in content.get("overrides_by_year") or ()
        ),
    )


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


@cache
def shipped_calendar() -> WorkingCalendar:
    """The calendar shipped with the program."""
    from hoidesk import presets

    return calendar_from(presets.working_calendar())


def _holidays(calendar: WorkingCalendar, year: int) -> set[date]:
    overridden = {id_: (start, days) for in_year, id_, start, days in calendar.overrides if in_year == year}
    found: set[date] = set()
    for holiday in calendar.holidays:
        if holiday.id in overridden:
            start, days = overridden[holiday.id]
            found.update(start + _DAY * n for n in range(days))
        else:
            found.update(holiday.block(year))
    return found


def _compensations(calendar: WorkingCalendar, holidays: set[date], worked: set[date]) -> set[date]:
    """For each holiday that falls on a weekly rest day the next day that would be worked."""
    given: set[date] = set()
    for holiday in sorted(holidays):
        if holiday.weekday() not in calendar.weekly_rest or holiday in worked:
            continue
        day = holiday
        while day.weekday() in calendar.weekly_rest or day in holidays or day in given or day in calendar.extra_off:
            day += _DAY
        given.add(day)
    return given


@lru_cache(maxsize=256)
def _working_ordinals(calendar: WorkingCalendar, year: int) -> tuple[int, ...]:
    """The ordinals of the working days of ``year``, in order."""
    worked = {worked for _off, worked in calendar.swapped}
    # A block or its compensation can reach over the turn of the year.
    holidays = set().union(*(_holidays(calendar, year + n) for n in (-1, 0, 1)))
    off = holidays | calendar.extra_off | {off for off, _worked in calendar.swapped}
    if calendar.compensated:
        off |= _compensations(calendar, holidays, worked)
    first = date(year, 1, 1)
    days = (first + _DAY * n for n in range((date(year + 1, 1, 1) - first).days))
    return tuple(
        day.toordinal()
        for day in days
        if day in worked or (day.weekday() not in calendar.weekly_rest and day not in off)
    )


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    """Whether offices are open on ``day``."""
    ordinals = _working_ordinals(calendar, day.year)
    place = bisect_right(ordinals, day.toordinal())
    return place > 0 and ordinals[place - 1] == day.toordinal()


def _passed(day: date, calendar: WorkingCalendar) -> int:
    """Working days of the year of ``day`` up to and with it."""
    return bisect_right(_working_ordinals(calendar, day.year), day.toordinal())


def add_working_days(start: date, n: int, calendar: WorkingCalendar) -> date:
    """The ``n``-th working day after ``start``, which itself does not count; before it for a negative ``n``.

    ``n`` = 0 is ``start`` itself, worked or not. Raises ValueError if the calendar has no working days at all.
    """
    if n == 0:
        return start
    if len(calendar.weekly_rest) >= len(_WEEKDAYS):
        raise ValueError("a calendar without working days")
    year = start.year
    # Places count from 1 within the year; a place outside it lies in another year.
    passed = _passed(start, calendar)
    place = passed + n if n > 0 else passed - is_working_day(start, calendar) + n + 1
    while place > len(_working_ordinals(calendar, year)):
        place -= len(_working_ordinals(calendar, year))
        year += 1
    while place < 1:
        year -= 1
        place += len(_working_ordinals(calendar, year))
    return date.fromordinal(_working_ordinals(calendar, year)[place - 1])


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """How many working days lie after ``start`` up to and with ``end``; negative if ``end`` lies before ``start``."""
    if end < start:
        return -working_days_between(end, start, calendar)
    whole = sum(len(_working_ordinals(calendar, year)) for year in range(start.year, end.year))
    return whole + _passed(end, calendar) - _passed(start, calendar)
