"""Merging what was written twice, and erasing personal data, as an officer does it at the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from hoidesk.book.operations import operations
from tests.ui.conftest import Person
from ui.app import App
from ui.exchange.duplicates import DuplicatesPanel
from ui.exchange.page import ExchangePage
from ui.records.page import SubjectPage
from ui.shell.desk import DeskWidget

Query = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def twice(desk: DeskWidget, app: App, query: Query) -> DuplicatesPanel:
    """The panel on a book in which a branch was written twice, the second time with a meeting."""
    book = app.book
    assert book is not None
    ((area, association),) = query("SELECT hex(area_id), hex(association_id) FROM branch WHERE name = 'Chi hội Phụ nữ'")
    assert association == ""
    made = operations()["branch.save"].parse({"kind": "women", "area_id": str(area), "name": "CHI HỘI PHỤ NỮ"})
    again = book.run(made).id
    book.run(operations()["meeting.save"].parse({"branch_id": str(again), "held_on": "05/05/2026", "present": "9"}))
    desk.go("exchange")
    page = desk.page
    assert isinstance(page, ExchangePage)
    page.open_panel("tray")
    page.tray.chips.chips["twice"].click()
    return page.duplicates


def held(query: Query) -> list[tuple[object, ...]]:
    return query("SELECT name FROM branch WHERE kind = 'women' AND voided IS NULL")


def test_two_records_are_merged_by_key_and_taken_apart_again(
    twice: DuplicatesPanel, person: Person, query: Query
) -> None:
    question = twice.current
    assert question is not None and not question.settled
    assert not twice.act.isEnabled() and twice.kept is None, "nothing is chosen at first"
    twice.choices[0].setFocus()
    person.type("1")
    assert twice.kept == 0 and twice.act.isEnabled()
    twice.choices[1].setFocus()
    person.type("2")
    assert twice.kept == 1, "the other one is chosen now"
    person.type("2")
    assert twice.kept is None and not twice.act.isEnabled()
    twice.choices[0].setFocus()
    person.type("1")
    person.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, twice)
    assert held(query) == [("Chi hội Phụ nữ",)] and twice.current is None
    twice.chips.chips["settled"].click()
    decided = twice.current
    assert decided is not None and decided.twins.state == "merged"
    twice.settle_current()
    assert len(held(query)) == 2


def test_a_list_that_was_read_before_shows_the_merge(twice: DuplicatesPanel, desk: DeskWidget) -> None:
    desk.go("branches")
    page = desk.page
    assert isinstance(page, SubjectPage) and len(page._all) == 4
    desk.go("exchange")
    twice.choices[0].click()
    twice.settle_current()
    desk.go("branches")
    assert len(page._all) == 3


def test_what_is_not_the_same_is_not_asked_again(twice: DuplicatesPanel, query: Query) -> None:
    twice.other.click()
    assert twice.current is None and len(held(query)) == 2
    twice.chips.chips["settled"].click()
    decided = twice.current
    assert decided is not None and decided.twins.state == "different"


def test_both_records_stand_side_by_side_with_what_belongs_to_them(twice: DuplicatesPanel) -> None:
    from PySide6.QtWidgets import QLabel

    words = [label.text() for label in twice.compare.findChildren(QLabel) if label.isVisible()]
    assert "Chi hội Phụ nữ" in words and "CHI HỘI PHỤ NỮ" in words
    assert any(word.endswith(": 1") for word in words), "the meeting of the second one"


def test_personal_data_are_erased_from_the_form_with_a_typed_reason(
    desk: DeskWidget, app: App, person: Person, query: Query
) -> None:
    desk.go("associations")
    page = desk.page
    assert isinstance(page, SubjectPage)
    ((post, association),) = query("SELECT hex(id), hex(association_id) FROM post")
    from uuid import UUID

    page.show_record(UUID(hex=str(association)))
    child = next(c for c in page.subject.children if c.table == "post")
    page._open_child(child, UUID(hex=str(post)))
    panel = page._child_editor(child).erasing
    assert panel.begin_button.isVisible() and not panel.asking
    panel.begin_button.click()
    assert panel.asking and panel.reason.hasFocus()
    panel.act.click()
    assert query("SELECT holder FROM post") == [("Trần Văn Lộc",)], "without a reason nothing is erased"
    person.type("Theo đề nghị", panel.reason)
    panel.act.click()
    assert query("SELECT holder FROM post") == [(None,)]
    assert not panel.asking and not panel.begin_button.isVisible()
    assert "Theo đề nghị" in panel.marker.text()
    assert page._child_editor(child).form.values()["holder"] == ""


def test_a_secretary_is_not_offered_to_erase(desk: DeskWidget, app: App, query: Query) -> None:
    from uuid import UUID

    from hoidesk.book.slots import Role

    assert app.book is not None
    app.book.role = Role.SECRETARY
    desk.go("associations")
    page = desk.page
    assert isinstance(page, SubjectPage)
    ((post, association),) = query("SELECT hex(id), hex(association_id) FROM post")
    page.show_record(UUID(hex=str(association)))
    child = next(c for c in page.subject.children if c.table == "post")
    page._open_child(child, UUID(hex=str(post)))
    assert not page._child_editor(child).erasing.isVisible()
