"""The tray: everything about exchange that a person has to know or decide, as frozen rows.

Conflicts, suggestions, rows that wait for their parent, rows in quarantine, packages that wait. What was settled can be
looked up again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, select, text

from hoidesk.book.clock import now_utc
from hoidesk.book.registry import StoredTable, registry
from hoidesk.exchange.decide.conflict_rows import Decision, open_conflicts
from hoidesk.exchange.decide.fields import Field, named_records, record_titles, shown_value, title_of_values
from hoidesk.exchange.decide.kept import Kept, kept_rows
from hoidesk.exchange.decide.set_aside import EditedAside, edited_aside

__all__ = ["Item", "Kind", "Tray", "tray", "tray_count"]

Kind = Literal["conflict", "aside", "suggestion", "parked", "quarantine", "package"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the tray.

    ``key`` names it for the operation that settles it. ``unit`` is who sent it; ``at`` since when it lies here (UTC).
    ``present``: whether the record is in the book, ``voided``: why it was set aside there. ``decisions`` for a
    conflict, ``fields`` for a suggestion, ``edited`` for a record that was set aside in one place and edited in
    another. ``reason``: why a row or package waits (parked: the missing table's label);
    ``settled``: how it was settled, None while it is open. ``seen``: the row clock that the values were read at.
    """

    kind: Kind
    key: tuple[Any, ...]
    table: StoredTable | None
    record: UUID | None
    title: str
    unit: str
    at: datetime | None
    present: bool = True
    voided: str | None = None
    seen: int = 0
    decisions: tuple[Decision, ...] = ()
    fields: tuple[Field, ...] = ()
    reason: str = ""
    number: int | None = None
    missing: int | None = None
    settled: str | None = None
    settled_on: date | None = None
    edited: EditedAside | None = None


@dataclass(frozen=True, slots=True)
class Tray:
    """The tray with the titles of the records that its values name, and the instant by the office's own date."""

    items: tuple[Item, ...]
    titles: Mapping[UUID, str]
    now: datetime

    def days(self, item: Item) -> int:
        """For how many whole days something has lain here."""
        return 0 if item.at is None else max(0, (self.now - item.at).days)


def tray(connection: Connection, *, settled: bool = False) -> Tray:
    """What waits for a person, newest first within each kind; with ``settled`` what was settled instead."""
    found = [*_conflicts(connection, settled=settled), *_kept(connection, settled=settled)]
    if not settled:
        found += [*_aside(connection), *_parked(connection), *_packages(connection)]
    fields = [f for item in found for f in (*item.fields, *(f for d in item.decisions for f in d.fields))]
    offset = connection.execute(text("SELECT offset FROM clock_state")).scalar_one()
    return Tray(tuple(found), named_records(connection, fields), now_utc(offset))


def tray_count(connection: Connection, *, aside: bool = True) -> int:
    """How many things wait in the tray: records with conflicts, suggestions, rows and packages.

    Without ``aside`` those that were set aside and edited are left out: they are found by looking through every table,
    which a count after each write cannot afford.
    """
    query = (
        "SELECT (SELECT count(DISTINCT table_number || record) FROM conflict WHERE voided IS NULL "
        "AND settled_on IS NULL) "
        "+ (SELECT count(*) FROM (SELECT DISTINCT tbl, id, hlc, inc FROM suggestion WHERE settled IS NULL)) "
        "+ (SELECT count(*) FROM quarantine WHERE settled IS NULL) + (SELECT count(*) FROM parked) "
        "+ (SELECT count(*) FROM inbox)"
    )
    return int(connection.execute(text(query)).scalar_one()) + (len(edited_aside(connection)) if aside else 0)


# Conflicts


