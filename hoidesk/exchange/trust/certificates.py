"""Certificates: who a unit is, said by its superior; and chains of them up to a unit that the reader knows.

A certificate is two lines of text, canonical JSON and the superior's signature over it (package format, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from hoidesk.errors import EnvError
from hoidesk.exchange.packages.canonical import (
    NotCanonical,
    decode_strict,
    from_base64,
    signed_text,
    split_signed,
    to_base64,
    wire,
)
from hoidesk.exchange.trust.keys import PublicKeys, UnitKeys, contains, valid_unit_code
from hoidesk.language import _
from hoidesk.text.nfc import clean_line, is_plain_line

__all__ = [
    "Certificate",
    "Pin",
    "issue_certificate",
    "issue_root",
    "issue_sibling",
    "pins_of",
    "proves",
    "raised_pins",
    "read_certificate",
    "read_chain",
    "verify_chain",
]

CERTIFICATE_DOMAIN: Final = b"hoidesk-certificate-v1\n"
MAX_CERTIFICATE: Final = 4096
MAX_CHAIN: Final = 8
MAX_NAME: Final = 200
"""Characters of a unit's name: it is shown to officers before they trust whoever sent it."""


class CertificateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signed line of a certificate."""

    age: str
    issuer: str
    link: str
    name: str
    scope: str
    serial: int
    sign: str
    subtree: str
    unit: str
    version: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate as read: the values, and its exact text, which travels unchanged."""

    unit: str
    name: str
    subtree: str
    issuer: str
    keys: PublicKeys
    scope: str
    serial: int
    link: bytes
    text: str

    @property
    def is_root(self) -> bool:
        """Whether the unit certified itself: nobody stands above it here."""
        return self.issuer == self.unit

    @property
    def fingerprint(self) -> str:
        """The unit's 24 digits."""
        return self.keys.fingerprint(self.unit)

    def signed_by(self, keys: PublicKeys) -> bool:
        """Whether ``keys`` made this certificate."""
        line, signature = split_signed(self.text.encode("utf-8"))
        return keys.verifies(CERTIFICATE_DOMAIN, line, signature)


@dataclass(frozen=True, slots=True)
class Pin:
    """A unit that the reader knows for itself: the enrolled key and subtree, and the lowest serial still accepted."""

    sign: bytes
    subtree: str
    serial: int


def _bad() -> EnvError:
    return EnvError("certificate.malformed", _("The certificate cannot be read. Ask for a new one."))


def read_certificate(text: str) -> Certificate:
    """Parse one certificate, without judging who signed it; raises EnvError ``certificate.malformed``."""
    try:
        line, _signature = split_signed(text.encode("utf-8"))
        body = decode_strict(line, CertificateBody, limit=MAX_CERTIFICATE)
        keys = PublicKeys(sign=from_base64(body.sign, size=32), age=body.age)
        link = from_base64(body.link)
    except (NotCanonical, UnicodeEncodeError):
        raise _bad() from None
    codes = (body.unit, body.issuer, body.subtree)
    named = len(body.name) <= MAX_NAME and is_plain_line(body.name)
    if not (keys.well_formed() and all(map(valid_unit_code, codes)) and body.serial >= 0 and named):
        raise _bad()
    return Certificate(
        unit=body.unit,
        name=body.name,
        subtree=body.subtree,
        issuer=body.issuer,
        keys=keys,
        scope=body.scope,
        serial=body.serial,
        link=link,
        text=text,
    )


def read_chain(texts: Sequence[str]) -> tuple[Certificate, ...]:
    """Parse a chain, the unit's own certificate first; raises EnvError when empty, too long or malformed."""
    if not 0 < len(texts) <= MAX_CHAIN:
        raise _bad()
    return tuple(read_certificate(text) for text in texts)


def _issue(body: CertificateBody, signer: UnitKeys) -> Certificate:
    line = wire(msgspec.structs.replace(body, name=clean_line(body.name)[:MAX_NAME]))
    return read_certificate(signed_text(line, signer.sign(CERTIFICATE_DOMAIN, line)).decode("utf-8"))


def issue_certificate(
    superior: Certificate,
    signer: UnitKeys,
    *,
    unit: str,
    name: str,
    keys: PublicKeys,
    scope: str,
    serial: int,
    link_secret: bytes,
) -> Certificate:
    """Certify a unit below ``superior``; its link secret is sealed to the unit's own key.

    Raises EnvError ``certificate.subtree`` when the unit does not lie below the superior.
    """
    if unit == superior.unit or not contains(superior.subtree, unit):
        raise EnvError(
            "certificate.subtree",
            _("{unit} does not lie below {superior}, so it cannot be enrolled here.").format(
                unit=unit, superior=superior.unit
            ),
        )
    body = CertificateBody(
        age=keys.age,
        issuer=superior.unit,
        link=to_base64(keys.seal(link_secret)),
        name=name,
        scope=scope,
        serial=serial,
        sign=to_base64(keys.sign),
        subtree=unit,
        unit=unit,
    )
    return _issue(body, signer)


