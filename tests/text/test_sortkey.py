from __future__ import annotations

import random
import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.text.sortkey import given_name_key, sort_key
from tests.vietnamese import TONED_VOWELS, VOWELS, any_form, lines, names, nfd

IN_ORDER = [
    "",
    "(KP 3)",
    "2",
    "10",
    "125/QĐ-UBND",
    "an",
    "An",
    "ân",
    "Ấn",
    "ba",
    "bà",
    "bả",
    "bã",
    "bá",
    "bạ",
    "ca",
    "da",
    "dạ",
    "dao",
    "Đ",
    "đa",
    "đá",
    "đào",
    "e",
    "ê",
    "Hoa",
    "hoà",
    "Hội Chữ thập đỏ",
    "Hội Cựu giáo chức",
    "Hội Cựu Thanh niên xung phong",
    "Hội Khuyến học",
    "Hội Người cao tuổi",
    "Hội Người mù",
    "Khu phố 1",
    "Khu phố 2",
    "Khu phố 2 (phường cũ A)",
    "Khu phố 2 (phường cũ B)",
    "Khu phố 9",
    "Khu phố 10",
    "Khu phố 10A",
    "Khu phố 100",
    "o",
    "ô",
    "ơ",
    "Tổ 2",
    "Tổ 11",
    "u",
    "ư",
    "vua",
    "wa",
    "xa",
    "y",
    "ý",
    "za",
    "Москва",
]


def test_the_list_made_by_hand_stays_in_order() -> None:
    shuffled = IN_ORDER[:]
    random.Random(5).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == IN_ORDER
    assert [sort_key(nfd(text)) for text in IN_ORDER] == [sort_key(text) for text in IN_ORDER]


def test_letters_of_the_alphabet() -> None:
    alphabet = "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z".split()
    assert sorted(reversed(alphabet), key=sort_key) == alphabet
    assert sorted(TONED_VOWELS[::-1], key=sort_key) == list(TONED_VOWELS)


@given(st.sampled_from(VOWELS), st.sampled_from(VOWELS), st.integers(0, 5), st.integers(0, 5))
def test_letters_weigh_more_than_tones(one: str, other: str, tone: int, other_tone: int) -> None:
    """A tone decides only where all letters are equal: "bạ" before "băn", "đá" before "đan"."""
    first = TONED_VOWELS[VOWELS.index(one) * 6 + tone]
    second = TONED_VOWELS[VOWELS.index(other) * 6 + other_tone]
    if VOWELS.index(one) < VOWELS.index(other):
        assert sort_key("b" + first + "z") < sort_key("b" + second)
    assert (sort_key("b" + first) < sort_key("b" + second)) == ((one, tone) < (other, other_tone)) or one != other
    assert sort_key("b" + first) < sort_key("b" + second + "a") or one != other


@given(any_form(lines()), any_form(lines()))
def test_the_order_does_not_depend_on_the_normal_form(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) == (sort_key(nfd(one)) < sort_key(nfd(other)))


@given(st.lists(st.text(), max_size=8))
def test_any_text_has_a_key_that_survives_the_book(texts: list[str]) -> None:
    """SQLite compares blobs byte by byte, as Python does."""
    keys = [sort_key(text) for text in texts]
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (k BLOB)")
        connection.executemany("INSERT INTO t VALUES (?)", [(key,) for key in keys])
        assert [row[0] for row in connection.execute("SELECT k FROM t ORDER BY k")] == sorted(keys)
    connection.close()


@given(st.text(), st.text())
def test_levels_never_leak_into_each_other(one: str, other: str) -> None:
    """A key has exactly three levels, and a text that goes on comes after the text it goes on from."""
    assert sort_key(one).count(b"\x01") == 2
    assert b"\x00" not in sort_key(one)
    longer = sort_key(one + " " + other) if not one[-1:].isdigit() else sort_key(one + " x")
    assert sort_key(one).split(b"\x01")[0] < longer.split(b"\x01")[0]


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_compare_as_numbers(one: int, other: int) -> None:
    assert (sort_key(f"Khu phố {one}") < sort_key(f"Khu phố {other}")) == (one < other)
    assert sort_key(f"Khu phố {one:05}") == sort_key(f"Khu phố {one}")


def test_very_long_numbers() -> None:
    sizes = [199, 200, 201, 399, 400, 401, 600]
    texts = [digit * size for size in sizes for digit in "19"]
    assert sorted(texts[::-1], key=sort_key) == texts


def test_given_name_comes_first() -> None:
    people = [
        "An",
        "Lê Văn An",
        "Trần Văn An",
        "Nguyễn Thị Anh",
        "Bùi Ngọc Ánh",
        "Lê Thị Ánh",
        "Đỗ Ân",
        "Vũ Hồng Ấn",
        "Võ Tiến Dũng",
        "Hồ Anh Đức",
        "Bùi Minh Đức",
    ]
    assert sorted(people[::-1], key=given_name_key) == people
    assert given_name_key("  ") == b""


@given(any_form(names()))
def test_name_keys_ignore_form_and_spacing(name: str) -> None:
    assert given_name_key(name) == given_name_key(unicodedata.normalize("NFC", f"  {name.replace(' ', '   ')} "))


@pytest.mark.parametrize("foreign", ["Müller", "Curaçao", "Señora"])
def test_foreign_marks_sort_with_their_letter(foreign: str) -> None:
    plain = foreign.translate(str.maketrans("üçñ", "ucn"))
    assert sort_key(plain) < sort_key(foreign) < sort_key(plain + "a")
