"""Enrolling units with a book: the steps of the three files, each in one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import EnvError, Refusal, UserError
from hoidesk.exchange.scopes import DOWN, SAME, UP
from hoidesk.exchange.state import (
    JOINING,
    Peer,
    add_keys,
    ensure_chain,
    ensure_keys,
    get_fact,
    key_ring,
    load_chain,
    load_keys,
    load_pins,
    must_join_first,
    peers,
    require_role,
    set_fact,
    store_chain,
    store_peer,
    store_pins,
    superior_of,
)
from hoidesk.exchange.trust.certificates import (
    Certificate,
    issue_certificate,
    issue_sibling,
    pins_of,
    read_chain,
    verify_chain,
)
from hoidesk.exchange.trust.enrolment import (
    Invitation,
    Request,
    check_digits,
    check_own_certificate,
    check_superior_digits,
    foreign_certificate,
    make_certificate_file,
    make_invitation,
    make_request,
    read_certificate_file,
    read_invitation,
    read_request,
)
from hoidesk.exchange.trust.keys import UnitKeys, contains, new_link_secret, valid_unit_code
from hoidesk.exchange.trust.renewal import next_serial, renew_subordinates
from hoidesk.exchange.trust.siblings import give_number
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
    "was_answered",
]

INVITATION: Final = "invitation"
"""The fact that keeps the chain of the superior whose invitation was answered, until its certificate comes."""
OWN_INVITATION: Final = "own_invitation"
"""The fact that names the last invitation of another PC of this unit, so that this PC does not answer itself."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A unit's request file, and the 24 digits of both sides to be shown; ``sibling``: the other PC of this unit
    invited this one."""

    request: bytes
    digits: str
    superior: str
    superior_digits: str
    sibling: bool = False


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate file for a unit; ``sibling``: it is for another PC of this unit."""

    file: bytes
    unit: str
    name: str
    digits: str
    sibling: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The superior whose certificate this book took; ``sibling``: the other PC of this unit gave it."""

    superior: str
    name: str
    sibling: bool = False

    @property
    def sentence(self) -> str:
        """What is possible now."""
        if self.sibling:
            return _("This PC joined {name}. Now receive the first package of the unit's other PC.").format(
                name=self.name
            )
        return _("Enrolled with {name}. Packages to it can be written now.").format(name=self.name)


def own_fingerprint(book: Book) -> str | None:
    """The 24 digits of this book's unit, None before it has keys."""
    with book.read() as connection:
        keys = load_keys(connection)
    return None if keys is None else keys.public.fingerprint(book.unit.code)


def invite(book: Book, unit: str, *, name: str = "") -> bytes:
    """The invitation for a unit below this one, or for another PC of this unit when ``unit`` is its own code.

    The name is taken from the book when not given. Raises UserError ``invite.outside`` when the code does not lie in
    this unit's subtree.
    """
    require_role(book, Role.OFFICER)
    unit = unit.strip()
    if not valid_unit_code(unit) or not contains(book.unit.code, unit):
        raise UserError(
            "invite.outside",
            _("The code of the invited unit begins with {code}-. Check the code.").format(code=book.unit.code),
            field="unit",
        )
    with book.transaction(N_("Invite a unit"), "exchange") as work:
        keys, chain = ensure_chain(work)
        store_pins(work.connection, pins_of(chain))
        own = unit == book.unit.code
        called = name or (book.unit.name if own else _known_name(work, unit))
        invitation = make_invitation(chain, keys, unit=unit, name=called[:200], scope=SAME if own else UP)
        if own:
            set_fact(work.connection, OWN_INVITATION, _sum(invitation))
        return invitation


def _sum(invitation: bytes) -> str:
    return hashlib.sha256(invitation).hexdigest()


def _known_name(work: Work, unit: str) -> str:
    """What the book calls a unit: from the list of units, else from the areas, else its code."""
    for table in ("unit", "area"):
        found = work.connection.exec_driver_sql(
            f'SELECT name FROM "{table}" WHERE code = ? AND voided IS NULL', (unit,)
        ).scalar()
        if found is not None:
            return str(found)[:200]
    return unit


