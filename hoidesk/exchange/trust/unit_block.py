"""The block that the PCs of one unit send each other: its shape with its caps, and what of it is believed.

Every certificate in it must be proven: the unit's chain by what this book knows above it, a subordinate's by one of the
unit's own keys, the superior's by its known key or by the unit above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec
import pyrage

from hoidesk.errors import EnvError, Refusal
from hoidesk.exchange.packages.canonical import NotCanonical, from_base64, to_base64
from hoidesk.exchange.state import Peer
from hoidesk.exchange.trust.certificates import (
    MAX_CERTIFICATE,
    MAX_CHAIN,
    Certificate,
    Pin,
    pins_of,
    read_chain,
    verify_chain,
)
from hoidesk.exchange.trust.keys import LINK_SECRET_BYTES, PublicKeys, UnitKeys, contains
from hoidesk.language import _

__all__ = ["Proven", "UnitBlock", "as_dict", "block_of", "prove_block"]

MAX_KEYS: Final = 64
MAX_PEERS: Final = 500
MAX_SERIAL: Final = 1_000_000

Text = Annotated[str, msgspec.Meta(max_length=200)]
CertificateText = Annotated[str, msgspec.Meta(max_length=MAX_CERTIFICATE)]


class KeyEntry(msgspec.Struct, frozen=True):
    """One pair of secret keys of the unit."""

    seed: Text
    identity: Text

    def __repr__(self) -> str:
        """Without the secrets."""
        return "KeyEntry()"


class PeerEntry(msgspec.Struct, frozen=True):
    """A unit above or below: its certificate as last accepted, what it may see, and the shared secret of the paper
    receipt for one below."""

    certificate: CertificateText
    relation: Literal["superior", "subordinate"]
    scope: Text
    link: Text = ""

    def __repr__(self) -> str:
        """Without the secret."""
        return f"PeerEntry({self.relation})"


class PinEntry(msgspec.Struct, frozen=True):
    """A unit of this subtree with its key and the lowest serial that is still accepted."""

    unit: Text
    sign: Text
    subtree: Text
    serial: Annotated[int, msgspec.Meta(ge=0, le=MAX_SERIAL)]


class UnitBlock(msgspec.Struct, frozen=True):
    """The whole block. Keys that a later program adds are ignored by this one; ``pcs`` is the highest PC number."""

    keys: Annotated[list[KeyEntry], msgspec.Meta(min_length=1, max_length=MAX_KEYS)]
    chain: Annotated[list[CertificateText], msgspec.Meta(min_length=1, max_length=MAX_CHAIN)]
    peers: Annotated[list[PeerEntry], msgspec.Meta(max_length=MAX_PEERS)]
    pins: Annotated[list[PinEntry], msgspec.Meta(max_length=MAX_PEERS + MAX_CHAIN)]
    pcs: Annotated[int, msgspec.Meta(ge=1, le=999)]


def block_of(
    keys: Sequence[UnitKeys], chain: Sequence[Certificate], peers: Sequence[Peer], pins: Mapping[str, Pin], pcs: int
) -> UnitBlock:
    """The block with these values; ``keys`` oldest first."""
    return UnitBlock(
        keys=[KeyEntry(to_base64(k.seed), k.identity) for k in keys],
        chain=[c.text for c in chain],
        peers=[
            PeerEntry(p.certificate.text, p.relation, p.scope, to_base64(p.link or b""))  # type: ignore[arg-type]
            for p in peers
        ],
        pins=[PinEntry(unit, to_base64(pin.sign), pin.subtree, pin.serial) for unit, pin in pins.items()],
        pcs=pcs,
    )


def as_dict(block: UnitBlock) -> dict[str, Any]:
    """The block as JSON-able values."""
    shown: dict[str, Any] = msgspec.to_builtins(block)
    return shown


@dataclass(frozen=True, slots=True)
class ProvenPeer:
    """A unit above or below whose certificate is proven."""

    certificate: Certificate
    relation: str
    scope: str
    link: bytes | None

    @property
    def unit(self) -> str:
        """Its code."""
        return self.certificate.unit


@dataclass(frozen=True, slots=True)
class Proven:
    """A block of which everything is proven; what is older than this book's own is left out."""

    block: UnitBlock
    keys: tuple[UnitKeys, ...]
    chain: tuple[Certificate, ...]
    pins: dict[str, Pin]
    peers: tuple[ProvenPeer, ...]


def _malformed() -> EnvError:
    return EnvError(
        "siblings.malformed",
        _("The keys in the package of the unit's other PC cannot be read. Write that package again."),
    )


def _foreign() -> EnvError:
    return EnvError(
        "siblings.foreign",
        _("The package of the unit's other PC brings keys that nobody proves. Enrol this PC with it again."),
    )


