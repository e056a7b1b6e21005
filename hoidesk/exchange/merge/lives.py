"""Other replicas as this book knows them: whose they are, how far it holds them, and whose word counts about them.

A vector entry is only true within the scope of the link that it came by, so it is taken along the tree alone: from a
subordinate unit about replicas in its subtree, from another PC of this unit about all, from the superior about
everything outside this book's own subtree, and about former lives of this book, when it knows the present one and no
other PC of the unit could be meant (package format, section 10).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from hoidesk.book.work import Work
from hoidesk.errors import EnvError
from hoidesk.exchange.merge.frame import Frame
from hoidesk.exchange.packages.stream import Manifest
from hoidesk.exchange.state import Peer
from hoidesk.exchange.trust.keys import contains
from hoidesk.language import _

__all__ = ["fork", "hearsay", "holdings", "related_to", "remember_replicas", "take_holdings", "take_vector", "units_of"]


def fork(peer: Peer) -> EnvError:
    """Two replicas use one identity; the one whose package came second is refused until it was mended."""
    return EnvError(
        "package.fork",
        _(
            "Two PCs use one identity: “{unit}”. Give that unit its next package: its program then offers to mend."
        ).format(unit=peer.name),
    )


def units_of(connection: Connection, own: bytes, code: str) -> dict[str, str]:
    """Whose each known incarnation (hex) is."""
    known = {bytes(r.inc).hex(): str(r.unit) for r in connection.execute(text("SELECT inc, unit FROM incarnation"))}
    return known | {own.hex(): code}


def last_made(connection: Connection, own: bytes) -> int:
    """The number of this book's newest package, 0 before the first."""
    found = connection.execute(text("SELECT max(number) FROM package_out WHERE inc = :i"), {"i": own}).scalar()
    return int(found or 0)


def related_to(units: dict[str, str], peer: Peer) -> dict[str, str]:
    """The replicas that a peer may hear of, with their units: those in its subtree and those above it, and for another
    PC of this unit all."""
    if peer.relation == "sibling":
        return units
    return {inc: unit for inc, unit in units.items() if contains(peer.unit, unit) or contains(unit, peer.unit)}


def _credible(claimed: str, peer: Peer, subtree: str) -> bool:
    """Whether the peer may say that a replica is this unit's: below it, or anywhere when it stands above or is us."""
    return peer.relation != "subordinate" or contains(subtree, claimed)


def remember_replicas(work: Work, manifest: Manifest, peer: Peer, subtree: str, own: bytes) -> None:
    """Whose the replicas in a package are; nobody sends in the name of another unit's replica.

    A sender that was never heard of is a new life of its unit, or another PC. It may lack what its unit once
    acknowledged, and what was left out because that one had written it: the mark falls, and only packages that are made
    from now on count for it.
    """
    inc = bytes.fromhex(manifest.incarnation)
    known = work.connection.execute(text("SELECT unit, id FROM incarnation WHERE inc = :i"), {"i": inc}).first()
    # One that so far only stood in the vector of another unit was never heard of by itself: it proves no fork.
    if known is not None and known.unit != peer.unit and known.id is not None:
        raise fork(peer)
    if known is None or known.id is None:
        others = work.connection.execute(
            text("SELECT 1 FROM incarnation WHERE unit = :u AND id IS NOT NULL"), {"u": peer.unit}
        ).first()
        work.connection.execute(text("DELETE FROM ack WHERE unit = :u"), {"u": peer.unit})
        work.connection.execute(
            text(
                "INSERT INTO incarnation(inc, unit, since, follows) VALUES(:i, :u, :s, :f) "
                "ON CONFLICT(inc) DO UPDATE SET unit = excluded.unit, since = excluded.since, "
                "follows = excluded.follows"
            ),
            {
                "i": inc,
                "u": peer.unit,
                "s": 0 if others is None else last_made(work.connection, own),
                "f": bytes.fromhex(manifest.split) or None,
            },
        )
    for replica in {*manifest.vector, *manifest.units}:
        claimed = manifest.units.get(replica, peer.unit)
        if bytes.fromhex(replica) != own and _credible(claimed, peer, subtree):
            work.connection.execute(
                text("INSERT OR IGNORE INTO incarnation(inc, unit) VALUES(:i, :u)"),
                {"i": bytes.fromhex(replica), "u": claimed},
            )


