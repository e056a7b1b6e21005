"""Power cuts: an act is recorded once, then its files are made again as any cut may leave them.

``synchronous = OFF`` is tried too: a harness that sees no loss then is blind.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.recorder import Recording, record
from tests.faults.scene import Scene

__all__ = ["Cuts", "cut_power"]


@dataclass
class Cuts:
    """How many cuts were tried, in how many the old and the new state was found, and what went wrong."""

    tried: int = 0
    states: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def _try(act: str, scene: Scene, recording: Recording, at: int, chance: random.Random | None, cuts: Cuts) -> str:
    scene.begin_anew()
    recording.cut(at, chance)
    cuts.tried += 1
    where = (
        f"{act}, cut behind step {at} of {len(recording.steps)}, {'nothing' if chance is None else 'some'} unflushed"
    )
    try:
        verdict = scene.judge(act)
    except Exception as error:
        cuts.faults.append(f"{where}: {type(error).__name__}: {error}")
        return "?"
    cuts.states[verdict.state] = cuts.states.get(verdict.state, 0) + 1
    if verdict.fault:
        cuts.faults.append(f"{where}: {verdict.fault}")
    elif recording.done is not None and at >= recording.done and verdict.state == "old":
        cuts.faults.append(f"{where}: said to be done, but lost")
    return verdict.state


def cut_power(act: str, scene: Scene, *, every: int, seeds: Iterable[int], careless: bool = False) -> Cuts:
    """Cut the power behind every ``every``-th step and behind the last, once with nothing left that was not flushed
    and once for each seed with some of it."""
    recording = record(act, scene, *(["--careless"] if careless else []))
    assert recording.done is not None and recording.steps
    cuts = Cuts()
    whole = len(recording.steps)
    reached = False
    for at in sorted({*range(0, whole, every), recording.done, whole}):
        state = _try(act, scene, recording, at, None, cuts)
        if reached and state == "old":
            cuts.faults.append(f"{act}: what was on the disk before step {at} is gone after it")
        reached = reached or state == "new"
        for seed in seeds:
            _try(act, scene, recording, at, random.Random(f"{seed} {at}"), cuts)
    return cuts
