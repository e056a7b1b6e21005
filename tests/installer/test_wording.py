"""The Vietnamese texts keep the office's manner: short sentences, polite, no exclamation, no tier written out."""

from __future__ import annotations

import re
import unicodedata

import catalogues
import pytest

LONGEST = 20
"""Words in a sentence: more than that is not read at a counter."""


def texts() -> list[str]:
    """Every Vietnamese translation."""
    found = catalogues.load(catalogues.ROOT, "vi").values()
    return [text if isinstance(text, str) else text[0] for text in found]


def test_there_are_texts() -> None:
    assert len(texts()) > 500


def test_texts_are_composed() -> None:
    assert [text for text in texts() if unicodedata.normalize("NFC", text) != text] == []


def test_sentences_are_short() -> None:
    long = []
    for text in texts():
        for sentence in re.split(r"(?<=[.;:?])\s+", text):
            if len([word for word in sentence.split() if re.search(r"\w", word)]) > LONGEST:
                long.append(sentence)
    assert long == []


@pytest.mark.parametrize(
    "word", ["bạn", "vui lòng", "hủy bỏ", "xung đột", "thành công", "please", "error", "cell", "!"]
)
def test_words_that_offices_do_not_use(word: str) -> None:
    wanted = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)" if word.isalpha() or " " in word else re.escape(word), re.I)
    # What is quoted or stands for a name of the command line is no prose.
    prose = {text: re.sub(r"“[^”]*”|\{[^}]*\}|cell, ward", "", text) for text in texts()}
    assert [text for text, without in prose.items() if wanted.search(without)] == []


def test_no_tier_is_written_out() -> None:
    # The label of a tier is data that an office may change; it is inserted, and only examples in quotes may name one.
    tiers = re.compile(r"\b(?:quận|huyện|tỉnh|thành phố|phường|xã|khu phố|tổ dân phố|thôn)\b", re.I)
    assert [text for text in texts() if tiers.search(re.sub("“[^”]*”", "", text))] == []
