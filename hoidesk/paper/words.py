"""The fixed words of Vietnamese papers, and how numbers and days are written on them.

A paper is Vietnamese in whatever language the program is shown, so these words are not translated. The spelling of
days and numbers follows Decree 30/2020/NĐ-CP, Annex I: numbers under 10 get a leading zero in the document number,
days under 10 and the months 1 and 2 in the date.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from hoidesk.paper.model import Cell, Column, Value

__all__ = [
    "ANNEX",
    "MISSING",
    "NOT_AVAILABLE",
    "NO_DATE",
    "RECIPIENTS",
    "cell_text",
    "count_text",
    "day_text",
    "long_date",
    "number_text",
    "rate_text",
    "roman",
]

RECIPIENTS: Final = "Nơi nhận:"
ANNEX: Final = "Phụ lục"
MISSING: Final = "chưa có nội dung"
NOT_AVAILABLE: Final = "không có"
NO_DATE: Final = "ngày\u00a0…… tháng\u00a0…… năm\u00a0{year}"

_NBSP: Final = "\u00a0"
_ROMAN: Final = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def count_text(value: int) -> str:
    """A whole number with points between thousands: 1.714."""
    return f"{value:,}".replace(",", ".")


def number_text(value: Decimal, places: int = 1) -> str:
    """A number with comma and at most ``places`` decimals, trailing zeros dropped: 12,5."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _point, rest = f"{abs(rounded):,f}".partition(".")
    rest = rest.rstrip("0")
    sign = "-" if rounded < 0 else ""
    return sign + whole.replace(",", ".") + (f",{rest}" if rest else "")


def rate_text(value: Decimal) -> str:
    """A rate in per cent with one decimal: 90%, 83,3%; never rounded up to all or down to nothing."""
    shown = value
    if 0 < value < 100:
        shown = min(max(value, Decimal("0.1")), Decimal("99.9"))
    return number_text(shown) + "%"


def day_text(day: date) -> str:
    """A day in tables and sentences: 05/01/2026."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def long_date(day: date) -> str:
    """A day in the head of a paper: "ngày 05 tháng 01 năm 2026", "ngày 29 tháng 6 năm 2026"."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày{_NBSP}{day.day:02d} tháng{_NBSP}{month} năm{_NBSP}{day.year}"


def roman(number: int) -> str:
    """Roman number of an annex, 1 to 39."""
    if not 1 <= number <= 39:
        raise ValueError("annexes are numbered from 1 to 39")
    out = ""
    for value, letters in _ROMAN:
        while number >= value:
            out += letters
            number -= value
    return out


def _value_text(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day_text(value)
    if column.format == "rate":
        return rate_text(Decimal(value))
    return count_text(value) if isinstance(value, int) else number_text(value, 2)


def cell_text(cell: Cell, column: Column) -> str:
    """The printed text of a cell; its mark follows the value."""
    return _value_text(cell.value, column) + cell.mark
