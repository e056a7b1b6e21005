"""``hoidesk demo``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hoidesk.language import _

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("demo", help=_("see a cell, a ward and a superior unit through a half-year"))
    parser.add_argument(
        "--dir", type=Path, metavar=_("FOLDER"), help=_("where the books are made; a new folder by default")
    )
    parser.set_defaults(handler=_demo)


def _demo(args: argparse.Namespace) -> int:
    from hoidesk.demo.story import run_demo

    run_demo(args.dir, say=lambda sentence: print(sentence, flush=True))
    return 0
