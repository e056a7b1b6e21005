"""What the PCs of one unit share beside the records: keys, certificate chain, units they exchange with, PC numbers.

It travels in the manifest of packages between them, sealed to the unit, and is merged so that nothing goes back: the
higher serial wins. The other PC is believed as far as it can prove what it says; a block that brings foreign keys in
is refused although it is signed by our own unit (package format, section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.state import (
    JOINING,
    Peer,
    add_keys,
    get_fact,
    key_ring,
    load_chain,
    load_keys,
    load_pins,
    peers,
    set_fact,
    store_chain,
    store_peer,
    store_pins,
)
from hoidesk.exchange.trust.certificates import Certificate, Pin
from hoidesk.exchange.trust.keys import UnitKeys, contains
from hoidesk.exchange.trust.unit_block import Proven, UnitBlock, as_dict, block_of, prove_block
from hoidesk.language import _

__all__ = ["give_number", "require_safe_sibling", "take_unit_block", "unit_block"]

PC = "pc"
HIGHEST_PC = "pcs"


def _highest(connection: Connection) -> int:
    return int(get_fact(connection, HIGHEST_PC) or get_fact(connection, PC) or "1")


def give_number(work: Work) -> None:
    """Count one more PC of the unit; it learns its number from the next block."""
    set_fact(work.connection, HIGHEST_PC, str(_highest(work.connection) + 1))


def require_safe_sibling(connection: Connection, peer: Peer) -> None:
    """UserError when the other PC of this unit only has keys that were replaced: whoever stole those would read the new
    ones in the block. It is invited again and answers with passing keys."""
    keys = load_keys(connection)
    if peer.relation != "sibling" or keys is None:
        return
    if peer.certificate.keys in [k.public for k in key_ring(connection) if k.public != keys.public]:
        raise UserError(
            "siblings.old_keys",
            _("This unit has new keys. Invite its other PC once more, so that it gets them safely."),
        )


def unit_block(connection: Connection) -> dict[str, Any]:
    """What another PC of this unit needs, JSON-able; it holds the secret keys and goes nowhere but into a package that
    is sealed to this unit. Keys that nobody certified yet stay here."""
    keys, chain = load_keys(connection), load_chain(connection)
    if keys is None or not chain:
        raise UserError("siblings.no_keys", _("This unit has no keys yet. Invite the other PC first."))
    rows = connection.execute(
        text(
            "SELECT seed, identity FROM unit_key WHERE number > 0 AND number <= "
            "(SELECT number FROM unit_key WHERE seed = :s AND identity = :i) ORDER BY number"
        ),
        {"s": keys.seed, "i": keys.identity},
    )
    own = chain[0].unit
    return as_dict(
        block_of(
            [UnitKeys(seed=bytes(r.seed), identity=str(r.identity)) for r in rows],
            chain,
            [p for p in peers(connection) if p.relation != "sibling"],
            {unit: pin for unit, pin in load_pins(connection).items() if contains(own, unit)},
            _highest(connection),
        )
    )


def take_unit_block(work: Work, block: Mapping[str, Any]) -> None:
    """Merge what the other PC of this unit sent, in the transaction of its package; the order of blocks is all one.

    Raises EnvError ``siblings.malformed`` for a block that breaks the shape and ``siblings.foreign`` for one that names
    keys or units which it cannot prove to be this unit's.
    """
    connection = work.connection
    proven = prove_block(
        block,
        own=work.unit.code,
        ring=key_ring(connection),
        pins=load_pins(connection),
        present=load_chain(connection),
    )
    ring = key_ring(connection)
    for keys in proven.keys:
        if keys not in ring:
            add_keys(work, keys)
    _merge_chain(work, proven)
    _merge_pins(work, proven)
    _merge_peers(work, proven)
    _merge_numbers(connection, proven.block)


def _merge_chain(work: Work, proven: Proven) -> None:
    def rank(chain: tuple[Certificate, ...]) -> tuple[list[int], list[str]]:
        return [c.serial for c in chain], [c.text for c in chain]

    present = load_chain(work.connection)
    if not present or rank(proven.chain) > rank(present):
        store_chain(work.connection, proven.chain)


def _merge_pins(work: Work, proven: Proven) -> None:
    def rank(pin: Pin) -> tuple[int, bytes]:
        return pin.serial, pin.sign

    present = load_pins(work.connection)
    for unit, pin in proven.pins.items():
        if unit not in present or rank(pin) > rank(present[unit]):
            store_pins(work.connection, {unit: pin})


def _merge_peers(work: Work, proven: Proven) -> None:
    def rank(certificate: Certificate) -> tuple[int, bytes, str]:
        return certificate.serial, certificate.keys.sign, certificate.text

    connection = work.connection
    present = {p.unit: p for p in peers(connection)}
    for entry in proven.peers:
        known = present.get(entry.unit)
        if known is None or rank(entry.certificate) > rank(known.certificate):
            store_peer(work, entry.certificate, entry.relation, entry.scope, entry.link)
        elif known.link is None and known.certificate.text == entry.certificate.text and entry.link is not None:
            connection.execute(text("UPDATE peer SET link = :l WHERE unit = :u"), {"l": entry.link, "u": entry.unit})
    _open_link(connection)


def _open_link(connection: Connection) -> None:
    """The secret shared with the superior lies in the unit's own certificate."""
    keys, chain = load_keys(connection), load_chain(connection)
    link = keys.open(chain[0].link) if keys is not None and chain and chain[0].link else None
    if link is not None:
        connection.execute(text("UPDATE peer SET link = :l WHERE relation = 'superior'"), {"l": link})


def _merge_numbers(connection: Connection, block: UnitBlock) -> None:
    highest = max(_highest(connection), block.pcs)
    if get_fact(connection, JOINING) is not None:
        set_fact(connection, PC, str(block.pcs))
        connection.execute(text("DELETE FROM exchange_state WHERE name = :n"), {"n": JOINING})
    set_fact(connection, HIGHEST_PC, str(highest))
