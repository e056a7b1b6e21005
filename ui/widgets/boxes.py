"""Boxes and rows with spacing in em, cards, and the scrolling column of a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QLayout, QScrollArea, QWidget

from ui.theme import em, follow

__all__ = ["Box", "Card", "Scroll", "column", "row"]

Item = QWidget | QLayout | int | None
"""A widget, a layout, a stretch factor as a number, or None which is left out."""


class Box(QWidget):
    """A row or column whose gaps and margins are em and follow the text size."""

    def __init__(
        self,
        *items: Item,
        vertical: bool = True,
        gap: float = 0.6,
        margins: tuple[float, float, float, float] = (0, 0, 0, 0),
    ) -> None:
        super().__init__()
        self._gap = gap
        self._margins = margins
        direction = QBoxLayout.Direction.TopToBottom if vertical else QBoxLayout.Direction.LeftToRight
        self.box = QBoxLayout(direction, self)
        self.add(*items)
        follow(self)

    def add(self, *items: Item) -> None:
        """Append items; a number is a stretch factor."""
        for item in items:
            if isinstance(item, QWidget):
                self.box.addWidget(item)
            elif isinstance(item, QLayout):
                self.box.addLayout(item)
            elif isinstance(item, int):
                self.box.addStretch(item)

    def clear(self) -> None:
        """Take everything out and delete it."""
        while (item := self.box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def restyle(self) -> None:
        """Compute gaps and margins again."""
        left, top, right, bottom = self._margins
        self.box.setContentsMargins(em(left), em(top), em(right), em(bottom))
        self.box.setSpacing(em(self._gap))


def row(*items: Item, gap: float = 0.6, margins: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Box:
    """Things side by side."""
    return Box(*items, vertical=False, gap=gap, margins=margins)


def column(*items: Item, gap: float = 0.6, margins: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Box:
    """Things one below the other."""
    return Box(*items, vertical=True, gap=gap, margins=margins)


class Card(QFrame):
    """White paper on the ground, with an edge; its content is a column."""

    def __init__(
        self,
        *items: Item,
        gap: float = 0.6,
        margins: tuple[float, float, float, float] = (1.1, 1.0, 1.1, 1.0),
    ) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.content = Box(*items, gap=gap, margins=margins)
        outer = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(self.content)

    def add(self, *items: Item) -> None:
        """Append items to the card's column."""
        self.content.add(*items)


class Scroll(QScrollArea):
    """A column that scrolls up and down, never sideways."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        content.setAutoFillBackground(False)
