"""``hoidesk report``: a report of the book as a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hoidesk.cli_book import add_book, day_argument, opened
from hoidesk.errors import UserError
from hoidesk.language import _, ngettext

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add ``report`` to the command line."""
    parser = subparsers.add_parser("report", help=_("write a report as PDF, DOCX or XLSX"))
    add_book(parser)
    parser.add_argument("name", metavar=_("NAME"), help=_("name of the report: half-year"))
    parser.add_argument(
        "--round", dest="round_code", metavar=_("ROUND"), help=_("assessment round that gives the days")
    )
    parser.add_argument("--from", dest="start", metavar=_("DATE"), help=_("first day"))
    parser.add_argument("--to", dest="end", metavar=_("DATE"), help=_("last day"))
    parser.add_argument("--as-of", dest="as_of", metavar=_("DATE"), help=_("day for which the state is counted"))
    parser.add_argument(
        "--out", type=Path, required=True, metavar=_("FILE"), help=_("file to write: .pdf, .docx or .xlsx")
    )
    parser.set_defaults(handler=_report)


def _report(args: argparse.Namespace) -> int:
    from hoidesk.figures.window import Window
    from hoidesk.paper.report import checked_request, write_report

    checked_request(args.name, args.out)
    start, end = day_argument(args.start), day_argument(args.end)
    if (start is None) != (end is None):
        raise UserError("figures.window", _("Type both days, for example --from 01/01/2026 --to 30/06/2026."))
    window = Window(start, end) if start is not None and end is not None else None
    with opened(args, writer=False) as book:
        written = write_report(
            book, args.name, args.out, window=window, round_code=args.round_code, as_of=day_argument(args.as_of)
        )
    print(_("Written: {path}").format(path=written.path))
    if count := len(written.missing):
        text = ngettext("{count} section has no text yet.", "{count} sections have no text yet.", count)
        print(text.format(count=count))
    return 0
