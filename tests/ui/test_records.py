"""Lists, records and forms on a real book, driven by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Person
from ui.actions import Act
from ui.records.editor import Editor
from ui.records.page import SubjectPage
from ui.records.tabbed import TabbedPage
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]


def open_page(desk: DeskWidget, place: str) -> SubjectPage:
    desk.go(place)
    page = desk.page.page if isinstance(desk.page, TabbedPage) else desk.page
    assert isinstance(page, SubjectPage)
    return page


def cells(page: SubjectPage, column: int = 0) -> list[str]:
    model = page.table.ids
    return [model.cell(row, column).text for row in range(model.rowCount())]


def editor(page: SubjectPage) -> Editor:
    shown = page.view()
    assert isinstance(shown, Editor)
    return shown


def test_a_list_shows_its_records_and_the_first_one_beside_it(desk: DeskWidget) -> None:
    page = open_page(desk, "areas")
    assert cells(page) == ["Khu phố 1", "Khu phố 2"]
    assert page.panel.isVisible()
    assert page.panel.record is not None and page.panel.record["name"] == "Khu phố 1"
    assert page.panel.record["households"] == "120"


def test_associations_and_mass_organisations_are_never_one_list(desk: DeskWidget) -> None:
    page = open_page(desk, "associations")
    assert cells(page) == ["Hội Khuyến học", "Hội Người mù"]
    page.chips["mass_org"].click()
    assert cells(page) == ["Hội Liên hiệp Phụ nữ"]
    page.chips["mass_org"].click()
    assert cells(page) == ["Hội Liên hiệp Phụ nữ"], "a switch cannot be switched off"
    page.chips["association"].click()
    assert cells(page) == ["Hội Khuyến học", "Hội Người mù"]


def test_a_record_of_the_other_kind_turns_the_switch(desk: DeskWidget, query: Query) -> None:
    from uuid import UUID

    raw = query("SELECT id FROM association WHERE kind = 'mass_org'")[0][0]
    page = open_page(desk, "associations")
    desk.go("associations", UUID(bytes=raw))
    assert page.chips["mass_org"].isChecked() and not page.chips["association"].isChecked()
    assert page.panel.record is not None and page.panel.record["name"] == "Hội Liên hiệp Phụ nữ"


def test_a_new_area_is_typed_saved_and_undone(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    page = open_page(desk, "areas")
    window.dispatch(Act.NEW)
    form = editor(page).form
    assert QApplication.focusWidget() is form.editors["name"].field
    person.type("Khu phố Đường Đê")
    person.type("03", form.editors["code"].field)
    person.type("1.203", form.editors["households"].field)
    person.type("5/6/2026", form.editors["effective_from"].field)
    assert "Khu phố Đường Đê" in editor(page).bar.sentence.text()
    window.dispatch(Act.SAVE)
    assert "Khu phố Đường Đê" in cells(page)
    assert page.panel.record is not None and page.panel.record["name"] == "Khu phố Đường Đê"
    assert query("SELECT code, households, effective_from FROM area WHERE name = 'Khu phố Đường Đê'") == [
        ("P05-2-03", 1203, "2026-06-05")
    ]
    assert "Khu phố Đường Đê" in desk.footer.undo_text()
    window.dispatch(Act.UNDO)
    assert "Khu phố Đường Đê" not in cells(page)
    window.dispatch(Act.REDO)
    assert "Khu phố Đường Đê" in cells(page)


def test_a_refused_value_is_said_at_its_field_and_nothing_is_written(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    page = open_page(desk, "areas")
    before = query("SELECT count(*) FROM area")
    page.new()
    form = editor(page).form
    person.type("Khu phố 3", form.editors["name"].field)
    person.type("31/02", form.editors["effective_from"].field)
    person.type("03", form.editors["code"].field)
    window.dispatch(Act.SAVE)
    assert form.editors["effective_from"].error()
    assert QApplication.focusWidget() is form.editors["effective_from"].field
    assert form.values()["name"] == "Khu phố 3"
    form.editors["effective_from"].field.selectAll()  # type: ignore[union-attr]
    person.type("28/2")
    form.editors["code"].set_value("XX-1")
    window.dispatch(Act.SAVE)
    assert form.editors["code"].error()
    assert query("SELECT count(*) FROM area") == before


def test_only_the_changed_field_is_written(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    page = open_page(desk, "areas")
    window.dispatch(Act.EDIT)
    field = editor(page).form.editors["households"].field
    assert field.text() == "120"  # type: ignore[attr-defined]
    field.selectAll()  # type: ignore[attr-defined]
    person.type("125", field)
    assert editor(page).typed() == {"households": "125"}
    last = query("SELECT coalesce(max(seq), 0) FROM history")[0][0]
    window.dispatch(Act.SAVE)
    assert query("SELECT households FROM area WHERE name = 'Khu phố 1'") == [(125,)]
    assert len(query(f"SELECT 1 FROM history WHERE seq > {last} AND col > 0")) == 1


def test_an_emptied_field_is_empty_in_the_book(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    page = open_page(desk, "areas")
    page.edit()
    field = editor(page).form.editors["households"].field
    field.selectAll()  # type: ignore[attr-defined]
    person.press(Qt.Key.Key_Delete, widget=field)
    window.dispatch(Act.SAVE)
    assert query("SELECT households FROM area WHERE name = 'Khu phố 1'") == [(None,)]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    from hoidesk.book.operations import operations

    page = open_page(desk, "areas")
    page.edit()
    field = editor(page).form.editors["households"].field
    person.type("7", field)
    assert window.app.book is not None and page.panel.record is not None
    window.app.book.run(operations()["area.save"].parse({"id": str(page.panel.record.id), "households": "99"}))
    window.dispatch(Act.SAVE)
    assert query("SELECT households FROM area WHERE name = 'Khu phố 1'") == [(99,)]
    assert editor(page).message.text() or editor(page).form.editors["households"].error()


def test_a_half_typed_record_is_still_there_after_escape(window: Window, desk: DeskWidget, person: Person) -> None:
    page = open_page(desk, "areas")
    page.new()
    person.type("Khu phố dở dang", editor(page).form.editors["name"].field)
    window.dispatch(Act.BACK)
    assert page.view() is not None and not isinstance(page.view(), Editor)
    page.new()
    assert editor(page).form.values()["name"] == "Khu phố dở dang"
    assert editor(page).message.text()


def test_a_record_is_set_aside_with_a_reason_and_comes_back(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    page = open_page(desk, "areas")
    page.table.choose_first()
    page.table.step(1)
    window.dispatch(Act.REMOVE)
    assert page.set_aside.isVisible()
    person.press(Qt.Key.Key_Return, widget=page.set_aside.reason)
    assert query("SELECT count(*) FROM area WHERE voided IS NOT NULL") == [(0,)]
    person.type("nhập nhầm", page.set_aside.reason)
    person.press(Qt.Key.Key_Return, widget=page.set_aside.reason)
    assert cells(page) == ["Khu phố 1"]
    assert query("SELECT voided FROM area WHERE name = 'Khu phố 2'") == [("nhập nhầm",)]
    window.dispatch(Act.UNDO)
    assert cells(page) == ["Khu phố 1", "Khu phố 2"]


def test_the_filter_needs_no_accents(desk: DeskWidget, person: Person, qtbot: QtBot) -> None:
    page = open_page(desk, "associations")
    person.type("khuyen", page.search)
    qtbot.waitUntil(lambda: cells(page) == ["Hội Khuyến học"])
    person.type(" xyz", page.search)
    qtbot.waitUntil(lambda: cells(page) == [])
    assert page.empty.isVisible()
    page.back()
    qtbot.waitUntil(lambda: len(cells(page)) == 2)


def test_a_heading_orders_the_list_both_ways(desk: DeskWidget) -> None:
    page = open_page(desk, "associations")
    page.table.horizontalHeader().sectionClicked.emit(0)
    first = cells(page)
    page.table.horizontalHeader().sectionClicked.emit(0)
    assert cells(page) == first[::-1]


def test_children_are_added_in_their_tab(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    page = open_page(desk, "associations")
    tabs = page.panel.children_tabs
    number = next(n for n, tab in enumerate(tabs) if tab.child.table == "post")
    page.panel.tabs.bar.setCurrentIndex(number + 1)
    assert [c.text for c in (tabs[number].table.ids.cell(0, n) for n in range(2))] == ["Chủ tịch", "Trần Văn Lộc"]
    tabs[number].add_button.click()
    form = editor(page).form
    person.type("Thư ký", form.editors["title"].field)
    person.type("Nguyễn Thị Ánh", form.editors["holder"].field)
    window.dispatch(Act.SAVE)
    found = query("SELECT p.title, p.holder FROM post p JOIN association a ON a.id = p.association_id ORDER BY p.title")
    assert found == [("Chủ tịch", "Trần Văn Lộc"), ("Thư ký", "Nguyễn Thị Ánh")]
    assert tabs[number].table.ids.rowCount() == 2


def test_the_history_of_a_record_names_who_what_and_before(window: Window, desk: DeskWidget, person: Person) -> None:
    page = open_page(desk, "areas")
    page.edit()
    field = editor(page).form.editors["households"].field
    field.selectAll()  # type: ignore[attr-defined]
    person.type("130", field)
    window.dispatch(Act.SAVE)
    page.panel.tabs.bar.setCurrentIndex(page.panel.tabs.bar.count() - 1)
    model = page.panel._history.ids
    found = [[model.cell(row, n) for n in range(3)] for row in range(model.rowCount())]
    assert any(line[2].text == "Số hộ" and line[2].second == "120" for line in found)
    assert found[0][1].text == "Lê Thị Hạnh"


def test_the_list_as_on_another_day(window: Window, desk: DeskWidget, person: Person) -> None:
    page = open_page(desk, "areas")
    page.edit()
    person.type("01/07/2026", editor(page).form.editors["effective_from"].field)
    window.dispatch(Act.SAVE)
    window.app.look_at(date(2026, 6, 30))
    assert cells(page) == ["Khu phố 2"]
    window.app.look_at(None)
    assert cells(page) == ["Khu phố 1", "Khu phố 2"]


def test_the_list_is_copied_for_a_spreadsheet(window: Window, desk: DeskWidget) -> None:
    open_page(desk, "areas")
    window.dispatch(Act.COPY_TABLE)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 3
    assert lines[1].split("\t")[0] == "Khu phố 1"


def test_one_pane_at_a_time_in_a_narrow_window(window: Window, desk: DeskWidget, person: Person) -> None:
    page = open_page(desk, "areas")
    window.app.set_text_size(200)
    assert not desk.navigation.isVisible()
    assert not page.panel.isVisible()
    page.table.setFocus()
    person.press(Qt.Key.Key_Return, widget=page.table)
    assert page.panel.isVisible() and not page.table.isVisible()
    window.dispatch(Act.BACK)
    assert page.table.isVisible() and not page.panel.isVisible()
    window.dispatch(Act.NAVIGATION)
    assert desk.navigation.isVisible()
    window.dispatch(Act.BACK)
    assert not desk.navigation.isVisible()
    window.app.set_text_size(100)
    assert desk.navigation.isVisible() and page.panel.isVisible()


@pytest.mark.parametrize("place", ["areas", "associations", "branches", "meetings", "petitions"])
def test_every_widget_that_takes_the_focus_has_a_name(desk: DeskWidget, place: str) -> None:
    page = open_page(desk, place)
    if page.subject.save:
        page.new()
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in desk.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", lambda: "")())
        and type(widget).__module__.startswith("ui.")
        and type(widget).__name__ != "_Bar"
    ]
    assert nameless == []


def test_the_language_changes_under_an_open_list(window: Window, desk: DeskWidget) -> None:
    page = open_page(desk, "areas")
    vietnamese = desk.header.title.text()
    window.app.set_language("en")
    assert desk.header.title.text() == "Areas" != vietnamese
    assert page.table.ids.headerData(0, Qt.Orientation.Horizontal) == "Name"
    assert desk.navigation._entries["home"].text() == "Home"
    window.app.set_language("vi")
    assert desk.header.title.text() == vietnamese
