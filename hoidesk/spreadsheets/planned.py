"""One row of a file against the book: what becomes of it, in values and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from hoidesk.spreadsheets.records import Record
from hoidesk.text.dates import show_day

__all__ = ["FieldChange", "PlannedRow", "State", "changed_fields", "shown", "state_of"]

State = Literal["new", "changed", "same", "bad"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that the import would change, in words for people."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the file and what becomes of it. ``steps`` are the operations that enter it."""

    record: Record
    state: State
    title: str
    changes: tuple[FieldChange, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()


def shown(value: object) -> str:
    """A value as a preview shows it."""
    if isinstance(value, date):
        return show_day(value)
    return "" if value is None else str(value)


def changed_fields(
    labels: Mapping[str, str], before: Mapping[str, Any], wanted: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldChange]]:
    """The wanted fields that differ from the record, and the same in words; a blank in the sheet changes nothing."""
    fields = {name: value for name, value in wanted.items() if value is not None and before.get(name) != value}
    return fields, [
        FieldChange(labels.get(name, name), shown(before.get(name)), shown(v)) for name, v in fields.items()
    ]


def state_of(new: bool, changes: Sequence[FieldChange]) -> State:
    """New, changed or same."""
    return "new" if new else "changed" if changes else "same"
