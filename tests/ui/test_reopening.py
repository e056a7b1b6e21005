"""Closing a book and opening another leaves nothing of the first desk behind."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import PASSWORD, USER
from ui.shell.desk import DeskWidget
from ui.shell.places import PLACES
from ui.shell.window import Window


def test_a_write_after_reopening_meets_no_dead_page(window: Window, desk: DeskWidget, book_folder: Path) -> None:
    from hoidesk.book.folder import open_book
    from hoidesk.units.operations import SaveArea

    for entry in PLACES:
        desk.go(entry.id)
    window.app.close_book()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.app.open(open_book(book_folder, user=USER, password=PASSWORD))
    assert window.desk is not None
    assert window.desk is not desk
    for entry in PLACES:
        window.desk.go(entry.id)
    changes: list[object] = []
    window.app.changed.connect(changes.append)
    operation = SaveArea(kind="quarter", code="P05-2-03", name="Khu phố 3", effective_from="01/01/2026")
    window.app.write(window.desk, operation)
    assert len(changes) == 1
    window.app.set_text_size(125)
    window.app.set_language("en")
    window.app.set_language("vi")
