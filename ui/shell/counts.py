"""The numbers in the menu: how many things wait on each page. Each page's room says how to count its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.app import App

__all__ = ["Counts"]


class Counts(QObject):
    """Counts again after every write, in the lane of the book, as long as ``parent`` shows the numbers."""

    def __init__(self, app: App, show: Callable[[dict[str, int]], None], parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._show = show
        app.changed.connect(self._count)
        self._count(None)

    def _count(self, _changes: object) -> None:
        if self._app.book is None:
            return
        from ui.home.todo import waiting

        book = self._app.book
        self._app.read(self, lambda connection: waiting(connection, book), self._show)
