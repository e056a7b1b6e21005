"""Stored values as text: shown in lists and details, and put into the fields of a form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hoidesk.language import _
from ui.records.cells import count_text

if TYPE_CHECKING:
    from hoidesk.book.columns import ColumnInfo
    from hoidesk.presets import Labels

__all__ = ["day_echo", "edited", "shown"]


def shown(info: ColumnInfo, value: Any, titles: Mapping[UUID, str], labels: Labels | None) -> str:
    """A stored value as people read it; nothing for an empty one."""
    from hoidesk.presets import DEFAULT_LABELS, label_of
    from hoidesk.text.dates import show_day, show_instant
    from hoidesk.text.numbers import show_money, show_points

    if value is None or value == "":
        return ""
    match info.kind:
        case "day":
            return show_day(value)
        case "instant":
            return show_instant(value)
        case "count":
            # A year is not a quantity: no point between its digits.
            return str(value) if info.label == "Year" else count_text(value)
        case "money":
            return show_money(value)
        case "points":
            return show_points(value)
        case "flag":
            return _("Yes") if value else _("No")
        case "choice":
            return label_of(info.choices or "", str(value), labels or DEFAULT_LABELS)
        case "ref":
            return titles.get(value, "")
        case "document":
            return _document_words(value)
        case _:
            return str(value)


def _document_words(value: str) -> str:
    """A stored structure in one line; it is made by the program, so that its keys are shown as they are."""
    try:
        content = json.loads(value)
    except ValueError:
        return value
    if isinstance(content, dict):
        return "; ".join(f"{key}: {part}" for key, part in content.items() if not isinstance(part, dict | list))
    if isinstance(content, list):
        return "; ".join(str(part) for part in content if not isinstance(part, dict | list))
    return str(content)


def edited(info: ColumnInfo, value: Any) -> str:
    """A stored value as the text of a field."""
    from hoidesk.text.dates import show_day
    from hoidesk.text.numbers import show_points

    if info.kind == "points" and value is not None:
        return show_points(value)

    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case datetime():
            return value.isoformat()
        case date():
            return show_day(value)
        case UUID():
            return value.hex
        case _:
            return str(value)


def day_echo(text: str) -> str:
    """What a typed day was understood as: ``Thursday 12/11/2026, day 4 of lunar month 10``; nothing if unreadable."""
    from hoidesk.errors import UserError
    from hoidesk.text.dates import parse_day, show_day, today, weekday_name
    from hoidesk.text.lunar import show_lunar

    try:
        day = parse_day(text, today())
    except UserError:
        return ""
    said = f"{weekday_name(day)} {show_day(day)}"
    # Outside these years the reckoning of the lunar calendar of Việt Nam is not defined.
    return f"{said}, {show_lunar(day)}" if 1968 <= day.year <= 2199 else said
