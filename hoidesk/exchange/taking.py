"""Taking over one verified package: is it the next one, what does it acknowledge, merge it, remember it.

All of it happens in the one transaction of the caller; a refusal leaves the book as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import msgspec
from sqlalchemy import text

from hoidesk.book.clock import trust_until
from hoidesk.book.work import Work
from hoidesk.errors import EnvError
from hoidesk.exchange.certificates import raised_pins
from hoidesk.exchange.frame import Counts, Frame
from hoidesk.exchange.merging import Merge
from hoidesk.exchange.reading import OpenPackage
from hoidesk.exchange.state import Peer, load_pins, peers, stamp_text, store_pins
from hoidesk.exchange.stream import Manifest, read_clock
from hoidesk.language import _

__all__ = ["Taken", "take"]

State = Literal["merged", "duplicate", "superseded", "waiting"]


@dataclass(slots=True)
class Taken:
    """What became of a package. ``missing``: the number of the package that must come first; ``acknowledged``: my
    packages that the sender now has."""

    state: State
    peer: Peer
    counts: Counts = field(default_factory=Counts)
    reasons: tuple[str, ...] = ()
    missing: int | None = None
    why: Literal["", "gap", "clock"] = ""
    acknowledged: tuple[int, ...] = ()


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
    known = _known(work, manifest, peer)
    if known is not None:
        return known
    held, highest = _held(work, manifest)
    if manifest.number < highest and manifest.end <= held:
        return Taken("superseded", peer)
    if manifest.start > held:
        return Taken("waiting", peer, missing=manifest.after[0] if manifest.after else None, why="gap")
    state = work.connection.execute(text("SELECT hlc, cap, inc FROM clock_state")).one()
    vector = {inc: read_clock(clock) for inc, clock in manifest.vector.items()}
    own = bytes(state.inc).hex()
    if vector.get(own, 0) > state.hlc:
        raise _rewound(peer)
    if max(vector.values(), default=0) >> 16 > state.cap:
        return Taken("waiting", peer, why="clock")
    return _merge(work, package, peer, vector, own, digits, progress)


def _merge(
    work: Work,
    package: OpenPackage,
    peer: Peer,
    vector: dict[str, int],
    own: str,
    digits: str,
    progress: Callable[[int], None],
) -> Taken:
    manifest, signer = package.manifest, package.verified.signer
    _remember_replicas(work, manifest, peer)
    units = {
        bytes(r.inc).hex(): str(r.unit) for r in work.connection.execute(text("SELECT inc, unit FROM incarnation"))
    } | {own: work.unit.code}
    merge = Merge(work, units)
    mine = {bytes(r.inc).hex(): int(r.hlc) for r in work.connection.execute(text("SELECT inc, hlc FROM vector"))}
    frame = Frame(
        inc=manifest.incarnation,
        number=manifest.number,
        unit=peer.unit,
        subtree=signer.subtree,
        superior=peer.is_superior,
        seen=vector,
        mine=mine | {own: merge.hlc},
    )
    _store(work, manifest, peer, frame, digits)
    merge.rows(frame, package.rows(), progress)
    merge.finish(frame)
    acknowledged = _acknowledge(work, manifest, peer, own)
    _note_receipts(work, manifest, peer, own)
    _finish(work, manifest, merge)
    pins = load_pins(work.connection)
    store_pins(work.connection, raised_pins(pins, package.verified.chain, package.verified.anchor))
    work.connection.execute(
        text("UPDATE peer SET certificate = :c WHERE unit = :u"), {"c": signer.text, "u": peer.unit}
    )
    trust_until(work.connection, manifest.at)
    work.connection.execute(text("UPDATE op SET kind = 'import' WHERE id = :o"), {"o": work.op})
    return Taken("merged", peer, merge.counts, tuple(merge.aside.reasons), acknowledged=acknowledged)


def _claimed(manifest: Manifest) -> dict[int, bytes]:
    """Number → id of the package itself and of those that it names before it."""
    named = {manifest.number - 1 - k: bytes.fromhex(id_) for k, id_ in enumerate(manifest.ids)}
    return named | {manifest.number: bytes.fromhex(manifest.id)}


def _fork(peer: Peer) -> EnvError:
    return EnvError(
        "package.fork",
        _("Two PCs use one identity: “{unit}”. On one of them, back the book up and restore the backup.").format(
            unit=peer.name
        ),
    )


def _known(work: Work, manifest: Manifest, peer: Peer) -> Taken | None:
    """A package that was here before is a duplicate; another package under a number that I know is a fork."""
    inc = bytes.fromhex(manifest.incarnation)
    claimed = _claimed(manifest)
    rows = work.connection.execute(text("SELECT number, id FROM package_id WHERE inc = :i"), {"i": inc}).all()
    if any(claimed.get(int(r.number), bytes(r.id)) != bytes(r.id) for r in rows):
        raise _fork(peer)
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


def _held(work: Work, manifest: Manifest) -> tuple[int, int]:
    row = work.connection.execute(
        text("SELECT unit, held, number FROM incarnation WHERE inc = :i"), {"i": bytes.fromhex(manifest.incarnation)}
    ).first()
    return (0, 0) if row is None else (int(row.held), int(row.number))


def _rewound(peer: Peer) -> EnvError:
    # A restored backup begins a new life, so that way out is always open.
    return EnvError(
        "package.rewound",
        _("{unit} holds newer records of this book than it has itself. Back it up and restore the backup.").format(
            unit=peer.name
        ),
    )


def _remember_replicas(work: Work, manifest: Manifest, peer: Peer) -> None:
    """Through which unit each replica became known; nobody sends in the name of another unit's replica."""
    inc = bytes.fromhex(manifest.incarnation)
    known = work.connection.execute(text("SELECT unit, id FROM incarnation WHERE inc = :i"), {"i": inc}).first()
    own = work.connection.execute(text("SELECT inc FROM clock_state")).scalar_one()
    stranger = known is None or known.unit != peer.unit
    # One that so far only stood in the vector of another unit was never heard of by itself: it proves no fork.
    if inc == bytes(own) or (known is not None and stranger and known.id is not None):
        raise _fork(peer)
    if stranger:
        # A new life of the unit, after a restored backup for example: it may have lost what it once acknowledged.
        work.connection.execute(text("DELETE FROM ack WHERE unit = :u"), {"u": peer.unit})
        work.connection.execute(
            text(
                "INSERT INTO incarnation(inc, unit) VALUES(:i, :u) ON CONFLICT(inc) DO UPDATE SET unit = excluded.unit"
            ),
            {"i": inc, "u": peer.unit},
        )
    for replica in manifest.vector:
        if bytes.fromhex(replica) != bytes(own):
            work.connection.execute(
                text("INSERT OR IGNORE INTO incarnation(inc, unit) VALUES(:i, :u)"),
                {"i": bytes.fromhex(replica), "u": peer.unit},
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


def _finish(work: Work, manifest: Manifest, merge: Merge) -> None:
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


def _acknowledge(work: Work, manifest: Manifest, peer: Peer, own: str) -> tuple[int, ...]:
    """Move my mark to what the peer says that it holds; only from the newest package of its replica."""
    entry = manifest.re.get(own)
    if entry is None or manifest.number < _held(work, manifest)[1]:
        return ()
    number, id_, up_to = entry
    made = work.connection.execute(
        text("SELECT id, unit, last FROM package_out WHERE inc = :i AND number = :n"),
        {"i": bytes.fromhex(own), "n": number},
    ).first()
    if made is None or bytes(made.id).hex() != id_ or made.unit != peer.unit or made.last != up_to:
        raise _rewound(peer)
    return move_mark(work, own, peer.unit, number, bytes(made.id), int(made.last))


def move_mark(work: Work, own: str, unit: str, number: int, id_: bytes, up_to: int) -> tuple[int, ...]:
    """The peer holds everything up to ``up_to``: remember it, and give the numbers that are acknowledged by that."""
    at = stamp_text(work)
    inc = bytes.fromhex(own)
    work.connection.execute(
        text(
            "INSERT INTO ack(inc, unit, seq, number, id, at) VALUES(:i, :u, :s, :n, :id, :at) "
            "ON CONFLICT(inc, unit) DO UPDATE SET seq = :s, number = :n, id = :id, at = :at WHERE :s >= seq"
        ),
        {"i": inc, "u": unit, "s": up_to, "n": number, "id": id_, "at": at},
    )
    found = work.connection.execute(
        text(
            "UPDATE package_out SET acked_at = :at WHERE inc = :i AND unit = :u AND number <= :n AND acked_at IS NULL "
            "RETURNING number"
        ),
        {"at": at, "i": inc, "u": unit, "n": number},
    ).scalars()
    return tuple(sorted(int(n) for n in found))


def _note_receipts(work: Work, manifest: Manifest, peer: Peer, own: str) -> None:
    for receipt in manifest.receipts:
        if receipt.incarnation == own:
            work.connection.execute(
                text("UPDATE package_out SET receipt = :r WHERE inc = :i AND number = :n AND id = :id AND unit = :u"),
                {
                    "r": msgspec.json.encode(receipt).decode(),
                    "i": bytes.fromhex(own),
                    "n": receipt.number,
                    "id": bytes.fromhex(receipt.id),
                    "u": peer.unit,
                },
            )
