from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.text.nfc import clean, clean_line, nfc
from tests.vietnamese import PANGRAM, decomposed, nfd, paragraphs


@given(decomposed(paragraphs()))
def test_decomposed_text_is_stored_composed(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@given(st.text(alphabet=st.characters()))
def test_clean_is_idempotent_and_storable(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in once)
    once.encode("utf-8")


@given(st.text(alphabet=st.characters()))
def test_one_line_stays_one_line(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once
    assert len(once.splitlines()) <= 1
    assert "  " not in once


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  Hội Khuyến học\t\n", "Hội Khuyến học"),
        ("a\x00b\x1bc", "abc"),
        ("dòng một\r\ndòng hai\rdòng ba", "dòng một\ndòng hai\ndòng ba"),
        ("Khu\xa0phố\u20093", "Khu phố 3"),
        ("\ufeffHội\u200b Chữ thập đỏ\u202e", "Hội Chữ thập đỏ"),
        ("o\u200b\u0302", "ô"),
        ("cột\tcột", "cột\tcột"),
        ("", ""),
    ],
)
def test_what_is_taken_out(raw: str, stored: str) -> None:
    assert clean(raw) == stored


def test_all_letters_compose() -> None:
    assert nfc(nfd(PANGRAM)) == PANGRAM == clean(nfd(PANGRAM))
    assert clean_line(nfd(PANGRAM).replace(" ", "\n \n")) == PANGRAM
