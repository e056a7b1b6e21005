"""Values of a package as the book stores them; a value of the wrong shape puts its record into quarantine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hoidesk.book.records import UNIT_ID
from hoidesk.book.registry import StoredColumn, StoredTable
from hoidesk.exchange.packages.envelope import is_hex
from hoidesk.exchange.packages.stream import Section, Value
from hoidesk.exchange.trust.keys import valid_unit_code
from hoidesk.language import _
from hoidesk.text.nfc import visible

__all__ = ["BadValue", "KnownSection", "known_section", "required_columns", "spelled", "stored_value", "wrong_value"]

TEXTS: Final = frozenset({"line", "note", "choice", "document", "id", "unit"})
NUMBERS: Final = frozenset({"count", "money", "points"})
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([+-]\d\d:\d\d|Z)?")


class BadValue(ValueError):
    """A value that its column cannot hold; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class KnownSection:
    """A section as this program knows it. ``groups``: the positions of columns that share one stamp; ``unknown``: the
    positions of columns that a later program added."""

    section: Section
    table: StoredTable
    columns: dict[int, StoredColumn]
    groups: tuple[tuple[int, ...], ...]
    unknown: tuple[int, ...]


def known_section(section: Section, table: StoredTable) -> KnownSection:
    """Match a section's columns with those of the book."""
    columns: dict[int, StoredColumn] = {}
    unknown: list[int] = []
    groups: dict[str, list[int]] = {}
    for position, number in enumerate(section.columns):
        column = table.column(number)
        if column is None:
            unknown.append(position)
            continue
        columns[position] = column
        groups.setdefault(column.info.group or f" {number}", []).append(position)
    return KnownSection(section, table, columns, tuple(map(tuple, groups.values())), tuple(unknown))


def required_columns(table: StoredTable) -> Sequence[StoredColumn]:
    """The columns without which a new record cannot be stored."""
    return [c for c in table.columns if not c.column.nullable and c.column.server_default is None]


def wrong_value(column: StoredColumn) -> BadValue:
    """The refusal of a value that the column cannot hold."""
    return BadValue(_("“{field}” holds a value of the wrong kind.").format(field=_(column.info.label)))


def stored_value(column: StoredColumn, value: Value) -> Any:
    """The value as the database keeps it; raises BadValue."""
    kind = column.info.kind
    if value is None:
        if not column.column.nullable:
            raise BadValue(_("“{field}” is empty, but a record needs it.").format(field=_(column.info.label)))
        return None
    if kind in TEXTS:
        return _text(column, value)
    if kind in NUMBERS:
        if not isinstance(value, int):
            raise wrong_value(column)
        return value
    if kind == "flag":
        if value not in (0, 1) or not isinstance(value, int):
            raise wrong_value(column)
        return value
    if not isinstance(value, str):
        raise wrong_value(column)
    if kind == "ref":
        if not is_hex(value, 16):
            raise wrong_value(column)
        return bytes.fromhex(value)
    if kind == "day":
        return _day(column, value)
    if kind == "instant" and _INSTANT.fullmatch(value):
        return value
    raise wrong_value(column)


def _no_json(name: str) -> None:
    """NaN and the infinities: Python reads them, nobody else does, and nothing can be computed with them."""
    raise ValueError(name)


def _text(column: StoredColumn, value: Value) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise wrong_value(column)
    if column.id == UNIT_ID and not valid_unit_code(value):
        raise wrong_value(column)
    if column.info.kind == "document":
        try:
            json.loads(value, parse_constant=_no_json)
        except (ValueError, RecursionError):
            raise wrong_value(column) from None
        return value
    return visible(value)


def _day(column: StoredColumn, value: str) -> str:
    try:
        if date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise wrong_value(column)


def spelled(values: Iterable[Any]) -> str:
    """Values as text that every book orders alike."""
    return json.dumps([v.hex() if isinstance(v, bytes) else v for v in values])
