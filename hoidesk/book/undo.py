"""Undo and redo, by name and across restarts.

Undo is a new operation with new stamps, field by field, only where the field's present stamp is the one that the
undone operation wrote; the others are listed and kept. A record that the operation created goes away whole while
nothing else refers to it and it was never exported; otherwise it is set aside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from hoidesk.book.registry import StoredTable
from hoidesk.book.work import Work
from hoidesk.language import _

__all__ = ["UndoEntry", "Undone", "next_redo", "next_undo", "reverse"]

# A write that still stands: not itself undone, and not the undoing of another (the value is the older one again).
_STANDS = "(p.id IS NULL OR (p.kind <> 'undo' AND p.reversed_by IS NULL))"


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """An operation that can be undone or redone: its number, its name for people, and who ran it."""

    op: int
    label: str
    title: str
    user: str


@dataclass(slots=True)
class Undone:
    """What came of an undo: the entry, and what was kept because somebody changed it since, in words."""

    entry: UndoEntry
    kept: list[str] = field(default_factory=list)


def _entry(row: Any) -> UndoEntry | None:
    return None if row is None else UndoEntry(row.id, row.name, row.title, row.user)


def next_undo(connection: Any) -> UndoEntry | None:
    """The newest operation that is not undone."""
    return _entry(
        connection.execute(
            text(
                "SELECT id, name, title, user FROM op WHERE kind IN ('do', 'redo') AND reversed_by IS NULL "
                "ORDER BY id DESC LIMIT 1"
            )
        ).first()
    )


def next_redo(connection: Any) -> UndoEntry | None:
    """The newest undo that nothing was written after."""
    return _entry(
        connection.execute(
            text(
                "SELECT id, name, title, user FROM op WHERE kind = 'undo' AND reversed_by IS NULL AND id > "
                "(SELECT coalesce(max(id), 0) FROM op WHERE kind = 'do') ORDER BY id DESC LIMIT 1"
            )
        ).first()
    )


def reverse(work: Work, entry: UndoEntry, kind: str) -> Undone:
    """Reverse the operation ``entry`` inside the transaction of ``work``; ``kind`` is "undo" or "redo"."""
    undone = Undone(entry)
    span = work.connection.execute(text("SELECT first_seq, last_seq FROM op WHERE id = :o"), {"o": entry.op}).one()
    _restore_deleted(work, entry.op)
    created = _restore_fields(work, entry.op, span, undone)
    _remove_created(work, created, undone)
    work.connection.execute(text("UPDATE op SET reversed_by = :me WHERE id = :o"), {"me": work.op, "o": entry.op})
    work.connection.execute(
        text("UPDATE op SET kind = :kind, reverses = :o, title = :title WHERE id = :me"),
        {"kind": kind, "o": entry.op, "me": work.op, "title": entry.title},
    )
    return undone


def _restore_deleted(work: Work, op: int) -> None:
    rows = work.connection.execute(
        text("SELECT tbl, id, old FROM history WHERE op = :o AND col = 0 ORDER BY seq DESC"), {"o": op}
    ).all()
    for row in rows:
        table = work.registry[row.tbl]
        old = json.loads(row.old)
        values = {c.name: _value(table, c.name, old.get(str(c.id))) for c in table.columns}
        present = work.connection.execute(
            select(table.table.c.id).where(table.table.c.id == UUID(bytes=row.id))
        ).scalar()
        if present is None:
            work.connection.exec_driver_sql(
                f'INSERT INTO "{table.name}"(id, {", ".join(_quoted(values))}) '
                f"VALUES({', '.join('?' * (len(values) + 1))})",
                (row.id, *values.values()),
            )


def _quoted(names: Any) -> list[str]:
    return [f'"{name}"' for name in names]


def _value(table: StoredTable, name: str, old: Any) -> Any:
    column = table.column(name)
    return bytes.fromhex(old) if column is not None and column.info.kind == "ref" and old is not None else old


def _restore_fields(work: Work, op: int, span: Any, undone: Undone) -> list[tuple[StoredTable, bytes]]:
    created = [
        (work.registry[r.tbl], r.id)
        for r in work.connection.execute(
            text("SELECT tbl, id FROM row_clock WHERE created_seq BETWEEN :a AND :b ORDER BY created_seq DESC"),
            {"a": span.first_seq, "b": span.last_seq},
        )
    ]
    fresh = {(t.id, i) for t, i in created}
    rows = work.connection.execute(
        text(
            "SELECT h.tbl, h.id, h.col, h.old, (SELECT n.op FROM history n LEFT JOIN op p ON p.id = n.op "
            f"WHERE n.tbl = h.tbl AND n.id = h.id AND n.col = h.col AND (n.op = :o OR {_STANDS}) "
            "ORDER BY n.seq DESC LIMIT 1) AS newest FROM history h "
            "WHERE h.op = :o AND h.col > 0 ORDER BY h.seq DESC"
        ),
        {"o": op},
    ).all()
    values: dict[tuple[int, bytes], dict[str, Any]] = {}
    for row in rows:  # newest first, so the oldest value of a field that changed twice is the one that stays
        if (row.tbl, row.id) in fresh:
            continue
        table = work.registry[row.tbl]
        column = table.column(row.col)
        if column is None:
            continue
        if row.newest != op:
            undone.kept.append(f"{_(table.info.label)}: {_(column.info.label)}")
            continue
        values.setdefault((row.tbl, row.id), {})[column.name] = row.old
    for (tbl, id_), changed in values.items():
        table = work.registry[tbl]
        sets = ", ".join(f"{name} = ?" for name in _quoted(changed))
        work.connection.exec_driver_sql(f'UPDATE "{table.name}" SET {sets} WHERE id = ?', (*changed.values(), id_))
    return created


def _remove_created(work: Work, created: list[tuple[StoredTable, bytes]], undone: Undone) -> None:
    mine = {(t.name, i) for t, i in created}
    state = work.connection.execute(text("SELECT exported_seq, inc FROM clock_state")).one()
    for table, id_ in created:
        clock = work.connection.execute(
            text("SELECT created_seq, inc FROM row_clock WHERE tbl = :t AND id = :i"), {"t": table.id, "i": id_}
        ).one()
        if _referred(work, table, id_, mine) or _edited_since(work, table, id_, undone.entry.op):
            undone.kept.append(f"{_(table.info.label)}: {work.title(table.name, UUID(bytes=id_))}")
        elif clock.created_seq <= state.exported_seq or clock.inc != state.inc:
            work.connection.exec_driver_sql(f'UPDATE "{table.name}" SET voided = ? WHERE id = ?', (_("Undone"), id_))
        else:
            work.connection.exec_driver_sql(f'DELETE FROM "{table.name}" WHERE id = ?', (id_,))


def _referred(work: Work, table: StoredTable, id_: bytes, mine: set[tuple[str, bytes]]) -> bool:
    for child, column in work.registry.children(table.name):
        rows = work.connection.exec_driver_sql(
            f'SELECT id FROM "{child.name}" WHERE "{column.name}" = ?', (id_,)
        ).scalars()
        if any((child.name, r) not in mine for r in rows):
            return True
    return False


def _edited_since(work: Work, table: StoredTable, id_: bytes, op: int) -> bool:
    return (
        work.connection.execute(
            text(
                "SELECT 1 FROM history n LEFT JOIN op p ON p.id = n.op WHERE n.tbl = :t AND n.id = :i "
                f"AND n.op > :o AND n.op < :me AND {_STANDS} LIMIT 1"
            ),
            {"t": table.id, "i": id_, "o": op, "me": work.op},
        ).first()
        is not None
    )
