"""The short form of the power cuts; ``python -m tests.faults power`` cuts everywhere, with more seeds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults.power import cut_power
from tests.faults.scene import ACTS, make_scene

EVERY = {"export": 11, "receive": 67}


pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="needs strace, which “installer/bootstrap.py test” installs on Debian"
)


@pytest.mark.parametrize("act", ACTS)
def test_after_a_power_cut_the_old_or_the_new_state_is_there(act: str, tmp_path: Path) -> None:
    cuts = cut_power(act, make_scene(tmp_path), every=EVERY[act], seeds=[7])
    assert cuts.faults == [] and set(cuts.states) == {"old", "new"} and cuts.tried > 12


def test_the_harness_sees_the_loss_when_nothing_is_flushed(tmp_path: Path) -> None:
    cuts = cut_power("export", make_scene(tmp_path), every=1000, seeds=[7], careless=True)
    assert any("lost" in fault for fault in cuts.faults)
