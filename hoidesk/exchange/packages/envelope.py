"""The outside of a package: the clear label, the signed seal and the sums (package format, section 6)."""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal

import msgspec

from hoidesk.exchange.packages.canonical import NotCanonical, decode_strict, signed_text, split_signed, wire
from hoidesk.exchange.trust.keys import PublicKeys, UnitKeys, valid_unit_code

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "Label",
    "Seal",
    "label_bytes",
    "read_label",
    "read_seal",
    "seal_bytes",
    "sums_bytes",
]

FORMAT: Final = "hoidesk-package"
FORMAT_VERSION: Final = 1
PACKAGE_DOMAIN: Final = b"hoidesk-package-v1\n"
MAX_LABEL: Final = 4096
MAX_SEAL: Final = 64 * 1024
HEX: Final = frozenset("0123456789abcdef")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Kind = Literal["full", "changes", "receipt"]


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from", "recipient": "to"}):
    """What a finder of the stick may read: units, kind, number, day. Believed only after the seal was checked."""

    date: str
    id: str
    kind: Kind
    number: int
    sender: str
    recipient: str
    format: Literal["hoidesk-package"] = "hoidesk-package"
    version: int = FORMAT_VERSION


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signed line inside seal.age: binds label, content, recipient, kind and number to the signer.

    ``chain`` repeats the manifest's chain, so that a signature can be judged before anything is decompressed.
    """

    chain: list[str]
    incarnation: str
    kind: Kind
    label: str
    number: int
    recipient: str
    serial: int
    stream: str


class NewerFormat(ValueError):
    """The label names a format version that this program does not know."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class _AnyLabel(msgspec.Struct):
    format: str
    version: int


def is_hex(text: str, size: int) -> bool:
    """Whether a text is ``size`` bytes in lower-case hexadecimal."""
    return len(text) == 2 * size and HEX.issuperset(text)


def label_bytes(label: Label) -> bytes:
    """The member label.json: canonical JSON and a line feed."""
    return wire(label) + b"\n"


def read_label(data: bytes) -> Label:
    """Parse label.json; raises NotCanonical, or NewerFormat when a later program made it."""
    if len(data) > MAX_LABEL or not data.endswith(b"\n"):
        raise NotCanonical("label")
    try:
        claimed = msgspec.json.decode(data, type=_AnyLabel)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        raise NotCanonical("label") from None
    if claimed.format == FORMAT and claimed.version > FORMAT_VERSION:
        raise NewerFormat(claimed.version)
    label = decode_strict(data[:-1], Label, limit=MAX_LABEL)
    proper = (
        label.version == FORMAT_VERSION
        and is_hex(label.id, 16)
        and label.number > 0
        and valid_unit_code(label.sender)
        and valid_unit_code(label.recipient)
        and _DAY.fullmatch(label.date) is not None
    )
    if not proper:
        raise NotCanonical("label")
    return label


def seal_bytes(seal: Seal, signer: UnitKeys) -> bytes:
    """The two lines that are sealed into seal.age."""
    line = wire(seal)
    return signed_text(line, signer.sign(PACKAGE_DOMAIN, line))


def read_seal(data: bytes) -> tuple[Seal, bytes, bytes]:
    """The seal, its exact line and its signature (not yet judged); raises NotCanonical."""
    if len(data) > MAX_SEAL:
        raise NotCanonical("seal")
    line, signature = split_signed(data)
    seal = decode_strict(line, Seal, limit=MAX_SEAL)
    if not (is_hex(seal.stream, 32) and is_hex(seal.label, 32) and is_hex(seal.incarnation, 16)):
        raise NotCanonical("seal")
    return seal, line, signature


def seal_verifies(keys: PublicKeys, line: bytes, signature: bytes) -> bool:
    """Whether ``keys`` signed the seal's line."""
    return keys.verifies(PACKAGE_DOMAIN, line, signature)


def sums_bytes(sums: dict[str, str]) -> bytes:
    """The member SHA256SUMS, as ``sha256sum`` writes and checks it: hexadecimal, two spaces, name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode("ascii")


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()
