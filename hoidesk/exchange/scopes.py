"""What travels to whom: tables, units and columns, never the state of a row.

What becomes visible by an act (approval, forwarding, issue) is a new immutable row of its own. A scope is compiled to
temporary views and the export reads those alone, so a byte that is in no view cannot leave the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hoidesk.book.registry import Registry, StoredColumn, StoredTable
from hoidesk.errors import EnvError
from hoidesk.language import _

__all__ = ["DOWN", "SAME", "UP", "Scope", "ScopedTable", "scope_for", "travels"]

UP: Final = "up-1"
DOWN: Final = "down-1"
SAME: Final = "same-1"
CONFLICT: Final = 80
ALIAS: Final = 81


@dataclass(frozen=True, slots=True)
class ScopedTable:
    """A table in a scope: the columns that travel and the condition on its rows, as SQL without parameters."""

    table: StoredTable
    columns: tuple[StoredColumn, ...]
    where: str
    kind: str = "scope"

    @property
    def view(self) -> str:
        """The name of its view."""
        return f"{self.kind}_{self.table.name}"


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope by its signed id, compiled for one peer: ``own`` and ``peer`` are the units at its ends, ``known`` the
    numbers of all tables of this program, ``details`` single records that were chosen for the peer beyond it."""

    id: str
    tables: tuple[ScopedTable, ...]
    own: str
    peer: str
    known: frozenset[int]
    details: tuple[ScopedTable, ...] = ()

    @contextmanager
    def views(self, connection: Connection) -> Iterator[None]:
        """The views of this scope, for the time of an export."""
        for scoped in (*self.tables, *self.details):
            names = ", ".join(f'"{c.name}"' for c in scoped.columns)
            connection.exec_driver_sql(
                f'CREATE TEMP VIEW "{scoped.view}" AS SELECT id, {names} FROM main."{scoped.table.name}" '
                f"WHERE {scoped.where}"
            )
        yield
        for scoped in (*self.tables, *self.details):
            connection.exec_driver_sql(f'DROP VIEW temp."{scoped.view}"')


def travels(table: StoredTable, column: StoredColumn, *, up: bool) -> bool:
    """Whether a field travels in that direction by default.

    Names and phones of office-holders never do. What stays in the office does not go down either, in tables that
    travel both ways: otherwise a book could claim to have seen a value that it was never sent.
    """
    info = table.info
    if not (info.up if up else info.down or info.returns) or column.info.personal:
        return False
    return column.info.up or (not up and not info.up)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _below(code: str) -> str:
    """Rows of a unit and of those below it; '.' is the character after '-'."""
    return f"(unit = {_quoted(code)} OR (unit > {_quoted(code + '-')} AND unit < {_quoted(code + '.')}))"


def _above(code: str) -> str:
    """Rows of the units above a code."""
    parts = code.split("-")
    codes = ["-".join(parts[:n]) for n in range(1, len(parts))]
    return f"unit IN ({', '.join(map(_quoted, codes))})"


def _down(table: StoredTable, peer: str) -> str:
    """What a subordinate unit gets of a table: the rows of its subtree, and of a table that is spread also what the
    units above it wrote for everybody."""
    return f"({_below(peer)} OR {_above(peer)})" if table.info.spread else _below(peer)


def scope_for(registry: Registry, scope: str, *, own: str, peer: str) -> Scope:
    """The compiled scope for a peer: ``up-1`` from ``own`` to its superior, ``down-1`` to the subordinate ``peer``,
    ``same-1`` between the PCs of one unit, which share everything that is stored.

    Raises EnvError ``scope.unknown`` for a scope that a later program defined.
    """
    known = frozenset(t.id for t in registry.tables)
    if scope == SAME:
        tables = [ScopedTable(table, table.columns, "1") for table in registry.tables]
        return Scope(scope, tuple(tables), own, peer, known)
    if scope not in (UP, DOWN):
        raise EnvError("scope.unknown", _("The scope of {unit} needs a newer program.").format(unit=peer))
    up = scope == UP
    tables = []
    for table in registry.tables:
        columns = tuple(c for c in table.columns if travels(table, c, up=up))
        if columns:
            tables.append(ScopedTable(table, columns, _below(own) if up else _down(table, peer)))
    return Scope(scope, tuple(_within_scope(scoped, tables, up=up) for scoped in tables), own, peer, known)


def _within_scope(scoped: ScopedTable, tables: list[ScopedTable], *, up: bool) -> ScopedTable:
    """Conflicts and aliases are about records of other tables: only those of rows and fields that travel themselves, or
    of a newer program's that may go this way.

    Both belong to the unit of the record that they are about, so the condition on the rows of its table fits them.
    """
    if scoped.table.id not in (CONFLICT, ALIAS):
        return scoped
    allowed = []
    for other in tables:
        if other.table.id in (CONFLICT, ALIAS):
            continue
        columns = f" AND column_number IN ({', '.join(str(c.id) for c in other.columns)})"
        about = f"table_number = {other.table.id}{columns if scoped.table.id == CONFLICT else ''}"
        allowed.append(f"({about} AND {other.where})")
    if scoped.table.id == CONFLICT:
        allowed.append(
            f"({scoped.where} AND EXISTS(SELECT 1 FROM main.unknown_field k WHERE k.tbl = table_number "
            f"AND k.col = column_number AND k.way & {1 if up else 2} AND lower(hex(k.id)) = record))"
        )
    return ScopedTable(scoped.table, scoped.columns, f"({' OR '.join(allowed) or '0'})")
