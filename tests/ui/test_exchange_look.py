"""Every panel of the page: names for screen readers, both languages, and nothing cut at 1366 × 768 and at 200 %."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.operations import Void
from hoidesk.exchange.merge.mending import need_of
from hoidesk.meetings.operations import SaveMeeting
from tests.exchange.books import CELL, DISTRICT, WARD, deliver, join, meet, new_book, register, send, take_in
from tests.exchange.test_merging import Forge, meeting, new
from tests.ui.conftest import Person
from tests.ui.exchanging import page_of
from tests.ui.test_labels import texts_of
from ui.app import App
from ui.exchange.page import ExchangePage
from ui.shell.window import Window
from ui.widgets.buttons import Button
from ui.widgets.labels import Label

PANELS = ("board", "send", "receive", "enrol", "receipt", "packages", "tray", "duplicates")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    """A ward's book with one of everything in its tray, packages in both directions, and a late receipt."""
    with new_book(tmp_path, DISTRICT) as district, new_book(tmp_path, CELL) as cell:
        ward = new_book(tmp_path, WARD)
        join(district, ward)
        join(ward, cell)
        area, _association, branch = register(ward)
        id_ = meet(ward, branch)
        meet(ward, branch)
        deliver(ward, cell, tmp_path / "a")
        ward.run(SaveMeeting(id=id_, present="27", excused="2"))
        cell.run(SaveMeeting(id=id_, present="28", excused="1"))
        ward.run(Void(table="branch", id=branch, reason="Ghi nhầm địa bàn"))
        cell.run(SaveBranch(id=branch, name="Chi hội Người cao tuổi Đền Voi Phục"))
        deliver(cell, ward, tmp_path / "b", tmp_path / "b")
        take_in(district, [send(ward, tmp_path / "c", "P05").path])
        forge = Forge(cell, ward, tmp_path)
        forge.send((2, {7: "Khu phố Ba"}, "set", area))
        forge.send((20, meeting(branch, c8="2026-02-31"), "new", new()))
        forge.send((20, meeting(new()), "new", new()))
        forge.send((20, meeting(branch), "new", new()), start=500, end=600, after=(7, "ab" * 16))
        with ward.transaction("late", "test") as work:
            work.connection.exec_driver_sql("UPDATE package_out SET delivered_at = '2026-10-31T02:00:00.000+00:00'")
        yield ward
        ward.close()


@pytest.fixture
def page(window: Window, ward: Book) -> ExchangePage:
    return page_of(window, ward)


def every_panel(page: ExchangePage) -> Iterator[str]:
    """Open each panel, and each kind of thing in the tray."""
    for name in PANELS:
        page.to_board()
        if name != "board":
            page.open_panel(name)
        QApplication.processEvents()
        yield name
    for key in list(page.tray._items):
        page.tray._inner = False
        page.tray.table.choose(key)
        page.tray._open()
        QApplication.processEvents()
        yield f"tray {key[0]}"
    page.open_panel("duplicates")
    page.duplicates._open()
    for number, choice in enumerate(page.duplicates.choices):
        choice.click()
        QApplication.processEvents()
        yield f"twice {number}"
    page.to_board()


def shown(page: ExchangePage) -> list[QWidget]:
    return [widget for widget in page.findChildren(QWidget) if widget.isVisible()]


def test_everything_that_takes_the_focus_has_a_name(page: ExchangePage) -> None:
    kinds = set()
    for panel in every_panel(page):
        kinds.add(panel)
        for widget in shown(page):
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isEnabled():
                continue
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface is not None
            assert interface.text(QAccessible.Text.Name).strip(), f"{panel}: {type(widget).__name__}"
    assert {"tray conflict", "tray suggestion", "tray quarantine", "tray parked", "tray package", "tray aside"} <= kinds


@pytest.mark.parametrize("size", [100, 125, 200])
def test_no_word_is_cut(page: ExchangePage, app: App, window: Window, size: int) -> None:
    """Buttons are as wide as their words, single lines fit, and no panel is wider than the page."""
    window.resize(1366, 740)
    app.set_text_size(size)
    for panel in every_panel(page):
        for widget in shown(page):
            if isinstance(widget, QAbstractButton):
                assert widget.width() >= widget.sizeHint().width(), f"{panel}: {widget.text()}"
            elif type(widget) is Label and not widget.wordWrap() and widget.text():
                assert widget.width() >= widget.sizeHint().width(), f"{panel}: {widget.text()}"
            right = widget.mapTo(page, widget.rect().topRight()).x()
            assert right <= page.width(), f"{panel}: {type(widget).__name__}"
    app.set_text_size(100)


