"""A field that names another record: type any part of its name, with or without accents, and choose below."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy

from hoidesk.text.fold import fold
from ui.icons import pixmap
from ui.theme import colours, em
from ui.widgets.fields import DEBOUNCE_MS, LineField

__all__ = ["RefField"]

ROWS = 10


class RefField(LineField):
    """Chooses one of many (value, words) pairs; what is typed only filters the list below the field.

    The text is written back when the field is left, never while somebody types: a text that matches nothing goes back
    to the record that was chosen.
    """

    chosen = Signal(str)

    def __init__(self, *, width: float | None = None) -> None:
        super().__init__(width=width)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._items: list[tuple[str, str, str]] = []
        self._value = ""
        self._list = _Popup(self)
        self.destroyed.connect(self._list.deleteLater)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._filter)
        self.textEdited.connect(lambda _text: self._timer.start())

    def fill(self, items: list[tuple[str, str]]) -> None:
        """Take (value, words) pairs; the value chosen stays if it is still there."""
        self._items = [(value, words, fold(words)) for value, words in items]
        self.choose(self._value)

    def choose(self, value: str) -> None:
        """Choose a record by its value; an unknown one empties the field."""
        known = next((words for item, words, _folded in self._items if item == value), "")
        self._value = value if known else ""
        self.setText(known)
        self.setCursorPosition(0)

    def value(self) -> str:
        """The value chosen, empty for none."""
        return self._value

    def words(self) -> str:
        """The words of the value chosen, whatever is being typed."""
        return next((words for item, words, _folded in self._items if item and item == self._value), "")

    # -- the list below

    def _filter(self) -> None:
        words = fold(self.text()).split()
        found = [item for item in self._items if item[1] and all(word in item[2] for word in words)]
        self._list.offer([(value, text) for value, text, _folded in found[:200]])

    def open_list(self) -> None:
        """Offer everything."""
        self._list.offer([(value, words) for value, words, _folded in self._items if words][:200])

    def take(self, value: str) -> None:
        """Choose from the list below."""
        self._list.hide()
        changed = value != self._value
        self.choose(value)
        if changed:
            self.chosen.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the list or moves in it, Enter takes, Esc closes it."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if not self._list.isVisible():
                self.open_list()
            else:
                self._list.move_by(1 if key == Qt.Key.Key_Down else -1)
            return
        if self._list.isVisible() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._list.take_current()
            return
        if self._list.isVisible() and key == Qt.Key.Key_Escape:
            self._list.hide()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Settle: an empty text means none, an exact or single match is taken, anything else goes back."""
        super().focusOutEvent(event)
        self._list.hide()
        self._timer.stop()
        if not self.text().strip():
            self.take("")
            return
        words = fold(self.text())
        exact = [item for item in self._items if item[2] == words]
        if not any(item[0] == self._value for item in exact):
            near = exact or [item for item in self._items if item[1] and words in item[2]]
            if len(near) == 1:
                self.take(near[0][0])
                return
        self.choose(self._value)

    def hideEvent(self, event: QHideEvent) -> None:
        """The list goes with the field."""
        super().hideEvent(event)
        self._list.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = em(1.1)
        place = QPointF(self.width() - side - em(0.4), (self.height() - side) / 2)
        painter.drawPixmap(place, pixmap("chevron-down", "text2", 1.1))
        painter.end()

    def restyle(self) -> None:
        """Keep the text off the arrow."""
        super().restyle()
        self.setTextMargins(0, 0, em(1.4), 0)
        self.setMinimumWidth(em(10))


class _Popup(QListWidget):
    """The offers, drawn over the window: it never takes the focus, so typing goes on."""

    def __init__(self, field: RefField) -> None:
        super().__init__(field)
        self._field = field
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._on_click)
        self.hide()

    def offer(self, items: list[tuple[str, str]]) -> None:
        """Show some offers under the field; none hides the list."""
        self.clear()
        if not items or not self._field.isVisible():
            self.hide()
            return
        tokens = colours()
        self.setStyleSheet(
            f"QListWidget {{ background: {tokens.surface}; border: 1px solid {tokens.control}; outline: none; }}"
            f"QListWidget::item {{ padding: {em(0.3)}px {em(0.55)}px; }}"
            f"QListWidget::item:selected {{ background: {tokens.selected}; color: {tokens.on_selected}; }}"
        )
        for value, words in items:
            entry = QListWidgetItem(words)
            entry.setData(Qt.ItemDataRole.UserRole, value)
            self.addItem(entry)
        self.setCurrentRow(0)
        self._place(len(items))

    def _place(self, count: int) -> None:
        window = self._field.window()
        if self.parent() is not window:
            self.setParent(window)
        height = self.sizeHintForRow(0) * min(ROWS, count) + 4
        corner = self._field.mapTo(window, QPoint(0, self._field.height()))
        below = window.height() - corner.y()
        if below < height and corner.y() - self._field.height() > below:
            height = min(height, corner.y() - self._field.height())
            corner.setY(corner.y() - self._field.height() - height)
        self.setGeometry(corner.x(), corner.y(), max(self._field.width(), em(16)), min(height, max(below, em(4))))
        self.show()
        self.raise_()

    def move_by(self, by: int) -> None:
        """Move the choice."""
        self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + by)))

    def take_current(self) -> None:
        """Choose the marked offer."""
        item = self.currentItem()
        if item is not None:
            self._field.take(str(item.data(Qt.ItemDataRole.UserRole)))

    def _on_click(self, item: QListWidgetItem) -> None:
        self._field.take(str(item.data(Qt.ItemDataRole.UserRole)))
