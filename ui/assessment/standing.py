"""What is known of an approval beside its stored columns: its signature, later edits, reopenings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day
from ui.records.reading import Loaded, list_rows, load
from ui.widgets.cells import Cell

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.assessment.reopening import ReopeningRow
    from hoidesk.assessment.sheet_view import SheetView

__all__ = [
    "approval_with_standing",
    "certificate_words",
    "edited_words",
    "reopening_words",
    "rows_with_standing",
    "standing_cell",
    "standing_words",
]


def standing_words(standing: str | None) -> str:
    """Whether the signature was checked, in words."""
    return {
        "proven": _("Signed by the unit; the signature is right"),
        "unproven": _("The signature could not be checked: nobody known here certified the key"),
        "forged": _("Not what the unit signed; it does not count as approved"),
    }.get(standing or "", "")


def standing_cell(standing: str | None) -> Cell:
    """The same as a short cell."""
    if standing == "proven":
        return Cell(_("Signature right"), icon="check", tone="ok")
    if standing == "forged":
        return Cell(_("Signature wrong"), chip=True, tone="bad")
    return Cell(_("Not checked"), chip=True, tone="warn")


def edited_words(view: SheetView) -> str:
    """Which lines were edited after the approval; empty when none was."""
    approval = view.approval
    if approval is None or approval.reopened or not approval.changed_lines:
        return ""
    numbers = [
        f"{group.number} – {line.number}" if group.number.isalpha() else line.number
        for group in view.groups
        for criterion in group.criteria
        for line in criterion.lines
        if line.item in approval.changed_lines
    ]
    count = len(approval.changed_lines)
    words = ngettext(
        "{count} line edited after the approval, not in effect",
        "{count} lines edited after the approval, not in effect",
        count,
    ).format(count=count)
    return f"{words}: {', '.join(numbers)}" if numbers else words


def reopening_words(one: ReopeningRow) -> str:
    """A reopening in a line: day, which approval, why, how much of the sheet."""
    scope = (
        ngettext("{count} line", "{count} lines", len(one.items)).format(count=len(one.items))
        if one.items
        else _("the whole sheet")
    )
    words = _("{day}, approval no. {revision}, {scope}: {reason}").format(
        day=show_day(one.reopened_on), revision=one.revision, scope=scope, reason=one.reason
    )
    return f"{words} ({one.post})" if one.post else words


def certificate_words(chain: str | None) -> str:
    """The units whose certificates stand behind a signature, the signing one first."""
    from hoidesk.exchange.trust.certificates import read_chain

    try:
        texts = json.loads(chain or "[]")
        return " ← ".join(f"{one.name} ({one.unit})" for one in read_chain(texts)) if texts else ""
    except (Refusal, ValueError, TypeError, AttributeError):
        return ""


def rows_with_standing(connection: Connection, keys: Sequence[UUID]) -> list[Any]:
    """The rows of the list of approvals, each with what its signature is worth."""
    from hoidesk.assessment.approvals import approval_standings

    known = approval_standings(connection, keys)
    rows = list_rows(connection, "approvals", keys)
    return [None if row is None else replace(row, cells={**row.cells, "standing": known.get(row.id)}) for row in rows]


def approval_with_standing(connection: Connection, key: UUID, labels: Any) -> Loaded | None:
    """One approval with its standing, the lines edited since and its reopenings."""
    from hoidesk.assessment.approvals import approval_standings
    from hoidesk.assessment.reopening import reopenings_of
    from hoidesk.assessment.sheet_view import sheet_view
    from hoidesk.presets import DEFAULT_LABELS

    found = load(connection, "approval", key, labels, "approvals")
    if found is None:
        return None
    sheet_id = found.values["assessment_id"]
    view = None if sheet_id is None else sheet_view(connection, sheet_id, labels or DEFAULT_LABELS)
    newest = view is not None and view.approval is not None and view.approval.id == key
    more = {
        "standing": approval_standings(connection, [key]).get(key),
        "edited": edited_words(view) if view is not None and newest else "",
        "reopenings": "\n".join(reopening_words(one) for one in reopenings_of(connection, key)),
    }
    return replace(found, cells={**found.cells, **more})
