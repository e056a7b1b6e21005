"""What a book knows of itself and of others for exchange: its keys, its chain, its peers, its pins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.book.work import UnitIdentity, Work
from hoidesk.errors import UserError
from hoidesk.exchange.trust.certificates import Certificate, Pin, issue_root, read_chain
from hoidesk.exchange.trust.keys import UnitKeys
from hoidesk.language import _
from hoidesk.text.nfc import quote

__all__ = [
    "Peer",
    "add_keys",
    "ensure_chain",
    "ensure_keys",
    "find_peer",
    "key_ring",
    "load_chain",
    "load_keys",
    "load_pins",
    "must_join_first",
    "peers",
    "require_role",
    "sign_line",
    "store_peer",
    "store_pins",
    "superior_of",
]


JOINING: Final = "joining"
"""The fact that a second PC waits for its unit's keys, which come with the first package of the other PC."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A unit that this book exchanges with: its certificate as last accepted, relation ``superior``, ``subordinate`` or
    ``sibling`` (another PC of this unit), scope, and the shared secret of the paper receipt."""

    unit: str
    name: str
    relation: str
    certificate: Certificate
    scope: str
    link: bytes | None = field(repr=False)

    @property
    def is_superior(self) -> bool:
        """Whether packages to it go up."""
        return self.relation == "superior"


def require_role(book: Book, *roles: Role) -> None:
    """UserError unless the user's role is one of ``roles``."""
    if book.role not in roles:
        raise UserError(
            "role.exchange", _("The role of {user} does not allow exchanging packages.").format(user=book.user)
        )


def stamp_text(work: Work) -> str:
    """The transaction's instant, for columns named ``at``."""
    return work.now.astimezone(UTC).isoformat(timespec="milliseconds")


# Single facts


def get_fact(connection: Connection, name: str) -> str | None:
    """A fact of exchange_state."""
    found = connection.execute(text("SELECT value FROM exchange_state WHERE name = :n"), {"n": name}).scalar()
    return None if found is None else str(found)


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Write a fact of exchange_state."""
    connection.execute(
        text("INSERT OR REPLACE INTO exchange_state(name, value) VALUES(:n, :v)"), {"n": name, "v": value}
    )


# Keys and chain


def load_keys(connection: Connection) -> UnitKeys | None:
    """The unit's keys in use, None before the first invitation or enrolment: those that its certificate names.

    New keys that nobody certified yet sign nothing, or every package until then would be refused.
    """
    ring, chain = key_ring(connection), load_chain(connection)
    if not chain:
        return ring[0] if ring else None
    return next((keys for keys in ring if keys.public == chain[0].keys), None)


def key_ring(connection: Connection) -> tuple[UnitKeys, ...]:
    """All keys of the unit, newest first: any of them opens what was sealed to it."""
    rows = connection.execute(text("SELECT seed, identity FROM unit_key ORDER BY number DESC"))
    return tuple(UnitKeys(seed=bytes(row.seed), identity=str(row.identity)) for row in rows)


def add_keys(work: Work, keys: UnitKeys, *, passing: bool = False) -> None:
    """Keep further keys as the newest of the unit, or with ``passing`` as its oldest: they only open one answer."""
    place = "min(number) - 1" if passing else "max(number) + 1"
    work.connection.execute(
        text(
            "INSERT INTO unit_key(number, seed, identity, made_at) "
            f"SELECT coalesce({place}, {int(not passing)}), :s, :i, :at FROM unit_key"
        ),
        {"s": keys.seed, "i": keys.identity, "at": stamp_text(work)},
    )


def ensure_keys(work: Work) -> UnitKeys:
    """The unit's keys; made now if there are none."""
    keys = load_keys(work.connection)
    if keys is None:
        keys = UnitKeys.generate()
        add_keys(work, keys)
    return keys


def load_chain(connection: Connection) -> tuple[Certificate, ...]:
    """The unit's own certificate and those above it; empty before it has one."""
    found = get_fact(connection, "chain")
    return () if found is None else read_chain(json.loads(found))


