"""A package taken to pieces and put together again, as somebody could who has the format page and no keys."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from pathlib import Path

from hoidesk.exchange.packages.envelope import sums_bytes
from hoidesk.exchange.packages.ziplayout import MEMBERS, Member, directory, local_header

__all__ = ["members_of", "rebuilt"]


def members_of(path: Path) -> dict[str, bytes]:
    """The four members by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(path: Path, parts: dict[str, bytes]) -> Path:
    """A canonical package of other parts with right sums, written to ``path``."""
    sums = sums_bytes({name: hashlib.sha256(parts[name]).hexdigest() for name in MEMBERS[:3]})
    out, members = b"", []
    for name in MEMBERS:
        data = sums if name == MEMBERS[3] else parts[name]
        crc = zlib.crc32(data)
        out += local_header(name, len(data), crc)
        members.append(Member(name, len(out), len(data), crc))
        out += data
    path.write_bytes(out + directory(members))
    return path
