"""Taking over one verified package: is it the next one, what does it acknowledge, merge it, remember it.

All of it happens in the one transaction of the caller; a refusal leaves the book as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import text

from hoidesk.book.clock import latest_believable, trust_until
from hoidesk.book.work import Work
from hoidesk.errors import EnvError
from hoidesk.exchange.merge.frame import Counts, Frame
from hoidesk.exchange.merge.lives import fork, hearsay, remember_replicas, take_holdings, take_vector, units_of
from hoidesk.exchange.merge.marks import (
    common_until,
    contradicts,
    held_of,
    note_receipts,
    own_incarnation,
    take_acknowledgement,
)
from hoidesk.exchange.merge.mending import note_need
from hoidesk.exchange.merge.merging import Merge
from hoidesk.exchange.packages.reading import OpenPackage
from hoidesk.exchange.packages.stream import Manifest, read_clock
from hoidesk.exchange.state import Peer, load_pins, peers, stamp_text, store_pins
from hoidesk.exchange.trust.certificates import raised_pins
from hoidesk.exchange.trust.renewal import keep_certificate, take_renewed
from hoidesk.exchange.trust.siblings import take_unit_block
from hoidesk.language import _

__all__ = ["Taken", "take"]

State = Literal["merged", "duplicate", "superseded", "waiting"]


@dataclass(slots=True)
class Taken:
    """What became of a package.

    ``missing``: the number of the package that must come first; ``why`` it waits: a gap, a wrong date, or this book
    that has to be mended first; ``acknowledged``: my packages that the sender now has; ``split``: its book was put
    back, copied or split from a twin, and this is the first package of its new life.
    """

    state: State
    peer: Peer
    counts: Counts = field(default_factory=Counts)
    reasons: tuple[str, ...] = ()
    missing: int | None = None
    why: Literal["", "gap", "clock", "mend"] = ""
    acknowledged: tuple[int, ...] = ()
    split: bool = False


def take(work: Work, package: OpenPackage, *, digits: str, progress: Callable[[int], None]) -> Taken:
    """Judge and merge a package in the transaction of ``work``; raises EnvError ``package.…`` to refuse it."""
    manifest, signer = package.manifest, package.verified.signer
    peer = next((p for p in peers(work.connection) if p.unit == signer.unit), None)
    if peer is None:
        raise EnvError(
            "package.stranger",
            _("{unit} is not enrolled with this book. Enrol it first, or hand the file to its superior.").format(
                unit=signer.unit
            ),
        )
    own = own_incarnation(work.connection)
    vector = {inc: read_clock(clock) for inc, clock in manifest.vector.items()}
    return _judged(work, manifest, peer, vector, own) or _merge(work, package, peer, vector, own, digits, progress)


# Is it the next one


def _judged(work: Work, manifest: Manifest, peer: Peer, vector: dict[str, int], own: bytes) -> Taken | None:
    """What becomes of a package that is not merged now; None when it is the next one."""
    known = _known(work, manifest, peer, own)
    if known is not None:
        return known
    held, highest = held_of(work.connection, bytes.fromhex(manifest.incarnation))
    if manifest.number <= highest and manifest.end <= held:
        return Taken("superseded", peer)
    if manifest.start > held:
        return Taken("waiting", peer, missing=manifest.after[0] if manifest.after else None, why="gap")
    hlc = int(work.connection.execute(text("SELECT hlc FROM clock_state")).scalar_one())
    # Before anything is merged: a package that proves a twin or a rewind of this book must not lift its vector.
    if contradicts(work.connection, manifest, peer, own):
        note_need(work, "fork", peer.unit, common_until(work.connection, manifest.known.get(own.hex(), []), own))
        return Taken("waiting", peer, why="mend")
    if vector.get(own.hex(), 0) > hlc:
        note_need(work, "rewound", peer.unit, common_until(work.connection, manifest.known.get(own.hex(), []), own))
        return Taken("waiting", peer, why="mend")
    if max(vector.values(), default=0) >> 16 > latest_believable(work.connection, manifest.at):
        return _ahead(work, manifest, peer)
    return None


def _ahead(work: Work, manifest: Manifest, peer: Peer) -> Taken:
    """A package from far in the future waits; once its book was mended the first full package of that life holds all
    that is in it."""
    later = work.connection.execute(
        text("SELECT 1 FROM incarnation WHERE follows = :i AND id IS NOT NULL"),
        {"i": bytes.fromhex(manifest.incarnation)},
    ).first()
    return Taken("waiting", peer, why="clock") if later is None else Taken("superseded", peer)


def _claimed(manifest: Manifest) -> dict[int, bytes]:
    """Number → id of the package itself and of those that it names before it."""
    named = {manifest.number - 1 - k: bytes.fromhex(id_) for k, id_ in enumerate(manifest.ids)}
    return named | {manifest.number: bytes.fromhex(manifest.id)}


def _known(work: Work, manifest: Manifest, peer: Peer, own: bytes) -> Taken | None:
    """A package that was here before is a duplicate; another package under a number that I know is a fork."""
    inc = bytes.fromhex(manifest.incarnation)
    claimed = _claimed(manifest)
    if inc == own:
        return _of_ourselves(work, manifest, peer, own)
    rows = work.connection.execute(text("SELECT number, id FROM package_id WHERE inc = :i"), {"i": inc}).all()
    if any(claimed.get(int(r.number), bytes(r.id)) != bytes(r.id) for r in rows):
        raise fork(peer)
    here = work.connection.execute(
        text("SELECT 1 FROM package_in WHERE inc = :i AND number = :n"), {"i": inc, "n": manifest.number}
    ).first()
    if here is None:
        return None
    # The sender did not get the receipt: it is written once more.
    work.connection.execute(
        text("UPDATE package_in SET told = NULL WHERE inc = :i AND number = :n"), {"i": inc, "n": manifest.number}
    )
    return Taken("duplicate", peer)


def _of_ourselves(work: Work, manifest: Manifest, peer: Peer, own: bytes) -> Taken:
    """A package under this book's own identity: one that it wrote for the other PC of its unit, or a twin's."""
    made = work.connection.execute(
        text("SELECT id FROM package_out WHERE inc = :i AND number = :n"), {"i": own, "n": manifest.number}
    ).scalar()
    if made is not None and bytes(made).hex() == manifest.id:
        raise EnvError("package.own", _("This PC wrote this package itself. Carry it to the other PC."))
    if peer.relation != "sibling":
        raise fork(peer)
    named = [(number, id_.hex()) for number, id_ in _claimed(manifest).items()]
    note_need(work, "fork", peer.unit, common_until(work.connection, named, own))
    return Taken("waiting", peer, why="mend")


# Taking it over


def _merge(
    work: Work,
    package: OpenPackage,
    peer: Peer,
    vector: dict[str, int],
    own: bytes,
    digits: str,
    progress: Callable[[int], None],
) -> Taken:
    manifest, signer = package.manifest, package.verified.signer
    first = held_of(work.connection, bytes.fromhex(manifest.incarnation))[1] == 0
    remember_replicas(work, manifest, peer, signer.subtree, own)
    merge = Merge(work, units_of(work.connection, own, work.unit.code))
    mine = {bytes(r.inc).hex(): int(r.hlc) for r in work.connection.execute(text("SELECT inc, hlc FROM vector"))}
    frame = Frame(
        inc=manifest.incarnation,
        number=manifest.number,
        unit=peer.unit,
        subtree=signer.subtree,
        superior=peer.is_superior,
        seen=vector,
        mine=mine | {own.hex(): merge.hlc},
        sibling=peer.relation == "sibling",
        heard=hearsay(work.connection),
    )
    _store(work, manifest, peer, frame, digits)
    merge.rows(frame, package.rows(), progress)
    merge.finish(frame)
    known = own.hex() in manifest.units
    take_vector(work.connection, frame, merge.units, own.hex(), work.unit.code, known=known)
    acknowledged = take_acknowledgement(work, manifest, peer, own)
    note_receipts(work, manifest, peer, own)
    _remember(work, manifest, merge)
    if frame.sibling:
        take_holdings(work, manifest, own)
        if manifest.unit_block is not None:
            take_unit_block(work, manifest.unit_block)
    pins = load_pins(work.connection)
    store_pins(work.connection, raised_pins(pins, package.verified.chain, package.verified.anchor))
    keep_certificate(work, peer, signer)
    if peer.is_superior:
        take_renewed(work, manifest.renewed, package.verified.chain)
    trust_until(work.connection, manifest.at)
    work.connection.execute(text("UPDATE op SET kind = 'import' WHERE id = :o"), {"o": work.op})
    return Taken(
        "merged",
        peer,
        merge.counts,
        tuple(merge.aside.reasons),
        acknowledged=acknowledged,
        split=first and bool(manifest.split),
    )


def _store(work: Work, manifest: Manifest, peer: Peer, frame: Frame, digits: str) -> None:
    work.connection.execute(
        text(
            "INSERT INTO package_in(inc, number, id, unit, kind, first, last, at, state, digits, frame, owes) "
            "VALUES(:inc, :n, :id, :u, :k, :first, :last, :at, 'merged', :d, :frame, :owes)"
        ),
        {
            "inc": bytes.fromhex(manifest.incarnation),
            "n": manifest.number,
            "id": bytes.fromhex(manifest.id),
            "u": peer.unit,
            "k": manifest.kind,
            "first": manifest.start,
            "last": manifest.end,
            "at": stamp_text(work),
            "d": digits,
            "frame": frame.json(),
            # A package that only brings receipts is not answered, or two offices would answer each other for ever.
            "owes": int(manifest.kind != "receipt"),
        },
    )


def _remember(work: Work, manifest: Manifest, merge: Merge) -> None:
    """Which packages of this replica exist, how far it is held now, and what became of the rows."""
    inc = bytes.fromhex(manifest.incarnation)
    for number, id_ in _claimed(manifest).items():
        work.connection.execute(
            text("INSERT OR IGNORE INTO package_id(inc, number, id) VALUES(:i, :n, :id)"),
            {"i": inc, "n": number, "id": id_},
        )
    counts = merge.counts.as_dict() | {"reasons": merge.aside.reasons}
    work.connection.execute(
        text("UPDATE package_in SET counts = :c WHERE inc = :i AND number = :n"),
        {"c": json.dumps(counts, ensure_ascii=False), "i": inc, "n": manifest.number},
    )
    work.connection.execute(
        text(
            "UPDATE incarnation SET held = max(held, :held), id = CASE WHEN :n > number THEN :id ELSE id END, "
            "number = max(number, :n) WHERE inc = :i"
        ),
        {"held": manifest.end, "n": manifest.number, "id": bytes.fromhex(manifest.id), "i": inc},
    )
