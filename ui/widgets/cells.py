"""What stands in a table: cells and group rows as small frozen values, columns as data."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt

from ui.palettes import Tone
from ui.widgets.words import Words

__all__ = ["CELL", "Cell", "Column", "GroupRow", "plain"]

CELL: Final = Qt.ItemDataRole.UserRole + 1
"""The item role under which the model hands a :class:`Cell` to the delegate."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``chip`` draws the text on the tint of ``tone``; without it a tone colours icon and word."""

    text: str = ""
    second: str = ""
    icon: str | None = None
    tone: Tone | None = None
    chip: bool = False
    role: str = "text"
    bold: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A heading between rows; it cannot be selected."""

    title: Words


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list.

    ``cell`` makes the cell from a row. ``width`` in em, None for the one that takes the rest. ``priority``: 1 always
    shown, 2 not in the narrow window, 3 only in the wide one. ``sort``: the name under which the list can be ordered.
    """

    id: str
    label: Words
    cell: Callable[[Any], Cell]
    width: float | None = None
    right: bool = False
    priority: int = 1
    sort: str | None = None


Key = Hashable


def plain(text: object) -> Cell:
    """A cell with quiet text; None is an empty cell."""
    return Cell("" if text is None else str(text))
