"""How the worker talks to the program: frames of one type byte, a length and bytes.

The worker passes on the package's own lines after checking them; the program checks them again while it merges.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

import msgspec

from hoidesk.exchange.packages.canonical import from_base64, to_base64
from hoidesk.exchange.packages.container import Reader, Verified, Whole
from hoidesk.exchange.packages.envelope import Label, Seal
from hoidesk.exchange.packages.ziplayout import Layout
from hoidesk.exchange.trust.certificates import Pin, read_chain

__all__ = ["DATA", "END", "REFUSED", "VERIFIED", "Order", "read_frame", "write_frame"]

VERIFIED: Final = b"V"
DATA: Final = b"D"
END: Final = b"E"
REFUSED: Final = b"X"
MAX_FRAME: Final = 32 << 20

_HEAD: Final = struct.Struct(">cI")


class BadFrame(ValueError):
    """The worker ended in the middle or wrote nonsense: it crashed."""


class Order(msgspec.Struct, frozen=True):
    """What the worker is told on standard input; the identities are secrets and go no other way."""

    path: str
    language: str
    unit: str
    fingerprints: tuple[str, ...]
    identities: tuple[str, ...]
    pins: dict[str, tuple[str, str, int]]

    def __repr__(self) -> str:
        """Without the secrets: a traceback or a log may show it."""
        return f"Order(path={self.path!r}, unit={self.unit!r})"

    @classmethod
    def of(cls, path: str, language: str, reader: Reader) -> Order:
        """The order to read ``path``."""
        pins = {code: (to_base64(pin.sign), pin.subtree, pin.serial) for code, pin in reader.pins.items()}
        return cls(path, language, reader.unit, reader.fingerprints, reader.identities, pins)

    def reader(self) -> Reader:
        """The reader that the order describes."""
        pins = {code: Pin(from_base64(sign, size=32), subtree, n) for code, (sign, subtree, n) in self.pins.items()}
        return Reader(self.unit, self.fingerprints, self.identities, pins)


class VerifiedFrame(msgspec.Struct, frozen=True):
    """What pass 1 proved."""

    label: Label
    seal: Seal
    digits: str
    label_sha256: str
    layout: Layout
    anchor: int

    @classmethod
    def of(cls, verified: Verified) -> VerifiedFrame:
        """The frame for a verified package."""
        whole = verified.whole
        return cls(whole.label, verified.seal, whole.digits, whole.label_sha256, whole.layout, verified.anchor)

    def verified(self) -> Verified:
        """The verified package as the worker saw it."""
        whole = Whole(label=self.label, layout=self.layout, digits=self.digits, label_sha256=self.label_sha256)
        return Verified(whole=whole, seal=self.seal, chain=read_chain(self.seal.chain), anchor=self.anchor)


class RefusedFrame(msgspec.Struct, frozen=True):
    """A refusal with its sentence."""

    code: str
    text: str


def write_frame(out: BinaryIO, kind: bytes, data: bytes) -> None:
    """Write one frame."""
    out.write(_HEAD.pack(kind, len(data)))
    out.write(data)


def read_frame(source: BinaryIO) -> tuple[bytes, bytes]:
    """Read one frame; raises BadFrame when the other side stopped in the middle."""
    head = source.read(_HEAD.size)
    if len(head) != _HEAD.size:
        raise BadFrame
    kind, size = _HEAD.unpack(head)
    if kind not in (VERIFIED, DATA, END, REFUSED) or size > MAX_FRAME:
        raise BadFrame
    data = source.read(size)
    if len(data) != size:
        raise BadFrame
    return kind, data
