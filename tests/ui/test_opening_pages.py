"""Opening a page changes what is in the window; nothing of it may flash as a window of its own and take the focus."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from hoidesk.book.folder import open_book
from tests.ui.conftest import PASSWORD, USER
from ui.shell.desk import DeskWidget
from ui.shell.window import Window


class _Watch(QObject):
    """Notes every widget that is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_no_part_of_a_page_is_ever_a_window(desk: DeskWidget) -> None:
    watch = _Watch()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    try:
        for id_ in [*desk.navigation.ids(), "settings", "help", "shortcuts"]:
            desk.go(id_)
            QApplication.processEvents()
            assert watch.seen == [], id_
    finally:
        application.removeEventFilter(watch)


def test_a_copied_book_says_so_once_after_it_was_opened(window: Window, book_folder: Path, tmp_path: Path) -> None:
    open_book(book_folder, user=USER, password=PASSWORD).close()
    copy = tmp_path / "bản sao.hoibook"
    shutil.copytree(book_folder, copy)
    book = open_book(copy, user=USER, password=PASSWORD)
    assert len(book.notices) == 1
    window.app.open(book)
    desk = window.desk
    assert desk is not None
    assert desk.message.isVisible() and desk.message.text() == book.notices[0]
    desk.go("exchange")
    assert desk.message.isVisible(), "it stays while pages are opened"
