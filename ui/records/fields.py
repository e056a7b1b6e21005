"""The fields of a form, made from the stored columns of a table: labels, kinds and lists are declared there once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from ui.records.values import day_echo
from ui.widgets.form import FieldSpec, Kind
from ui.widgets.words import Words, marked

if TYPE_CHECKING:
    from hoidesk.book.registry import StoredColumn
    from hoidesk.presets import Labels

__all__ = ["Section", "changed_values", "field_specs", "new_values"]

Options = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form and of a record: its heading and its columns, in order."""

    title: Words
    columns: tuple[str, ...]


def _spec(column: StoredColumn, labels: Callable[[], Labels | None], refs: Callable[[], Options]) -> FieldSpec:
    info = column.info
    required = not column.column.nullable and info.kind in ("choice", "ref")
    spec = FieldSpec(column.name, marked(info.label), cast(Kind, info.kind), required=required)
    if info.kind == "choice":
        name = info.choices or ""
        return replace(spec, options=lambda: _choices(name, labels()))
    if info.kind == "ref":
        table = info.refers or ""
        return replace(spec, options=lambda: refs().get(table, []))
    if info.kind == "day":
        return replace(spec, echo=day_echo)
    if info.kind == "money":
        return replace(spec, echo=_money_echo)
    if info.kind == "document":
        return replace(spec, kind="note")
    return spec


def _choices(name: str, labels: Labels | None) -> list[tuple[str, str]]:
    from hoidesk.presets import DEFAULT_LABELS, choices

    return list(choices(name, labels or DEFAULT_LABELS).items())


def _money_echo(text: str) -> str:
    from hoidesk.errors import UserError
    from hoidesk.text.numbers import parse_money, show_money

    try:
        return show_money(parse_money(text))
    except UserError:
        return ""


def field_specs(
    table: str,
    sections: Sequence[Section],
    labels: Callable[[], Labels | None],
    refs: Callable[[], Options],
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[FieldSpec]:
    """The fields of the sections' columns; ``overrides`` changes parts of single ones."""
    from hoidesk.book.registry import registry

    stored = registry()[table]
    specs: list[FieldSpec] = []
    for section in sections:
        for place, name in enumerate(section.columns):
            column = stored.column(name)
            if column is None:
                raise KeyError(f"{table}.{name}")
            spec = _spec(column, labels, refs)
            if place == 0:
                spec = replace(spec, section=section.title)
            specs.append(replace(spec, **dict((overrides or {}).get(name, {}))))
    return specs


def new_values(typed: Mapping[str, str]) -> dict[str, Any]:
    """What a form says of a new record: an empty field says nothing, so that the default stands."""
    return {name: value for name, value in typed.items() if value.strip()}


def changed_values(table: str, typed: Mapping[str, str], before: Mapping[str, str]) -> dict[str, Any]:
    """Only the fields that were changed; an emptied optional one is None."""
    from hoidesk.book.registry import registry

    stored = registry()[table]
    changed: dict[str, Any] = {}
    for name, value in typed.items():
        if value != before.get(name, ""):
            column = stored.column(name)
            optional = column is not None and column.column.nullable
            changed[name] = None if optional and not value.strip() else value
    return changed
