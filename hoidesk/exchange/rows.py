"""What people see of exchange: the board of units, packages sent and received, conflicts. Frozen rows and queries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text

from hoidesk.book.registry import StoredColumn, registry
from hoidesk.exchange.frame import Counts
from hoidesk.exchange.state import peers

__all__ = [
    "ConflictRow",
    "PeerRow",
    "ReceivedRow",
    "SentRow",
    "board",
    "conflicts",
    "received_packages",
    "sent_packages",
    "unit_names",
]


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One line of the board. Instants are UTC text (ISO 8601) or None; ``digits`` are the unit's 24.

    ``unacknowledged``: packages written since the last one that it acknowledged; ``waiting``: its packages in the
    inbox, ``missing``: the numbers that they wait for.
    """

    unit: str
    name: str
    relation: str
    digits: str
    last_sent_number: int | None
    last_sent_at: str | None
    last_received_number: int | None
    last_received_at: str | None
    last_receipt_number: int | None
    last_receipt_at: str | None
    unacknowledged: int
    waiting: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SentRow:
    """A package that this book wrote. ``delivered_at`` is None when it never reached a stick; ``receipt`` holds what
    the receiver counted."""

    number: int
    unit: str
    kind: str
    made_at: str
    delivered_at: str | None
    rows: int
    size: int
    digits: str
    acknowledged_at: str | None
    receipt: Counts | None


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A package that this book took over, with what became of its rows."""

    number: int
    unit: str
    kind: str
    received_at: str
    digits: str
    counts: Counts
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A value that lost. ``table`` and ``column`` are names in the book (None when this program does not know them);
    ``lost`` is that value, ``present`` what the book holds now, as stored."""

    id: UUID
    table: str | None
    column: str | None
    label: str
    record_id: UUID
    unit: str
    writer: str
    lost: Any
    present: Any
    settled: bool


def board(connection: Connection) -> list[PeerRow]:
    """Every unit this book exchanges with: the superior first, then by code."""
    return [_peer_row(connection, p.unit, p.name, p.relation, p.certificate.fingerprint) for p in peers(connection)]


def unit_names(connection: Connection) -> dict[str, str]:
    """The names of units by code, as far as this book knows them: areas, registered units, units it exchanges with."""
    found = {p.unit: p.name for p in peers(connection) if p.name}
    for table in ("area", "unit"):
        stored = registry()[table].table
        query = select(stored.c.code, stored.c.name).where(stored.c.voided.is_(None))
        found |= {code: name for code, name in connection.execute(query)}
    return found


def _peer_row(connection: Connection, unit: str, name: str, relation: str, digits: str) -> PeerRow:
    def one(query: str) -> Any:
        return connection.execute(text(query), {"u": unit}).first()

    sent = one(
        "SELECT number, at FROM package_out WHERE unit = :u AND delivered_at IS NOT NULL "
        "ORDER BY at DESC, number DESC LIMIT 1"
    )
    received = one("SELECT number, at FROM package_in WHERE unit = :u ORDER BY at DESC, number DESC LIMIT 1")
    acked = one(
        "SELECT number, acked_at FROM package_out WHERE unit = :u AND acked_at IS NOT NULL "
        "ORDER BY acked_at DESC, number DESC LIMIT 1"
    )
    open_ = one(
        "SELECT count(*) FROM package_out WHERE unit = :u AND delivered_at IS NOT NULL AND acked_at IS NULL "
        "AND kind <> 'receipt'"
    )
    waiting = connection.execute(text("SELECT missing FROM inbox WHERE unit = :u"), {"u": unit}).scalars().all()
    return PeerRow(
        unit=unit,
        name=name,
        relation=relation,
        digits=digits,
        last_sent_number=sent.number if sent else None,
        last_sent_at=sent.at if sent else None,
        last_received_number=received.number if received else None,
        last_received_at=received.at if received else None,
        last_receipt_number=acked.number if acked else None,
        last_receipt_at=acked.acked_at if acked else None,
        unacknowledged=int(open_[0]),
        waiting=len(waiting),
        missing=tuple(sorted({int(m) for m in waiting if m is not None})),
    )


def _counts(stored: str | None) -> Counts:
    known = Counts.__dataclass_fields__
    return Counts(**{k: v for k, v in json.loads(stored or "{}").items() if k in known})


def sent_packages(connection: Connection, unit: str | None = None) -> list[SentRow]:
    """The packages that this book wrote, newest first."""
    rows = connection.execute(
        text(
            "SELECT number, unit, kind, at, delivered_at, rows, size, digits, acked_at, receipt FROM package_out "
            "WHERE :u IS NULL OR unit = :u ORDER BY at DESC, number DESC"
        ),
        {"u": unit},
    )
    return [
        SentRow(
            number=r.number,
            unit=r.unit,
            kind=r.kind,
            made_at=r.at,
            delivered_at=r.delivered_at,
            rows=r.rows,
            size=r.size,
            digits=r.digits,
            acknowledged_at=r.acked_at,
            receipt=None if r.receipt is None else _counts(r.receipt),
        )
        for r in rows
    ]


def received_packages(connection: Connection, unit: str | None = None) -> list[ReceivedRow]:
    """The packages that this book took over, newest first."""
    rows = connection.execute(
        text(
            "SELECT number, unit, kind, at, digits, counts FROM package_in "
            "WHERE :u IS NULL OR unit = :u ORDER BY at DESC, number DESC"
        ),
        {"u": unit},
    )
    return [
        ReceivedRow(
            number=r.number,
            unit=r.unit,
            kind=r.kind,
            received_at=r.at,
            digits=r.digits,
            counts=_counts(r.counts),
            reasons=tuple(json.loads(r.counts).get("reasons", ())),
        )
        for r in rows
    ]


def conflicts(connection: Connection, *, open_only: bool = True) -> list[ConflictRow]:
    """Values that lost against one written at the same time elsewhere, newest first."""
    rows = connection.execute(
        text(
            "SELECT id, unit, table_number, record, column_number, value, writer, settled_on FROM conflict "
            "WHERE voided IS NULL AND (:all OR settled_on IS NULL) ORDER BY lost_clock DESC, id"
        ),
        {"all": not open_only},
    ).all()
    return [_conflict_row(connection, row) for row in rows]


def _conflict_row(connection: Connection, row: Any) -> ConflictRow:
    table = registry().find(int(row.table_number))
    column: StoredColumn | None = table.column(int(row.column_number)) if table else None
    record = UUID(hex=row.record)
    present = None
    if table is not None and column is not None:
        present = connection.exec_driver_sql(
            f'SELECT "{column.name}" FROM main."{table.name}" WHERE id = ?', (record.bytes,)
        ).scalar()
    return ConflictRow(
        id=UUID(bytes=bytes(row.id)),
        table=table.name if table else None,
        column=column.name if column else None,
        label=column.info.label if column else "",
        record_id=record,
        unit=row.unit,
        writer=row.writer,
        lost=json.loads(row.value),
        present=present.hex() if isinstance(present, bytes) else present,
        settled=row.settled_on is not None,
    )
