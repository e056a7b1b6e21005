"""The write of an import: many ordinary operations in one, so that one undo takes the whole file back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text

from hoidesk.book.ids import new_id
from hoidesk.book.operations import Step, operations
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _

__all__ = ["ImportSpreadsheet"]


class ImportSpreadsheet(Step):
    """Enter the checked rows of an office spreadsheet.

    ``steps`` are operations as JSON objects, run in order. ``"as": NAME`` keeps the id of what a step saved; a later
    field that holds ``"@NAME"`` takes that id. ``refused``: the sentences about rows that stayed out.
    """

    op: ClassVar[str] = "spreadsheet.import"
    label: ClassVar[str] = N_("Import a spreadsheet")

    file: str
    sha256: str
    steps: list[dict[str, Any]]
    rows: int = 0
    refused: list[str] = []

    def apply(self, work: Work) -> int:
        known = operations()
        saved: dict[str, UUID] = {}
        for step in self.steps:
            fields = dict(step)
            keep = fields.pop("as", None)
            found = known.get(str(fields.pop("op", "")))
            if found is None or found is ImportSpreadsheet:
                raise UserError(
                    "op.unknown", _("There is no operation “{name}”.").format(name=step.get("op")), field="op"
                )
            result = found.parse(_filled(fields, saved)).apply(work)
            if keep is not None and isinstance(result, UUID):
                saved[keep] = result
        if self.steps:
            self._note(work)
        return len(self.steps)

    def _note(self, work: Work) -> None:
        """Remember the file, so that the same one is not entered twice by mistake."""
        work.connection.execute(
            text(
                "INSERT INTO batch(id, op, kind, name, sha256, at, rows, refused) "
                "VALUES(:id, :op, 'spreadsheet', :name, :sha256, :at, :rows, :refused)"
            ),
            {
                "id": new_id().bytes,
                "op": work.op,
                "name": self.file,
                "sha256": self.sha256,
                "at": work.today.isoformat(),
                "rows": self.rows,
                "refused": json.dumps(self.refused, ensure_ascii=False),
            },
        )

    def title(self, work: Work, result: Any) -> str:
        return self.file


def _filled(fields: Mapping[str, Any], saved: Mapping[str, UUID]) -> dict[str, Any]:
    """``fields`` with ``@NAME`` in id fields replaced, also one level down (the meeting of a recorded meeting)."""
    filled: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            value = _filled(value, saved)
        elif isinstance(value, str) and value.startswith("@") and (name == "id" or name.endswith("_id")):
            if value[1:] not in saved:
                raise UserError(
                    "import.no_step", _("The step “{name}” saved nothing.").format(name=value[1:]), field=name
                )
            value = saved[value[1:]]
        filled[name] = value
    return filled
