"""A list as ids with a cache of pages: a true scroll bar and a true count, rows read only when they are seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.widgets.cells import CELL, Cell, Column, GroupRow, Key
from ui.widgets.words import say, tip

__all__ = ["Deliver", "Fetch", "IdListModel"]

PAGE: Final = 128
KEPT_PAGES: Final = 40

Deliver = Callable[[Sequence[Any]], None]
Fetch = Callable[[list[Key], Deliver], None]
"""Reads the rows of some ids, in their order, and hands them to the second argument, now or later in the UI thread."""

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class IdListModel(QAbstractTableModel):
    """Rows by id; group rows stand between them. A row that is being read shows as empty cells."""

    def __init__(self, columns: Sequence[Column], fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._keys: list[Key | GroupRow] = []
        self._pages: OrderedDict[int, list[Any]] = OrderedDict()
        self._asked: set[int] = set()
        self._turn = 0

    # -- content

    def set_keys(self, keys: Sequence[Key | GroupRow]) -> None:
        """Show other ids."""
        self.beginResetModel()
        self._keys = list(keys)
        self._forget()
        self.endResetModel()

    def refresh_rows(self) -> None:
        """Read the rows again: their content changed, the ids did not."""
        self._forget()
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(self.columns) - 1))

    def _forget(self) -> None:
        self._pages.clear()
        self._asked.clear()
        self._turn += 1

    def key(self, row: int) -> Key | GroupRow | None:
        """The id in a row."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def row_of(self, key: Key) -> int:
        """The row of an id, or -1."""
        try:
            return self._keys.index(key)
        except ValueError:
            return -1

    def keys(self) -> list[Key]:
        """All ids, without the group rows."""
        return [key for key in self._keys if not isinstance(key, GroupRow)]

    def row(self, number: int) -> Any | None:
        """The row object, or None while it is being read."""
        page, place = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            self._ask(page)
            rows = self._pages.get(page)
            if rows is None:
                return None
        self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        turn = self._turn
        slots = self._keys[page * PAGE : (page + 1) * PAGE]

        def deliver(rows: Sequence[Any]) -> None:
            if turn == self._turn:
                self._take(page, slots, rows)

        wanted: list[Key] = [key for key in slots if not isinstance(key, GroupRow)]
        if wanted:
            self._fetch(wanted, deliver)
        else:
            self._take(page, slots, [])

    def _take(self, page: int, slots: Sequence[Key | GroupRow], rows: Sequence[Any]) -> None:
        given = iter(rows)
        self._pages[page] = [slot if isinstance(slot, GroupRow) else next(given, None) for slot in slots]
        while len(self._pages) > KEPT_PAGES:
            old, _rows = self._pages.popitem(last=False)
            self._asked.discard(old)
        first = page * PAGE
        last = min(first + PAGE, len(self._keys)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # -- Qt's side

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Number of rows with the group rows."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, its text, or its text for screen readers."""
        if not index.isValid():
            return None
        if role == CELL:
            return self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self._text(index.row(), index.column())
            return text if isinstance(self.key(index.row()), GroupRow) else f"{self._label(index.column())}: {text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._text(index.row(), index.column())) or None
        return None

    def _label(self, column: int) -> str:
        return say(self.columns[column].label)

    def _text(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return f"{cell.text}; {cell.second}" if cell.second else cell.text

    def cell(self, row: int, column: int) -> Cell:
        """The cell to paint."""
        key = self.key(row)
        if isinstance(key, GroupRow):
            return Cell(say(key.title), bold=True) if column == 0 else Cell()
        found = self.row(row)
        return Cell() if found is None else self.columns[column].cell(found)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words above a column."""
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._label(section)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Group rows take no selection."""
        if isinstance(self.key(index.row()), GroupRow):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
