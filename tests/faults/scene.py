"""Two enrolled books and a package between them: what every fault is tried on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoidesk.book.check import check_book
from hoidesk.book.dump import dump_sum
from hoidesk.book.folder import open_book
from hoidesk.exchange.packages.container import inspect_file
from hoidesk.exchange.rows import sent_packages
from tests.exchange.books import CELL, PASSWORD, WARD, count, deliver, join, meet, new_book, register, send, take_in

__all__ = ["ACTS", "Scene", "Verdict", "act_command", "environment", "make_scene"]

ROOT: Final = Path(__file__).resolve().parents[2]
ACTS: Final = ("export", "receive")
MEETINGS: Final = 12


@dataclass(frozen=True)
class Scene:
    """A folder with ``cell.hoibook``, ``ward.hoibook``, ``usb`` (one package of the cell), and what the ward's book
    holds before and after that package was taken over. A copy of it is kept, to begin anew in the same place: books
    notice when they stand elsewhere."""

    folder: Path
    kept: Path
    before: str
    after: str

    def begin_anew(self) -> Scene:
        """Everything as it was before any fault."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.kept, self.folder)
        return self

    def book(self, act: str) -> Path:
        """The book that an act works on: a cell exports, a ward receives."""
        return self.folder / ("cell.hoibook" if act == "export" else "ward.hoibook")

    def judge(self, act: str) -> Verdict:
        """Open what is left after a fault: sound, the old state or the new one, and the act done again ends right."""
        return _judge_export(self) if act == "export" else _judge_receive(self)


@dataclass(frozen=True)
class Verdict:
    """``state``: ``old`` or ``new``; ``fault``: what is wrong, empty if nothing is."""

    state: str
    fault: str = ""


def make_scene(place: Path) -> Scene:
    """Make the books once, in ``place / "scene"``."""
    folder = place / "scene"
    with new_book(folder, WARD) as ward, new_book(folder, CELL) as cell:
        join(ward, cell)
        branch = register(ward)[2]
        deliver(ward, cell, folder / "first")
        meet(cell, branch, "2026-11-04")
        deliver(cell, ward, folder / "first", receipts_to=folder / "first")
        take_in(cell, [folder / "first"])
        for day in range(MEETINGS):
            meet(cell, branch, f"2026-10-{day + 1:02}")
        sent = send(cell, folder / "usb")
        with ward.read() as connection:
            before = dump_sum(connection)[0]
    shutil.rmtree(folder / "usb" / "HOIDESK")
    shutil.rmtree(folder / "first")
    shutil.copytree(folder, place / "kept")
    with open_book(folder / "ward.hoibook", password=PASSWORD) as ward:
        take_in(ward, [sent.path])
        with ward.read() as connection:
            after = dump_sum(connection)[0]
    return Scene(folder, place / "kept", before, after).begin_anew()


def environment(home: Path) -> dict[str, str]:
    """The environment of a child process: its own home, the password, this checkout."""
    home.mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")}
    places = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
    places |= {"XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state")}
    return kept | places | {"HOIDESK_PASSWORD": PASSWORD, "HOIDESK_TEST_CHEAP_KDF": "1", "PYTHONPATH": str(ROOT)}


def act_command(act: str, scene: Scene, *more: str) -> list[str]:
    """The command line of an act on a scene."""
    return [sys.executable, "-B", "-m", "tests.faults.act", act, str(scene.book(act)), str(scene.folder / "usb"), *more]


def run_act(act: str, scene: Scene, *before: str) -> int:
    """Run an act in a process of its own, under the command ``before``; gives its exit status."""
    command = [*before, *act_command(act, scene)]
    done = subprocess.run(command, env=environment(scene.folder / "home"), cwd=ROOT, capture_output=True, check=False)
    return done.returncode


def _unsound(scene: Scene) -> str:
    """A file that bears the name of a package is one, wherever the fault came."""
    for path in (scene.folder / "usb").rglob("*.hdk"):
        if inspect_file(path).state != "whole":
            return f"{path.name} on the stick is {inspect_file(path).state}"
    return ""


def _judge_export(scene: Scene) -> Verdict:
    fault = _unsound(scene)
    with open_book(scene.book("export"), password=PASSWORD) as cell:
        with cell.read() as connection:
            found = check_book(connection)
            sent = sent_packages(connection)
        if found:
            return Verdict("?", f"the book is unsound: {found[0].finding}")
        state = "new" if len(sent) > 2 else "old"
        if sent[0].delivered_at is not None and state == "new" and not list((scene.folder / "usb").glob("*-3.hdk")):
            fault = fault or "delivered, but not on the stick"
        again = send(cell, scene.folder / "usb again")
    with open_book(scene.folder / "ward.hoibook", password=PASSWORD) as ward:
        (received,) = take_in(ward, [again.path]).results
        if received.state != "merged" or count(ward, "meeting") != MEETINGS + 1:
            fault = fault or f"then {received.state} with {count(ward, 'meeting')} meetings"
    return Verdict(state, fault)


def _judge_receive(scene: Scene) -> Verdict:
    with open_book(scene.book("receive"), password=PASSWORD) as ward:
        with ward.read() as connection:
            found = check_book(connection)
            now = dump_sum(connection)[0]
        if found:
            return Verdict("?", f"the book is unsound: {found[0].finding}")
        if now not in (scene.before, scene.after):
            return Verdict("?", "neither the old nor the new state")
        state = "new" if now == scene.after else "old"
        package = next((scene.folder / "usb").glob("P05-2-03-*.hdk"))
        (received,) = take_in(ward, [package]).results
        expected = "duplicate" if state == "new" else "merged"
        with ward.read() as connection:
            ends = dump_sum(connection)[0]
        if received.state != expected or ends != scene.after:
            return Verdict(
                state, f"then {received.state}, and the book is {'right' if ends == scene.after else 'wrong'}"
            )
    return Verdict(state)
