"""Who issued a record: this office, or a unit above it whose records come down frozen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hoidesk.language import _
from ui.app import App
from ui.widgets.cells import Cell

__all__ = ["from_above", "issuer", "issuer_words"]


def from_above(app: App, unit: str) -> bool:
    """Whether a record of that unit was issued above this book's unit."""
    return app.book is not None and not app.book.unit.covers(unit)


def issuer_words(app: App, unit: str) -> str:
    """The unit that issued a record; one above this office is named as such."""
    if not from_above(app, unit):
        return app.unit_name(unit)
    return _("Issued by the superior unit ({unit})").format(unit=app.unit_name(unit))


def issuer(app: App) -> Callable[[Any], Cell]:
    """The cell that says who issued a record."""

    def cell(row: Any) -> Cell:
        if from_above(app, row["unit"]):
            return Cell(_("Superior unit"), icon="lock")
        return Cell(app.unit_name(row["unit"]), role="text2")

    return cell
