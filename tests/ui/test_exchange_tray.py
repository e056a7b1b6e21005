"""Every kind of thing in the tray, decided by keys; a refusal says what to do and leaves everything as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from hoidesk.book.book import Book
from hoidesk.meetings.operations import SaveMeeting
from tests.exchange.books import CELL, WARD, join, new_book, register
from tests.exchange.test_merging import Forge, meeting, new
from tests.ui.conftest import Person
from tests.ui.exchanging import CONTROL, ENTER, page_of
from tests.ui.test_exchange_look import ward
from ui.exchange.page import ExchangePage
from ui.shell.window import Window

__all__ = ["ward"]


@pytest.fixture
def page(window: Window, ward: Book) -> ExchangePage:
    found = page_of(window, ward)
    found.open_panel("tray")
    return found


def choose(page: ExchangePage, kind: str) -> None:
    """Choose the first thing of a kind in the list."""
    key = next(key for key in page.tray._items if key[0] == kind)
    page.tray.table.choose(key)
    assert page.tray.current is not None and page.tray.current.kind == kind


def set_aside(book: Book) -> int:
    with book.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM branch WHERE voided IS NOT NULL").scalar_one()
    return int(found)


def kinds(page: ExchangePage) -> list[str]:
    return sorted(key[0] for key in page.tray._items)


def test_filters_show_one_kind_and_count_each(page: ExchangePage) -> None:
    assert kinds(page) == ["aside", "conflict", "package", "parked", "quarantine", "suggestion"]
    for kind in kinds(page):
        page.tray.chips.pick(kind)
        assert kinds(page) == [kind] and "(1)" in page.tray.chips.chips[kind].text()
    page.tray.chips.pick("settled")
    assert kinds(page) == []
    assert page.tray._empty.isVisible()


def test_a_suggestion_is_taken_by_one_key_and_put_back(page: ExchangePage, ward: Book, person: Person) -> None:
    choose(page, "suggestion")
    person.press(ENTER, CONTROL, page)
    assert "suggestion" not in kinds(page)
    with ward.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM area WHERE code = 'P05-2-03'").scalars().all()
    assert names == ["Khu phố Ba"]
    page.tray.chips.pick("settled")
    choose(page, "suggestion")
    person.press(ENTER, CONTROL, page)
    page.tray.chips.pick("all")
    assert "suggestion" in kinds(page)
    choose(page, "suggestion")
    person.press(ENTER, widget=page.tray.other)
    assert "suggestion" not in kinds(page)


def test_a_held_back_row_needs_a_reason_to_be_left_out(page: ExchangePage, ward: Book, person: Person) -> None:
    choose(page, "quarantine")
    person.press(ENTER, CONTROL, page)
    assert page.message.isVisible() and "quarantine" in kinds(page), "its rule is still broken"
    person.press(ENTER, widget=page.tray.other)
    assert page.message.isVisible() and "quarantine" in kinds(page), "no reason was given"
    choose(page, "quarantine")
    page.tray.reason.setFocus()
    person.type("Đã ghi lại bằng tay")
    person.press(ENTER, widget=page.tray.other)
    assert "quarantine" not in kinds(page)
    page.tray.chips.pick("settled")
    assert kinds(page) == ["quarantine"]


def test_what_waits_by_itself_offers_no_act_and_a_package_opens_the_receive(page: ExchangePage, person: Person) -> None:
    choose(page, "parked")
    assert not page.tray.act.isVisible() and not page.tray.other.isVisible()
    choose(page, "package")
    person.press(ENTER, CONTROL, page)
    assert page.receive.isVisible()


def test_a_value_that_changed_meanwhile_is_shown_anew(page: ExchangePage, ward: Book, person: Person) -> None:
    """Somebody at the same book edits the record between looking and settling."""
    choose(page, "conflict")
    item = page.tray.current
    assert item is not None and item.record is not None
    page.tray.choices.blocks[0].choose(True)
    ward.run(SaveMeeting(id=item.record, excused="3"))
    person.press(ENTER, CONTROL, page)
    assert page.message.isVisible() and "conflict" in kinds(page)
    choose(page, "conflict")
    (block,) = page.tray.choices.blocks
    assert "3" in block.words[False] and block.take is None, "the new value, and nothing chosen"
    block.choose(True)
    person.press(ENTER, CONTROL, page)
    assert "conflict" not in kinds(page)


def test_a_record_set_aside_and_edited_comes_back_or_stays(page: ExchangePage, ward: Book, person: Person) -> None:
    choose(page, "aside")
    person.press(ENTER, CONTROL, page)
    assert "aside" not in kinds(page)
    assert set_aside(ward) == 0
    person.press(Qt.Key.Key_Z, CONTROL, page)
    assert set_aside(ward) == 1 and "aside" not in kinds(page), "set aside again, now that the edit is known"


def test_a_record_set_aside_and_edited_stays_out(page: ExchangePage, ward: Book, person: Person) -> None:
    choose(page, "aside")
    person.press(ENTER, widget=page.tray.other)
    assert set_aside(ward) == 1 and "aside" not in kinds(page)


def test_undo_is_seen_in_the_tray(page: ExchangePage, ward: Book, person: Person) -> None:
    choose(page, "suggestion")
    person.press(ENTER, CONTROL, page)
    person.press(Qt.Key.Key_Z, CONTROL, page)
    page.tray.chips.pick("settled")
    choose(page, "suggestion")
    person.press(ENTER, CONTROL, page)
    page.tray.chips.pick("suggestion")
    (item,) = page.tray._items.values()
    assert [(f.ours, f.theirs) for f in item.fields] == [("Khu phố 3", "Khu phố Ba")]


def test_in_a_narrow_window_one_pane_at_a_time(page: ExchangePage, window: Window, person: Person) -> None:
    window.app.set_text_size(200)
    assert page.tray.table.isVisible() and not page.tray._side.isVisible()
    choose(page, "conflict")
    page.tray.table.setFocus()
    person.press(ENTER)
    assert page.tray._side.isVisible() and not page.tray.table.isVisible()
    assert page.tray.choices.blocks[0].keep_button.hasFocus()
    person.press(Qt.Key.Key_Escape, widget=page)
    assert page.tray.table.isVisible() and page.tray.isVisible()
    person.press(Qt.Key.Key_Escape, widget=page)
    assert page.board.isVisible()
    window.app.set_text_size(100)


def test_whatever_a_bad_row_holds_can_be_looked_at(window: Window, tmp_path: Path) -> None:
    """A stick may bring anything: what breaks a rule is shown as it came, and nothing of it is believed."""
    wrong: list[dict[str, Any]] = [
        {"c8": "05/11/2026"}, {"c8": None}, {"c8": 5}, {"c18": "24"}, {"c18": -1}, {"c18": 2**62}, {"c20": 2},
        {"c4": "không phải mã"}, {"c4": 7}, {"c7": 7}, {"c7": "a\x00b"}, {"c24": "x" * 5000}, {"c22": "\u202eđảo"},
    ]  # fmt: skip
    with new_book(tmp_path, WARD) as ward, new_book(tmp_path, CELL) as cell:
        join(ward, cell)
        branch = register(ward)[2]
        forge = Forge(cell, ward, tmp_path)
        forge.send(*((20, meeting(branch, **bad), "new", new()) for bad in wrong))
        conflict = {2: "P05-2-03", 3: None, 4: 20, 5: new().hex, 6: 8, 7: '{"a": [1, 2]}', 12: "ở đâu đó"}
        forge.send((80, conflict | {8: "zz", 9: "q", 10: "f" * 16, 11: ""}, "new", new()))
        page = page_of(window, ward)
        page.open_panel("tray")
        assert kinds(page).count("quarantine") == 9 and kinds(page).count("conflict") == 1
        for key in list(page.tray._items):
            page.tray.table.choose(key)
            page.tray.table.viewport().grab()
            assert page.tray._title.text()
        window.app.close_book()
