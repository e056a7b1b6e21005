from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paper.office import Ward, make_ward


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward of its own, for tests that write."""
    made = make_ward(tmp_path)
    yield made
    made.book.close()


@pytest.fixture(scope="module")
def read_ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """One ward for the tests of a file that only read."""
    os.environ["HOIDESK_TEST_CHEAP_KDF"] = "1"
    made = make_ward(tmp_path_factory.mktemp("ward"))
    yield made
    made.book.close()
