"""What was typed and not yet saved: kept beside the book, under the same key, on a connection of its own.

Saving a draft never waits for the book, so typing goes on while a package is merged. Drafts have no clocks and never
travel.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlcipher3

from hoidesk.book.store import refusals, use_key
from hoidesk.errors import EnvError
from hoidesk.text.nfc import nfc

__all__ = ["DRAFTS", "DraftStore", "StoredDraft", "forget_words", "rekey_drafts"]

DRAFTS: Final = "drafts.db"


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """One unsaved form: ``key`` names the form and the record, ``values`` are the fields as typed, ``at`` is UTC."""

    key: str
    values: Mapping[str, Any]
    at: datetime


class DraftStore:
    """The drafts of one book. Safe to call from any thread; every call is durable when it returns."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._busy = threading.Lock()
        path = folder / DRAFTS
        try:
            self._connection = _open(path, key)
        except EnvError as error:
            if error.code != "book.damaged":  # a full disk or a busy file says nothing against the drafts
                raise
            # Drafts of another key (a restored book) or a damaged file: set aside, never in the way of work.
            path.replace(path.with_suffix(".unreadable"))
            self._connection = _open(path, key)

    def save(self, key: str, values: Mapping[str, Any]) -> None:
        """Keep the fields of a form as they are typed now."""
        row = (key, json.dumps(dict(values), ensure_ascii=False, default=str), datetime.now(UTC).isoformat())
        with self._busy, refusals():
            self._connection.execute("INSERT OR REPLACE INTO draft(key, content, at) VALUES(?, ?, ?)", row)

    def load(self, key: str) -> StoredDraft | None:
        """The draft of a form, or None."""
        with self._busy, refusals():
            row = self._connection.execute("SELECT key, content, at FROM draft WHERE key = ?", (key,)).fetchone()
        return _draft(row) if row else None

    def discard(self, key: str) -> None:
        """Forget a draft: it was saved to the book or thrown away."""
        with self._busy, refusals():
            self._connection.execute("DELETE FROM draft WHERE key = ?", (key,))

    def all(self) -> list[StoredDraft]:
        """Every draft, newest first: what was found after the program was killed."""
        with self._busy, refusals():
            rows = self._connection.execute("SELECT key, content, at FROM draft ORDER BY at DESC").fetchall()
        return [_draft(row) for row in rows]

    def close(self) -> None:
        """Close the connection."""
        with self._busy:
            self._connection.close()


def rekey_drafts(folder: Path, old: bytes, new: bytes) -> None:
    """Give the drafts the new key of their book; drafts that cannot be read stay as they are."""
    path = folder / DRAFTS
    if not path.exists():
        return
    try:
        connection = _open(path, old)
    except EnvError:
        return
    try:
        with refusals():
            connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
    finally:
        connection.close()


def forget_words(folder: Path, key: bytes, words: Collection[str]) -> None:
    """Take values that were erased by order out of what was typed and not yet saved, also from the file's free room;
    the rest of each form stays."""
    path = folder / DRAFTS
    if not words or not path.exists():
        return
    connection = _open(path, key)
    try:
        with refusals():
            for name, content in connection.execute("SELECT key, content FROM draft").fetchall():
                written = json.dumps(_without(json.loads(content), words), ensure_ascii=False)
                connection.execute(
                    "UPDATE draft SET content = ? WHERE key = ? AND content <> ?", (written, name, written)
                )
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def _without(value: Any, words: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    return "" if isinstance(value, str) and any(word in nfc(value) for word in words) else value


def _open(path: Path, key: bytes) -> Any:
    with refusals():
        connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        with refusals():
            use_key(connection, key)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS draft(key TEXT PRIMARY KEY, content TEXT NOT NULL, at TEXT NOT NULL)"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _draft(row: Any) -> StoredDraft:
    return StoredDraft(row[0], json.loads(row[1]), datetime.fromisoformat(row[2]))
