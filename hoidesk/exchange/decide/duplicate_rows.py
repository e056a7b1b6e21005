"""What people see of records that look like one thing: proposals, contradictions, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, func, select

from hoidesk.book.registry import StoredTable, registry
from hoidesk.exchange.decide.aliases import ALIASED, RAW, resolved, stored
from hoidesk.exchange.decide.duplicates import EXACT, READ, Candidate, Reason, keys_of, pairs

__all__ = ["State", "Twins", "belonging", "twins"]

State = Literal["proposed", "contradicted", "merged", "different"]


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


def _candidates(connection: Connection, table: StoredTable) -> list[Candidate]:
    t = table.table
    names = READ[table.name]
    query = select(t.c.id, t.c.unit, *(t.c[n] for n in names)).where(t.c.voided.is_(None))
    if table.name in EXACT:  # of tens of thousands of meetings only those of one body, kind and day leave the database
        alike = func.count().over(partition_by=[t.c.unit, *(t.c[n] for n in EXACT[table.name])]).label("alike")
        counted = query.add_columns(alike).subquery()
        query = select(*(counted.c[n] for n in ("id", "unit", *names))).where(counted.c.alike > 1)
    rows = connection.execute(query)
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


def belonging(connection: Connection, table: str, id_: UUID) -> list[tuple[str, int]]:
    """What belongs to a record itself, without regard to aliases: the labels of tables (message ids), and how many."""
    found = []
    for child, column in registry().children(table):
        query = select(func.count()).select_from(child.table)
        query = query.where(child.table.c[column.name] == id_, child.table.c.voided.is_(None))
        count = int(connection.execute(query, execution_options=RAW).scalar_one())
        if count:
            found.append((child.info.label, count))
    return found
