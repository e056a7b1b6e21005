"""What the last meeting of a branch offers to the next one: place and posts, never counts or conclusions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Offer", "last_meeting"]

_KEPT = ("place", "chair_post", "chair_name", "secretary_post", "secretary_name")


@dataclass(frozen=True, slots=True)
class Offer:
    """Fields as text, and the agenda kinds of the last meeting in order."""

    fields: Mapping[str, str]
    kinds: Sequence[str]


def last_meeting(connection: Connection, branch: str) -> Offer | None:
    """The offer of the newest meeting of a branch; None when it has not met."""
    from hoidesk.book.rows import record
    from hoidesk.lists.commands import listing

    meetings = listing("meetings")
    found = meetings.ids(connection, where={"branch_id": UUID(branch)}, limit=1)
    last = record(connection, "meeting", found[0]) if found else None
    if last is None:
        return None
    items = listing("agenda_items")
    ids = items.ids(connection, where={"meeting_id": last.id})
    kinds = [row["agenda_kind"] for row in items.rows(connection, ids)]
    return Offer({name: str(last.values[name] or "") for name in _KEPT}, kinds)
