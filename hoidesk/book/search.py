"""Search and sort keys: folded text under one full-text index, kept by the writer before it commits.

Triggers only note which rows are dirty, so a foreign tool can write without our functions; whatever it left is
folded at the next opening.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from hoidesk.book.registry import Registry, StoredTable
from hoidesk.text.dates import show_day
from hoidesk.text.fold import exact_matcher, fold, has_accents, words
from hoidesk.text.sortkey import sort_key

__all__ = ["fold_dirty", "rebuild_index", "search"]

_CHUNK: Final = 400
_CANDIDATES: Final = 2000


def fold_dirty(connection: Connection, registry: Registry) -> int:
    """Fold every dirty row again and return how many there were; a changed title makes its children dirty too."""
    total = 0
    while rows := connection.execute(text("SELECT tbl, id FROM search_dirty LIMIT 5000")).all():
        total += len(rows)
        connection.execute(
            text("DELETE FROM search_dirty WHERE tbl = :tbl AND id = :id"), [{"tbl": t, "id": i} for t, i in rows]
        )
        by_table: dict[int, list[bytes]] = {}
        for tbl, id_ in rows:
            by_table.setdefault(tbl, []).append(id_)
        for tbl, ids in sorted(by_table.items()):
            for start in range(0, len(ids), _CHUNK):
                _fold(connection, registry, registry[tbl], ids[start : start + _CHUNK])
    return total


def rebuild_index(connection: Connection) -> None:
    """Make the full-text index anew: a word that is gone stays in its older segments else."""
    connection.exec_driver_sql("INSERT INTO search_fts(search_fts) VALUES('rebuild')")


def _fold(connection: Connection, registry: Registry, table: StoredTable, ids: list[bytes]) -> None:
    old = {r.id: r for r in _search_rows(connection, table.id, ids)}
    new = _texts(connection, registry, table, ids)
    # Most changes do not touch what is searched for.
    same = {i for i, row in old.items() if i in new and new[i] == (row.title, row.written)}
    old = {i: row for i, row in old.items() if i not in same}
    new = {i: found for i, found in new.items() if i not in same}
    for start in old.values():
        connection.exec_driver_sql(
            "INSERT INTO search_fts(search_fts, rowid, folded) VALUES('delete', ?, ?)", (start.rowid, start.folded)
        )
    gone = [i for i in ids if i not in new and i in old]
    for id_ in gone:
        connection.execute(text("DELETE FROM search_text WHERE rowid = :r"), {"r": old[id_].rowid})
    retitled = []
    for id_, (title, written) in new.items():
        folded = fold(written)
        values = {
            "tbl": table.id,
            "id": id_,
            "title": title,
            "written": written,
            "folded": folded,
            "sort": sort_key(title),
        }
        if id_ in old:
            connection.execute(
                text(
                    "UPDATE search_text SET title = :title, written = :written, folded = :folded, sort = :sort "
                    "WHERE rowid = :r"
                ),
                values | {"r": old[id_].rowid},
            )
            rowid = old[id_].rowid
        else:
            rowid = connection.execute(
                text(
                    "INSERT INTO search_text(tbl, id, title, written, folded, sort) "
                    "VALUES(:tbl, :id, :title, :written, :folded, :sort)"
                ),
                values,
            ).lastrowid
        connection.exec_driver_sql("INSERT INTO search_fts(rowid, folded) VALUES(?, ?)", (rowid, folded))
        if id_ in old and old[id_].title != title:
            retitled.append(id_)
    _dirty_children(connection, registry, table, retitled)


def _search_rows(connection: Connection, tbl: int, ids: list[bytes]) -> list[Any]:
    marks = ",".join("?" * len(ids))
    return list(
        connection.exec_driver_sql(
            f"SELECT rowid, id, title, written, folded FROM search_text WHERE tbl = ? AND id IN ({marks})", (tbl, *ids)
        ).all()
    )


def _texts(
    connection: Connection, registry: Registry, table: StoredTable, ids: list[bytes]
) -> dict[bytes, tuple[str, str]]:
    """Title and searchable text of the rows that still count."""
    search = table.info.search
    if search is None:
        return {}
    columns = [f't."{name}"' for name in search.own]
    joins = []
    for number, name in enumerate(search.parents):
        column = table.column(name)
        assert column is not None and column.info.refers is not None
        parent = registry[column.info.refers]
        joins.append(f'LEFT JOIN search_text p{number} ON p{number}.tbl = {parent.id} AND p{number}.id = t."{name}"')
        columns.append(f"p{number}.title")
    marks = ",".join("?" * len(ids))
    query = (
        f'SELECT t.id, {", ".join(columns)} FROM "{table.name}" t {" ".join(joins)} '
        f"WHERE t.voided IS NULL AND t.id IN ({marks})"
    )
    own = len(search.own)
    days = [table.column(name) for name in search.own]
    found = {}
    for row in connection.exec_driver_sql(query, tuple(ids)):
        values = [
            show_day(date.fromisoformat(v)) if v and c is not None and c.info.kind == "day" else v
            for v, c in zip(row[1 : own + 1], days, strict=True)
        ]
        parts = [str(v) for v in (*values, *row[own + 1 :]) if v]
        title = " · ".join(str(v) for v in (values[0], *row[own + 1 :]) if v)
        found[row[0]] = (title, " ".join(parts))
    return found


def _dirty_children(connection: Connection, registry: Registry, table: StoredTable, ids: list[bytes]) -> None:
    if not ids:
        return
    for child, column in registry.children(table.name):
        if child.info.search is None or column.name not in child.info.search.parents:
            continue
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            connection.exec_driver_sql(
                f"INSERT OR IGNORE INTO search_dirty(tbl, id) SELECT {child.id}, id "
                f'FROM "{child.name}" WHERE "{column.name}" IN ({marks})',
                tuple(part),
            )


def search(
    connection: Connection, query: str, tables: Iterable[int] | None = None, *, limit: int | None = 200
) -> list[tuple[int, UUID, str]]:
    """Records whose text holds every word of ``query`` as the beginning of a word, in any order.

    Without marks ``duong`` finds ``đường``; typed with marks, rows that hold the very letters come first. Returns
    (table number, id, title), at most ``limit``.
    """
    folded = words(query)
    if not folded:
        return []
    match = " ".join(f'"{word}"*' for word in folded)
    # Only a query with marks is ranked: then the very letters are read too, of twice as many rows.
    marked = has_accents(query)
    if limit is None:
        rows = _matches(connection, match, tables, _CANDIDATES, written=marked)
        if len(rows) == _CANDIDATES:
            rows = _matches(connection, match, tables, -1, written=marked)
    else:
        rows = _matches(connection, match, tables, limit * 2 if marked else limit, written=marked)
    if marked:
        matches = exact_matcher(query)
        rows.sort(key=lambda row: not matches(row.written))
    return [(row.tbl, UUID(bytes=row.id), row.title) for row in rows[:limit]]


def _matches(
    connection: Connection, match: str, tables: Iterable[int] | None, limit: int, *, written: bool
) -> list[Any]:
    """Rows of the full-text index that match; ``limit`` below 0 means all."""
    wanted = None if tables is None else sorted(set(tables))
    narrow = "" if wanted is None else f" AND s.tbl IN ({','.join('?' * len(wanted))})"
    letters = ", s.written" if written else ""
    return list(
        connection.exec_driver_sql(
            f"SELECT s.tbl, s.id, s.title{letters} FROM search_fts f JOIN search_text s ON s.rowid = f.rowid "
            f"WHERE search_fts MATCH ?{narrow} LIMIT ?",
            (match, *(wanted or ()), limit),
        ).all()
    )
