"""The commands of exchange: export, inspect, receive, ack and the worker; enrolment has a file of its own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoidesk.cli_book import add_book, add_json, add_password, opened, print_json
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange import commands_enrolment, commands_paper
from hoidesk.exchange.commands_duplicates import add_duplicates
from hoidesk.language import _
from hoidesk.text.nfc import clean_line

if TYPE_CHECKING:
    from hoidesk.exchange.packages.container import Inspection
    from hoidesk.exchange.receive import Received

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add the commands of this room."""
    commands_enrolment.add_commands(subparsers)
    _add_packages(subparsers)
    add_duplicates(subparsers)
    commands_paper.add_commands(subparsers)
    mend = subparsers.add_parser("mend", help=_("mend a book whose identity another PC uses, or whose clock ran ahead"))
    add_book(mend)
    mend.set_defaults(handler=_mend)
    worker = subparsers.add_parser("worker")  # without a help text it stays out of the list: it is no user's command
    worker.set_defaults(handler=_worker)


def _add_packages(subparsers: Any) -> None:
    export = subparsers.add_parser("export", help=_("write a package to a folder or stick"))
    add_book(export)
    export.add_argument("--to", type=Path, required=True, metavar=_("FOLDER"), help=_("folder or stick"))
    export.add_argument("--for", dest="unit", metavar=_("UNIT"), help=_("code of the unit; the superior if left out"))
    add_json(export)
    export.set_defaults(handler=_export)
    inspect = subparsers.add_parser("inspect", help=_("say whether a package is whole, and what it claims to be"))
    inspect.add_argument("file", type=Path, metavar=_("FILE"), help=_("package file"))
    inspect.add_argument("--book", type=Path, metavar=_("BOOK"), help=_("book that shows what is inside"))
    add_password(inspect)
    add_json(inspect)
    inspect.set_defaults(handler=_inspect)
    receive = subparsers.add_parser("receive", help=_("take over packages and write the receipts"))
    add_book(receive)
    receive.add_argument("paths", type=Path, nargs="+", metavar=_("FILE"), help=_("package files or folders"))
    receive.add_argument("--to", type=Path, metavar=_("FOLDER"), help=_("folder for the receipts"))
    add_json(receive)
    receive.set_defaults(handler=_receive)
    ack = subparsers.add_parser("ack", help=_("take a paper receipt of ten digits"))
    add_book(ack)
    ack.add_argument("digits", nargs="+", metavar=_("DIGITS"), help=_("the ten digits"))
    ack.set_defaults(handler=_ack)


def _export(args: argparse.Namespace) -> int:
    from hoidesk.exchange.export import export_package
    from hoidesk.exchange.trust.keys import groups_of_four
    from hoidesk.figures.words import number_words

    with opened(args, writer=True) as book:
        sent = export_package(book, args.to, args.unit)
    if args.json:
        print_json(
            {
                "file": str(sent.path),
                "twin": str(sent.twin),
                "unit": sent.unit,
                "number": sent.number,
                "kind": sent.kind,
                "rows": sent.rows,
                "receipts": sent.receipts,
                "size": sent.size,
                "digits": sent.digits,
            }
        )
        return 0
    print(_("Written and read back: {path}").format(path=sent.path))
    print(
        _("Package {number} for {unit}: {rows} records, {size} bytes, digits {digits}").format(
            number=sent.number,
            unit=sent.unit_name,
            rows=number_words(sent.rows),
            size=number_words(sent.size),
            digits=groups_of_four(sent.digits),
        )
    )
    for label, rows in sent.counts.items():
        print(f"  {label}: {rows}")
    return 0


