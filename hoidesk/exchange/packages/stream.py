"""The content of a package as JSON Lines: one manifest, then sections of rows (package format, section 7).

A section opens with ``{"c": [column ids], "k": kind, "n": [names], "t": table id}``; its rows are arrays
``[id, stamps, value, …]``. Numbers of tables and columns are never reused, so an older or newer program knows what it
does not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from hoidesk.exchange.packages.canonical import MAX_INT, canonical, wire
from hoidesk.exchange.packages.envelope import Kind, is_hex
from hoidesk.exchange.trust.keys import valid_unit_code

__all__ = [
    "MAX_LINE",
    "MAX_MANIFEST",
    "NOBODY",
    "BadStream",
    "LineReader",
    "Manifest",
    "Receipt",
    "Row",
    "RowKind",
    "Section",
    "Stamp",
    "encode_row",
    "encode_section",
]

MAX_MANIFEST: Final = 1 << 20
MAX_LINE: Final = 16 << 20
MAX_STRING: Final = 1 << 20
MAX_RATIO: Final = 200
MAX_NESTING: Final = 6
MAX_COLUMNS: Final = 500
LAST_IDS: Final = 64

Value = str | int | None
RowKind = Literal["new", "set", "full"]
"""``new``: whole rows made since the mark; ``set``: changed fields; ``full``: whole rows again, compared by stamp."""


class BadStream(ValueError):
    """The stream breaks a rule or a cap of the format; the message says which, for the log."""


class Receipt(msgspec.Struct, frozen=True):
    """What became of one received package: told back to its sender inside an ordinary package. Keys that a later
    program adds are ignored by this one."""

    incarnation: str
    number: int
    id: str
    up_to: int
    new: int = 0
    changed: int = 0
    same: int = 0
    conflicts: int = 0
    parked: int = 0
    suggestions: int = 0
    refused: int = 0
    unknown: int = 0
    reasons: list[str] = []


class Manifest(msgspec.Struct, frozen=True, rename={"sender": "unit", "start": "from", "end": "to"}):
    """Line 1. Keys that a later program adds are ignored by this one.

    ``incs`` numbers the incarnations for the stamps. ``ids`` names the packages before this one of the same
    incarnation, newest first. ``start`` and ``end`` are local sequence numbers of the sender; ``after`` is the package
    whose receipt set ``start``. ``re``: incarnation of mine → number, id and mark of the last package that arrived.
    ``vector``: incarnation → highest clock. ``counts``: table id → rows. ``at`` is the time (ms) that the sender
    trusts. ``units``: incarnation → whose it is. ``split``: the incarnation that this one goes on from, after a book
    was put back, copied or mended. ``known``: incarnation of mine → numbers and ids of its last packages that the
    sender has heard of. ``pc``: number of the PC in its unit. ``holds``, between PCs of one unit only: for
    replicas of other units what ``re`` says of mine; ``unit_block``, there as well, the secret keys of the unit and
    what belongs to them. ``renewed``: the recipient's certificate, issued anew by its superior's new keys, and the
    chain above it.
    """

    id: str
    sender: str
    incarnation: str
    number: int
    kind: Kind
    chain: list[str]
    ids: list[str]
    start: int
    end: int
    after: tuple[int, str] | None
    re: dict[str, tuple[int, str, int]]
    receipts: list[Receipt]
    vector: dict[str, str]
    incs: list[str]
    scope: str
    schema: int
    program: str
    at: int
    counts: dict[str, int]
    units: dict[str, str] = {}
    split: str = ""
    known: dict[str, list[tuple[int, str]]] = {}
    pc: str = ""
    holds: dict[str, tuple[int, str, int]] = {}
    unit_block: dict[str, Any] | None = None
    renewed: list[str] | None = None
    version: Literal[1] = 1

    def __repr__(self) -> str:
        """Without what it carries: some of it is secret, and a traceback or a log may show it."""
        return f"Manifest(sender={self.sender!r}, number={self.number}, kind={self.kind!r})"


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """When and where a value was written: hybrid clock (ms << 16 | counter), then the 32 hex digits of the replica's
    incarnation; compared in that order."""

    hlc: int
    inc: str


NOBODY: Final = Stamp(0, "")
"""The stamp of a value that nobody wrote: what a column holds that was added later. Never travels."""


class _Opener(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    c: list[int]
    k: RowKind
    n: list[str]
    t: int


@dataclass(frozen=True, slots=True)
class Section:
    """Which table, which columns and which kind of rows follow; ``names`` are for people only."""

    table: int
    columns: tuple[int, ...]
    kind: RowKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a section: id (16 bytes), stamp of the row (None in ``set`` rows) and one stamp a column."""

    id: bytes
    created: Stamp | None
    stamps: tuple[Stamp, ...]
    values: tuple[Value, ...]


