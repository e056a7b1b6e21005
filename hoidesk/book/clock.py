"""The wall clock of an office PC is often wrong; the book's clock must not be.

Stamps follow the wall clock, but never run ahead of the last trusted date by more than 45 days, and never backwards.
Trusted is the newest of: the date this program was made, a date that an officer confirmed, and the time of a package
as far as this PC's own corrected clock has come.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from hoidesk.errors import EnvError
from hoidesk.language import _
from hoidesk.text.dates import show_day

__all__ = ["BUILT", "CAP", "check_clock", "confirm_day", "latest_believable", "now_utc", "trust_until", "wall_ms"]

BUILT: Final = date(2026, 11, 1)
CAP: Final = timedelta(days=45)
_BEHIND: Final = timedelta(days=2)
_OFFICE: Final = timedelta(hours=7)


def wall_ms() -> int:
    """This PC's clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) - int(
        _OFFICE.total_seconds() * 1000
    )


def ms_of(span: timedelta) -> int:
    """A span in milliseconds."""
    return int(span.total_seconds() * 1000)


def first_state(today: date | None) -> dict[str, int]:
    """Offset, trusted and cap of a new book in milliseconds; EnvError when the PC's clock is behind this program."""
    wall = wall_ms()
    offset = 0 if today is None else _ms(today) + ms_of(timedelta(hours=12)) - wall
    if today is None and wall < _ms(BUILT) - ms_of(_BEHIND):
        raise _question(wall)
    trusted = max(_ms(BUILT), wall + offset)
    return {"offset": offset, "trusted": trusted, "cap": trusted + ms_of(CAP)}


def check_clock(connection: Connection, today: date | None) -> None:
    """Compare the PC's clock with the book's when it is opened for writing.

    Raises EnvError ``clock.question`` when the date is not plausible; the answer comes back as ``today`` and the book
    keeps the difference, so nobody has to set the PC's clock.
    """
    state = connection.execute(text("SELECT offset, trusted, cap FROM clock_state")).one()
    wall = wall_ms()
    if today is not None:
        confirm_day(connection, today)
        return
    if wall + state.offset < state.trusted - ms_of(_BEHIND) or wall + state.offset > state.cap:
        raise _question(wall + state.offset)


def _question(ms: int) -> EnvError:
    day = (datetime.fromtimestamp(ms / 1000, UTC) + _OFFICE).date()
    return EnvError(
        "clock.question",
        _("This PC says that today is {day}. Confirm the date, or give the right one with {option}.").format(
            day=show_day(day), option="--today"
        ),
    )


def confirm_day(connection: Connection, today: date) -> None:
    """An officer said which day it is: remember the offset of this PC's clock and trust the date."""
    wall = wall_ms()
    said = _ms(today)
    offset = connection.execute(text("SELECT offset FROM clock_state")).scalar_one()
    if not said <= wall + offset < said + ms_of(timedelta(days=1)):
        offset = said + ms_of(timedelta(hours=12)) - wall
    trusted = max(_ms(BUILT), wall + offset)
    connection.execute(
        text("UPDATE clock_state SET offset = :o, trusted = :t, cap = :c"),
        {"o": offset, "t": trusted, "c": trusted + ms_of(CAP)},
    )


def trust_until(connection: Connection, ms: int) -> None:
    """A package shows that time has come at least to ``ms``, as far as this PC's own clock agrees."""
    connection.execute(
        text(
            "UPDATE clock_state SET trusted = max(trusted, min(:ms, :wall + offset)), "
            "cap = max(trusted, min(:ms, :wall + offset)) + :span"
        ),
        {"ms": ms, "wall": wall_ms(), "span": ms_of(CAP)},
    )


def latest_believable(connection: Connection, at: int) -> int:
    """The latest time in milliseconds that a stamp of a package may show, which says that it was made at ``at``: beyond
    what this book would trust after it, 45 days, and one in which a clock may count on."""
    state = connection.execute(text("SELECT offset, trusted FROM clock_state")).one()
    trusted = max(int(state.trusted), min(at, wall_ms() + int(state.offset)))
    return trusted + ms_of(CAP) + ms_of(timedelta(days=1))


def now_utc(offset: int) -> datetime:
    """The corrected present instant."""
    return datetime.fromtimestamp((wall_ms() + offset) / 1000, UTC)
