"""One cell, one value: days, counts, answers, decisions, names and phones as offices write them.

Every reader raises :class:`Unreadable` with a reason that completes "row …, column …: ". Readers that can take a cell
with a doubt return it with the doubt's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.spreadsheets import words
from hoidesk.spreadsheets.read import Cell
from hoidesk.text.dates import parse_day, show_day
from hoidesk.text.nfc import clean_line
from hoidesk.text.numbers import parse_count

__all__ = [
    "Decision",
    "Person",
    "Unreadable",
    "count_of",
    "day_of",
    "decision_of",
    "is_nothing",
    "party_of",
    "person_of",
    "phone_of",
    "text_of",
    "time_of",
    "type_of",
    "without_phones",
    "yes_no",
]

_NOTHING: Final = frozenset(
    {
        "",
        "khong",
        "khong co",
        "chua co",
        "ko",
        "k",
        "0",
        "khong co kien nghi",
        "khong kien nghi",
        "khong phat sinh",
        "nil",
    }
)
_DASHES: Final = re.compile(r"^[\s\-–—_./…]*$")
_DAY_IN: Final = re.compile(r"(?<!\d)(\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*(?:\d{4}|\d{2}))(?!\d)")
_SHORT_IN: Final = re.compile(r"(?<![\d/.:-])\d{1,2}\s*[/-]\s*\d{1,2}(?![\d/.:-])")
_LONG_DAY: Final = re.compile(r"ng[aà]y\s+\d{1,2}\s+th[aá]ng\s+\d{1,2}\s+n[aă]m\s+\d{4}", re.IGNORECASE)
_WHOLE_ISO: Final = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}(?!\d)")
_DAY_MONTH: Final = re.compile(r"^\d{1,2}\s*[./-]\s*\d{1,2}$")
_VAGUE: Final = re.compile(
    r"^(nam )?(18|19|20)\d\d$|^(thang|quy) (\d{1,2}|[ivx]+)( nam)?( \d{4})?$|^\d{1,2} (19|20)\d\d$"
)
_TIME: Final = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s*(?:h|g|giờ|:)\s*([0-5]\d)?(?!\d)", re.IGNORECASE)
_UNITS: Final = re.compile(r"\s*(người|hội viên|thành viên|đoàn viên|đảng viên|hv|đ/c|đồng chí)\.?$", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\s*\([^()]*\)\s*$")  # "1.714 (nữ: 900)"
_PHONE: Final = re.compile(r"(?<!\d)(?:\+?84|0)(?:[\s.\-]?\d){8,10}(?!\d)")
_TITLE: Final = re.compile(
    r"^(chủ tịch|phó chủ tịch|chủ nhiệm|hội trưởng|trưởng ban|chi hội trưởng|bí thư|q\. ?chủ tịch|quyền chủ tịch)"
    r"(?:\s+hội)?(?:\s*[:–-]\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
_POST: Final = re.compile(r"chu tich|chu nhiem|truong|bi thu|pho |^p?(ct|cn|tb|bt) $")
_SHORT_POSTS: Final = {"CT": "Chủ tịch", "PCT": "Phó Chủ tịch", "CN": "Chủ nhiệm", "PCN": "Phó Chủ nhiệm"}
_VACANT: Final = frozenset({"khuyet", "trong", "con trong", "chua bau", "chua kien toan", "chua co"})
_ADDRESS: Final = re.compile(r"^(ông|bà|đ/c|đồng chí|ô\.|b\.|mr\.?|ms\.?)[\s:]+", re.IGNORECASE)
_EXCEL_EPOCH: Final = date(1899, 12, 30)


class Unreadable(Exception):
    """A cell that cannot be read; the text says why, in the language in use."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Number and day of a decision."""

    number: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """An office-holder as a cell names one."""

    name: str
    title: str | None
    phone: str | None


def is_nothing(value: Cell) -> bool:
    """Whether the cell is blank, a dash, or says "none" in words."""
    return value is None or (isinstance(value, str) and (bool(_DASHES.match(value)) or words.plain(value) in _NOTHING))


def text_of(value: Cell) -> str | None:
    """The cell as one line of text; None for a blank cell or a dash."""
    if value is None or (isinstance(value, str) and _DASHES.match(value)):
        return None
    if isinstance(value, bool):
        return None
    return show_day(value) if isinstance(value, date) else clean_line(str(value))


