"""States of registrations, targets and limitations as cells, and the lines of a criteria set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hoidesk.language import _, ngettext
from ui.widgets.cells import Cell

if TYPE_CHECKING:
    from hoidesk.presets import Labels

__all__ = ["SheetLine", "items_of", "limitation_state", "registration_state", "sheet_lines", "target_state"]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a criteria set: its id, number and text, its points; a group has no id."""

    item: str
    number: str
    text: str
    points: str
    bold: bool = False


def _late(days: int) -> Cell:
    words = ngettext("{days} day late", "{days} days late", days).format(days=days)
    return Cell(words, chip=True, tone="bad")


def registration_state(values: Mapping[str, Any], day: date) -> Cell:
    """Late in red, drafts marked, the rest in plain words."""
    if values["withdrawn_on"] is not None:
        return Cell(_("Withdrawn"), chip=True, tone="neutral")
    due, sent = values["due_on"], values["submitted_on"]
    if sent is None:
        if due is not None and due < day:
            return _late((day - due).days)
        return Cell(_("Draft"), chip=True, tone="warn", icon="pencil")
    if due is not None and sent > due:
        days = (sent - due).days
        return Cell(ngettext("Submitted, {days} day late", "Submitted, {days} days late", days).format(days=days))
    return Cell(_("Submitted"), icon="check", tone="ok")


def target_state(values: Mapping[str, Any], day: date) -> Cell:
    """Reached, missed, overdue or still open."""
    aim, result = values["target_value"], values["result_value"]
    if values["confirmed_on"] is not None:
        if aim is None or (result is not None and result >= aim):
            return Cell(_("Reached"), icon="check", tone="ok")
        return Cell(_("Not reached"), chip=True, tone="warn")
    if values["due_on"] is not None and values["due_on"] < day:
        return _late((day - values["due_on"]).days)
    return Cell(_("Open"), role="text2")


def limitation_state(values: Mapping[str, Any], day: date) -> Cell:
    """Overcome, overdue or still open."""
    if values["closed_on"] is not None:
        return Cell(_("Overcome"), icon="check", tone="ok")
    due = values["remedy_due_on"]
    if due is not None and due < day:
        return _late((day - due).days)
    return Cell(_("Open"), role="text2")


def sheet_lines(content: str, labels: Labels | None) -> list[SheetLine]:
    """The lines of a stored criteria set in printed order, with their groups."""
    from hoidesk.assessment.sheet_texts import sheet_of
    from hoidesk.assessment.words import points_words
    from hoidesk.presets import DEFAULT_LABELS

    sheet = sheet_of(content, labels or DEFAULT_LABELS)
    lines = []
    for group in sheet.groups:
        number = f"{group.number}. " if group.number.isalpha() else ""
        most = points_words(group.maximum) if group.maximum else ""
        lines.append(SheetLine("", "", f"{number}{group.text}", most, bold=True))
        for criterion in group.criteria:
            for place, item in enumerate(criterion.items, start=1):
                label = f"{criterion.number}.{place}" if len(criterion.items) > 1 else criterion.number
                highest = points_words(item.highest or item.lowest) if item.role != "veto" else ""
                lines.append(SheetLine(item.id, label, item.text, highest))
    return lines


def items_of(content: str | None, labels: Labels | None) -> dict[str, str]:
    """Criterion id → its number and text, for choosing one; nothing for a broken or missing sheet."""
    if not content:
        return {}
    try:
        return {one.item: f"{one.number} {one.text}" for one in sheet_lines(content, labels) if one.item}
    except (ValueError, KeyError, json.JSONDecodeError):
        return {}
