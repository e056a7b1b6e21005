"""Text from before Unicode: TCVN3 (fonts .VnTime …) and VNI (fonts VNI-Times …) to Unicode.

Such text looks right only in its font: the cell holds "Héi Khuyõn häc" for "Hội Khuyến học". The font's name decides
where it is known; else the readings are weighed by how many words become Vietnamese syllables. The result is a
verdict with its confidence and its reason, never a silent guess: who imports shows it and lets the officer decide.

Read old text before it is cleaned for the book: TCVN3 keeps its ư where Unicode has the invisible soft hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hoidesk.text.nfc import nfc
from hoidesk.text.syllable import is_syllable

__all__ = ["Encoding", "Verdict", "detect", "detect_font", "to_unicode"]


class Encoding(StrEnum):
    """How a text is written."""

    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    VNI = "vni"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: the encoding, how sure (0 to 1), and whether the ``"font"`` or the ``"letters"`` told."""

    encoding: Encoding
    confidence: float
    told_by: str


# TCVN 5712 with the byte shown as its Latin-1 character. Capitals with tones exist only as fonts of capitals.
_TCVN3: Final = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

_VNI_SINGLE: Final = dict(zip("ñôöæóòîíì", "đơưỉĩịỵíì", strict=True))
_VNI_MARKS: Final = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_TONES: Final = "ùøûõï"
_VNI_HATS: Final = "âáàåãä"
_VNI_BREVES: Final = "êéèúüë"
_VNI_TAKES: Final = {
    "a": _VNI_TONES + _VNI_HATS + _VNI_BREVES,
    "e": _VNI_TONES + _VNI_HATS,
    "o": _VNI_TONES + _VNI_HATS,
} | {base: _VNI_TONES for base in "uyôö"}


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for single, letter in _VNI_SINGLE.items():
        table[single], table[single.upper()] = letter, letter.upper()
    for base, marks in _VNI_TAKES.items():
        letter = _VNI_SINGLE.get(base, base)
        for mark in marks:
            composed = nfc(letter + _VNI_MARKS[mark])
            table[base + mark] = composed
            for upper in (base.upper() + mark.upper(), base.upper() + mark):
                table[upper] = composed.upper()
    return table


_VNI: Final = _vni_table()
_VNI_PARTS: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_WORD: Final = re.compile(r"[^\W\d_]+(?:[\xa1-\xff]+[^\W\d_]*)*|[\xa1-\xff]+[^\W\d_]*")
_CAPITALS_FONT: Final = re.compile(r"\.vn.*h$", re.IGNORECASE)


def _plain_capitals(raw: str) -> bool:
    """Whether the ASCII letters of ``raw`` are two or more capitals and nothing else."""
    plain = [c for c in raw if c.isascii() and c.isalpha()]
    return len(plain) > 1 and all(c.isupper() for c in plain)


def _from_tcvn3(text: str) -> str:
    all_capitals = _plain_capitals(text)

    def word(match: re.Match[str]) -> str:
        raw = match[0]
        read = "".join(_TCVN3.get(c, c) for c in raw)
        # Capital vowels with a tone have no code of their own: among capitals they are meant as capitals.
        return read.upper() if all_capitals or _plain_capitals(raw) else read

    return _WORD.sub(word, text)


def to_unicode(text: str, encoding: Encoding, *, font: str | None = None) -> str:
    """``text`` read as ``encoding``, composed; UNICODE and UNCLEAR leave the letters as they are.

    A TCVN3 font whose name ends in H shows small letters as capitals: its text comes out in capitals. Elsewhere the
    case of capitals with tones is lost in TCVN3 itself; compare such names without case.
    """
    if encoding is Encoding.TCVN3:
        read = _from_tcvn3(text)
        return nfc(read.upper() if font and _CAPITALS_FONT.match(font.strip()) else read)
    if encoding is Encoding.VNI:
        return nfc(_VNI_PARTS.sub(lambda match: _VNI[match[0]], text))
    return nfc(text)


def detect_font(font: str | None) -> Encoding | None:
    """The encoding that a font's name tells: ``.VnTime`` is TCVN3, ``VNI-Times`` is VNI; None for any other font."""
    name = (font or "").strip().casefold()
    if name.startswith(".vn"):
        return Encoding.TCVN3
    return Encoding.VNI if re.match(r"vni[-\s]", name) else None


def _marked(text: str) -> list[str]:
    """The words of ``text`` that hold a letter beyond ASCII."""
    return [match[0] for match in _WORD.finditer(text) if not match[0].isascii()]


def _share(words: list[str], encoding: Encoding) -> float:
    """The share of ``words`` that are Vietnamese syllables when read as ``encoding``."""
    return sum(is_syllable(to_unicode(word, encoding)) for word in words) / len(words)


def detect(texts: str | Iterable[str], font: str | None = None) -> Verdict:
    """How ``texts`` (one text, or the cells that share a font) are written.

    Text in plain ASCII is UNICODE with full confidence: all encodings agree on it. A font that names its encoding is
    believed unless the words speak clearly against it (converted text keeps its old font name now and then). Without
    such a font an encoding is named only if nearly all words become syllables in it and in no other; what lies
    between is UNCLEAR, with the share of the best reading as its confidence.
    """
    words = [word for text in ([texts] if isinstance(texts, str) else texts) for word in _marked(nfc(text))]
    named = detect_font(font)
    if not words:
        return Verdict(Encoding.UNICODE, 1.0, "letters")
    shares = {encoding: _share(words, encoding) for encoding in (Encoding.UNICODE, Encoding.TCVN3, Encoding.VNI)}
    best = max(shares, key=lambda encoding: shares[encoding])
    second = max(share for encoding, share in shares.items() if encoding is not best)
    if any(ord(c) > 0xFF for word in words for c in word):
        # Letters such as ộ or ư exist in no old encoding: whatever the font is called, this is Unicode already.
        sure = shares[Encoding.UNICODE] >= max(shares.values())
        return Verdict(Encoding.UNICODE, 1.0 if sure else 0.9, "letters")
    if named is not None:
        against = best is not named and shares[best] >= 0.9 and shares[named] < 0.5
        return Verdict(Encoding.UNCLEAR, shares[best], "letters") if against else Verdict(named, 1.0, "font")
    if shares[best] >= 0.85 and shares[best] - second >= 0.25:
        return Verdict(best, round(shares[best] * min(1.0, (len(words) + 1) / 4), 2), "letters")
    return Verdict(Encoding.UNCLEAR, shares[best], "letters")
