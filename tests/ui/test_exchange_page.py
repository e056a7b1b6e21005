"""Sending and receiving as a clerk does it: the screen never says more than is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book, open_book
from hoidesk.exchange.export import export_package
from hoidesk.exchange.receive import receive
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from tests.ui.conftest import PASSWORD, USER, Person
from ui.app import App
from ui.exchange.page import ExchangePage
from ui.shell.desk import DeskWidget
from ui.shell.window import Window


@dataclass
class Place:
    """The ward's window on its page of exchange, the district's book, and a stick."""

    page: ExchangePage
    district: Book
    stick: Path
    app: App


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Book]:
    with create_book(
        tmp_path / "quận", tier="district", code="P05", name="Quận Bình Giang", user=USER, password=PASSWORD
    ) as book:
        yield book


@pytest.fixture
def place(window: Window, book_folder: Path, district: Book, tmp_path: Path) -> Place:
    ward = open_book(book_folder, user=USER, password=PASSWORD)
    asked = enrol(ward, invite(district, "P05-2", name="Phường Hòa An"))
    groups = groups_of_four(asked.digits).split()
    accept_certificate(ward, certify(district, asked.request, f"{groups[1]} {groups[4]}").file)
    window.app.open(ward)
    desk: DeskWidget | None = window.desk
    assert desk is not None
    desk.go("exchange")
    page = desk.page
    assert isinstance(page, ExchangePage)
    stick = tmp_path / "KINGSTON ố"
    stick.mkdir()
    return Place(page, district, stick, window.app)


def test_a_package_is_written_taken_and_acknowledged(place: Place, person: Person, qtbot: QtBot) -> None:
    page = place.page
    assert [row.name for row in page.board.units] == ["Quận Bình Giang"]
    person.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, page)
    assert not page.send.write.isEnabled()
    page.send.place.choose(place.stick)
    person.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, page)
    assert "ĐÃ GHI VÀ ĐỌC LẠI ĐÚNG" in page.send.usb.accessibleName()
    written = list(place.stick.glob("*.hdk"))
    assert len(written) == 1 and (place.stick / "HOIDESK" / written[0].name).is_file()

    assert receive(place.district, [place.stick], receipts_to=place.stick).results[0].state == "merged"
    page.to_board()
    assert page.board.units[0].unacknowledged == 1
    page.open_panel("receive")
    page.receive.look([place.stick])
    assert any(one.acknowledged for one in page.receive.rows)
    assert page.board.units[0].unacknowledged == 1, "looking writes nothing"
    person.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, page)
    page.to_board()
    assert page.board.units[0].unacknowledged == 0
    assert page.board.units[0].last_receipt_number == 1


def test_a_stick_that_refuses_is_told_and_the_book_stays(place: Place) -> None:
    page = place.page
    page.open_panel("send")
    page.send.place.choose(place.stick / "gone")
    page.send.start()
    assert "CHƯA GHI ĐƯỢC" in page.send.usb.accessibleName()
    assert "ĐÃ GHI" not in page.send.usb.accessibleName()
    assert page.send.write.isEnabled()
    page.to_board()
    assert page.board.units[0].unacknowledged == 0


def test_damaged_and_foreign_files_get_a_line_each(place: Place) -> None:
    export_package(place.district, place.stick, "P05-2")
    package = next(place.stick.glob("*.hdk"))
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)
    (place.stick / "HOIDESK" / package.name).unlink()
    page = place.page
    page.open_panel("receive")
    page.receive.look([package])
    assert [one.state for one in page.receive.rows] == ["refused"]
    assert page.receive.rows[0].sentence.endswith(".")
    assert not page.receive.take.isVisible()


def test_a_value_edited_in_two_places_is_settled_by_a_person(place: Place, person: Person) -> None:
    page, ward = place.page, place.app.book
    assert ward is not None
    export_package(ward, place.stick)
    receive(place.district, [place.stick])
    with place.district.read() as connection:
        association = connection.exec_driver_sql("SELECT id FROM association WHERE name = 'Hội Khuyến học'").scalar()
    from uuid import UUID

    id_ = UUID(bytes=association)
    ward.run(SaveAssociation(id=id_, headquarters="Nhà văn hóa phường"))
    place.district.run(SaveAssociation(id=id_, headquarters="12 Nguyễn Trãi"))
    other = place.stick.parent / "USB 2"
    other.mkdir()
    export_package(ward, other)
    receive(place.district, [other], receipts_to=other)
    with place.district.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM conflict").scalar()
    assert found == 1
    # The loser travelled back with the receipt: both sides show it.
    page.open_panel("receive")
    page.receive.look([other])
    page.receive.receive()
    page.to_board()
    assert "(1)" in page.board.tray.text()
    page.open_panel("tray")
    assert len(page.tray._items) == 1
    person.press(Qt.Key.Key_Return)
    (block,) = page.tray.choices.blocks
    assert block.keep_button.hasFocus() and "Trụ sở" in block.label
    assert any("Nhà văn hóa" in text for text in block.words) and any("Nguyễn Trãi" in text for text in block.words)
    assert not page.tray.act.isEnabled()
    person.type("1")
    assert page.tray.act.isEnabled() and block.words[False] in page.tray.bar.sentence.text()
    block.take_button.setFocus()
    person.type("2")
    assert not block.keep_button.isChecked(), "the other side is chosen now"
    person.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, page)
    assert page.tray._items == {}
    with ward.read() as connection:
        shown = connection.exec_driver_sql("SELECT headquarters FROM association WHERE id = ?", (id_.bytes,)).scalar()
    assert shown == block.words[True]
    person.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, page)
    assert len(page.tray._items) == 1, "undo gives the choice back"


def test_enrolment_needs_typed_digits(
    window: Window, book_folder: Path, district: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ward answers an invitation, the district certifies, the ward takes the certificate: all in the window."""
    window.app.open(open_book(book_folder, user=USER, password=PASSWORD))
    assert window.desk is not None
    window.desk.go("exchange")
    page = window.desk.page
    assert isinstance(page, ExchangePage)
    page.open_panel("enrol")
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "moi.hdi").write_bytes(invite(district, "P05-2", name="Phường Hòa An"))
    page.enrol.join.answer_invitation(stick / "moi.hdi")
    shown = page.enrol.join.shown.text()
    assert len(shown.split()) == 6
    request = next(stick.glob("*.hdr")).read_bytes()
    groups = shown.split()
    (stick / "c.hdc").write_bytes(certify(district, request, f"{groups[0]} {groups[5]}").file)
    page.enrol.join.take_certificate(stick / "c.hdc")
    page.to_board()
    assert [row.unit for row in page.board.units] == ["P05"]
    # A cell below: the invitation of this ward goes where the person says.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(stick / "xuong.hdi"), ""))
    page.open_panel("enrol")
    page.enrol.invite.code.setText("P05-2-01")
    page.enrol.invite.invite.click()
    assert (stick / "xuong.hdi").stat().st_size > 100
