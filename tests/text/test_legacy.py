from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hoidesk.text.legacy import Encoding, detect, detect_font, to_unicode
from hoidesk.text.syllable import is_syllable
from tests.vietnamese import NAMES, any_form, lines, syllables

# Bytes as they lie in old files, shown as Latin-1, with what their font shows.
TCVN3_SAMPLES = [
    ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
    ("Héi Ch÷ thËp ®á ph\xad\xeang", "Hội Chữ thập đỏ phường"),
    ("ñY BAN MTTQ VIÖT NAM", "ỦY BAN MTTQ VIỆT NAM"),
    ("TM. BAN TH¦êNG TRùC", "TM. BAN THƯỜNG TRỰC"),
    ("§oµn ThÞ Kim Phông", "Đoàn Thị Kim Phụng"),
    ("NguyÔn V¨n Êt", "Nguyễn Văn ất"),
]
VNI_SAMPLES = [
    ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ("Hoäi Chöõ thaäp ñoû phöôøng", "Hội Chữ thập đỏ phường"),
    ("UÛY BAN MAËT TRAÄN TOÅ QUOÁC", "ỦY BAN MẶT TRẬN TỔ QUỐC"),
    ("Nguyeãn Thò Kyø, lyù leõ, ñöôïc bieát", "Nguyễn Thị Kỳ, lý lẽ, được biết"),
]

_TCVN3_BYTES = dict(zip("ăâêôơưđĂÂÊÔƠƯĐ", "¨©ª«¬\xad®¡¢£¤¥¦§", strict=True)) | dict(
    zip(
        "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        strict=True,
    )
)
_VNI_TONES = dict(zip("\u0301\u0300\u0309\u0303\u0323", "ùøûõï", strict=True))
_VNI_HAT = dict(zip("\u0301\u0300\u0309\u0303\u0323", "áàåãä", strict=True)) | {"": "â"}
_VNI_BREVE = dict(zip("\u0301\u0300\u0309\u0303\u0323", "éèúüë", strict=True)) | {"": "ê"}


def as_tcvn3(text: str) -> str:
    """``text`` as an old word processor saved it: tones on capitals are lost."""
    return "".join(_TCVN3_BYTES.get(c) or _TCVN3_BYTES.get(c.lower()) or c for c in text)


def _vni_letter(char: str) -> str:
    singles = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "í": "í", "ì": "ì"}
    if char in singles:
        return singles[char]
    base, *marks = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in marks if mark in _VNI_TONES), "")
    if "\u0302" in marks:
        return base + _VNI_HAT[tone]
    if "\u0306" in marks:
        return base + _VNI_BREVE[tone]
    if "\u031b" in marks:
        base = {"o": "ô", "u": "ö"}[base]
    return base + (_VNI_TONES[tone] if tone else "")


def as_vni(text: str) -> str:
    """``text`` (Vietnamese letters only) as a VNI keyboard wrote it."""
    return "".join(_vni_letter(c.lower()).upper() if c.isupper() else _vni_letter(c) for c in text)


@pytest.mark.parametrize(("old", "meant"), TCVN3_SAMPLES)
def test_tcvn3(old: str, meant: str) -> None:
    assert to_unicode(old, Encoding.TCVN3) == meant
    assert detect(old, ".VnTime").encoding is Encoding.TCVN3
    verdict = detect(old)
    assert verdict.encoding is Encoding.TCVN3, verdict


@pytest.mark.parametrize(("old", "meant"), VNI_SAMPLES)
def test_vni(old: str, meant: str) -> None:
    assert to_unicode(old, Encoding.VNI) == meant
    assert detect(old, "VNI-Times").encoding is Encoding.VNI
    verdict = detect(old)
    assert verdict.encoding is Encoding.VNI, verdict


def test_a_font_of_capitals() -> None:
    assert to_unicode("uû ban", Encoding.UNICODE, font=".VnTimeH") == "uû ban"
    assert to_unicode("ñy ban mÆt trËn", Encoding.TCVN3, font=".VnTimeH") == "ỦY BAN MẶT TRẬN"
    assert to_unicode("ñy ban mÆt trËn", Encoding.TCVN3, font=".VnTime") == "ủy ban mặt trận"


