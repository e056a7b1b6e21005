"""What an act wrote, call by call: recorded by strace, replayed onto files with whatever a power cut leaves of it.

A write counts as on the disk once the file was flushed after it. What was not flushed when the power went may be there,
may be missing, or may be there in part, by sectors of 512 bytes; and so may later writes without earlier ones.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.scene import ROOT, Scene, act_command, environment

__all__ = ["Recording", "record"]

SECTOR: Final = 512
CALLS: Final = "openat,write,pwrite64,ftruncate,lseek,fsync,fdatasync,rename,unlink,mkdir,close"
_CALL: Final = re.compile(r"^(?:\d+\s+)?(\w+)\((.*)\)\s+= (-?\d+)(?:<([^>]*)>)?", re.DOTALL)
_FD: Final = re.compile(r"^(\d+)<([^>]*)>(?:, )?(.*)$", re.DOTALL)
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


@dataclass(frozen=True)
class Step:
    """One call: ``write`` (path, offset, data), ``cut`` (path, length), ``flush`` (path), ``rename`` (path, to),
    ``unlink``, ``mkdir``, ``make`` (path)."""

    what: str
    path: str
    offset: int = 0
    data: bytes = b""
    to: str = ""


@dataclass
class Recording:
    """The steps of one act below a folder, and after which of them it said that it was done."""

    folder: Path
    steps: list[Step] = field(default_factory=list)
    done: int | None = None

    def cut(self, at: int, chance: random.Random | None) -> None:
        """Make the folder, which stands as it was before the act, what it is after a power cut behind step ``at``.

        Without ``chance`` nothing survives that was not flushed; with it any part of it may.
        """
        flushed = self._flushed(at)
        for number, step in enumerate(self.steps[:at]):
            if step.what in ("write", "cut") and number >= flushed.get(step.path, 0):
                if chance is None or chance.random() < 0.5:
                    continue
                if step.what == "write":
                    step = _torn(step, chance)
            _apply(step)

    def _flushed(self, at: int) -> dict[str, int]:
        """For each file, up to which step its writes are on the disk; a rename takes that along."""
        found: dict[str, int] = {}
        for number, step in enumerate(self.steps[:at]):
            if step.what == "flush":
                found[step.path] = number
            elif step.what == "rename":
                found[step.to] = found.get(step.path, 0)
        # A write before the rename stands under the old name in the list of steps.
        for step in self.steps[:at]:
            if step.what == "rename":
                found[step.path] = max(found.get(step.path, 0), found[step.to])
        return found


def _torn(step: Step, chance: random.Random) -> Step:
    """The write as it was, or only some of its sectors from the front."""
    if chance.random() < 0.5 or len(step.data) <= SECTOR:
        return step
    keep = SECTOR * chance.randrange(1, max(2, len(step.data) // SECTOR))
    return Step("write", step.path, step.offset, step.data[:keep])


def _apply(step: Step) -> None:
    path = Path(step.path)
    if step.what == "mkdir":
        path.mkdir(parents=True, exist_ok=True)
    elif step.what == "make":
        if not path.exists():
            path.touch()
    elif step.what == "unlink":
        path.unlink(missing_ok=True)
    elif step.what == "rename":
        if path.exists():
            path.replace(step.to)
    elif step.what in ("write", "cut") and path.exists():
        with path.open("r+b") as file:
            if step.what == "cut":
                file.truncate(step.offset)
            else:
                file.seek(step.offset)
                file.write(step.data)


def record(act: str, scene: Scene, *more: str) -> Recording:
    """Run an act once and record what it writes into the folder of the scene; the scene begins anew afterwards."""
    scene.begin_anew()
    log = scene.folder.parent / "recorded"
    strace = ["strace", "-f", "-qq", "-y", "-xx", "-s", "4000000", "-o", str(log), "-e", f"trace={CALLS}"]
    subprocess.run(
        [*strace, *act_command(act, scene, *more)],
        env=environment(scene.folder / "home"),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    recording = Recording(scene.folder)
    positions: dict[str, int] = {}
    for line in log.read_text(encoding="ascii", errors="replace").splitlines():
        for step in _steps(line, str(scene.folder), positions):
            if step.path.endswith("-shm"):
                continue  # lives in memory: SQLite makes it anew from the log after a power cut
            if step.what == "done":
                recording.done = len(recording.steps)
            else:
                recording.steps.append(step)
    log.unlink()
    scene.begin_anew()
    return recording


def _bytes(text: str) -> bytes:
    found = _TEXT.search(text)
    if found is None or found.group(2):
        raise AssertionError("strace shortened what was written")
    return bytes.fromhex(found.group(1).replace("\\x", ""))


def _name(text: str) -> str:
    return _bytes(text).decode("utf-8")


def _steps(line: str, folder: str, positions: dict[str, int]) -> Iterator[Step]:
    call = _CALL.match(line)
    if call is None or int(call.group(3)) < 0:
        return
    name, arguments, result = call.group(1), call.group(2), int(call.group(3))
    if name in ("rename", "unlink", "mkdir"):
        parts = [m.group(0) for m in _TEXT.finditer(arguments)]
        path = _name(parts[0])
        if path.startswith(folder):
            yield Step(name, path, to=_name(parts[1]) if name == "rename" else "")
        return
    if name == "openat":
        # With -xx the paths that -y adds are spelled in hexadecimal as well.
        path = _name(_TEXT.search(arguments).group(0)) if _TEXT.search(arguments) else ""  # type: ignore[union-attr]
        positions[path] = 0
        if path.startswith(folder) and "O_CREAT" in arguments:
            yield Step("make", path)
        if path.startswith(folder) and "O_TRUNC" in arguments:
            yield Step("cut", path, 0)
        return
    handle = _FD.match(arguments)
    if handle is None:
        return
    path, rest = _path(handle.group(2)), handle.group(3)
    if name == "write" and handle.group(1) == "1" and _bytes(rest) == b"done\n":
        yield Step("done", "")
    if not path.startswith(folder):
        return
    if name == "lseek":
        positions[path] = result
    elif name == "write":
        data = _bytes(rest)[:result]
        yield Step("write", path, positions.get(path, 0), data)
        positions[path] = positions.get(path, 0) + result
    elif name == "pwrite64":
        yield Step("write", path, int(rest.rsplit(", ", 1)[1]), _bytes(rest)[:result])
    elif name == "ftruncate":
        yield Step("cut", path, int(rest))
    elif name in ("fsync", "fdatasync"):
        yield Step("flush", path)


def _path(text: str) -> str:
    """A path as -y shows it, which -xx spells in hexadecimal."""
    if text.startswith("\\x"):
        return bytes.fromhex(text.replace("\\x", "")).decode("utf-8")
    return text
