"""Packages that an enrolled unit could make whose program is faulty or hostile: signed and sealed as they should be,
with a content that breaks the rules of the format."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import zstandard

from hoidesk.exchange.packages.canonical import canonical
from hoidesk.exchange.packages.envelope import read_seal, seal_bytes, sha256_hex
from hoidesk.exchange.trust.keys import UnitKeys
from tests.exchange.parts import members_of, rebuilt

__all__ = ["ATTACKS", "resigned"]

Change = Callable[[list[bytes]], bytes]
"""From the lines of a good package to the bytes of a bad one."""


def resigned(
    package: Path, target: Path, change: Change, *, signer: UnitKeys, reader: UnitKeys, window: int = 20
) -> Path:
    """The package with another content, everything signed anew."""
    parts = members_of(package)
    packed, sealed = reader.open(parts["payload.age"]), reader.open(parts["seal.age"])
    assert packed is not None and sealed is not None
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    settings = zstandard.ZstdCompressionParameters.from_level(1, window_log=window)
    squeeze = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    content = squeeze.compress(change(plain.splitlines())) + squeeze.flush()
    seal = msgspec.structs.replace(read_seal(sealed)[0], stream=sha256_hex(content))
    parts["payload.age"] = reader.public.seal(content)
    parts["seal.age"] = reader.public.seal(seal_bytes(seal, signer))
    return rebuilt(target, parts)


def _joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _manifest(**changes: Any) -> Change:
    return lambda lines: _joined([canonical(json.loads(lines[0]) | changes), *lines[1:]])


def _spelled(old: bytes, new: bytes) -> Change:
    def change(lines: list[bytes]) -> bytes:
        assert old in lines[0]
        return _joined([lines[0].replace(old, new, 1), *lines[1:]])

    return change


def _value(spelling: bytes) -> Change:
    """Another last value in the last row."""

    def change(lines: list[bytes]) -> bytes:
        return _joined([*lines[:-1], lines[-1].rpartition(b",")[0] + b"," + spelling + b"]"])

    return change


def _more(*more: bytes) -> Change:
    return lambda lines: _joined([*lines, *more])


def _noise(size: int) -> bytes:
    """Text that hardly shrinks, so that only its own cap stops it."""
    return random.Random(5).randbytes(size // 2).hex().encode()


def _wide(lines: list[bytes]) -> bytes:
    opener = {"c": list(range(1, 1_000_001)), "k": "new", "n": ["t"] * 1_000_001, "t": 20}
    return _joined([*lines, canonical(opener)])


def _sections(lines: list[bytes]) -> bytes:
    opener = next(line for line in lines if line.startswith(b'{"c"'))
    return _joined([*lines, *([opener] * 1_000_000)])


ATTACKS: Final[dict[str, Change]] = {
    "a key twice": _spelled(b'{"after"', b'{"after":null,"after"'),
    "blanks": _spelled(b',"at":', b', "at":'),
    "2^63 as a time": _manifest(at=2**63),
    "2^63 rows": _manifest(counts={"20": 2**63}),
    "more rows than counted": _manifest(counts={}),
    "fewer rows than counted": _manifest(counts={"20": 2**63 - 1}),
    "a manifest above 1 MiB": _manifest(note=_noise(1_100_000).decode()),
    "a manifest nested too deep": _spelled(b'{"after"', b'{"a":' + b"[" * 9 + b"]" * 9 + b',"after"'),
    "no manifest": lambda lines: _joined(lines[1:]),
    "two manifests": lambda lines: _joined([lines[0], *lines]),
    "nothing": lambda _lines: b"",
    "no line feed at the end": lambda lines: _joined(lines)[:-1],
    "an empty line": _more(b""),
    "another unit in the manifest": _manifest(unit="P05-2-04"),
    "another number in the manifest": _manifest(number=9),
    "NaN": _value(b"NaN"),
    "a fraction": _value(b"0.5"),
    "2^63": _value(b"9223372036854775808"),
    "-2^63-1": _value(b"-9223372036854775809"),
    "a number of a million digits": _value(b"1" * 1_000_000),
    "true": _value(b"true"),
    "an object": _value(b'{"a":1}'),
    "a list of lists": _value(b"[" * 500_000 + b"]" * 500_000),
    "a lone surrogate": _value(b'"\\ud800"'),
    "invalid UTF-8": _value(b'"\xc3\x28"'),
    "UTF-8 longer than needed": _value(b'"\xc0\xaf"'),
    "a raw NUL": _value(b'"a\x00b"'),
    "a text above 1 MiB": _value(b'"' + _noise(1_100_000) + b'"'),
    "a line above 16 MiB": _more(b'["' + _noise((16 << 20) + 9) + b'"]'),
    "a million columns": _wide,
    "a million sections": _sections,
    "a bomb": lambda lines: _joined(lines) + bytes(200_000_000),
    "a row without a section": lambda lines: _joined([lines[0], lines[-1]]),
    "a section with a column twice": _more(b'{"c":[2,2],"k":"new","n":["t","a","b"],"t":20}'),
    "a section of no known kind": _more(b'{"c":[2],"k":"drop","n":["t","a"],"t":20}'),
}
