"""The planned meetings of a branch's rhythm, and which of them took place.

Pure: no book, no clock. A slot is a whole calendar period of the rhythm (a month, two months from January on, a
quarter, a half-year). It is due in a window when its last day lies there and the branch was alive on that day; it is
filled by at least one regular meeting on any of its days, so a rate of slots never passes 100 per cent.
"""

from __future__ import annotations

import bisect
import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hoidesk.figures.window import Window

__all__ = ["RHYTHMS", "Slot", "alive_on", "filled_by", "planned_slots", "whole_quarters"]

RHYTHMS: Final = {"monthly": 1, "two_monthly": 2, "quarterly": 3, "half_yearly": 6}
"""Months of one slot, by rhythm; a branch whose rhythm is not set has no slots."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One planned meeting: the days on which it may be held."""

    start: date
    end: date


def alive_on(day: date, since: date | None, until: date | None) -> bool:
    """Whether something that exists from ``since`` and ended on ``until`` exists at the end of ``day``.

    A missing first day means: longer than anybody wrote down.
    """
    return (since is None or since <= day) and (until is None or until > day)


def _periods(months: int, window: Window) -> Iterator[Slot]:
    """Calendar periods of that many months whose last day lies in the window."""
    index = window.start.year * 12 + (window.start.month - 1) // months * months
    while True:
        year, month = divmod(index, 12)
        last_year, last_month = divmod(index + months - 1, 12)
        if last_year > date.max.year:
            return
        end = date(last_year, last_month + 1, calendar.monthrange(last_year, last_month + 1)[1])
        if end > window.end:
            return
        if end >= window.start:
            yield Slot(date(year, month + 1, 1), end)
        index += months


def planned_slots(
    rhythm: str | None, window: Window, *, founded: date | None = None, ended: date | None = None
) -> list[Slot]:
    """The slots that a branch owes in the window, in order; none without a rhythm."""
    months = RHYTHMS.get(rhythm or "")
    if months is None:
        return []
    return [slot for slot in _periods(months, window) if alive_on(slot.end, founded, ended)]


def filled_by(slots: Sequence[Slot], days: Iterable[date]) -> dict[Slot, date]:
    """The slots in which something was held, each with the first day on which it was."""
    held = sorted(days)
    filled = {}
    for slot in slots:
        at = bisect.bisect_left(held, slot.start)
        if at < len(held) and held[at] <= slot.end:
            filled[slot] = held[at]
    return filled


def whole_quarters(window: Window) -> list[Slot]:
    """The calendar quarters that lie wholly in the window."""
    return [slot for slot in _periods(3, window) if slot.start >= window.start]
