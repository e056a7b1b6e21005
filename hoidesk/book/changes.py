"""What an operation touched: views show it again when it concerns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

__all__ = ["Changes", "Outcome"]


@dataclass(frozen=True, slots=True)
class Changes:
    """The records that were written, by name of their table; tables that never travel are not told."""

    ids: Mapping[str, frozenset[UUID]] = field(default_factory=dict)

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables that were written."""
        return frozenset(self.ids)

    def touches(self, *tables: str) -> bool:
        """Whether any of these tables was written."""
        return any(table in self.ids for table in tables)

    def __bool__(self) -> bool:
        return bool(self.ids)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an operation: its result (the id of a saved record, as a rule), what changed, and its number.

    ``op`` is None when nothing had to be written.
    """

    result: Any
    changes: Changes
    op: int | None

    @property
    def id(self) -> UUID:
        """The id of the record that the operation saved."""
        if not isinstance(self.result, UUID):
            raise TypeError("this operation does not save one record")
        return self.result
