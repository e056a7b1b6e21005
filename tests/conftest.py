"""What every test gets: an empty home, cheap password hashing, Vietnamese texts, and no noise and no leaks.

- Every test has its own empty home, config, data, cache and log folders.
- Any log record at WARNING or above fails the test, unless the test asked for ``caplog`` and so looks at the log
  itself. Python warnings fail through pytest's own settings, Qt's through pytest-qt.
- A thread that still runs, a running QThread and a visible window fail the test that left them.

The core's tests also run where PySide6 is not installed: ``pytest -p no:pytest-qt --ignore tests/ui``.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

# Before anything imports Qt: windows of tests are never shown, so that pictures and sizes are the same everywhere.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HOIDESK_TEST_CHEAP_KDF"] = "1"

ROOT = Path(__file__).resolve().parent.parent
GRACE = 5.0
"""Seconds that a thread may take to end after its test: closing asks it to stop, the system lets it go later."""


def pytest_configure() -> None:
    """Compile the catalogues before the first text is looked up."""
    import catalogues

    catalogues.compile_all(ROOT)


@pytest.fixture(autouse=True)
def cheap_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make new password slots with the smallest cost; a test of the real cost deletes the variable."""
    monkeypatch.setenv("HOIDESK_TEST_CHEAP_KDF", "1")


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Path]]:
    base = tmp_path_factory.mktemp("homes")
    yield (base / str(number) for number in range(sys.maxsize))


@pytest.fixture(autouse=True)
def home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty home of this test; settings, logs, caches and books that a test makes lie below it."""
    folder = next(_homes)
    folder.mkdir()
    places = {
        "HOME": folder,
        "USERPROFILE": folder,
        "APPDATA": folder / "AppData" / "Roaming",
        "LOCALAPPDATA": folder / "AppData" / "Local",
        "XDG_CONFIG_HOME": folder / ".config",
        "XDG_DATA_HOME": folder / ".local" / "share",
        "XDG_STATE_HOME": folder / ".local" / "state",
        "XDG_CACHE_HOME": folder / ".cache",
        "XDG_DOCUMENTS_DIR": folder / "Documents",
    }
    for name, place in places.items():
        monkeypatch.setenv(name, str(place))
    return folder


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Every test starts in Vietnamese, whatever the one before it chose."""
    from hoidesk.language import use_language

    use_language("vi")
    yield
    use_language("vi")


@pytest.fixture
def today() -> date:
    """A fixed day: Thursday 12/11/2026."""
    return date(2026, 11, 12)


class _Loud(logging.Handler):
    """Keeps every record at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or an error without looking at the log itself."""
    handler = _Loud()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if handler.records and "caplog" not in request.fixturenames:
        lines = "\n".join(f"{record.levelname} {record.name}: {record.getMessage()}" for record in handler.records)
        pytest.fail(f"unexpected log records:\n{lines}", pytrace=False)


def _working_threads() -> set[threading.Thread]:
    """Threads made by Python that still run; those of Qt only pass through and are watched by Qt itself."""
    dummies = threading._DummyThread
    return {thread for thread in threading.enumerate() if not isinstance(thread, dummies)}


def _visible_windows() -> list[str]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets.QApplication.instance() if widgets else None
    if application is None:
        return []
    return [repr(widget) for widget in application.topLevelWidgets() if widget.isVisible()]


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """Fail a test that leaves a running thread or a visible window behind."""
    before = _working_threads()
    yield
    deadline = time.monotonic() + GRACE
    while (left := _working_threads() - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    windows = _visible_windows()
    if left or windows:
        names = [thread.name for thread in left]
        pytest.fail(f"left behind: threads {names}, windows {windows}", pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def _no_running_qthreads() -> Iterator[None]:
    """At the end no QThread may run: the process would be aborted."""
    yield
    core = sys.modules.get("PySide6.QtCore")
    if core is not None:
        assert core.QThreadPool.globalInstance().waitForDone(5_000), "jobs still run in Qt's own thread pool"
