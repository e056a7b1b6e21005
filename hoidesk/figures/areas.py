"""Figures of areas and branches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Row, and_, or_, select

from hoidesk import presets
from hoidesk.associations.tables import Branch
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.model import Fact
from hoidesk.figures.sources import alive, area_key, branches, quarters, stands, table_of, within
from hoidesk.units.tables import Area

__all__: list[str] = []

_CONSOLIDATED_KINDS: Final = ("front_working_committee", "area_board")
"""Kinds that are no branch of an organisation and so are never flagged for consolidation."""


@define("areas_total")
def areas_total(ask: Ask) -> Facts:
    """The residential areas on the day."""
    return quarters(ask.as_of)


@define("branches_total")
def branches_total(ask: Ask) -> Facts:
    """Branches and Front working committees in operation; area boards are bodies of the area."""
    return branches(ask.as_of).only(table_of(Branch).c.kind != "area_board")


@define("branches_to_consolidate")
def branches_to_consolidate(ask: Ask) -> Facts:
    """Branches that an officer marked, as long as the mark stands."""
    b = table_of(Branch)
    return branches(ask.as_of).only(
        b.c.kind.not_in(_CONSOLIDATED_KINDS), b.c.consolidate_from.is_not(None), _marked(ask)
    )


def _marked(ask: Ask) -> Any:
    b = table_of(Branch)
    return and_(b.c.consolidate_from <= ask.as_of, or_(b.c.consolidate_to.is_(None), b.c.consolidate_to > ask.as_of))


@define("branches_consolidated")
def branches_consolidated(ask: Ask) -> Facts:
    """Branches whose mark was taken off in the window; a branch that ended by then was not consolidated."""
    b = table_of(Branch)
    return branches(ask.window.end, living=False).only(
        b.c.kind.not_in(_CONSOLIDATED_KINDS),
        b.c.consolidate_from.is_not(None),
        within(b.c.consolidate_to, ask.window),
        or_(b.c.ended_on.is_(None), b.c.ended_on > b.c.consolidate_to),
    )


def _expected_kinds() -> list[str]:
    """The bodies that an area is expected to have, of those that the book records."""
    recorded = {str(one["id"]) for one in presets.entries("branch_kinds")}
    return [kind for kind in presets.expected_bodies() if kind in recorded]


def _bodies(ask: Ask, *, rate: bool) -> Facts:
    """One fact for each expected body of each area: below the line, and above it where the body exists."""
    b, area = table_of(Branch), table_of(Area)
    existing = (
        select(area_key(area).label("area_id"), b.c.kind)
        .join_from(b, area, area.c.id == b.c.area_id)
        .where(stands(b), alive(b.c.founded_on, b.c.ended_on, ask.as_of))
    )

    def expected(facts: list[Fact], _rows: list[Row[Any]], more: list[list[Row[Any]]], _ask: Ask) -> Iterable[Fact]:
        there = {(row.area_id, row.kind) for row in more[0]}
        for fact in facts:
            for kind in _expected_kinds():
                keys = {**fact.keys, "body_kind": kind}
                above = int((fact.id, kind) in there) if rate else 1
                yield Fact(fact.table, fact.id, above, int(rate), keys, fact.label)

    return quarters(ask.as_of).refined(expected, existing, late=("body_kind",))


@define("area_bodies_expected")
def area_bodies_expected(ask: Ask) -> Facts:
    """The bodies that every area is expected to have."""
    return _bodies(ask, rate=False)


@define("area_bodies_rate")
def area_bodies_rate(ask: Ask) -> Facts:
    """Of the expected bodies, those in operation; a body beyond them does not raise the rate."""
    return _bodies(ask, rate=True)
