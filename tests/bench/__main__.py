"""All measurements: ``python -m tests.bench [paint] [list] [write] [search] [exchange]``; without a name, all of them.

Ratios compare two things measured in the same run on the same machine. Ends with status 1 if a limit is missed. A
machine that does other work at the time measures that work as well.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.big_book import MEETINGS, make_big_book

_MEASUREMENTS: Final = {"paint": "painting", "list": "listing", "write": "writing", "search": "searching",
                               "exchange": "exchange"}  # fmt: skip


def main() -> int:
    """Run the measurements that were asked for and print a line for each figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(_MEASUREMENTS))
    wanted = parser.parse_args().names or list(_MEASUREMENTS)
    if unknown := set(wanted) - set(_MEASUREMENTS):
        parser.error(f"unknown measurement: {', '.join(sorted(unknown))}")
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder) / "big.hoibook"
        if set(wanted) - {"paint", "exchange"}:
            print(f"making a book with {MEETINGS:,} meetings", file=sys.stderr)
            make_big_book(big)
        for name in wanted:
            for figure in importlib.import_module(f"tests.bench.{_MEASUREMENTS[name]}").measure(big):
                print(figure, flush=True)
                missed += not figure.kept
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
