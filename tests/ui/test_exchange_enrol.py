"""Enrolment as a clerk does it who never saw it: a stick goes back and forth, and every file finds its way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from hoidesk.book.book import Book
from hoidesk.book.folder import create_book, open_book
from hoidesk.exchange.receive import receive
from hoidesk.exchange.state import load_chain, peers
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.exchange.trust.rekey import rekey
from tests.ui.conftest import PASSWORD, USER, Person
from ui.exchange.enrol import EnrolPanel
from ui.exchange.page import ExchangePage
from ui.shell.window import Window

NAMES = {
    "district": ("district", "P05", "Quận Bình Giang"),
    "cell": ("cell", "P05-2-01", "Khu phố 1"),
    "second": ("ward", "P05-2", "Phường Hòa An"),
}


@pytest.fixture
def others(tmp_path: Path) -> Iterator[dict[str, Book]]:
    """Books of the district, of a cell, and a fresh one for the ward's second PC."""
    made = {
        name: create_book(tmp_path / name, tier=tier, code=code, name=title, user=USER, password=PASSWORD)
        for name, (tier, code, title) in NAMES.items()
    }
    yield made
    for book in made.values():
        book.close()


@pytest.fixture
def page(window: Window, book_folder: Path) -> ExchangePage:
    window.app.open(open_book(book_folder, user=USER, password=PASSWORD))
    assert window.desk is not None
    window.desk.go("exchange")
    found = window.desk.page
    assert isinstance(found, ExchangePage)
    found.open_panel("enrol")
    return found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "KINGSTON ố"
    folder.mkdir()
    return folder


def put(stick: Path, name: str, data: bytes) -> Path:
    path = stick / name
    path.write_bytes(data)
    return path


def ward_of(page: ExchangePage) -> Book:
    book = page.app.book
    assert book is not None
    return book


def join(page: ExchangePage, district: Book, stick: Path) -> None:
    page.enrol.take_file(put(stick, "moi.hdi", invite(district, "P05-2")))
    request = (stick / "P05-2-de-nghi.hdr").read_bytes()
    digits = page.enrol.join.shown.text()
    page.enrol.take_file(put(stick, "c.hdc", certify(district, request, digits).file))


def shown_on(panel: EnrolPanel) -> QWidget:
    current = panel.stack.currentWidget()
    assert current is not None
    return current


