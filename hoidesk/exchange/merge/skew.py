"""What a newer program wrote: kept raw with its stamps, and handed on the way it came (package format, section 10).

This program cannot know where an unknown field may go. So what came from below goes up, what came from above goes down
to the units that its record concerns, and what came from another PC of this unit goes to that PC alone, unless the
replica that wrote it stands below or above: then it came that way to this unit. Column 0 stands for the creation of a
row of an unknown table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from hoidesk.book.records import UNIT_ID
from hoidesk.book.registry import Registry
from hoidesk.exchange.merge.frame import Frame
from hoidesk.exchange.packages.stream import Row, Section, Stamp
from hoidesk.exchange.scopes import SAME, UP, Scope
from hoidesk.exchange.trust.keys import contains, valid_unit_code
from hoidesk.language import N_, _

if TYPE_CHECKING:
    from hoidesk.exchange.merge.merging import Merge

__all__ = ["CREATED", "Relay", "keep", "keep_rows", "kept_fields", "labelled"]

CREATED: Final = 0
_UPWARD: Final = 1
_DOWNWARD: Final = 2
BATCH: Final = 400


@dataclass(frozen=True, slots=True)
class Kept:
    """A field as it is kept: its value as JSON, its stamp, and the ways that it may go (bits)."""

    value: str
    stamp: Stamp
    way: int


# Keeping


def keep_rows(merge: Merge, frame: Frame, section: Section, rows: Iterable[Row]) -> None:
    """Keep rows of a table that only a newer program knows."""
    for row in rows:
        stamps = (*row.stamps, *((row.created,) if row.created else ()))
        if not all(map(frame.possible, stamps)):
            merge.aside.quarantine(frame, section, row, _("A stamp is later than the package itself."))
            continue
        given = dict(zip(section.columns, row.values, strict=True)).get(UNIT_ID)
        if UNIT_ID in section.columns and not (isinstance(given, str) and valid_unit_code(given)):
            merge.aside.quarantine(frame, section, row, _("The record is incomplete."))
            continue
        assert given is None or isinstance(given, str)
        units = {u for u in (given, _kept_unit(merge.connection, section.table, row.id)) if u is not None}
        outside = next((u for u in units if merge.outside(frame, u)), None)
        if outside is not None:
            merge.refuse(outside, frame.unit)
        else:
            keep(merge, frame, section, row, range(len(section.columns)), given or next(iter(units), frame.unit))


def _kept_unit(connection: Connection, table: int, id_: bytes) -> str | None:
    found = connection.exec_driver_sql(
        "SELECT value FROM unknown_field WHERE tbl = ? AND id = ? AND col = ?", (table, id_, UNIT_ID)
    ).scalar()
    return None if found is None else str(json.loads(found))


def keep(
    merge: Merge,
    frame: Frame,
    section: Section,
    row: Row,
    positions: Iterable[int],
    unit: str,
    *,
    chosen: bool = False,
) -> None:
    """Keep fields of a row of ``unit`` that only a newer program knows. The larger stamp stays; a value that loses
    unseen becomes a conflict record, as any other. ``chosen``: the row holds what does not travel by itself, so an
    officer chose it for this unit, and it ends here."""
    merge.counts.unknown += 1
    there = kept_fields(merge.connection, section.table, [row.id]).get(row.id, {})
    coming = {section.columns[i]: (json.dumps(row.values[i], ensure_ascii=False), row.stamps[i]) for i in positions}
    if row.created is not None and merge.work.registry.find(section.table) is None:
        coming[CREATED] = ("null", row.created)
    for column, (value, stamp) in coming.items():
        old = there.get(column)
        way = (old.way if old else 0) | (0 if chosen and not frame.sibling else _way(merge, frame, stamp))
        stays = old is not None and (old.stamp, old.value) >= (stamp, value)
        if old is not None and old.value != value and column != CREATED:
            _settle(merge, frame, section.table, row.id, column, old, Kept(value, stamp, way), unit)
        if old is None or not stays:
            _store(merge, frame, section.table, row.id, column, Kept(value, stamp, way))
        elif way != old.way:
            merge.seq += 1
            merge.connection.exec_driver_sql(
                "UPDATE unknown_field SET way = ?, seq = ? WHERE tbl = ? AND id = ? AND col = ?",
                (way, merge.seq, section.table, row.id, column),
            )


def _way(merge: Merge, frame: Frame, stamp: Stamp) -> int:
    own = merge.work.unit.code
    if not frame.sibling:
        return _DOWNWARD if frame.superior else _UPWARD
    writer = merge.units.get(stamp.inc, own)
    if writer == own:
        return 0
    return _UPWARD if contains(own, writer) else _DOWNWARD if contains(writer, own) else 0


def _store(merge: Merge, frame: Frame, table: int, id_: bytes, column: int, new: Kept) -> None:
    merge.seq += 1
    merge.connection.exec_driver_sql(
        "INSERT OR REPLACE INTO unknown_field(tbl, id, col, value, hlc, inc, way, seq, source, package) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(table, id_, column, new.value, new.stamp.hlc, bytes.fromhex(new.stamp.inc)),
            *(new.way, merge.seq, bytes.fromhex(frame.inc), frame.number),
        ),
    )


def _settle(merge: Merge, frame: Frame, table: int, id_: bytes, column: int, old: Kept, new: Kept, unit: str) -> None:
    """Of two different values one goes: into a conflict record, unless its writer saw the other or it was judged."""
    theirs, ours = new.stamp, old.stamp
    own = merge.work.unit.code
    if theirs == ours and "null" in (old.value, new.value):
        return  # one of the two never travelled, or was erased

    def watches(peer: str) -> bool:
        if peer == own:
            return True
        up = contains(peer, own)
        return contains(own if up else peer, unit) and bool(new.way & (_UPWARD if up else _DOWNWARD))

    if theirs < ours or (theirs == ours and new.value < old.value):
        if not (theirs < ours and (frame.knew(theirs) or frame.noticed(theirs, ours, watches))):
            merge.lost(table, id_, column, json.loads(new.value), theirs, ours, unit)
        return
    aware = theirs != ours and frame.sender_saw(ours)
    came = frame.sibling or ours.inc == theirs.inc or merge.units.get(ours.inc) == frame.unit
    if not (aware and (came or old.way & (_UPWARD if frame.superior else _DOWNWARD))):
        merge.lost(table, id_, column, json.loads(old.value), ours, theirs, unit)


def kept_fields(connection: Connection, table: int, ids: Sequence[bytes]) -> dict[bytes, dict[int, Kept]]:
    """The fields kept for some records of a table."""
    found: dict[bytes, dict[int, Kept]] = {}
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        for id_, col, value, hlc, inc, way in connection.exec_driver_sql(
            "SELECT id, col, value, hlc, inc, way FROM unknown_field "
            f"WHERE tbl = ? AND id IN ({','.join('?' * len(part))})",
            (table, *part),
        ):
            found.setdefault(bytes(id_), {})[int(col)] = Kept(value, Stamp(hlc, bytes(inc).hex()), way)
    return found


# Handing on


@dataclass(slots=True)
class Relay:
    """The kept fields that may go to the peer of a scope: by table and record the numbers of their columns, in the
    order in which they came. ``fresh``: records with a field that is newer than the mark."""

    scope: Scope
    fields: dict[int, dict[bytes, tuple[int, ...]]] = field(default_factory=dict)
    fresh: dict[int, set[bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, scope: Scope, mark: int) -> Relay:
        """What may go since ``mark``."""
        relay = cls(scope)
        way = _UPWARD if scope.id == UP else _DOWNWARD
        known = {t.table.id: t.table for t in scope.tables}
        for tbl, id_, col, seq in connection.exec_driver_sql(
            "SELECT tbl, id, col, seq FROM unknown_field WHERE ? OR way & ? ORDER BY seq, id, col",
            (scope.id == SAME, way),
        ):
            if tbl in known and known[tbl].column(int(col)) is not None:
                continue  # waits for its adoption
            of_table = relay.fields.setdefault(tbl, {})
            of_table[bytes(id_)] = tuple(sorted((*of_table.get(bytes(id_), ()), int(col))))
            if seq > mark or not mark:
                relay.fresh.setdefault(tbl, set()).add(bytes(id_))
        return relay

    def by_columns(self, table: int, ids: Sequence[bytes]) -> dict[tuple[int, ...], list[bytes]]:
        """Records by the kept columns that go with them; those without any first."""
        kept = self.fields.get(table, {})
        found: dict[tuple[int, ...], list[bytes]] = {(): []} if ids else {}
        for id_ in ids:
            found.setdefault(tuple(c for c in kept.get(id_, ()) if c != CREATED), []).append(id_)
        return {columns: listed for columns, listed in found.items() if listed}

    def tables(self, connection: Connection) -> list[KeptPart]:
        """The sections of tables that only a newer program knows."""
        parts: dict[tuple[int, tuple[int, ...]], list[bytes]] = {}
        for table in sorted(set(self.fresh) - self.scope.known):
            for id_, columns in self.fields[table].items():
                if id_ in self.fresh[table] and columns != (CREATED,) and self._concerns(connection, table, id_):
                    parts.setdefault((table, columns), []).append(id_)
        return [KeptPart(table, columns, ids) for (table, columns), ids in parts.items()]

    def _concerns(self, connection: Connection, table: int, id_: bytes) -> bool:
        """Whether a record is the peer's business, by its unit. A record of this very unit may be meant for it alone;
        one of a unit above was issued for everybody below."""
        if self.scope.id == SAME:
            return True
        unit, own, peer = _kept_unit(connection, table, id_), self.scope.own, self.scope.peer
        if unit is None:
            return False
        if self.scope.id == UP:
            return contains(own, unit)
        return contains(peer, unit) or (unit != own and contains(unit, own))


@dataclass(frozen=True, slots=True)
class KeptPart:
    """One section of a table that only a newer program knows. Whole rows if their creation and unit go with them."""

    table: int
    columns: tuple[int, ...]
    ids: list[bytes]

    @property
    def section(self) -> Section:
        """The line that opens it; the names are not known here."""
        columns = tuple(c for c in self.columns if c != CREATED)
        whole = CREATED in self.columns and UNIT_ID in self.columns
        return Section(self.table, columns, "full" if whole else "set", tuple(map(str, (self.table, *columns))))

    def rows(self, connection: Connection, ids: list[bytes]) -> Iterable[Row]:
        """Rows of the section."""
        section = self.section
        found = kept_fields(connection, self.table, ids)
        for id_ in ids:
            kept = found[id_]
            created = kept[CREATED].stamp if section.kind == "full" else None
            stamps = tuple(kept[c].stamp for c in section.columns)
            yield Row(id_, created, stamps, tuple(json.loads(kept[c].value) for c in section.columns))


def labelled(registry: Registry, counts: Mapping[int, int]) -> dict[str, int]:
    """Rows by the label of their table, for people."""
    found: dict[str, int] = {}
    for number, rows in counts.items():
        table = registry.find(number)
        label = _(table.info.label if table is not None else N_("Records of a newer program"))
        found[label] = found.get(label, 0) + rows
    return found


def kept_values(connection: Connection, table: int, ids: Sequence[bytes], columns: Sequence[int]) -> dict[bytes, Any]:
    """For each record the stamps and values of its kept columns."""
    found = kept_fields(connection, table, ids) if columns else {}
    return {
        id_: ([kept[c].stamp for c in columns], [json.loads(kept[c].value) for c in columns])
        for id_, kept in found.items()
    }
