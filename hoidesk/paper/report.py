"""Reports written to a file: composed, set by the file's ending, and put in its place whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from hoidesk.book.files import write_atomic
from hoidesk.errors import UserError
from hoidesk.figures.window import Window
from hoidesk.language import _
from hoidesk.paper.model import Paper

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.book.book import Book

__all__ = [
    "REPORTS",
    "WrittenReport",
    "checked_request",
    "paper_bytes",
    "round_window",
    "write_issued",
    "write_paper",
    "write_report",
]

REPORTS: Final = ("half-year",)
SUFFIXES: Final = (".pdf", ".docx", ".xlsx")


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report that lies in a file: where, and the required sections that have no words yet (by id)."""

    path: Path
    missing: tuple[str, ...]


def _setter(suffix: str) -> Callable[[Paper], bytes]:
    """The function that sets a paper for this ending of a file; UserError for an ending that no paper has."""
    if suffix == ".pdf":
        from hoidesk.paper.pdf import pdf_bytes

        return pdf_bytes
    if suffix == ".docx":
        from hoidesk.paper.docx import docx_bytes

        return docx_bytes
    if suffix == ".xlsx":
        from hoidesk.paper.xlsx import xlsx_bytes

        return xlsx_bytes
    text = _("A report is written as .pdf, .docx or .xlsx; “{suffix}” is none of these. Change the file's ending.")
    raise UserError("report.suffix", text.format(suffix=suffix), field="out")


def paper_bytes(paper: Paper, suffix: str) -> bytes:
    """The paper as PDF, DOCX or XLSX (annex tables only); UserError for another ending."""
    return _setter(suffix.lower())(paper)


def write_paper(paper: Paper, out: Path) -> Path:
    """Write a paper to ``out``; its ending chooses the kind. An older file is replaced only by a whole new one."""
    set_paper = _setter(out.suffix.lower())
    if not out.parent.is_dir():
        text = _("The folder {folder} is not there. Choose another folder or make it first.")
        raise UserError("report.no_folder", text.format(folder=out.parent), field="out")
    if out.is_dir():
        text = _("{path} is a folder. Add a file name to it.")
        raise UserError("report.folder", text.format(path=out), field="out")
    write_atomic(out, set_paper(paper))
    return out


def round_window(connection: Connection, code: str) -> tuple[Window, date]:
    """The evidence window and the cut-off day of a round, found by its code, name or id; UserError if there is none.

    A code that several years share takes the newest round.
    """
    from sqlalchemy import Table, select

    from hoidesk.assessment.tables import Round

    table: Table = Round.__table__  # type: ignore[attr-defined]
    rows = connection.execute(select(table).where(table.c.voided.is_(None)).order_by(table.c.year.desc())).all()
    wanted = code.strip()
    for row in rows:
        if wanted in _round_names(row):
            start, end = row.evidence_from, row.evidence_to
            return Window(start, end), row.cut_off or end
    text = _("There is no assessment round “{round}” in the book. List the rounds and take a code from there.")
    raise UserError("report.no_round", text.format(round=code), field="round")


def _round_names(row: Any) -> tuple[str, ...]:
    identity: UUID = row.id
    return (row.code, row.name, f"{row.year}-{row.code}", str(identity))


def checked_request(name: str, out: Path) -> None:
    """UserError for an unknown report or an unknown ending, before a book is opened for it."""
    if name not in REPORTS:
        text = _("There is no report “{name}”. Reports: {known}.").format(name=name, known=", ".join(REPORTS))
        raise UserError("report.unknown", text, field="name")
    _setter(out.suffix.lower())


def write_report(
    book: Book,
    name: str,
    out: Path,
    *,
    window: Window | None = None,
    round_code: str | None = None,
    as_of: date | None = None,
) -> WrittenReport:
    """Compose the report ``name`` ("half-year") for a window or for a round, and write it to ``out``.

    Raises UserError for an unknown report, an unknown ending, a missing period, or both a window and a round.
    """
    from hoidesk.paper.half_year import compose_half_year

    checked_request(name, out)
    if (window is None) == (round_code is None):
        raise UserError("report.period", _("Name either a round, or the first and the last day."), field="from")
    with book.read() as connection:
        if round_code is not None:
            window, cut_off = round_window(connection, round_code)
            as_of = as_of or cut_off
        assert window is not None
        composed = compose_half_year(connection, book.unit, window, as_of=as_of)
    write_paper(composed.paper, out)
    return WrittenReport(out, composed.missing)


def write_issued(book: Book, paper_id: UUID, out: Path) -> Path:
    """Write an issued paper as it was issued, whatever the book says today."""
    from hoidesk.paper.rows import issued_paper_body

    with book.read() as connection:
        paper = issued_paper_body(connection, paper_id)
    return write_paper(paper, out)