def test_a_file_of_the_stick_leads_to_its_own_steps(
    page: ExchangePage, others: dict[str, Book], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = page.enrol
    assert shown_on(panel) is panel.chooser and panel.open_file.hasFocus()
    path = put(stick, "moi.hdi", invite(others["district"], "P05-2"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a: (str(path), ""))
    panel.open_file.click()
    assert shown_on(panel) is panel.join
    assert len(panel.join.shown.text().split()) == 6 and panel.join.shown.isVisible()
    request = (stick / "P05-2-de-nghi.hdr").read_bytes()
    made = certify(others["district"], request, panel.join.shown.text())
    page.open_panel("enrol")
    panel.take_file(put(stick, "c.hdc", made.file))
    assert shown_on(panel) is panel.join and NAMES["district"][2] in panel.join.note.text()
    page.open_panel("enrol")
    panel.take_file(put(stick, "thư.txt", "Kính gửi".encode()))
    assert shown_on(panel) is panel.chooser and page.message.text()


def test_two_groups_are_typed_and_both_files_lie_on_the_stick(
    page: ExchangePage, others: dict[str, Book], stick: Path, person: Person
) -> None:
    panel, cell = page.enrol, others["cell"]
    asked = enrol(cell, invite(ward_of(page), "P05-2-01"))
    panel.take_file(put(stick, "xin.hdr", asked.request))
    flow = panel.invite
    assert shown_on(panel) is flow and "Khu phố 1" in flow._asks.text()
    groups = groups_of_four(asked.digits).split()
    assert flow.digits.fields[0].hasFocus() and not flow.certify.isEnabled() and flow._why.text()
    wrong = f"{(int(groups[0]) + 1) % 10000:04d}"
    person.type("a" + wrong)
    assert flow.digits.fields[0].text() == wrong, "letters are no digits"
    assert flow.digits.fields[1].hasFocus(), "a whole group passes the focus on"
    person.type(groups[1][:3])
    assert not flow.certify.isEnabled(), "half a group is no group"
    person.type(groups[1][3:])
    assert flow.certify.isEnabled()
    if wrong not in groups:
        person.press(Qt.Key.Key_Return)
        assert flow.wrong.isVisible() and not list(stick.glob("*.hdc"))
        assert flow.digits.fields[0].hasFocus()
    flow.digits.fields[0].setText(groups[0])
    person.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, page)
    assert "ĐÃ GHI VÀ ĐỌC LẠI ĐÚNG" in flow.usb.accessibleName()
    assert not flow._typing.isVisible()
    results = receive(cell, [stick]).results
    assert [r.state for r in results] == ["certificate", "merged"]
    person.press(Qt.Key.Key_Escape, widget=page)
    assert shown_on(panel) is panel.chooser
    person.press(Qt.Key.Key_Escape, widget=page)
    assert page.board.isVisible() and [row.unit for row in page.board.units] == ["P05-2-01"]


def test_the_second_pc_gets_certificate_and_package_in_one_act(
    page: ExchangePage, others: dict[str, Book], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, second = page.enrol, others["second"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(stick / "moi.hdi"), ""))
    panel.show_flow(panel.second)
    assert "P05-2" in panel.second._new._sentence.text() and not panel.second._stop.isVisible()
    panel.second.invite.click()
    asked = enrol(second, (stick / "moi.hdi").read_bytes())
    panel.back()
    panel.take_file(put(stick, "xin.hdr", asked.request))
    assert shown_on(panel) is panel.second
    groups = groups_of_four(asked.digits).split()
    panel.second.digits.fields[4].setText(groups[4])
    panel.second.digits.fields[5].setText(groups[5])
    panel.second.primary()
    assert "ĐÃ GHI VÀ ĐỌC LẠI ĐÚNG" in panel.second.usb.accessibleName()
    states = {r.path.name: r.state for r in receive(second, [stick]).results}
    assert states == {"P05-2-chung-nhan.hdc": "certificate", "moi.hdi": "duplicate", "P05-2-1-1.hdk": "merged"}
    with second.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meeting").scalar() == 2
    page.open_panel("enrol")
    panel.show_flow(panel.second)
    assert panel.second._stop.isVisible(), "there is another PC already"


def test_the_new_pc_is_told_where_to_type_and_what_comes_next(
    page: ExchangePage, others: dict[str, Book], stick: Path
) -> None:
    panel, first = page.enrol, others["second"]
    panel.take_file(put(stick, "moi.hdi", invite(first, "P05-2")))
    digits = panel.join.shown.text()
    assert len(digits.split()) == 6
    request = (stick / "P05-2-de-nghi.hdr").read_bytes()
    assert "P05-2" not in panel.join._carry._sentence.text(), "no superior is named: it is the first PC"
    panel.take_file(put(stick, "c.hdc", certify(first, request, digits).file))
    assert panel.join.receive.hasFocus()
    page.open_panel("enrol")
    assert panel._standing is not None and panel._standing.joining and panel._state.text()
    panel.show_flow(panel.rekey)
    assert not panel.rekey.make.isEnabled() and panel.rekey._state.isVisible()
    panel.back()
    panel.show_flow(panel.join)
    panel.join.receive.click()
    assert page.receive.isVisible()


def test_new_keys_after_a_theft(
    page: ExchangePage, others: dict[str, Book], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, district = page.enrol, others["district"]
    join(page, district, stick)
    page.open_panel("enrol")
    flow = panel.rekey
    panel.show_flow(flow)
    assert flow.make.hasFocus() and not flow.again.isVisible() and not flow.shown.isVisible()
    # The dialog is left: the keys are made and wait, the request can be written again, also another day.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: ("", ""))
    flow.make.click()
    assert flow.again.isVisible() and not flow.make.isVisible()
    digits = flow.shown.text()
    page.open_panel("enrol")
    assert panel._state.text()
    panel.show_flow(flow)
    assert flow.shown.text() == digits
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(stick / "khóa.hdr"), ""))
    flow.again.click()
    made = certify(district, (stick / "khóa.hdr").read_bytes(), digits)
    page.open_panel("enrol")
    panel.take_file(put(stick, "c2.hdc", made.file))
    assert shown_on(panel) is flow and flow.note.text()
    with ward_of(page).read() as connection:
        assert load_chain(connection)[0].serial == 2
    page.open_panel("enrol")
    panel.show_flow(flow)
    assert flow.make.isVisible() and not flow.again.isVisible()