def _conflicts(connection: Connection, *, settled: bool) -> list[Item]:
    by_record: dict[tuple[int, UUID], list[Decision]] = {}
    for decision in open_conflicts(connection, settled=settled):
        by_record.setdefault((decision.table_number, decision.record), []).append(decision)
    states = _states(connection, list(by_record))
    items = []
    for (number, record), decisions in by_record.items():
        table = registry().find(number)
        title, voided, seen, present = states.get((number, record), ("", None, 0, False))
        last = max(decisions, key=lambda d: max(d.lost.clock, d.won.clock))
        items.append(
            Item(
                "conflict",
                (number, record),
                table,
                record,
                title,
                last.lost.unit if last.won.here else last.won.unit,
                max(last.lost.at, last.won.at),
                present=present,
                voided=voided,
                seen=seen,
                decisions=tuple(decisions),
                settled="" if settled else None,
                settled_on=last.settled_on,
            )
        )
    return items


def _states(
    connection: Connection, wanted: list[tuple[int, UUID]]
) -> dict[tuple[int, UUID], tuple[str, str | None, int, bool]]:
    """Title, reason of setting aside, row clock of the records that are in the book."""
    known = [(n, i) for n, i in wanted if registry().find(n) is not None]
    titles = record_titles(connection, [(registry()[n].name, i) for n, i in known])
    found = {}
    for number, id_ in known:
        stored = registry()[number].table
        row = connection.execute(select(stored.c.voided).where(stored.c.id == id_)).first()
        if row is None:
            continue
        seen = connection.execute(
            text("SELECT seq FROM row_clock WHERE tbl = :t AND id = :i"), {"t": number, "i": id_.bytes}
        ).scalar()
        found[number, id_] = (titles.get(id_, ""), row.voided, int(seen or 0), True)
    return found


def _aside(connection: Connection) -> list[Item]:
    """Records that one place set aside while another edited them."""
    return [
        Item(
            "aside",
            (one.table.name, one.record),
            one.table,
            one.record,
            one.title,
            one.edited_by,
            max(one.aside_at, one.edited_at),
            voided=one.reason,
            edited=one,
        )
        for one in edited_aside(connection)
    ]


# Suggestions and quarantine


def _kept(connection: Connection, *, settled: bool) -> list[Item]:
    kept = kept_rows(connection, settled=settled)
    states = _states(connection, [(k.table_number, k.record) for k in kept])
    return [_kept_item(connection, one, states.get((one.table_number, one.record))) for one in kept]


def _kept_item(connection: Connection, one: Kept, state: tuple[str, str | None, int, bool] | None) -> Item:
    table = registry().find(one.table_number)
    fields = _fields(connection, one, table, present=state is not None)
    title, voided, seen, present = state or ("", None, 0, False)
    if not title and table is not None:
        title = title_of_values(table, {f.column.name: f.theirs for f in fields if f.column is not None})
    return Item(
        one.kind,
        one.key,
        table,
        one.record,
        title,
        one.unit,
        one.at,
        present=present,
        voided=voided,
        seen=seen,
        fields=fields,
        reason=one.reason,
        number=one.package,
        settled=one.settled,
        settled_on=one.settled_on,
    )


def _fields(connection: Connection, one: Kept, table: StoredTable | None, *, present: bool) -> tuple[Field, ...]:
    if table is None:
        return tuple(Field(None, None, value) for _n, value in one.values)
    ours: Mapping[str, Any] = {}
    if present:
        ours = dict(connection.execute(select(table.table).where(table.table.c.id == one.record)).mappings().one())
    found = []
    for number, value in one.values:
        column = table.column(number)
        theirs = shown_value(column, value)
        found.append(Field(column, None if column is None else ours.get(column.name), theirs))
    return tuple(found)


# What waits by itself


def _parked(connection: Connection) -> list[Item]:
    kept = kept_rows(connection, parked=True)
    return [_kept_item(connection, one, None) for one in kept]


def _packages(connection: Connection) -> list[Item]:
    rows = connection.execute(text("SELECT id, unit, number, reason, missing, at FROM inbox ORDER BY at DESC, number"))
    return [
        Item(
            "package",
            (bytes(r.id).hex(),),
            None,
            None,
            "",
            str(r.unit),
            datetime.fromisoformat(r.at),
            reason=str(r.reason),
            number=int(r.number),
            missing=None if r.missing is None else int(r.missing),
        )
        for r in rows
    ]
