"""The command line: the same operations without a window, for scripts, support and tests.

Exit status: 0 done, 2 wrong use, 3 refused with one sentence on standard error. Each room adds its own commands; what
a command needs is imported when it runs, so that ``hoidesk list`` does not wait for a report.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from hoidesk import __version__
from hoidesk.errors import Refusal
from hoidesk.language import LANGUAGES, N_, _, ngettext, use_language

__all__ = ["main"]

COMMAND_ROOMS: Final = (
    "hoidesk.book.commands",
    "hoidesk.lists.commands",
    "hoidesk.spreadsheets.commands",
    "hoidesk.figures.commands",
    "hoidesk.paper.commands",
    "hoidesk.exchange.commands",
    "hoidesk.demo.commands",
)

# What argparse itself says.
_ARGPARSE: Final = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("not allowed with argument %s"),
    N_("one of the arguments %s is required"),
    N_("%(prog)s: error: %(message)s\n"),
)


def build_parser() -> argparse.ArgumentParser:
    """The parser with the commands of every room."""
    for name, function in (("_", _), ("ngettext", ngettext)):
        setattr(argparse, name, function)
    parser = argparse.ArgumentParser(
        prog="hoidesk", description=_("The desk of a ward Front office. Without a command the window opens.")
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"hoidesk {__version__}",
        help=_("show program's version number and exit"),
    )
    subparsers = parser.add_subparsers(dest="command", metavar=_("COMMAND"), required=True)
    for room in COMMAND_ROOMS:
        add: Callable[[Any], None] = importlib.import_module(room).add_commands
        add(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    wanted = os.environ.get("HOIDESK_LANGUAGE", "vi")
    use_language(wanted if wanted in LANGUAGES else "vi")
    for stream in (sys.stdout, sys.stderr):
        # Vietnamese letters must not break a console of another code page.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        args = build_parser().parse_args(argv)
        status: int = args.handler(args)
    except Refusal as refusal:
        print(refusal.text, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print(_("Stopped; nothing was changed."), file=sys.stderr)
        return 3
    except BrokenPipeError:
        # The reader of our output went away (head, less): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status
