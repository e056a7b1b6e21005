"""Fields that are safe for Vietnamese typing.

No input masks, no completion inside the text, no rewriting while somebody types: Unikey sends backspaces and letters,
and a program that changes the text in between breaks the word. Only pasted text is composed (NFC) on its way in.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy

from hoidesk.text.nfc import nfc
from ui.icons import pixmap
from ui.theme import colours, em, follow, follow_language
from ui.widgets.drawing import draw_box
from ui.widgets.words import Words, say

__all__ = ["ComboField", "FlagField", "LineField", "NoteField", "PasswordField", "SearchField", "mark_wrong"]

DEBOUNCE_MS = 150


def mark_wrong(widget: QLineEdit | QPlainTextEdit | QComboBox, wrong: bool) -> None:
    """Give a field the edge of an error, or take it away."""
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class LineField(QLineEdit):
    """One line of text; ``width`` in em when the content has a known length, else it takes what is there."""

    def __init__(self, *, width: float | None = None, placeholder: Words = "") -> None:
        super().__init__()
        self._width = width
        self._placeholder = placeholder
        if width is not None:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self)
        follow_language(self)

    def restyle(self) -> None:
        """Compute the width again."""
        if self._width is not None:
            self.setFixedWidth(em(self._width))

    def retranslate(self) -> None:
        """Look the placeholder up again."""
        self.setPlaceholderText(say(self._placeholder))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste composed text; everything else is Qt's."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.insert(nfc(QApplication.clipboard().text()).replace("\n", " "))
            return
        super().keyPressEvent(event)


class PasswordField(LineField):
    """A password, shown on request; dots do not disturb an input method because they are only painted."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def reveal(self, on: bool) -> None:
        """Show the letters, or hide them again."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)


class SearchField(LineField):
    """A field whose text is used 150 ms after the last key: ``settled`` carries it, trimmed.

    Text that an input method is still composing is not in it.
    """

    settled = Signal(str)

    def __init__(self, placeholder: Words, *, name: Words, icon: bool = True) -> None:
        self._icon = icon
        self._name = name
        super().__init__(placeholder=placeholder)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._settle)
        self.textChanged.connect(self._on_text)

    def _on_text(self, _text: str) -> None:
        self._timer.start()

    def _settle(self) -> None:
        self.settled.emit(nfc(self.text()).strip())

    def settle_now(self) -> None:
        """Use the text at once: Enter was pressed."""
        self._timer.stop()
        self._settle()

    def retranslate(self) -> None:
        """Look the placeholder and the name for screen readers up again."""
        super().retranslate()
        self.setAccessibleName(say(self._name))

    def restyle(self) -> None:
        """Make room for the icon."""
        super().restyle()
        if self._icon:
            self.setTextMargins(em(1.5), 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its icon: Qt's own leading icons stay small when the text grows."""
        super().paintEvent(event)
        if self._icon:
            painter = QPainter(self)
            painter.drawPixmap(QPointF(em(0.55), (self.height() - em(1.2)) / 2), pixmap("search", "text2", 1.2))
            painter.end()


class FlagField(QCheckBox):
    """Yes or no: a box that grows with the text, ticked by Space."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self)

    def restyle(self) -> None:
        """Measure again."""
        self.setFixedSize(em(1.6), em(2.2))

    def hitButton(self, pos: QPoint) -> bool:
        """The whole field takes the click."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the box, its tick and its focus."""
        tokens = colours()
        painter = QPainter(self)
        side = em(1.35)
        box = QRectF(1, (self.height() - side) / 2, side, side)
        on = self.isChecked()
        draw_box(painter, box, fill=tokens.accent if on else tokens.surface, edge=tokens.control, radius=3)
        if on:
            painter.drawPixmap(box.topLeft() + QPointF(em(0.15), em(0.15)), pixmap("check", "on_accent", 1.05))
        if self.hasFocus():
            draw_box(painter, box, fill=None, edge=tokens.text if on else tokens.accent, width=2, radius=3)
        painter.end()


class NoteField(QPlainTextEdit):
    """Several lines; Tab leaves the field, Enter makes a new line."""

    def __init__(self, *, lines: int = 3) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        follow(self)

    def restyle(self) -> None:
        """Compute the height again."""
        self.setFixedHeight(round(self._lines * em(1.45)) + em(1.1))
        self.document().setDocumentMargin(em(0.15))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain composed text, whatever else the clipboard holds."""
        if source.hasText():
            self.insertPlainText(nfc(source.text()))

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(em(24), super().sizeHint().height())


class ComboField(QComboBox):
    """A closed list; the mouse wheel scrolls the page, not the value."""

    def __init__(self, *, width: float | None = None) -> None:
        super().__init__()
        self._width = width
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(16)
        follow(self)

    def fill(self, items: list[tuple[str, str]]) -> None:
        """Take (value, words) pairs and keep the value that was chosen, if it is still there."""
        chosen = self.currentData()
        blocked = self.blockSignals(True)
        self.clear()
        for value, words in items:
            self.addItem(words, value)
        self.choose(chosen if isinstance(chosen, str) else "")
        self.blockSignals(blocked)

    def choose(self, value: str) -> None:
        """Choose the entry with ``value``; nothing when there is none."""
        self.setCurrentIndex(self.findData(value))

    def value(self) -> str:
        """The value chosen, empty for none."""
        data = self.currentData()
        return data if isinstance(data, str) else ""

    def restyle(self) -> None:
        """Compute the width again."""
        self.setMinimumWidth(em(self._width or 8))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and an arrow that grows with the text."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = em(1.1)
        place = QPointF(self.width() - side - em(0.4), (self.height() - side) / 2)
        painter.drawPixmap(place, pixmap("chevron-down", "text", 1.1))
        painter.end()
