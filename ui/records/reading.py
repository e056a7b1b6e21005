"""What a page of records asks the core, put into the shape that lists, panels and forms show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hoidesk.language import _
from ui.records.values import shown

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.book.columns import ColumnInfo
    from hoidesk.lists.listing import ListRow
    from hoidesk.presets import Labels

__all__ = ["HistoryLine", "Loaded", "history", "list_ids", "list_rows", "load", "options"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """One record: its stored values, the same as words, the cells of its list, and its row clock for a form."""

    id: UUID
    values: Mapping[str, Any]
    words: Mapping[str, str]
    cells: Mapping[str, Any]
    seen: int
    unit: str

    def __getitem__(self, name: str) -> str:
        return self.words.get(name, "")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One changed field of a record: when, by whom, in which act, its label, what stood there before."""

    at: str
    user: str
    act: str
    label: str
    before: str


def list_ids(
    connection: Connection,
    name: str,
    *,
    as_of: date | None,
    where: Mapping[str, Any],
    text: str,
    order: str | None,
    descending: bool,
) -> list[UUID]:
    """The ids of a list of the core."""
    from hoidesk.lists.commands import listing

    return listing(name).ids(connection, as_of=as_of, where=where, search_text=text, order=order, descending=descending)


def list_rows(connection: Connection, name: str, wanted: Sequence[UUID]) -> list[ListRow | None]:
    """The rows of these ids, place for place; a record that is gone is None."""
    from hoidesk.lists.commands import listing

    found = {row.id: row for row in listing(name).rows(connection, wanted)}
    return [found.get(id_) for id_ in wanted]


def load(connection: Connection, table: str, id_: UUID, labels: Labels | None, list_name: str = "") -> Loaded | None:
    """One record with its words; None when it is gone."""
    from hoidesk.book.registry import registry
    from hoidesk.book.rows import record

    found = record(connection, table, id_)
    if found is None:
        return None
    stored = registry()[table]
    refs = [(c.info.refers, found.values[c.name]) for c in stored.columns if c.info.refers]
    named = _titles(connection, refs)
    words = {c.name: shown(c.info, found.values.get(c.name), named, labels) for c in stored.columns}
    cells: Mapping[str, Any] = {}
    if list_name:
        row = list_rows(connection, list_name, [id_])[0]
        cells = row.cells if row is not None else {}
    return Loaded(id_, found.values, words, cells, found.seen, found.unit)


def _titles(connection: Connection, refs: Iterable[tuple[str | None, Any]]) -> dict[UUID, str]:
    from hoidesk.book.rows import titles

    by_table: dict[str, list[UUID]] = {}
    for table, value in refs:
        if table and isinstance(value, UUID):
            by_table.setdefault(table, []).append(value)
    named: dict[UUID, str] = {}
    for table, ids in by_table.items():
        named |= titles(connection, table, ids)
    return named


def options(connection: Connection, table: str) -> list[tuple[str, str]]:
    """Every record of a table as (id, title), for a field that names one."""
    from hoidesk.book.rows import options as all_options

    return [(id_.hex, title) for id_, title in all_options(connection, table)]


def history(connection: Connection, table: str, id_: UUID, labels: Labels | None) -> list[HistoryLine]:
    """What was changed in a record, newest first."""
    from hoidesk.book.registry import registry
    from hoidesk.book.rows import history_of
    from hoidesk.text.dates import show_instant

    stored = registry()[table]
    changes = history_of(connection, table, id_)
    columns = {c.name: c.info for c in stored.columns}
    named = _titles(connection, ((columns[c.column].refers, c.before) for c in changes if c.column in columns))
    return [
        HistoryLine(
            show_instant(change.at) if change.at is not None else "",
            change.user,
            _(change.operation) if change.operation else "",
            _(change.label),
            _before(columns.get(change.column), change.before, named, labels),
        )
        for change in changes
    ]


def _before(info: ColumnInfo | None, old: Any, named: Mapping[UUID, str], labels: Labels | None) -> str:
    if info is None or old is None:
        return ""
    if info.kind == "day" and isinstance(old, str):
        old = date.fromisoformat(old)
    return str(old) if info.kind == "instant" else shown(info, old, named, labels)
