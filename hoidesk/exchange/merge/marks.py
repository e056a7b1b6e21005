"""Marks and receipts: how far a peer holds this book, and how far this book holds another replica.

What a peer says in ``re`` is taken exactly, also when it is less than before: one of its PCs may lack what another
acknowledged, and a lower mark only means that more is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, text

from hoidesk.book.work import Work
from hoidesk.exchange.packages.stream import LAST_IDS, Manifest
from hoidesk.exchange.state import Peer, stamp_text

__all__ = [
    "common_until",
    "contradicts",
    "held_of",
    "known_packages",
    "move_mark",
    "note_receipts",
    "own_incarnation",
    "take_acknowledgement",
]


def own_incarnation(connection: Connection) -> bytes:
    """The present incarnation of this book."""
    return bytes(connection.execute(text("SELECT inc FROM clock_state")).scalar_one())


def held_of(connection: Connection, inc: bytes) -> tuple[int, int]:
    """Up to which of its marks this book holds a replica, and the highest number that it took from it."""
    row = connection.execute(text("SELECT held, number FROM incarnation WHERE inc = :i"), {"i": inc}).first()
    return (0, 0) if row is None else (int(row.held), int(row.number))


def contradicts(connection: Connection, manifest: Manifest, peer: Peer, own: bytes) -> bool:
    """Whether the peer holds a package under this book's identity that this book never made: a twin made it, or this
    book was put back to before it made it."""
    entry = manifest.re.get(own.hex())
    if entry is None:
        return False
    number, id_, up_to = entry
    made = connection.execute(
        text("SELECT id, unit, last FROM package_out WHERE inc = :i AND number = :n"), {"i": own, "n": number}
    ).first()
    return made is None or bytes(made.id).hex() != id_ or made.unit != peer.unit or made.last != up_to


def common_until(connection: Connection, named: Iterable[tuple[int, str]], own: bytes) -> tuple[int, int]:
    """Up to which local number and clock this book and its twin are one: the newest package of this book among those
    that somebody else ``named`` with the same id. (0, 0) when there is none."""
    best = (0, 0)
    for number, id_ in named:
        made = connection.execute(
            text("SELECT id, last, hlc FROM package_out WHERE inc = :i AND number = :n"), {"i": own, "n": number}
        ).first()
        if made is not None and bytes(made.id).hex() == id_:
            best = max(best, (int(made.last), int(made.hlc)))
    return best


def known_packages(connection: Connection, unit: str) -> dict[str, list[tuple[int, str]]]:
    """Numbers and ids of the last packages of a unit's replicas that this book has heard of, newest first."""
    rows = connection.execute(
        text(
            "SELECT p.inc, p.number, p.id FROM package_id p JOIN incarnation i ON i.inc = p.inc "
            "WHERE i.unit = :u AND p.number > i.number - :n ORDER BY p.inc, p.number DESC"
        ),
        {"u": unit, "n": LAST_IDS},
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        found.setdefault(bytes(row.inc).hex(), []).append((int(row.number), bytes(row.id).hex()))
    return found


def take_acknowledgement(work: Work, manifest: Manifest, peer: Peer, own: bytes) -> tuple[int, ...]:
    """Set the mark to what the peer says that it holds, and give the packages that are acknowledged by that.

    Only from the newest package of its replica: an older one changes nothing. A replica that was first heard of after
    that package was made gets a full one first.
    """
    entry = manifest.re.get(own.hex())
    inc = bytes.fromhex(manifest.incarnation)
    if entry is None or manifest.number < held_of(work.connection, inc)[1]:
        return ()
    number, id_, up_to = entry
    acknowledged = move_mark(work, own, peer.unit, number, bytes.fromhex(id_), up_to)
    since = work.connection.execute(text("SELECT since FROM incarnation WHERE inc = :i"), {"i": inc}).scalar_one()
    if number <= since:
        work.connection.execute(text("DELETE FROM ack WHERE inc = :i AND unit = :u"), {"i": own, "u": peer.unit})
    return acknowledged


def move_mark(
    work: Work, own: bytes, unit: str, number: int, id_: bytes, up_to: int, *, only_up: bool = False
) -> tuple[int, ...]:
    """The peer holds everything up to ``up_to``: remember it, and give the numbers that are acknowledged by that."""
    at = stamp_text(work)
    work.connection.execute(
        text(
            "INSERT INTO ack(inc, unit, seq, number, id, at) VALUES(:i, :u, :s, :n, :id, :at) "
            "ON CONFLICT(inc, unit) DO UPDATE SET seq = :s, number = :n, id = :id, at = :at "
            "WHERE NOT :up OR :s >= seq"
        ),
        {"i": own, "u": unit, "s": up_to, "n": number, "id": id_, "at": at, "up": only_up},
    )
    found = work.connection.execute(
        text(
            "UPDATE package_out SET acked_at = :at WHERE inc = :i AND unit = :u AND number <= :n AND acked_at IS NULL "
            "RETURNING number"
        ),
        {"at": at, "i": own, "u": unit, "n": number},
    ).scalars()
    return tuple(sorted(int(n) for n in found))


def note_receipts(work: Work, manifest: Manifest, peer: Peer, own: bytes) -> None:
    """Keep what the peer counted of this book's packages."""
    for receipt in manifest.receipts:
        if receipt.incarnation == own.hex():
            work.connection.execute(
                text("UPDATE package_out SET receipt = :r WHERE inc = :i AND number = :n AND id = :id AND unit = :u"),
                {
                    "r": msgspec.json.encode(receipt).decode(),
                    "i": own,
                    "n": receipt.number,
                    "id": bytes.fromhex(receipt.id),
                    "u": peer.unit,
                },
            )
