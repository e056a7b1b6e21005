"""The list of issued papers."""

from __future__ import annotations

from sqlalchemy import Table

from hoidesk.lists.listing import Listing
from hoidesk.paper.tables import IssuedPaper

__all__ = ["papers"]


def papers() -> Listing:
    """Issued papers, the newest first; the papers of subordinate units among them."""
    t: Table = IssuedPaper.__table__  # type: ignore[attr-defined]
    names = ("unit", "kind", "title", "number", "issued_on", "period_from", "period_to", "as_of", "signer_post")
    return Listing("papers", t, {name: t.c[name] for name in names}, order=[t.c.issued_on.desc()])
