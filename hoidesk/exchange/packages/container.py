"""Reading a package in two passes: first everything is proven, only then is anything decompressed and parsed.

Pass 1 (:func:`verify_package`): canonical ZIP, sums, seal, recipient, chain, signature, and the hash of the compressed
stream while it is decrypted to nowhere, because age hands out plaintext before it notices a truncation. Pass 2
(:func:`read_content`): decompression and parsing under the caps of package format, section 8.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, cast

import pyrage
import zstandard

from hoidesk.errors import EnvError
from hoidesk.exchange.packages.canonical import NotCanonical
from hoidesk.exchange.packages.envelope import (
    MAX_LABEL,
    MAX_SEAL,
    Label,
    NewerFormat,
    Seal,
    read_label,
    read_seal,
    seal_verifies,
    sums_bytes,
)
from hoidesk.exchange.packages.stream import MAX_MANIFEST, MAX_RATIO, BadStream, LineReader, Manifest
from hoidesk.exchange.packages.ziplayout import MEMBERS, Damaged, Foreign, Layout, read_layout
from hoidesk.exchange.trust.certificates import Certificate, Pin, read_chain, verify_chain
from hoidesk.exchange.trust.keys import UnitKeys, package_digits
from hoidesk.language import _

__all__ = ["Inspection", "Reader", "Verified", "Whole", "check_whole", "inspect_file", "read_content", "verify_package"]

CHUNK: Final = 1 << 20
MAX_WINDOW: Final = 8 << 20
MAX_SUMS: Final = 1024


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: its unit code, its keys, and the units that it knows (unit code → pin).

    ``fingerprints`` are the 24 digits and ``identities`` the age identities of its keys, newest first: older ones only
    open what was on its way when the unit got new keys.
    """

    unit: str
    fingerprints: tuple[str, ...]
    identities: tuple[str, ...] = field(repr=False)
    pins: Mapping[str, Pin]

    @classmethod
    def of(cls, unit: str, keys: Sequence[UnitKeys], pins: Mapping[str, Pin]) -> Reader:
        """The reader with these keys, newest first; the signing keys stay behind."""
        return cls(
            unit=unit,
            fingerprints=tuple(k.public.fingerprint(unit) for k in keys),
            identities=tuple(k.identity for k in keys),
            pins=pins,
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """An undamaged package, not yet believed: its label, layout and the 22 digits for people."""

    label: Label
    layout: Layout
    digits: str
    label_sha256: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What any PC can say about a file without keys.

    ``state``: ``whole``, ``damaged``, ``foreign`` (no package), ``newer`` (needs a later program), ``empty`` or
    ``unreadable``. ``sentence`` says it to the user; ``label`` is what a whole package claims.
    """

    path: Path
    state: Literal["whole", "damaged", "foreign", "newer", "empty", "unreadable"]
    sentence: str
    size: int
    label: Label | None = None
    digits: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """A package whose signer, recipient and content hash are proven. ``anchor``: position in ``chain`` of the unit
    that the reader knew before."""

    whole: Whole
    seal: Seal
    chain: tuple[Certificate, ...]
    anchor: int

    @property
    def signer(self) -> Certificate:
        """The unit that made the package."""
        return self.chain[0]


def refusal(code: str, **values: Any) -> EnvError:
    """The sentence for a package that is not taken."""
    sentences = {
        "package.empty": _("The file is empty. Ask the sender to write the package again."),
        "package.foreign": _("This is not a package of this program. Choose another file."),
        "package.damaged": _("The package is damaged. Try its copy in the folder HOIDESK, or another stick."),
        "package.newer": _("A newer program made this package (format {version}). Install the new version first."),
        "package.unreadable": _("The file cannot be read. Check the stick, then try again."),
        "package.other_recipient": _("This package is for {unit}. Hand it to that unit; nothing was taken over."),
        "package.not_sealed_for_us": _("The package was not sealed for this book. Ask the sender to export it again."),
        "package.relabelled": _("The label was changed after sealing. Nothing was taken over; ask for a new package."),
        "package.readdressed": _("The package was made for another unit and re-addressed. Nothing was taken over."),
        "package.bad_signature": _("The signature is not that of {unit}. Do not trust this stick; ask the sender."),
        "package.edited": _("The content was changed after signing. Nothing was taken over; ask for a new package."),
        "package.malformed": _("{unit} made a package that breaks the rules of the format. Tell that unit."),
    }
    return EnvError(code, sentences[code].format(**values))


def check_whole(path: Path) -> Whole:
    """Require an undamaged package: canonical layout, checksums, sums and a readable label; needs no keys.

    Raises EnvError ``package.empty``, ``package.foreign``, ``package.damaged``, ``package.newer`` or
    ``package.unreadable``.
    """
    try:
        if not path.is_file():  # a pipe or device would never end
            raise refusal("package.unreadable")
        with path.open("rb") as file:
            return _check_whole(file)
    except OSError:
        raise refusal("package.unreadable") from None


def _check_whole(file: BinaryIO) -> Whole:
    if not file.read(1):
        raise refusal("package.empty")
    try:
        layout = read_layout(file)
        digests = {name: _digest(file, layout, name) for name in MEMBERS[:3]}
        sums = _small(file, layout, MEMBERS[3], MAX_SUMS)
        if sums != sums_bytes(digests):
            raise Damaged
        label = read_label(_small(file, layout, MEMBERS[0], MAX_LABEL))
    except Foreign:
        raise refusal("package.foreign") from None
    except NewerFormat as newer:
        raise refusal("package.newer", version=newer.version) from None
    except (Damaged, NotCanonical):
        raise refusal("package.damaged") from None
    return Whole(label=label, layout=layout, digits=package_digits(sums), label_sha256=digests[MEMBERS[0]])


def _small(file: BinaryIO, layout: Layout, name: str, limit: int) -> bytes:
    member = layout[name]
    if member.size > limit:
        raise Damaged
    file.seek(member.offset)
    data = file.read(member.size)
    if len(data) != member.size or zlib.crc32(data) != member.crc:
        raise Damaged
    return data


def _digest(file: BinaryIO, layout: Layout, name: str) -> str:
    member = layout[name]
    file.seek(member.offset)
    left, crc, sha = member.size, 0, hashlib.sha256()
    while left:
        piece = file.read(min(CHUNK, left))
        if not piece:
            raise Damaged
        left -= len(piece)
        crc = zlib.crc32(piece, crc)
        sha.update(piece)
    if crc != member.crc:
        raise Damaged
    return sha.hexdigest()


def inspect_file(path: Path) -> Inspection:
    """Say whole or damaged, and what the label claims, without any key; never raises for a bad file."""
    try:
        size = path.stat().st_size if path.is_file() else 0
        whole = check_whole(path)
    except EnvError as error:
        states: dict[str, Literal["damaged", "foreign", "newer", "empty", "unreadable"]] = {
            "package.empty": "empty",
            "package.foreign": "foreign",
            "package.newer": "newer",
            "package.unreadable": "unreadable",
        }
        return Inspection(path=path, state=states.get(error.code, "damaged"), sentence=error.text, size=size)
    except OSError:
        return Inspection(path=path, state="unreadable", sentence=refusal("package.unreadable").text, size=0)
    return Inspection(
        path=path, state="whole", sentence=_("The package is whole."), size=size, label=whole.label, digits=whole.digits
    )


class _Window:
    """A member of the package as a file of its own, for age."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._file, self._left = file, size
        file.seek(offset)

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, never beyond the member."""
        want = self._left if size < 0 else min(size, self._left)
        data = self._file.read(want)
        self._left -= len(data)
        return data


class _Sink:
    """Gives decrypted bytes to a function; keeps the first exception, since age replaces it by its own."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        """Always takes everything: a wrong length here would make age abort the process."""
        try:
            self._take(data)
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


class _NotOurs(ValueError):
    """No key of ours opens it."""


def _decrypt(
    file: BinaryIO, layout: Layout, name: str, identities: Sequence[str], take: Callable[[bytes], object]
) -> None:
    """Decrypt a member into ``take``; raises _NotOurs, Damaged (age noticed a change) or what ``take`` raised."""
    member, sink = layout[name], _Sink(take)
    window = _Window(file, member.offset, member.size)
    try:
        pyrage.decrypt_io(window, sink, [pyrage.x25519.Identity.from_str(i) for i in identities])
    except pyrage.DecryptError:
        if sink.error is not None:
            raise sink.error from None
        raise _NotOurs from None
    except OSError:
        if sink.error is not None:
            raise sink.error from None
        raise Damaged from None


def verify_package(path: Path, reader: Reader) -> Verified:
    """Pass 1: prove that a package is whole, for this unit, and signed by a unit that the reader knows.

    Nothing is decompressed. Raises EnvError with a code and sentence of its own
    for each fault; see :func:`refusal`.
    """
    whole = check_whole(path)
    if whole.label.recipient != reader.unit:
        raise refusal("package.other_recipient", unit=whole.label.recipient)
    with path.open("rb") as file:
        seal, line, signature = _open_seal(file, whole, reader.identities)
        sender = whole.label.sender
        if seal.label != whole.label_sha256 or (seal.kind, seal.number) != (whole.label.kind, whole.label.number):
            raise refusal("package.relabelled")
        if seal.recipient not in reader.fingerprints:
            raise refusal("package.readdressed")
        chain = read_chain(seal.chain)
        if chain[0].unit != sender or chain[0].serial != seal.serial:
            raise refusal("package.bad_signature", unit=sender)
        anchor = verify_chain(chain, reader.pins)
        if not seal_verifies(chain[0].keys, line, signature):
            raise refusal("package.bad_signature", unit=sender)
        stream = hashlib.sha256()
        try:
            _decrypt(file, whole.layout, MEMBERS[1], reader.identities, stream.update)
        except (_NotOurs, Damaged):
            raise refusal("package.edited") from None
        if stream.hexdigest() != seal.stream:
            raise refusal("package.edited")
    return Verified(whole=whole, seal=seal, chain=chain, anchor=anchor)


def _open_seal(file: BinaryIO, whole: Whole, identities: Sequence[str]) -> tuple[Seal, bytes, bytes]:
    opened = bytearray()

    def take(data: bytes) -> None:
        opened.extend(data)
        if len(opened) > MAX_SEAL:
            raise Damaged

    try:
        _decrypt(file, whole.layout, MEMBERS[2], identities, take)
        return read_seal(bytes(opened))
    except _NotOurs:
        raise refusal("package.not_sealed_for_us") from None
    except (Damaged, NotCanonical):
        raise refusal("package.edited") from None


Emit = Callable[[Literal["manifest", "section", "row"], bytes, Any], None]


def read_content(path: Path, verified: Verified, *, identities: Sequence[str], emit: Emit) -> Manifest:
    """Pass 2: decompress and parse a verified package, giving each checked line to ``emit``.

    Raises EnvError ``package.malformed`` when a cap or a rule is broken: by then the signer is known and is named. Rows
    that were given before stay unproven until this returns, so the receiver writes them in one transaction.
    """
    member = verified.whole.layout[MEMBERS[1]]
    allowed = member.size * MAX_RATIO + MAX_MANIFEST
    reader, stream = LineReader(), hashlib.sha256()
    grown = 0

    def plain(data: bytes) -> int:
        nonlocal grown
        grown += len(data)
        if grown > allowed:
            raise BadStream("ratio above 200")
        for what, line, value in reader.feed(data):
            if what == "manifest":
                _require_same(value, verified)
            emit(what, line, value)
        return len(data)

    unpack = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_writer(
        cast(BinaryIO, _Sink(plain)), write_size=1 << 17, closefd=False
    )

    def packed(data: bytes) -> None:
        stream.update(data)
        unpack.write(data)

    try:
        with path.open("rb") as file:
            _decrypt(file, verified.whole.layout, MEMBERS[1], identities, packed)
        reader.finish()
    except (BadStream, zstandard.ZstdError) as error:
        if "not enough memory" in str(error):  # this PC's, which is no fault of the sender
            raise MemoryError from None
        raise refusal("package.malformed", unit=verified.signer.unit) from None
    except (_NotOurs, Damaged, OSError):
        raise refusal("package.damaged") from None
    if stream.hexdigest() != verified.seal.stream or reader.manifest is None:
        raise refusal("package.edited")
    return reader.manifest


def _require_same(manifest: Manifest, verified: Verified) -> None:
    """The manifest must say what label and seal said."""
    seal, label = verified.seal, verified.whole.label
    same = (
        manifest.id == label.id
        and manifest.sender == label.sender
        and manifest.kind == seal.kind
        and manifest.number == seal.number
        and manifest.incarnation == seal.incarnation
        and manifest.chain == seal.chain
    )
    if not same:
        raise BadStream("manifest differs from seal")
