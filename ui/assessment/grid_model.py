"""The rows of one score sheet as a table: groups, criteria with several lines, lines with the layers side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from hoidesk.language import _, ngettext
from ui.assessment.words import line_note, points, score_cell
from ui.widgets.cells import CELL, Cell
from ui.widgets.words import tip

if TYPE_CHECKING:
    from hoidesk.assessment.sheet_view import CriterionView, GroupView, LineView, SheetView

__all__ = ["EVIDENCE", "LAYERS", "LAYER_COLUMNS", "MAXIMUM", "NOTE", "SELF", "WARD", "Index", "SheetModel"]

LAYERS: Final = ("self", "ward")
"""The layers of this office's sheet, in the order of their columns."""

NUMBER, TEXT, MAXIMUM, SELF, WARD, EVIDENCE, NOTE = range(7)
LAYER_COLUMNS: Final = {"self": SELF, "ward": WARD}

Row = Any
"""A GroupView, a CriterionView (heading of several lines) or a LineView."""

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


def _rows(view: SheetView) -> list[Row]:
    found: list[Row] = []
    for group in view.groups:
        found.append(group)
        for criterion in group.criteria:
            if len(criterion.lines) > 1:
                found.append(criterion)
            found.extend(criterion.lines)
    return found


class SheetModel(QAbstractTableModel):
    """The rows of one sheet; the same sheet read again keeps cells, editor and place."""

    typed = Signal(str, str, str)  # item, layer, text

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.editable: frozenset[str] = frozenset()
        self.unit_label = ""
        self._shape: list[str] = []
        self._waiting: dict[tuple[str, str], str] = {}

    def take(self, view: SheetView, editable: frozenset[str]) -> bool:
        """Show a sheet; True when it is another one than before."""
        rows = _rows(view)
        shape = [str(view.id), *(getattr(row, "item", "") for row in rows)]
        self._waiting = {}
        self.editable = editable
        if shape == self._shape:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, NOTE))
            return False
        self.beginResetModel()
        self.rows, self._shape = rows, shape
        self.endResetModel()
        return True

    def drop_waiting(self) -> None:
        """Forget what was typed and refused."""
        self._waiting = {}
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, NOTE))

    def line(self, row: int) -> LineView | None:
        """The line in a row, None for a heading."""
        found = self.rows[row] if 0 <= row < len(self.rows) else None
        return found if found is not None and hasattr(found, "item") else None

    def layer(self, column: int) -> str | None:
        """The layer of a column."""
        return LAYERS[column - SELF] if column in (SELF, WARD) else None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Groups, criteria and lines."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Seven columns."""
        return 0 if parent.isValid() else NOTE + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words above a column."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        words = ("", _("Criterion"), _("Most"), _("Self"), self.unit_label, _("Evidence"), _("Note"))
        return words[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, its text, and for screen readers the heading before it."""
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text or None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(cell.text) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            head = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{head}: {cell.text}" if head else cell.text
        if role == Qt.ItemDataRole.EditRole:
            line, layer = self.line(index.row()), self.layer(index.column())
            stored = line.cells[layer] if line is not None and layer is not None else None
            return points(stored.points) if stored is not None and stored.cell == "value" else ""
        return None

    def cell(self, row: int, column: int) -> Cell:
        """What stands in one place."""
        found = self.rows[row]
        line = self.line(row)
        if line is None:
            return _heading(found, column)
        match column:
            case 0:
                return Cell(line.number, role="text2")
            case 1:
                return Cell(line.text)
            case 2:
                most = line.lowest if line.role == "penalty" else line.highest
                return Cell("" if line.role == "veto" else points(most))
            case 3 | 4:
                layer = LAYERS[column - SELF]
                waiting = self._waiting.get((line.item, layer))
                if waiting is not None:
                    return Cell(waiting)
                return score_cell(line, layer, blocks=layer in self.editable and not line.excluded)
            case 5:
                return _evidence(line)
            case _:
                return line_note(line)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand what was typed to the page; it stands in the cell until the book has answered."""
        line, layer = self.line(index.row()), self.layer(index.column())
        text = str(value).strip()
        if line is None or layer is None or role != Qt.ItemDataRole.EditRole:
            return False
        if text and text != self.data(index, Qt.ItemDataRole.EditRole):
            self._waiting[line.item, layer] = text
            self.typed.emit(line.item, layer, text)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only cells of a layer that may be written are edited; headings are not chosen."""
        line, layer = self.line(index.row()), self.layer(index.column())
        if line is None:
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if layer in self.editable and not line.excluded:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags


def _heading(found: GroupView | CriterionView, column: int) -> Cell:
    group = hasattr(found, "criteria")
    if group:
        if column != 0:
            return Cell("")
        title = f"{found.number}. {found.text}" if found.number.isalpha() else found.text
        most = _("{points} points").format(points=points(found.maximum)) if found.maximum else ""
        return Cell(f"{title} ({most})" if most else title, bold=True)
    texts = {NUMBER: found.number, TEXT: found.text, MAXIMUM: points(found.maximum) if found.maximum else ""}
    return Cell(texts.get(column, ""), role="text2")


def _evidence(line: LineView) -> Cell:
    cell = line.cells["ward"] or line.cells["self"]
    count = len(cell.evidence) if cell is not None else 0
    if not count and line.proposal is not None:
        count = len(line.proposal.record_ids)
    return Cell(
        ngettext("{count} record", "{count} records", count).format(count=count) if count else "", role="accent"
    )
