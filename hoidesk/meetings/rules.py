"""Pure decisions about petitions: the series of numbers that one PC gives, and how numbers are ordered."""

from __future__ import annotations

from hoidesk.book.work import UnitIdentity

__all__ = ["number_in_series", "number_series"]

_LONGEST = 9
"""Digits of a number that still counts for the series; what is longer was typed for some other purpose."""


def number_series(unit: UnitIdentity, pc: int, year: int) -> tuple[str, str]:
    """What stands before and behind the running number that PC ``pc`` (from 1) of a unit gives in a year."""
    before = "" if unit.tier != "cell" else f"{unit.code.rsplit('-', 1)[-1]}-"
    return before, f"/{year}" if pc == 1 else f"/{year}/M{pc}"


def number_in_series(number: str, before: str, behind: str) -> int:
    """The running number in ``number``, 0 when it is not of this series."""
    if not (number.startswith(before) and number.endswith(behind)):
        return 0
    running = number[len(before) : len(number) - len(behind)]
    return int(running) if running.isascii() and running.isdigit() and len(running) <= _LONGEST else 0
