"""Changes of known rows that are written together: one statement for many rows instead of three for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

__all__ = ["Pending"]


@dataclass(slots=True)
class Pending:
    """Values by table and set of columns, the entries of the history, and the rows that moved, until ``flush``."""

    changes: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = field(default_factory=dict)
    history: list[tuple[Any, ...]] = field(default_factory=list)
    clocks: list[tuple[int, int, bytes]] = field(default_factory=list)

    def change(self, table: str, id_: bytes, values: dict[str, Any]) -> None:
        """New values of columns of one row."""
        if values:
            self.changes.setdefault((table, tuple(values)), []).append((*values.values(), id_))

    def flush(self, connection: Connection) -> None:
        """Write everything that was kept, in the order in which it came within each kind."""
        for (table, names), rows in self.changes.items():
            sets = ", ".join(f'"{name}" = ?' for name in names)
            connection.exec_driver_sql(f'UPDATE "{table}" SET {sets} WHERE id = ?', rows)
        if self.history:
            connection.exec_driver_sql(
                "INSERT INTO history(seq, op, tbl, id, col, old, hlc, inc) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", self.history
            )
        if self.clocks:
            connection.exec_driver_sql("UPDATE row_clock SET seq = ? WHERE tbl = ? AND id = ?", self.clocks)
        self.changes, self.history, self.clocks = {}, [], []
