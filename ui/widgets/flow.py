"""Things side by side that go on in the next line where there is no room: rows of chips in a narrow window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from ui.theme import em, follow
from ui.widgets.buttons import FilterChip
from ui.widgets.words import Words

__all__ = ["ChipRow", "Flow"]


class _FlowLayout(QLayout):
    """Places its items from left to right, then in the next line; hidden ones take no room."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take the item at a place out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """No direction wants more room."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at a width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """One line, if there is room for it."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(s.width() for s in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((s.height() for s in shown), default=0))

    def minimumSize(self) -> QSize:
        """The widest item."""
        shown = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in shown), default=0), max((s.height() for s in shown), default=0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        left, top, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if left > rect.x() and left + size.width() > rect.right() + 1:
                left, top, line = rect.x(), top + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self.spacing()
            line = max(line, size.height())
        return top + line - rect.y()


class Flow(QWidget):
    """A row that breaks."""

    def __init__(self, *items: QWidget, gap: float = 0.45) -> None:
        super().__init__()
        self._gap = gap
        layout = _FlowLayout()
        self.setLayout(layout)
        for item in items:
            layout.addWidget(item)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(self)

    def restyle(self) -> None:
        """Compute the gaps again."""
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(em(self._gap))
        self.updateGeometry()


class ChipRow(Flow):
    """Round filters of which one is chosen; ``picked`` carries its name."""

    picked = Signal(str)

    def __init__(self, names: Sequence[str]) -> None:
        self.chips = {name: FilterChip("") for name in names}
        super().__init__(*self.chips.values())
        self._current = names[0]
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, chosen=name: self.pick(chosen))
        self._mark()

    @property
    def current(self) -> str:
        """The name of the chosen filter."""
        return self._current

    def pick(self, name: str) -> None:
        """Choose a filter."""
        self._current = name
        self._mark()
        self.picked.emit(name)

    def say(self, words: Mapping[str, Words]) -> None:
        """Show these filters with their words; a chosen one that goes gives way to the first."""
        for name, chip in self.chips.items():
            chip.setVisible(name in words)
            if name in words:
                chip.say(words[name])
        if self._current not in words:
            self._current = next(iter(self.chips))
        self._mark()
        self.updateGeometry()

    def _mark(self) -> None:
        for name, chip in self.chips.items():
            chip.setChecked(name == self._current)
