"""The triggers that keep clocks and history: generated from the registry, compared at every opening.

They see every write, also that of a foreign tool, in the same transaction. A stamp is a hybrid logical clock (64 bits:
milliseconds << 16 | counter) and the incarnation of the book. ``clock_state.quiet`` is 0 in daily work, 1 while a
migration moves data (history, but no new stamp) and 2 while a package is merged (the importer writes clocks and
history itself, with the sender's stamps).
"""

from __future__ import annotations

import hashlib
from typing import Final

from hoidesk.book.registry import Registry, StoredTable

__all__ = ["MIGRATION_OP", "QUIET_IMPORT", "QUIET_MIGRATION", "trigger_ddl", "trigger_sum"]

QUIET_MIGRATION: Final = 1
QUIET_IMPORT: Final = 2
MIGRATION_OP: Final = -1
"""The operation of what a migration wrote. Every office does the same at its own update, so packages leave it out."""

# Julian day of 1970-01-01 is 2440587.5; julianday('now') is exact to the millisecond.
_WALL: Final = "CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"

_TICK: Final = (
    "UPDATE clock_state SET seq = seq + 1, "
    f"hlc = CASE quiet WHEN 0 THEN max(hlc + 1, min({_WALL} + offset, cap) << 16) ELSE hlc END WHERE quiet < 2;"
)


def _dirty(table: StoredTable, row: str) -> str:
    if table.info.search is None:
        return ""
    return f"INSERT OR IGNORE INTO search_dirty(tbl, id) VALUES({table.id}, {row}.id);"


def _insert_trigger(table: StoredTable) -> str:
    return (
        f'CREATE TRIGGER "clock_{table.name}_insert" AFTER INSERT ON "{table.name}" BEGIN {_TICK} '
        "INSERT INTO row_clock(tbl, id, created_seq, seq, hlc, inc) "
        f"SELECT {table.id}, NEW.id, seq, seq, hlc, inc FROM clock_state WHERE quiet < 2; {_dirty(table, 'NEW')} END"
    )


def _update_trigger(table: StoredTable) -> str:
    changed = " OR ".join(f'OLD."{c.name}" IS NOT NEW."{c.name}"' for c in table.columns)
    olds = " UNION ALL ".join(
        f'SELECT {c.id} AS col, OLD."{c.name}" AS old WHERE OLD."{c.name}" IS NOT NEW."{c.name}"' for c in table.columns
    )
    # In a migration a changed field keeps the stamp that it had: its newest history row, or the row's own.
    past = (
        f"SELECT h.{{0}} FROM history h WHERE h.tbl = {table.id} AND h.id = NEW.id AND h.col = v.col "
        "ORDER BY h.seq DESC LIMIT 1"
    )
    own = f"SELECT r.{{0}} FROM row_clock r WHERE r.tbl = {table.id} AND r.id = NEW.id"
    stamp = [
        f"CASE s.quiet WHEN 0 THEN s.{name} ELSE coalesce(({past.format(name)}), ({own.format(name)}), s.{name}) END"
        for name in ("hlc", "inc")
    ]
    names = ", ".join(f'"{c.name}"' for c in table.columns)
    return (
        f'CREATE TRIGGER "clock_{table.name}_update" AFTER UPDATE OF {names} ON "{table.name}" WHEN {changed} BEGIN '
        f"{_TICK} INSERT INTO history(seq, op, tbl, id, col, old, hlc, inc) "
        f"SELECT s.seq, s.op, {table.id}, NEW.id, v.col, v.old, {stamp[0]}, {stamp[1]} "
        f"FROM clock_state s, ({olds}) v WHERE s.quiet < 2; "
        f"UPDATE row_clock SET seq = (SELECT seq FROM clock_state) WHERE tbl = {table.id} AND id = NEW.id "
        f"AND (SELECT quiet FROM clock_state) = 0; {_dirty(table, 'NEW')} END"
    )


def _guards(table: StoredTable) -> list[str]:
    found = [
        f'CREATE TRIGGER "guard_{table.name}_id" BEFORE UPDATE OF id ON "{table.name}" WHEN OLD.id IS NOT NEW.id '
        "BEGIN SELECT RAISE(ABORT, 'the id of a record never changes'); END",
        f'CREATE TRIGGER "guard_{table.name}_delete" BEFORE DELETE ON "{table.name}" WHEN EXISTS('
        f"SELECT 1 FROM row_clock r, clock_state s WHERE r.tbl = {table.id} AND r.id = OLD.id "
        "AND (r.created_seq <= s.exported_seq OR r.inc IS NOT s.inc)) "
        "BEGIN SELECT RAISE(ABORT, 'an exported record is never deleted'); END",
    ]
    if table.info.immutable:
        names = ", ".join(f'"{c.name}"' for c in table.columns if table.info.frozen(c.name))
        found.append(
            f'CREATE TRIGGER "guard_{table.name}_update" BEFORE UPDATE OF {names} ON "{table.name}" '
            "BEGIN SELECT RAISE(ABORT, 'this record is never changed'); END"
        )
    return found


def _delete_trigger(table: StoredTable) -> str:
    """A deleted row leaves itself in the history (column 0) as JSON, blobs as hexadecimal digits."""
    pairs = ", ".join(
        f'\'{c.id}\', CASE typeof(OLD."{c.name}") WHEN \'blob\' THEN hex(OLD."{c.name}") ELSE OLD."{c.name}" END'
        for c in table.columns
    )
    return (
        f'CREATE TRIGGER "clock_{table.name}_delete" AFTER DELETE ON "{table.name}" BEGIN {_TICK} '
        "INSERT INTO history(seq, op, tbl, id, col, old, hlc, inc) "
        f"SELECT seq, op, {table.id}, OLD.id, 0, json_object({pairs}), hlc, inc FROM clock_state; "
        f"DELETE FROM row_clock WHERE tbl = {table.id} AND id = OLD.id; {_dirty(table, 'OLD')} END"
    )


def trigger_ddl(registry: Registry) -> dict[str, str]:
    """Every trigger of the book, by name."""
    statements: list[str] = []
    for table in registry.tables:
        statements += [_insert_trigger(table), _update_trigger(table), _delete_trigger(table), *_guards(table)]
    return {statement.split('"', 2)[1]: statement for statement in statements}


def trigger_sum(ddl: dict[str, str]) -> str:
    """The checksum that is compared when a book is opened."""
    return hashlib.sha256("\n".join(ddl[name] for name in sorted(ddl)).encode()).hexdigest()
