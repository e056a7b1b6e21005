"""Writing a package for a peer: everything in its scope above the mark that the peer acknowledged.

Only a receipt moves the mark, so a lost stick costs nothing: the next package contains the same again.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, text

import hoidesk
from hoidesk.book.book import Book
from hoidesk.book.schema import SCHEMA
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.collecting import Plan, collect
from hoidesk.exchange.details import with_details
from hoidesk.exchange.merge.frame import Frame
from hoidesk.exchange.merge.lives import holdings, related_to, units_of
from hoidesk.exchange.merge.marks import known_packages
from hoidesk.exchange.merge.replica import SPLIT_FROM
from hoidesk.exchange.merge.skew import labelled
from hoidesk.exchange.packages.envelope import Kind
from hoidesk.exchange.packages.stream import LAST_IDS, Manifest, Receipt, Row, read_clock
from hoidesk.exchange.packages.writing import TooLarge, Written, write_package
from hoidesk.exchange.scopes import Scope, scope_for
from hoidesk.exchange.state import Peer, find_peer, get_fact, load_chain, load_keys, require_role, stamp_text
from hoidesk.exchange.stick import Cancelled, write_to_stick
from hoidesk.exchange.trust.certificates import Certificate
from hoidesk.exchange.trust.keys import UnitKeys
from hoidesk.exchange.trust.renewal import renewed_chain
from hoidesk.exchange.trust.siblings import require_safe_sibling, unit_block
from hoidesk.language import N_, _
from hoidesk.places import cache_dir

__all__ = ["Exported", "export_package", "planned", "spool_dir"]

MAX_RECEIPTS: Final = 64
LEFTOVER: Final = 86_400
"""Seconds after which a file in the spool belongs to nobody that still runs."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """A package on the stick, read back and found equal. ``counts``: label of a table → rows, for people to recount;
    ``digits``: 22 digits; ``receipts``: how many receipts it carries."""

    path: Path
    twin: Path
    unit: str
    unit_name: str
    number: int
    kind: Kind
    rows: int
    receipts: int
    size: int
    digits: str
    counts: Mapping[str, int] = field(default_factory=dict)


def spool_dir() -> Path:
    """Where packages lie between book and stick: ciphertext only; what a crash leaves there goes a day later."""
    folder = cache_dir() / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        for left in folder.iterdir():
            if abs(time.time() - left.stat().st_mtime) > LEFTOVER:
                left.unlink()
    return folder


def _quiet_progress(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def export_package(
    book: Book,
    folder: Path,
    unit: str | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Write a package for ``unit`` (the superior when None) to ``folder`` and read it back.

    ``progress(step, done, total)``: step ``collect`` in rows, then ``write``, ``read``, ``twin`` in bytes. Raises
    UserError ``peer.…`` for an unknown peer, EnvError ``stick.…`` when the stick refuses, Cancelled when ``cancelled``
    says so; the mark never moves here.
    """
    require_role(book, Role.OFFICER, Role.SECRETARY)
    report, stop = progress or _quiet_progress, cancelled or (lambda: False)
    if not folder.is_dir():
        raise UserError("export.no_folder", _("There is no folder {path}. Choose the stick again.").format(path=folder))
    spool = spool_dir() / f"{secrets.token_hex(8)}.hdk"
    try:
        try:
            with book.transaction(N_("Write a package"), "exchange") as work:
                made = _make(work, unit, spool, report, stop)
        except OSError as error:
            raise EnvError(
                "spool.failed", _("The drive of this PC has no room for the package. Make room and export again.")
            ) from error
        name = f"{book.unit.code}-{made.pc}-{made.number}.hdk"
        delivered = write_to_stick(spool, folder, name, progress=report, cancelled=stop)
    finally:
        with contextlib.suppress(OSError):
            spool.unlink(missing_ok=True)
    with book.transaction(N_("Write a package"), "exchange") as work:
        work.connection.execute(
            text("UPDATE package_out SET delivered_at = :at WHERE number = :n AND inc = (SELECT inc FROM clock_state)"),
            {"at": stamp_text(work), "n": made.number},
        )
    return Exported(
        path=delivered.path,
        twin=delivered.twin,
        unit=made.peer.unit,
        unit_name=made.peer.name,
        number=made.number,
        kind=made.kind,
        rows=made.rows,
        receipts=made.receipts,
        size=delivered.size,
        digits=made.written.digits,
        counts=made.counts,
    )


@dataclass(frozen=True, slots=True)
class _Made:
    written: Written
    peer: Peer
    number: int
    kind: Kind
    rows: int
    receipts: int
    pc: str
    counts: Mapping[str, int]


