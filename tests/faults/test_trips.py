"""The short form of the trips; ``python -m tests.faults trips`` makes ten thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.trips import make_offices, run_year


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("offices") / "made"
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("HOIDESK_TEST_CHEAP_KDF", "1")
    branches = make_offices(folder)
    monkeypatch.undo()
    return folder, dict(branches)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_trips_nothing_is_lost_and_nothing_counted_twice(
    offices: tuple[Path, dict[str, object]], tmp_path: Path, seed: int
) -> None:
    template, branches = offices
    year = run_year(tmp_path / "year", template, branches, seed, trips=60)  # type: ignore[arg-type]
    assert year.faults == []
    assert year.states["merged"] > 30 and year.states["refused, package.damaged"] > 0
