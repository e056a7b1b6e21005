"""The focus ring lies around the focused button, also while the page under it scrolls."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.focus import GAP, FocusRing


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window with a long page of buttons in a scroll area."""
    window = QWidget()
    page = QWidget()
    lines = QVBoxLayout(page)
    for number in range(40):
        lines.addWidget(QPushButton(f"Khu phố {number}"))
    scroll = QScrollArea()
    scroll.setWidget(page)
    QVBoxLayout(window).addWidget(scroll)
    window.resize(300, 300)
    qtbot.addWidget(window)
    return window


def lies_around(ring: FocusRing, button: QPushButton, window: QWidget) -> bool:
    """Whether the ring is drawn just outside the button."""
    corner = button.mapTo(window, QPoint(0, 0))
    return ring.isVisible() and ring.pos() == corner - QPoint(GAP, GAP)


def test_the_ring_follows_a_page_that_scrolls(qtbot: QtBot, window: QWidget) -> None:
    ring = FocusRing(window)
    window.show()
    window.activateWindow()
    button = window.findChildren(QPushButton)[4]
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert lies_around(ring, button, window)
    bar = window.findChildren(QScrollArea)[0].verticalScrollBar()
    before = ring.pos()
    bar.setValue(60)
    assert ring.pos() != before
    assert lies_around(ring, button, window)
    bar.setValue(bar.maximum())
    assert not ring.isVisible()
    bar.setValue(0)
    assert lies_around(ring, button, window)
    window.findChildren(QPushButton)[5].setFocus()
    assert lies_around(ring, window.findChildren(QPushButton)[5], window)
