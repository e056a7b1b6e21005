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

from hoidesk.book.registry import registry
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
    query = select(found.c.title).where(found.c.tbl == registry()[name].id, found.c.id == reference)
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
        table = self.table
        query: Select[Any] = select(table.c.id).where(table.c.voided.is_(None))
        if as_of is not None and self.as_of is not None:
            query = query.where(self.as_of(as_of))
        for name, value in (where or {}).items():
            if name not in self.filters:
                raise UserError("list.filter", _("This list has no filter “{name}”.").format(name=name))
            query = query.where(self.filters[name](value))
        number = registry()[table.name].id
        if search_text.strip():
            found = {id_ for _tbl, id_, _title in search(connection, search_text, [number], limit=None)}
            if not found:
                return []
        else:
            found = None
        sort = search_table("s")
        joined = query.select_from(table.outerjoin(sort, and_(sort.c.tbl == number, sort.c.id == table.c.id)))
        keys = [self.cells[order]] if order is not None and order in self.cells else list(self.order)
        ordered = [k.desc() if descending else k for k in keys]
        # Only a list without an order of its own reads the sort keys.
        last = [sort.c.sort.desc() if descending and not keys else sort.c.sort, table.c.id]
        final = (
            joined.order_by(*ordered, *last) if not (keys and order is None) else query.order_by(*ordered, table.c.id)
        )
        if limit is not None and found is None:
            final = final.limit(limit)
        ids: list[UUID] = list(connection.execute(final).scalars())
        if found is not None:
            ids = [i for i in ids if i in found]
        return ids[:limit] if limit is not None else ids

    def rows(self, connection: Connection, ids: Sequence[UUID]) -> list[ListRow]:
        """The rows of these ids, in their order; ids that are gone are left out."""
        found: dict[UUID, ListRow] = {}
        cells = [expression.label(name) for name, expression in self.cells.items()]
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            query = select(self.table.c.id.label("record_id"), *cells).where(self.table.c.id.in_(part))
            for row in connection.execute(query).mappings():
                values = dict(row)
                id_ = values.pop("record_id")
                found[id_] = ListRow(id_, values)
        return [found[i] for i in ids if i in found]