def enrol(book: Book, invitation: bytes, superior_digits: str = "") -> Enrolment:
    """Answer an invitation: give the request file with this unit's keys, made now if there are none.

    Another PC of the same unit answers with passing keys: it gets the unit's own with its first package. A superior
    that contradicts what is known here, because it has new keys that nobody above it certified, needs two of its digit
    groups typed. Raises EnvError ``invitation.…`` for a bad file, UserError ``enrol.other_unit`` when it invites
    somebody else and ``enrol.digits_…``.
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
    sibling = invited.superior.unit == book.unit.code
    with book.transaction(N_("Answer an invitation"), "exchange") as work:
        if sibling and _sum(invitation) == get_fact(work.connection, OWN_INVITATION):
            raise UserError(
                "enrol.own", _("This PC wrote this invitation itself. Open it on the other PC of this unit.")
            )
        contradicted = _contradicted(work.connection, invited)
        if contradicted is not None:
            check_superior_digits(contradicted, superior_digits)
        keys = _passing_keys(work) if sibling else _keys_to_certify(work)
        set_fact(work.connection, INVITATION, json.dumps([c.text for c in invited.chain]))
        chain = load_chain(work.connection)
        request = make_request(
            invited.superior,
            keys,
            unit=invited.unit,
            name=book.unit.name[:200],
            serial=chain[0].serial if chain and not sibling else 0,
        )
    return Enrolment(
        request=request,
        digits=keys.public.fingerprint(book.unit.code),
        superior=invited.superior.name,
        superior_digits=invited.superior.fingerprint,
        sibling=sibling,
    )


def _contradicted(connection: Connection, invited: Invitation) -> Certificate | None:
    """The first unit of an invitation's chain whose keys contradict what this book knows and nobody above it proves."""
    pins = load_pins(connection)
    for position, certificate in enumerate(invited.chain):
        if certificate.unit not in pins:
            continue
        try:
            verify_chain(invited.chain[position:], pins)
        except Refusal:
            return certificate
    return None


def was_answered(connection: Connection, invitation: bytes, unit: str) -> bool:
    """Whether this book, of ``unit``, answered an invitation, is enrolled by the keys in it, or wrote it itself.

    Raises EnvError ``invitation.…`` for a bad file and ``invitation.other_unit`` for one to somebody else.
    """
    invited = read_invitation(invitation)
    if _sum(invitation) == get_fact(connection, OWN_INVITATION):
        return True
    if invited.unit != unit:
        raise EnvError(
            "invitation.other_unit",
            _("The invitation is for {unit}, not for this book. Hand it to that unit.").format(unit=invited.unit),
        )
    if get_fact(connection, INVITATION) == json.dumps([c.text for c in invited.chain]):
        return True
    known = [p for p in peers(connection) if p.unit == invited.superior.unit and p.relation != "subordinate"]
    return any(p.certificate.keys == invited.superior.keys for p in known)


def _passing_keys(work: Work) -> UnitKeys:
    keys = UnitKeys.generate()
    add_keys(work, keys, passing=True)
    return keys


def _keys_to_certify(work: Work) -> UnitKeys:
    """The unit's newest keys, also those that wait for a certificate since a theft."""
    must_join_first(work.connection)
    ring = key_ring(work.connection)
    return ring[0] if ring else ensure_keys(work)


def read_request_of(book: Book, request: bytes) -> Request:
    """Open a request with this book's keys, to show who asks before the digits are typed."""
    with book.read() as connection:
        keys, chain = load_keys(connection), load_chain(connection)
    if keys is None or not chain:
        raise UserError("certify.not_invited", _("This book has invited no unit yet. Write an invitation first."))
    return read_request(request, chain[0], keys)


def certify(book: Book, request: bytes, digits: str) -> Certified:
    """Certify the unit of a request after the officer typed two of its six digit groups.

    A unit that is certified again gets a higher serial: its older keys are refused from then on. Another PC of this
    unit gets a certificate that opens its first package. Raises EnvError ``request.…``, UserError ``certify.…`` with
    field ``digits``.
    """
    require_role(book, Role.OFFICER)
    asked = read_request_of(book, request)
    check_digits(asked, digits)
    sibling = asked.unit == book.unit.code
    with book.transaction(N_("Certify a unit"), "exchange") as work:
        keys, chain = ensure_chain(work)
        link = new_link_secret()
        if sibling:
            certificate = issue_sibling(chain[0], keys, keys=asked.keys, scope=SAME, link_secret=link)
            store_peer(work, certificate, "sibling", SAME, link)
            give_number(work)
        else:
            certificate = issue_certificate(
                chain[0],
                keys,
                unit=asked.unit,
                name=asked.name,
                keys=asked.keys,
                scope=UP,
                serial=next_serial(work.connection, asked.unit, asked.serial),
                link_secret=link,
            )
            store_pins(work.connection, pins_of((certificate, *chain)))
            store_peer(work, certificate, "subordinate", DOWN, link)
        # New keys mean a new book there: it gets everything of its scope back.
        work.connection.execute(text("DELETE FROM ack WHERE unit = :u"), {"u": asked.unit})
    return Certified(
        file=make_certificate_file((certificate, *chain)),
        unit=asked.unit,
        name=asked.name,
        digits=asked.digits,
        sibling=sibling,
    )


