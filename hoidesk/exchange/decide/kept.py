"""Rows that a merge put aside, read again: suggestions, quarantine, and what waits for its parent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from hoidesk.exchange.packages.stream import Row, Section
from hoidesk.text.dates import VIETNAM

__all__ = ["Kept", "kept_rows"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that was not merged. ``key`` names it: its number, or table, record, clock and replica of a suggestion.

    ``values`` are column numbers with the value as JSON. ``settled`` is None while it is open, "" when it was written
    into the book, else why it was not.
    """

    kind: Literal["suggestion", "quarantine", "parked"]
    key: tuple[Any, ...]
    table_number: int
    record: UUID
    unit: str
    package: int | None
    at: datetime
    values: tuple[tuple[int, str], ...]
    reason: str = ""
    settled: str | None = None
    settled_on: date | None = None


def kept_rows(connection: Connection, *, settled: bool = False, parked: bool = False) -> list[Kept]:
    """Suggestions and quarantined rows, newest first, open ones or settled ones; or those that are parked."""
    if parked:
        return _rows(connection, "parked", "missing", "1")
    open_ = f"settled IS {'NOT' if settled else ''} NULL"
    return [*_suggestions(connection, open_), *_rows(connection, "quarantine", "reason", open_)]


def _day(instant: str | None) -> date | None:
    return None if instant is None else datetime.fromisoformat(instant).astimezone(VIETNAM).date()


def _suggestions(connection: Connection, where: str) -> list[Kept]:
    rows = connection.execute(
        text(
            "SELECT tbl, id, hlc, inc, unit, min(at) AS at, json_group_array(json_array(col, value)) AS fields, "
            f"max(settled) AS settled, max(settled_at) AS settled_at FROM suggestion WHERE {where} "
            "GROUP BY tbl, id, hlc, inc, unit ORDER BY at DESC, tbl, id"
        )
    )
    return [
        Kept(
            "suggestion",
            (int(r.tbl), UUID(bytes=bytes(r.id)), f"{int(r.hlc):x}", bytes(r.inc).hex()),
            int(r.tbl),
            UUID(bytes=bytes(r.id)),
            str(r.unit),
            None,
            datetime.fromisoformat(r.at),
            tuple(sorted((int(col), str(value)) for col, value in json.loads(r.fields))),
            settled=r.settled,
            settled_on=_day(r.settled_at),
        )
        for r in rows
    ]


def _rows(connection: Connection, table: str, why: str, where: str) -> list[Kept]:
    more = "k.settled, k.settled_at" if table == "quarantine" else "NULL AS settled, NULL AS settled_at"
    rows = connection.execute(
        text(
            f"SELECT k.number, k.tbl, k.id, k.{why} AS why, k.section, k.row, k.package, k.at, i.unit, {more} "
            f"FROM {table} k LEFT JOIN package_in i ON i.inc = k.inc AND i.number = k.package WHERE {where} "
            "ORDER BY k.at DESC, k.number"
        )
    )
    return [
        Kept(
            "parked" if table == "parked" else "quarantine",
            (int(r.number),),
            int(r.tbl),
            UUID(bytes=bytes(r.id)),
            str(r.unit or ""),
            int(r.package),
            datetime.fromisoformat(r.at),
            _row_values(r.section, r.row),
            reason=str(r.why),
            settled=r.settled,
            settled_on=_day(r.settled_at),
        )
        for r in rows
    ]


def _row_values(section: str, row: str) -> tuple[tuple[int, str], ...]:
    opened = msgspec.json.decode(section, type=Section)
    values = msgspec.json.decode(row, type=Row).values
    return tuple(
        (number, json.dumps(value, ensure_ascii=False)) for number, value in zip(opened.columns, values, strict=True)
    )
