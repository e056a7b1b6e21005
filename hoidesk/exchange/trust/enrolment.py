"""The three small files of an enrolment: invitation, request, certificate (package format, section 5).

One visit and one stick. They come from strangers, so they are at most 16 KiB, never compressed, signed or sealed, and
read strictly. The superior's officer types two of the six digit groups that the unit's screen shows: a forced act,
because a dialog that may be clicked through is clicked through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from hoidesk.errors import EnvError, Refusal, UserError
from hoidesk.exchange.packages.canonical import (
    NotCanonical,
    claimed_version,
    decode_strict,
    from_base64,
    signed_text,
    split_signed,
    to_base64,
    wire,
)
from hoidesk.exchange.trust.certificates import MAX_NAME, Certificate, proves, read_chain
from hoidesk.exchange.trust.keys import PublicKeys, UnitKeys, groups_of_four, valid_unit_code
from hoidesk.language import _
from hoidesk.text.nfc import clean_line, is_plain_line

__all__ = [
    "Invitation",
    "Request",
    "check_digits",
    "check_own_certificate",
    "check_superior_digits",
    "kind_of",
    "make_certificate_file",
    "make_invitation",
    "make_request",
    "read_certificate_file",
    "read_invitation",
    "read_request",
    "read_small_file",
]

MAX_FILE: Final = 16 * 1024
INVITATION_DOMAIN: Final = b"hoidesk-invitation-v1\n"
REQUEST_DOMAIN: Final = b"hoidesk-request-v1\n"
AGE_MAGIC: Final = b"age-encryption.org/v1\n"
GROUPS_TO_TYPE: Final = 2
MAX_SERIAL: Final = 1_000_000


class InvitationBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signed line of an invitation."""

    chain: list[str]
    name: str
    scope: str
    unit: str
    format: Literal["hoidesk-invitation"] = "hoidesk-invitation"
    version: Literal[1] = 1


class RequestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signed line inside a sealed request."""

    age: str
    name: str
    serial: int
    sign: str
    superior: str
    unit: str
    format: Literal["hoidesk-request"] = "hoidesk-request"
    version: Literal[1] = 1


class CertificateFileBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one line of a certificate file; each certificate in it carries its own signature."""

    chain: list[str]
    format: Literal["hoidesk-certificate"] = "hoidesk-certificate"
    version: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Invitation:
    """A superior's offer: who it is, which unit it invites, with which scope."""

    unit: str
    name: str
    scope: str
    chain: tuple[Certificate, ...]

    @property
    def superior(self) -> Certificate:
        """The inviting unit."""
        return self.chain[0]


@dataclass(frozen=True, slots=True)
class Request:
    """A unit's answer: its public keys, proven by its own signature, and the serial of its last certificate, which the
    next one must exceed even when the superior lost its book."""

    unit: str
    name: str
    keys: PublicKeys
    superior: str
    serial: int

    @property
    def digits(self) -> str:
        """The unit's 24 digits, as its own screen shows them."""
        return self.keys.fingerprint(self.unit)


_Body = TypeVar("_Body", bound=msgspec.Struct)


def _malformed(what: str, data: bytes = b"") -> EnvError:
    version = claimed_version(data)
    if version > 1:
        newer = _("A newer program made this file (format {version}). Install the new version first.")
        return EnvError(f"{what}.newer", newer.format(version=version))
    sentences = {
        "invitation": _("This is not a whole invitation. Ask the superior to make a new one."),
        "request": _("This is not a whole enrolment request. Ask the unit to make a new one."),
        "certificate": _("This is not a whole certificate file. Ask the superior to make a new one."),
    }
    return EnvError(f"{what}.malformed", sentences[what])


def _too_large(what: str) -> EnvError:
    return EnvError(
        f"{what}.too_large", _("The file is larger than an enrolment file can be. Choose the right file on the stick.")
    )


