"""New keys after a theft: the unit makes them, its superior certifies them, the older ones are refused from then on.

The old keys stay in the book to open packages that were on their way. Until the certificate is here the unit still
signs with them, since nobody would believe the new ones. A unit with nobody above it certifies itself, so nobody can
tell it from a thief: it invites every unit again, and there two of its digit groups are typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.state import (
    Peer,
    add_keys,
    key_ring,
    load_chain,
    load_keys,
    must_join_first,
    peers,
    require_role,
    store_chain,
    store_pins,
    superior_of,
)
from hoidesk.exchange.trust.certificates import Certificate, issue_root, pins_of
from hoidesk.exchange.trust.enrolment import make_request
from hoidesk.exchange.trust.keys import UnitKeys
from hoidesk.language import N_, _

__all__ = ["Rekeyed", "keys_waiting", "rekey", "rekey_request"]


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """New keys of the unit: its 24 new ``digits``; ``request`` is the file for the superior, None without one.
    ``again``: names of the units that have to be invited again; ``sibling``: so has the other PC of this unit."""

    digits: str
    request: bytes | None
    superior: str
    superior_name: str
    again: tuple[str, ...]
    sibling: bool

    def next_steps(self, path: str) -> list[str]:
        """What to do now, one sentence each; ``path`` is where the request was written."""
        steps = []
        if self.request is not None:
            steps.append(
                _("Carry {path} to {unit} and let it certify the unit; the old keys are refused from then on.").format(
                    path=path, unit=self.superior_name
                )
            )
        else:
            steps.append(_("Nobody above this unit certifies keys, so the new ones are in use from now on."))
        if self.again:
            steps.append(
                _("Invite these units again; each types two of the new digit groups: {units}.").format(
                    units=", ".join(self.again)
                )
            )
        if self.sibling:
            steps.append(
                _("Then invite the other PC of this unit again: what is sealed to its old keys could be the thief's.")
                if self.request is not None
                else _("Invite the other PC of this unit again as well, so that it gets the new keys safely.")
            )
        return steps


def rekey(book: Book) -> Rekeyed:
    """Make new keys for the unit and ask the superior to certify them; officers only.

    Raises UserError ``rekey.none`` while the unit has no keys, ``siblings.joining`` on a PC that waits for them.
    """
    require_role(book, Role.OFFICER)
    with book.transaction(N_("Make new keys"), "exchange") as work:
        must_join_first(work.connection)
        chain = load_chain(work.connection)
        if not chain:
            raise UserError(
                "rekey.none", _("This unit has no keys yet. They are made at the first invitation or enrolment.")
            )
        keys = UnitKeys.generate()
        add_keys(work, keys)
        superior = superior_of(work.connection)
        if superior is None:
            _certify_oneself(work, chain[0], keys)
        return _rekeyed(work.connection, keys, superior, work.unit.code, work.unit.name)


def _certify_oneself(work: Work, before: Certificate, keys: UnitKeys) -> None:
    root = issue_root(keys, unit=work.unit.code, name=work.unit.name, serial=before.serial + 1)
    store_chain(work.connection, (root,))
    store_pins(work.connection, pins_of((root,)))


def _rekeyed(connection: Connection, keys: UnitKeys, superior: Peer | None, code: str, name: str) -> Rekeyed:
    request = None
    if superior is not None:
        serial = load_chain(connection)[0].serial
        request = make_request(superior.certificate, keys, unit=code, name=name[:200], serial=serial)
    known = peers(connection)
    return Rekeyed(
        digits=keys.public.fingerprint(code),
        request=request,
        superior=superior.unit if superior else "",
        superior_name=superior.name if superior else "",
        again=() if superior else tuple(p.name or p.unit for p in known if p.relation == "subordinate"),
        sibling=any(p.relation == "sibling" for p in known),
    )


def keys_waiting(connection: Connection) -> UnitKeys | None:
    """New keys that no certificate names yet."""
    used, ring = load_keys(connection), key_ring(connection)
    if used is None or not ring or not load_chain(connection) or ring[0].public == used.public:
        return None
    return ring[0]


def rekey_request(book: Book) -> Rekeyed | None:
    """The request for new keys that still wait for their certificate, written again; None when none wait."""
    require_role(book, Role.OFFICER)
    with book.read() as connection:
        keys, superior = keys_waiting(connection), superior_of(connection)
        if keys is None or superior is None:
            return None
        return _rekeyed(connection, keys, superior, book.unit.code, book.unit.name)
