"""What is written about figures: values that were reported or estimated beside the counted ones."""

from __future__ import annotations

from typing import ClassVar

from hoidesk.book.operations import Save
from hoidesk.book.records import Draft, Record
from hoidesk.book.slots import Role
from hoidesk.figures.drafts import ReportedFigureDraft
from hoidesk.figures.tables import ReportedFigure
from hoidesk.language import N_

__all__ = ["SaveReportedFigure"]


class SaveReportedFigure(Save):
    """Record a reported or estimated value of a figure with its source and as-of day, or change it."""

    op: ClassVar[str] = "reported_figure.save"
    label: ClassVar[str] = N_("Save a reported figure")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = ReportedFigureDraft
    table: ClassVar[type[Record]] = ReportedFigure
