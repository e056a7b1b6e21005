"""Reading the words of reports, issued papers, and what was reported beside the counted figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select

from hoidesk.errors import EnvError, UserError
from hoidesk.figures.model import Reported
from hoidesk.figures.tables import ReportedFigure
from hoidesk.figures.window import Window
from hoidesk.language import _
from hoidesk.paper.archive import paper_from_data
from hoidesk.paper.model import Paper
from hoidesk.paper.printed import PrintedFigure, printed_from_json
from hoidesk.paper.tables import IssuedPaper, SectionText

__all__ = [
    "IssuedPaperRow",
    "StoredText",
    "issued_paper_body",
    "issued_paper_figures",
    "issued_papers",
    "offered_texts",
    "reported_in",
    "section_texts",
]


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


@dataclass(frozen=True, slots=True)
class StoredText:
    """The officer's words in one section of one period's report."""

    id: UUID
    section: str
    period: Window
    text: str
    lead: str | None
    no_lead: bool


@dataclass(frozen=True, slots=True)
class IssuedPaperRow:
    """An issued paper in a list."""

    id: UUID
    unit: str
    kind: str
    title: str
    number: str | None
    issued_on: date
    period: Window
    as_of: date
    signer_post: str | None
    signer_name: str | None
    outline_version: str


def _texts(connection: Connection, unit: str, outline: str, *conditions: Any) -> list[StoredText]:
    t = _table(SectionText)
    rows = connection.execute(
        select(t)
        .where(t.c.unit == unit, t.c.outline == outline, t.c.voided.is_(None), *conditions)
        .order_by(t.c.period_to, t.c.period_from, t.c.id)
    )
    return [StoredText(r.id, r.section, Window(r.period_from, r.period_to), r.text, r.lead, r.no_lead) for r in rows]


def section_texts(connection: Connection, unit: str, outline: str, window: Window) -> dict[str, StoredText]:
    """The words written for this very period, by section."""
    t = _table(SectionText)
    rows = _texts(connection, unit, outline, t.c.period_from == window.start, t.c.period_to == window.end)
    return {row.section: row for row in rows}


def offered_texts(connection: Connection, unit: str, outline: str, window: Window) -> dict[str, StoredText]:
    """The newest words of an earlier period, by section: what is offered again."""
    t = _table(SectionText)
    rows = _texts(connection, unit, outline, t.c.period_to < window.end, t.c.period_from < window.start, t.c.text != "")
    return {row.section: row for row in rows}


def reported_in(connection: Connection, window: Window) -> Mapping[tuple[str, tuple[tuple[str, str], ...]], Reported]:
    """Reported and estimated values of this very window, by figure and filter; the newest as-of day stands."""
    t = _table(ReportedFigure)
    rows = connection.execute(
        select(t)
        .where(t.c.voided.is_(None), t.c.window_from == window.start, t.c.window_to == window.end)
        .order_by(t.c.as_of, t.c.id)
    )
    out = {}
    for r in rows:
        place = tuple(sorted((str(k), str(v)) for k, v in json.loads(r.dimensions or "{}").items()))
        out[r.figure, place] = Reported(r.id, r.kind, Fraction(r.value), r.as_of, r.source)
    return out


def issued_papers(connection: Connection) -> list[IssuedPaperRow]:
    """Issued papers of this book, the newest first; the papers of subordinate units among them."""
    t = _table(IssuedPaper)
    columns = [c for c in t.c if c.name not in ("figures", "body", "voided")]
    newest = (t.c.issued_on.desc(), t.c.id.desc())
    rows = connection.execute(select(*columns).where(t.c.voided.is_(None)).order_by(*newest))
    return [
        IssuedPaperRow(
            r.id, r.unit, r.kind, r.title, r.number, r.issued_on, Window(r.period_from, r.period_to), r.as_of,
            r.signer_post, r.signer_name, r.outline_version,
        )
        for r in rows
    ]  # fmt: skip


def _column(connection: Connection, paper_id: UUID, name: str) -> str | None:
    t = _table(IssuedPaper)
    row = connection.execute(select(t.c[name]).where(t.c.id == paper_id, t.c.voided.is_(None))).first()
    if row is None:
        raise UserError("paper.missing", _("This paper is not in the book. List the issued papers."), field="paper")
    value: str | None = row[0]
    return value


def issued_paper_figures(connection: Connection, paper_id: UUID) -> tuple[PrintedFigure, ...]:
    """Every number of an issued paper with its records, to replay it; UserError when there is no such paper."""
    return printed_from_json(_column(connection, paper_id, "figures") or "")


def issued_paper_body(connection: Connection, paper_id: UUID) -> Paper:
    """The paper as it was issued; EnvError for a paper of another office, whose text does not travel."""
    body = _column(connection, paper_id, "body")
    if body is None:
        text = _("Only the figures of this paper were sent. Ask the sender for the printed paper.")
        raise EnvError("paper.figures_only", text)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    return paper_from_data(data)
