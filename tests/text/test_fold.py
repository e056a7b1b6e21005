from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.text.fold import fold, has_accents, matches_exactly, words
from tests.vietnamese import ALL_LETTERS, NAMES, PANGRAM, any_form, lines, names, nfd, syllables


def test_every_letter_folds_to_one_plain_letter() -> None:
    assert len(ALL_LETTERS) == 2 * (72 + 17)
    for letter in ALL_LETTERS:
        folded = fold(letter)
        assert len(folded) == 1 and folded.isascii() and folded.islower(), letter


def test_stroke_and_case_are_gone() -> None:
    assert fold("Đường ĐẠI LỘ Đinh Tiên Hoàng") == "duong dai lo dinh tien hoang"
    assert fold("ÐƯỜNG") == "duong"  # eth, as some old files spell it
    assert fold("Hội") == fold("HỘI") == fold(nfd("hội")) == "hoi"
    assert fold("hoà") == fold("hòa") == "hoa"


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_ignores_the_normal_form(text: str) -> None:
    assert fold(nfd(text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@given(lines())
def test_fold_of_vietnamese_is_plain(text: str) -> None:
    assert fold(text).replace("–", "").replace("“", "").replace("”", "").replace("₫", "").isascii()


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("  Khu phố 3: 125/QĐ-UBND, “Đường_sá” ") == ["khu", "pho", "3", "125", "qd", "ubnd", "duong", "sa"]
    assert words(" – ,.") == []


@given(any_form(names()), any_form(names()))
def test_a_text_matches_itself_and_its_beginnings(text: str, other: str) -> None:
    assert matches_exactly(text, text)
    assert matches_exactly(text, f"{other} {text}")
    assert matches_exactly(fold(text), text)
    assert matches_exactly("", text)


@given(syllables())
def test_any_part_typed_so_far_matches(word: str) -> None:
    """A word typed letter by letter never loses its row, whatever its tone."""
    for end in range(1, len(word) + 1):
        part = word[:end]
        if matches_exactly(part, word):
            continue
        # The only miss allowed: a tone that moves when the syllable grows is still the same tone.
        pytest.fail(f"{part!r} does not match {word!r}")


@pytest.mark.parametrize(
    ("query", "text", "matches"),
    [
        ("hoà", "Hòa Bình", True),
        ("HÒA", "xã Hoà An", True),
        ("hóa", "Hòa Bình", False),
        ("đức", "Nguyễn Đức Dục", True),
        ("đức", "Dục", False),
        ("dức", "Nguyễn Đức", False),
        ("nguyen đức", "Nguyễn Đức", True),
        ("ân", "An", False),
        ("an", "Ẩn", True),
        ("đương", "đường", False),
        ("đươn", "đường", True),
        ("phường", "Phượng", False),
        ("khuyến học 3", "Chi hội Khuyến học Khu phố 3", True),
        ("khuyến học 4", "Chi hội Khuyến học Khu phố 3", False),
    ],
)
def test_accents_that_were_typed_count(query: str, text: str, matches: bool) -> None:
    assert matches_exactly(query, text) is matches
    assert matches_exactly(nfd(query), text) is matches
    assert matches_exactly(query, nfd(text)) is matches


def test_accents_are_seen() -> None:
    assert all(has_accents(name) for name in NAMES)
    assert has_accents("đ") and has_accents("Ơ") and has_accents(nfd("à"))
    assert not has_accents("Khu pho 3, DUONG")
    assert has_accents(PANGRAM)
