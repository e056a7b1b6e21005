"""The short form of the crashes: a few points of each kind; ``python -m tests.faults crash`` tries every one."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.faults.crash import points, try_point
from tests.faults.scene import ACTS, make_scene

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="needs strace, which “installer/bootstrap.py test” installs on Debian"
)


@pytest.mark.parametrize("act", ACTS)
def test_a_crash_or_a_full_disk_leaves_the_old_or_the_new_state(act: str, tmp_path: Path) -> None:
    scene, chance = make_scene(tmp_path), random.Random(act)
    kinds: dict[tuple[str, str], list[object]] = {}
    for point in points(act, scene):
        kinds.setdefault((point.call, point.what), []).append(point)
    assert {("fsync", "kill"), ("pwrite64", "full"), ("rename", "kill")} <= kinds.keys()
    chosen = [chance.choice(found) for found in kinds.values()]
    assert [f"{point}: {fault}" for point in chosen if (fault := try_point(point, scene))] == []  # type: ignore[arg-type]
