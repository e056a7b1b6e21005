"""Memory of receiving and of its worker above idle, at two sizes of package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.bench.exchange_book import PASSWORD
from tests.bench.figures import Figure

__all__ = ["memory"]

_ACT = """
import resource, sys
from pathlib import Path
from hoidesk.book.folder import open_book
from hoidesk.exchange.receive import preview
with open_book(Path(sys.argv[1]), password=sys.argv[2]) as book:
    if sys.argv[3]:
        seen = preview(book, Path(sys.argv[3]))
        assert seen.state == "merged", seen.sentence
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _peak(book: Path, package: Path | None) -> tuple[int, int]:
    """The greatest memory of the program and of its worker, in KiB."""
    command = [sys.executable, "-c", _ACT, str(book), PASSWORD, str(package or "")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ})
    own, worker = done.stdout.split()[-2:]
    return int(own), int(worker)


def memory(empty: Path, package: Path, small_empty: Path, small_package: Path) -> list[Figure]:
    """How much more taking a large package into an empty book costs than opening it (the program), and than a small
    package costs (the worker)."""
    idle, _none = _peak(empty, None)
    own, worker = _peak(empty, package)
    _own, least = _peak(small_empty, small_package)
    size = f"{package.stat().st_size / 1e6:.1f} MB package against {small_package.stat().st_size / 1e3:.0f} kB"
    return [
        Figure("memory of receiving above idle", max(own - idle, 0) / 1024, 64, "MB", size),
        Figure("memory of the worker above a small package", max(worker - least, 0) / 1024, 64, "MB"),
    ]
