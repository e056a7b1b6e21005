"""Vietnamese text for tests: every letter with every tone, composed and decomposed, as words, names and lines.

``letters()``, ``syllables()``, ``names()``, ``lines()``, ``paragraphs()`` are hypothesis strategies of composed (NFC)
text; ``decomposed(strategy)`` and ``any_form(strategy)`` make the forms that macOS, scanners and some phones produce.
``PANGRAM`` holds all 134 accented letters in one fixed text for fixtures that need no generator.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from hypothesis import strategies as st

VOWELS: Final = "aăâeêioôơuưy"
CONSONANTS: Final = "bcdđghklmnpqrstvx"
TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""ngang, huyền, hỏi, ngã, sắc, nặng: the order of the dictionary."""

TONED_VOWELS: Final = tuple(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES)
"""The 72 small vowels in dictionary order: a à ả ã á ạ ă ằ … ỵ."""

ALL_LETTERS: Final = "".join(
    dict.fromkeys([*TONED_VOWELS, *CONSONANTS, *(c.upper() for c in TONED_VOWELS), *CONSONANTS.upper()])
)
"""Every letter of the alphabet, small and capital, with every tone."""

PANGRAM: Final = " ".join((*TONED_VOWELS, *(c.upper() for c in TONED_VOWELS), "đ", "Đ"))
"""All 134 accented letters (and the 12 plain vowels twice)."""

NAMES: Final = (
    "Nguyễn Thị Đào",
    "Trần Văn Ổn",
    "Lê Thị Ánh Nguyệt",
    "Đặng Thị Ấu",
    "Huỳnh Văn Sáng",
    "Võ Đình Kỷ",
    "Bùi Thị Thắm",
    "Quách Ngọc Ẩn",
    "Đỗ Hữu Ước",
    "Ngô Bá Thước",
)
"""Invented names of office-holders that hold the awkward letters."""

ONSETS: Final = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
RHYMES: Final = (
    "a", "ai", "am", "an", "ang", "anh", "ao", "au", "ăm", "ăn", "ăng", "âm", "ân", "âu", "ây", "e", "em", "en", "ê",
    "ên", "ênh", "i", "iên", "iêu", "inh", "o", "oa", "oan", "oai", "oe", "on", "ong", "ô", "ôi", "ôn", "ông", "ơ",
    "ơi", "ơn", "u", "ua", "uân", "ui", "ung", "uyên", "uôn", "uông", "ư", "ưa", "ưng", "ươi", "ươn", "ương", "ươu",
    "y",
)  # fmt: skip


def toned(rhyme: str, tone: str) -> str:
    """``rhyme`` with ``tone`` on the vowel that carries it in the common spelling; ``tone`` is one of TONES."""
    if not tone:
        return rhyme
    places = [i for i, c in enumerate(rhyme) if c in VOWELS]
    marked = [i for i in places if rhyme[i] in "ăâêôơư"]
    closed = places[-1] < len(rhyme) - 1
    place = marked[-1] if marked else places[-1] if closed or len(places) == 1 else places[-2]
    return unicodedata.normalize("NFC", rhyme[: place + 1] + tone + rhyme[place + 1 :])


def letters() -> st.SearchStrategy[str]:
    """One letter of the Vietnamese alphabet, small or capital, with any tone."""
    return st.sampled_from(ALL_LETTERS)


def syllables() -> st.SearchStrategy[str]:
    """One small syllable, for example ``đường``; most of them are words."""
    return st.builds(
        lambda onset, rhyme, tone: onset + toned(rhyme, tone),
        st.sampled_from(ONSETS),
        st.sampled_from(RHYMES),
        st.sampled_from(TONES),
    )


def names() -> st.SearchStrategy[str]:
    """A name of two to four capitalised syllables."""
    return st.lists(syllables().map(str.capitalize), min_size=2, max_size=4).map(" ".join)


def lines() -> st.SearchStrategy[str]:
    """One line as people type it: syllables in any case, numbers and punctuation."""
    word = st.one_of(
        syllables(),
        syllables().map(str.capitalize),
        syllables().map(str.upper),
        st.integers(0, 9_999).map(str),
        st.sampled_from(
            ["Khu phố 10", "15/9/2026", "–", "(KP 3)", "“ý kiến”", "125/QĐ-UBND", "1.714", "50.000 ₫", "x"]
        ),
    )
    return st.lists(word, min_size=1, max_size=12).map(" ".join)


def paragraphs() -> st.SearchStrategy[str]:
    """Several lines."""
    return st.lists(lines(), min_size=1, max_size=4).map("\n".join)


def decomposed(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The same text in NFD: a letter and its marks are separate characters."""
    return strategy.map(nfd)


def any_form(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The same text, composed or decomposed."""
    return st.one_of(strategy, strategy.map(nfd))


def nfd(text: str) -> str:
    """``text`` decomposed."""
    return unicodedata.normalize("NFD", text)
