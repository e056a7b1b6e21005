"""Two sample wards for all tests of this folder; a test that writes takes its writes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.sample.build import create_sample, fill_sample
from hoidesk.sample.content import WARD_CODE, WARD_NAME


@pytest.fixture(scope="package")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The sample as a newcomer opens it: registered, its round under way."""
    with create_sample(tmp_path_factory.mktemp("sample") / "ward", user="Cán bộ", password="hòa an") as book:
        yield book


@pytest.fixture(scope="package")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The sample's register and meetings alone."""
    folder = tmp_path_factory.mktemp("register") / "ward"
    with create_book(folder, tier="ward", code=WARD_CODE, name=WARD_NAME, user="Cán bộ", password="hòa an") as book:
        fill_sample(book)
        yield book
