"""Folding for search: ``duong`` finds ``đường``, and a query typed with accents can still be held to them.

The folded form is stored beside the text and indexed; the query is folded the same way, word by word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from hoidesk.text.nfc import nfc

__all__ = ["exact_matcher", "fold", "has_accents", "matches_exactly", "words"]

# The five marks of the tones ngang leaves out: huyền, sắc, ngã, hỏi, nặng.
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD: Final = re.compile(r"[^\W_]+")


def _bare(text: str) -> str:
    """``text`` decomposed and without its marks."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


class _Folds(dict[int, str]):
    """Folded form of each character, worked out once: ``str.translate`` then runs at the speed of C."""

    def __missing__(self, code: int) -> str:
        # đ has no decomposition, so it is named; ð (eth) is what some keyboards and old files put in its place.
        folded = _bare(_bare(chr(code)).casefold()).replace("đ", "d").replace("ð", "d")
        self[code] = folded
        return folded


_FOLDS: Final = _Folds()


def fold(text: str) -> str:
    """``text`` without case, tones, vowel marks and the stroke of đ; composed and decomposed input give the same."""
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDS)


def words(query: str) -> list[str]:
    """The folded words of ``query`` in their order: runs of letters and digits, as the search index cuts them."""
    return _WORD.findall(fold(query))


def has_accents(text: str) -> bool:
    """Whether ``text`` says more than its folded form: then a search can be held to the accents."""
    return text.casefold() != fold(text)


@lru_cache(maxsize=16_384)
def _parts(word: str) -> tuple[str, str, str]:
    """Folded word, letters with their vowel marks, tones: the place of a tone in the syllable then does not matter."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    letters = "".join(c for c in decomposed if c not in _TONES)
    return fold(word), unicodedata.normalize("NFC", letters), "".join(c for c in decomposed if c in _TONES)


def _word_matches(typed: tuple[str, str, str], written: str) -> bool:
    folded, letters, tones = typed
    other_folded, other_letters, other_tones = _parts(written)
    if not tones and letters == folded:
        return other_folded.startswith(folded)
    if not other_letters.startswith(letters):
        return False
    # The tone is often typed last: a word that is not finished yet is not held to a tone it does not have.
    return tones == other_tones or (not tones and len(letters) < len(other_letters))


def exact_matcher(query: str) -> Callable[[str], bool]:
    """What :func:`matches_exactly` asks of ``query``, prepared once for many texts."""
    typed = [(re.compile(rf"(?<![^\W_]){re.escape(word)}"), _parts(word)) for word in _WORD.findall(_small(query))]

    def matches(text: str) -> bool:
        small = _small(text)
        written: list[str] | None = None
        for literal, parts in typed:
            # Most texts that match hold the very letters; only the others are taken apart.
            if literal.search(small):
                continue
            written = _WORD.findall(small) if written is None else written
            if not any(_word_matches(parts, word) for word in written):
                return False
        return True

    return matches


def _small(text: str) -> str:
    return nfc(nfc(text).casefold())


def matches_exactly(query: str, text: str) -> bool:
    """Whether every word of ``query`` begins a word of ``text`` with the accents that were typed.

    A word typed without accents matches by its folded form. ``hoà`` and ``hòa`` are the same. Serves to filter or to
    rank candidates that the folded index found.
    """
    return exact_matcher(query)(text)
