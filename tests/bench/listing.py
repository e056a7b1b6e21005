"""``hoidesk list`` against a plain program that opens the same book and prints the same page."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from tests.bench.big_book import PASSWORD
from tests.bench.figures import Figure

__all__ = ["measure"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_PLAIN: Final = Path(__file__).with_name("plain_list.py")
_PAGE: Final = 200


def _timed(command: list[str]) -> tuple[float, list[dict[str, Any]]]:
    environment = os.environ | {"HOIDESK_PASSWORD": PASSWORD, "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, check=True)
    elapsed = time.perf_counter() - start
    records: list[dict[str, Any]] = json.loads(done.stdout)
    return elapsed, records


def _ratio(big: Path, count: int, rounds: int) -> tuple[float, float]:
    """Median seconds of the command and of the plain program; AssertionError if they do not list the same."""
    own = [sys.executable, "-m", "hoidesk", "list", str(big), "meetings", "--json"]
    own += ["--limit", str(count)] if count else []
    plain = [sys.executable, str(_PLAIN), str(big), str(count)]
    times: dict[str, list[float]] = {"own": [], "plain": []}
    for number in range(rounds + 1):
        pages = {}
        for name, command in [("own", own), ("plain", plain)][:: 1 if number % 2 else -1]:
            elapsed, pages[name] = _timed(command)
            if number:  # the first round writes bytecode and warms the disk
                times[name].append(elapsed)
        shown = [[(row["held_on"], row["body"], row["present"]) for row in pages[name]] for name in ("own", "plain")]
        assert shown[0] == shown[1], "the two programs list different meetings"
    return statistics.median(times["own"]), statistics.median(times["plain"])


def measure(big: Path) -> list[Figure]:
    """The ratios for a page of 200 meetings and for all of them."""
    found = []
    for what, count, rounds in ((f"list, a page of {_PAGE} meetings", _PAGE, 9), ("list, all meetings", 0, 3)):
        own, plain = _ratio(big, count, rounds)
        found.append(Figure(what, own / plain, 1.5, note=f"{own:.2f} s against {plain:.2f} s"))
    return found
