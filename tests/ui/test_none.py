"""The installed pair of Python and PySide6 counts references rightly."""

from __future__ import annotations

import sys


def test_qt_gives_back_every_none(qapp: object) -> None:
    # PySide6 6.12.0 on Python 3.11 lost one reference to None on every call that returns nothing, until the
    # interpreter aborted. From Python 3.12 None is immortal and its count says nothing.
    from PySide6.QtWidgets import QLabel

    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(1_000):
        label.setText(str(number))
    assert sys.getrefcount(None) > before - 100
