from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.text.words import in_words, money_in_words

DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
SCALES = {"nghìn": 10**3, "triệu": 10**6}


def heard(text: str) -> int:
    """The number that a listener understands: written from the rules of the language, not from the program."""
    if text.startswith("âm "):
        return -heard(text[3:])
    if " tỷ" in text:
        billions, rest = text.split(" tỷ", 1)
        return heard(billions) * 10**9 + (heard(rest.strip()) if rest else 0)
    total = group = digit = 0
    for word in text.split():
        if word in SCALES:
            total, group, digit = total + (group + digit) * SCALES[word], 0, 0
        elif word == "trăm":
            group, digit = group + digit * 100, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "mười":
            group, digit = group + 10, 0
        elif word != "linh":
            digit = DIGITS[word]
    return total + group + digit


@given(st.integers(-(10**15), 10**15) | st.integers(0, 20_000) | st.integers(0, 999).map(lambda n: n * 10**6 + n))
def test_words_are_understood(number: int) -> None:
    assert heard(in_words(number)) == number


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_two_numbers_sound_alike(one: int, other: int) -> None:
    assert (in_words(one) == in_words(other)) == (one == other)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_010, "một nghìn không trăm mười"),
        (1_714, "một nghìn bảy trăm mười bốn"),
        (2_024, "hai nghìn không trăm hai mươi tư"),
        (1_000_000, "một triệu"),
        (1_050_000, "một triệu không trăm năm mươi nghìn"),
        (1_500_000, "một triệu năm trăm nghìn"),
        (21_000_000, "hai mươi mốt triệu"),
        (10**9, "một tỷ"),
        (10**9 + 5, "một tỷ không trăm linh năm"),
        (1_500 * 10**9, "một nghìn năm trăm tỷ"),
        (10**15, "một triệu tỷ"),
        (-21, "âm hai mươi mốt"),
    ],
)
def test_known_numbers(number: int, said: str) -> None:
    assert in_words(number) == said


def test_money() -> None:
    assert money_in_words(1_500_000) == "Một triệu năm trăm nghìn đồng"
    assert money_in_words(-4) == "Âm bốn đồng"
    with pytest.raises(ValueError):
        money_in_words(10**15 + 1)
