"""Columns whose header says nothing known are told by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from hoidesk.spreadsheets.bodies import area_name, branch_kind
from hoidesk.spreadsheets.columns import Column
from hoidesk.spreadsheets.read import Cell, Sheet
from hoidesk.spreadsheets.words import plain

__all__ = ["guess_columns"]

_SAMPLE: Final = 40
_LEAST: Final = 2
_ASSOCIATION: Final = re.compile(r"^(\d+ )?(hoi|clb|cau lac bo|hiep hoi|quy|ban lien lac|chi hoi|doan)\b")
_DAY: Final = re.compile(r"^\d{1,2}[/.-]\d{1,2}([/.-]\d{2,4})?$")


def _is_day(value: Cell) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and bool(_DAY.match(value.strip())))


def _is_branch(value: Cell) -> bool:
    return isinstance(value, str) and len(value) < 80 and branch_kind(value) is not None


def _is_area(value: Cell) -> bool:
    return isinstance(value, str) and len(value) < 60 and area_name(value) is not None and not value.strip().isdigit()


def _is_association(value: Cell) -> bool:
    return isinstance(value, str) and bool(_ASSOCIATION.match(plain(value)))


_TELLS: Final[dict[str, tuple[tuple[str, Callable[[Cell], bool]], ...]]] = {
    "associations": (("name", _is_association),),
    "meetings": (("held_on", _is_day), ("branch", _is_branch), ("area", _is_area)),
}


def guess_columns(kind: str, columns: tuple[Column, ...], sheet: Sheet, first: int) -> tuple[Column, ...]:
    """The columns with the fields filled in that two thirds of the cells below the header speak for.

    Only where the header already names another field of the list: a page of prose is no table. A column of places
    that are all quarters is one of quarters.
    """
    named = {column.field for column in columns if column.field not in (None, "ordinal", "remark")}
    if not named:
        return columns
    found = list(columns)
    for field, tells in _TELLS.get(kind, ()):
        if field in named:
            continue
        free = (None, "place") if field == "area" else (None,)
        place = next(
            (n for n, one in enumerate(found) if one.field in free and _speaks(sheet, first, one.index, tells)), None
        )
        if place is not None:
            found[place] = replace(found[place], field=field)
    return tuple(found)


def _speaks(sheet: Sheet, first: int, column: int, tells: Callable[[Cell], bool]) -> bool:
    cells = [row[column] for row in sheet.rows[first : first + _SAMPLE] if row[column] is not None]
    return len(cells) >= _LEAST and sum(map(tells, cells)) * 3 >= len(cells) * 2
