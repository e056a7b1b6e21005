"""Two offices, two windows, one stick: sent, received, settled and acknowledged by keys, as clerks would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book, open_book
from tests.exchange.books import field, join
from tests.ui.conftest import PASSWORD, USER, Person
from tests.ui.exchanging import CONTROL, ENTER, another_window, page_of, turn_to
from ui.exchange.page import ExchangePage
from ui.shell.window import Window


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "KINGSTON ố"
    folder.mkdir()
    return folder


@pytest.fixture
def district(tmp_path: Path) -> Iterator[ExchangePage]:
    folder = tmp_path / "quận"
    with create_book(folder, tier="district", code="P05", name="Quận Bình Giang", user=USER, password=PASSWORD) as book:
        with another_window(book, tmp_path / "máy quận") as page:
            yield page


@pytest.fixture
def ward(window: Window, book_folder: Path, district: ExchangePage) -> ExchangePage:
    book = open_book(book_folder, user=USER, password=PASSWORD)
    join(book_of(district), book)
    district.refresh()
    return page_of(window, book)


def book_of(page: ExchangePage) -> Book:
    assert page.app.book is not None
    return page.app.book


def send(page: ExchangePage, stick: Path, person: Person) -> None:
    """Ctrl+Enter on the board, choose the stick, Ctrl+Enter again, Enter back to the list."""
    turn_to(page)
    person.press(ENTER, CONTROL, page)
    page.send.place.choose(stick)
    person.press(ENTER, CONTROL, page)
    assert "ĐÃ GHI VÀ ĐỌC LẠI ĐÚNG" in page.send.usb.accessibleName()
    page.send.done.back.setFocus()
    person.press(ENTER, widget=page.send.done.back)
    assert page.board.isVisible()


def take(page: ExchangePage, stick: Path, person: Person) -> None:
    """The button for receiving, the stick, Ctrl+Enter."""
    turn_to(page)
    page.to_board()
    person.press(ENTER, widget=page.board.receive)
    page.receive.place.choose(stick)
    person.press(ENTER, CONTROL, page)
    assert not page.receive.take.isVisible() and page.receive.list.isVisible()


def association(book: Book) -> UUID:
    with book.read() as connection:
        found = connection.exec_driver_sql("SELECT id FROM association WHERE name = 'Hội Khuyến học'").scalar()
    return UUID(bytes=found)


def test_a_round_trip_with_a_paper_receipt(
    ward: ExchangePage, district: ExchangePage, stick: Path, person: Person
) -> None:
    send(ward, stick, person)
    (open_,) = ward.board.units
    assert (open_.unacknowledged, open_.waits_number) == (1, 1)
    take(district, stick, person)
    (got,) = [one for one in district.receive.rows if one.state == "merged"]
    assert got.counts.new > 5 and len(got.receipt) == 10
    person.press(Qt.Key.Key_Escape, widget=district)

    # The district phones its ten digits; the ward mistypes them once.
    turn_to(district)
    district.board.table.choose("P05-2")
    person.press(ENTER, widget=district.board.receipt)
    assert district.receipt.own.text().replace(" ", "") == got.receipt
    turn_to(ward)
    person.press(ENTER, widget=ward.board.receipt)
    assert ward.receipt.code.hasFocus()
    person.type("0" * 10)
    person.press(ENTER, widget=ward.receipt.code)
    assert ward.receipt._told.text() and ward.receipt.code.property("wrong")
    person.type(f"{got.receipt[:4]} {got.receipt[4:8]} {got.receipt[8:]}", ward.receipt.code)
    person.press(ENTER, widget=ward.receipt.code)
    assert not ward.receipt.code.property("wrong")
    person.press(Qt.Key.Key_Escape, widget=ward)
    assert ward.board.units[0].unacknowledged == 0 and ward.board.units[0].last_receipt_number == 1


def test_both_edit_one_field_and_one_person_settles_it(
    ward: ExchangePage, district: ExchangePage, stick: Path, person: Person
) -> None:
    send(ward, stick, person)
    take(district, stick, person)  # its receipt lies on the stick now
    person.press(Qt.Key.Key_Escape, widget=district)
    id_ = association(book_of(district))
    book_of(ward).run(SaveAssociation(id=id_, headquarters="Nhà văn hóa phường"))
    book_of(district).run(SaveAssociation(id=id_, headquarters="12 Nguyễn Trãi"))
    take(ward, stick, person)
    assert any(one.acknowledged == (1,) for one in ward.receive.rows)
    person.press(Qt.Key.Key_Escape, widget=ward)
    send(ward, stick, person)
    take(district, stick, person)
    assert "(1)" in district.board.tray.text()
    person.press(Qt.Key.Key_Escape, widget=district)

    person.press(ENTER, widget=district.board.tray)
    assert district.tray.table.hasFocus()
    person.press(ENTER)
    (block,) = district.tray.choices.blocks
    wanted = "Nhà văn hóa phường"
    side = block.words.index(wanted)
    (block.take_button if side else block.keep_button).setFocus()
    person.type("2" if side else "1")
    person.press(ENTER, CONTROL, district)
    assert district.tray._items == {} and district.tray._empty.isVisible()
    district.tray.chips.pick("settled")
    assert len(district.tray._items) == 1, "what was settled can be looked up"
    person.press(Qt.Key.Key_Escape, widget=district)
    send(district, stick, person)
    take(ward, stick, person)
    for page in (ward, district):
        assert field(book_of(page), "association", id_, "headquarters") == wanted
    with book_of(ward).read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM conflict WHERE settled_on IS NULL").scalar() == 0


def test_what_became_of_a_package_and_its_sheet(
    ward: ExchangePage,
    district: ExchangePage,
    stick: Path,
    person: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(ward, stick, person)
    take(district, stick, person)
    take(ward, stick, person)
    person.press(Qt.Key.Key_Escape, widget=ward)
    person.press(ENTER, widget=ward.board.table)
    assert ward.packages.isVisible() and ward.packages.sent.hasFocus()
    row = ward.packages.sent_rows[-1]  # above it lies the receipt for the district's own package
    assert row.receipt is not None and row.receipt.new > 5 and row.acknowledged_at is not None
    assert sum(row.counts.values()) == row.rows
    person.press(ENTER, widget=ward.packages.sheet)
    assert ward.sheet.isVisible() and ward.sheet.preview.pdf.startswith(b"%PDF")
    target = tmp_path / "tờ giao nhận.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(target), ""))
    person.press(ENTER, widget=ward.sheet.keep)
    assert target.read_bytes() == ward.sheet.preview.pdf
    person.press(Qt.Key.Key_Escape, widget=ward)
    assert ward.packages.isVisible(), "Esc goes back to where the sheet was asked for"
    ward.packages.chips.pick("received")
    assert len(ward.packages.received_rows) == 1 and ward.packages.received.isVisible()
    assert not ward.packages.sheet.isVisible()
