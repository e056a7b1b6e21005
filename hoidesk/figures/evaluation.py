"""Asking a book for figures: a value, a split, the records behind it, the year before, what was reported beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row

from hoidesk.errors import UserError
from hoidesk.exchange.decide.aliases import resolved
from hoidesk.figures.catalogue import UUID_DIMENSIONS, Figure, figure
from hoidesk.figures.definition import Ask, Definition, Facts, definitions, statements
from hoidesk.figures.model import Comparison, Fact, Key, Parts, Reported, TracedRecord, Value, value_of
from hoidesk.figures.window import Window
from hoidesk.language import _

__all__ = [
    "beside",
    "can_split",
    "compare",
    "empty",
    "evaluate",
    "for_unit",
    "require_defined",
    "split",
    "tables_read",
    "trace",
]

Where = Mapping[str, Key]


def _definition(figure_id: str) -> tuple[Figure, Definition]:
    entry = figure(figure_id)
    try:
        return entry, definitions()[figure_id]
    except KeyError:
        raise UserError(
            "figures.not_defined",
            _("This program does not record what the figure {figure} counts. Choose another one.").format(
                figure=entry.title
            ),
            field="figure",
        ) from None


def require_defined(figure_id: str) -> None:
    """Raise :class:`UserError` for a figure that is unknown or that this program cannot count."""
    _definition(figure_id)


def _facts(
    entry: Figure, definition: Definition, window: Window, where: Where | None, as_of: date | None, by: tuple[str, ...]
) -> tuple[Facts, Ask]:
    ask = Ask(window, as_of or window.as_of, dict(where or {}), by, entry.params)
    facts = definition.build(ask)
    for name in (*ask.where, *by):
        if name not in entry.dimensions or (name not in facts.dims and name not in facts.late):
            raise UserError(
                "figures.dimension",
                _("The figure {figure} cannot be split by {dimension}.").format(figure=entry.title, dimension=name),
                field="dimension",
            )
    for name, value in ask.where.items():
        expected: type = UUID if name in UUID_DIMENSIONS else str
        if not isinstance(value, expected):
            raise UserError(
                "figures.where",
                _("The filter {dimension} has a value of the wrong kind. Take a value from the list.").format(
                    dimension=name
                ),
                field=name,
            )
    return facts, ask


def _read(connection: Connection, facts: Facts, ask: Ask, *, labelled: bool = False) -> list[Fact] | None:
    """Run the statements and refine; None where the definition leaves the figure blank."""
    main, *more = statements(facts, ask, labelled=labelled)
    with resolved(connection):  # also inside an operation: what is issued counts as the lists do
        rows = list(connection.execute(main))
        further = [list(connection.execute(one)) for one in more]
    drafts = [_fact(row, facts, ask, labelled) for row in rows]
    if facts.refine is None:
        return drafts
    refined = facts.refine(drafts, rows, further, ask)
    if refined is None:
        return None
    late = {name: value for name, value in ask.where.items() if name in facts.late}
    return [fact for fact in refined if all(fact.keys.get(name) == value for name, value in late.items())]


def _fact(row: Row[Any], facts: Facts, ask: Ask, labelled: bool) -> Fact:
    found = row._mapping
    keys = {name: found[f"by_{name}"] for name in ask.by if name not in facts.late}
    label = tuple(found[f"label_{n}"] for n in range(len(facts.label))) if labelled else ()
    return Fact(found["table_"], found["id_"], found["above"], found["below"], keys, label)


def evaluate(
    connection: Connection,
    figure_id: str,
    window: Window,
    where: Where | None = None,
    as_of: date | None = None,
) -> Value:
    """The value of a figure over a window, for the records that match ``where`` (dimension: value).

    ``as_of`` is the day for figures of a moment, the last day of the window if not given. Raises :class:`UserError`
    for an unknown or undefined figure, and for a dimension that the figure does not have.
    """
    entry, definition = _definition(figure_id)
    facts, ask = _facts(entry, definition, window, where, as_of, ())
    return value_of(entry, _read(connection, facts, ask), definition.version, definition.summary)


def empty(figure_id: str) -> Value:
    """The value of a figure that no record is behind: 0 for counts and sums, no value for rates."""
    entry, definition = _definition(figure_id)
    return value_of(entry, [], definition.version, definition.summary)


def split(
    connection: Connection,
    figure_id: str,
    window: Window,
    dimension: str | tuple[str, ...],
    where: Where | None = None,
    as_of: date | None = None,
) -> Parts:
    """The figure for each value of a dimension, or for each pair of values of two: a cross-table in one question."""
    by = (dimension,) if isinstance(dimension, str) else dimension
    entry, definition = _definition(figure_id)
    facts, ask = _facts(entry, definition, window, where, as_of, by)
    found = _read(connection, facts, ask)
    groups: dict[Key | tuple[Key, ...], list[Fact]] = {}
    for fact in found or ():
        keys = tuple(fact.keys.get(name) for name in by)
        groups.setdefault(keys[0] if isinstance(dimension, str) else keys, []).append(fact)

    def value(part: list[Fact] | None) -> Value:
        return value_of(entry, part, definition.version, definition.summary)

    blank = value(None if found is None else [])
    return Parts({key: value(part) for key, part in groups.items()}, value(found), blank)


def _label_text(parts: tuple[object, ...]) -> str:
    shown = [f"{p.day:02d}/{p.month:02d}/{p.year}" if isinstance(p, date) else str(p) for p in parts if p is not None]
    return ", ".join(shown)


def trace(
    connection: Connection,
    figure_id: str,
    window: Window,
    where: Where | None = None,
    as_of: date | None = None,
    limit: int | None = None,
) -> list[TracedRecord]:
    """The records behind a value, each with what it adds; ``limit`` cuts the list."""
    entry, definition = _definition(figure_id)
    facts, ask = _facts(entry, definition, window, where, as_of, ())
    found = _read(connection, facts, ask, labelled=True) or []
    return [
        TracedRecord(fact.table, fact.id, _label_text(fact.label), fact.numerator, fact.denominator)
        for fact in found[:limit]
    ]


def compare(
    connection: Connection,
    figure_id: str,
    window: Window,
    where: Where | None = None,
) -> Comparison:
    """The value beside the same period last year; change and percent are None where one of the two has no value."""
    now = evaluate(connection, figure_id, window, where)
    previous = evaluate(connection, figure_id, window.last_year(), where)
    if now.number is None or previous.number is None:
        return Comparison(now, previous, None, None)
    change = now.number - previous.number
    return Comparison(now, previous, change, Fraction(100 * change, previous.number) if previous.number else None)


_UNIT_DIMENSION: Final = {"area": "area", "branch": "branch", "association": "association"}


def can_split(figure_id: str, dimension: str) -> bool:
    """Whether a defined figure can be filtered and split by the dimension."""
    entry, definition = _definition(figure_id)
    day = date(2000, 1, 1)
    facts = definition.build(Ask(Window(day, day), day, {}, (dimension,), entry.params))
    return dimension in entry.dimensions and (dimension in facts.dims or dimension in facts.late)


def for_unit(figure_id: str, unit_kind: str, unit_id: UUID) -> dict[str, Key]:
    """The filter that asks a figure for one assessed unit: an area, a branch or an association.

    A figure that knows the kinds of units apart is asked for the area itself, without the organisations in it.
    """
    where: dict[str, Key] = {_UNIT_DIMENSION[unit_kind]: unit_id}
    if can_split(figure_id, "unit_kind"):
        where["unit_kind"] = unit_kind
    return where


def tables_read(figure_id: str) -> frozenset[str]:
    """The names of the tables whose change can change the figure."""
    from sqlalchemy import Table
    from sqlalchemy.sql import visitors

    entry, definition = _definition(figure_id)
    day = date(2000, 1, 1)
    facts = definition.build(Ask(Window(day, day), day, {}, (), entry.params))
    ask = Ask(Window(day, day), day)
    found = {node.name for one in statements(facts, ask) for node in visitors.iterate(one) if isinstance(node, Table)}
    return frozenset(found)


def beside(connection: Connection, figure_id: str, window: Window, where: Where | None = None) -> tuple[Reported, ...]:
    """What was reported or estimated for the figure, this very window and these dimensions, newest first."""
    from hoidesk.figures.rows import reported_for

    figure(figure_id)
    return reported_for(connection, figure_id, window, where or {})
