"""What people see of exchange: the board of units, packages sent and received, conflicts. Frozen rows and queries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text

from hoidesk.book.registry import StoredColumn, registry
from hoidesk.exchange.merge.frame import Counts
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

    ``unacknowledged``: packages that were delivered and not acknowledged, the oldest of them
    ``waits_number`` at ``waits_since``; ``waiting``: its packages in the inbox, ``missing``: the numbers that they
    wait for.
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
    waits_since: str | None = None
    waits_number: int | None = None

    def days_late(self, now: datetime) -> int:
        """For how many whole days the oldest package without a receipt has been under way; -1 when none is."""
        return -1 if self.waits_since is None else max(0, (now - datetime.fromisoformat(self.waits_since)).days)


@dataclass(frozen=True, slots=True)
class SentRow:
    """A package that this book wrote. ``delivered_at`` is None when it never reached a stick; ``receipt`` holds what
    the receiver counted, ``reasons`` why it refused rows. ``counts``: number of a table → rows."""

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
    reasons: tuple[str, ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)


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
    sent = _last(connection, "number, at", "package_out WHERE delivered_at IS NOT NULL", "at DESC, number DESC")
    received = _last(connection, "number, at", "package_in", "at DESC, number DESC")
    acked = _last(
        connection, "number, acked_at", "package_out WHERE acked_at IS NOT NULL", "acked_at DESC, number DESC"
    )
    open_ = {
        r.unit: (int(r.n), str(r.since), int(r.first))
        for r in connection.execute(
            text(
                "SELECT unit, count(*) AS n, min(delivered_at) AS since, number AS first FROM package_out "
                "WHERE delivered_at IS NOT NULL AND acked_at IS NULL AND kind <> 'receipt' GROUP BY unit"
            )
        )
    }
    waiting: dict[str, list[int | None]] = {}
    for row in connection.execute(text("SELECT unit, missing FROM inbox")):
        waiting.setdefault(row.unit, []).append(None if row.missing is None else int(row.missing))
    none = (None, None)
    return [
        PeerRow(
            unit=p.unit,
            name=p.name,
            relation=p.relation,
            digits=p.certificate.fingerprint,
            last_sent_number=sent.get(p.unit, none)[0],
            last_sent_at=sent.get(p.unit, none)[1],
            last_received_number=received.get(p.unit, none)[0],
            last_received_at=received.get(p.unit, none)[1],
            last_receipt_number=acked.get(p.unit, none)[0],
            last_receipt_at=acked.get(p.unit, none)[1],
            unacknowledged=open_[p.unit][0] if p.unit in open_ else 0,
            waiting=len(waiting.get(p.unit, ())),
            missing=tuple(sorted({m for m in waiting.get(p.unit, ()) if m is not None})),
            waits_since=open_[p.unit][1] if p.unit in open_ else None,
            waits_number=open_[p.unit][2] if p.unit in open_ else None,
        )
        for p in peers(connection)
    ]


def _last(connection: Connection, columns: str, table: str, order: str) -> dict[str, tuple[int, str]]:
    """For each unit the number and instant of its newest package in a table; the texts are the program's own."""
    rows = connection.exec_driver_sql(
        f"SELECT * FROM (SELECT unit, {columns}, row_number() OVER (PARTITION BY unit ORDER BY {order}) AS place "
        f"FROM {table}) WHERE place = 1"
    )
    return {str(r[0]): (int(r[1]), str(r[2])) for r in rows}


def unit_names(connection: Connection) -> dict[str, str]:
    """The names of units by code, as far as this book knows them: areas, registered units, units it exchanges with."""
    found = {p.unit: p.name for p in peers(connection) if p.name}
    for table in ("area", "unit"):
        stored = registry()[table].table
        query = select(stored.c.code, stored.c.name).where(stored.c.voided.is_(None))
        found |= {code: name for code, name in connection.execute(query)}
    return found


def _counts(stored: str | None) -> Counts:
    known = Counts.__dataclass_fields__
    return Counts(**{k: v for k, v in json.loads(stored or "{}").items() if k in known})


def sent_packages(connection: Connection, unit: str | None = None) -> list[SentRow]:
    """The packages that this book wrote, newest first."""
    rows = connection.execute(
        text(
            "SELECT number, unit, kind, at, delivered_at, rows, size, digits, acked_at, receipt, counts "
            "FROM package_out WHERE :u IS NULL OR unit = :u ORDER BY at DESC, number DESC"
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
            reasons=tuple(json.loads(r.receipt or "{}").get("reasons", ())),
            counts={int(table): int(rows) for table, rows in json.loads(r.counts).items()},
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
