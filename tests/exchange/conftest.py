"""Three books that exchange packages: of a cell, a ward and a district."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hoidesk.book.book import Book

from .books import (
    CELL,
    DISTRICT,
    WARD,
    new_book,
)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, WARD) as book:
        yield book


@pytest.fixture
def cell(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, CELL) as book:
        yield book


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, DISTRICT) as book:
        yield book


@pytest.fixture
def cloned_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of books stand for PCs whose whole disk was cloned or put back: their witness came along."""
    monkeypatch.setattr("hoidesk.book.folder.look", lambda *_seen: "")
