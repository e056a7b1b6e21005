from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.figures.desk import Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    office = Desk()
    yield office
    office.close()
