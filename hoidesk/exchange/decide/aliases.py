"""Two records of one thing: an alias row says so, and every read counts the kept one once (package format, section 10).

Nothing is re-pointed or deleted. From the alias rows that stand follows which record counts (:func:`resolve`); the
readers of the book see the tables through views of the same names, without the duplicates and with every reference to
one leading to the kept record. So lists, figures, papers and search need to know nothing of it, and undoing an alias
is voiding its row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, text

from hoidesk.book.registry import Registry, StoredTable

__all__ = ["ALIASED", "RAW", "Canonical", "alias_id", "of_book", "refresh", "resolve", "resolved", "see_resolved"]

ALIASED: Final = ("area", "association", "branch", "post", "meeting", "petition", "registration", "assessment")
"""The tables whose records may be aliases of each other."""

ALIAS: Final = 81
DOMAIN: Final = b"hoidesk-alias-v1\n"
_SEEN: Final = "hoidesk_aliases"

RAW: Final[Mapping[str, Any]] = {"schema_translate_map": {None: "main"}}
"""The execution options of a query on the tables themselves, duplicates and all."""

Pair = tuple[bytes, bytes]
Canonical = Mapping[int, Mapping[bytes, bytes]]
"""Table number → id of a duplicate → id of the record that counts for it."""


def alias_id(table: int, duplicate: bytes, kept: bytes, *, different: bool) -> bytes:
    """The id of an alias row: one decision has one id in every book, however many people take it."""
    one, other = sorted((duplicate, kept)) if different else (duplicate, kept)
    spelled = f"{table}|{one.hex()}|{other.hex()}|{int(different)}".encode("ascii")
    digest = bytearray(hashlib.sha256(DOMAIN + spelled).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)


def _groups(same: Iterable[Pair]) -> list[set[bytes]]:
    """The records that are one thing, also by way of a third."""
    parent: dict[bytes, bytes] = {}

    def root(one: bytes) -> bytes:
        while parent.setdefault(one, one) != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for duplicate, kept in same:
        parent[root(duplicate)] = root(kept)
    groups: dict[bytes, set[bytes]] = {}
    for one in parent:
        groups.setdefault(root(one), set()).add(one)
    return list(groups.values())


def resolve(
    same: Collection[Pair], different: Collection[Pair], *, present: Collection[bytes], standing: Collection[bytes]
) -> dict[bytes, bytes]:
    """Which record counts for which: duplicate → kept, for one table; a pure function of the sets that it is given.

    ``same``: (duplicate, kept) of the alias rows; ``different``: pairs that somebody declared different; ``present``:
    the records of the book, ``standing``: those not set aside. Of one thing the record counts that is nobody's
    duplicate; where several are left, or none, because two offices chose crosswise, the one with the smallest id. One
    that was set aside only counts when all were. Things that somebody declared different are not merged at all, also
    not by way of a third: whoever is right, nothing vanishes from the lists before a person has looked.
    """
    pointing = {duplicate for duplicate, kept in same if duplicate != kept}
    found: dict[bytes, bytes] = {}
    for group in _groups(same):
        if any(one in group and other in group for one, other in different):
            continue
        here = [one for one in group if one in present]
        if len(here) < 2:
            continue
        alive = [one for one in here if one in standing] or here
        kept = min([one for one in alive if one not in pointing] or alive)
        found |= {one: kept for one in here if one != kept}
    return found


# From the rows of the book


def _decisions(connection: Connection, registry: Registry) -> Iterator[tuple[StoredTable, Pair, bool, str]]:
    rows = connection.exec_driver_sql(
        "SELECT table_number, duplicate, kept, different, unit FROM main.alias WHERE voided IS NULL"
    )
    for number, duplicate, kept, different, unit in rows.all():
        table = registry.find(int(number))
        one, other = _record(duplicate), _record(kept)
        if table is None or table.name not in ALIASED or one is None or other is None:
            continue  # only a newer program knows what is meant
        yield table, (one, other), bool(different), str(unit)


def _record(written: object) -> bytes | None:
    """The id that a row from a package names, None when it names none."""
    try:
        found = bytes.fromhex(str(written))
    except ValueError:
        return None
    return found if len(found) == 16 else None


def _found(connection: Connection, table: StoredTable, ids: Collection[bytes]) -> dict[bytes, tuple[str, bool]]:
    """Unit, and whether it stands, of the records that are in the book."""
    known: dict[bytes, tuple[str, bool]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        rows = connection.exec_driver_sql(
            f'SELECT id, unit, voided IS NULL FROM main."{table.name}" WHERE id IN ({",".join("?" * len(part))})',
            tuple(part),
        )
        known |= {bytes(id_): (str(unit), bool(stands)) for id_, unit, stands in rows}
    return known


def computed(connection: Connection, registry: Registry) -> dict[int, dict[bytes, bytes]]:
    """What follows from the alias rows as they stand now; a row says nothing of units beyond its own subtree."""
    from hoidesk.exchange.trust.keys import contains

    by_table: dict[int, list[tuple[Pair, bool, str]]] = {}
    for table, pair, different, unit in _decisions(connection, registry):
        by_table.setdefault(table.id, []).append((pair, different, unit))
    result: dict[int, dict[bytes, bytes]] = {}
    for number, decisions in by_table.items():
        known = _found(connection, registry[number], {one for pair, _d, _u in decisions for one in pair})
        valid = [
            (pair, different)
            for pair, different, unit in decisions
            if all(one not in known or contains(unit, known[one][0]) for one in pair)
        ]
        kept = resolve(
            [pair for pair, different in valid if not different],
            [pair for pair, different in valid if different],
            present=known.keys(),
            standing={one for one, (_unit, stands) in known.items() if stands},
        )
        if kept:
            result[number] = kept
    return result


def stored(connection: Connection) -> dict[int, dict[bytes, bytes]]:
    """What the book keeps of it: read at the beginning of every look into the book, usually empty."""
    result: dict[int, dict[bytes, bytes]] = {}
    for number, duplicate, kept in connection.exec_driver_sql("SELECT tbl, id, kept FROM main.canonical"):
        result.setdefault(int(number), {})[bytes(duplicate)] = bytes(kept)
    return result


def refresh(connection: Connection, registry: Registry, touched: Collection[int]) -> None:
    """Keep the resolution up with what a transaction wrote; ``touched``: the numbers of the tables it wrote to."""
    watched = {ALIAS, *(registry[name].id for name in ALIASED)}
    if not watched & set(touched):
        return
    if ALIAS not in touched and not connection.exec_driver_sql("SELECT 1 FROM main.alias LIMIT 1").first():
        return
    before, now = stored(connection), computed(connection, registry)
    if before == now:
        return
    connection.exec_driver_sql("DELETE FROM main.canonical")
    rows = [(number, one, kept) for number, mapping in now.items() for one, kept in mapping.items()]
    if rows:
        connection.exec_driver_sql("INSERT INTO main.canonical(tbl, id, kept) VALUES(?, ?, ?)", rows)
    _index(connection, registry, now)


# What readers see


def _literal(value: bytes) -> str:
    return f"x'{value.hex()}'"


def _redirected(column: str, mapping: Mapping[bytes, bytes]) -> str:
    """The reference as it reads: plain literals, because an index on the same expression keeps lookups fast."""
    arms = " ".join(f"WHEN {_literal(one)} THEN {_literal(kept)}" for one, kept in sorted(mapping.items()))
    return f'CASE "{column}" {arms} ELSE "{column}" END'


def _redirects(registry: Registry, table: StoredTable, canonical: Canonical) -> dict[str, str]:
    """The columns of a table that may name a duplicate, with the expression that names the kept record."""
    found = {}
    for column in table.columns:
        target = registry.find(column.info.refers) if column.info.refers else None
        if target is not None and target.id in canonical:
            found[column.name] = _redirected(column.name, canonical[target.id])
    return found


def _index(connection: Connection, registry: Registry, canonical: Canonical) -> None:
    old = connection.execute(
        text("SELECT name FROM main.sqlite_master WHERE type = 'index' AND name LIKE 'resolved|_%' ESCAPE '|'")
    ).scalars()
    for name in old.all():
        connection.exec_driver_sql(f'DROP INDEX main."{name}"')
    for table in registry.tables:
        for column, expression in _redirects(registry, table, canonical).items():
            connection.exec_driver_sql(
                f'CREATE INDEX main."resolved_{table.name}_{column}" ON "{table.name}"({expression})'
            )


def _views(registry: Registry, canonical: Canonical) -> dict[str, str]:
    """The views that stand before the tables, by name."""
    views = {}
    for table in registry.tables:
        redirects = _redirects(registry, table, canonical)
        hidden = canonical.get(table.id, {})
        if not redirects and not hidden:
            continue
        columns = ", ".join(f'{redirects.get(c.name, chr(34) + c.name + chr(34))} AS "{c.name}"' for c in table.columns)
        where = f" WHERE id NOT IN ({', '.join(map(_literal, sorted(hidden)))})" if hidden else ""
        views[table.name] = f'SELECT id, {columns} FROM main."{table.name}"{where}'
    if views:
        views["search_text"] = (
            "SELECT s.rowid AS rowid, s.tbl, s.id, s.title, s.written, s.folded, s.sort FROM main.search_text s "
            "WHERE NOT EXISTS (SELECT 1 FROM main.canonical c WHERE c.tbl = s.tbl AND c.id = s.id)"
        )
    return views


def _install(connection: Connection, canonical: Canonical) -> None:
    """Make a connection see the book resolved."""
    from hoidesk.book.registry import registry

    run = connection.exec_driver_sql
    shut = run("PRAGMA query_only").scalar()
    if shut:
        run("PRAGMA query_only = OFF")  # it forbids temporary views too
    try:
        for name in run("SELECT name FROM temp.sqlite_master WHERE type = 'view'").scalars().all():
            if not name.startswith("scope_"):
                run(f'DROP VIEW temp."{name}"')
        for name, query in _views(registry(), canonical).items() if canonical else ():
            run(f'CREATE TEMP VIEW "{name}" AS {query}')
    finally:
        if shut:
            run("PRAGMA query_only = ON")


def of_book(connection: Connection) -> None:
    """Note that a connection belongs to a book, for :func:`resolved`: figures also run on other databases."""
    connection.info.setdefault(_SEEN, {})


def see_resolved(connection: Connection) -> None:
    """Bring a reading connection up to the aliases of the book; costs one empty query where there are none."""
    of_book(connection)
    while (now := stored(connection)) != connection.info[_SEEN]:
        _install(connection, now)
        # The end of a look rolls back, and would take the views with it.
        connection.commit()
        connection.info[_SEEN] = now


@contextmanager
def resolved(connection: Connection) -> Iterator[None]:
    """See the book resolved for a while, also inside a writing transaction, whose writes need the plain tables."""
    now = stored(connection) if _SEEN in connection.info else None
    if now is None or now == connection.info[_SEEN]:
        yield
        return
    _install(connection, now)
    connection.info[_SEEN] = now
    try:
        yield
    finally:
        connection.info[_SEEN] = {}
        _install(connection, {})
