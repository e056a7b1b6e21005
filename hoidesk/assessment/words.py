"""Points and totals in words: decimals of the language in use, never rounded up."""

from __future__ import annotations

import math
from fractions import Fraction

from hoidesk.language import current_language

__all__ = ["minus_points", "number_words", "points_words", "scaled_words"]


def _decimal(text: str) -> str:
    return text.replace(".", ",") if current_language() == "vi" else text


def points_words(points: int) -> str:
    """Hundredths of a point as people write them: 700 is "7", 725 is "7,25", -150 is "-1,5"."""
    whole, rest = divmod(abs(points), 100)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return _decimal(f"-{text}" if points < 0 else text)


def minus_points(points: int) -> str:
    """As :func:`points_words`, with the minus sign of print (U+2212) instead of the hyphen."""
    return points_words(points).replace("-", "\N{MINUS SIGN}")


def scaled_words(value: Fraction) -> str:
    """A total on the scale to 100 with two decimals, rounded down: 89.996 never prints as 90."""
    cents = (value.numerator * 100) // value.denominator
    return _decimal(f"{cents // 100}.{cents % 100:02d}")


def number_words(value: Fraction | int) -> str:
    """A figure's value inside a working: whole numbers plain, others with at most one decimal, rounded down."""
    tenths = math.floor(value * 10)
    whole, rest = divmod(abs(tenths), 10)
    return _decimal(("-" if tenths < 0 else "") + (f"{whole}.{rest}" if rest else str(whole)))
