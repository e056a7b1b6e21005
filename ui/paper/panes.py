"""A list and what it opens: side by side, or one at a time in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import em, follow

__all__ = ["TwoPanes"]


class TwoPanes(QWidget):
    """``width``: of the right pane in em; 0 shares the room."""

    def __init__(self, width: float = 0) -> None:
        super().__init__()
        self._em = width
        self._narrow = False
        self._left: QWidget | None = None
        self._right: QWidget | None = None
        self._pane = QHBoxLayout()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._pane, 1)

    def set_panes(self, left: QWidget, right: QWidget) -> None:
        """Put both panes in."""
        self._left, self._right = left, right
        self._pane.addWidget(left, 1)
        self._pane.addWidget(right, 0 if self._em else 1)
        follow(self)

    def open_right(self, focus: QWidget) -> None:
        """Go to the right pane; in a narrow window it takes the place of the list."""
        if self._narrow and self._left is not None and self._right is not None:
            self._left.hide()
            self._right.show()
        focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_right(self) -> bool:
        """Back to the list; False when the list is already shown alone or beside."""
        if not self._narrow or self._left is None or self._right is None or not self._left.isHidden():
            return False
        self._right.hide()
        self._left.show()
        return True

    def set_width_class(self, number: int) -> None:
        """Narrow: the list alone."""
        self._narrow = number == 1
        if self._left is not None and self._right is not None:
            self._left.show()
            self._right.setVisible(not self._narrow)
        self.restyle()

    def restyle(self) -> None:
        """Compute the gap and the width of the right pane again."""
        self._pane.setSpacing(em(0.8))
        if self._em and self._right is not None:
            self._right.setMinimumWidth(0 if self._narrow else em(self._em))
            self._right.setMaximumWidth(16_777_215 if self._narrow else em(self._em))
