"""The list of areas."""

from __future__ import annotations

from sqlalchemy import func, select

from hoidesk.associations.tables import Branch
from hoidesk.lists.listing import Listing, alive, title_of
from hoidesk.units.tables import Area, SubordinateUnit

__all__ = ["areas", "units"]


def areas() -> Listing:
    """Quarters and groups, in natural order (Khu phố 2 before Khu phố 10)."""
    t = Area.__table__  # type: ignore[attr-defined]
    b = Branch.__table__  # type: ignore[attr-defined]
    branches = (
        select(func.count())
        .where(b.c.area_id == t.c.id, b.c.voided.is_(None), b.c.ended_on.is_(None))
        .correlate(t)
        .scalar_subquery()
    )
    return Listing(
        "areas",
        t,
        {
            "name": t.c.name,
            "code": t.c.code,
            "kind": t.c.kind,
            "part_of": title_of(t.c.parent_id, "area"),
            "old_unit_name": t.c.old_unit_name,
            "households": t.c.households,
            "branches": branches,
            "effective_from": t.c.effective_from,
            "effective_to": t.c.effective_to,
        },
        as_of=lambda day: alive(t.c.effective_from, t.c.effective_to, day),
        filters={"kind": lambda v: t.c.kind == v, "parent_id": lambda v: t.c.parent_id == v},
    )


def units() -> Listing:
    """The subordinate units that this unit gave a code."""
    t = SubordinateUnit.__table__  # type: ignore[attr-defined]
    return Listing("units", t, {"name": t.c.name, "code": t.c.code, "tier": t.c.tier}, order=[t.c.code])
