"""Every preset file is clean text that two generations of YAML readers understand alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hoidesk.language import use_language
from hoidesk.presets import CHOICES, choices, entries
from tests.presets.readers import FILES, Core, Strict, load

PROPER_NAMES = {"common_associations", "movements"}
"""Names that have one form: an English window shows them as the association itself writes them."""


def test_the_files_are_there() -> None:
    assert len(FILES) == 15


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_readers_agree(path: Path) -> None:
    assert load(path, Strict) == load(path, Core)


def test_the_strict_readers_can_fail() -> None:
    with pytest.raises(AssertionError, match="written twice"):
        yaml.load("a: 1\na: 2", Loader=Strict)
    assert yaml.load("a: yes", Loader=Strict) != yaml.load("a: yes", Loader=Core)
    assert yaml.load("a: 010", Loader=Strict) != yaml.load("a: 010", Loader=Core)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_text_is_nfc_without_tabs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert "\t" not in text and "\r" not in text
    assert "\N{NO-BREAK SPACE}" not in text


def _lists(content: Any) -> Iterator[list[Any]]:
    if isinstance(content, dict):
        for value in content.values():
            yield from _lists(value)
    elif isinstance(content, list):
        yield content
        for value in content:
            yield from _lists(value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_ids_are_unique_in_their_list(path: Path) -> None:
    for one in _lists(load(path, Strict)):
        ids = [item["id"] for item in one if isinstance(item, dict) and "id" in item]
        assert len(ids) == len(set(ids)), ids


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_closed_lists_speak_both_languages(name: str) -> None:
    for one in entries(name):
        assert one["vi"]
        assert name in PROPER_NAMES or one["en"], one["id"]
    for language in ("vi", "en"):
        use_language(language)
        try:
            assert all(text and "{" not in text for text in choices(name).values())
        finally:
            use_language("vi")


def test_no_vietnamese_word_is_left_in_the_english_lists() -> None:
    use_language("en")
    try:
        for name in sorted(set(CHOICES) - PROPER_NAMES):
            for id_, text in choices(name).items():
                if text in ("đồng", "Tết") or "Hồ Chí Minh" in text or "Hùng" in text:
                    continue  # the money, the festival and the two persons have no other name
                assert text.isascii(), (name, id_, text)
    finally:
        use_language("vi")
