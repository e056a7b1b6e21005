"""Opening an approved assessment again: a row with the reason; the approval stays as it was signed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from hoidesk.assessment.loading import load
from hoidesk.assessment.standing import stands
from hoidesk.assessment.tables import Approval, Reopening
from hoidesk.book.operations import Step
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _

__all__ = ["Reopen", "ReopeningRow", "reopened_lines", "reopenings", "reopenings_of"]

_APPROVAL: Final = Approval.__table__  # type: ignore[attr-defined]
_REOPENING: Final = Reopening.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ReopeningRow:
    """One reopening: of which revision, when, why, which lines (none: the whole sheet)."""

    id: UUID
    revision: int
    reopened_on: date
    reason: str
    items: tuple[str, ...]
    post: str | None


class Reopen(Step):
    """Open an approved sheet again, with a reason; ``items`` names the only lines that may then change.

    What was approved stands until a new revision is approved.
    """

    op: ClassVar[str] = "assessment.reopen"
    label: ClassVar[str] = N_("Reopen an approved sheet")
    needs: ClassVar[Role] = Role.OFFICER

    id: UUID
    reason: str
    items: list[str] = []
    post: str | None = None

    def apply(self, work: Work) -> UUID:
        work.get("assessment", self.id)
        if not self.reason.strip():
            raise UserError("reopen.no_reason", _("Type why the sheet is opened again."), field="reason")
        t = work.table("approval").table
        standing = work.connection.execute(
            select(t.c.id).where(t.c.assessment_id == self.id, stands(t)).order_by(t.c.revision, t.c.id)
        ).scalars()
        approvals = list(standing)
        if not approvals:
            raise UserError("reopen.not_approved", _("Only an approved sheet can be opened again."))
        sheet = load(work.connection, [self.id])[self.id].sheet
        known = {item.id for item in sheet.items()} | {one.id for one in sheet.side_conditions}
        wrong = next((item for item in self.items if item not in known), None)
        if wrong is not None:
            raise UserError("score.item", _("The sheet has no line “{item}”.").format(item=wrong), field="items")
        written = [
            work.insert(
                "reopening",
                {
                    "assessment_id": self.id,
                    "approval_id": approval,
                    "reopened_on": work.today,
                    "reason": self.reason.strip(),
                    "lines": json.dumps(sorted(set(self.items)), separators=(",", ":")),
                    "post": (self.post or "").strip() or None,
                },
            )
            for approval in approvals
        ]
        work.update("assessment", self.id, {"state": "proposed"})
        return written[-1]

    def title(self, work: Work, result: Any) -> str:
        return work.title("assessment", self.id)


def reopenings(connection: Connection, assessment: UUID) -> list[ReopeningRow]:
    """The reopenings of an assessment, the newest first."""
    return _rows(connection, _APPROVAL.c.assessment_id == assessment)


def reopenings_of(connection: Connection, approval: UUID) -> list[ReopeningRow]:
    """The reopenings of one approval, the newest first."""
    return _rows(connection, _APPROVAL.c.id == approval)


def _rows(connection: Connection, wanted: ColumnElement[bool]) -> list[ReopeningRow]:
    r, a = _REOPENING, _APPROVAL
    rows = connection.execute(
        select(r.c.id, a.c.revision, r.c.reopened_on, r.c.reason, r.c.lines, r.c.post)
        .join(a, a.c.id == r.c.approval_id)
        .where(wanted, r.c.voided.is_(None))
        .order_by(a.c.revision.desc(), r.c.id.desc())
    )
    return [
        ReopeningRow(row.id, row.revision, row.reopened_on, row.reason, tuple(_items(row.lines)), row.post)
        for row in rows
    ]


def _items(stored: str) -> list[str]:
    try:
        found = json.loads(stored)
    except (ValueError, RecursionError):
        return []
    return [str(one) for one in found] if isinstance(found, list) else []


def reopened_lines(connection: Connection, assessment: UUID) -> frozenset[str]:
    """The only lines that may change now; empty when the sheet was not reopened, or as a whole."""
    a = _APPROVAL
    newest = connection.execute(
        select(a.c.revision).where(a.c.assessment_id == assessment, a.c.voided.is_(None)).order_by(a.c.revision.desc())
    ).scalar()
    found = [one for one in reopenings(connection, assessment) if one.revision == newest]
    return frozenset(found[0].items) if found else frozenset()
