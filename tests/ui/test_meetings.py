"""A meeting is recorded whole by keyboard; petitions have their clock and are forwarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import Person
from ui.actions import Act
from ui.meetings.lines import ItemLine, PetitionLine
from ui.meetings.page import MeetingsPage
from ui.meetings.petitions import PetitionsPage
from ui.meetings.record_form import MeetingForm
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]


def begin(desk: DeskWidget) -> MeetingForm:
    desk.go("meetings", None, "new")
    page = desk.page
    assert isinstance(page, MeetingsPage)
    form = page.view()
    assert isinstance(form, MeetingForm)
    return form


def choose_branch(form: MeetingForm, person: Person) -> None:
    field = form.form.editors["branch_id"].field
    field.setFocus()
    person.type("khuyen hoc khu pho 1")
    form.form.editors["branch_id"].field._filter()  # type: ignore[attr-defined]
    person.press(Qt.Key.Key_Return)


def test_a_whole_meeting_in_one_act(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    form = begin(desk)
    choose_branch(form, person)
    for name, text in (("held_on", "5/10/2026"), ("invited", "31"), ("present", "27"), ("excused", "3")):
        person.type(text, form.form.editors[name].field)
    line = form.items.lines()[0] if form.items.lines() else form.items.append()
    assert isinstance(line, ItemLine)
    person.type("Nhất trí thu quỹ xong trước 30/11", line.text)
    line.outcome.choose("decision")
    person.type("Chi hội trưởng", line.post)
    person.type("30/11/2026", line.due)
    form.petitions.add_button.click()
    asked = form.petitions.lines()[0]
    assert isinstance(asked, PetitionLine)
    person.type("Nắp cống trước nhà văn hóa bị vỡ", asked.text)
    said = form.bar.sentence.text()
    assert "Chi hội Khuyến học" in said and "27" in said and "31" in said
    window.dispatch(Act.PRIMARY)
    counts = query("SELECT held_on, invited, present, excused, no_petition FROM meeting WHERE held_on > '2026-07-01'")
    assert counts == [("2026-10-05", 31, 27, 3, 0)]
    assert query("SELECT outcome, responsible_post, due_on FROM agenda_item WHERE outcome = 'decision'") == [
        ("decision", "Chi hội trưởng", "2026-11-30")
    ]
    assert query("SELECT count(*) FROM petition WHERE text LIKE 'Nắp cống%'") == [(1,)]
    page = desk.page
    assert isinstance(page, MeetingsPage)
    assert page.panel.record is not None and page.panel.record["held_on"] == "05/10/2026"
    window.dispatch(Act.UNDO)
    assert query("SELECT count(*) FROM meeting WHERE held_on > '2026-07-01'") == [(0,)]
    assert query("SELECT count(*) FROM petition WHERE text LIKE 'Nắp cống%'") == [(0,)]


def test_the_place_of_the_last_meeting_is_offered_but_no_count(desk: DeskWidget, person: Person) -> None:
    form = begin(desk)
    choose_branch(form, person)
    values = form.form.values()
    assert (values["invited"], values["present"], values["excused"]) == ("", "", "")
    assert not form.no_petition.isChecked()


def test_more_present_than_invited_is_said_at_the_field(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    form = begin(desk)
    choose_branch(form, person)
    for name, text in (("held_on", "5/10/2026"), ("invited", "28"), ("present", "34")):
        person.type(text, form.form.editors[name].field)
    window.dispatch(Act.SAVE)
    assert "34" in form.form.editors["present"].error()
    assert QApplication.focusWidget() is form.form.editors["present"].field
    assert query("SELECT count(*) FROM meeting WHERE held_on > '2026-07-01'") == [(0,)]


def test_a_day_that_does_not_exist_and_no_body_are_refused(window: Window, desk: DeskWidget, person: Person) -> None:
    form = begin(desk)
    person.type("31/02", form.form.editors["held_on"].field)
    window.dispatch(Act.SAVE)
    assert form.form.editors["held_on"].error()
    form.form.editors["held_on"].set_value("01/10/2026")
    window.dispatch(Act.SAVE)
    assert form.form.editors["branch_id"].error()


def test_no_petition_and_a_petition_exclude_each_other(desk: DeskWidget, person: Person) -> None:
    form = begin(desk)
    form.no_petition.click()
    assert form.no_petition.isChecked()
    form.petitions.add_button.click()
    person.type("Thêm đèn", form.petitions.lines()[0].text)
    assert not form.no_petition.isChecked()
    form.no_petition.click()
    assert not form.no_petition.isChecked()
    assert form._petition_error.text()


def test_a_half_typed_meeting_waits(window: Window, desk: DeskWidget, person: Person) -> None:
    form = begin(desk)
    person.type("17", form.form.editors["present"].field)
    window.dispatch(Act.BACK)
    again = begin(desk)
    assert again is form
    assert form.form.values()["present"] == "17"
    assert form.message.text()


def test_the_list_says_none_where_no_petition_was_raised(desk: DeskWidget) -> None:
    desk.go("meetings")
    page = desk.page
    assert isinstance(page, MeetingsPage)
    model = page.table.ids
    rows = [[model.cell(row, n).text for n in range(5)] for row in range(model.rowCount())]
    assert rows[0][0] == "04/06/2026" and rows[0][4] == "không có"
    assert rows[1][0] == "04/05/2026" and rows[1][4] == "1"
    assert rows[1][3] == "27 trên 31"


def test_a_petition_is_forwarded_as_it_reads_now(window: Window, desk: DeskWidget, query: Query) -> None:
    desk.go("petitions")
    page = desk.page
    assert isinstance(page, PetitionsPage)
    assert page.forward_button.isVisible()
    page.forward_button.click()
    assert query("SELECT text FROM forwarded_petition") == [("Đèn đường hẻm 42 không sáng",)]
    assert query("SELECT status FROM petition") == [("forwarded",)]
    assert not page.forward_button.isVisible()