def read_small_file(path: Path, what: str) -> bytes:
    """The bytes of an enrolment file; raises EnvError when it is missing, unreadable, empty or above 16 KiB."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except IsADirectoryError:
        raise EnvError(
            f"{what}.folder", _("{name} is a folder. Choose the file itself.").format(name=path.name)
        ) from None
    except OSError:
        raise EnvError(
            f"{what}.unreadable", _("{name} cannot be read. Check the stick and the file name.").format(name=path.name)
        ) from None
    if not data:
        raise EnvError(f"{what}.empty", _("{name} is empty. Ask for the file again.").format(name=path.name))
    if len(data) > MAX_FILE:
        raise _too_large(what)
    return data


def kind_of(data: bytes) -> str | None:
    """What the first bytes of a small file claim: ``invitation``, ``certificate``, ``request`` or None."""
    if data.startswith(AGE_MAGIC):
        return "request"
    if data.startswith(b'{"chain":['):
        head = data[:MAX_FILE]
        if b'"format":"hoidesk-invitation"' in head:
            return "invitation"
        if b'"format":"hoidesk-certificate"' in head:
            return "certificate"
    return None


def _signed_body(data: bytes, shape: type[_Body], what: str) -> tuple[_Body, bytes, bytes]:
    if len(data) > MAX_FILE:
        raise _too_large(what)
    try:
        line, signature = split_signed(data)
        return decode_strict(line, shape, limit=MAX_FILE), line, signature
    except NotCanonical:
        raise _malformed(what, data) from None


def _forged(what: str) -> EnvError:
    return EnvError(
        f"{what}.forged", _("The signature of the file is wrong: it was changed on the way. Do not use it.")
    )


def _proper_name(name: str) -> bool:
    """A name that an officer may be shown: what turns its direction or hides in it could pass for another unit's."""
    return len(name) <= MAX_NAME and is_plain_line(name)


def make_invitation(chain: Sequence[Certificate], signer: UnitKeys, *, unit: str, name: str, scope: str) -> bytes:
    """The invitation for a unit below ``chain[0]``, signed by the superior."""
    body = InvitationBody(chain=[c.text for c in chain], name=clean_line(name)[:MAX_NAME], scope=scope, unit=unit)
    line = wire(body)
    return signed_text(line, signer.sign(INVITATION_DOMAIN, line))


def read_invitation(data: bytes) -> Invitation:
    """Parse and check an invitation; raises EnvError ``invitation.…`` with a sentence of its own for each fault."""
    body, line, signature = _signed_body(data, InvitationBody, "invitation")
    try:
        chain = read_chain(body.chain)
    except Refusal:
        raise _malformed("invitation") from None
    if not valid_unit_code(body.unit) or not _proper_name(body.name):
        raise _malformed("invitation")
    if not chain[0].keys.verifies(INVITATION_DOMAIN, line, signature):
        raise _forged("invitation")
    return Invitation(unit=body.unit, name=body.name, scope=body.scope, chain=chain)


def make_request(superior: Certificate, keys: UnitKeys, *, unit: str, name: str, serial: int = 0) -> bytes:
    """The request of a unit, signed with the key that it wants certified and sealed to the superior."""
    public = keys.public
    body = RequestBody(
        age=public.age,
        name=clean_line(name)[:MAX_NAME],
        serial=serial,
        sign=to_base64(public.sign),
        superior=superior.fingerprint,
        unit=unit,
    )
    line = wire(body)
    return superior.keys.seal(signed_text(line, keys.sign(REQUEST_DOMAIN, line)))


def read_request(data: bytes, superior: Certificate, keys: UnitKeys) -> Request:
    """Open and check a request with the superior's keys; raises EnvError ``request.…``."""
    if len(data) > MAX_FILE:
        raise _too_large("request")
    if not data.startswith(AGE_MAGIC):
        raise _malformed("request")
    opened = keys.open(data)
    if opened is None:
        raise EnvError(
            "request.not_for_us",
            _("The request is damaged or was made for another office. Ask the unit to answer your own invitation."),
        )
    body, line, signature = _signed_body(opened, RequestBody, "request")
    try:
        public = PublicKeys(sign=from_base64(body.sign, size=32), age=body.age)
    except NotCanonical:
        raise _malformed("request") from None
    proper = public.well_formed() and valid_unit_code(body.unit) and _proper_name(body.name)
    if not proper or not 0 <= body.serial < MAX_SERIAL:
        raise _malformed("request")
    if not public.verifies(REQUEST_DOMAIN, line, signature):
        raise _forged("request")
    if body.superior != superior.fingerprint:
        raise EnvError(
            "request.other_superior",
            _("The request answers another office's invitation. Invite the unit from this book."),
        )
    return Request(unit=body.unit, name=body.name, keys=public, superior=body.superior, serial=body.serial)


