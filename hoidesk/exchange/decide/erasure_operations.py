"""The order to erase the personal data of an office-holder."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text

from hoidesk.book.operations import Step
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.decide.erasure import erasable, is_erased
from hoidesk.language import N_, _

__all__ = ["ErasePersonalData"]


class ErasePersonalData(Step):
    """Erase names and phones of a record for good, here and wherever the record travelled; this cannot be undone."""

    op: ClassVar[str] = "personal.erase"
    label: ClassVar[str] = N_("Erase personal data")
    needs: ClassVar[Role] = Role.OFFICER

    table: str
    id: UUID
    reason: str
    number: str | None = None

    def apply(self, work: Work) -> UUID:
        table = work.table(self.table)
        record = work.get(self.table, self.id, voided=True)
        if not erasable(table):
            raise UserError("erase.nothing", _("Records of this kind hold no personal data to erase."), field="table")
        if not self.reason.strip():
            raise UserError("erase.no_reason", _("Type why the personal data are erased."), field="reason")
        if not work.unit.covers(str(record["unit"])):
            raise UserError(
                "erase.foreign",
                _("Only the unit that owns the record may order this. Ask {unit}.").format(unit=record["unit"]),
            )
        if is_erased(work.connection, table, self.id.bytes):
            raise UserError("erase.done", _("The personal data of this record were erased before."))
        order = work.insert(
            "erasure",
            {
                "table_number": table.id,
                "record": self.id.hex,
                "columns": ",".join(str(number) for number in erasable(table)),
                "ordered_on": work.today,
                "reason": self.reason.strip(),
                "number": (self.number or "").strip() or None,
            },
            unit=work.unit.code,
        )
        # The values are emptied at the end of the transaction, by the same guard that watches later packages. An
        # operation of this kind is no step that undo takes back.
        work.connection.execute(text("UPDATE op SET kind = 'erase' WHERE id = :o"), {"o": work.op})
        return order

    def title(self, work: Work, result: Any) -> str:
        return work.title(self.table, self.id)