def store_chain(connection: Connection, chain: tuple[Certificate, ...]) -> None:
    """Keep the unit's own chain."""
    set_fact(connection, "chain", json.dumps([c.text for c in chain]))


def must_join_first(connection: Connection) -> None:
    """UserError on a second PC of a unit that does not have the unit's keys yet."""
    if get_fact(connection, JOINING) is not None:
        raise UserError(
            "siblings.joining",
            _("This PC does not have the keys of its unit yet. Receive the first package of the unit's other PC."),
        )


def ensure_chain(work: Work) -> tuple[UnitKeys, tuple[Certificate, ...]]:
    """Keys and chain of a unit that certifies others; without a superior it certifies itself."""
    must_join_first(work.connection)
    keys, chain = ensure_keys(work), load_chain(work.connection)
    if not chain:
        chain = (issue_root(keys, unit=work.unit.code, name=work.unit.name),)
        store_chain(work.connection, chain)
    return keys, chain


def sign_line(work: Work, domain: bytes, line: bytes) -> bytes:
    """The unit's 64 byte Ed25519 signature over ``domain`` and ``line``, for approvals and the like."""
    return ensure_keys(work).sign(domain, line)


# Peers and pins


def _peer(row: Mapping[str, object]) -> Peer:
    (certificate,) = read_chain([str(row["certificate"])])
    link = row["link"]
    return Peer(
        unit=str(row["unit"]),
        name=str(row["name"]),
        relation=str(row["relation"]),
        certificate=certificate,
        scope=str(row["scope"]),
        link=bytes(link) if isinstance(link, bytes) else None,
    )


def peers(connection: Connection) -> list[Peer]:
    """Every unit that this book exchanges with: the superior first, then by code."""
    rows = connection.execute(text("SELECT * FROM peer ORDER BY relation DESC, unit")).mappings()
    return [_peer(dict(row)) for row in rows]


def store_peer(work: Work, certificate: Certificate, relation: str, scope: str, link: bytes | None) -> None:
    """Remember a unit that this book exchanges with, or its new certificate and link secret."""
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


def find_peer(connection: Connection, unit: str | None, own: UnitIdentity) -> Peer:
    """The peer of that code, or the superior when ``unit`` is None; UserError when there is none."""
    known = peers(connection)
    for peer in known:
        if peer.unit == unit or (unit is None and peer.is_superior):
            return peer
    if unit is None and len(known) == 1:
        return known[0]
    if unit is None:
        raise UserError(
            "peer.none", _("{unit} has no superior enrolled. Name the unit the package is for.").format(unit=own.code)
        )
    raise UserError(
        "peer.unknown",
        _("{unit} is not enrolled with this book. Enrol it first.").format(unit=quote(str(unit))),
        field="unit",
    )


def superior_of(connection: Connection) -> Peer | None:
    """The unit above this one, if the book is enrolled with it."""
    return next((p for p in peers(connection) if p.is_superior), None)


def load_pins(connection: Connection) -> dict[str, Pin]:
    """The units whose keys this book knows for itself."""
    rows = connection.execute(text("SELECT unit, sign, subtree, serial FROM pin"))
    return {row.unit: Pin(sign=bytes(row.sign), subtree=row.subtree, serial=row.serial) for row in rows}


def store_pins(connection: Connection, pins: Mapping[str, Pin]) -> None:
    """Remember or replace pins; a key that was once proven stays known for what it signed."""
    for unit, pin in pins.items():
        connection.execute(
            text("INSERT OR IGNORE INTO signer_key(unit, sign, serial) VALUES(:u, :k, :s)"),
            {"u": unit, "k": pin.sign, "s": pin.serial},
        )
        connection.execute(
            text("INSERT OR REPLACE INTO pin(unit, sign, subtree, serial) VALUES(:u, :k, :t, :s)"),
            {"u": unit, "k": pin.sign, "t": pin.subtree, "s": pin.serial},
        )
