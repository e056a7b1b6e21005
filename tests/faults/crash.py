"""Crashes and full disks by injection into system calls: at every call of an act the process dies, or has no room.

Afterwards the book is opened: sound, in the old state or the new one, and the act done again ends right.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.faults.scene import ROOT, Scene, act_command, environment, run_act

__all__ = ["Point", "points", "try_point"]

KILLED: Final = ("fdatasync", "fsync", "pwrite64", "rename", "unlink", "ftruncate")
FULL: Final = ("pwrite64", "write")


@dataclass(frozen=True)
class Point:
    """The N-th call of a system call, and what happens there: ``kill`` or ``full``."""

    act: str
    call: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.act}: {self.what} at {self.call} number {self.number}"


def _count(act: str, scene: Scene) -> dict[str, int]:
    """How often an act makes each call, from one run that nothing disturbs."""
    log = scene.folder / "calls"
    calls = sorted({*KILLED, *FULL})
    strace = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={','.join(calls)}"]
    assert run_act(act, scene, *strace) == 0
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return {call: sum(f" {call}(" in line for line in lines) for call in calls}


def points(act: str, scene: Scene) -> Iterator[Point]:
    """Every point of an act."""
    found = _count(act, scene.begin_anew())
    for what, calls in (("kill", KILLED), ("full", FULL)):
        for call in calls:
            yield from (Point(act, call, number, what) for number in range(1, found[call] + 1))


def try_point(point: Point, scene: Scene) -> str:
    """Disturb one run of the act at the point; gives what went wrong, empty if nothing did."""
    scene.begin_anew()
    fault = "signal=SIGKILL" if point.what == "kill" else "error=ENOSPC"
    inject = f"inject={point.call}:{fault}:when={point.number}"
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={point.call}", "-e", inject]
    done = subprocess.run(
        [*strace, *act_command(point.act, scene)],
        env=environment(scene.folder / "home"),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if point.what == "full" and done.returncode not in (0, 3):
        return f"ended with {done.returncode}: {done.stderr.decode(errors='replace').strip().splitlines()[-1:]}"
    verdict = scene.judge(point.act)
    if verdict.fault:
        return verdict.fault
    # What was said to be done is done.
    return "said to be done, but the state is old" if b"done" in done.stdout and verdict.state == "old" else ""
