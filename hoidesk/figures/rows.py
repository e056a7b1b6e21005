"""Reading reported and estimated values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import Connection, select

from hoidesk.figures.drafts import dimensions_text
from hoidesk.figures.model import Key, Reported
from hoidesk.figures.sources import stands, table_of
from hoidesk.figures.tables import ReportedFigure
from hoidesk.figures.window import Window

__all__ = ["reported_for"]


def reported_for(
    connection: Connection, figure_id: str, window: Window, where: Mapping[str, Key]
) -> tuple[Reported, ...]:
    """The values entered for this figure, window and filter, the newest as-of day first."""
    t = table_of(ReportedFigure)
    rows = connection.execute(
        select(t.c.id, t.c.kind, t.c.value, t.c.as_of, t.c.source)
        .where(
            stands(t),
            t.c.figure == figure_id,
            t.c.window_from == window.start,
            t.c.window_to == window.end,
            t.c.dimensions == dimensions_text(dict(where)),
        )
        .order_by(t.c.as_of.desc(), t.c.id.desc())
    )
    return tuple(Reported(row.id, row.kind, Fraction(row.value), row.as_of, row.source) for row in rows)
