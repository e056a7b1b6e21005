"""Registering a unit: the registration, its targets beside limitations, submitting; criteria sets are published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from tests.ui.conftest import Person
from ui.emulation.criteria import CriteriaPage
from ui.emulation.page import RegistrationsPage
from ui.records.editor import Editor
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]


def fill(editor: Editor, person: Person, **texts: str) -> None:
    for name, text in texts.items():
        person.type(text, editor.form.editors[name].field)


def register(desk: DeskWidget, person: Person, query: Query) -> RegistrationsPage:
    desk.go("registrations")
    page = desk.page
    assert isinstance(page, RegistrationsPage)
    page.new()
    area = bytes(query("SELECT id FROM area WHERE code = 'P05-2-01'")[0][0]).hex()
    editor = page.editor()
    editor.form.editors["area_id"].set_value(area)
    editor.form.editors["year"].set_value("2026")
    fill(editor, person, title_targeted="Khu phố văn hóa", due_on="31/03/2026")
    editor.save()
    return page


def test_from_the_form_to_a_submitted_registration(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    page = register(desk, person, query)
    assert page.view() is page.beside  # a new registration goes on to its targets
    assert query("SELECT year, unit_kind, title_targeted FROM registration") == [(2026, "area", "Khu phố văn hóa")]
    page.submit()
    assert page.message.isVisible()  # without a target it is refused
    page.beside.targets.add_button.click()
    editor = page.view()
    assert isinstance(editor, Editor)
    fill(editor, person, text="Vận động quỹ khuyến học", target_value="30", target_unit="triệu đồng")
    editor.save()
    assert page.view() is page.beside
    page.beside.limitations.add_button.click()
    editor = page.view()
    assert isinstance(editor, Editor)
    fill(editor, person, text="Sinh hoạt chưa đều", remedy="Họp vào ngày 5", remedy_due_on="30/06/2026")
    editor.save()
    assert len(page.beside.targets.table.ids.keys()) == 1
    assert len(page.beside.limitations.table.ids.keys()) == 1
    assert query("SELECT unit_kind, area_id IS NOT NULL, registration_id IS NOT NULL FROM limitation") == [
        ("area", 1, 1)
    ]
    page.beside.submit_button.click()
    assert query("SELECT submitted_on IS NOT NULL FROM registration") == [(1,)]
    assert not page.beside.submit_button.isVisible()
    page.back()
    assert page.view() is not page.beside
    page.withdraw()
    assert query("SELECT withdrawn_on IS NOT NULL FROM registration") == [(1,)]


def test_one_unit_registers_once_a_year(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    page = register(desk, person, query)
    page.back()
    register(desk, person, query)
    assert query("SELECT count(*) FROM registration") == [(1,)]
    assert page.editor().message.isVisible()


def test_the_reference_sheet_is_adopted_read_and_published(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    desk.go("criteria_sets")
    page = desk.page
    assert isinstance(page, CriteriaPage)
    page.show_only("new")
    drafts = page.drafts
    assert page.page is drafts and drafts.view() is drafts.adopting
    drafts.adopting.form.editors["unit_kind"].set_value("branch")
    person.type("Bảng của phường", drafts.adopting.form.editors["name"].field)
    drafts.adopting.adopt()
    assert query("SELECT unit_kind, title FROM criteria_draft") == [("branch", "Bảng của phường")]
    drafts.read_sheet()
    texts = [line.text for line in drafts._lines]
    assert len([line for line in drafts._lines if line.item]) > 20 and not any("{" in text for text in texts)
    drafts.back()
    drafts._act("criteria_set.publish")
    assert query("SELECT state, title FROM criteria_set") == [("published", "Bảng của phường")]
    assert page.page is page.issued and page.issued.panel.record is not None
    person.press(Qt.Key.Key_Escape, widget=page.issued.table)
