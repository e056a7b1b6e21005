"""The settings of the PC survive, and whatever stands in their file does no harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ui.palettes import THEMES
from ui.settings import PcSettings, SettingsFile
from ui.theme import TEXT_SIZES

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
KEYS = st.sampled_from(("language", "text_size", "theme", "last_book", "last_user", "recent_books"))


def test_what_was_set_is_there_next_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.json"
    SettingsFile(path).put(PcSettings("en", 150, "dark").with_book("/sổ/hòa-an.hoibook", "Đỗ Thị Mỹ Hạnh"))
    again = SettingsFile(path).now
    assert (again.language, again.text_size, again.theme) == ("en", 150, "dark")
    assert again.last_book == "/sổ/hòa-an.hoibook"
    assert again.recent_books == ("/sổ/hòa-an.hoibook",)
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]


def test_the_last_book_comes_first_and_once() -> None:
    now = PcSettings()
    for name in ("a", "b", "a"):
        now = now.with_book(name, "u")
    assert now.recent_books == ("a", "b")


@given(st.dictionaries(KEYS, JSON, max_size=6) | JSON)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_content_gives_allowed_settings(tmp_path: Path, content: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    now = SettingsFile(path).now
    assert now.language in ("vi", "en")
    assert now.text_size in TEXT_SIZES
    assert now.theme in THEMES
    assert isinstance(now.last_book, str)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"language": "vi"'])
def test_a_damaged_file_counts_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert SettingsFile(path).now == PcSettings()


def test_a_folder_that_cannot_be_written_keeps_the_settings_for_now(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    held = SettingsFile(tmp_path / "file" / "settings.json")
    assert held.change(text_size=125).text_size == 125


def test_an_unknown_setting_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        SettingsFile(tmp_path / "s.json").change(colour="red")
