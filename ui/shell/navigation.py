"""The menu at the left: words with icons, groups by space, a number where things wait."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hoidesk.language import _
from ui.shell.places import PLACES, Place
from ui.theme import colours, em, follow, follow_language, font
from ui.widgets.drawing import draw_box, draw_icon, draw_text
from ui.widgets.labels import Label
from ui.widgets.words import Words

__all__ = ["Navigation"]


class _Entry(QAbstractButton):
    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self._count = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self)
        follow_language(self)

    def retranslate(self) -> None:
        """Say the words and, for screen readers, what the number counts."""
        self.setText(_(self.place.label))
        name = self.text()
        if self._count and self.place.counted:
            name = f"{name}, {_(self.place.counted).format(count=self._count)}"
        self.setAccessibleName(name)
        self.setToolTip("" if name == self.text() else name)

    def restyle(self) -> None:
        """Measure again."""
        self.updateGeometry()
        self.update()

    def show_count(self, count: int) -> None:
        self._count = count
        self.retranslate()
        self.update()

    def sizeHint(self) -> QSize:
        """One entry."""
        return QSize(em(12.6), em(2.55))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; arrows move in the menu."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entry: a white field, a blue bar and bold for the page that is open."""
        tokens = colours()
        painter = QPainter(self)
        rect = self.rect()
        chosen = self.isChecked()
        colour = tokens.text
        icon = tokens.text
        if chosen:
            fill = tokens.accent if tokens.edges else tokens.surface
            draw_box(painter, rect.toRectF(), fill=fill, edge=None)
            painter.fillRect(QRect(0, em(0.3), 4, rect.height() - 2 * em(0.3)), QColor(tokens.accent))
            colour = tokens.on_accent if tokens.edges else tokens.text
            icon = tokens.on_accent if tokens.edges else tokens.accent
        left = em(0.85)
        draw_icon(painter, rect.adjusted(left, 0, 0, 0), self.place.icon, icon, 1.3)
        count = str(self._count) if self._count else ""
        small = font(0.93, bold=True)
        room = QFontMetrics(small).horizontalAdvance(count) + em(0.7) if count else em(0.3)
        painter.setFont(font(bold=chosen))
        draw_text(painter, rect.adjusted(left + em(1.75), 0, -room - em(0.2), 0), self.text(), colour)
        if count:
            painter.setFont(small)
            draw_text(painter, rect.adjusted(0, 0, -em(0.7), 0), count, colour, right=True)
        painter.end()


class Navigation(QFrame):
    """The menu. ``asked`` carries the id of the page."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(False)
        self._entries = {one.id: _Entry(one) for one in PLACES if one.menu}
        self._unit = Label("", bold=True, size=1.07)
        self._tier = Label("", role="text2", size=0.93)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._build()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._inner)
        self._inner.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        follow(self)
        follow_language(self)

    def _build(self) -> None:
        self._column.addWidget(self._unit)
        self._column.addWidget(self._tier)
        self._spaces: list[QWidget] = []
        group = -1
        for id_, entry in self._entries.items():
            if entry.place.group != group:
                if entry.place.group == 9:
                    self._column.addStretch(1)
                else:
                    space = QWidget()
                    self._spaces.append(space)
                    self._column.addWidget(space)
                group = entry.place.group
            self._column.addWidget(entry)
            entry.clicked.connect(lambda _checked=False, chosen=id_: self.asked.emit(chosen))

    def show_unit(self, name: str, tier: Words) -> None:
        """Say whose book this is."""
        self._unit.say(name)
        self._tier.say(tier)

    def show_current(self, id_: str) -> None:
        """Mark the page that is open; a page that is not in the menu leaves it as it was."""
        entry = self._entries.get(id_)
        if entry is not None:
            entry.setChecked(True)

    def show_counts(self, counts: dict[str, int]) -> None:
        """Show how many things wait on each page."""
        for id_, entry in self._entries.items():
            entry.show_count(counts.get(id_, 0))

    def focus_current(self) -> None:
        """Go to the entry of the page that is open."""
        for entry in self._entries.values():
            if entry.isChecked():
                entry.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ids(self) -> list[str]:
        """The pages in the order of the menu, for Ctrl+1 to Ctrl+9."""
        return list(self._entries)

    def retranslate(self) -> None:
        """Name the menu for screen readers."""
        self.setAccessibleName(_("Menu"))

    def restyle(self) -> None:
        """Compute the sizes again."""
        self.setFixedWidth(em(14.2))
        self._column.setContentsMargins(em(0.45), em(0.8), em(0.45), em(0.45))
        self._column.setSpacing(em(0.1))
        for label in (self._unit, self._tier):
            label.setIndent(em(0.7))
        for number, space in enumerate(self._spaces):
            space.setFixedHeight(em(0.3 if number == 0 else 0.55))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill with the menu's ground and a hairline at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().nav))
        painter.fillRect(QRect(self.width() - 1, 0, 1, self.height()), QColor(colours().line))
        painter.end()
