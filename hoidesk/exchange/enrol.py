"""Enrolling units with a book: the steps of the three files, each in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.certificates import Certificate, issue_certificate, pins_of, read_chain
from hoidesk.exchange.enrolment import (
    Request,
    check_digits,
    check_own_certificate,
    make_certificate_file,
    make_invitation,
    make_request,
    read_certificate_file,
    read_invitation,
    read_request,
)
from hoidesk.exchange.keys import contains, new_link_secret, valid_unit_code
from hoidesk.exchange.scopes import DOWN, UP
from hoidesk.exchange.state import (
    ensure_chain,
    ensure_keys,
    get_fact,
    load_chain,
    load_keys,
    require_role,
    set_fact,
    stamp_text,
    store_chain,
    store_pins,
)
from hoidesk.language import N_, _

__all__ = [
    "Accepted",
    "Certified",
    "Enrolment",
    "accept_certificate",
    "certify",
    "check_certificate",
    "enrol",
    "invite",
    "own_fingerprint",
    "read_request_of",
]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A unit's request file, and the 24 digits of both sides to be shown."""

    request: bytes
    digits: str
    superior: str
    superior_digits: str


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate file for a unit."""

    file: bytes
    unit: str
    name: str
    digits: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The superior whose certificate this book took."""

    superior: str
    name: str


def own_fingerprint(book: Book) -> str | None:
    """The 24 digits of this book's unit, None before it has keys."""
    with book.read() as connection:
        keys = load_keys(connection)
    return None if keys is None else keys.public.fingerprint(book.unit.code)


def invite(book: Book, unit: str, *, name: str = "") -> bytes:
    """The invitation for a unit below this one; its name is taken from the book when not given.

    Raises UserError ``invite.outside`` when the code does not lie below this unit's.
    """
    require_role(book, Role.OFFICER)
    unit = unit.strip()
    if not valid_unit_code(unit) or unit == book.unit.code or not contains(book.unit.code, unit):
        raise UserError(
            "invite.outside",
            _("The code of the invited unit begins with {code}-. Check the code.").format(code=book.unit.code),
            field="unit",
        )
    with book.transaction(N_("Invite a unit"), "exchange") as work:
        keys, chain = ensure_chain(work)
        store_pins(work.connection, pins_of(chain))
        return make_invitation(chain, keys, unit=unit, name=name or _known_name(work, unit), scope=UP)


def _known_name(work: Work, unit: str) -> str:
    """What the book calls a unit: from the list of units, else from the areas, else its code."""
    for table in ("unit", "area"):
        found = work.connection.exec_driver_sql(
            f'SELECT name FROM "{table}" WHERE code = ? AND voided IS NULL', (unit,)
        ).scalar()
        if found is not None:
            return str(found)[:200]
    return unit


def enrol(book: Book, invitation: bytes) -> Enrolment:
    """Answer an invitation: make this unit's keys if there are none, remember the superior, give the request file.

    Raises EnvError ``invitation.…`` for a bad file and UserError ``enrol.other_unit`` when it invites somebody else.
    """
    require_role(book, Role.OFFICER)
    invited = read_invitation(invitation)
    if invited.unit != book.unit.code:
        raise UserError(
            "enrol.other_unit",
            _("The invitation is for {unit}, this book is {own}. Ask for the right invitation.").format(
                unit=invited.unit, own=book.unit.code
            ),
        )
    with book.transaction(N_("Answer an invitation"), "exchange") as work:
        keys = ensure_keys(work)
        set_fact(work.connection, "invitation", json.dumps([c.text for c in invited.chain]))
        request = make_request(invited, keys, name=book.unit.name[:200])
    return Enrolment(
        request=request,
        digits=keys.public.fingerprint(book.unit.code),
        superior=invited.superior.name,
        superior_digits=invited.superior.fingerprint,
    )


