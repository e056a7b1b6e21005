"""The score grid: one current cell, digits go straight into it, Enter goes to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from hoidesk.language import _
from ui.assessment.grid_model import (
    EVIDENCE,
    LAYER_COLUMNS,
    MAXIMUM,
    NOTE,
    SELF,
    WARD,
    Index,
    SheetModel,
)
from ui.theme import colours, em, follow, follow_language, font
from ui.widgets.cells import CELL, Cell
from ui.widgets.drawing import draw_icon, draw_text

if TYPE_CHECKING:
    from hoidesk.assessment.sheet_view import LineView, SheetView

__all__ = ["ScoreGrid"]

_WIDTHS: Final = (3.6, None, 4.3, 6.5, 6.5, 7.4, 6.4)


class _Field(QLineEdit):
    """The field inside a cell: what it held when it was opened is not overwritten by a refresh."""

    loaded = False


class _Delegate(QStyledItemDelegate):
    """Paints a row in the look of lists, with a frame around the current cell; its field takes points."""

    def __init__(self, view: ScoreGrid) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Heights are fixed, widths are the column's."""
        return QSize(em(4), em(2.3))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        tokens = colours()
        rect: QRect = option.rect
        cell: Cell = index.data(CELL)
        group = hasattr(self._view.grid.rows[index.row()], "criteria")
        painter.save()
        painter.fillRect(rect, QColor(tokens.ground if group else tokens.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        colour = tokens.tone(cell.tone)[0] if cell.tone is not None else tokens.role(cell.role)
        inner = rect.adjusted(em(1.0 if index.column() == 0 else 0.5), 0, -em(0.5), -1)
        if cell.icon:
            draw_icon(painter, inner, cell.icon, colour)
            inner = inner.adjusted(em(1.5), 0, 0, 0)
        painter.setFont(font(bold=cell.bold))
        draw_text(painter, inner, cell.text, colour, right=index.column() in (MAXIMUM, SELF, WARD))
        if index == self._view.currentIndex() and not group:
            self._frame(painter, rect)
        painter.restore()

    def _frame(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(QColor(colours().accent if self._view.hasFocus() else colours().control))
        painter.drawRect(rect.adjusted(0, 0, -1, -2))
        if self._view.hasFocus():
            painter.drawRect(rect.adjusted(1, 1, -2, -3))

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field of the size of the cell."""
        field = _Field(parent)
        field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        field.setMaxLength(8)
        model = self._view.grid
        line = model.line(index.row())
        field.setAccessibleName(line.text if line is not None else "")
        field.setStyleSheet("min-height: 0; border-radius: 0;")
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Put the stored points in once."""
        if isinstance(editor, _Field) and not editor.loaded:
            editor.loaded = True
            editor.setText(index.data(Qt.ItemDataRole.EditRole) or "")
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Hand over what was typed."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter hands over at once; Qt would do it later, when another key has already arrived."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QLineEdit):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.SubmitModelCache)
                return True
        return super().eventFilter(editor, event)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """The field covers its cell."""
        editor.setGeometry(option.rect)


class _Header(QHeaderView):
    def __init__(self, view: ScoreGrid) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """One line of bold text with air."""
        return QSize(super().sizeHint().width(), em(2.3))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one heading on one line with the cells below."""
        tokens = colours()
        painter.save()
        painter.fillRect(rect, QColor(tokens.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.control))
        painter.setFont(font(bold=True))
        inner = rect.adjusted(em(0.5), 0, -em(0.5), 0)
        words = self._view.grid.headerData(section, Qt.Orientation.Horizontal)
        draw_text(painter, inner, words or "", tokens.text2, right=section in (MAXIMUM, SELF, WARD))
        painter.restore()


class ScoreGrid(QTableView):
    """``typed`` carries item, layer and text; ``answered`` item, layer and kind of cell; ``moved`` the new line."""

    typed = Signal(str, str, str)
    answered = Signal(str, str, object)
    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.grid = SheetModel(self)
        self.grid.typed.connect(self.typed)
        self.setHorizontalHeader(_Header(self))
        self.setItemDelegate(_Delegate(self))
        self.setModel(self.grid)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.selectionModel().currentChanged.connect(self._on_current)
        self._class = 3
        follow(self)
        follow_language(self)

    # -- content

    def take(self, view: SheetView, editable: Sequence[str], unit_label: str) -> None:
        """Show a sheet; the current cell stays if it is the same sheet."""
        self.grid.unit_label = unit_label
        if self.grid.take(view, frozenset(editable)):
            self._span()
            layer = editable[0] if editable else "ward"
            self.setCurrentIndex(self._first(LAYER_COLUMNS[layer]))
        else:
            self._on_current(self.currentIndex(), self.currentIndex())

    def _first(self, column: int) -> QModelIndex:
        rows = range(self.grid.rowCount())
        lines = [row for row in rows if self.grid.line(row) is not None]
        layer = self.grid.layer(column)
        empty = [row for row in lines if self._open(row, layer)]
        return self.grid.index((empty or lines or [0])[0], column)

    def _open(self, row: int, layer: str | None) -> bool:
        line = self.grid.line(row)
        if line is None or layer is None or line.excluded:
            return False
        return line.cells[layer] is None or (layer == "ward" and line.lacks is not None)

    def _span(self) -> None:
        self.clearSpans()
        for number, row in enumerate(self.grid.rows):
            if hasattr(row, "criteria"):
                self.setSpan(number, 0, 1, NOTE + 1)

    def place(self) -> tuple[LineView, str] | None:
        """The current line and layer; the office's layer beside the two."""
        index = self.currentIndex()
        line = self.grid.line(index.row())
        if line is None:
            return None
        layer = self.grid.layer(index.column())
        return line, layer or ("self" if "self" in self.grid.editable else "ward")

    def next_problem(self, step: int = 1) -> bool:
        """Go to the next cell of this column that is empty or lacks something; False when there is none."""
        column = self.currentIndex().column() if self.currentIndex().column() in (SELF, WARD) else WARD
        layer, count = self.grid.layer(column), self.grid.rowCount()
        start = self.currentIndex().row()
        for distance in range(1, count + 1):
            row = (start + step * distance) % count
            if self._open(row, layer):
                self.setCurrentIndex(self.grid.index(row, column))
                return True
        return False

    def go_next(self) -> None:
        """Go down to the next line."""
        index = self.currentIndex()
        for row in range(index.row() + 1, self.grid.rowCount()):
            line = self.grid.line(row)
            if line is not None and not line.excluded:
                self.setCurrentIndex(self.grid.index(row, index.column()))
                return

    def _on_current(self, index: QModelIndex, _old: QModelIndex) -> None:
        self.viewport().update()
        if self.grid.line(index.row()) is not None:
            self.moved.emit(self.place())

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: next; K none, T does not count, Delete empties; digits open the field."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_next()
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        elif plain and key in _ANSWERS:
            self.answer(_ANSWERS[key])
        elif key == Qt.Key.Key_Escape or not plain:
            event.ignore()
        elif event.text() and not (event.text().isdigit() or event.text() in ",.-−"):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        index = self.currentIndex()
        row = index.row() + by
        while 0 <= row < self.grid.rowCount() and self.grid.line(row) is None:
            row += by
        if 0 <= row < self.grid.rowCount():
            self.setCurrentIndex(self.grid.index(row, index.column()))

    def answer(self, cell: str | None) -> None:
        """Answer the current cell without a number: none happened, does not count, or emptied."""
        index = self.currentIndex()
        place = self.place()
        if place is not None and bool(self.grid.flags(index) & Qt.ItemFlag.ItemIsEditable):
            self.answered.emit(place[0].item, place[1], cell)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter in the field goes to the next line."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.go_next()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a heading chooses nothing."""
        if self.grid.line(self.indexAt(event.position().toPoint()).row()) is not None:
            super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the frame in blue."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Draw the frame quietly."""
        super().focusOutEvent(event)
        self.viewport().update()

    # -- look

    def set_width_class(self, number: int) -> None:
        """Middle: without the evidence column; narrow: without the note and the number too."""
        self._class = number
        self.restyle()

    def restyle(self) -> None:
        """Compute heights and widths again."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(colours().selected))
        self.setPalette(palette)
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(em(1))
        rows.setDefaultSectionSize(em(2.3))
        header.setMinimumSectionSize(em(1))
        narrow = self._class < 2
        for number, width in enumerate(_WIDTHS):
            self.setColumnHidden(number, (number == EVIDENCE and self._class < 3) or (narrow and number == NOTE))
            if width is None:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(number, em(width))
        self.viewport().update()

    def retranslate(self) -> None:
        """Look headings and the name for screen readers up again."""
        self.setAccessibleName(_("Score sheet"))
        self.horizontalHeader().viewport().update()
        self.viewport().update()


_ANSWERS: Final[dict[int, str | None]] = {
    Qt.Key.Key_K: "none_happened",
    Qt.Key.Key_T: "not_applicable",
    Qt.Key.Key_Delete: None,
}
