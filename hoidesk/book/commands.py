"""Commands on a book as a whole: make, open to others, apply operations, undo, check, back up."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
from pathlib import Path
from typing import Any

from hoidesk.cli_book import (
    add_book,
    add_json,
    add_password,
    day_argument,
    opened,
    password_of,
    print_json,
    print_records,
)
from hoidesk.errors import EnvError, Refusal, UserError
from hoidesk.language import _

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add the commands of this room."""
    _add_making(subparsers)
    _add_writing(subparsers)
    _add_keeping(subparsers)


def _add_making(subparsers: Any) -> None:
    new = subparsers.add_parser("new", help=_("make a new book"))
    add_book(new)
    new.add_argument("--tier", required=True, choices=("cell", "ward", "district"), help=_("tier of the unit"))
    new.add_argument("--code", required=True, metavar=_("CODE"), help=_("code of the unit"))
    new.add_argument("--name", required=True, metavar=_("NAME"), help=_("name of the unit"))
    new.set_defaults(handler=_new)
    user = subparsers.add_parser("user", help=_("add or remove a user, or change a password"))
    add_book(user)
    acts = ("add", "remove", "password")
    user.add_argument("act", choices=acts, metavar="{" + ",".join(acts) + "}", help=_("what to do"))
    user.add_argument("name", metavar=_("NAME"), help=_("name of the user concerned"))
    user.add_argument("--role", choices=("officer", "secretary", "viewer"), default="officer", help=_("role"))
    user.add_argument("--new-password-file", type=Path, metavar=_("FILE"), help=_("file with the new password"))
    user.set_defaults(handler=_user)
    recover = subparsers.add_parser("recover", help=_("open a book with its recovery sheet and set a password"))
    add_book(recover)
    recover.add_argument("--sheet", type=Path, required=True, metavar=_("FILE"), help=_("recovery sheet"))
    recover.set_defaults(handler=_recover)
    sheet = subparsers.add_parser("sheet", help=_("write the recovery sheet of a book as PDF"))
    add_book(sheet)
    sheet.add_argument("--out", type=Path, required=True, metavar=_("FILE"), help=_("file to write"))
    sheet.set_defaults(handler=_sheet)


def _add_writing(subparsers: Any) -> None:
    operations = subparsers.add_parser("operations", help=_("list every operation with its fields"))
    add_json(operations)
    operations.set_defaults(handler=_operations)
    apply = subparsers.add_parser("apply", help=_("run operations from JSON Lines"))
    add_book(apply)
    apply.add_argument("file", metavar=_("FILE"), help=_("file with one operation a line, or - for standard input"))
    apply.add_argument("--atomic", action="store_true", help=_("all lines or none"))
    apply.set_defaults(handler=_apply)
    undo = subparsers.add_parser("undo", help=_("undo the last operation"))
    add_book(undo)
    undo.add_argument("--redo", action="store_true", help=_("do again what was undone"))
    undo.set_defaults(handler=_undo)


def _add_keeping(subparsers: Any) -> None:
    check = subparsers.add_parser("check", help=_("check a book"))
    add_book(check)
    add_json(check)
    check.set_defaults(handler=_check)
    salvage = subparsers.add_parser("salvage", help=_("save what can be read into a new book"))
    add_book(salvage)
    salvage.add_argument("--to", type=Path, required=True, metavar=_("BOOK"), help=_("new book"))
    salvage.set_defaults(handler=_salvage)
    backup = subparsers.add_parser("backup", help=_("write a proven backup"))
    add_book(backup)
    backup.add_argument("--to", type=Path, required=True, metavar=_("FOLDER"), help=_("folder for the backup"))
    backup.set_defaults(handler=_backup)
    restore = subparsers.add_parser("restore", help=_("make a book from a backup"))
    restore.add_argument("file", type=Path, metavar=_("FILE"), help=_("backup file (.hoibackup)"))
    add_password(restore)
    restore.add_argument("--to", type=Path, required=True, metavar=_("BOOK"), help=_("new book"))
    restore.set_defaults(handler=_restore)


def _new(args: argparse.Namespace) -> int:
    from hoidesk.book.folder import create_book, place_warnings

    user = args.user or _("Officer")
    book = create_book(
        args.book,
        tier=args.tier,
        code=args.code,
        name=args.name,
        user=user,
        password=password_of(args),
        today=day_argument(args.today),
    )
    with book:
        print(_("Made the book {path} for user “{user}”.").format(path=book.folder, user=user))
        for warning in place_warnings(book.folder):
            print(warning, file=sys.stderr)
    return 0


def _user(args: argparse.Namespace) -> int:
    from hoidesk.book.users import add_user, change_password, remove_user

    with opened(args, writer=True) as book:
        if args.act == "remove":
            again = remove_user(book, args.name, password_of(args))
            print(_("Removed “{user}”; the key of the book is new.").format(user=args.name))
            if again:
                print(_("Add these users again with a new password: {users}.").format(users=", ".join(again)))
            return 0
        password = _new_password(args.new_password_file)
        if args.act == "add":
            add_user(book, args.name, args.role, password)
            print(_("Added “{user}”.").format(user=args.name))
        else:
            change_password(book, args.name, password)
            print(_("“{user}” has a new password.").format(user=args.name))
    return 0


