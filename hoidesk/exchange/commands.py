"""The commands of exchange: invite, enrol, certify, export, inspect, receive, ack, identity, and the worker."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoidesk.cli_book import add_book, add_json, add_password, opened, print_json
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange import commands_paper
from hoidesk.exchange.commands_duplicates import add_duplicates
from hoidesk.language import _

if TYPE_CHECKING:
    from hoidesk.exchange.container import Inspection
    from hoidesk.exchange.receive import Received

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add the commands of this room."""
    _add_enrolment(subparsers)
    _add_packages(subparsers)
    add_duplicates(subparsers)
    commands_paper.add_commands(subparsers)
    worker = subparsers.add_parser("worker")  # without a help text it stays out of the list: it is no user's command
    worker.set_defaults(handler=_worker)


def _add_enrolment(subparsers: Any) -> None:
    invite = subparsers.add_parser("invite", help=_("invite a subordinate unit to exchange packages"))
    add_book(invite)
    invite.add_argument("--unit", required=True, metavar=_("CODE"), help=_("code of the invited unit"))
    _add_out(invite)
    invite.set_defaults(handler=_invite)
    enrol = subparsers.add_parser("enrol", help=_("answer the invitation of the superior unit"))
    add_book(enrol)
    enrol.add_argument("--invitation", type=Path, required=True, metavar=_("FILE"), help=_("invitation file"))
    _add_out(enrol)
    enrol.set_defaults(handler=_enrol)
    certify = subparsers.add_parser("certify", help=_("certify a unit that answered an invitation"))
    add_book(certify)
    certify.add_argument("--request", type=Path, required=True, metavar=_("FILE"), help=_("request file"))
    certify.add_argument(
        "--digits", required=True, metavar=_("DIGITS"), help=_("two of the six digit groups on the unit's screen")
    )
    _add_out(certify)
    certify.set_defaults(handler=_certify)
    identity = subparsers.add_parser("identity", help=_("show the digits of this unit"))
    add_book(identity)
    identity.add_argument("--reveal", action="store_true", help=_("show the secret key as well"))
    add_json(identity)
    identity.set_defaults(handler=_identity)


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


def _add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar=_("FILE"), help=_("file to write"))


def _write(path: Path, data: bytes) -> None:
    from hoidesk.book.files import write_atomic

    try:
        write_atomic(path, data)
    except OSError:
        raise EnvError("out.failed", _("{path} cannot be written. Choose another place.").format(path=path)) from None


def _invite(args: argparse.Namespace) -> int:
    from hoidesk.exchange.enrol import invite

    with opened(args, writer=True) as book:
        _write(args.out, invite(book, args.unit))
    print(_("Wrote the invitation {path}. Carry it to {unit}.").format(path=args.out, unit=args.unit))
    return 0


def _enrol(args: argparse.Namespace) -> int:
    from hoidesk.exchange.enrol import enrol
    from hoidesk.exchange.enrolment import read_small_file
    from hoidesk.exchange.keys import groups_of_four

    data = read_small_file(args.invitation, "invitation")
    with opened(args, writer=True) as book:
        asked = enrol(book, data)
        _write(args.out, asked.request)
    print(_("Wrote the request {path}. Carry it to {unit}.").format(path=args.out, unit=asked.superior))
    print(_("Digits of this unit, to be typed there: {digits}").format(digits=groups_of_four(asked.digits)))
    print(_("Digits of {unit}: {digits}").format(unit=asked.superior, digits=groups_of_four(asked.superior_digits)))
    return 0


def _certify(args: argparse.Namespace) -> int:
    from hoidesk.exchange.enrol import certify
    from hoidesk.exchange.enrolment import read_small_file

    data = read_small_file(args.request, "request")
    with opened(args, writer=True) as book:
        certified = certify(book, data, args.digits)
        _write(args.out, certified.file)
    print(_("Certified {unit}. Carry {path} to it, and a first package.").format(unit=certified.unit, path=args.out))
    return 0


def _identity(args: argparse.Namespace) -> int:
    from hoidesk.exchange.identity import identity_of, reveal

    with opened(args, writer=args.reveal) as book:
        shown = reveal(book) if args.reveal else identity_of(book)
    if args.json:
        print_json(shown)
        return 0
    for name, value in shown.items():
        print(f"{name}\t{value}")
    return 0


def _export(args: argparse.Namespace) -> int:
    from hoidesk.exchange.export import export_package
    from hoidesk.exchange.keys import groups_of_four
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
    from hoidesk.exchange.container import inspect_file

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
    from hoidesk.exchange.keys import groups_of_four

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
    from hoidesk.exchange.keys import groups_of_four
    from hoidesk.exchange.receive import receive

    with opened(args, writer=True) as book:
        done = receive(book, args.paths, receipts_to=args.to or _receipt_folder(args.paths))
    if args.json:
        print_json([_as_record(received) for received in done.results])
    else:
        for received in done.results:
            where = sys.stderr if received.state == "refused" else sys.stdout
            print(f"{received.path.name}: {received.sentence}", file=where)
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


def _worker(_args: argparse.Namespace) -> int:
    if sys.stdin.isatty():
        raise UserError("worker.by_hand", _("This command is for the program itself. Use “hoidesk inspect”."))
    from hoidesk.exchange.worker import run_worker

    return run_worker()
