"""The half-year at a glance: three figures, meetings beside field visits by month, backup and place of the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from hoidesk.language import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.book.book import Book

__all__ = ["Overview", "chart_picture", "overview"]


@dataclass(frozen=True, slots=True)
class Overview:
    """Meetings held and planned this month, units registered and all, petitions open and late, two counts a month."""

    held: int
    planned: int
    registered: int
    to_register: int
    petitions: int
    petitions_late: int
    months: tuple[str, ...]
    meetings: tuple[int, ...]
    visits: tuple[int, ...]
    year: int
    month: int
    folder: str
    backup: str


def _six_months(day: date) -> list[date]:
    first = day.replace(day=1)
    months = []
    for back in range(5, -1, -1):
        year, month = divmod(first.year * 12 + first.month - 1 - back, 12)
        months.append(date(year, month + 1, 1))
    return months


def overview(connection: Connection, book: Book, day: date) -> Overview:
    """Every number comes from its figure."""
    from hoidesk.figures.evaluation import evaluate, split
    from hoidesk.figures.window import Window
    from ui.home.todo import _missing_registrations, _moment, _month

    month = _month(day)
    moment = _moment(day)
    half = Window(_six_months(day)[0], month.end)
    regular = evaluate(connection, "meeting_regularity_rate", month)
    rate = evaluate(connection, "registration_rate", moment)
    keys = [f"{first.year}-{first.month:02}" for first in _six_months(day)]
    held = split(connection, "meetings_held", half, "calendar_month")
    visits = split(connection, "field_visits", half, "calendar_month")
    missing = len(_missing_registrations(connection, day))
    return Overview(
        held=regular.numerator or 0,
        planned=regular.denominator or 0,
        registered=len(rate.record_ids) - missing,
        to_register=len(rate.record_ids),
        petitions=int(evaluate(connection, "petitions_open", moment).number or 0),
        petitions_late=int(evaluate(connection, "petitions_overdue", moment).number or 0),
        months=tuple(_("M{month}").format(month=first.month) for first in _six_months(day)),
        meetings=tuple(int(held.at(key).number or 0) for key in keys),
        visits=tuple(int(visits.at(key).number or 0) for key in keys),
        year=day.year,
        month=day.month,
        folder=str(book.folder),
        backup=_backup_words(book),
    )


def _backup_words(book: Book) -> str:
    from hoidesk.book.backup import last_backup
    from hoidesk.text.dates import show_instant

    found: Mapping[str, Any] | None = last_backup(book.folder)
    if found is None or not found.get("at"):
        return ""
    return show_instant(datetime.fromisoformat(str(found["at"])))


def chart_picture(found: Overview, *, width_px: int, height_px: int, colours: Mapping[str, str], size: float) -> Any:
    """The chart as pixels at twice the size: the same drawing as on paper, in the colours of the window."""
    from hoidesk.paper.charts import ChartLook, chart_pixels
    from hoidesk.paper.model import BarChart, Series

    points = 72 / 25.4
    chart = BarChart(
        title="",
        categories=found.months,
        series=(
            Series(_("Meetings"), tuple(float(n) for n in found.meetings)),
            Series(_("Field visits"), tuple(float(n) for n in found.visits)),
        ),
        width_mm=width_px / points,
        height_mm=height_px / points,
    )
    look = ChartLook(ink=colours["text"], bar=colours["accent"], ground=colours["surface"], size=size, font="screen")
    return chart_pixels(chart, look, 2.0)