def _make(work: Work, unit: str | None, spool: Path, report: Progress, stop: Callable[[], bool]) -> _Made:
    """Collect, seal and remember one package in the transaction of ``work``."""
    connection = work.connection
    peer = find_peer(connection, unit, work.unit)
    keys, chain = _own_keys(connection)
    require_safe_sibling(connection, peer)
    mark, after = _mark(connection, peer.unit)
    scope = _scope(work, peer, mark)
    echoes = _echoes(connection, peer.unit)
    with scope.views(connection):
        plan = collect(connection, scope, mark, echoes)
        manifest = _manifest(work, peer, chain, plan, mark, after)
        numbers = {inc: number for number, inc in enumerate(manifest.incs)}
        lines = _watched(plan, connection, numbers, report, stop)
        try:
            written = write_package(
                spool,
                manifest=manifest,
                lines=lines,
                signer=keys,
                recipient=peer.certificate,
                day=work.today.isoformat(),
            )
        except TooLarge:
            raise EnvError(
                "package.too_large", _("The package would be larger than 1 GB. Export and get a receipt more often.")
            ) from None
    _remember(work, peer, manifest, plan, written)
    labels = labelled(work.registry, plan.counts)
    pc = get_fact(connection, "pc") or "1"
    return _Made(written, peer, manifest.number, manifest.kind, plan.rows, len(manifest.receipts), pc, labels)


def _scope(work: Work, peer: Peer, mark: int) -> Scope:
    """What a peer may see, with what was chosen for it and has not arrived."""
    scope = scope_for(work.registry, peer.scope, own=work.unit.code, peer=peer.unit)
    return with_details(scope, work.connection, work.registry, mark)


def planned(work: Work, unit: str | None) -> tuple[Peer, Plan, Kind, int]:
    """What the next package for a unit would hold: the unit, its rows, what kind it is, how many receipts."""
    peer = find_peer(work.connection, unit, work.unit)
    mark, _after = _mark(work.connection, peer.unit)
    scope = _scope(work, peer, mark)
    with scope.views(work.connection):
        plan = collect(work.connection, scope, mark, _echoes(work.connection, peer.unit))
    receipts = len(_receipts(work.connection, peer.unit))
    return peer, plan, "receipt" if receipts and not plan.rows else "full" if mark == 0 else "changes", receipts


def _echoes(connection: Connection, unit: str) -> dict[bytes, int]:
    """The replica behind a peer, and up to which clock its last package showed that it has what it wrote.

    Empty when several replicas of the unit were heard of: one of its PCs may lack what another wrote.
    """
    heard = connection.execute(
        text("SELECT inc FROM incarnation WHERE unit = :u AND id IS NOT NULL"), {"u": unit}
    ).scalars()
    behind = [bytes(inc) for inc in heard]
    frame = connection.execute(
        text("SELECT frame FROM package_in WHERE unit = :u ORDER BY at DESC, number DESC LIMIT 1"), {"u": unit}
    ).scalar()
    if frame is None or len(behind) != 1:
        return {}
    seen = Frame.parse(frame).seen
    return {inc: seen[inc.hex()] for inc in behind if inc.hex() in seen}


def _own_keys(connection: Connection) -> tuple[UnitKeys, tuple[Certificate, ...]]:
    keys, chain = load_keys(connection), load_chain(connection)
    if keys is None or not chain:
        raise UserError(
            "export.not_enrolled", _("This book is not enrolled yet. Answer the superior's invitation first.")
        )
    return keys, chain


def _mark(connection: Connection, unit: str) -> tuple[int, tuple[int, str] | None]:
    """How far the peer acknowledged, and the package whose receipt said so."""
    row = connection.execute(
        text("SELECT a.seq, a.number, a.id FROM ack a JOIN clock_state s ON s.inc = a.inc WHERE a.unit = :u"),
        {"u": unit},
    ).first()
    return (0, None) if row is None else (int(row.seq), (int(row.number), bytes(row.id).hex()))


def _watched(
    plan: Plan, connection: Connection, numbers: dict[str, int], report: Progress, stop: Callable[[], bool]
) -> Iterator[bytes]:
    total = plan.rows
    for done, line in enumerate(plan.lines(connection, numbers)):
        if done % 500 == 0:
            if stop():
                raise Cancelled("export.cancelled", _("Writing was stopped. The stick is as before."))
            report("collect", min(done, total), total)
        yield line
    report("collect", total, total)