@given(lines())
def test_tcvn3_there_and_back(text: str) -> None:
    assert to_unicode(as_tcvn3(text), Encoding.TCVN3).casefold() == text.casefold()


@given(st.lists(syllables() | syllables().map(str.upper), min_size=1).map(" ".join))
def test_vni_there_and_back(text: str) -> None:
    assert to_unicode(as_vni(text), Encoding.VNI) == text


@given(st.lists(syllables(), min_size=8, max_size=40))
def test_a_guess_is_never_the_wrong_old_encoding(words: list[str]) -> None:
    assume(sum(not word.isascii() for word in words) >= 4)
    text = " ".join(words)
    assert detect(as_tcvn3(text)).encoding in (Encoding.TCVN3, Encoding.UNCLEAR)
    assert detect(as_vni(text)).encoding in (Encoding.VNI, Encoding.UNCLEAR)
    assert detect(text).encoding in (Encoding.UNICODE, Encoding.UNCLEAR)


@given(any_form(lines()))
def test_what_is_unicode_stays_as_it_is(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert to_unicode(text, Encoding.UNICODE) == composed
    if any(ord(c) > 0x2AF for c in composed if c.isalpha()):
        assert detect(text, ".VnTime").encoding is Encoding.UNICODE


@pytest.mark.parametrize("text", NAMES)
def test_modern_names_are_unicode_whatever_the_font_is_called(text: str) -> None:
    assert detect(text, ".VnTime").encoding is Encoding.UNICODE
    assert detect(text).encoding is Encoding.UNICODE


def test_plain_text_needs_no_reading() -> None:
    for text in ("", "STT", "1.714", "0903 112 233", "Ban Thi dua"):
        assert detect(text) == detect(text, ".VnTime")
        assert detect(text).encoding is Encoding.UNICODE


def test_one_odd_word_is_not_enough_to_be_sure() -> None:
    assert detect("125/Q§-UBND").encoding is Encoding.UNCLEAR
    assert detect("Kh«ng").confidence < 0.6 < detect("Kh«ng cã chi bé nµo ®\xad\xeec thµnh lËp").confidence


def test_a_sheet_is_judged_as_a_whole() -> None:
    verdict = detect([old for old, _meant in TCVN3_SAMPLES] + ["125/Q§-UBND", "STT"])
    assert (verdict.encoding, verdict.told_by) == (Encoding.TCVN3, "letters")
    assert verdict.confidence > 0.9


def test_a_font_that_lies_is_not_believed() -> None:
    """Text that was converted keeps its old font now and then; letters of the other encoding speak against it."""
    vni = " ".join(old for old, _meant in VNI_SAMPLES)
    assert detect(vni, ".VnArial").encoding is Encoding.UNCLEAR


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", Encoding.TCVN3),
        (" .vnarialH", Encoding.TCVN3),
        ("VNI-Times", Encoding.VNI),
        ("Vni Helve", Encoding.VNI),
        ("Times New Roman", None),
        ("VnTimes", None),
        ("", None),
        (None, None),
    ],
)
def test_fonts(font: str | None, encoding: Encoding | None) -> None:
    assert detect_font(font) is encoding


@given(syllables())
def test_syllables_are_told_from_noise(word: str) -> None:
    stopped = unicodedata.normalize("NFC", word)
    assert is_syllable(stopped) == is_syllable(stopped.upper())


@pytest.mark.parametrize("word", ["đường", "Nghiễm", "QUYẾT", "giáo", "khuỷu", "ấp", "Ở", "yêu", "thước", "người"])
def test_words(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["QĐ", "hoäi", "x·", "ph\xad\xeang", "tâp", "wifi", "đuờờng", "", "ab", "chñ", "khop"])
def test_no_words(word: str) -> None:
    assert not is_syllable(word)
