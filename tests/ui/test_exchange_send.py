"""Writing to sticks that are pulled and come back: what the screen says is true when it is said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hoidesk.book.book import Book
from hoidesk.exchange import finding
from hoidesk.exchange.finding import Drive
from hoidesk.exchange.outgoing import send_all
from tests.exchange.books import CELL, DISTRICT, WARD, join, meet, new_book, register
from tests.ui.conftest import Person
from tests.ui.exchanging import CONTROL, ENTER, WatchingLane, page_of
from ui.app import App
from ui.exchange.page import ExchangePage
from ui.shell.window import Window


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    """A ward with a superior and one cell, and one meeting."""
    with new_book(tmp_path, DISTRICT) as district, new_book(tmp_path, CELL) as cell:
        ward = new_book(tmp_path, WARD)
        join(district, ward)
        join(ward, cell)
        meet(ward, register(ward)[2])
        yield ward
        ward.close()


@pytest.fixture
def page(window: Window, ward: Book) -> ExchangePage:
    return page_of(window, ward)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "KINGSTON ố"
    folder.mkdir()
    return folder


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[Drive]:
    """The sticks that are in the PC; a test adds and removes them."""
    here: list[Drive] = []
    monkeypatch.setattr(finding, "drives", lambda: list(here))
    return here


def drive(path: Path, **more: Any) -> Drive:
    return Drive(**{"path": path, "name": path.name, "size": 16 << 30, "free": 9 << 30, "removable": True,
                    "read_only": False} | more)  # fmt: skip


def test_the_panel_says_before_what_the_package_holds(page: ExchangePage, stick: Path, person: Person) -> None:
    person.press(ENTER, CONTROL, page)
    (first,) = page.send.outlook.found
    assert (first.unit, first.kind, first.replaces) == ("P05", "full", None)
    assert first.counts["Buổi sinh hoạt"] == 1 and sum(first.counts.values()) == first.rows
    page.send.place.choose(stick)
    person.press(ENTER, CONTROL, page)
    (written,) = stick.glob("*.hdk")
    assert written.name == "P05-2-1-1.hdk"
    page.to_board()
    person.press(ENTER, CONTROL, page)
    (second,) = page.send.outlook.found
    assert second.replaces == 1 and second.counts == first.counts, "no receipt came: everything goes again"


def test_green_is_shown_only_when_both_copies_were_read_back(
    page: ExchangePage, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    show = page.send.usb.show_state

    def noted(words: Any, second: Any, role: str) -> None:
        show(words, second, role)
        seen.append((role, len(list(stick.rglob("*.hdk")))))

    monkeypatch.setattr(page.send.usb, "show_state", noted)
    page.open_panel("send")
    page.send.place.choose(stick)
    page.send.start()
    assert seen[0] == ("warn", 0) and seen[-1] == ("ok", 2)
    assert all(role == "warn" for role, _files in seen[:-1])


@pytest.mark.parametrize("step", ["write", "read", "twin"])
def test_a_stick_that_is_pulled_and_plugged_in_again(
    page: ExchangePage, stick: Path, app: App, person: Person, step: str
) -> None:
    page.open_panel("send")
    page.send.place.choose(stick)

    def pull(_ticket: Any, _count: int, _total: int, where: str) -> None:
        if where.startswith(step):
            shutil.rmtree(stick, ignore_errors=True)

    lane, app.lanes.book = app.lanes.book, WatchingLane(app, pull)
    page.send.start()
    app.lanes.book = lane
    assert "CHƯA GHI ĐƯỢC" in page.send.usb.accessibleName()
    assert page.send._left.text(), "what the stick holds is said"
    assert not page.send.writing and page.send.write.isEnabled()
    stick.mkdir()
    person.press(ENTER, CONTROL, page)
    assert "ĐÃ GHI VÀ ĐỌC LẠI ĐÚNG" in page.send.usb.accessibleName()
    page.to_board()
    assert page.board.units[0].unacknowledged == 1, "the package that was never delivered does not count"


def test_esc_while_writing_stops_and_leaves_nothing(page: ExchangePage, stick: Path, app: App) -> None:
    page.open_panel("send")
    page.send.place.choose(stick)

    def press_escape(ticket: Any, _count: int, _total: int, where: str) -> None:
        if where.startswith("write"):
            assert page.send.writing
            ticket.cancel()

    lane, app.lanes.book = app.lanes.book, WatchingLane(app, press_escape)
    page.send.start()
    app.lanes.book = lane
    assert "CHƯA GHI ĐƯỢC" in page.send.usb.accessibleName()
    assert [path for path in stick.rglob("*") if path.is_file()] == []


def test_all_units_in_one_go_with_one_list(page: ExchangePage, ward: Book, stick: Path, person: Person) -> None:
    page.open_panel("send")
    page.send.unit.choose("*")
    assert len(page.send.outlook.found) == 2
    page.send.place.choose(stick)
    person.press(ENTER, CONTROL, page)
    assert len(list(stick.glob("*.hdk"))) == 2
    page.to_board()
    assert [one.unacknowledged for one in page.board.units] == [1, 1]
    # A stick that fails at the first unit is not tried for the others, and each is named.
    shutil.rmtree(stick)
    results = send_all(ward, stick, ["P05", "P05-2-03"])
    assert [one.made for one in results] == [None, None] and all(one.sentence for one in results)
    page.open_panel("send")
    page.send.unit.choose("*")
    page.send.start()
    assert "CHƯA GHI ĐỦ" in page.send.usb.accessibleName() or page.send.usb._role == "bad"


def test_sticks_are_noticed_when_they_come_and_go(
    page: ExchangePage, stick: Path, tmp_path: Path, plugged: list[Drive], app: App
) -> None:
    page.open_panel("send")
    place = page.send.place
    assert place.chosen is None and not page.send.write.isEnabled()
    plugged.append(drive(stick))
    place._look()
    assert page.send.place._choices.isVisible() and "KINGSTON ố" in place._choice(plugged[0]).text()
    place.choose(stick)
    assert page.send.write.isEnabled()
    page.send.start()
    assert app.settings.now.last_stick == str(stick)
    page.to_board()
    # The stick is proposed next time, even beside another one; a stick that cannot be written to never is.
    other = tmp_path / "USB KHÁC"
    plugged += [drive(other), drive(tmp_path / "KHÓA", read_only=True)]
    page.send.place._folder, page.send.place._drives = None, None
    page.open_panel("send")
    assert place.chosen == stick
    plugged.clear()
    place._look()
    assert place.chosen is None and not page.send.write.isEnabled(), "it was pulled out while the panel was open"


def test_nobody_looks_for_sticks_behind_another_page(page: ExchangePage) -> None:
    page.open_panel("send")
    assert page.send.place._timer.isActive()
    page.desk.go("home")
    assert not page.send.place._timer.isActive()
    page.desk.go("exchange")
    assert page.send.place._timer.isActive()
    page._escape()
    assert not page.send.place._timer.isActive()
    assert page.board.isVisible()
