"""Books do what the model does: after every step of a schedule rows, clocks, vectors, marks and conflicts are equal."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from .side_by_side import World, make_family

LONG = "HOIDESK_MODEL_RUNS"
"""Set to a number for the long form: so many schedules. The suite drives the same few every time."""
RUNS = int(os.environ.get(LONG, "8"))


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("family")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("HOIDESK_TEST_CHEAP_KDF", "1")
    make_family(folder)
    monkeypatch.undo()
    return folder


@pytest.mark.usefixtures("cloned_disks")
@pytest.mark.parametrize("seed", range(RUNS))
def test_books_do_what_the_model_does(family: Path, tmp_path: Path, seed: int) -> None:
    """Edits, packages lost, late, twice and in the wrong order; wrong clocks; backups put back; PCs copied; mending."""
    chance, world, done = random.Random(seed), World(family, tmp_path / "world"), []
    try:
        area = world.create("A", "area")
        world.create("A", "branch", area)
        for _step in range(40):
            done.append(world.step(chance))
        world.final_exchange()
    except AssertionError:
        print("\n".join(map(str, done)))
        raise
    finally:
        world.close()
