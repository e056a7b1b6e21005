"""Tool tips show content as it is: the name of a file on a stick is no markup."""

from __future__ import annotations

import pytest
from PySide6.QtGui import Qt, QTextDocument

from ui.shell.window import Window
from ui.widgets.labels import ElidedLabel


@pytest.mark.parametrize(
    ("name", "marked_up"),
    [("<img src='file:///x.png'>.hdk", True), ("gói <b>31</b> &amp; biên nhận.hdk", True), ("a < b, P05.hdk", False)],
)
def test_the_name_of_a_file_is_no_markup(window: Window, name: str, marked_up: bool) -> None:
    assert Qt.mightBeRichText(name) == marked_up  # Qt would read it as such
    label = ElidedLabel(name)
    if not marked_up:
        assert label.toolTip() == name
        return
    shown = QTextDocument()
    shown.setHtml(label.toolTip())
    assert shown.toPlainText() == name
