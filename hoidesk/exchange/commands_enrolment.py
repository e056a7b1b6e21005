"""The commands of enrolment: invite, enrol, certify, rekey, identity."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hoidesk.cli_book import add_book, add_json, opened, print_json
from hoidesk.errors import EnvError, UserError
from hoidesk.language import _

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add invite, enrol, certify, rekey and identity."""
    invite = subparsers.add_parser("invite", help=_("invite a subordinate unit, or another PC of this one"))
    add_book(invite)
    invite.add_argument(
        "--unit",
        required=True,
        metavar=_("CODE"),
        help=_("code of the invited unit; this unit's own code for another PC of it"),
    )
    _add_out(invite)
    invite.set_defaults(handler=_invite)
    enrol = subparsers.add_parser("enrol", help=_("answer the invitation of the superior unit"))
    add_book(enrol)
    enrol.add_argument("--invitation", type=Path, required=True, metavar=_("FILE"), help=_("invitation file"))
    enrol.add_argument(
        "--digits",
        default="",
        metavar=_("DIGITS"),
        help=_("two digit groups of a superior that made new keys; asked for only then"),
    )
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
    rekey = subparsers.add_parser("rekey", help=_("make new keys after a theft"))
    add_book(rekey)
    rekey.add_argument("--again", action="store_true", help=_("write the request for the waiting keys once more"))
    _add_out(rekey, required=False)
    rekey.set_defaults(handler=_rekey)
    identity = subparsers.add_parser("identity", help=_("show the digits of this unit"))
    add_book(identity)
    identity.add_argument("--reveal", action="store_true", help=_("show the secret key as well"))
    add_json(identity)
    identity.set_defaults(handler=_identity)


def _add_out(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--out", type=Path, required=required, metavar=_("FILE"), help=_("file to write"))


def _write(path: Path, data: bytes) -> None:
    from hoidesk.book.files import write_atomic

    try:
        write_atomic(path, data)
    except OSError:
        raise EnvError("out.failed", _("{path} cannot be written. Choose another place.").format(path=path)) from None


def _invite(args: argparse.Namespace) -> int:
    from hoidesk.exchange.trust.enrol import invite

    with opened(args, writer=True) as book:
        _write(args.out, invite(book, args.unit))
        own = book.unit.code == args.unit.strip()
    if own:
        print(_("Wrote the invitation {path}. Carry it to the other PC of this unit.").format(path=args.out))
    else:
        print(_("Wrote the invitation {path}. Carry it to {unit}.").format(path=args.out, unit=args.unit))
    return 0


def _enrol(args: argparse.Namespace) -> int:
    from hoidesk.exchange.trust.enrol import enrol
    from hoidesk.exchange.trust.enrolment import read_small_file
    from hoidesk.exchange.trust.keys import groups_of_four

    data = read_small_file(args.invitation, "invitation")
    with opened(args, writer=True) as book:
        asked = enrol(book, data, args.digits)
        _write(args.out, asked.request)
    if asked.sibling:
        print(_("Wrote the request {path}. Carry it back to the unit's first PC.").format(path=args.out))
        print(_("Digits of this PC, to be typed there: {digits}").format(digits=groups_of_four(asked.digits)))
        return 0
    print(_("Wrote the request {path}. Carry it to {unit}.").format(path=args.out, unit=asked.superior))
    print(_("Digits of this unit, to be typed there: {digits}").format(digits=groups_of_four(asked.digits)))
    print(_("Digits of {unit}: {digits}").format(unit=asked.superior, digits=groups_of_four(asked.superior_digits)))
    return 0


def _certify(args: argparse.Namespace) -> int:
    from hoidesk.exchange.trust.enrol import certify
    from hoidesk.exchange.trust.enrolment import read_small_file

    data = read_small_file(args.request, "request")
    with opened(args, writer=True) as book:
        certified = certify(book, data, args.digits)
        _write(args.out, certified.file)
    if certified.sibling:
        print(
            _("Certified the other PC. Carry {path} to it, and a package for {unit}.").format(
                path=args.out, unit=certified.unit
            )
        )
    else:
        print(
            _("Certified {unit}. Carry {path} to it, and a first package.").format(unit=certified.unit, path=args.out)
        )
    return 0


def _rekey(args: argparse.Namespace) -> int:
    from hoidesk.exchange.state import superior_of
    from hoidesk.exchange.trust.keys import groups_of_four
    from hoidesk.exchange.trust.rekey import rekey, rekey_request

    with opened(args, writer=True) as book:
        with book.read() as connection:
            superior = superior_of(connection)
        if superior is not None and args.out is None:
            raise UserError("rekey.out", _("Name the file for the request with --out. No keys were made."))
        if args.out is not None and not args.out.parent.is_dir():
            raise EnvError("out.failed", _("{path} cannot be written. Choose another place.").format(path=args.out))
        made = rekey_request(book) if args.again else rekey(book)
        if made is None:
            raise UserError("rekey.nothing", _("No new keys wait for a certificate."))
        if made.request is not None:
            _write(args.out, made.request)
    print(_("Digits of the new keys: {digits}").format(digits=groups_of_four(made.digits)))
    for sentence in made.next_steps(str(args.out or "")):
        print(sentence)
    return 0


def _identity(args: argparse.Namespace) -> int:
    from hoidesk.exchange.trust.identity import identity_of, reveal

    with opened(args, writer=args.reveal) as book:
        shown = reveal(book) if args.reveal else identity_of(book)
    if args.json:
        print_json(shown)
        return 0
    for name, value in shown.items():
        print(f"{name}\t{value}")
    return 0
