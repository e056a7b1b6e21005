"""Figures of the office's own work that rest on the register."""

from __future__ import annotations

from sqlalchemy import func, or_

from hoidesk.associations.tables import Association, Post
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.sources import stands, table_of

__all__: list[str] = []


@define("posts_with_fields")
def posts_with_fields(ask: Ask) -> Facts:
    """Posts of the standing board and of associations in office that have a field of work; posts, not people."""
    p, a = table_of(Post), table_of(Association)
    return Facts(
        table="post",
        record=p.c.id,
        label=(p.c.title, a.c.name),
        source=p.outerjoin(a, a.c.id == p.c.association_id),
        where=(
            stands(p),
            p.c.branch_id.is_(None),
            p.c.area_id.is_(None),
            func.trim(func.coalesce(p.c.field_of_work, "")) != "",
            or_(p.c.held_from.is_(None), p.c.held_from <= ask.as_of),
            or_(p.c.held_to.is_(None), p.c.held_to >= ask.as_of),
        ),
        dims={"organization_kind": func.coalesce(a.c.kind, "front_committee")},
    )