def _inspect(args: argparse.Namespace) -> int:
    from hoidesk.exchange.packages.container import inspect_file

    inspection = inspect_file(args.file)
    found = None
    if inspection.state == "whole" and args.book is not None:
        found = _previewed(args)
    if inspection.label is None:
        raise EnvError(f"package.{inspection.state}", inspection.sentence)
    shown = _shown(inspection)
    if found is not None:
        shown |= {"from_proven": found.unit, "state": found.state} | found.counts.as_dict()
    if args.json:
        print_json(shown)
        return 0
    label = inspection.label
    print(inspection.sentence)
    print(_("Claims to be package {number} of {unit}.").format(number=label.number, unit=label.sender))
    shown_day = "/".join(reversed(label.date.split("-")))  # not proven yet, so it may be no day at all
    print(_("It is for {unit}, made on {day}.").format(unit=label.recipient, day=shown_day))
    print(_("Digits: {digits}").format(digits=shown["digits"]))
    if found is not None:
        print(_("The signature is that of {unit}.").format(unit=found.unit_name))
        print(found.sentence)
    return 0


def _shown(inspection: Inspection) -> dict[str, Any]:
    from hoidesk.exchange.trust.keys import groups_of_four

    label = inspection.label
    assert label is not None
    return {
        "file": str(inspection.path),
        "whole": inspection.state == "whole",
        "claims_from": label.sender,
        "to": label.recipient,
        "number": label.number,
        "kind": label.kind,
        "date": label.date,
        "id": label.id,
        "size": inspection.size,
        "digits": groups_of_four(inspection.digits or ""),
    }


def _previewed(args: argparse.Namespace) -> Received:
    from hoidesk.exchange.receive import preview

    with opened(args, writer=True) as book:
        return preview(book, args.file)


def _receive(args: argparse.Namespace) -> int:
    from hoidesk.exchange.receive import receive
    from hoidesk.exchange.trust.keys import groups_of_four

    with opened(args, writer=True) as book:
        done = receive(book, args.paths, receipts_to=args.to or _receipt_folder(args.paths))
    if args.json:
        print_json([_as_record(received) for received in done.results])
    else:
        for received in done.results:
            where = sys.stderr if received.state == "refused" else sys.stdout
            print(f"{clean_line(received.path.name)}: {received.sentence}", file=where)
            for reason in received.reasons:
                print(f"  {reason}")
            for number in received.acknowledged:
                print("  " + _("Package {number} arrived there.").format(number=number))
            if received.receipt:
                print("  " + _("Receipt code to read out: {digits}").format(digits=groups_of_four(received.receipt)))
        for receipt in done.receipts:
            print(_("Receipt for {unit}: {path}").format(unit=receipt.unit_name, path=receipt.path))
    for sentence in (*done.unwritten, *done.warnings):
        print(sentence, file=sys.stderr)
    return 3 if done.unwritten or any(r.state == "refused" for r in done.results) else 0


def _receipt_folder(paths: list[Path]) -> Path:
    """Receipts go back on the stick that the packages came on."""
    first = paths[0]
    folder = first if first.is_dir() else first.parent
    return folder.parent if folder.name == "HOIDESK" else folder


def _as_record(received: Received) -> dict[str, Any]:
    return {
        "file": str(received.path),
        "state": received.state,
        "code": received.code,
        "sentence": received.sentence,
        "unit": received.unit,
        "number": received.number,
        "kind": received.kind,
        "date": received.date,
        "digits": received.digits,
        **received.counts.as_dict(),
        "reasons": " ".join(received.reasons),
        "acknowledged": ", ".join(map(str, received.acknowledged)),
        "receipt": received.receipt,
    }


def _ack(args: argparse.Namespace) -> int:
    from hoidesk.exchange.paper_receipt import acknowledge

    with opened(args, writer=True) as book:
        number = acknowledge(book, "".join(args.digits))
    print(_("Package {number} arrived there.").format(number=number))
    return 0


def _mend(args: argparse.Namespace) -> int:
    from hoidesk.exchange.merge.mending import mend
    from hoidesk.exchange.receive import receive_waiting

    with opened(args, writer=True) as book:
        mended = mend(book)
        waited = receive_waiting(book)
    print(_("The book goes on as a PC of its own; {count} values were stamped anew.").format(count=mended.restamped))
    for received in waited:
        print(f"{received.path.name}: {received.sentence}")
    return 0


def _worker(_args: argparse.Namespace) -> int:
    if sys.stdin.isatty():
        raise UserError("worker.by_hand", _("This command is for the program itself. Use “hoidesk inspect”."))
    from hoidesk.exchange.packages.worker import run_worker

    return run_worker()
