"""Cells that many lists share: a day, a number, the label of a code, a state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hoidesk.language import current_language
from ui.widgets.cells import Cell

if TYPE_CHECKING:
    from hoidesk.presets import Labels

__all__ = ["choice", "choice_text", "count", "count_text", "day", "day_text", "text"]

MakeCell = Callable[[Any], Cell]


def day_text(value: Any) -> str:
    """``05/06/2026``; nothing for no day."""
    from hoidesk.text.dates import show_day

    return show_day(value)


def choice_text(name: str, value: str | None, labels: Labels | None) -> str:
    """The label of a code of a closed list."""
    from hoidesk.presets import DEFAULT_LABELS, label_of

    return label_of(name, value, labels or DEFAULT_LABELS)


def text(name: str, *, role: str = "text") -> MakeCell:
    """A text as it is stored; line ends become spaces."""
    return lambda row: Cell(" ".join(str(row[name] or "").split()), role=role)


def day(name: str, *, role: str = "text") -> MakeCell:
    """A day."""
    return lambda row: Cell(day_text(row[name]), role=role)


def count(name: str) -> MakeCell:
    """A whole number; nothing when it is not known."""

    return lambda row: Cell(count_text(row[name]))


def count_text(value: int | None) -> str:
    """``1.203``, in English ``1,203``; nothing when it is not known."""
    from hoidesk.text.numbers import show_count

    if value is None:
        return ""
    text = show_count(value)
    return text if current_language() == "vi" else text.replace(".", ",")


def choice(name: str, choices: str, labels: Callable[[], Labels | None], *, role: str = "text") -> MakeCell:
    """The label of a code, in the language in use."""
    return lambda row: Cell(choice_text(choices, row[name], labels()), role=role)
