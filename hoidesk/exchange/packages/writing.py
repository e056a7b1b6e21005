"""Writing a package: rows are compressed, sealed and laid out as they come; nothing but ciphertext touches the disk."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import pyrage
import zstandard

from hoidesk.exchange.packages.canonical import wire
from hoidesk.exchange.packages.envelope import Kind, Label, Seal, label_bytes, seal_bytes, sha256_hex, sums_bytes
from hoidesk.exchange.packages.stream import MAX_MANIFEST, Manifest
from hoidesk.exchange.packages.ziplayout import MAX_PACKAGE, MEMBERS, Member, directory, local_header
from hoidesk.exchange.trust.certificates import Certificate, read_certificate
from hoidesk.exchange.trust.keys import UnitKeys, package_digits

__all__ = ["Written", "write_package"]

LEVEL: Final = 3
"""Level 9 costs 2.5 times the time and saves 7 %."""
WINDOW_LOG: Final = 21
"""2 MiB, well below the 8 MiB that a reader allows."""


class TooLarge(ValueError):
    """The package would be larger than the format allows."""


@dataclass(frozen=True, slots=True)
class Written:
    """A package in the spool: its path, size in bytes, SHA-256, and the 22 digits for people."""

    path: Path
    size: int
    sha256: str
    digits: str
    label: Label


class _Compressed:
    """The zstd stream of the lines, read by age; remembers the hash and the first exception of the lines."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        params = zstandard.ZstdCompressionParameters.from_level(LEVEL, window_log=WINDOW_LOG, write_checksum=True)
        self._squeeze = zstandard.ZstdCompressor(compression_params=params).compressobj()
        self._lines: Iterator[bytes] = iter(lines)
        self._buffer = bytearray()
        self._done = False
        self.sha256 = hashlib.sha256()
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, empty at the end."""
        try:
            while not self._done and len(self._buffer) < size:
                line = next(self._lines, None)
                more = self._squeeze.flush() if line is None else self._squeeze.compress(line)
                self._done = line is None
                self.sha256.update(more)
                self._buffer += more
        except BaseException as error:
            self.error = error
            raise
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        return piece


class _Measured:
    """A sink that counts, sums and hashes what it passes on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = 0
        self.crc = 0
        self.sha256 = hashlib.sha256()
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        """Always takes everything: a wrong length here would make age abort the process."""
        try:
            if self.size + len(data) > MAX_PACKAGE - (1 << 20):
                raise TooLarge
            self._file.write(data)
        except BaseException as error:
            self.error = error
            raise
        self.size += len(data)
        self.crc = zlib.crc32(data, self.crc)
        self.sha256.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: the file is flushed once, at the end."""


def write_package(
    path: Path,
    *,
    manifest: Manifest,
    lines: Iterable[bytes],
    signer: UnitKeys,
    recipient: Certificate,
    day: str,
) -> Written:
    """Write the package of ``manifest`` and its row ``lines`` to a new spool file.

    ``lines`` may be a generator: it is drawn as the file grows, and may raise to cancel; the unfinished file is removed
    then. ``day`` is the date on the label, ``YYYY-MM-DD``. Raises OSError when
    the disk is full and TooLarge beyond 1 GiB.
    """
    first = wire(manifest)
    if len(first) > MAX_MANIFEST:
        raise TooLarge
    label = Label(
        date=day,
        id=manifest.id,
        kind=manifest.kind,
        number=manifest.number,
        sender=manifest.sender,
        recipient=recipient.unit,
    )

    def content() -> Iterator[bytes]:
        yield first + b"\n"
        yield from lines

    try:
        with path.open("x+b") as file:
            digits = _write(file, label, content(), manifest, signer, recipient)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            whole = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.seek(0, 2)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Written(path=path, size=size, sha256=whole, digits=digits, label=label)


def _write(
    file: BinaryIO, label: Label, content: Iterator[bytes], manifest: Manifest, signer: UnitKeys, recipient: Certificate
) -> str:
    labelled = label_bytes(label)
    members = [_add(file, MEMBERS[0], labelled)]
    payload, stream = _add_payload(file, content, recipient)
    members.append(payload[0])
    kind: Kind = manifest.kind
    seal = Seal(
        chain=manifest.chain,
        incarnation=manifest.incarnation,
        kind=kind,
        label=sha256_hex(labelled),
        number=manifest.number,
        recipient=recipient.fingerprint,
        serial=read_certificate(manifest.chain[0]).serial,
        stream=stream,
    )
    sealed = recipient.keys.seal(seal_bytes(seal, signer))
    members.append(_add(file, MEMBERS[2], sealed))
    sums = sums_bytes({MEMBERS[0]: sha256_hex(labelled), MEMBERS[1]: payload[1], MEMBERS[2]: sha256_hex(sealed)})
    members.append(_add(file, MEMBERS[3], sums))
    file.write(directory(members))
    return package_digits(sums)


def _add(file: BinaryIO, name: str, data: bytes) -> Member:
    crc = zlib.crc32(data)
    file.write(local_header(name, len(data), crc))
    offset = file.tell()
    file.write(data)
    return Member(name=name, offset=offset, size=len(data), crc=crc)


def _add_payload(file: BinaryIO, content: Iterator[bytes], recipient: Certificate) -> tuple[tuple[Member, str], str]:
    """Member and SHA-256 of payload.age, and the SHA-256 of the zstd stream inside it."""
    name = MEMBERS[1]
    at = file.tell()
    file.write(local_header(name, 0, 0))
    offset = file.tell()
    source, sink = _Compressed(content), _Measured(file)
    try:
        pyrage.encrypt_io(source, sink, [pyrage.x25519.Recipient.from_str(recipient.keys.age)])
    except BaseException as error:
        # age turns what went wrong in our streams into its own error: the first cause is the true one
        raise (source.error or sink.error or error) from None
    file.seek(at)
    file.write(local_header(name, sink.size, sink.crc))
    file.seek(offset + sink.size)
    member = Member(name=name, offset=offset, size=sink.size, crc=sink.crc)
    return (member, sink.sha256.hexdigest()), source.sha256.hexdigest()
