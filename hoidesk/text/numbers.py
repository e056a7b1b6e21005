"""Numbers: reading what people type and spreadsheets hold, showing what offices write.

Vietnamese offices write ``1.714`` for seventeen hundred and fourteen and ``12,5`` for twelve and a half; a PC with
English settings writes ``1,714`` and ``12.5``. Whatever has only one reading is read; ``1,714`` alone has two, and is
refused with both named, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.text.fields import as_field_error
from hoidesk.text.nfc import nfc, quote

__all__ = [
    "Count",
    "Money",
    "Points",
    "parse_count",
    "parse_money",
    "parse_score",
    "show_count",
    "show_decimal",
    "show_money",
    "show_percent",
    "show_points",
]

_MOST_COUNT: Final = 999_999_999
_MOST_MONEY: Final = 10**15
_MOST_HUNDREDTHS: Final = 100_000

_PLAIN: Final = re.compile(r"[0-9]+")
_GROUPED: Final = (
    re.compile(r"([1-9][0-9]{0,2}(?: [0-9]{3})+)(?:[,.]([0-9]+))?"),
    re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?"),
    re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3}){2,})(?:\.([0-9]+))?"),
    re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)\.([0-9]+)"),
)
_TWO_READINGS: Final = re.compile(r"([1-9][0-9]{0,2})([,.])([0-9]{3})")
_DECIMAL: Final = re.compile(r"([0-9]+)[,.]([0-9]+)")
_SPACE: Final = re.compile(r"\s+")
_MONEY: Final = re.compile(r"(?P<number>[-−0-9., ]*[0-9])\s*(?P<scale>[^\W\d]+?)??\s*(?:đồng|dong|đ|₫|vnđ|vnd)?\.?")
_SCALES: Final = {
    "nghìn": 10**3,
    "ngàn": 10**3,
    "thousand": 10**3,
    "tr": 10**6,
    "triệu": 10**6,
    "million": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
    "billion": 10**9,
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """Digits before and after the decimal mark."""

    negative: bool
    whole: int
    fraction: str

    def scaled(self, scale: int) -> int | None:
        """The number times ``scale``, None if that is no whole number."""
        digits = self.fraction.rstrip("0")
        value, rest = divmod(int(f"{self.whole}{digits}") * scale, 10 ** len(digits))
        return None if rest else -value if self.negative else value


def _read(text: str, *, point_has_two_readings: bool = False) -> _Reading:
    typed = _SPACE.sub(" ", text).strip()
    if not typed:
        raise UserError("number.empty", _("The number is missing. Type a number, for example 27."))
    if len(typed) > 40:
        raise _unreadable(typed)
    negative = typed[0] in "-−"
    body = typed[1:].lstrip() if negative else typed
    if _PLAIN.fullmatch(body):
        return _Reading(negative, int(body), "")
    match = _TWO_READINGS.fullmatch(body)
    if match and (match[2] == "," or point_has_two_readings):
        raise UserError(
            "number.ambiguous",
            _("“{text}” can mean {thousands} or {whole} and {fraction}/1000. Type {plain} for the first.").format(
                text=typed, thousands=match[1] + match[3], whole=match[1], fraction=match[3], plain=match[1] + match[3]
            ),
        )
    for grouped in _GROUPED:
        if match := grouped.fullmatch(body):
            return _Reading(negative, int(re.sub(r"[., ]", "", match[1])), match[2] or "")
    if match := _DECIMAL.fullmatch(body):
        return _Reading(negative, int(match[1]), match[2])
    raise _unreadable(typed)


def _unreadable(typed: str) -> UserError:
    return UserError(
        "number.unreadable",
        _("“{text}” is not a number. Type digits only, for example 1714.").format(text=quote(typed)),
    )


def _within(value: int, most: int) -> int:
    if value < 0:
        raise UserError("number.negative", _("{number} is below zero. Type 0 or more.").format(number=quote(value)))
    if value > most:
        raise UserError(
            "number.too_big", _("{number} is too large. Type it again.").format(number=quote(show_count(value)))
        )
    return value


def parse_count(text: str) -> int:
    """The whole number from 0 that ``text`` means: ``1714``, ``1.714``, ``1 714`` and ``1,234,567`` are read.

    Raises UserError ``number.ambiguous`` for ``1,714`` (1714, or 1 and 714/1000), ``number.not_whole``,
    ``number.negative``, ``number.too_big``, ``number.unreadable`` or ``number.empty``.
    """
    value = _read(text).scaled(1)
    if value is None:
        raise UserError(
            "number.not_whole",
            _("“{text}” is not a whole number. Type it without a fraction, for example 27.").format(text=quote(text)),
        )
    return _within(value, _MOST_COUNT)


def parse_score(text: str) -> int:
    """Points as hundredths: ``9,25`` and ``9.25`` are 925. Points go in steps of a quarter; a penalty has a minus.

    Three digits after either mark have two readings here and are refused. Raises UserError as :func:`parse_count`,
    and ``number.score_step`` for ``9,3``.
    """
    value = _read(text, point_has_two_readings=True).scaled(100)
    if value is None or value % 25:
        raise UserError(
            "number.score_step",
            _("“{text}” is not in steps of 0,25. Type points such as 9 or 9,25 or 9,5.").format(text=quote(text)),
        )
    if abs(value) > _MOST_HUNDREDTHS:
        raise UserError("number.too_big", _("{number} is too large. Type it again.").format(number=show_points(value)))
    return value


def parse_money(text: str) -> int:
    """Whole đồng: ``1.500.000``, ``1.500.000 đ``, ``500 nghìn đồng``, ``1,5 triệu`` and ``2 tỷ`` are read.

    Raises UserError as :func:`parse_count`.
    """
    typed = nfc(_SPACE.sub(" ", text)).strip().casefold()
    if not typed:
        raise UserError("number.empty", _("The number is missing. Type a number, for example 27."))
    match = _MONEY.fullmatch(typed) if len(typed) <= 60 else None
    scale = 1 if match is None or match["scale"] is None else _SCALES.get(match["scale"])
    if match is None or scale is None:
        raise _unreadable(text.strip())
    value = _read(match["number"]).scaled(scale)
    if value is None:
        raise UserError(
            "number.not_whole",
            _("“{text}” is not a whole number of đồng. Type it again, for example 1.500.000.").format(
                text=text.strip()
            ),
        )
    return _within(value, _MOST_MONEY)


def show_count(number: int, *, padded: bool = False) -> str:
    """``1.203``; ``padded`` writes numbers below 10 as offices do in reports: ``09``."""
    return f"{number:02d}" if padded and 0 <= number < 10 else f"{number:,d}".replace(",", ".")


def show_decimal(value: Decimal | int | float, digits: int | None = None) -> str:
    """``12,5`` and ``1.234,5``; ``digits`` fixes the decimals (halves round up), else there are as many as needed."""
    number = Decimal(str(value))
    if digits is not None:
        number = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    elif number == number.to_integral():
        number = number.to_integral()
    else:
        number = number.normalize()
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def show_points(hundredths: int) -> str:
    """Points from hundredths: 950 is ``9,5``, 900 is ``9``."""
    return show_decimal(Decimal(hundredths) / 100)


def show_percent(part: int, whole: int, digits: int = 1) -> str:
    """``90,0%`` for 27 of 30; a dash where there is nothing to be a share of."""
    return "–" if whole == 0 else show_decimal(Decimal(100) * part / whole, digits) + "%"


def show_money(dong: int, *, million: bool = False) -> str:
    """``1.500.000 đồng``; with ``million`` ``1,5 triệu đồng``, as tables with large sums have it."""
    return f"{show_decimal(Decimal(dong) / 10**6)} triệu đồng" if million else f"{show_count(dong)} đồng"


def _read_with(parse: Any, most: int) -> Any:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            return parse(value)
        if isinstance(value, bool):
            raise _unreadable(str(value))
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return _within(value, most) if isinstance(value, int) else value

    return read


def _read_points(value: Any) -> Any:
    if isinstance(value, str):
        return parse_score(value)
    if isinstance(value, bool | float):
        # 9.5 and 9 would mean points and hundredths side by side.
        raise UserError("number.score_type", _("Give points as text such as “9,25”, or as whole hundredths."))
    return value


Count = Annotated[int, BeforeValidator(as_field_error(_read_with(parse_count, _MOST_COUNT)))]
"""A field that takes a whole number from 0, or what a person types for it."""

Money = Annotated[int, BeforeValidator(as_field_error(_read_with(parse_money, _MOST_MONEY)))]
"""A field of whole đồng."""

Points = Annotated[int, BeforeValidator(as_field_error(_read_points))]
"""A field of points: an integer is hundredths, text is points as a person types them."""