def _manifest(
    work: Work,
    peer: Peer,
    chain: tuple[Certificate, ...],
    plan: Plan,
    mark: int,
    after: tuple[int, str] | None,
) -> Manifest:
    connection = work.connection
    # A book in which nothing was written yet begins its clock here: a package says what it holds, never nothing.
    connection.execute(text("UPDATE clock_state SET hlc = max(hlc, 1)"))
    state = connection.execute(text("SELECT seq, hlc, inc, trusted FROM clock_state")).one()
    inc = bytes(state.inc)
    units = related_to(units_of(connection, inc, work.unit.code), peer)
    seen = connection.execute(text("SELECT inc, hlc FROM vector"))
    vector = {bytes(row.inc).hex(): int(row.hlc) for row in seen if bytes(row.inc).hex() in units}
    vector |= {i: hlc for i, hlc in _not_beyond_parked(connection, vector).items() if i in vector}
    vector = {i: hlc for i, hlc in vector.items() if hlc > 0} | {inc.hex(): int(state.hlc)}
    ids = connection.execute(
        text("SELECT id FROM package_out WHERE inc = :i ORDER BY number DESC LIMIT :n"), {"i": inc, "n": LAST_IDS}
    ).scalars()
    last = connection.execute(text("SELECT max(number) FROM package_out WHERE inc = :i"), {"i": inc}).scalar()
    receipts = _receipts(connection, peer.unit)
    kind: Kind = "receipt" if receipts and not plan.rows else "full" if mark == 0 else "changes"
    return Manifest(
        id=secrets.token_hex(16),
        sender=work.unit.code,
        incarnation=inc.hex(),
        number=int(last or 0) + 1,
        kind=kind,
        chain=[c.text for c in chain],
        ids=[bytes(i).hex() for i in ids],
        start=mark,
        end=int(state.seq),
        after=after,
        re=_received(connection, peer.unit),
        receipts=receipts,
        vector={i: f"{hlc:x}" for i, hlc in sorted(vector.items())},
        incs=[inc.hex(), *sorted(i for i in units if i != inc.hex())],
        scope=peer.scope,
        schema=int(SCHEMA),
        program=hoidesk.__version__,
        at=int(state.trusted),
        counts={str(number): rows for number, rows in plan.counts.items()},
        units=units,
        split=get_fact(connection, SPLIT_FROM) or "",
        known=known_packages(connection, peer.unit),
        pc=get_fact(connection, "pc") or "1",
        holds=holdings(connection) if peer.relation == "sibling" else {},
        unit_block=unit_block(connection) if peer.relation == "sibling" else None,
        renewed=renewed_chain(connection, peer),
    )


def _not_beyond_parked(connection: Connection, vector: Mapping[str, int]) -> dict[str, int]:
    """What may be claimed of replicas whose rows still wait here for their parents: nothing from the first of those on,
    or whoever believes it would skip the row that only this book keeps."""
    lowered: dict[str, int] = {}
    for stored in connection.execute(text("SELECT row FROM parked")).scalars():
        row = msgspec.json.decode(stored, type=Row)
        for stamp in (*row.stamps, *((row.created,) if row.created else ())):
            lowered[stamp.inc] = min(lowered.get(stamp.inc, vector.get(stamp.inc, 0)), stamp.hlc - 1)
    return lowered


def _received(connection: Connection, unit: str) -> dict[str, tuple[int, str, int]]:
    """For each replica of the peer: number, id and mark of the last package of it that this book took over."""
    rows = connection.execute(
        text("SELECT inc, number, id, held FROM incarnation WHERE unit = :u AND id IS NOT NULL"), {"u": unit}
    )
    return {bytes(r.inc).hex(): (int(r.number), bytes(r.id).hex(), int(r.held)) for r in rows}


def _receipts(connection: Connection, unit: str) -> list[Receipt]:
    """What became of the peer's packages, as long as it has not shown that it knows."""
    rows = connection.execute(
        text(
            "SELECT i.inc, i.number, i.id, i.last, i.counts FROM package_in i WHERE i.unit = :u AND i.owes = 1 "
            "AND (i.told IS NULL OR NOT EXISTS(SELECT 1 FROM package_out o JOIN clock_state s ON s.inc = o.inc "
            "WHERE o.number = i.told AND o.acked_at IS NOT NULL)) ORDER BY i.at DESC LIMIT :n"
        ),
        {"u": unit, "n": MAX_RECEIPTS},
    )
    return [
        Receipt(
            incarnation=bytes(row.inc).hex(),
            number=int(row.number),
            id=bytes(row.id).hex(),
            up_to=int(row.last),
            **_counted(row.counts),
        )
        for row in rows
    ]


def _counted(counts: str) -> dict[str, Any]:
    known = set(Receipt.__struct_fields__) - {"incarnation", "number", "id", "up_to"}
    return {name: value for name, value in json.loads(counts).items() if name in known}


def _remember(work: Work, peer: Peer, manifest: Manifest, plan: Plan, written: Written) -> None:
    connection, inc = work.connection, bytes.fromhex(manifest.incarnation)
    connection.execute(
        text(
            "INSERT INTO package_out(inc, number, id, unit, kind, first, last, at, rows, size, digits, hlc, counts) "
            "VALUES(:inc, :n, :id, :unit, :kind, :first, :last, :at, :rows, :size, :digits, :hlc, :counts)"
        ),
        {
            "hlc": read_clock(manifest.vector[manifest.incarnation]),
            "counts": json.dumps(manifest.counts),
            "inc": inc,
            "n": manifest.number,
            "id": bytes.fromhex(manifest.id),
            "unit": peer.unit,
            "kind": manifest.kind,
            "first": manifest.start,
            "last": manifest.end,
            "at": stamp_text(work),
            "rows": plan.rows,
            "size": written.size,
            "digits": written.digits,
        },
    )
    for receipt in manifest.receipts:
        connection.execute(
            text("UPDATE package_in SET told = :n WHERE inc = :inc AND number = :number"),
            {"n": manifest.number, "inc": bytes.fromhex(receipt.incarnation), "number": receipt.number},
        )
    # From now on these rows are never deleted, only set aside: somebody else may hold them.
    connection.execute(text("UPDATE clock_state SET exported_seq = max(exported_seq, :s)"), {"s": manifest.end})
