"""Home says what is due, and opens the very place; the chart is the paper's; search finds without accents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Person
from ui.actions import Act
from ui.home.page import HomePage
from ui.records.page import SubjectPage
from ui.records.tabbed import TabbedPage
from ui.shell.desk import DeskWidget
from ui.shell.search import SearchPage
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]


def home(desk: DeskWidget, day: date) -> HomePage:
    desk._app.look_at(day)
    page = desk.page
    assert isinstance(page, HomePage)
    return page


def test_what_is_due_stands_in_its_group(desk: DeskWidget, day_of_book: date) -> None:
    page = home(desk, day_of_book)
    by_place = {(one.group, one.place): one for one in page._todo}
    assert "Hội Khuyến học" in by_place["late", "associations"].fact
    assert by_place["late", "associations"].chip == "Quá 161 ngày"
    assert f"{day_of_book:%d/%m/%Y}" in page._count.text()  # not "today": the register is shown as on another day
    assert by_place["mend", "branches"].chip == "Chi hội Phụ nữ"
    assert by_place["soon", "branches"].only == "silent"


def test_a_thing_to_do_opens_its_record(desk: DeskWidget, day_of_book: date, person: Person) -> None:
    page = home(desk, day_of_book)
    page.table.setFocus()
    page.table.choose_first()
    person.press(Qt.Key.Key_Return, widget=page.table)
    opened = desk.page
    assert desk.current == "associations" and isinstance(opened, SubjectPage)
    assert opened.panel.record is not None and opened.panel.record["name"] == "Hội Khuyến học"


def test_branches_that_have_not_met_open_as_a_filtered_list(desk: DeskWidget, day_of_book: date) -> None:
    page = home(desk, day_of_book)
    number = next(n for n, one in enumerate(page._todo) if one.only == "silent")
    page._open(number)
    opened = desk.page
    assert isinstance(opened, SubjectPage)
    assert opened.chips["silent"].isChecked()
    assert opened.table.ids.rowCount() == 2


def test_the_figures_follow_a_new_meeting(desk: DeskWidget, day_of_book: date, window: Window) -> None:
    from hoidesk.book.operations import operations

    page = home(desk, day_of_book)
    assert page._overview is not None
    before = page._overview.meetings
    book = window.app.book
    assert book is not None
    with book.read() as connection:
        from sqlalchemy import text

        branch = connection.execute(text("SELECT lower(hex(id)) FROM branch ORDER BY id")).scalar()
    given = {"branch_id": branch, "held_on": "09/06/2026", "present": "20"}
    window.app.write(page, operations()["meeting.save"].parse(given))
    assert page._overview.meetings == (*before[:-1], before[-1] + 1)


def test_the_chart_is_drawn_in_the_colours_of_the_window(desk: DeskWidget, qtbot: QtBot, window: Window) -> None:
    page = desk.page
    assert isinstance(page, HomePage)
    window.app.set_theme("dark")
    page._draw_chart()
    picture = page._chart.pixmap().toImage()
    assert picture.width() >= page._chart.width()
    assert picture.pixelColor(0, 0).name().upper() == "#1E2328"
    assert page._chart.accessibleName()


def test_the_place_of_the_book_is_always_said(desk: DeskWidget, window: Window) -> None:
    page = desk.page
    assert isinstance(page, HomePage)
    assert window.app.book is not None
    assert str(window.app.book.folder) in page._folder.text()
    assert page._backup.text()


def test_search_finds_without_accents_and_opens(window: Window, desk: DeskWidget, person: Person, qtbot: QtBot) -> None:
    window.dispatch(Act.SEARCH)
    assert QApplication.focusWidget() is desk.header.search
    person.type("den duong")
    qtbot.waitUntil(lambda: desk.current == "search")
    page = desk.page
    assert isinstance(page, SearchPage)
    assert QApplication.focusWidget() is desk.header.search
    hits = list(page._hits.values())
    assert [hit.table for hit in hits] == ["petition"]
    assert "Đèn đường" in hits[0].title
    person.press(Qt.Key.Key_Down)
    assert QApplication.focusWidget() is page.table
    person.press(Qt.Key.Key_Return)
    assert desk.current == "petitions"


def test_search_for_nothing_says_so_and_escape_goes_back(
    window: Window, desk: DeskWidget, person: Person, qtbot: QtBot
) -> None:
    desk.go("areas")
    window.dispatch(Act.SEARCH)
    person.type("không có gì như vậy")
    qtbot.waitUntil(lambda: desk.current == "search")
    page = desk.page
    assert isinstance(page, SearchPage)
    assert page.table.ids.rowCount() == 0
    assert "không có gì như vậy" in page._count.text()
    window.dispatch(Act.BACK)
    assert desk.current == "areas"


def test_a_fault_is_said_without_closing_anything(window: Window, desk: DeskWidget, caplog: Any) -> None:
    said: list[str] = []
    window.app.faulted.disconnect()
    window.app.faulted.connect(desk._on_fault)
    window.app.faulted.connect(said.append)
    window.app.read(desk, lambda connection: 1 // 0, lambda answer: None)
    assert "ZeroDivisionError" in desk.message.text()
    assert len(said) == 1
    assert "ZeroDivisionError" in caplog.text


def test_the_settings_of_the_office_are_saved_and_used(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    from ui.settings_page import SettingsPage

    desk.go("settings")
    page = desk.page
    assert isinstance(page, SettingsPage)
    field = page.form.editors["label.area"].field
    field.selectAll()  # type: ignore[attr-defined]
    person.type("Ấp", field)
    window.dispatch(Act.SAVE)
    assert query("SELECT value FROM setting WHERE key = 'label.area'") == [('"Ấp"',)]
    assert window.app.labels is not None and window.app.labels.area == "Ấp"
    desk.go("areas")
    assert isinstance(desk.page, TabbedPage)
    assert desk.page.page.chips["quarter"].text() == "Ấp"


def test_backup_and_recovery_sheet_are_made_from_the_settings(window: Window, desk: DeskWidget, tmp_path: Any) -> None:
    from hoidesk.book.recovery import key_of_sheet
    from ui.settings_page import SettingsPage

    desk.go("settings")
    page = desk.page
    assert isinstance(page, SettingsPage)
    page.book.backup_to(tmp_path)
    assert len(list(tmp_path.glob("*.hoibackup"))) == 1
    page.book.write_sheet(tmp_path / "phiếu")
    assert window.app.book is not None
    assert key_of_sheet(tmp_path / "phiếu.pdf") == window.app.book.key
    assert not page.book._note.text().startswith("Không")


def test_the_day_of_the_register_is_asked_under_its_button(window: Window, desk: DeskWidget, person: Person) -> None:
    desk._open_day()
    panel = desk._day_panel
    assert panel.isVisible()
    person.type("31/02/2026", panel._field)
    person.press(Qt.Key.Key_Return, widget=panel._field)
    assert panel._error.text() and window.app.as_of is None
    panel._field.selectAll()
    person.type("30/6/2026", panel._field)
    person.press(Qt.Key.Key_Return, widget=panel._field)
    assert window.app.as_of == date(2026, 6, 30)
    assert not panel.isVisible()
    assert "30/06/2026" in desk.header._day.text()
    desk._open_day()
    window.dispatch(Act.BACK)
    assert not panel.isVisible()
    desk._open_day()
    panel._today()
    assert window.app.as_of is None


def test_leaving_the_results_empties_the_search(window: Window, desk: DeskWidget, person: Person, qtbot: QtBot) -> None:
    window.dispatch(Act.SEARCH)
    person.type("khuyen hoc")
    qtbot.waitUntil(lambda: desk.current == "search")
    desk.go("areas")
    assert desk.header.search.text() == ""
    qtbot.wait(200)
    assert desk.current == "areas"
