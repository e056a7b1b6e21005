"""The one table of this desk: fixed row heights, a painted row, columns that give way by priority.

Arrows move in it, Enter opens, Tab leaves it. Selection and place survive a refresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui.theme import colours, em, follow, follow_language, font
from ui.widgets.cells import CELL, Cell, Column, GroupRow, Key
from ui.widgets.drawing import draw_chip, draw_icon, draw_text
from ui.widgets.model import Fetch, IdListModel
from ui.widgets.words import Words, say

__all__ = ["TableView"]

EDGE = 1.0  # from the card's edge to the first text, in em
PAD = 0.5
GROUP = 2.1
BAR = 4


class _Delegate(QStyledItemDelegate):
    """Paints everything: tint, bar, ring, hairline, chip, icon and word, second line."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Heights are fixed, widths are the column's."""
        return QSize(em(4), em(self._view.row_height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one cell."""
        tokens = colours()
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        cell: Cell = index.data(CELL)
        first, last = self._view.edge_columns()
        group = isinstance(self._view.ids.key(index.row()), GroupRow)
        painter.save()
        fill = tokens.ground if group else tokens.selected if selected else tokens.surface
        painter.fillRect(rect, QColor(fill))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        if selected and index.column() == first:
            painter.fillRect(QRect(rect.left(), rect.top(), BAR, rect.height()), QColor(_bar(selected)))
        if selected and self._view.hasFocus():
            _ring(painter, rect, index.column() == first, index.column() == last)
        inner = rect.adjusted(em(EDGE if index.column() == first else PAD), 0, -em(PAD), -1)
        if group and index.column() == first:
            inner.setRight(self._view.viewport().width())
        self._content(painter, inner.adjusted(em(1.2) * cell.indent, 0, 0, 0), cell, selected, index.column())
        painter.restore()

    def _content(self, painter: QPainter, rect: QRect, cell: Cell, selected: bool, column: int) -> None:
        tokens = colours()
        if cell.chip and cell.tone is not None and cell.text:
            draw_chip(painter, rect, tokens, cell.text, cell.tone, cell.icon)
            return
        colour = tokens.role(cell.role) if cell.tone is None else tokens.tone(cell.tone)[0]
        if selected:
            colour = tokens.on_selected
        right = self._view.ids.columns[column].right
        if cell.icon:
            draw_icon(painter, rect, cell.icon, colour)
            rect = rect.adjusted(em(1.15) + em(0.4), 0, 0, 0)
        painter.setFont(font(bold=cell.bold))
        if not cell.second:
            draw_text(painter, rect, cell.text, colour, right=right)
            return
        middle = rect.center().y()
        upper = QRect(rect.left(), middle - em(1.4), rect.width(), em(1.4))
        lower = QRect(rect.left(), middle - em(0.02), rect.width(), em(1.3))
        draw_text(painter, upper, cell.text, colour, right=right)
        painter.setFont(font(0.93))
        draw_text(painter, lower, cell.second, tokens.on_selected if selected else tokens.text2, right=right)


def _bar(_selected: bool) -> str:
    tokens = colours()
    return tokens.on_selected if tokens.edges else tokens.accent


def _ring(painter: QPainter, rect: QRect, first: bool, last: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_bar(True)))
    painter.drawRect(QRect(rect.left(), rect.top(), rect.width(), 2))
    painter.drawRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2))
    if first:
        painter.drawRect(QRect(rect.left(), rect.top(), 2, rect.height()))
    if last:
        painter.drawRect(QRect(rect.right() - 1, rect.top(), 2, rect.height()))


class _Header(QHeaderView):
    """Bold words in text 2 over a thin line, on one line with the cells below."""

    def __init__(self, view: TableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """One line of bold text with air."""
        return QSize(super().sizeHint().width(), em(2.3))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one heading, with an arrow where the list is ordered by it."""
        tokens = colours()
        column = self._view.ids.columns[section]
        painter.save()
        painter.fillRect(rect, QColor(tokens.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.control))
        first, _last = self._view.edge_columns()
        inner = rect.adjusted(em(EDGE if section == first else PAD), 0, -em(PAD), 0)
        painter.setFont(font(bold=True))
        label = say(column.label)
        if self._view.sorted_by is not None and self._view.sorted_by[0] == column.sort:
            label += " ↓" if self._view.sorted_by[1] else " ↑"
        draw_text(painter, inner, label, tokens.text2, right=column.right)
        painter.restore()


class TableView(QTableView):
    """A list of records. ``opened`` and ``current`` carry the id; ``sort_asked`` the column's sort name."""

    opened = Signal(object)
    current = Signal(object)
    sort_asked = Signal(str)
    copied = Signal(int)

    def __init__(self, columns: Sequence[Column], fetch: Fetch, *, name: Words, row_height: float = 2.45) -> None:
        super().__init__()
        self.ids = IdListModel(columns, fetch, self)
        self.row_height = row_height
        self.sorted_by: tuple[str, bool] | None = None
        self._name = name
        self._class = 3
        self._chosen: Key | None = None
        self._low_rows: list[int] = []
        self.setHorizontalHeader(_Header(self))
        self.setItemDelegate(_Delegate(self))
        self.setModel(self.ids)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.horizontalHeader().sectionClicked.connect(self._on_header)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.ids.modelReset.connect(self._after_reset)
        follow(self)
        follow_language(self)

    # -- content

    def set_keys(self, keys: Sequence[Key | GroupRow]) -> None:
        """Show other ids; the chosen record stays chosen if it is still there."""
        offset = self.verticalScrollBar().value()
        self.ids.set_keys(keys)
        if self._chosen is not None and not self.choose(self._chosen, quiet=True):
            self._chosen = None
        if self._chosen is not None:
            self.verticalScrollBar().setValue(offset)
        elif self.hasFocus():
            self.choose_first()

    def choose(self, key: Key, *, quiet: bool = False) -> bool:
        """Choose a record; False when it is not in the list. ``quiet``: without telling."""
        number = self.ids.row_of(key)
        if number < 0:
            return False
        blocked = self.blockSignals(quiet)
        self.selectRow(number)
        self.scrollTo(self.ids.index(number, 0))
        self.blockSignals(blocked)
        self._chosen = key
        return True

    def choose_first(self) -> bool:
        """Choose the first record; False when there is none."""
        keys = self.ids.keys()
        return bool(keys) and self.choose(keys[0])

    def step(self, by: int) -> bool:
        """Choose the record ``by`` rows further; False at the ends."""
        keys = self.ids.keys()
        if not keys:
            return False
        place = keys.index(self._chosen) + by if self._chosen in keys else 0
        return 0 <= place < len(keys) and self.choose(keys[place])

    @property
    def chosen(self) -> Key | None:
        """The id of the chosen record."""
        return self._chosen

    def _after_reset(self) -> None:
        self.clearSpans()
        heights = self.verticalHeader()
        rows = self.ids.rowCount()
        for number in self._low_rows:  # a row that was a group before keeps that height otherwise
            if number < rows:
                heights.resizeSection(number, em(self.row_height))
        self._low_rows = [number for number in range(rows) if isinstance(self.ids.key(number), GroupRow)]
        for number in self._low_rows:
            if len(self.ids.columns) > 1:
                self.setSpan(number, 0, 1, len(self.ids.columns))
                heights.resizeSection(number, em(GROUP))

    def _on_current(self, index: QModelIndex, _old: QModelIndex) -> None:
        key = self.ids.key(index.row()) if index.isValid() else None
        if key is not None and not isinstance(key, GroupRow):
            self._chosen = key
            self.current.emit(key)

    def _on_header(self, section: int) -> None:
        name = self.ids.columns[section].sort
        if name is not None:
            self.sort_asked.emit(name)

    # -- look

    def restyle(self) -> None:
        """Compute heights, widths and the selection's colour again."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(colours().selected))
        self.setPalette(palette)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(em(1))
        self.verticalHeader().setDefaultSectionSize(em(self.row_height))
        self._after_reset()
        self._lay_out()
        self.viewport().update()

    def retranslate(self) -> None:
        """Look headings and the name for screen readers up again."""
        self.setAccessibleName(say(self._name))
        self.horizontalHeader().viewport().update()
        self.viewport().update()

    def set_width_class(self, number: int) -> None:
        """Show the columns of a narrow (1), middle (2) or wide (3) window."""
        self._class = number
        self._lay_out()

    def edge_columns(self) -> tuple[int, int]:
        """The first and the last column that is shown."""
        shown = [number for number in range(len(self.ids.columns)) if not self.isColumnHidden(number)]
        return (shown[0], shown[-1]) if shown else (0, 0)

    def _lay_out(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(em(1))
        for number, column in enumerate(self.ids.columns):
            self.setColumnHidden(number, column.priority > {1: 1, 2: 2, 3: 3}[self._class])
            if column.width is None:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(number, em(column.width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the stretching column follow."""
        super().resizeEvent(event)
        self.viewport().update()

    # -- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chosen record."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self._chosen is not None:
                self.opened.emit(self._chosen)
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens, as Enter does."""
        super().mouseDoubleClickEvent(event)
        if self._chosen is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self._chosen)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first arrow key must have a row to start from."""
        super().focusInEvent(event)
        if self._chosen is None:
            self.choose_first()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes with the focus."""
        super().focusOutEvent(event)
        self.viewport().update()

    def rows_as_text(self, found: Sequence[Any]) -> str:
        """Rows as lines of cells between tabs, headings first: what a spreadsheet takes from the clipboard."""
        shown = [n for n in range(len(self.ids.columns)) if not self.isColumnHidden(n)]
        lines = ["\t".join(say(self.ids.columns[n].label) for n in shown)]
        for one in found:
            texts = (self.ids.columns[n].cell(one) for n in shown)
            lines.append("\t".join(" ".join(f"{c.text} {c.second}".split()) for c in texts))
        return "\n".join(lines)
