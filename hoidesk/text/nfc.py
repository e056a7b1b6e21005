"""Text as it is stored: composed (NFC), without invisible characters, trimmed.

Typed, pasted, imported and received text all pass here, so that one word has one spelling in the book.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

__all__ = ["clean", "clean_line", "cleaned", "is_plain_line", "nfc", "quote", "visible"]

# Zero-width and direction characters hide in pasted text and make two equal names differ; surrogates cannot be stored.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LINE_ENDS: Final = re.compile("\r\n?|\x85|\u2028|\u2029")
_SPACES: Final = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_RUN: Final = re.compile(r"\s+")
_QUOTED: Final = 60


def nfc(text: str) -> str:
    """``text`` composed; free of cost when it is composed already (ASCII and most typed Vietnamese are)."""
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def visible(text: str) -> str:
    """``text`` composed and without invisible characters, otherwise as it is: what may be taken from a package."""
    return nfc(_INVISIBLE.sub("", text))


def is_plain_line(text: str) -> bool:
    """Whether a stranger's text may be shown as it is: one line, nothing that hides in it or turns its direction."""
    return not (_INVISIBLE.search(text) or _LINE_ENDS.search(text) or "\n" in text)


def clean(text: str) -> str:
    """``text`` ready for the book: NFC, line ends as ``\\n``, no control characters but newline and tab, trimmed.

    Spaces of other widths become plain ones: they come from word processors and cannot be told apart by eye.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return nfc(text).strip(" \n\t")


def clean_line(text: str) -> str:
    """``text`` ready for a field of one line: as :func:`clean`, with every run of white space made one space."""
    return _RUN.sub(" ", clean(text))


def cleaned(value: Any) -> Any:
    """A JSON value with every text in it as :func:`clean` makes it; other values stay as they are."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(name): cleaned(item) for name, item in value.items()}
    return value


def quote(value: object) -> str:
    """What somebody typed, as a sentence may repeat it: on one line, without invisible characters, 60 at most."""
    shown = clean_line(str(value)[:200])
    return shown if len(shown) <= _QUOTED else shown[: _QUOTED - 1] + "…"
