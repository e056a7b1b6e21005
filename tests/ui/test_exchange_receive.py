"""A stick with many packages in the window: looked at, taken in one go, one result list, stopped without harm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from hoidesk.book.book import Book
from hoidesk.exchange import finding
from hoidesk.exchange.finding import Drive
from hoidesk.exchange.looking import preview_all
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive
from tests.exchange.books import count
from tests.exchange.test_hundred import stick, ward
from tests.ui.conftest import Person
from tests.ui.exchanging import CONTROL, WatchingLane, page_of
from ui.app import App
from ui.exchange.page import ExchangePage
from ui.shell.window import Window
from ui.widgets.buttons import Choice

__all__ = ["stick", "ward"]


@pytest.fixture
def page(window: Window, ward: Book, monkeypatch: pytest.MonkeyPatch) -> ExchangePage:
    """The page on the ward's book; packages are opened in this process, or a hundred workers would start."""
    for function in (preview_all, receive):
        monkeypatch.setitem(function.__kwdefaults__, "opener", open_here)
    return page_of(window, ward)


def test_a_hundred_packages_in_one_go(page: ExchangePage, ward: Book, stick: Path, person: Person) -> None:
    page.open_panel("receive")
    page.receive.place.choose(stick)
    before = count(ward, "meeting")
    states = [one.state for one in page.receive.rows]
    assert len(states) == 94 and states[:3] == ["refused"] * 3, "problems come first"
    assert count(ward, "meeting") == before, "looking writes nothing"
    assert "84" in page.receive.bar.sentence.text() and "86" in page.receive.bar.sentence.text()
    chips = page.receive.list.chips
    assert {name for name, chip in chips.chips.items() if chip.isVisible()} == {
        "all", "taken", "refused", "known", "other", "records",
    }  # fmt: skip
    chips.pick("records")
    assert page.receive.list.records.isVisible() and page.receive.list.records.ids.rowCount() == 86
    chips.pick("refused")
    assert page.receive.list.table.ids.rowCount() == 3

    assert page.receive.take.hasFocus()
    person.press(Qt.Key.Key_Return, CONTROL, page)
    assert count(ward, "meeting") == 89 and not page.receive.take.isVisible()
    assert page.receive.later.hasFocus()
    person.press(Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier, page)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == 95 and sum("Không nhận" in line for line in copied) == 3
    chips.pick("codes")
    assert page.receive.list.table.ids.rowCount() == 6, "a code to read out for each cell"
    person.press(Qt.Key.Key_Escape, widget=page)
    assert page.board.isVisible()


def stop_at_the_fortieth(ticket: Any, count: int, _total: int, _step: str) -> None:
    """A person presses Esc when the fortieth file is named."""
    if count == 40:
        ticket.cancel()


def test_stopping_says_how_far_it_got(page: ExchangePage, ward: Book, stick: Path, app: App, person: Person) -> None:
    page.open_panel("receive")
    page.receive.look([stick])
    free = app.lanes.book
    app.lanes.book = WatchingLane(app, stop_at_the_fortieth)
    page.receive.receive()
    app.lanes.book = free
    left = [one for one in page.receive.rows if one.state == "stopped"]
    assert len(left) == 94 - 40
    assert str(len(left)) in page.receive.bar.sentence.text()
    assert all(one.state != "stopped" or one.sentence for one in page.receive.rows)
    taken = count(ward, "meeting")
    assert 3 < taken < 89
    page.receive.look([stick])
    page.receive.receive()
    assert count(ward, "meeting") == 89


def test_stopping_the_look_goes_back_to_the_choice(page: ExchangePage, ward: Book, stick: Path, app: App) -> None:
    page.open_panel("receive")
    free = app.lanes.book
    app.lanes.book = WatchingLane(app, stop_at_the_fortieth)
    page.receive.look([stick])
    app.lanes.book = free
    assert page.receive._choose.isVisible() and page.receive.rows == [] and not page.receive.busy


def test_the_stick_is_looked_at_again_whenever_the_panel_is_opened(
    page: ExchangePage, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One stick in the PC is looked at by itself, the second time too; a click on it looks once more."""
    only = Drive(path=stick, name="KINGSTON", size=1 << 34, free=1 << 33, removable=True, read_only=False)
    monkeypatch.setattr(finding, "drives", lambda: [only])
    for _time in range(2):
        page.open_panel("receive")
        assert len(page.receive.rows) == 94
        page.to_board()
    monkeypatch.setattr(finding, "drives", lambda: [only, replace(only, path=stick.parent, name="USB 2")])
    page.open_panel("receive")
    assert page.receive.rows == [] and page.receive.place.chosen is None
    choice = page.receive.place._choices.findChild(Choice)
    assert isinstance(choice, Choice)
    choice.click()
    assert len(page.receive.rows) == 94