def check_certificate(book: Book, file: bytes) -> None:
    """Say whether :func:`accept_certificate` would take the file, and write nothing; raises what that raises."""
    with book.read() as connection:
        _judge(connection, book.unit.code, read_certificate_file(file))


def _judge(connection: Connection, unit: str, chain: tuple[Certificate, ...]) -> bytes:
    """The link secret of a certificate that this book may take."""
    pending, superior = get_fact(connection, INVITATION), superior_of(connection)
    ring = key_ring(connection)
    asked = superior if len(chain) < 2 or chain[1].unit != unit else None
    if (pending is None and asked is None) or not ring:
        raise EnvError("certificate.not_asked", _("This book has answered no invitation. Answer the invitation first."))
    invited = read_chain(json.loads(pending))[0] if pending is not None else None
    if chain[1:] and (invited is None or (chain[1].unit, chain[1].keys) != (invited.unit, invited.keys)):
        _prove_above(connection, chain, superior)
    keys = next((k for k in ring if k.public == chain[0].keys), ring[0])
    expected = chain[1].keys if chain[1:] else ring[0].public
    link = check_own_certificate(chain, unit=unit, keys=keys, superior=expected)
    present = load_chain(connection)
    if present and chain[0].serial < present[0].serial:
        raise EnvError("certificate.older", _("The book already has a newer certificate. This file changes nothing."))
    return link


def _prove_above(connection: Connection, chain: tuple[Certificate, ...], superior: Peer | None) -> None:
    """A certificate that answers no open invitation must come from the enrolled superior, by its keys as known here."""
    if superior is None or chain[1].unit != superior.unit:
        raise foreign_certificate()
    try:
        verify_chain(chain[1:], load_pins(connection))
    except Refusal:
        raise foreign_certificate() from None


def accept_certificate(book: Book, file: bytes) -> Accepted:
    """Take the certificate that the superior made for this book: from now on packages go up.

    Another PC of the unit takes it from the first PC, and waits for its first package. New keys of this unit are in use
    from now on, and its subordinates get certificates by them. Raises EnvError ``certificate.…``; the superior must be
    the one whose invitation was answered, or the enrolled one.
    """
    require_role(book, Role.OFFICER, Role.SECRETARY)
    chain = read_certificate_file(file)
    sibling = len(chain) > 1 and chain[1].unit == chain[0].unit
    with book.transaction(N_("Take the certificate"), "exchange") as work:
        link = _judge(work.connection, book.unit.code, chain)
        _take_sibling(work, chain, link) if sibling else _take_own(work, chain, link)
        work.connection.execute(text("DELETE FROM exchange_state WHERE name = :n"), {"n": INVITATION})
    return Accepted(superior=chain[1].unit, name=chain[1].name, sibling=sibling)


def _take_sibling(work: Work, chain: tuple[Certificate, ...], link: bytes) -> None:
    store_pins(work.connection, pins_of(chain[1:]))
    store_peer(work, chain[1], "sibling", SAME, link)
    if not load_chain(work.connection):
        set_fact(work.connection, JOINING, "1")


def _take_own(work: Work, chain: tuple[Certificate, ...], link: bytes) -> None:
    connection = work.connection
    before, known = load_chain(connection), superior_of(connection)
    store_chain(connection, chain)
    store_pins(connection, pins_of(chain))
    store_peer(work, chain[1], "superior", UP, link)
    if known is not None and known.certificate.keys != chain[1].keys:
        # A superior with new keys may have lost its book: it gets everything of this unit again.
        connection.execute(text("DELETE FROM ack WHERE unit = :u"), {"u": chain[1].unit})
    if before and before[0].keys != chain[0].keys:
        renew_subordinates(work)
