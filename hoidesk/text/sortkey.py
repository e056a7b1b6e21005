"""Vietnamese dictionary order as bytes, the same in the book, in lists and on paper.

Letters first (a ă â b c d đ e ê … with f j w z at their Latin places), then tones (ngang huyền hỏi ngã sắc nặng),
then case: the levels of the Vietnamese collation of CLDR. Runs of digits compare as numbers, so that "Khu phố 2"
comes before "Khu phố 10". The key of the operating system is not used: Windows and Linux order differently.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hoidesk.text.nfc import nfc

__all__ = ["given_name_key", "sort_key"]

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PUNCTUATION: Final = "\t\n _-–—,;:!?.…'‘’\"“”()[]{}@*/\\&#%`^+<=>|~$₫"
"""White space, then punctuation, then signs: all of it before digits and letters."""
_TONES: Final = {"\u0300": 3, "\u0309": 4, "\u0303": 5, "\u0301": 6, "\u0323": 7}
_VOWEL_MARKS: Final = frozenset("\u0302\u0306\u031b")

# First bytes of the first level. 0x00 parts the words of a name key and 0x01 the levels; neither occurs in a level.
_FIRST_SIGN: Final = 0x02
_OTHER_SIGN: Final = 0x60
_NUMBER: Final = 0x70
_FIRST_LETTER: Final = 0x80
_OTHER_LETTER: Final = 0xF0
_PLAIN: Final = 2
_OTHER_MARK: Final = 8
_CAPITAL: Final = 3

_PRIMARY: Final = {c: bytes((_FIRST_SIGN + i,)) for i, c in enumerate(_PUNCTUATION)} | {
    c: bytes((_FIRST_LETTER + i,)) for i, c in enumerate(_ALPHABET)
}
_DIGITS: Final = re.compile(r"([0-9]+)")


def _beyond(first: int, char: str) -> bytes:
    """A weight for a character outside the tables: by its number, in bytes from 2 upwards."""
    code = ord(char)
    return bytes((first, 2 + code // 40_000, 2 + code // 200 % 200, 2 + code % 200))


def _weigh(char: str) -> tuple[bytes, int, int]:
    """First level, tone and case of one composed character."""
    small = char.lower()
    case = _PLAIN if small == char else _CAPITAL
    decomposed = unicodedata.normalize("NFD", small)
    tone = next((_TONES[c] for c in decomposed if c in _TONES), _PLAIN)
    letter = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    if letter not in _PRIMARY and letter:
        # A foreign mark (ü, ç, ñ) counts below the letter, as a tone does.
        kept = "".join(
            c for c in unicodedata.normalize("NFD", letter) if c in _VOWEL_MARKS or not unicodedata.combining(c)
        )
        if (bare := unicodedata.normalize("NFC", kept)) in _PRIMARY:
            letter, tone = bare, _OTHER_MARK
    if letter in _PRIMARY:
        return _PRIMARY[letter], tone, case
    if unicodedata.combining(char):
        return b"", _OTHER_MARK, _PLAIN
    first = _OTHER_LETTER if char.isalnum() else _OTHER_SIGN
    return _beyond(first, small[0]), tone, case


class _Weights(dict[str, tuple[bytes, int, int]]):
    """Weights of each character, worked out once."""

    def __missing__(self, char: str) -> tuple[bytes, int, int]:
        self[char] = weight = _weigh(char)
        return weight


_WEIGHTS: Final = _Weights()


def _number(digits: str) -> bytes:
    """A run of digits as a number of any length: its length, then the digits."""
    digits = digits.lstrip("0")
    size = len(digits)
    # A length above 200 takes more bytes, each of which says "longer than that".
    return bytes((_NUMBER, *([202] * (size // 200)), 2 + size % 200)) + digits.encode("ascii")


def sort_key(text: str) -> bytes:
    """The bytes that put ``text`` in Vietnamese dictionary order; composed and decomposed text have the same key.

    Store it in an indexed column and order by it and the id: texts that differ in nothing the order looks at (leading
    zeros apart) share a key.
    """
    first: list[bytes] = []
    tones: list[int] = []
    cases: list[int] = []
    for place, part in enumerate(_DIGITS.split(nfc(text))):
        if place % 2:
            first.append(_number(part))
            tones.append(_PLAIN)
            cases.append(_PLAIN)
            continue
        for char in part:
            letter, tone, case = _WEIGHTS[char]
            first.append(letter)
            tones.append(tone)
            cases.append(case)
    return b"\x01".join((b"".join(first), bytes(tones).rstrip(b"\x02"), bytes(cases).rstrip(b"\x02")))


def given_name_key(name: str) -> bytes:
    """The key that orders people as Vietnamese lists do: given name, then middle names, then family name."""
    parts = name.split()
    if not parts:
        return b""
    family, middle, given = (parts[0] if len(parts) > 1 else "", " ".join(parts[1:-1]), parts[-1])
    return b"\x00".join((sort_key(given), sort_key(middle), sort_key(family)))
