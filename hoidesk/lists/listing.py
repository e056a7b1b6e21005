"""One shape for every list: which ids, in which order, and the rows of a page.

A list is a list of ids and a page cache over frozen rows; filling a page of 200 rows takes one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    FromClause,
    LargeBinary,
    Select,
    Table,
    and_,
    column,
    or_,
    select,
)
from sqlalchemy import table as plain_table

from hoidesk.book.registry import table_number
from hoidesk.book.search import search
from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = ["ListRow", "Listing", "alive", "search_table", "title_of"]


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: the id of its record and its cells by name; codes stay codes, dates stay dates."""

    id: UUID
    cells: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.cells[name]


def alive(first: ColumnElement[Any], last: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    """Whether a period that may be open at both ends contains ``day``."""
    return and_(or_(first.is_(None), first <= day), or_(last.is_(None), last >= day))


def search_table(name: str) -> FromClause:
    """The search table under another name, to order by a sort key or to show a title."""
    columns: tuple[ColumnClause[Any], ...] = (column("tbl"), column("id", LargeBinary), column("title"), column("sort"))
    return plain_table("search_text", *columns).alias(name)


def title_of(reference: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """The title of the record of table ``name`` that ``reference`` points to."""
    found = search_table(f"title_{reference.key}")
    query = select(found.c.title).where(found.c.tbl == table_number(name), found.c.id == reference)
    return query.correlate(reference.table).scalar_subquery()


@dataclass(frozen=True)
class Listing:
    """The list of one subject.

    ``cells``: name → expression over the table. ``as_of``: which records exist on a day. ``order``: the default order,
    after which the sort key and the id decide. ``filters``: name → function of a value that gives a condition.
    """

    name: str
    table: Table
    cells: Mapping[str, ColumnElement[Any]]
    as_of: Callable[[date], ColumnElement[bool]] | None = None
    order: Sequence[ColumnElement[Any]] = ()
    filters: Mapping[str, Callable[[Any], ColumnElement[bool]]] = field(default_factory=dict)

    def ids(
        self,
        connection: Connection,
        *,
        as_of: date | None = None,
        search_text: str = "",
        where: Mapping[str, Any] | None = None,
        order: str | None = None,
        descending: bool = False,
        limit: int | None = None,
    ) -> list[UUID]:
        """The ids of the list in order. ``search_text`` narrows it to what the search box finds.

        ``order`` is the name of a cell; without it the list has its own order. Raises UserError for an unknown filter.
        """
        query = self._query([self.table.c.id], as_of=as_of, where=where, order=order, descending=descending)
        if not search_text.strip():
            return list(connection.execute(query.limit(limit) if limit is not None else query).scalars())
        number = table_number(self.table.name)
        found = {id_ for _tbl, id_, _title in search(connection, search_text, [number], limit=None)}
        ids = [i for i in connection.execute(query).scalars() if i in found] if found else []
        return ids[:limit] if limit is not None else ids

    def _query(
        self,
        columns: Sequence[ColumnElement[Any]],
        *,
        as_of: date | None,
        where: Mapping[str, Any] | None = None,
        order: str | None = None,
        descending: bool = False,
    ) -> Select[Any]:
        """``columns`` of the records of the list, in its order."""
        table = self.table
        query: Select[Any] = select(*columns).where(table.c.voided.is_(None))
        if as_of is not None and self.as_of is not None:
            query = query.where(self.as_of(as_of))
        for name, value in (where or {}).items():
            if name not in self.filters:
                raise UserError("list.filter", _("This list has no filter “{name}”.").format(name=name))
            query = query.where(self.filters[name](value))
        keys = [self.cells[order]] if order is not None and order in self.cells else list(self.order)
        ordered = [k.desc() if descending else k for k in keys]
        if keys and order is None:
            return query.order_by(*ordered, table.c.id)
        # Only a list without an order of its own, or in one that was asked for, reads the sort keys.
        sort = search_table("s")
        last = [sort.c.sort.desc() if descending and not keys else sort.c.sort, table.c.id]
        on = and_(sort.c.tbl == table_number(table.name), sort.c.id == table.c.id)
        return query.select_from(table.outerjoin(sort, on)).order_by(*ordered, *last)

    def found(
        self, connection: Connection, *, as_of: date | None = None, search_text: str = "", limit: int | None = None
    ) -> list[ListRow]:
        """The rows of the whole list in order, for a listing that shows no pages: one statement, without a search."""
        if search_text.strip():
            return self.rows(connection, self.ids(connection, as_of=as_of, search_text=search_text, limit=limit))
        query = self._query([self.table.c.id, *self._labelled()], as_of=as_of)
        return self._rows(connection, query.limit(limit) if limit is not None else query)

    def _labelled(self) -> list[ColumnElement[Any]]:
        return [expression.label(f"cell_{name}") for name, expression in self.cells.items()]

    def _rows(self, connection: Connection, query: Select[Any]) -> list[ListRow]:
        return [ListRow(id_, dict(zip(self.cells, values, strict=True))) for id_, *values in connection.execute(query)]

    def rows(self, connection: Connection, ids: Sequence[UUID]) -> list[ListRow]:
        """The rows of these ids, in their order; ids that are gone are left out."""
        found: dict[UUID, ListRow] = {}
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            query = select(self.table.c.id, *self._labelled()).where(self.table.c.id.in_(part))
            found.update((row.id, row) for row in self._rows(connection, query))
        return [found[i] for i in ids if i in found]