def day_of(value: Cell, *, year: int | None, today: date) -> tuple[date | None, str | None]:
    """The day in a cell, and a doubt. ``(None, text)`` means that the cell names no single day, only a time.

    ``year`` is the year of the list: a day written without its year belongs to it.
    """
    if isinstance(value, datetime):
        return value.date(), None
    if isinstance(value, date):
        return value, None
    if is_nothing(value):
        return None, None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _serial_day(value)
    text = clean_line(str(value))
    if _VAGUE.match(words.plain(text)):
        return None, _("“{text}” names no day; it was kept in the remark.").format(text=text)
    return _written_day(text, year, today), None


def _serial_day(value: int | float) -> tuple[date | None, str | None]:
    """A day that lost its format is the number of days since 1899; a year is only a year."""
    if 1800 <= value <= 2199:
        return None, _("“{text}” names no day; it was kept in the remark.").format(text=int(value))
    if 10_000 <= value <= 80_000:
        day = _EXCEL_EPOCH + timedelta(days=int(value))
        return day, _("the number {number} was read as the day {day}.").format(number=int(value), day=show_day(day))
    raise Unreadable(_("“{text}” is not a day. Type day/month/year, for example 05/06/2026.").format(text=value))


def _written_day(text: str, year: int | None, today: date) -> date:
    if _DAY_MONTH.match(text):
        if year is None:
            raise Unreadable(_("“{text}” has no year. Type day/month/year.").format(text=text))
        today = date(year, 1, 1)
    elif not (_WHOLE_ISO.match(text) or (text.isdigit() and len(text) in (6, 8))):
        found = _DAY_IN.search(text) or _LONG_DAY.search(text)
        short = _SHORT_IN.findall(text)
        if found is None and len(short) == 1 and year is not None:
            return _written_day(short[0], year, today)  # "Chủ nhật 12/4"
        if found is None:
            raise Unreadable(
                _("“{text}” is not a day. Type day/month/year, for example 05/06/2026.").format(text=text[:40])
            )
        text = found.group(0)
    try:
        return parse_day(text, today)
    except UserError as refusal:
        raise Unreadable(refusal.text) from None


def time_of(value: Cell) -> str | None:
    """``HH:MM`` of a cell that holds or mentions a time of day."""
    if isinstance(value, datetime):
        return f"{value:%H:%M}" if value.hour or value.minute else None
    if hasattr(value, "hour"):
        return f"{value:%H:%M}"
    match = _TIME.search(value) if isinstance(value, str) else None
    return f"{int(match.group(1)):02}:{int(match.group(2) or 0):02}" if match else None


def count_of(value: Cell) -> tuple[int | None, str | None]:
    """The count in a cell, and a doubt."""
    if value is None or (isinstance(value, str) and _DASHES.match(value)):
        return None, None
    if isinstance(value, bool) or isinstance(value, date) or hasattr(value, "hour"):
        raise Unreadable(_("the cell holds a day or a yes, not a number. Type a whole number."))
    if isinstance(value, float):
        return _grouped(value)
    if isinstance(value, int):
        if value < 0:
            raise Unreadable(_("{number} is below zero. Type a whole number.").format(number=value))
        return value, None
    try:
        return parse_count(_UNITS.sub("", _ASIDE.sub("", value.strip()))), None
    except UserError as refusal:
        raise Unreadable(refusal.text) from None


def _grouped(value: float) -> tuple[int, str]:
    """1.714 typed into an English Excel is the number 1.714; three decimals in a count are thousands."""
    thousands = round(value * 1000, 6)
    if 1 <= value < 1000 and thousands.is_integer() and thousands % 10:
        number = int(thousands)
        return number, _("the number {written} was read as {number}.").format(written=value, number=number)
    raise Unreadable(_("{number} is not a whole number. Type it without a comma or a point.").format(number=value))


def yes_no(value: Cell) -> bool:
    """``x``, ``có``, a tick or 1 is yes; a blank, a dash, ``không`` or 0 is no."""
    if isinstance(value, bool):
        return value
    written = "" if value is None else str(value).strip()
    text = words.plain(written)
    if _DASHES.match(written) or (text and text in words.NO):
        return False
    if text in words.YES or written in words.TICKS or re.match(r"(co|duoc|dang nn|do dang)\b", text):
        return True
    raise Unreadable(_("“{text}” is neither yes nor no. Type x or leave the cell blank.").format(text=str(value)[:40]))