def check_digits(request: Request, typed: str) -> None:
    """Require two different ones of the unit's six digit groups, typed by the officer who sees the unit's screen.

    ``typed`` holds groups of four digits, in any order, apart by spaces, dashes or commas; eight digits in one run
    count as two groups. All six may be typed. Raises UserError ``certify.digits_missing`` or ``certify.digits_wrong``.
    """
    if not _typed_groups(typed):
        raise UserError(
            "certify.digits_missing",
            _("Type two of the six digit groups on the unit's screen, for example 1234 5678."),
            field="digits",
        )
    if not _all_of(request.digits, typed):
        raise UserError(
            "certify.digits_wrong",
            _("The digits do not match the request. Read them again from the unit's own screen or sheet."),
            field="digits",
        )


def check_superior_digits(above: Certificate, typed: str) -> None:
    """Require two of the six groups of a unit above whose keys contradict what is known here: it made new ones with
    nobody above it to certify them, or somebody pretends to be it. Raises UserError ``enrol.digits_…``.
    """
    if not _typed_groups(typed):
        raise UserError(
            "enrol.digits_missing",
            _("{unit} is known here with other keys. If it made new ones, type two of its six digit groups.").format(
                unit=above.name or above.unit
            ),
            field="digits",
        )
    if not _all_of(above.fingerprint, typed):
        raise UserError(
            "enrol.digits_wrong",
            _("These are not the digits of {unit}. Let its officer read them out again.").format(
                unit=above.name or above.unit
            ),
            field="digits",
        )


def _typed_groups(typed: str) -> list[str]:
    """The groups of four digits that were typed; empty when they are fewer than two or no such groups."""
    compact = re.sub(r"[\s,;.\-–]+", "", typed)
    proper = compact.isascii() and compact.isdigit() and not len(compact) % 4
    return groups_of_four(compact).split() if proper and len(compact) >= 4 * GROUPS_TO_TYPE else []


def _all_of(fingerprint: str, typed: str) -> bool:
    left = groups_of_four(fingerprint).split()
    for group in _typed_groups(typed):
        if group not in left:
            return False
        left.remove(group)
    return True


def make_certificate_file(chain: Sequence[Certificate]) -> bytes:
    """The certificate file: the new certificate first, then everybody above, up to the root."""
    return wire(CertificateFileBody(chain=[c.text for c in chain])) + b"\n"


def read_certificate_file(data: bytes) -> tuple[Certificate, ...]:
    """Parse a certificate file into its chain; raises EnvError ``certificate.…``.

    Whether it may be taken is judged elsewhere, but the signatures must hold together by themselves: a spoilt key would
    pass for another unit's, and a spoilt link above would only be noticed by those who read the unit's packages.
    """
    if len(data) > MAX_FILE:
        raise _too_large("certificate")
    try:
        if not data.endswith(b"\n"):
            raise NotCanonical("line feed")
        body = decode_strict(data[:-1], CertificateFileBody, limit=MAX_FILE)
        chain = read_chain(body.chain)
    except (NotCanonical, Refusal):
        raise _malformed("certificate", data) from None
    above = chain[1:]
    signed = [chain[0].signed_by(c.keys) for c in above[:1]] + [c.is_root and c.signed_by(c.keys) for c in above[-1:]]
    if not (all(signed) and all(map(proves, above, above[1:]))):
        raise _malformed("certificate")
    return chain


def foreign_certificate() -> EnvError:
    """The sentence for a certificate by somebody else than this unit's superior."""
    return EnvError(
        "certificate.other_superior",
        _("The certificate was not made by the superior that invited this book. Do not use it."),
    )


def check_own_certificate(chain: Sequence[Certificate], *, unit: str, keys: UnitKeys, superior: PublicKeys) -> bytes:
    """Check a certificate that the unit received against its own keys and the superior that invited it.

    Returns the link secret. Raises EnvError ``certificate.other_unit``, ``certificate.other_keys`` or
    ``certificate.other_superior``.
    """
    own = chain[0]
    if own.unit != unit:
        raise EnvError(
            "certificate.other_unit",
            _("The certificate is for {unit}, not for this book. Hand it to that unit.").format(unit=own.unit),
        )
    if own.keys != keys.public:
        raise EnvError(
            "certificate.other_keys", _("The certificate is for other keys. Send the superior a new request.")
        )
    link_secret = keys.open(own.link)
    if len(chain) < 2 or chain[1].keys != superior or not own.signed_by(superior) or link_secret is None:
        raise foreign_certificate()
    return link_secret
