"""``hoidesk list``: the lists of the window as text or JSON."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from hoidesk.cli_book import add_book, add_json, day_argument, opened, print_records
from hoidesk.language import _
from hoidesk.text.nfc import quote

if TYPE_CHECKING:
    from hoidesk.lists.listing import Listing

__all__ = ["SUBJECTS", "add_commands", "listing"]

# The subjects that have a list, and where it is described.
SUBJECTS: Final = {
    "areas": "hoidesk.units.rows",
    "units": "hoidesk.units.rows",
    "associations": "hoidesk.associations.rows",
    "branches": "hoidesk.associations.rows",
    "posts": "hoidesk.associations.rows",
    "memberships": "hoidesk.associations.rows",
    "party_statuses": "hoidesk.associations.rows",
    "meetings": "hoidesk.meetings.rows",
    "agenda_items": "hoidesk.meetings.rows",
    "petitions": "hoidesk.meetings.rows",
    "forwarded_petitions": "hoidesk.meetings.rows",
    "petition_replies": "hoidesk.meetings.rows",
    "criteria_sets": "hoidesk.emulation.lists",
    "criteria_drafts": "hoidesk.emulation.lists",
    "registrations": "hoidesk.emulation.lists",
    "targets": "hoidesk.emulation.lists",
    "limitations": "hoidesk.emulation.lists",
    "clusters": "hoidesk.emulation.lists",
    "cluster_members": "hoidesk.emulation.lists",
    "assessments": "hoidesk.assessment.lists",
    "approvals": "hoidesk.assessment.lists",
    "papers": "hoidesk.paper.lists",
    "outlines": "hoidesk.paper.lists",
}


def listing(subject: str) -> Listing:
    """The listing of a subject; KeyError when there is none."""
    found: Listing = getattr(import_module(SUBJECTS[subject]), subject)()
    return found


def add_commands(subparsers: Any) -> None:
    """Add ``list``."""
    parser = subparsers.add_parser("list", help=_("list the records of a subject"))
    add_book(parser)
    parser.add_argument("subject", choices=tuple(SUBJECTS), metavar=_("SUBJECT"), help=", ".join(SUBJECTS))
    parser.add_argument("--as-of", metavar=_("DATE"), help=_("as it was on that day"))
    parser.add_argument("--search", metavar=_("TEXT"), default="", help=_("words to find, without marks too"))
    parser.add_argument("--limit", type=_limit, metavar=_("NUMBER"), help=_("at most so many"))
    add_json(parser)
    parser.set_defaults(handler=_list)


def _limit(text: str) -> int:
    """How many records at most."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(_("{text} is not a whole number").format(text=quote(text)))
    return int(text)


def _list(args: argparse.Namespace) -> int:
    as_of = day_argument(args.as_of)
    with opened(args, writer=False) as book, book.read() as connection:
        rows = listing(args.subject).found(connection, as_of=as_of, search_text=args.search, limit=args.limit)
    print_records([{"id": str(row.id), **row.cells} for row in rows], as_json=args.json)
    return 0
