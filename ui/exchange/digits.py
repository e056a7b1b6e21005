"""The six groups of four digits of a unit: shown large to be read out, or typed group by group."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from hoidesk.language import _
from ui.theme import em, follow, follow_language, font
from ui.widgets.fields import LineField
from ui.widgets.labels import Label
from ui.widgets.words import Words, say

__all__ = ["DigitsShown", "DigitsTyped"]

GROUPS = 6
SIZE = 4
NEEDED = 2


def _numbered(number: int) -> Words:
    return lambda: _("Group {n}").format(n=number)


class _Groups(QWidget):
    """Six cells in two lines of three; the same place has the same number on both screens."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _place(self, cells: list[QWidget]) -> None:
        for number, cell in enumerate(cells):
            self._grid.addWidget(cell, number // 3, number % 3, Qt.AlignmentFlag.AlignLeft)
        self._grid.setColumnStretch(3, 1)

    def restyle(self) -> None:
        """Space the cells."""
        self._grid.setHorizontalSpacing(em(0.8))
        self._grid.setVerticalSpacing(em(0.5))


class _Shown(QFrame):
    """One group: its number, and its digits in the size of a figure."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.number = number
        self._label = Label(_numbered(number), size=0.93, role="text2")
        self._digits = Label("", size=1.8, bold=True)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        layout.addWidget(self._label)
        layout.addWidget(self._digits)
        follow(self)

    def say(self, digits: str) -> None:
        """Show these four digits."""
        self._digits.say(digits)
        self.setAccessibleName(f"{self._label.text()}: {' '.join(digits)}")

    def restyle(self) -> None:
        """Pad the cell."""
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(em(0.8), em(0.3), em(0.8), em(0.35))
        layout.setSpacing(0)


class DigitsShown(_Groups):
    """The digits of this unit, to be read out or looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._cells = [_Shown(number + 1) for number in range(GROUPS)]
        self._text = ""
        self._place(list(self._cells))
        follow(self)
        self.hide()

    def say(self, digits: str) -> None:
        """Show 24 digits; none hides the groups."""
        self._text = digits
        for number, cell in enumerate(self._cells):
            cell.say(digits[SIZE * number : SIZE * (number + 1)])
        self.setVisible(bool(digits))

    def text(self) -> str:
        """The digits in groups of four."""
        return " ".join(self._text[i : i + SIZE] for i in range(0, len(self._text), SIZE))


class _Field(LineField):
    """Four digits of one group; a full group passes the focus on."""

    full = Signal()

    def __init__(self, number: int) -> None:
        self._number = number
        super().__init__(width=5.2)
        self.textEdited.connect(self._on_edit)

    def _on_edit(self, text: str) -> None:
        digits = "".join(c for c in text if c in "0123456789")[:SIZE]
        if digits != text:
            self.setText(digits)
        if len(digits) == SIZE:
            self.full.emit()

    def restyle(self) -> None:
        """Large digits, as wide as four of them."""
        super().restyle()
        self.setFont(font(1.43, bold=True))
        self.setFixedHeight(em(2.6))

    def retranslate(self) -> None:
        """Say the number of the group to screen readers."""
        super().retranslate()
        self.setAccessibleName(say(_numbered(self._number)))


class DigitsTyped(_Groups):
    """Any two of the six groups are typed at their own places; ``changed`` when ``ready`` may have changed."""

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields = [_Field(number + 1) for number in range(GROUPS)]
        cells: list[QWidget] = []
        for number, field in enumerate(self.fields):
            cell = QWidget()
            layout = QVBoxLayout(cell)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(2)
            label = Label(_numbered(number + 1), size=0.93, role="text2")
            label.setBuddy(field)
            layout.addWidget(label)
            layout.addWidget(field)
            cells.append(cell)
            field.textChanged.connect(lambda _text: self.changed.emit())
            field.full.connect(self._on_full)
            field.returnPressed.connect(self.entered.emit)
        self._place(cells)
        follow(self)
        follow_language(self)

    def retranslate(self) -> None:
        """Say what is asked for to screen readers."""
        self.setAccessibleName(_("Any two of the six groups"))

    def _on_full(self) -> None:
        if not self.ready:
            self.focusNextChild()

    @property
    def ready(self) -> bool:
        """Whether two groups are whole and none is half typed."""
        lengths = [len(field.text()) for field in self.fields]
        return lengths.count(SIZE) >= NEEDED and all(n in (0, SIZE) for n in lengths)

    def text(self) -> str:
        """The groups that were typed."""
        return " ".join(field.text() for field in self.fields if field.text())

    def begin(self) -> None:
        """Empty the fields and begin at the first."""
        for field in self.fields:
            field.clear()
        self.fields[0].setFocus()

    def look_again(self) -> None:
        """Begin at the first group that was typed: one of them is wrong."""
        first = next((field for field in self.fields if field.text()), self.fields[0])
        first.setFocus()
        first.selectAll()
