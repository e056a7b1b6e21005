"""Lines that are added to a form one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from ui.widgets.boxes import Box, column, row
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.words import Words

__all__ = ["Line", "Lines"]


class Line(Box):
    """One line; ``text`` is the field a person begins with."""

    changed = Signal()
    text: QLineEdit

    def given(self) -> dict[str, str]:
        """What was typed, by field; empty when nothing was."""
        return {}

    def on_text(self, _text: str) -> None:
        """Tell that something was typed."""
        self.changed.emit()


AnyLine = TypeVar("AnyLine", bound=Line)


class Lines(Box, Generic[AnyLine]):
    """Any number of lines with a button that adds one."""

    changed = Signal()

    def __init__(self, title: Words, add: Words, make: Callable[[], AnyLine]) -> None:
        super().__init__(gap=0.5)
        self._make = make
        self._kept: list[AnyLine] = []
        self._rows = column(gap=0.5)
        self.add_button = Button(add, icon="plus", click=lambda: self.append(focus=True))
        self.add(Label(title, bold=True, size=1.07), self._rows, row(self.add_button, 1))

    def lines(self) -> Sequence[AnyLine]:
        """The lines in order."""
        return tuple(self._kept)

    def append(self, *, focus: bool = False) -> AnyLine:
        """Add a line."""
        line = self._make()
        line.changed.connect(self.changed)
        self._kept.append(line)
        self._rows.add(line)
        if focus:
            line.text.setFocus()
        return line

    def clear(self) -> None:
        """Take all lines away."""
        self._kept.clear()
        self._rows.clear()

    def filled(self) -> list[dict[str, str]]:
        """What was typed in the lines that are not empty."""
        return [given for line in self._kept if (given := line.given())]