@pytest.mark.parametrize("size", [100, 200])
def test_the_main_act_is_always_in_sight(page: ExchangePage, app: App, window: Window, size: int) -> None:
    window.resize(1366, 740)
    app.set_text_size(size)
    for name, main in (
        ("send", lambda: page.send.write),
        ("tray", lambda: page.tray.bar),
        ("duplicates", lambda: page.duplicates.bar),
        ("packages", lambda: page.packages.write),
        ("board", lambda: page.board.send),
    ):
        page.to_board()
        if name != "board":
            page.open_panel(name)
        QApplication.processEvents()
        button: QWidget = main()
        assert not button.visibleRegion().isEmpty(), name
        assert button.visibleRegion().boundingRect().size() == button.size(), name
    app.set_text_size(100)


def test_the_page_speaks_the_language_in_use(page: ExchangePage, app: App) -> None:
    """What is on screen in English is no Vietnamese, except names and values of the book."""
    letters = set("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")

    def foreign(panel: str, allowed: Callable[[str], bool]) -> list[str]:
        found = texts_of(page._stack.currentWidget() or page)
        return [f"{panel}: {text}" for text in found if letters & set(text.lower()) and not allowed(text)]

    names = (
        "Khu phố",
        "Quận Đống Đa",
        "Phường",
        "Chi hội",
        "Ban công tác",
        "Hội Người cao tuổi",
        "Bích",
        "Ghi nhầm địa bàn",
        "Góp ý đường Xã Đàn",
        "Đề nghị sửa đèn đường",
    )
    app.set_language("en")
    wrong = []
    for panel in every_panel(page):
        wrong += foreign(panel, lambda text: any(name in text for name in names))
    app.set_language("vi")
    # Why a record was held back was said when it came, in the language of that day.
    assert [text for text in wrong if "có giá trị không đúng loại" not in text] == []


def test_a_book_that_needs_mending_says_so_and_mends_with_one_button(
    page: ExchangePage, ward: Book, person: Person
) -> None:
    assert not page.board.banner.isVisible()
    proof = {"reason": "fork", "unit": "P05-2-03", "at": "2026-11-12T05:00:00.000+00:00", "seq": 0, "hlc": 0}
    with ward.transaction("proof", "test") as work:
        work.connection.exec_driver_sql("INSERT INTO exchange_state VALUES('mend', ?)", (json.dumps(proof),))
    page.refresh()
    assert page.board.banner.isVisible() and "Khu phố 3" in page.board.banner.text()
    (button,) = [b for b in page.board.banner.findChildren(Button) if b.isVisible()]
    person.press(Qt.Key.Key_Return, widget=button)
    assert not page.board.banner.isVisible() and page.message.isVisible()
    with ward.read() as connection:
        assert need_of(connection) is None


def test_a_hundred_units_are_searched_and_the_late_ones_come_first(window: Window, tmp_path: Path) -> None:
    with new_book(tmp_path, DISTRICT) as district, new_book(tmp_path, WARD) as ward:
        join(district, ward)
        with district.transaction("wards", "test") as work:
            one = work.connection.exec_driver_sql("SELECT certificate, scope FROM peer").one()
            for number in range(3, 103):
                work.connection.exec_driver_sql(
                    "INSERT INTO peer(unit, name, relation, certificate, scope, enrolled_at) "
                    "VALUES(?, ?, 'subordinate', ?, ?, '')",
                    (f"P05-{number}", f"Phường Số {number}", one.certificate, one.scope),
                )
            for number, day in ((40, "2026-10-20"), (50, "2026-10-05"), (60, "2026-11-11")):
                work.connection.exec_driver_sql(
                    "INSERT INTO package_out(inc, number, id, unit, kind, first, last, at, rows, size, digits, "
                    "delivered_at) SELECT inc, ?, randomblob(16), ?, 'full', 0, 1, ?, 1, 1, '', ? FROM clock_state",
                    (number, f"P05-{number}", day, f"{day}T01:00:00.000+00:00"),
                )
        page = page_of(window, district)
        assert [row.unit for row in page.board.units[:3]] == ["P05-50", "P05-40", "P05-60"]
        assert page.board.search.isVisible()
        page.board.search.setText("phuong so 77")
        page.board.search.settle_now()
        assert page.board.table.ids.rowCount() == 1
        page.board.search.clear()
        page.board.search.settle_now()
        page.board.chips.pick("look")
        assert page.board.table.ids.rowCount() == 3
        page.board.table.choose_first()
        assert "50" in page.board._advice.text()
