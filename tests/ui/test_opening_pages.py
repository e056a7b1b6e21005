"""Opening a page changes what is in the window; nothing of it may flash as a window of its own and take the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from ui.shell.desk import DeskWidget


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
