"""The canonical ZIP: four stored members in a fixed order, and not one byte that could be otherwise.

Ordinary ZIP readers accept junk before, after and between, and several spellings of one archive. Here the headers and
the directory are rebuilt from lengths and checksums, and everything outside the members must be equal to that
(package format, section 6).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

__all__ = [
    "MAX_PACKAGE",
    "MEMBERS",
    "Damaged",
    "Foreign",
    "Layout",
    "Member",
    "directory",
    "local_header",
    "read_layout",
]

MEMBERS: Final = ("label.json", "payload.age", "seal.age", "SHA256SUMS")
MAX_PACKAGE: Final = 1 << 30
"""A package is at most 1 GiB, so no ZIP64 and no parts."""

_VERSION_NEEDED: Final = 10
_VERSION_MADE: Final = 20
_TIME: Final = 0
_DATE: Final = 0x21  # 1980-01-01, the first day that a ZIP can tell: the true date is in the label
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END: Final = struct.Struct("<4sHHHHIIH")

_DIRECTORY_SIZE: Final = sum(_CENTRAL.size + len(name) for name in MEMBERS)
_TAIL_SIZE: Final = _DIRECTORY_SIZE + _END.size
_SMALLEST: Final = _TAIL_SIZE + sum(_LOCAL.size + len(name) for name in MEMBERS)


class Foreign(ValueError):
    """The bytes are no package at all."""


class Damaged(ValueError):
    """The bytes were once a package."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member: where its bytes lie, how many, and their CRC-32."""

    name: str
    offset: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The four members in their order."""

    members: tuple[Member, ...]
    size: int

    def __getitem__(self, name: str) -> Member:
        return self.members[MEMBERS.index(name)]


def local_header(name: str, size: int, crc: int) -> bytes:
    """The bytes before a member."""
    encoded = name.encode("ascii")
    return _LOCAL.pack(b"PK\x03\x04", _VERSION_NEEDED, 0, 0, _TIME, _DATE, crc, size, size, len(encoded), 0) + encoded


def directory(members: Sequence[Member]) -> bytes:
    """The bytes after the last member: the central directory and its end record."""
    entries = []
    for member in members:
        encoded = member.name.encode("ascii")
        at = member.offset - _LOCAL.size - len(encoded)
        entries.append(
            _CENTRAL.pack(
                b"PK\x01\x02",
                _VERSION_MADE,
                _VERSION_NEEDED,
                0,
                0,
                _TIME,
                _DATE,
                member.crc,
                member.size,
                member.size,
                len(encoded),
                0,
                0,
                0,
                0,
                0,
                at,
            )
            + encoded
        )
    listing = b"".join(entries)
    start = members[-1].offset + members[-1].size
    end = _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), len(listing), start, 0)
    return listing + end


def looks_like_package(head: bytes, tail: bytes) -> bool:
    """Whether the first 40 and last 40 bytes of a file are those of a package, whole or damaged.

    One changed byte must not make a stranger of it, so either end is enough; neither the name nor the extension counts.
    """
    fixed = local_header(MEMBERS[0], 0, 0)
    if len(head) < len(fixed):  # cut off inside the first header: all of what is left must match
        return len(head) >= 4 and head[:14] == fixed[: min(14, len(head))] and head[26:] == fixed[26 : len(head)]
    named = head[26:40] == fixed[26:40]
    if named and (head[:4] == fixed[:4] or head[4:14] == fixed[4:14]):
        return True
    name = MEMBERS[-1].encode("ascii")
    end = _END.pack(b"PK\x05\x06", 0, 0, len(MEMBERS), len(MEMBERS), _DIRECTORY_SIZE, 0, 0)
    return tail[-_END.size - len(name) :][: len(name) + 16] == name + end[:16]


def _entries(tail: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    for name in MEMBERS:
        fields = _CENTRAL.unpack_from(tail, at)
        yield fields[9], fields[7]  # size, crc
        at += _CENTRAL.size + len(name)


def read_layout(file: BinaryIO) -> Layout:
    """Find the members of an open file and require every byte outside them.

    Raises :class:`Foreign` when the file is no package and :class:`Damaged` when it is one that was changed, cut short
    or lengthened. The members' own bytes are not looked at.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(40)
    file.seek(max(0, size - _TAIL_SIZE))
    tail = file.read(_TAIL_SIZE)
    if not looks_like_package(head, tail[-40:]):
        raise Foreign
    if not _SMALLEST <= size <= MAX_PACKAGE or len(tail) != _TAIL_SIZE:
        raise Damaged
    members: list[Member] = []
    at = 0
    for name, (length, crc) in zip(MEMBERS, _entries(tail), strict=True):
        at += _LOCAL.size + len(name)
        members.append(Member(name=name, offset=at, size=length, crc=crc))
        at += length
    if at + _TAIL_SIZE != size or directory(members) != tail:
        raise Damaged
    for member in members:
        header = local_header(member.name, member.size, member.crc)
        file.seek(member.offset - len(header))
        if file.read(len(header)) != header:
            raise Damaged
    return Layout(members=tuple(members), size=size)
