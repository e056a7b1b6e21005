"""Records that look like one thing written twice: proposals, and what people decided of them.

What makes two records look alike is a pure function of their values (:func:`keys_of`, :func:`pairs`): same unit, folded
name, number, date. A proposal writes nothing; merging and its undoing are operations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection, select

from hoidesk.book.registry import StoredTable, registry
from hoidesk.exchange.aliases import ALIASED, RAW, resolved, stored
from hoidesk.text.fold import fold

__all__ = ["Candidate", "Reason", "State", "Twins", "keys_of", "pairs", "twins"]

Reason = Literal["name", "code", "day", "text", "number", "person"]
State = Literal["proposed", "contradicted", "merged", "different"]
MOST: Final = 500
"""Proposals that are shown at most: more would be an import gone wrong, and is undone as one."""

_READ: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("kind", "parent_id", "code", "name"),
    "association": ("kind", "name"),
    "branch": ("area_id", "kind", "name"),
    "meeting": ("branch_id", "association_id", "area_id", "kind", "held_on", "starts"),
    "petition": ("branch_id", "association_id", "area_id", "raised_on", "text", "number"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record with what it may be found alike by: reason → key; ``apart``: two that differ in it are never alike."""

    id: UUID
    unit: str
    keys: tuple[tuple[Reason, tuple[Any, ...]], ...]
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two records that are one thing, or look like it: ``one`` is the older, or the duplicate once they are merged.

    ``state``: "contradicted" when one office merged them and another declared them different. ``alias``: the row to set
    aside to undo the decision.
    """

    table: str
    one: UUID
    other: UUID
    reason: Reason
    state: State
    alias: UUID | None = None


def keys_of(table: str, values: Mapping[str, Any]) -> Iterator[tuple[Reason, tuple[Any, ...]]]:
    """What a record of ``table`` is found alike by."""
    if table == "area":
        yield "code", (fold(values["code"]).strip(),)
        yield "name", (values["kind"], values["parent_id"], _words(values["name"]))
    elif table == "association":
        yield "name", (values["kind"], _words(values["name"]))
    elif table == "branch":
        yield "name", (values["area_id"], values["kind"], _words(values["name"]))
    elif table == "meeting":
        yield "day", (*_body(values), values["kind"], values["held_on"])
    elif table == "petition":
        yield "text", (*_body(values), _year(values["raised_on"]), _words(values["text"]))
        if values["number"]:
            yield "number", (fold(values["number"]).strip(), _year(values["raised_on"]))


def _words(written: str) -> str:
    """Folded text without regard to blanks, stops and line ends."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(written)).split())


def _body(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return values["branch_id"], values["association_id"], values["area_id"]


def _year(day: date) -> int:
    return day.year


def pairs(
    candidates: Iterable[Candidate], settled: Collection[frozenset[UUID]] = frozenset()
) -> list[tuple[UUID, UUID, Reason]]:
    """Every two records of one unit that are alike, each pair once under its first reason, the older id first.

    A pair that somebody declared different (``settled``) is not proposed again. A pure function: the order of the
    candidates does not matter.
    """
    groups: dict[tuple[Any, ...], list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: c.id):
        for reason, key in candidate.keys:
            groups.setdefault((candidate.unit, reason, *key), []).append(candidate)
    found: dict[tuple[UUID, UUID], Reason] = {}
    for (_unit, reason, *_key), group in groups.items():
        for one, other in combinations(group, 2):
            if len(found) >= MOST:
                break
            if one.apart and other.apart and one.apart != other.apart:
                continue
            if frozenset((one.id, other.id)) not in settled:
                found.setdefault((one.id, other.id), reason)
    return [(one, other, reason) for (one, other), reason in sorted(found.items())]


# From the book


def _candidates(connection: Connection, table: StoredTable) -> list[Candidate]:
    t = table.table
    names = _READ[table.name]
    rows = connection.execute(select(t.c.id, t.c.unit, *(t.c[n] for n in names)).where(t.c.voided.is_(None)))
    found = []
    for id_, unit, *values in rows:
        by_name = dict(zip(names, values, strict=True))
        found.append(Candidate(id_, unit, tuple(keys_of(table.name, by_name)), str(by_name.get("starts") or "")))
    return found


def _decided(connection: Connection, table: StoredTable) -> dict[frozenset[UUID], dict[bool, tuple[UUID, UUID, UUID]]]:
    """The decisions that stand: pair → different or not → (alias row, duplicate, kept)."""
    a = registry()["alias"].table
    rows = connection.execute(
        select(a.c.id, a.c.duplicate, a.c.kept, a.c.different)
        .where(a.c.table_number == table.id, a.c.voided.is_(None))
        .order_by(a.c.id)
    )
    found: dict[frozenset[UUID], dict[bool, tuple[UUID, UUID, UUID]]] = {}
    for id_, duplicate, kept, different in rows:
        try:
            one, other = UUID(hex=duplicate), UUID(hex=kept)
        except ValueError:
            continue
        found.setdefault(frozenset((one, other)), {})[bool(different)] = (id_, one, other)
    return found


def twins(connection: Connection, *, settled: bool = False) -> list[Twins]:
    """Proposals and contradictions; with ``settled`` what was merged or declared different instead."""
    result: list[Twins] = []
    with resolved(connection):
        canonical = stored(connection)
        for name in ALIASED:
            table = registry()[name]
            decided = _decided(connection, table)
            decisions = list(_decisions(connection, table, decided, canonical.get(table.id, {})))
            result += [one for one in decisions if (one.state == "contradicted") is not settled]
            if settled:
                continue
            found = pairs(_candidates(connection, table), {p for p, d in decided.items() if True in d})
            result += [Twins(name, one, other, reason, "proposed") for one, other, reason in found]
    return result


def _decisions(
    connection: Connection,
    table: StoredTable,
    decided: Mapping[frozenset[UUID], Mapping[bool, tuple[UUID, UUID, UUID]]],
    canonical: Mapping[bytes, bytes],
) -> Iterator[Twins]:
    """What people decided of pairs that are both in the book; a merge without effect is a contradiction."""
    for pair, decisions in decided.items():
        if len(pair) != 2 or not _both(connection, table, pair):
            continue
        if False in decisions:
            alias, one, other = decisions[False]
            works = one.bytes in canonical or other.bytes in canonical
            yield Twins(table.name, one, other, "person", "merged" if works else "contradicted", alias)
        else:
            alias, one, other = decisions[True]
            yield Twins(table.name, one, other, "person", "different", alias)


def _both(connection: Connection, table: StoredTable, pair: frozenset[UUID]) -> bool:
    """Whether both records are in the book; one of another unit may be out of its scope."""
    query = select(table.table.c.id).where(table.table.c.id.in_(pair))
    return len(connection.execute(query, execution_options=RAW).all()) == 2
