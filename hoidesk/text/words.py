"""Numbers in Vietnamese words, as receipts and decisions spell them out.

The words are Vietnamese whatever the window speaks. Of the two ways to say a missing ten, "linh" is used; 1 after a
ten is "mốt", 4 after twenty and more is "tư", 5 after a ten is "lăm".
"""

from __future__ import annotations

from typing import Final

__all__ = ["in_words", "money_in_words"]

_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS: Final = ("", " nghìn", " triệu")
_BILLION: Final = 10**9
_MOST: Final = 10**15


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return head
    special = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return f"{head} {special.get(ones, _DIGITS[ones])}"


def _group(number: int, full: bool) -> str:
    """Three digits; ``full`` says the hundreds even when there are none, because digits stand before the group."""
    hundreds, rest = divmod(number, 100)
    if not hundreds and not full:
        return _below_hundred(rest)
    head = f"{_DIGITS[hundreds]} trăm"
    if rest == 0:
        return head
    return f"{head} linh {_DIGITS[rest]}" if rest < 10 else f"{head} {_below_hundred(rest)}"


def _below_billion(number: int, full: bool) -> str:
    said: list[str] = []
    for power in (2, 1, 0):
        part = number // 1000**power % 1000
        if part:
            said.append(_group(part, full or bool(said)) + _GROUPS[power])
    return " ".join(said)


def in_words(number: int) -> str:
    """``number`` in small letters, for example 2024: "hai nghìn không trăm hai mươi tư".

    Raises ValueError beyond plus or minus 10**15.
    """
    if abs(number) > _MOST:
        raise ValueError(f"{number} is beyond the words")
    if number == 0:
        return _DIGITS[0]
    if number < 0:
        return f"âm {in_words(-number)}"
    billions, rest = divmod(number, _BILLION)
    said = [f"{_below_billion(billions, full=False)} tỷ"] if billions else []
    if rest:
        said.append(_below_billion(rest, full=bool(billions)))
    return " ".join(said)


def money_in_words(dong: int) -> str:
    """An amount as it stands after "Bằng chữ:", for example "Một triệu năm trăm nghìn đồng"."""
    said = f"{in_words(dong)} đồng"
    return said[0].upper() + said[1:]
