"""What the commands share: which book, which password, how results are printed."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoidesk.errors import EnvError, UserError
from hoidesk.language import _

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["add_book", "add_json", "day_argument", "opened", "password_of", "print_json", "print_records"]


def add_book(parser: argparse.ArgumentParser) -> None:
    """The arguments that every command on a book takes."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"), help=_("folder of the book (.hoibook)"))
    add_password(parser)


def add_password(parser: argparse.ArgumentParser) -> None:
    """The arguments that say who opens a book; a password never stands in an argument."""
    parser.add_argument("--user", metavar=_("NAME"), help=_("name of the user"))
    parser.add_argument(
        "--password-file", type=Path, metavar=_("FILE"), help=_("file whose first line is the password")
    )
    parser.add_argument("--today", metavar=_("DATE"), help=_("today's date when the clock of this PC is wrong"))


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``: an array of flat objects."""
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def password_of(args: argparse.Namespace, prompt: str | None = None) -> str:
    """The password: from --password-file, HOIDESK_PASSWORD or a prompt; UserError when there is none."""
    file: Path | None = getattr(args, "password_file", None)
    if file is not None:
        return _first_line(file)
    if (password := os.environ.get("HOIDESK_PASSWORD")) is not None:
        return password
    if not sys.stdin.isatty():
        raise UserError(
            "password.none", _("No password. Give --password-file or the variable HOIDESK_PASSWORD, or type it.")
        )
    return getpass.getpass((prompt or _("Password")) + ": ")


def _first_line(file: Path) -> str:
    try:
        with open(file, "rb") as source:
            line = source.readline(4096)
        return line.decode("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EnvError("password.file", _("The password file {path} cannot be read.").format(path=file)) from error


def day_argument(text: str | None) -> date | None:
    """A date argument; UserError with a sentence when it is none."""
    if text is None:
        return None
    from hoidesk.text.dates import parse_day, today

    return parse_day(text, today())


@contextmanager
def opened(args: argparse.Namespace, *, writer: bool) -> Iterator[Book]:
    """The book of ``args``, opened with the password, closed at the end."""
    from hoidesk.book.folder import checked_folder, open_book

    checked_folder(args.book)
    book = open_book(
        args.book, user=args.user, password=password_of(args), writer=writer, today=day_argument(args.today)
    )
    with book:
        yield book
    # Not beside a refusal: that is one sentence.
    for notice in book.notices:
        print(notice, file=sys.stderr)


def print_json(value: Any) -> None:
    """Print a value as JSON, dates and ids as text."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def print_records(records: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print records: JSON, or one line each with tabs between the values under a line of names."""
    if as_json:
        # A record a line: as readable as an indented list, and many times as fast.
        lines = (json.dumps(dict(record), ensure_ascii=False, default=str) for record in records)
        print("[" + ",\n ".join(lines) + "]")
        return
    if not records:
        print(_("Nothing found."))
        return
    print("\t".join(records[0]))
    for record in records:
        print("\t".join("" if v is None else str(v).replace("\n", " ").replace("\t", " ") for v in record.values()))