def take_vector(
    connection: Connection, frame: Frame, units: dict[str, str], own: str, code: str, *, known: bool
) -> None:
    """Merge the sender's vector, in the transaction that applied its rows, as far as its word counts.

    ``known``: the sender had heard of this life of the book. Before that it leaves out what a former life wrote.
    """
    connection.execute(
        text(
            "INSERT INTO hearsay(inc, unit, hlc) VALUES(:i, :u, :h) "
            "ON CONFLICT(inc, unit) DO UPDATE SET hlc = max(hlc, :h)"
        ),
        [{"i": bytes.fromhex(inc), "u": frame.unit, "h": hlc} for inc, hlc in frame.seen.items()],
    )
    alone = known and connection.execute(text("SELECT 1 FROM peer WHERE relation = 'sibling'")).first() is None
    for inc, hlc in frame.seen.items():
        unit = units.get(inc)
        if inc == own or unit is None or not _counts(frame, unit, code, alone):
            continue
        connection.execute(
            text("INSERT INTO vector(inc, hlc) VALUES(:i, :h) ON CONFLICT(inc) DO UPDATE SET hlc = max(hlc, :h)"),
            {"i": bytes.fromhex(inc), "h": hlc},
        )


def hearsay(connection: Connection) -> dict[str, dict[str, int]]:
    """What each peer said that it has seen: unit → incarnation (hex) → clock."""
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(text("SELECT inc, unit, hlc FROM hearsay")):
        found.setdefault(str(row.unit), {})[bytes(row.inc).hex()] = int(row.hlc)
    return found


def _counts(frame: Frame, unit: str, code: str, alone: bool) -> bool:
    if frame.sibling:
        return True
    if frame.superior:
        return not contains(code, unit) or (alone and unit == code)
    return contains(frame.subtree, unit)


def take_holdings(work: Work, manifest: Manifest, own: bytes) -> None:
    """Another PC of this unit gives everything that it has: what it holds of other replicas, this book holds now.

    A replica of which both PCs know different packages under one number is two: nothing that its vector claims is
    believed any more, and every field of it is compared by stamp.
    """
    connection = work.connection
    for inc, (number, id_, held) in manifest.holds.items():
        raw, name = bytes.fromhex(inc), bytes.fromhex(id_)
        if raw == own or number == 0:
            continue
        known = connection.execute(
            text("SELECT id FROM package_id WHERE inc = :i AND number = :n"), {"i": raw, "n": number}
        ).scalar()
        if known is not None and bytes(known) != name:
            connection.execute(text("DELETE FROM vector WHERE inc = :i"), {"i": raw})
            continue
        connection.execute(
            text("INSERT OR IGNORE INTO package_id(inc, number, id) VALUES(:i, :n, :id)"),
            {"i": raw, "n": number, "id": name},
        )
        connection.execute(
            text(
                "UPDATE incarnation SET held = max(held, :h), id = CASE WHEN :n > number THEN :id ELSE id END, "
                "number = max(number, :n) WHERE inc = :i"
            ),
            {"h": held, "n": number, "id": name, "i": raw},
        )


def holdings(connection: Connection) -> dict[str, tuple[int, str, int]]:
    """For another PC of this unit: number, id and mark of the last package of every replica of other units."""
    rows = connection.execute(text("SELECT inc, number, id, held FROM incarnation WHERE id IS NOT NULL"))
    return {bytes(r.inc).hex(): (int(r.number), bytes(r.id).hex(), int(r.held)) for r in rows}