def issue_sibling(
    unit: Certificate, signer: UnitKeys, *, keys: PublicKeys, scope: str, link_secret: bytes
) -> Certificate:
    """Tell another PC of the same unit who invited it: its passing keys, named by the unit's own.

    It only lets that PC open its first package; nobody accepts a signature by it, because no unit stands above itself.
    """
    body = CertificateBody(
        age=keys.age,
        issuer=unit.unit,
        link=to_base64(keys.seal(link_secret)),
        name=unit.name,
        scope=scope,
        serial=unit.serial,
        sign=to_base64(keys.sign),
        subtree=unit.subtree,
        unit=unit.unit,
    )
    return _issue(body, signer)


def issue_root(keys: UnitKeys, *, unit: str, name: str, serial: int = 0) -> Certificate:
    """The certificate of a unit with nobody above it: issued by itself, without a link secret; ``serial`` grows with
    its new keys."""
    public = keys.public
    body = CertificateBody(
        age=public.age,
        issuer=unit,
        link="",
        name=name,
        scope="",
        serial=serial,
        sign=to_base64(public.sign),
        subtree=unit,
        unit=unit,
    )
    return _issue(body, keys)


def _stranger(unit: str) -> EnvError:
    return EnvError(
        "package.stranger",
        _("{unit} is not enrolled with this book. Enrol it first, or hand the file to its superior.").format(unit=unit),
    )


def _outdated(unit: str) -> EnvError:
    return EnvError(
        "package.old_keys",
        _("{unit} signed with keys that were replaced. Ask it for a package made with its new keys.").format(unit=unit),
    )


def _unproven(unit: str) -> EnvError:
    return EnvError(
        "package.new_keys",
        _(
            "{unit} signed with keys that nobody known here certified. If it has new keys, answer its invitation."
        ).format(unit=unit),
    )


def _forged(unit: str) -> EnvError:
    return EnvError(
        "package.bad_chain",
        _("The certificate of {unit} was not made by its superior. Do not trust this file.").format(unit=unit),
    )


def _broken(unit: str) -> EnvError:
    return EnvError(
        "package.broken_chain",
        _("The certificates above {unit} are not in their order, or one is missing. Ask for a new package.").format(
            unit=unit
        ),
    )


def _overreaching(unit: str, superior: str) -> EnvError:
    return EnvError(
        "package.bad_subtree",
        _("{superior} certified {unit}, which does not lie below it. Do not trust this file.").format(
            superior=superior, unit=unit
        ),
    )


def _fault(certificate: Certificate, superior: Certificate) -> EnvError | None:
    """Why the one is no proof of the other; None when it is."""
    if superior.unit != certificate.issuer or superior.unit == certificate.unit:
        return _broken(certificate.unit)
    if not certificate.signed_by(superior.keys):
        return _forged(certificate.unit)
    within = contains(superior.subtree, certificate.subtree) and contains(certificate.subtree, certificate.unit)
    return None if within else _overreaching(certificate.unit, superior.unit)


def proves(certificate: Certificate, superior: Certificate) -> bool:
    """Whether the one was made by the other and lies below it."""
    return _fault(certificate, superior) is None


def verify_chain(chain: Sequence[Certificate], pins: Mapping[str, Pin]) -> int:
    """Check a chain up to the first unit whose key the reader enrolled, and return that unit's position.

    Each link before it must be signed by the next and lie inside its subtree; a serial below a pinned one is refused,
    and so is another key under the pinned serial. The pinned unit itself is known by its key, not by what its
    certificate says: a larger subtree than the enrolled one is refused, and its serial proves nothing. Raises EnvError
    ``package.stranger``, ``package.old_keys``, ``package.new_keys``, and ``package.bad_chain``,
    ``package.bad_subtree`` or ``package.broken_chain`` for a link that proves nothing.
    """
    for position, certificate in enumerate(chain):
        pin = pins.get(certificate.unit)
        if pin is not None:
            if certificate.serial < pin.serial:
                raise _outdated(certificate.unit)
            if certificate.keys.sign == pin.sign:
                if certificate.subtree != pin.subtree:
                    raise _forged(certificate.unit)
                return position
            if certificate.serial == pin.serial:
                raise _outdated(certificate.unit)
        if position + 1 == len(chain):
            break
        fault = _fault(certificate, chain[position + 1])
        if fault is not None:
            raise fault
    known = next((c.unit for c in chain if c.unit in pins), None)
    raise _stranger(chain[0].unit) if known is None else _unproven(known)


def pins_of(chain: Sequence[Certificate]) -> dict[str, Pin]:
    """The pins that a unit takes from its own certificate chain: itself and everybody above it, as far as each link
    is signed by the next."""
    pins: dict[str, Pin] = {}
    for position, certificate in enumerate(chain):
        if position and _fault(chain[position - 1], certificate) is not None:
            break
        pins[certificate.unit] = Pin(sign=certificate.keys.sign, subtree=certificate.subtree, serial=certificate.serial)
    return pins


def raised_pins(pins: Mapping[str, Pin], chain: Sequence[Certificate], anchor: int) -> dict[str, Pin]:
    """The pins that change because a chain was accepted: certificates proven by a superior's signature under a higher
    serial replace the key and refuse the older serial from now on."""
    proven = {c.unit: Pin(sign=c.keys.sign, subtree=c.subtree, serial=c.serial) for c in chain[:anchor]}
    return {unit: pin for unit, pin in proven.items() if unit in pins and pin.serial > pins[unit].serial}
