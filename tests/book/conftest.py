"""A ward book for each test of the book room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.book.book import Book
from tests.book.books import register, ward


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """An empty ward book, open for writing."""
    with ward(tmp_path) as opened:
        yield opened


@pytest.fixture
def ids(book: Book) -> dict[str, UUID]:
    """The ids of a small register in that book."""
    return register(book)