def encode_section(section: Section) -> bytes:
    """The line that opens a section."""
    return wire(_Opener(c=list(section.columns), k=section.kind, n=list(section.names), t=section.table)) + b"\n"


def encode_stamp(stamp: Stamp, numbers: dict[str, int]) -> str:
    """A stamp as text: clock in hexadecimal, a dot, the number of the incarnation, or the incarnation itself where the
    manifest does not list it. Text, because JSON numbers above 2^53 are rounded by many programs."""
    return f"{stamp.hlc:x}.{numbers.get(stamp.inc, stamp.inc)}"


_encode = msgspec.json.Encoder().encode


def encode_row(row: Row, numbers: dict[str, int]) -> bytes:
    """The line of a row. Stamps are one text when all are equal, otherwise a list: first the row's own in whole rows,
    then one a column, empty where it is the row's."""
    stamps: str | list[str]
    if row.created is None:
        first = row.stamps[0]
        if all(s == first for s in row.stamps):
            stamps = encode_stamp(first, numbers)
        else:
            stamps = [encode_stamp(s, numbers) for s in row.stamps]
    else:
        created = row.created
        if all(s == created for s in row.stamps):
            stamps = encode_stamp(created, numbers)
        else:
            stamps = [encode_stamp(created, numbers)]
            stamps += ["" if s == created else encode_stamp(s, numbers) for s in row.stamps]
    return _encode([row.id.hex(), stamps, *row.values]) + b"\n"


def _manifest(line: bytes) -> Manifest:
    if len(line) > MAX_MANIFEST:
        raise BadStream("manifest above 1 MiB")
    try:
        check_depth(line)
        manifest = msgspec.json.decode(line, type=Manifest, strict=True)
        if canonical(json.loads(line)) != line:
            raise BadStream("manifest: spelling")  # a key written twice would be read otherwise by other programs
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise BadStream(f"manifest: {type(error).__name__}") from None
    hexes = [manifest.id, manifest.incarnation, *manifest.ids, *manifest.incs, *manifest.re, *manifest.vector]
    hexes += [i for _n, i, _u in (*manifest.re.values(), *manifest.holds.values())]
    hexes += [x for r in manifest.receipts for x in (r.incarnation, r.id)]
    hexes += [*manifest.units, *manifest.holds, *manifest.known, *filter(None, [manifest.split])]
    hexes += [i for named in manifest.known.values() for _n, i in named]
    if manifest.after is not None:
        hexes.append(manifest.after[1])
    proper = (
        all(is_hex(h, 16) for h in hexes)
        and manifest.number > 0
        and all(0 <= n <= MAX_INT for n in _numbers(manifest))
        and 0 <= manifest.start <= manifest.end <= MAX_INT
        and len(manifest.ids) <= LAST_IDS
        and len(set(manifest.incs)) == len(manifest.incs)
        and all(0 <= n <= MAX_INT and t.isascii() and t.isdigit() for t, n in manifest.counts.items())
        and all(0 < read_clock(h) <= MAX_INT for h in manifest.vector.values())
        and all(map(valid_unit_code, manifest.units.values()))
        and len(manifest.pc) <= 8
    )
    if not proper:
        raise BadStream("manifest: values")
    return manifest


def _numbers(manifest: Manifest) -> Iterator[int]:
    """Every number of a manifest that a book stores or compares; JSON knows no bounds, SQLite does."""
    yield from (manifest.number, manifest.schema, manifest.at)
    if manifest.after is not None:
        yield manifest.after[0]
    for number, _id, up_to in (*manifest.re.values(), *manifest.holds.values()):
        yield from (number, up_to)
    for named in manifest.known.values():
        yield from (number for number, _id in named)
    for receipt in manifest.receipts:
        yield from (value for value in msgspec.structs.astuple(receipt) if isinstance(value, int))


def read_clock(text: str) -> int:
    """The clock of a stamp or vector entry from its canonical hexadecimal; 0 when it is not that."""
    if not text or len(text) > 16 or not set(text) <= set("0123456789abcdef") or text[0] == "0":
        return 0
    return int(text, 16)


def check_depth(line: bytes) -> None:
    """Refuse a line that nests deeper than 6 before any parser recurses into it."""
    depth = 0
    inside = escaped = False
    for byte in line:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            if depth > MAX_NESTING:
                raise BadStream("nested too deep")
        elif byte in b"]}":
            depth -= 1


