"""Tabs: words over a thick blue line; room is kept for bold, so that nothing moves when another is chosen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ui.theme import colours, em, follow, follow_language, font
from ui.widgets.words import Words, say

__all__ = ["Tabs"]


class _Bar(QTabBar):
    def __init__(self) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        follow(self)

    def restyle(self) -> None:
        """Measure again."""
        self.setFont(font())
        self.updateGeometry()

    def tabSizeHint(self, index: int) -> QSize:
        """As wide as the bold word."""
        width = QFontMetrics(font(bold=True)).horizontalAdvance(self.tabText(index))
        return QSize(width + em(1.1), em(2.5))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """A tab is never cut."""
        return self.tabSizeHint(index)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw words, the line under the chosen one and the ring of the focus."""
        tokens = colours()
        painter = QPainter(self)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(tokens.line))
        for index in range(self.count()):
            rect = self.tabRect(index)
            chosen = index == self.currentIndex()
            painter.setFont(font(bold=chosen))
            painter.setPen(QColor(tokens.text if chosen else tokens.text2))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
            if chosen:
                painter.fillRect(QRect(rect.left(), rect.bottom() - 2, rect.width(), 3), QColor(tokens.accent))
                if self.hasFocus():
                    painter.setPen(QColor(tokens.accent))
                    painter.drawRect(rect.adjusted(1, 2, -2, -5))
                    painter.drawRect(rect.adjusted(2, 3, -3, -6))
        painter.end()


class Tabs(QWidget):
    """Pages behind tabs; ``indent``: em at the left of the first tab, where the pages have margins of their own."""

    def __init__(self, *, indent: float = 0) -> None:
        super().__init__()
        self._indent = indent
        self.bar = _Bar()
        self.pages = QStackedWidget()
        self._words: list[Words] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.addWidget(self.bar)
        layout.addLayout(self._head)
        layout.addWidget(self.pages, 1)
        self.bar.currentChanged.connect(self.pages.setCurrentIndex)
        follow(self)
        follow_language(self)

    def restyle(self) -> None:
        """Compute the indent again."""
        self._head.setContentsMargins(em(self._indent), 0, 0, 0)

    def add(self, words: Words, page: QWidget) -> None:
        """Append a tab."""
        self._words.append(words)
        self.pages.addWidget(page)
        self.bar.addTab(say(words))

    def say(self, index: int, words: Words) -> None:
        """Give a tab other words, for example with a count."""
        self._words[index] = words
        self.bar.setTabText(index, say(words))

    def next(self) -> None:
        """Go to the next tab, from the last to the first."""
        if self.bar.count():
            self.bar.setCurrentIndex((self.bar.currentIndex() + 1) % self.bar.count())

    def retranslate(self) -> None:
        """Look the words up again."""
        for index, words in enumerate(self._words):
            self.bar.setTabText(index, say(words))
