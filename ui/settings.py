"""The settings of this PC, needed before a book is open: one JSON file in the config folder, replaced whole.

Settings of the office (letterhead, labels, signer) lie in the book.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast

from hoidesk.language import LANGUAGES
from hoidesk.places import config_dir
from ui.palettes import THEMES, ThemeName
from ui.theme import TEXT_SIZES

__all__ = ["PcSettings", "SettingsFile"]


@dataclass(frozen=True, slots=True)
class PcSettings:
    """What this PC remembers: nothing of what stands in a book."""

    language: str = "vi"
    text_size: int = 100
    theme: ThemeName = "light"
    last_book: str = ""
    last_user: str = ""
    recent_books: tuple[str, ...] = field(default=())
    last_stick: str = ""

    def with_book(self, folder: str, user: str) -> PcSettings:
        """The same after ``folder`` was opened by ``user``: it comes first next time."""
        recent = (folder, *(other for other in self.recent_books if other != folder))[:8]
        return replace(self, last_book=folder, last_user=user, recent_books=recent)


def _checked(raw: object) -> PcSettings:
    """Settings from whatever the file holds: a value that is not allowed falls back to its default."""
    if not isinstance(raw, dict):
        return PcSettings()
    given = cast("dict[str, Any]", raw)
    kept: dict[str, Any] = {}
    if given.get("language") in LANGUAGES:
        kept["language"] = given["language"]
    if given.get("text_size") in TEXT_SIZES:
        kept["text_size"] = int(given["text_size"])
    if given.get("theme") in THEMES:
        kept["theme"] = given["theme"]
    for name in ("last_book", "last_user", "last_stick"):
        if isinstance(given.get(name), str):
            kept[name] = given[name]
    recent = given.get("recent_books")
    if isinstance(recent, list):
        kept["recent_books"] = tuple(entry for entry in recent if isinstance(entry, str))[:8]
    return PcSettings(**kept)


class SettingsFile:
    """The file with the settings; a damaged file counts as an empty one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_dir() / "settings.json"
        self.now = self._load()

    def _load(self) -> PcSettings:
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return PcSettings()
        import json

        try:
            return _checked(json.loads(text))
        except ValueError:
            return PcSettings()

    def change(self, **values: Any) -> PcSettings:
        """Replace some values and write the file; a PC that does not let us write keeps them until the end."""
        unknown = values.keys() - {known.name for known in fields(PcSettings)}
        if unknown:
            raise TypeError(f"unknown settings {sorted(unknown)}")
        return self.put(replace(self.now, **values))

    def put(self, settings: PcSettings) -> PcSettings:
        """Take ``settings`` and write them."""
        if settings != self.now:
            self.now = settings
            with contextlib.suppress(OSError):
                self._store()
        return self.now

    def _store(self) -> None:
        import json
        import tempfile

        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix="settings-", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(self.now), file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