def test_a_unit_with_nobody_above_is_told_whom_to_invite_again(
    page: ExchangePage, others: dict[str, Book], stick: Path
) -> None:
    ward, cell = ward_of(page), others["cell"]
    asked = enrol(cell, invite(ward, "P05-2-01"))
    accept_certificate(cell, certify(ward, asked.request, asked.digits).file)
    page.open_panel("enrol")
    panel = page.enrol
    panel.show_flow(panel.rekey)
    assert "Khu phố 1" in panel.rekey._carry._sentence.text()
    panel.rekey.make.click()
    assert len(panel.rekey.shown.text().split()) == 6 and not panel.rekey._last.isVisible()
    with ward.read() as connection:
        assert load_chain(connection)[0].serial == 1


def test_a_superior_with_unproven_keys_needs_its_digits_typed_here(
    page: ExchangePage, others: dict[str, Book], stick: Path
) -> None:
    panel, district = page.enrol, others["district"]
    join(page, district, stick)
    made = rekey(district)
    panel.take_file(put(stick, "moi2.hdi", invite(district, "P05-2")))
    flow = panel.join
    assert flow._typing.isVisible() and NAMES["district"][2] in flow.wrong.text()
    assert not flow.shown.isVisible() and not flow.answer.isEnabled()
    groups = groups_of_four(made.digits).split()
    for place in (2, 3):
        flow.digits.fields[place].setText(groups[place])
    flow.answer.click()
    assert flow.shown.isVisible() and not flow._typing.isVisible()
    request = (stick / "P05-2-de-nghi.hdr").read_bytes()
    panel.take_file(put(stick, "c3.hdc", certify(district, request, flow.shown.text()).file))
    with ward_of(page).read() as connection:
        (above,) = peers(connection)
    assert above.certificate.serial == 1


@pytest.mark.parametrize("size", [100, 200])
def test_what_is_asked_for_is_in_sight_in_a_small_window(
    page: ExchangePage, others: dict[str, Book], stick: Path, window: Window, qtbot: QtBot, size: int
) -> None:
    window.resize(1366, 690)
    window.app.set_text_size(size)
    panel = page.enrol
    asked = enrol(others["cell"], invite(ward_of(page), "P05-2-01"))
    panel.take_file(put(stick, "xin.hdr", asked.request))
    qtbot.wait(20)

    def in_sight(widget: QWidget) -> bool:
        return not widget.visibleRegion().isEmpty() and widget.visibleRegion().boundingRect().size() == widget.size()

    assert in_sight(panel.invite.digits.fields[0])
    panel.invite.digits.fields[3].setText("12")
    panel.invite.digits.fields[3].setFocus()
    panel.back()
    panel.take_file(put(stick, "moi.hdi", invite(others["district"], "P05-2")))
    qtbot.wait(20)
    assert in_sight(panel.join.shown._cells[0]) and in_sight(panel.join.shown._cells[2])
    assert panel.join.shown.width() <= panel.width()
