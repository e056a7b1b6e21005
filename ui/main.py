"""Where the program starts: with an argument the command line, without one the window.

The window is painted before any library of the data is imported; those come in a thread while the password is typed.
"""

from __future__ import annotations

import builtins
import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from ui.settings import SettingsFile
    from ui.shell.window import Window

__all__ = ["make_window", "run"]


def run(arguments: Sequence[str] | None = None) -> int:
    """Start hoidesk; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given:
        from hoidesk.cli import main

        return int(main(given) or 0)
    if not _has_display():
        return _no_display()
    return _open_window()


def _has_display() -> bool:
    """Whether a window can be opened: without one Qt ends the program with a core dump instead of a sentence."""
    known = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in known)


def _no_display() -> int:
    from hoidesk.language import _, use_language
    from ui.settings import SettingsFile

    use_language(SettingsFile().now.language)
    print(_("There is no display here. Run a command instead; hoidesk --help lists them."), file=sys.stderr)
    return 3


def _open_window() -> int:
    from PySide6.QtWidgets import QApplication

    _plain_imports()
    from hoidesk.language import use_language
    from ui.settings import SettingsFile
    from ui.theme import started_with_fusion

    settings = SettingsFile()
    use_language(settings.now.language)
    application = QApplication([*sys.argv[:1], "-style", "fusion"])
    started_with_fusion()
    application.setApplicationName("hoidesk")
    application.setDesktopFileName("hoidesk")
    window = make_window(settings)
    sys.excepthook = partial(_fault, window)
    window.resize(1366, 740)
    window.show()
    status = application.exec()
    window.app.quit()
    return int(status)


def _fault(window: Window, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """A fault in a slot: the window says so and goes on; the half-typed form stays."""
    if isinstance(error, Exception):
        window.app.take_error(error)
    else:
        window.close()


def _plain_imports() -> None:
    """Give Python its own import back.

    PySide6 puts one in its place that reads the source of every module for its optional features, which are not used
    here: it costs a fifth of the time to the first paint after Qt itself, and memory for all the sources.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def make_window(settings: SettingsFile) -> Window:
    """The window with its App, not shown yet; needs a QApplication."""
    from PySide6.QtCore import QTimer

    from ui.app import App
    from ui.qt_texts import install
    from ui.shell.window import Window

    app = App(settings)
    app.apply_look()
    install(app)
    window = Window(app)
    # Only once the event loop turns again: whoever else waits for the first paint comes first.
    window.painted.connect(lambda: QTimer.singleShot(0, window, lambda: _load(window)))
    return window


def _load(window: Window) -> None:
    """Import the libraries of the data in the lane of the book, then read what the unlock card wants to know."""

    def work(_ticket: object) -> None:
        threshold = gc.get_threshold()
        # Thousands of short-lived objects are made while models are built: collecting among them only costs time.
        gc.set_threshold(100_000, *threshold[1:])
        try:
            from hoidesk.book.operations import operations
            from ui.log import start_log

            window.app.keep_log(start_log())
            operations()
        finally:
            gc.set_threshold(*threshold)

    def ready(_nothing: None) -> None:
        gc.freeze()
        window.unlock.data_ready()

    window.app.lanes.book.submit(work, owner=window, done=ready)


if __name__ == "__main__":
    sys.exit(run())
