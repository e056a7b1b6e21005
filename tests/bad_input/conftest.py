"""Three enrolled books with a file of every kind, and the way to try a command that must be refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hoidesk.cli import main
from tests.bad_input.scene import PASSWORD, Scene, make_scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    before = os.environ.get("HOIDESK_TEST_CHEAP_KDF")
    os.environ["HOIDESK_TEST_CHEAP_KDF"] = "1"
    yield make_scene(tmp_path_factory.mktemp("scene"))
    if before is None:
        del os.environ["HOIDESK_TEST_CHEAP_KDF"]


@pytest.fixture(scope="module")
def at_first(scene: Scene) -> dict[Path, tuple[str, int]]:
    """The dumps of the books before anything was tried."""
    return {book: scene.dump(book) for book in (scene.cell, scene.ward, scene.district)}


@pytest.fixture
def refused(
    scene: Scene,
    at_first: dict[Path, tuple[str, int]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., str]:
    """Run a command that must be refused, and return its sentence."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)

    def run(*arguments: str | Path) -> str:
        capsys.readouterr()
        assert main([str(a) for a in arguments]) == 3
        shown = capsys.readouterr()
        sentence = shown.err.strip()
        # Without --atomic each line of operations is refused for itself.
        lines = sentence.splitlines()
        assert len(lines) == 1 or (arguments[0] == "apply" and all(line.startswith("Dòng ") for line in lines)), lines
        assert sentence.endswith("."), sentence
        assert "Traceback" not in sentence and "Error" not in sentence
        for book in at_first.keys() & set(arguments):
            assert scene.dump(book) == at_first[book]
        return sentence

    return run
