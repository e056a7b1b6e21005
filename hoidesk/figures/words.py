"""Figures as people read them: 1.203, 12,5%, không có."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from hoidesk import presets
from hoidesk.figures.model import Value
from hoidesk.language import _, current_language
from hoidesk.presets import DEFAULT_LABELS, Labels

__all__ = ["number_words", "percent_words", "unit_words", "value_words"]

_PLACES: Final = Decimal("0.1")
_NBSP: Final = "\u00a0"


def _separated(text: str) -> str:
    """English digits (1,203.5) with the separators of the language in use."""
    return text.translate(str.maketrans(",.", ".,")) if current_language() == "vi" else text


def number_words(number: int | Fraction) -> str:
    """A number with its thousands apart, with one decimal if it is not whole."""
    if number == int(number):
        return _separated(f"{int(number):,}")
    rounded = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(_PLACES, ROUND_HALF_UP)
    return _separated(f"{rounded:,f}".removesuffix(".0"))


def percent_words(share: Fraction, *, bounded: bool = True) -> str:
    """A share of a hundred with one decimal. A bounded share is never rounded to all or to nothing."""
    rounded = (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_PLACES, ROUND_HALF_UP)
    if bounded and 0 < share < 100:
        rounded = min(max(rounded, _PLACES), 100 - _PLACES)
    text = _separated(f"{rounded:,f}".removesuffix(".0"))
    return text + "%"


def unit_words(unit: str, labels: Labels = DEFAULT_LABELS) -> str:
    """A unit of measure in the language in use; inside a sentence, so labels are written small."""
    words = presets.label_of("figure_units", unit, labels)
    return words[:1].lower() + words[1:] if "{" in unit else words


def value_words(value: Value, *, unit: bool = False, labels: Labels = DEFAULT_LABELS) -> str:
    """The value as it is shown; with ``unit`` also what was counted. No value is said in words, never as 0."""
    if value.number is None:
        return _("no value")
    if value.unit == "%" and value.kind in ("rate", "growth"):
        return percent_words(Fraction(value.number), bounded=value.kind == "rate")
    text = number_words(value.number)
    return f"{text}{_NBSP}{unit_words(value.unit, labels)}" if unit and value.unit != "%" else text
