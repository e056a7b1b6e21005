"""With real lanes: the window goes on living while a stick is looked at, and Esc stops the work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hoidesk.book.book import Book
from hoidesk.exchange.looking import preview_all
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive
from tests.exchange.books import count
from tests.exchange.test_hundred import stick, ward
from ui.app import App
from ui.exchange.page import ExchangePage
from ui.lanes import Lanes
from ui.settings import SettingsFile
from ui.shell.window import Window

__all__ = ["stick", "ward"]

PATIENCE = 30_000


@pytest.fixture
def page(
    ward: Book, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Iterator[ExchangePage]:
    """The page in a window with threads of its own."""
    for function in (preview_all, receive):
        monkeypatch.setitem(function.__kwdefaults__, "opener", open_here)
    app = App(SettingsFile(tmp_path / "máy.json"), Lanes.threads())
    window = Window(app)
    window.resize(1366, 740)
    window.show()
    app.open(ward)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=PATIENCE)
    assert window.desk is not None
    window.desk.go("exchange")
    found = window.desk.page
    assert isinstance(found, ExchangePage)
    qtbot.waitUntil(lambda: bool(found.board.units), timeout=PATIENCE)
    yield found
    window.close()
    app.quit()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_window_lives_while_a_hundred_packages_are_looked_at(
    page: ExchangePage, ward: Book, stick: Path, qtbot: QtBot
) -> None:
    ticks: list[str] = []
    names: list[str] = []
    timer = QTimer(page)
    timer.setInterval(5)
    timer.timeout.connect(lambda: ticks.append("tick") if page.receive.busy else None)
    timer.start()
    shown = page.receive.looking.show_step
    page.receive.looking.show_step = lambda *at: (names.append(at[3]) if len(at) > 3 else None, shown(*at))[1]  # type: ignore[method-assign]
    page.open_panel("receive")
    page.receive.look([stick])
    assert page.receive.busy and page.receive.looking.isVisible(), "asked for, not done"
    qtbot.waitUntil(lambda: not page.receive.busy, timeout=PATIENCE)
    timer.stop()
    assert len(page.receive.rows) == 94
    assert len(ticks) > 10, "the window went on"
    assert len({name for name in names if ".hdk" in name}) > 10, "the name of what is being done is shown"


def test_esc_stops_a_receive_and_what_was_taken_stays(
    page: ExchangePage, ward: Book, stick: Path, qtbot: QtBot
) -> None:
    page.open_panel("receive")
    page.receive.look([stick])
    qtbot.waitUntil(lambda: not page.receive.busy, timeout=PATIENCE)

    def watch(done: int, _total: int, _name: str) -> None:
        if done >= 20:
            qtbot.keyClick(page, Qt.Key.Key_Escape)

    page.receive._on_taking = watch  # type: ignore[method-assign]
    page.receive.receive()
    qtbot.waitUntil(lambda: not page.receive.busy, timeout=PATIENCE)
    states = [one.state for one in page.receive.rows]
    assert states.count("stopped") > 0 and states.count("merged") > 0
    assert page.receive.list.isVisible() and page.receive.bar.sentence.text()
    assert 3 < count(ward, "meeting") < 89
    del page.receive._on_taking
    page.receive.look([stick])
    qtbot.waitUntil(lambda: not page.receive.busy, timeout=PATIENCE)
    page.receive.receive()
    qtbot.waitUntil(lambda: not page.receive.busy, timeout=PATIENCE)
    assert count(ward, "meeting") == 89