def _new_password(file: Path | None) -> str:
    """Never from HOIDESK_PASSWORD: that is the password of the user who acts."""
    if file is not None:
        return password_of(argparse.Namespace(password_file=file))
    if not sys.stdin.isatty():
        raise UserError("password.none", _("No new password. Give --new-password-file, or type it."))
    return getpass.getpass(_("New password") + ": ")


def _recover(args: argparse.Namespace) -> int:
    from hoidesk.book.folder import open_with_sheet

    user = args.user or _("Officer")
    password = password_of(args, _("New password"))
    with open_with_sheet(args.book, args.sheet, user=user, password=password, today=day_argument(args.today)):
        print(_("The book opens again for user “{user}”.").format(user=user))
    return 0


def _sheet(args: argparse.Namespace) -> int:
    from hoidesk.book.files import write_atomic
    from hoidesk.book.users import recovery_sheet

    with opened(args, writer=False) as book:
        write_atomic(args.out, recovery_sheet(book))
    print(
        _("Wrote {path}. Print two copies, keep them in two sealed envelopes, delete the file.").format(path=args.out)
    )
    return 0


def _operations(args: argparse.Namespace) -> int:
    from hoidesk.book.operations import describe, operations

    found = describe(operations().values())
    if args.json:
        print_json(found)
        return 0
    for op in found:
        print(f"{op['name']}  {op['label']}")
        if op["meaning"] != op["label"]:
            print(f"    {op['meaning']}")
        for name, field in op["fields"].items():
            needed = "" if not field["required"] else " *"
            print(f"      {name}{needed}: {field['type']}  {field['meaning']}")
    return 0


def _lines(file: str) -> list[str]:
    try:
        if file == "-":
            return sys.stdin.read().split("\n")
        # Only a line feed ends a line: a text inside JSON may hold other signs that break a line on paper.
        return Path(file).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EnvError("apply.file", _("{path} cannot be read as text.").format(path=file)) from error


def _apply(args: argparse.Namespace) -> int:
    from hoidesk.book.operations import parse_operation

    numbered = [(n, line) for n, line in enumerate(_lines(args.file), 1) if line.strip()]
    if not numbered:
        raise UserError("apply.empty", _("There is no operation in {path}.").format(path=args.file))
    with opened(args, writer=True) as book:
        if args.atomic:
            operations = []
            for number, line in numbered:
                with _line(number):
                    operations.append(parse_operation(line))
            outcome = book.run_batch(operations, label=operations[0].label, source="cli")
            _print_outcome(outcome.result, outcome.changes)
            return 0
        failed = 0
        for number, line in numbered:
            try:
                with _line(number):
                    outcome = book.run(parse_operation(line), source="cli")
            except Refusal as refusal:
                failed += 1
                print(refusal.text, file=sys.stderr)
            else:
                _print_outcome(outcome.result, outcome.changes)
    return 3 if failed else 0


@contextlib.contextmanager
def _line(number: int) -> Any:
    try:
        yield
    except Refusal as refusal:
        text = _("Line {number}: {text}").format(number=number, text=refusal.text)
        raise type(refusal)(refusal.code, text, field=refusal.field) from refusal


def _print_outcome(result: Any, changes: Any) -> None:
    import json

    ids = {name: sorted(str(i) for i in ids) for name, ids in sorted(changes.ids.items())}
    shown = [str(r) for r in result] if isinstance(result, list) else result
    print(json.dumps({"result": shown, "changes": ids}, ensure_ascii=False, default=str))


def _undo(args: argparse.Namespace) -> int:
    with opened(args, writer=True) as book:
        undone = book.redo() if args.redo else book.undo()
    text = _("Done again: {what}") if args.redo else _("Undone: {what}")
    print(text.format(what=f"{_(undone.entry.label)} {undone.entry.title}".strip()))
    for kept in undone.kept:
        print(_("Kept, because it was changed or used since: {what}").format(what=kept))
    return 0


def _check(args: argparse.Namespace) -> int:
    from hoidesk.book.check import beyond_opening, check_book

    try:
        with opened(args, writer=False) as book, book.read() as connection:
            found = check_book(connection)
    except EnvError as error:
        if error.code != "book.damaged":
            raise
        found = [beyond_opening()]
    if args.json:
        print_records(
            [{"name": f.name, "severity": f.severity, "finding": f.finding, "remedy": f.remedy} for f in found],
            as_json=True,
        )
    elif not found:
        print(_("The book is sound."))
    for finding in found if not args.json else []:
        print(f"{finding.finding} {finding.remedy}")
    return 3 if any(f.severity == "bad" for f in found) else 0


def _salvage(args: argparse.Namespace) -> int:
    from hoidesk.book.salvage import salvage

    saved, lost = salvage(
        args.book, args.to, user=args.user, password=password_of(args), today=day_argument(args.today)
    )
    print(_("Saved {saved} records into {path}.").format(saved=saved, path=args.to))
    for line in lost:
        print(line)
    return 0


def _backup(args: argparse.Namespace) -> int:
    from hoidesk.book.backup import backup_to

    with opened(args, writer=False) as book:
        made = backup_to(book, args.to)
    print(_("Wrote and proved the backup {path}: {records} records.").format(path=made.path, records=made.records))
    return 0


def _restore(args: argparse.Namespace) -> int:
    from hoidesk.book.backup import restore_backup

    book: Path = restore_backup(args.file, args.to, user=args.user, password=password_of(args))
    print(_("Made the book {path} from the backup.").format(path=book))
    return 0