class LineReader:
    """Checks a stream line by line: feed() gives back manifest, sections and rows in their order.

    Holds one line at a time. Raises BadStream as soon as a rule or a cap is broken; ``finish`` requires the stream to
    end where the signed counts say.
    """

    def __init__(self) -> None:
        self.manifest: Manifest | None = None
        self.section: Section | None = None
        self._counts: dict[str, int] = {}
        self._rest = bytearray()
        self._row = msgspec.json.Decoder(list[str | int | list[str] | None], strict=True)

    def feed(self, data: bytes) -> Iterator[tuple[Literal["manifest", "section", "row"], bytes, Any]]:
        """Take more bytes; gives (what, exact line without line feed, parsed value) for each completed line."""
        self._rest += data
        limit = MAX_MANIFEST if self.manifest is None else MAX_LINE
        start = 0
        while (end := self._rest.find(b"\n", start)) >= 0:
            line = bytes(self._rest[start:end])
            start = end + 1
            yield self._line(line)
            limit = MAX_LINE
        del self._rest[:start]
        if len(self._rest) > limit:
            raise BadStream("line too long")

    def finish(self) -> None:
        """Require that the last line was complete and that exactly the signed counts arrived."""
        if self._rest or self.manifest is None:
            raise BadStream("cut off")
        if {t: n for t, n in self.manifest.counts.items() if n} != self._counts:
            raise BadStream("fewer rows than counted")

    def _line(self, line: bytes) -> tuple[Literal["manifest", "section", "row"], bytes, Any]:
        if self.manifest is None:
            self.manifest = _manifest(line)
            return "manifest", line, self.manifest
        if len(line) > MAX_LINE:
            raise BadStream("line too long")
        if line[:1] == b"{":
            self.section = self._opener(line)
            return "section", line, self.section
        return "row", line, self._values(line)

    def _opener(self, line: bytes) -> Section:
        try:
            check_depth(line[:MAX_MANIFEST])
            opener = msgspec.json.decode(line, type=_Opener, strict=True)
            if wire(opener) != line:
                raise BadStream("section: spelling")
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise BadStream(f"section: {type(error).__name__}") from None
        columns = tuple(opener.c)
        proper = (
            0 < len(columns) <= MAX_COLUMNS
            and len(set(columns)) == len(columns)
            and all(0 < c <= MAX_INT for c in (*columns, opener.t))
            and len(opener.n) == len(columns) + 1
        )
        if not proper:
            raise BadStream("section: values")
        return Section(table=opener.t, columns=columns, kind=opener.k, names=tuple(opener.n))

    def _values(self, line: bytes) -> Row:
        assert self.manifest is not None
        if self.section is None:
            raise BadStream("row before section")
        table = str(self.section.table)
        self._counts[table] = self._counts.get(table, 0) + 1
        if self._counts[table] > self.manifest.counts.get(table, 0):
            raise BadStream("more rows than counted")
        try:
            items = self._row.decode(line)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise BadStream(f"row: {type(error).__name__}") from None
        return read_row(items, self.section, self.manifest.incs)


def read_row(items: list[Any], section: Section, incs: list[str]) -> Row:
    """A row from its decoded array; raises BadStream when its shape, stamps or values break a rule."""
    width = len(section.columns)
    if len(items) != width + 2 or not isinstance(items[0], str) or not is_hex(items[0], 16):
        raise BadStream("row: shape")
    values = tuple(items[2:])
    for value in values:
        if isinstance(value, str):
            if len(value) > MAX_STRING // 4 and len(value.encode("utf-8")) > MAX_STRING:
                raise BadStream("row: text above 1 MiB")
        elif isinstance(value, list) or (value is not None and not -MAX_INT - 1 <= value <= MAX_INT):
            raise BadStream("row: value")
    created, stamps = _stamps(items[1], section.kind, width, incs)
    return Row(id=bytes.fromhex(items[0]), created=created, stamps=stamps, values=values)


def _stamps(item: Any, kind: RowKind, width: int, incs: list[str]) -> tuple[Stamp | None, tuple[Stamp, ...]]:
    if isinstance(item, str):
        one = _stamp(item, incs)
        return (None if kind == "set" else one), (one,) * width
    if not isinstance(item, list) or len(item) != width + (kind != "set"):
        raise BadStream("row: stamps")
    if kind == "set":
        return None, tuple(_stamp(s, incs) for s in item)
    created = _stamp(item[0], incs)
    return created, tuple(created if s == "" else _stamp(s, incs) for s in item[1:])


def _stamp(text: str, incs: list[str]) -> Stamp:
    clock, dot, number = text.partition(".")
    hlc = read_clock(clock)
    if dot and 0 < hlc <= MAX_INT and len(number) == 32 and is_hex(number, 16):
        return Stamp(hlc=hlc, inc=number)
    if not dot or not 0 < hlc <= MAX_INT or not number.isascii() or not number.isdigit() or len(number) > 6:
        raise BadStream("row: stamp")
    if int(number) >= len(incs):
        raise BadStream("row: stamp")
    return Stamp(hlc=hlc, inc=incs[int(number)])
