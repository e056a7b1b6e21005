"""No page writes a tier's name: the office says what its tiers are called, and the window says it after it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget

from tests.ui.conftest import PASSWORD, USER
from ui.app import App
from ui.shell.desk import DeskWidget
from ui.shell.places import PLACES
from ui.shell.window import Window
from ui.widgets.table import TableView
from ui.widgets.words import say

OLD = re.compile(r"phường|quận|huyện|khu phố|tổ dân phố|\bward\b|\bdistrict\b|\bquarters?\b", re.IGNORECASE)
LABELS = {
    "label.superior": "Cấp Ánh Trăng",
    "label.unit": "Cấp Mặt Trời",
    "label.area": "Vùng Sao",
    "label.group": "Nhóm Mây",
}


@pytest.fixture
def empty_desk(window: Window, tmp_path: Path) -> DeskWidget:
    """A desk on an empty book whose office calls its tiers by invented names."""
    from hoidesk.book.folder import create_book
    from hoidesk.book.operations import operations

    book = create_book(
        tmp_path / "x.hoibook", tier="ward", code="P05-2", name="Đơn vị Thử", user=USER, password=PASSWORD
    )
    book.run(operations()["settings.save"].parse({"values": LABELS}))
    window.app.open(book)
    assert window.desk is not None
    return window.desk


def texts_of(widget: QWidget) -> set[str]:
    """Every text that a person can see in a widget, in fields that offer a list, and in headings."""
    found: set[str] = set()
    for child in widget.findChildren(QWidget):
        if isinstance(child, QLabel | QAbstractButton):
            found.add(child.text())
        elif isinstance(child, QComboBox):
            found.update(child.itemText(number) for number in range(child.count()))
        elif isinstance(child, TableView):
            found.update(say(column.label) for column in child.ids.columns)
        found.update((child.toolTip(), child.accessibleName()))
        placeholder: Any = getattr(child, "placeholderText", None)
        if placeholder is not None:
            found.add(placeholder())
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_says_a_tier_by_its_old_name(empty_desk: DeskWidget, app: App, language: str) -> None:
    app.set_language(language)
    seen: set[str] = set()
    for place in PLACES:
        if place.id == "help":
            continue  # the help has a test of its own
        empty_desk.go(place.id)
        page = empty_desk.page
        new = getattr(page, "new", None)
        if callable(new):
            new()
        seen |= texts_of(empty_desk)
    # Of the closed lists, the scope of an association names tiers by law: values before 1 July 2025 stay as they were.
    from hoidesk.presets import choices

    by_law = set(choices("scopes").values()) | set(choices("managing_level").values())
    wrong = sorted(text for text in seen - by_law if OLD.search(text))
    assert wrong == []
    assert any("Vùng Sao" in text for text in seen)
