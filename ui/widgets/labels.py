"""Labels with a size, a weight and a colour role; texts are never read as markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.icons import pixmap
from ui.theme import colours, em, follow, follow_language, font, paint_text
from ui.widgets.words import Words, say, tip

__all__ = ["ElidedLabel", "Hairline", "IconLabel", "Label", "Note"]


class Label(QLabel):
    """A line or, with ``wrap``, a paragraph; ``size`` in em, ``role`` a colour of the palette."""

    def __init__(
        self, words: Words = "", *, size: float = 1.0, bold: bool = False, role: str = "text", wrap: bool = False
    ) -> None:
        super().__init__()
        self._words = words
        self._size = size
        self._bold = bold
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        follow(self)
        follow_language(self)

    def say(self, words: Words) -> None:
        """Show other words."""
        self._words = words
        self.retranslate()

    def set_role(self, role: str) -> None:
        """Take another colour role."""
        self._role = role
        paint_text(self, role)

    def set_size(self, size: float) -> None:
        """Take another size, in em."""
        self._size = size
        self.restyle()

    def retranslate(self) -> None:
        """Look the text up again."""
        self.setText(say(self._words))

    def restyle(self) -> None:
        """Compute font and colour again."""
        self.setFont(font(self._size, bold=self._bold))
        paint_text(self, self._role)


class ElidedLabel(Label):
    """One line that loses its middle (a path) or its ``end`` when there is no room; the whole text is the tool tip."""

    def __init__(
        self, words: Words = "", *, size: float = 1.0, bold: bool = False, role: str = "text2", end: bool = False
    ) -> None:
        super().__init__(words, size=size, bold=bold, role=role)
        self._mode = Qt.TextElideMode.ElideRight if end else Qt.TextElideMode.ElideMiddle
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def retranslate(self) -> None:
        """Look the text up again."""
        super().retranslate()
        self.setToolTip(tip(self.text()))

    def minimumSizeHint(self) -> QSize:
        """Almost nothing: the label gives way."""
        return QSize(em(4), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text, shortened where it may be."""
        painter = QPainter(self)
        painter.setPen(colours().role(self._role))
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()


class IconLabel(QLabel):
    """A drawing in the colour of a role; it says nothing to a screen reader, the word beside it does."""

    def __init__(self, name: str, *, role: str = "text", size: float = 1.2) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._size = size
        self.setFixedSize(em(size), em(size))
        follow(self)

    def show_icon(self, name: str, role: str) -> None:
        """Show another drawing."""
        self._name, self._role = name, role
        self.restyle()

    def restyle(self) -> None:
        """Draw again."""
        self.setFixedSize(em(self._size), em(self._size))
        self.setPixmap(pixmap(self._name, self._role, self._size))


class Note(QWidget):
    """Icon and sentence in the colour of a state: errors under a field, hints, proven facts."""

    ICONS = {
        "bad": "circle-alert",
        "warn": "triangle-alert",
        "ok": "circle-check",
        "text2": "info",
        "text": "info",
    }

    def __init__(self, words: Words = "", *, role: str = "bad", icon: str | None = None, size: float = 1.0) -> None:
        super().__init__()
        self._fixed_icon = icon
        self._icon = IconLabel(icon or self.ICONS[role], role=role)
        self._label = Label(words, role=role, wrap=True, size=size)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        follow(self)

    def restyle(self) -> None:
        """Space the icon from the word."""
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(em(0.4))

    def say(self, words: Words, role: str = "bad") -> None:
        """Show a sentence in the colour of ``role``; an empty one hides the note."""
        self._label.say(words)
        self._label.set_role(role)
        self._icon.show_icon(self._fixed_icon or self.ICONS[role], role)
        self.setVisible(bool(self._label.text()))

    def text(self) -> str:
        """The sentence shown."""
        return self._label.text()


class Hairline(QFrame):
    """A line of one pixel."""

    def __init__(self, *, vertical: bool = False) -> None:
        super().__init__()
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill with the line colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().line)
        painter.end()
