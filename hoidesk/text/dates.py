"""Days and instants: reading what people type, showing what offices write.

Days of the world are plain dates, shown dd/mm/yyyy. Instants are aware UTC, shown in Việt Nam's fixed UTC+7; no time
zone data is needed (Windows has none, and the country keeps no summer time).
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.text.fields import as_field_error
from hoidesk.text.nfc import quote

__all__ = [
    "VIETNAM",
    "Day",
    "Instant",
    "parse_day",
    "show_day",
    "show_instant",
    "show_long_day",
    "today",
    "weekday_name",
]

VIETNAM: Final = timezone(timedelta(hours=7), "UTC+7")

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_PARTS: Final = re.compile(r"([0-9]{1,2})(?:\s*[/.-]\s*([0-9]{1,2})(?:\s*[/.-]\s*([0-9]{2}|[0-9]{4}))?)?")
_RUN: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2}|[0-9]{4})?")
_WORDS: Final = re.compile(r"(?:ngày\s+)?([0-9]{1,2})\s+tháng\s+([0-9]{1,2})(?:\s+năm\s+([0-9]{4}))?", re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(r"[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}")
_FIRST_YEAR: Final = 1800
_LAST_YEAR: Final = 2199
_WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def today() -> date:
    """The day it is in Việt Nam by this PC's clock."""
    return datetime.now(VIETNAM).date()


def parse_day(text: str, today: date) -> date:
    """The day a person means by ``text``.

    Read are ``5`` (of the month of ``today``), ``5/6`` (of its year), ``050626``, ``5.6.26``, ``5-6-2026``,
    ``05/06/2026``, ``ngày 5 tháng 6 năm 2026`` and ISO ``2026-06-05``; the day always stands before the month.
    A year of two digits lies between 79 years before and 20 years after ``today``.

    Raises UserError with a code ``day.…`` and a sentence that says what is wrong with the day.
    """
    typed = " ".join(text.split())
    if not typed:
        raise UserError("day.empty", _("The day is empty. Type a day, for example 05/06/2026."))
    if match := _ISO.fullmatch(typed):
        return _checked(int(match[3]), int(match[2]), int(match[1]))
    match = _PARTS.fullmatch(typed) or _RUN.fullmatch(typed) or _WORDS.fullmatch(typed)
    if match is None:
        if _YEAR_FIRST.fullmatch(typed):
            raise UserError(
                "day.year_first",
                _("“{text}” begins with the year. Type the day first, for example 05/06/2026.").format(
                    text=quote(typed)
                ),
            )
        raise UserError(
            "day.unreadable",
            _("“{text}” is not a day. Type day/month/year, for example 05/06/2026.").format(text=quote(typed)),
        )
    month = int(match[2]) if match[2] else today.month
    year = int(match[3]) if match[3] else today.year
    return _checked(int(match[1]), month, _century(year, today.year) if year < 100 else year)


def _century(short: int, current: int) -> int:
    year = current - current % 100 + short
    return year - 100 if year > current + 20 else year + 100 if year < current - 79 else year


def _checked(day: int, month: int, year: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UserError("day.year", _("The year {year} cannot be right. Type the day again.").format(year=year))
    if not 1 <= month <= 12:
        raise UserError(
            "day.month",
            _("There is no month {month}. Type day/month/year, for example 05/06/2026.").format(month=month),
        )
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise UserError(
            "day.not_in_month",
            _("There is no day {day}: that month has {last} days. Type the day again.").format(
                day=f"{day:02}/{month:02}/{year}", last=last
            ),
        )
    return date(year, month, day)


def show_day(day: date | None) -> str:
    """``05/06/2026``; nothing for no day."""
    return "" if day is None else f"{day.day:02}/{day.month:02}/{day.year:04}"


def show_long_day(day: date) -> str:
    """``ngày 05 tháng 01 năm 2026``, as a letterhead has it.

    Days below 10 and the months 1 and 2 get a leading zero, other months none (Decree 30/2020, annex I). Always in
    Vietnamese: the paper is Vietnamese whatever language the window speaks.
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def weekday_name(day: date) -> str:
    """The name of the day of the week, in the language in use."""
    return _(_WEEKDAYS[day.weekday()])


def show_instant(instant: datetime) -> str:
    """``14:02 12/11/2026`` in UTC+7; ``instant`` must be aware, else ValueError."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    local = instant.astimezone(VIETNAM)
    return f"{local:%H:%M} {show_day(local.date())}"


def _read_day(value: Any) -> Any:
    if isinstance(value, datetime):
        # A spreadsheet's date cell is a datetime at midnight; an aware one is the day it was in Việt Nam.
        return value.date() if value.tzinfo is None else value.astimezone(VIETNAM).date()
    return parse_day(value, today()) if isinstance(value, str) else value


def _read_instant(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise UserError(
                "instant.unreadable",
                _("“{text}” is not a moment. Give it as 2026-06-05T14:30:00+07:00.").format(text=quote(value)),
            ) from None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UserError("instant.no_zone", _("The moment has no time zone. Add +07:00 at its end."))
        return value.astimezone(UTC)
    return value


Day = Annotated[date, BeforeValidator(as_field_error(_read_day))]
"""A field that takes a date, an ISO string or what a person types; what is wrong comes as the field's error."""

Instant = Annotated[datetime, BeforeValidator(as_field_error(_read_instant))]
"""A field that takes an aware datetime or an ISO string with its zone, and holds UTC."""
