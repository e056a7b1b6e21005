"""The stretch of time a figure is asked for."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = ["Window", "months_after", "months_before"]


@dataclass(frozen=True, slots=True)
class Window:
    """From the first day to the last day, both included, of any length.

    A window is never rounded to a quarter or a half-year: supervisions ask for stretches such as 01/02/2020 to
    30/04/2021. Raises :class:`UserError` when the last day lies before the first.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UserError(
                "figures.window",
                _("The last day lies before the first day. Swap the two days or type another one."),
                field="to",
            )

    @property
    def as_of(self) -> date:
        """The day for which figures of a moment are taken: the last day."""
        return self.end

    @property
    def day_before(self) -> date:
        """The day before the first day: how things stood at the start."""
        return self.start - timedelta(days=1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def last_year(self) -> Window:
        """The same period one year earlier; a period that ends with February ends with February there too."""
        end = _year_earlier(self.end)
        if (self.end + timedelta(days=1)).day == 1:
            end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
        return Window(_year_earlier(self.start), end)


def _year_earlier(day: date) -> date:
    return months_before(day, 12)


def months_before(day: date, months: int) -> date:
    """The same day of the month ``months`` earlier, or the last day of that month if it is shorter."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or the last day of that month if it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise UserError("figures.window", _("The day is too far away. Type a day between 1900 and 2999."), field="from")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
