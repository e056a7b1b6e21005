"""``hoidesk duplicates``: what looks like one thing written twice, and what was decided of it."""

from __future__ import annotations

import argparse
from typing import Any

from hoidesk.cli_book import add_book, add_json, opened, print_records
from hoidesk.language import _

__all__ = ["add_duplicates"]


def add_duplicates(subparsers: Any) -> None:
    """Add ``duplicates``."""
    parser = subparsers.add_parser("duplicates", help=_("list records that look like one thing written twice"))
    add_book(parser)
    parser.add_argument("--settled", action="store_true", help=_("those that were merged or declared different"))
    add_json(parser)
    parser.set_defaults(handler=_duplicates)


def _duplicates(args: argparse.Namespace) -> int:
    from hoidesk.book.rows import titles
    from hoidesk.exchange.decide.duplicate_rows import twins

    with opened(args, writer=False) as book, book.read() as connection:
        found = twins(connection, settled=args.settled)
        named = {}
        for table in {one.table for one in found}:
            ids = [id_ for one in found if one.table == table for id_ in (one.one, one.other)]
            named.update(titles(connection, table, ids))
    print_records(
        [
            {
                "table": one.table,
                "one": str(one.one),
                "other": str(one.other),
                "title": named.get(one.one, ""),
                "other_title": named.get(one.other, ""),
                "reason": one.reason,
                "state": one.state,
                "alias": None if one.alias is None else str(one.alias),
            }
            for one in found
        ],
        as_json=args.json,
    )
    return 0
