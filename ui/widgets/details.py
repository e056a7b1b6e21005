"""A record in two columns: what it is called, what stands in the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme import em, follow
from ui.widgets.labels import Label
from ui.widgets.words import Words

__all__ = ["Detail", "DetailRows"]


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of a record; an empty value is left out unless ``keep`` says that the gap matters."""

    label: Words
    value: str
    role: str = "text"
    keep: bool = False


class DetailRows(QWidget):
    """Label and value side by side; long values wrap. A detail without a label is a heading.

    ``label_width``: em; less in a narrow panel, so that the values keep the larger part.
    """

    def __init__(self, rows: Sequence[Detail] = (), *, label_width: float = 11) -> None:
        super().__init__()
        self._label_width = label_width
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._count = 0
        follow(self)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[Detail]) -> None:
        """Replace what is shown."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._count = 0
        for detail in rows:
            if not detail.value and not detail.keep:
                continue
            self._add(detail)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _add(self, detail: Detail) -> None:
        place = self._count
        self._count += 1
        self._grid.setRowStretch(place, 0)
        top = Qt.AlignmentFlag.AlignTop
        if not detail.label:
            self._grid.addWidget(Label(detail.value, bold=True, size=1.07), place, 0, 1, 2, top)
            return
        label = Label(detail.label, role="text2", wrap=True)
        label.setFixedWidth(em(self._label_width))
        value = Label(detail.value, role=detail.role, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setBuddy(value)
        self._grid.addWidget(label, place, 0, top)
        self._grid.addWidget(value, place, 1, top)

    def restyle(self) -> None:
        """Compute the gaps again."""
        self._grid.setHorizontalSpacing(em(1.0))
        self._grid.setVerticalSpacing(em(0.55))
        for number in range(self._grid.count()):
            item = self._grid.itemAt(number)
            widget = item.widget() if item is not None else None
            if widget is not None and self._grid.getItemPosition(number)[1:4] == (0, 1, 1):  # type: ignore[index]
                widget.setFixedWidth(em(self._label_width))