def prove_block(
    block: Mapping[str, Any],
    *,
    own: str,
    ring: Sequence[UnitKeys],
    pins: Mapping[str, Pin],
    present: Sequence[Certificate],
) -> Proven:
    """Judge a block against what this book knows; raises EnvError ``siblings.malformed`` or ``siblings.foreign``."""
    try:
        shape = msgspec.convert(dict(block), UnitBlock, strict=True)
        keys = tuple(_keys(entry) for entry in shape.keys)
        chain = read_chain(shape.chain)
        read = [(entry, read_chain([entry.certificate])[0]) for entry in shape.peers]
        secrets = [from_base64(entry.link) for entry in shape.peers]
        said = {e.unit: Pin(from_base64(e.sign, size=32), e.subtree, e.serial) for e in shape.pins}
    except (msgspec.ValidationError, NotCanonical, Refusal, UnicodeError):
        raise _malformed() from None
    if any(len(link) not in (0, LINK_SECRET_BYTES) for link in secrets):
        raise _malformed()
    above = _prove_chain(chain, own, keys, pins)
    known = {**pins, **above}
    ours = [k.public for k in (*ring, *keys)]
    found = [
        ProvenPeer(certificate, entry.relation, entry.scope, link or None)
        for (entry, certificate), link in zip(read, secrets, strict=True)
        if _prove_peer(entry.relation, certificate, own, ours, known)
    ]
    below = _prove_pins(said, own, keys, found, pins)
    superiors = {
        p.unit: Pin(p.certificate.keys.sign, p.certificate.subtree, p.certificate.serial)
        for p in found
        if p.relation == "superior"
    }
    older = bool(present) and chain[0].serial < present[0].serial
    return Proven(shape, keys, tuple(present) if older else chain, above | superiors | below, tuple(found))


def _keys(entry: KeyEntry) -> UnitKeys:
    try:
        keys = UnitKeys(seed=from_base64(entry.seed, size=32), identity=entry.identity)
        pyrage.x25519.Identity.from_str(entry.identity)
    except pyrage.IdentityError:
        raise NotCanonical("identity") from None
    return keys


def _prove_chain(
    chain: tuple[Certificate, ...], own: str, keys: Sequence[UnitKeys], pins: Mapping[str, Pin]
) -> dict[str, Pin]:
    """The pins that the unit's chain gives; parts that are older than known are left out."""
    if chain[0].unit != own or chain[0].keys not in [k.public for k in keys]:
        raise _foreign()
    given = pins_of(chain)
    if len(given) != len(chain):
        raise _foreign()
    for position, certificate in enumerate(chain):
        pin = pins.get(certificate.unit)
        if pin is None:
            continue
        if certificate.serial < pin.serial:
            del given[certificate.unit]
            continue
        try:
            verify_chain(chain[position:], pins)
        except Refusal:
            raise _foreign() from None
    return given


def _prove_peer(
    relation: str, certificate: Certificate, own: str, ours: Sequence[PublicKeys], pins: Mapping[str, Pin]
) -> bool:
    """Whether a peer's certificate is news; raises EnvError when it is nobody's proof."""
    if relation == "subordinate":
        proper = (
            certificate.issuer == own != certificate.unit
            and contains(own, certificate.unit)
            and certificate.subtree == certificate.unit
            and any(certificate.signed_by(key) for key in ours)
        )
        if not proper:
            raise _foreign()
        return True
    pin = pins.get(certificate.unit)
    if pin is None or certificate.unit == own or not contains(certificate.subtree, own):
        raise _foreign()
    if certificate.serial < pin.serial:
        return False
    if certificate.keys.sign == pin.sign and certificate.subtree == pin.subtree:
        return True
    issuer = pins.get(certificate.issuer)
    by_issuer = issuer is not None and certificate.signed_by(PublicKeys(issuer.sign, certificate.keys.age))
    if certificate.is_root or not by_issuer or certificate.serial == pin.serial:
        raise _foreign()
    return True


def _prove_pins(
    said: Mapping[str, Pin],
    own: str,
    keys: Sequence[UnitKeys],
    peers: Sequence[ProvenPeer],
    pins: Mapping[str, Pin],
) -> dict[str, Pin]:
    """The pins of the block's subtree: each by one of the unit's keys, or by the certificate of that subordinate."""
    certified = {p.unit: p.certificate for p in peers if p.relation == "subordinate"}
    for unit, pin in said.items():
        if unit == own:
            proper = pin.subtree == own and any(k.public.sign == pin.sign for k in keys)
        else:
            known, shown = pins.get(unit), certified.get(unit)
            proper = contains(own, unit) and pin.subtree == unit
            proper = proper and (
                (shown is not None and shown.keys.sign == pin.sign and pin.serial <= shown.serial)
                or (known is not None and known.sign == pin.sign and pin.serial <= known.serial)
            )
        if not proper:
            raise _foreign()
    return {unit: pin for unit, pin in said.items() if unit != own}
