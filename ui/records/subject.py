"""A subject as data: what its page lists, filters, shows, edits and saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ui.records.fields import Section
from ui.records.reading import Loaded
from ui.widgets.cells import Cell, Column
from ui.widgets.words import Words

__all__ = ["Child", "Filter", "Subject"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A chip above the list; ``where`` names filters of the core's list and their values for a day.

    Chips with ``switch`` exclude each other and one of them is always chosen.
    """

    id: str
    label: Words
    where: Callable[[date], Mapping[str, Any]]
    switch: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """Records that belong to a record, in a tab of its own: posts, figures, agenda items.

    ``listing``: the core's list; ``parent``: its filter, which is also the column that names the record. ``save``: the
    operation; empty if they are only shown, or edited on the page ``place``. ``editable``: False for records that are
    written once. ``also``: more values that a new record takes from its parent.
    """

    table: str
    listing: str
    title: Words
    parent: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...] = ()
    save: str = ""
    new_label: Words = ""
    place: str = ""
    row_height: float = 2.45
    editable: bool = True
    also: Callable[[Loaded], Mapping[str, Any]] = lambda record: {}
    defaults: Callable[[], Mapping[str, str]] = dict


@dataclass(frozen=True, slots=True)
class Subject:
    """A list with its records.

    ``listing``: the core's list, ``table`` the stored table. ``columns`` make cells from its rows. ``sections`` are
    the form and the record. ``save`` and ``new_label`` empty: records are not made here. ``state`` is the chip beside
    the name. ``computed`` lines stand above the stored ones. ``read_back`` makes the sentence that is read before
    saving from the typed values and their words. ``overrides`` changes parts of single form fields.
    """

    table: str
    listing: str
    title: Words
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    save: str = ""
    new_label: Words = ""
    empty: tuple[Words, Words] = ("", "")
    filters: tuple[Filter, ...] = ()
    children: tuple[Child, ...] = ()
    dated: bool = False
    state: Callable[[Loaded], Cell | None] | None = None
    subtitle: Callable[[Loaded], str] = lambda record: ""
    name: Callable[[Loaded], str] = lambda record: record["name"]
    computed: tuple[tuple[Words, Callable[[Loaded], str]], ...] = ()
    read_back: Callable[[Mapping[str, str], Mapping[str, str]], str] | None = None
    summary: Callable[[int], str] | None = None
    order: str | None = None
    descending: bool = False
    row_height: float = 2.45
    tables: frozenset[str] = frozenset()
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    defaults: Callable[[], Mapping[str, str]] = dict
    detail_width: float = 33

    def watched(self) -> frozenset[str]:
        """Every table whose writes change this page."""
        return self.tables | {self.table} | {child.table for child in self.children}
