"""Certificates that a unit gives again to those below it, after it got new keys itself.

The subordinate units keep their own keys, so their packages are believed as before. What the old keys and the book that
was stolen with them could still do is end: each subordinate gets a certificate by the new keys and a new link secret
for the paper receipt, inside the next package down. Until it shows that certificate, the older one stays good.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from hoidesk.book.work import Work
from hoidesk.exchange.scopes import UP
from hoidesk.exchange.state import (
    Peer,
    ensure_chain,
    load_chain,
    load_keys,
    load_pins,
    peers,
    store_chain,
    store_peer,
    store_pins,
)
from hoidesk.exchange.trust.certificates import Certificate, Pin, issue_certificate, pins_of, read_chain
from hoidesk.exchange.trust.enrolment import check_own_certificate, foreign_certificate
from hoidesk.exchange.trust.keys import new_link_secret

__all__ = ["keep_certificate", "next_serial", "renew_subordinates", "renewal_due", "renewed_chain", "take_renewed"]


def next_serial(connection: Connection, unit: str, shown: int = 0) -> int:
    """The serial of the next certificate of a unit: above its pin, what was issued last, and what it has ``shown``."""
    pin = load_pins(connection).get(unit)
    issued = next((p.certificate.serial for p in peers(connection) if p.unit == unit), 0)
    return max(pin.serial if pin else 0, issued, shown) + 1


def renew_subordinates(work: Work) -> None:
    """Issue every subordinate unit a certificate by the unit's keys in use, for its own unchanged keys."""
    keys, chain = ensure_chain(work)
    for peer in peers(work.connection):
        if peer.relation != "subordinate":
            continue
        link = new_link_secret()
        certificate = issue_certificate(
            chain[0],
            keys,
            unit=peer.unit,
            name=peer.certificate.name,
            keys=peer.certificate.keys,
            scope=UP,
            serial=next_serial(work.connection, peer.unit),
            link_secret=link,
        )
        store_peer(work, certificate, peer.relation, peer.scope, link)


def renewal_due(connection: Connection, peer: Peer) -> bool:
    """Whether a subordinate has not shown the certificate that was issued to it anew; until then the new link secret
    is known on this side only."""
    if peer.relation != "subordinate":
        return False
    pin = load_pins(connection).get(peer.unit)
    return pin is not None and peer.certificate.serial > pin.serial


def renewed_chain(connection: Connection, peer: Peer) -> list[str] | None:
    """The chain that goes to ``peer`` in its next package, None when it has its newest certificate."""
    if not renewal_due(connection, peer):
        return None
    return [c.text for c in (peer.certificate, *load_chain(connection))]


def take_renewed(work: Work, texts: Sequence[str] | None, shown: Sequence[Certificate]) -> None:
    """Take the certificate that the superior put into its package, ``shown`` being the chain that it signed with.

    One for other keys than ours, or an older one, changes nothing. Raises EnvError ``certificate.…`` when it is
    malformed or not by that superior.
    """
    if texts is None:
        return
    signer = shown[0]
    connection = work.connection
    chain, keys, present = read_chain(texts), load_keys(connection), load_chain(connection)
    if keys is None or not present or chain[0].serial <= present[0].serial or chain[0].keys != keys.public:
        return
    if chain[1:] != tuple(shown):
        raise foreign_certificate()
    link = check_own_certificate(chain, unit=work.unit.code, keys=keys, superior=signer.keys)
    store_chain(connection, chain)
    store_pins(connection, {work.unit.code: pins_of(chain)[work.unit.code]})
    connection.execute(text("UPDATE peer SET link = :l, tries = 0 WHERE unit = :u"), {"l": link, "u": signer.unit})


def keep_certificate(work: Work, peer: Peer, signer: Certificate) -> None:
    """Remember the certificate that a package showed, from now on the one to seal to; never an older one than known.

    When it is the one that was issued anew, the older serial has served.
    """
    if signer.serial < peer.certificate.serial:
        return
    pin = load_pins(work.connection).get(peer.unit)
    if peer.relation == "subordinate" and signer.text == peer.certificate.text and pin is not None:
        raised = Pin(sign=pin.sign, subtree=pin.subtree, serial=max(pin.serial, signer.serial))
        store_pins(work.connection, {peer.unit: raised})
    work.connection.execute(
        text("UPDATE peer SET certificate = :c WHERE unit = :u"), {"c": signer.text, "u": peer.unit}
    )
