"""The numbers of an issued paper as rows: what was printed, by which version of its rule, from which records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hoidesk.figures.catalogue import figure, figures
from hoidesk.figures.words import number_words
from hoidesk.language import _
from hoidesk.paper.printed import PrintedFigure
from hoidesk.paper.rows import issued_paper_figures
from hoidesk.presets import Labels, fill_labels

__all__ = ["replayed", "replayed_records"]


def replayed(connection: Connection, paper_id: UUID, labels: Labels) -> Iterator[dict[str, Any]]:
    """Each printed number as it was issued, whatever the book says today.

    Raises UserError when there is no such paper, EnvError when what is stored cannot be read.
    """
    known = {one.id for one in figures()}
    for printed in issued_paper_figures(connection, paper_id):
        number = printed.number
        yield {
            "figure": printed.figure,
            "part": printed.part,
            "where": _where(printed),
            "name": fill_labels(figure(printed.figure).title, labels) if printed.figure in known else printed.figure,
            "value": None if number is None else float(number) if number.denominator > 1 else int(number),
            "text": _("no value") if number is None else number_words(number),
            "numerator": printed.numerator,
            "denominator": printed.denominator,
            "records": len(printed.record_ids),
            "rule_version": printed.rule_version,
        }


def replayed_records(connection: Connection, paper_id: UUID) -> Iterator[dict[str, Any]]:
    """The records behind each printed number, by id: a record may have been changed or voided since."""
    for printed in issued_paper_figures(connection, paper_id):
        above = set(printed.numerator_ids)
        for record in printed.record_ids:
            yield {
                "figure": printed.figure,
                "part": printed.part,
                "where": _where(printed),
                "id": str(record),
                "counted": record in above,
            }


def _where(printed: PrintedFigure) -> str:
    return ", ".join(f"{name}={value}" for name, value in printed.where)
