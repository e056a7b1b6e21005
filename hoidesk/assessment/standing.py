"""What an assessment counts as: its approval decides, whatever later edits made of the stored state.

Two PCs may work on one sheet: one approves it, the other still edits. The edits merge below the approval and have no
effect until the sheet is reopened and approved again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, select

from hoidesk.assessment.tables import Approval, Assessment, Reopening

__all__ = ["changed_lines", "effective_state", "stands"]

_A: Final = Assessment.__table__  # type: ignore[attr-defined]
_APPROVAL: Final = Approval.__table__  # type: ignore[attr-defined]
_REOPENING: Final = Reopening.__table__  # type: ignore[attr-defined]


def stands(approval: Any = _APPROVAL) -> ColumnElement[bool]:
    """Whether an approval was neither set aside nor reopened."""
    reopened = exists(
        select(_REOPENING.c.id).where(_REOPENING.c.approval_id == approval.c.id, _REOPENING.c.voided.is_(None))
    )
    return and_(approval.c.voided.is_(None), ~reopened)


def effective_state() -> ColumnElement[str]:
    """The state of an assessment: approved as long as an approval stands, never by the stored word alone."""
    approved = exists(select(_APPROVAL.c.id).where(_APPROVAL.c.assessment_id == _A.c.id, stands()))
    return case((approved, "approved"), (_A.c.state == "approved", "proposed"), else_=_A.c.state)


def changed_lines(approved: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The lines and conditions that no longer say what was approved, by id; both as a snapshot holds them."""
    found = set()
    for layer in {*approved["layers"], *now["layers"]}:
        before = approved["layers"].get(layer, {}).get("cells", {})
        after = now["layers"].get(layer, {}).get("cells", {})
        found |= {item for item in {*before, *after} if before.get(item) != after.get(item)}
    before, after = approved["conditions"], now["conditions"]
    found |= {one for one in {*before, *after} if before.get(one) != after.get(one)}
    return tuple(sorted(found))
