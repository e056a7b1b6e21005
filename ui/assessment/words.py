"""What stands in the cells of rounds and sheets: points, the four kinds of cell, states."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hoidesk.language import _, ngettext
from ui.records.cells import choice_text
from ui.widgets.cells import Cell

if TYPE_CHECKING:
    from hoidesk.assessment.rows import AssessmentRow
    from hoidesk.assessment.sheet_view import CellView, LineView
    from hoidesk.presets import Labels

__all__ = [
    "cell_words",
    "class_words",
    "in_groups",
    "line_note",
    "points",
    "score_cell",
    "snapshot_words",
    "state_cell",
]


def points(value: int | None) -> str:
    """Hundredths of a point as people write them; nothing for none."""
    from hoidesk.assessment.words import minus_points

    return "" if value is None else minus_points(value)


def class_words(code: str | None, labels: Labels | None) -> str:
    """The name of a class; nothing for none."""
    return choice_text("class", code, labels) if code else ""


def state_cell(row: AssessmentRow, labels: Labels | None) -> Cell:
    """How far a sheet is: only what waits or is late gets a chip."""
    if row.not_rated_reason is not None:
        return Cell(choice_text("not_rated_reasons", row.not_rated_reason, labels), chip=True, tone="neutral")
    if row.state == "open" and row.days_late:
        late = ngettext("{days} day late", "{days} days late", row.days_late).format(days=row.days_late)
        return Cell(late, chip=True, tone="bad")
    words = choice_text("assessment_states", row.state, labels)
    if row.state == "approved":
        return Cell(words, icon="check", tone="ok")
    return Cell(words, role="text2")


def cell_words(cell: CellView | None, role: str) -> str:
    """A number, “none”, “does not count” or “not scored”: told apart by words, never by colour alone."""
    if cell is None:
        return _("not scored")
    if cell.cell == "none_happened":
        return _("none")
    if cell.cell == "not_applicable":
        return _("does not count")
    return _("applies") if role == "veto" else points(cell.points or 0)


def score_cell(line: LineView, layer: str, *, blocks: bool) -> Cell:
    """One cell of the grid; an open cell is red where it blocks."""
    if line.excluded:
        return Cell(_("does not count"), role="text2")
    cell = line.cells[layer]
    if cell is None:
        return Cell(cell_words(None, line.role), tone="bad" if blocks else None, role="text2")
    return Cell(cell_words(cell, line.role), role="text" if cell.cell == "value" else "text2")


def line_note(line: Any) -> Cell:
    """What a line still needs, or how far the two layers are apart."""
    if line.lacks is not None:
        # What exactly is missing stands beside the grid, in a sentence.
        return Cell(_("Empty") if line.lacks == "open" else _("Incomplete"), icon="circle-alert", tone="bad")
    if line.gap:
        return Cell(_("Differs by {points}").format(points=points(abs(line.gap))), icon="triangle-alert", tone="warn")
    return Cell("")


def snapshot_words(text: str | None, labels: Labels | None) -> str:
    """What an approval holds, in a sentence a layer: points and how many lines with how much evidence."""
    try:
        layers = json.loads(text or "{}").get("layers", {})
    except ValueError:
        return ""
    office = labels.unit if labels is not None else _("Office")
    names = {"self": _("Self"), "ward": office, "cluster": choice_text("score_layers", "cluster", labels)}
    said = []
    for layer in ("self", "cluster", "ward"):
        if layer not in layers:
            continue
        total, cells = layers[layer]["total"], layers[layer]["cells"]
        records = sum(len(cell["evidence"]) for cell in cells.values())
        said.append(
            _("{layer}: {points} of {most} points, {lines} lines, {records} records as evidence").format(
                layer=names[layer],
                points=points(total["final"]),
                most=points(total["maximum"]),
                lines=len(cells),
                records=records,
            )
        )
    return "; ".join(said)


def in_groups(value: str) -> str:
    """A fingerprint or a signature in groups of eight, so that its line can be broken."""
    return " ".join(value[place : place + 8] for place in range(0, len(value), 8))
