"""The stored form of reported and estimated values that stand beside counted ones."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import SQLModel

from hoidesk.book.columns import choice, day, document, line
from hoidesk.book.records import Record, Search, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day

__all__ = ["ReportedFigure", "ReportedFigureFields"]


class ReportedFigureFields(SQLModel):
    """What an organisation reported, or an officer estimated, for a figure over a window."""

    figure: str = choice(4, N_("Figure"), "figures", default=...)
    dimensions: str = document(5, N_("Split by"), default="{}")
    window_from: Day = day(6, N_("From"), default=...)
    window_to: Day = day(7, N_("To"), default=...)
    as_of: Day = day(8, N_("As of"), default=...)
    value: str = line(9, N_("Value"), default=..., max_length=40)
    kind: str = choice(10, N_("Reported or estimated"), "reported_kinds", default="reported")
    source: str | None = line(11, N_("Source"))


class ReportedFigure(ReportedFigureFields, Record, table=True):
    """A reported or estimated value."""

    __tablename__ = "reported_figure"
    __info__: ClassVar[TableInfo] = TableInfo(50, N_("Reported figure"), up=True, owners=(), search=Search(("source",)))
