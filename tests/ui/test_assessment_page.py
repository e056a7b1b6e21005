"""Scoring by keyboard: a round is opened, points and the other kinds of cell are typed, the class follows, or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from hoidesk.book.operations import operations
from hoidesk.language import _
from tests.ui.conftest import Person
from ui.app import App
from ui.assessment.page import AssessmentPage
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def page(window: Window, desk: DeskWidget) -> AssessmentPage:
    """The page of assessment with a round that was opened from its form."""
    desk.go("assessments")
    page = desk.page
    assert isinstance(page, AssessmentPage)
    assert page.board.empty.isVisible()
    page.new_round()
    page.opening.form.editors["code"].set_value("6T")
    page.opening.form.editors["year"].set_value("2026")
    page.opening.open_round()
    return page


def run(app: App, name: str, **fields: Any) -> None:
    assert app.book is not None
    app.book.run(operations()[name].parse(fields))


def fill(page: AssessmentPage, layer: str) -> None:
    """Give every open line its most points, with a remark."""
    view = page.sheet._view
    assert view is not None
    scores = [
        {"item": line.item, "cell": "value", "points": line.highest, "text": "Có biên bản"}
        for line in view.lines()
        if line.cells[layer] is None and not line.excluded
    ]
    page.sheet._act("assessment.score", {"assessment_id": view.id, "layer": layer, "scores": scores})


def test_a_round_adopts_the_sheets_it_lacks(page: AssessmentPage, query: Query) -> None:
    assert query("SELECT code, evidence_from, evidence_to FROM round") == [("6T", "2026-01-01", "2026-06-30")]
    assert query("SELECT unit_kind, state FROM criteria_set ORDER BY unit_kind") == [
        ("area", "published"),
        ("association", "published"),
        ("branch", "published"),
    ]
    kinds = {kind for kind, chip in page.board.chips.items() if chip.isVisible()}
    assert kinds == {"area", "branch", "mass_branch", "association"}
    assert page.app.undo_title.startswith(_("Open a round of assessment"))
    page.app.undo(page)
    assert query("SELECT count(*) FROM criteria_set") == [(0,)]
    assert page.board.empty.isVisible()


def test_points_are_typed_and_enter_goes_on(page: AssessmentPage, person: Person, query: Query) -> None:
    page.open_sheet(page.board.listed()[0])
    grid = page.sheet.grid
    place = grid.place()
    assert place is not None and place[1] == "self"
    first = place[0]
    grid.setFocus()
    person.press(Qt.Key.Key_3)
    person.type(",25")
    person.press(Qt.Key.Key_Return)
    assert query(f"SELECT points, cell, layer FROM score WHERE item = '{first.item}'") == [(325, "value", "self")]
    now = grid.place()
    assert now is not None and now[0].item != first.item
    person.press(Qt.Key.Key_K, widget=grid)
    person.press(Qt.Key.Key_Return, widget=grid)
    person.press(Qt.Key.Key_T, widget=grid)
    assert sorted(row[0] for row in query("SELECT cell FROM score")) == ["none_happened", "not_applicable", "value"]
    person.press(Qt.Key.Key_Delete, widget=grid)
    assert len(query("SELECT 1 FROM score WHERE voided IS NULL")) == 2


def test_too_many_points_are_refused_in_one_sentence(page: AssessmentPage, person: Person, query: Query) -> None:
    page.open_sheet(page.board.listed()[0])
    grid = page.sheet.grid
    grid.setFocus()
    person.press(Qt.Key.Key_9)
    person.type("9")
    person.press(Qt.Key.Key_Return)
    assert page.message.isVisible() and len(page.message.text().split()) <= 20
    assert query("SELECT count(*) FROM score") == [(0,)]


def test_no_class_before_every_cell_is_filled(page: AssessmentPage, app: App, query: Query) -> None:
    sheet = page.board.listed()[0]
    page.open_sheet(sheet)
    page.sheet.go_on()  # the unit's scores cannot be submitted yet
    assert query("SELECT DISTINCT state FROM assessment") == [("open",)]
    assert page.message.isVisible()
    page.sheet.proposals.click()
    page.sheet.nothing.click()
    fill(page, "self")
    assert page.sheet._view is not None
    assert page.sheet._view.totals["self"].open_cells == 0
    page.sheet.go_on()
    assert ("self_submitted",) in query("SELECT state FROM assessment")
    blocked = page.sheet._blocked.text()
    assert str(page.sheet._view.totals["ward"].open_cells) in blocked
    page.sheet.grid.setFocus()
    page.sheet.agree.click()
    page.sheet.go_on()
    assert ("ward_scored",) in query("SELECT state FROM assessment")
    assert query("SELECT count(*) FROM assessment WHERE computed_class IS NOT NULL") == [(0,)]


def test_class_decided_with_a_reason_and_approved_with_minutes(page: AssessmentPage, app: App, query: Query) -> None:
    sheet = page.board.listed()[0]
    run(app, "assessment.accept_proposals", assessment_ids=[sheet], layer="ward")
    run(app, "assessment.nothing_happened", assessment_ids=[sheet], layer="ward")
    page.open_sheet(sheet)
    fill(page, "ward")
    page.sheet.go_on()
    for _turn in range(12):
        asked = [one for one in page.sheet._view.conditions if one.asked] if page.sheet._view else []
        if not asked:
            break
        page.sheet.klass._answer(asked[0].id, "holds")
    page.sheet.go_on()
    assert page.sheet._view is not None and page.sheet._view.state == "proposed"
    page.to_board()
    page._on_round("approve")  # the whole list: refused here as for one sheet, since the same person scored
    page.approving.form.editors["approver_post"].set_value("Chủ tịch")
    page.approving.approve()
    assert page.approving.message.isVisible() and query("SELECT count(*) FROM approval") == [(0,)]
    page.open_sheet(sheet)
    klass = page.sheet.klass
    other = "GOOD" if page.sheet._view.computed_class != "GOOD" else "COMPLETED"
    klass.decide_form.editors["decided_class"].set_value(other)
    klass.decide.click()
    assert klass.decide_form.editors["reason"].error()  # the reason is asked at its field
    klass.decide_form.editors["reason"].set_value("Hội nghị thống nhất")
    klass.decide.click()
    assert query("SELECT decided_class, difference_reason FROM assessment WHERE state = 'proposed'") == [
        (other, "Hội nghị thống nhất")
    ]
    klass.approve_form.editors["approver_post"].set_value("Chủ tịch")
    klass.approve.click()
    assert query("SELECT count(*) FROM approval") == [(0,)]  # who scored does not approve
    run(app, "settings.save", values={"office.single_officer": True})
    klass.approve_form.editors["minutes_number"].set_value("05/BB")
    klass.approve.click()
    assert klass.approve_form.editors["minutes_on"].error()
    klass.approve_form.editors["minutes_on"].set_value("01/07/2026")
    klass.approve.click()
    assert query("SELECT decided_class, minutes_number FROM approval") == [(other, "05/BB")]
    assert page.sheet._view is not None and page.sheet._view.state == "approved"
    assert page.sheet.grid.grid.editable == frozenset()


def test_a_remark_is_kept_when_its_field_is_left(page: AssessmentPage, person: Person, query: Query) -> None:
    page.open_sheet(page.board.listed()[0])
    grid = page.sheet.grid
    grid.setFocus()
    person.press(Qt.Key.Key_1)
    person.press(Qt.Key.Key_Return)
    person.press(Qt.Key.Key_Up, widget=grid)
    remark = page.sheet.evidence.remark
    remark.setFocus()
    person.type("Sổ chỉ có 5 buổi; tháng 8 không họp", remark)
    grid.setFocus()
    assert QApplication.focusWidget() is grid
    assert query("SELECT text FROM score") == [("Sổ chỉ có 5 buổi; tháng 8 không họp",)]
