"""What is written about conflicts: settling one is an ordinary edit and a mark."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select

from hoidesk.book.operations import Step
from hoidesk.book.registry import StoredColumn
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.values import BadValue, stored_value
from hoidesk.language import N_, _

__all__ = ["SettleConflict"]


class SettleConflict(Step):
    """Settle a field that was edited in two places: keep what the book holds, or take the value that lost."""

    op: ClassVar[str] = "conflict.settle"
    label: ClassVar[str] = N_("Settle an edit in two places")
    needs: ClassVar[Role] = Role.SECRETARY

    id: UUID
    take: bool

    def apply(self, work: Work) -> UUID:
        conflict = work.get("conflict", self.id)
        if conflict["settled_on"] is not None:
            raise UserError("conflict.settled", _("This was settled before. Nothing is left to decide."))
        if self.take:
            self._take(work, conflict)
        work.update("conflict", self.id, {"settled_on": work.today})
        return self.id

    def _take(self, work: Work, conflict: dict[str, Any]) -> None:
        table = work.registry.find(int(conflict["table_number"]))
        column = table.column(int(conflict["column_number"])) if table else None
        if table is None or column is None:
            raise UserError("conflict.newer", _("A newer program made this record. Install the new version first."))
        record = UUID(hex=conflict["record"])
        found = work.connection.execute(select(table.table.c.id).where(table.table.c.id == record)).scalar()
        if found is None:
            raise UserError("conflict.gone", _("The record is not in the book any more."))
        work.connection.exec_driver_sql(
            f'UPDATE "{table.name}" SET "{column.name}" = ? WHERE id = ?', (_lost(column, conflict), record.bytes)
        )


def _lost(column: StoredColumn, conflict: dict[str, Any]) -> Any:
    try:
        return stored_value(column, json.loads(conflict["value"]))
    except (BadValue, ValueError):
        raise UserError("conflict.bad", _("The other value cannot be read. Type it into the record.")) from None
