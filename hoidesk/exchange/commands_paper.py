"""The command for the sheet that goes with a package: ``hoidesk handover``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hoidesk.cli_book import add_book, opened
from hoidesk.language import _

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add the command."""
    handover = subparsers.add_parser("handover", help=_("write the A5 handover sheet of a package"))
    add_book(handover)
    handover.add_argument("number", type=int, metavar=_("NUMBER"), help=_("number of a package that was written"))
    handover.add_argument("--out", type=Path, required=True, metavar=_("FILE"), help=_("file to write"))
    handover.set_defaults(handler=_handover)


def _handover(args: argparse.Namespace) -> int:
    from hoidesk.book.files import write_atomic
    from hoidesk.exchange.handing_over import handover_sheet

    with opened(args, writer=False) as book:
        data = handover_sheet(book, args.number)
    write_atomic(args.out, data)
    print(_("Wrote the handover sheet {path}.").format(path=args.out))
    return 0
