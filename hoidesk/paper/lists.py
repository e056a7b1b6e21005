"""The lists of issued papers and of issued outlines."""

from __future__ import annotations

from sqlalchemy import Table

from hoidesk.lists.listing import Listing
from hoidesk.paper.tables import IssuedPaper, ReportOutline

__all__ = ["outlines", "papers"]


def papers() -> Listing:
    """Issued papers, the newest first; the papers of subordinate units among them."""
    t: Table = IssuedPaper.__table__  # type: ignore[attr-defined]
    names = ("unit", "kind", "title", "number", "issued_on", "period_from", "period_to", "as_of", "signer_post")
    return Listing("papers", t, {name: t.c[name] for name in names}, order=[t.c.issued_on.desc()])


def outlines() -> Listing:
    """Issued outlines of reports: this office's and those of the units above."""
    t: Table = ReportOutline.__table__  # type: ignore[attr-defined]
    names = ("unit", "code", "version", "title")
    return Listing("outlines", t, {name: t.c[name] for name in names}, order=[t.c.code, t.c.version.desc()])
