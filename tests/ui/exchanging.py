"""Windows on the books of a ward and its district, for tests of the page of packages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from hoidesk.book.book import Book
from ui.app import App
from ui.exchange.page import ExchangePage
from ui.lanes import InlineLane, Lanes
from ui.settings import SettingsFile
from ui.shell.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return


def page_of(window: Window, book: Book) -> ExchangePage:
    """The page of packages in a window that opens this book."""
    window.app.open(book)
    assert window.desk is not None
    window.desk.go("exchange")
    page = window.desk.page
    assert isinstance(page, ExchangePage)
    return page


def turn_to(page: ExchangePage) -> None:
    """Somebody sits down at the other PC: its window gets the keys."""
    window = page.window()
    window.activateWindow()
    for _round in range(50):
        QApplication.processEvents()
        if window.isActiveWindow():
            return
    raise AssertionError("the window does not become active")


@contextmanager
def another_window(book: Book, folder: Path) -> Iterator[ExchangePage]:
    """A second office at its own PC."""
    app = App(SettingsFile(folder / "settings.json"), Lanes.inline())
    window = Window(app)
    window.resize(1366, 740)
    window.show()
    try:
        yield page_of(window, book)
    finally:
        window.close()
        app.quit()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class WatchingLane(InlineLane):
    """A lane that calls ``at`` with every report of progress and the job's ticket, as a person at the screen would."""

    def __init__(self, app: App, at: Any) -> None:
        super().__init__(app.take_error)
        self._at = at

    def submit(
        self, work: Any, *, owner: Any = None, done: Any = None, failed: Any = None, progress: Any = None
    ) -> Any:
        """Run a job and watch it."""
        tickets: list[Any] = []

        def watched(count: int, total: int, step: str) -> None:
            if progress is not None:
                progress(count, total, step)
            self._at(tickets[0], count, total, step)

        def noted(ticket: Any) -> Any:
            tickets.append(ticket)
            return work(ticket)

        return super().submit(noted, owner=owner, done=done, failed=failed, progress=watched)
