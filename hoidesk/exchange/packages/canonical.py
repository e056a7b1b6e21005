"""Canonical JSON: one value has exactly one spelling, so that a signature over its bytes means the value.

Keys sorted by code point, no spaces, UTF-8 unescaped, whole numbers only. A reader re-encodes what it decoded and
requires the same bytes (package format, section 2).
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final, TypeVar

import msgspec

__all__ = [
    "MAX_INT",
    "NotCanonical",
    "canonical",
    "claimed_version",
    "decode_strict",
    "from_base64",
    "signed_text",
    "split_signed",
    "to_base64",
    "wire",
]

MAX_INT: Final = 2**63 - 1
"""Numbers are SQLite integers: 64 bit, signed."""

_S = TypeVar("_S", bound=msgspec.Struct)


class NotCanonical(ValueError):
    """The bytes are not the one spelling of a value of the wanted shape."""


def canonical(value: Any) -> bytes:
    """The one spelling of a value made of dict, list, str, int, bool and None; raises ValueError for anything else."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def wire(struct: msgspec.Struct) -> bytes:
    """The canonical bytes of a message."""
    return canonical(msgspec.to_builtins(struct))


def decode_strict(data: bytes, shape: type[_S], *, limit: int) -> _S:
    """Decode canonical bytes of at most ``limit`` bytes into ``shape``; unknown keys, other types and other spellings
    raise NotCanonical."""
    if len(data) > limit:
        raise NotCanonical("too long")
    try:
        struct = msgspec.json.decode(data, type=shape, strict=True)
        if wire(struct) != data:
            raise NotCanonical("not the canonical spelling")
    except (msgspec.MsgspecError, RecursionError, ValueError, TypeError) as error:
        raise NotCanonical(type(error).__name__) from None
    return struct


def claimed_version(data: bytes) -> int:
    """The number under ``version`` in the first line of a file, 0 when there is none: only for a sentence on a file
    that could not be read."""
    try:
        value = msgspec.json.decode(data.split(b"\n", 1)[0], type=_Versioned)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return 0
    return value.version


class _Versioned(msgspec.Struct):
    version: int = 0


def to_base64(data: bytes) -> str:
    """Standard base64 with padding, on one line."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, *, size: int | None = None) -> bytes:
    """The bytes of canonical base64, ``size`` of them if given; raises NotCanonical otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise NotCanonical("base64") from None
    if to_base64(data) != text or (size is not None and len(data) != size):
        raise NotCanonical("base64")
    return data


def signed_text(line: bytes, signature: bytes) -> bytes:
    """Two lines: canonical JSON, then the base64 signature; each ends with a line feed."""
    return line + b"\n" + to_base64(signature).encode("ascii") + b"\n"


def split_signed(data: bytes) -> tuple[bytes, bytes]:
    """The JSON line and the 64 signature bytes of a two-line text; raises NotCanonical."""
    parts = data.split(b"\n")
    if len(parts) != 3 or parts[2]:
        raise NotCanonical("two lines expected")
    try:
        return parts[0], from_base64(parts[1].decode("ascii"), size=64)
    except UnicodeDecodeError:
        raise NotCanonical("base64") from None