def read_request_of(book: Book, request: bytes) -> Request:
    """Open a request with this book's keys, to show who asks before the digits are typed."""
    with book.read() as connection:
        keys, chain = load_keys(connection), load_chain(connection)
    if keys is None or not chain:
        raise UserError("certify.not_invited", _("This book has invited no unit yet. Write an invitation first."))
    return read_request(request, chain[0], keys)


def certify(book: Book, request: bytes, digits: str) -> Certified:
    """Certify the unit of a request after the officer typed two of its six digit groups.

    A unit that is certified again gets a higher serial: its older keys are refused from then on. Raises EnvError
    ``request.…``, UserError ``certify.…`` with field ``digits``.
    """
    require_role(book, Role.OFFICER)
    asked = read_request_of(book, request)
    check_digits(asked, digits)
    with book.transaction(N_("Certify a unit"), "exchange") as work:
        keys, chain = ensure_chain(work)
        old = work.connection.execute(text("SELECT serial FROM pin WHERE unit = :u"), {"u": asked.unit}).scalar()
        link = new_link_secret()
        certificate = issue_certificate(
            chain[0],
            keys,
            unit=asked.unit,
            name=asked.name,
            keys=asked.keys,
            scope=UP,
            serial=1 if old is None else int(old) + 1,
            link_secret=link,
        )
        store_pins(work.connection, pins_of((certificate, *chain)))
        _store_peer(work, certificate, "subordinate", DOWN, link)
        # New keys mean a new book there: it gets everything of its scope back.
        work.connection.execute(text("DELETE FROM ack WHERE unit = :u"), {"u": asked.unit})
    return Certified(
        file=make_certificate_file((certificate, *chain)), unit=asked.unit, name=asked.name, digits=asked.digits
    )


def _store_peer(work: Work, certificate: Certificate, relation: str, scope: str, link: bytes | None) -> None:
    work.connection.execute(
        text(
            "INSERT INTO peer(unit, name, relation, certificate, scope, link, enrolled_at) "
            "VALUES(:u, :n, :r, :c, :s, :l, :at) ON CONFLICT(unit) DO UPDATE SET name = :n, certificate = :c, "
            "scope = :s, link = coalesce(:l, link), enrolled_at = :at, tries = 0"
        ),
        {
            "u": certificate.unit,
            "n": certificate.name,
            "r": relation,
            "c": certificate.text,
            "s": scope,
            "l": link,
            "at": stamp_text(work),
        },
    )


def check_certificate(book: Book, file: bytes) -> None:
    """Say whether :func:`accept_certificate` would take the file, and write nothing; raises what that raises."""
    with book.read() as connection:
        _judge(connection, book.unit.code, read_certificate_file(file))


def _judge(connection: Connection, unit: str, chain: tuple[Certificate, ...]) -> bytes:
    invited, keys = get_fact(connection, "invitation"), load_keys(connection)
    if invited is None or keys is None:
        raise EnvError("certificate.not_asked", _("This book has answered no invitation. Answer the invitation first."))
    superior = read_chain(json.loads(invited))[0]
    link = check_own_certificate(chain, unit=unit, keys=keys, superior=superior.keys)
    present = load_chain(connection)
    if present and chain[0].serial < present[0].serial:
        raise EnvError("certificate.older", _("The book already has a newer certificate. This file changes nothing."))
    return link


def accept_certificate(book: Book, file: bytes) -> Accepted:
    """Take the certificate that the superior made for this book: from now on packages go up.

    Raises EnvError ``certificate.…``; the superior must be the one whose invitation was answered.
    """
    require_role(book, Role.OFFICER, Role.SECRETARY)
    chain = read_certificate_file(file)
    with book.transaction(N_("Take the certificate"), "exchange") as work:
        link = _judge(work.connection, book.unit.code, chain)
        store_chain(work.connection, chain)
        store_pins(work.connection, pins_of(chain))
        _store_peer(work, chain[1], "superior", UP, link)
    return Accepted(superior=chain[1].unit, name=chain[1].name)