def party_of(value: Cell) -> tuple[str | None, str | None]:
    """Words and code of a Party organisation status; both None for a blank cell."""
    if isinstance(value, bool):
        return (None, "own" if value else "none")
    text = text_of(value)
    if text is None:
        return None, None
    folded = words.plain(text)
    code = next((status for status, pattern in words.PARTY if pattern.search(folded)), None)
    if code is None:
        raise Unreadable(
            _("“{text}” is no known status. Type “Không”, “Chi bộ riêng” or “Chi bộ ghép”.").format(text=text[:40])
        )
    return text, code


def type_of(value: Cell) -> tuple[str | None, str | None]:
    """Words and code of a type of association."""
    text = text_of(value)
    if text is None:
        return None, None
    folded = words.plain(text)
    return text, next((code for code, pattern in words.TYPES if pattern.search(folded)), "other")


def decision_of(value: Cell, *, today: date) -> Decision:
    """Number and day of a decision written in one cell, either of them missing or not."""
    if isinstance(value, date):
        return Decision(None, value.date() if isinstance(value, datetime) else value)
    text = text_of(value)
    if text is None or is_nothing(value):
        return Decision(None, None)
    found = _LONG_DAY.search(text) or _DAY_IN.search(text)
    day = _written_day(found.group(0), None, today) if found else None
    rest = text.replace(found.group(0), " ") if found else text
    rest = re.sub(r"(?i)\b(ngày|ký ngày)\b\s*[:.]?", " ", rest)
    rest = re.sub(r"(?i)^\s*(quyết định|qđ)?\s*(số)?\s*[:.]?\s*(?=\d)", "", rest)
    return Decision(" ".join(rest.split()).strip(" ,;()") or None, day)


def without_phones(text: str) -> tuple[str, str | None]:
    """``text`` without phone numbers, and the first of them."""
    found = _PHONE.search(text)
    if found is None:
        return text, None
    bare = re.sub(r"(?i)\(?\s*(sđt|đt|điện thoại|di động)?\s*[:.]?\s*" + _PHONE.pattern + r"\s*\)?", " ", text)
    return " ".join(bare.split()).strip(" -–,;:()"), found.group(0)


def person_of(value: Cell) -> Person | None:
    """Name, title and phone of an office-holder in a cell; None for a blank one."""
    text = text_of(value)
    if text is None or is_nothing(value) or words.plain(text) in _VACANT:
        return None
    text, phone = without_phones(text)
    title: str | None = None
    if match := _TITLE.match(text):
        title, text = match.group(1), text[match.end() :]
    text = _ADDRESS.sub("", text)
    for pattern in (r"\s*[-–,]\s*([^-–,]+)$", r"\s*\(([^()]+)\)$"):
        tail = re.search(pattern, text)
        if tail and _POST.search(words.plain(tail.group(1)) + " "):
            title, text = tail.group(1).strip(), text[: tail.start()]
    if re.search(r"\d", text) or not text:
        raise Unreadable(_("“{text}” is not a person's name. Type the name alone.").format(text=str(value)[:40]))
    # Small letters at the start of a name are what old fonts leave of capitals with a tone.
    name = " ".join(word[:1].upper() + word[1:] for word in text.strip(" :-–").split())
    title = _SHORT_POSTS.get(title.upper(), title[:1].upper() + title[1:]) if title else None
    return Person(name, title, phone)


def phone_of(value: Cell) -> str | None:
    """Ten or eleven digits; a number that lost its leading zero gets it back."""
    text = text_of(value)
    if text is None or is_nothing(value):
        return None
    first = re.split(r"[;,/]|\bhoặc\b", text)[0]
    digits = re.sub(r"[\s.\-()]", "", first)
    digits = re.sub(r"^\+?84(?=\d{9}$)", "0", digits)
    if re.fullmatch(r"[1-9]\d{8}", digits):
        digits = "0" + digits
    if not re.fullmatch(r"0\d{9,10}", digits):
        raise Unreadable(_("“{text}” is not a phone number of ten digits.").format(text=text[:40]))
    return digits
