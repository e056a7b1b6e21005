"""The rows of annex tables, read from the register as it stood on a day: associations, areas, clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, or_, select

from hoidesk.associations.tables import Association, PartyStatus
from hoidesk.figures.model import Key
from hoidesk.figures.window import Window
from hoidesk.paper.model import Value
from hoidesk.paper.words import day_text
from hoidesk.text.sortkey import sort_key
from hoidesk.units.tables import Area

__all__ = ["Entry", "area_entries", "association_entries", "cluster_entries"]

_PARTY: Final = {"none": "không", "own": "có", "joint": "ghép", "unknown": "chưa rõ"}
"""The short words of the column "Tổ chức đảng": a status, never a person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of an annex: the dimension and key by which figures are split, and the fields of its record."""

    dimension: str
    key: Key
    fields: Mapping[str, Value] = field(default_factory=dict)
    members: tuple[Entry, ...] = ()


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _joined(number: str | None, day: date | None) -> str:
    return ", ".join(part for part in (number or "", day_text(day) if day else "") if part)


def _term(first: date | None, last: date | None) -> str:
    years = [str(day.year) if day else "…" for day in (first, last)]
    return "" if years == ["…", "…"] else " - ".join(years)


def _party_statuses(connection: Connection, day: date) -> dict[UUID, str]:
    t = _table(PartyStatus)
    rows = connection.execute(
        select(t.c.association_id, t.c.status)
        .where(
            t.c.voided.is_(None),
            or_(t.c.status_from.is_(None), t.c.status_from <= day),
            or_(t.c.status_to.is_(None), t.c.status_to >= day),
        )
        .order_by(t.c.status_from, t.c.id)
    )
    return {row.association_id: row.status for row in rows}


def association_entries(
    connection: Connection, day: date, labels: Mapping[str, str], types: Mapping[str, str], also: Iterable[Key] = ()
) -> list[Entry]:
    """Associations (hội) that exist at the end of ``day``, and those in ``also``, in Vietnamese order of names.

    Socio-political organisations are never among them. ``labels`` names the scopes, ``types`` the types.
    """
    t = _table(Association)
    lives = (or_(t.c.founded_on.is_(None), t.c.founded_on <= day), or_(t.c.ended_on.is_(None), t.c.ended_on > day))
    rows = connection.execute(select(t).where(t.c.voided.is_(None), t.c.kind == "association")).all()
    living = set(connection.execute(select(t.c.id).where(*lives)).scalars())
    wanted = living | {key for key in also if isinstance(key, UUID)}
    party = _party_statuses(connection, day)
    found = [row for row in rows if row.id in wanted]
    found.sort(key=lambda row: (sort_key(row.name), row.id))
    return [Entry("association", row.id, _association_fields(row, labels, types, party.get(row.id))) for row in found]


def _association_fields(
    row: Any, labels: Mapping[str, str], types: Mapping[str, str], party: str | None
) -> dict[str, Value]:
    return {
        "association.name": row.name,
        "association.type": types.get(row.type or "", ""),
        "association.scope": labels.get(f"scope.{row.scope}", ""),
        "association.founding_decision": _joined(row.founding_number, row.founded_on),
        "association.statute_approval": _joined(row.statute_number, row.statute_approved_on),
        "association.term": _term(row.term_from, row.term_to),
        "association.last_congress": row.last_congress_on,
        "association.next_congress": row.postponed_to or row.next_congress_on,
        "association.party_status": _PARTY.get(party or "", ""),
    }


def area_entries(connection: Connection, window: Window, also: Iterable[Key] = ()) -> list[Entry]:
    """Quarters that existed on some day of the window, and those in ``also``; "Khu phố 2" stands before "Khu phố 10".

    Two old quarters of one name in a merged ward are told apart by the name of the old ward.
    """
    t = _table(Area)
    rows = connection.execute(select(t).where(t.c.voided.is_(None), t.c.kind == "quarter")).all()
    wanted = set(also)
    found = [row for row in rows if row.id in wanted or _exists_in(row, window)]
    found.sort(key=lambda row: (sort_key(row.name), sort_key(row.old_unit_name or ""), row.id))
    names = [row.name for row in found]

    def name(row: Any) -> str:
        twin = names.count(row.name) > 1 and row.old_unit_name
        return f"{row.name} ({row.old_unit_name})" if twin else str(row.name)

    return [Entry("area", row.id, {"area.name": name(row), "unit.name": name(row)}) for row in found]


def _exists_in(row: Any, window: Window) -> bool:
    begun = row.effective_from is None or row.effective_from <= window.end
    return begun and (row.effective_to is None or row.effective_to >= window.start)


def cluster_entries(connection: Connection, year: int, areas: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The clusters of the year with their quarters, and the quarters that stand in none."""
    from hoidesk.emulation.tables import Cluster, ClusterMember

    c, m = _table(Cluster), _table(ClusterMember)
    rows = connection.execute(
        select(c.c.id, c.c.name, m.c.area_id)
        .join(m, m.c.cluster_id == c.c.id)
        .where(c.c.year == year, c.c.voided.is_(None), m.c.voided.is_(None))
    ).all()
    by_area = {entry.key: entry for entry in areas}
    grouped: dict[tuple[UUID, str], list[Entry]] = {}
    for row in rows:
        if row.area_id in by_area:
            grouped.setdefault((row.id, row.name), []).append(by_area[row.area_id])
    order = {entry.key: place for place, entry in enumerate(areas)}
    clusters = [
        Entry("cluster", id_, {"unit.name": name}, tuple(sorted(members, key=lambda one: order[one.key])))
        for (id_, name), members in sorted(grouped.items(), key=lambda pair: (sort_key(pair[0][1]), pair[0][0]))
    ]
    inside = {entry.key for cluster in clusters for entry in cluster.members}
    return clusters, [entry for entry in areas if entry.key not in inside]
