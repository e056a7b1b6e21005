"""The tabs of the areas page: units with books of their own, and clusters of areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.ui.conftest import Person
from ui.actions import Act
from ui.records.editor import Editor
from ui.records.tabbed import TabbedPage
from ui.shell.desk import DeskWidget
from ui.shell.window import Window
from ui.units.clusters import ClustersPage, MembersForm

Query = Callable[[str], list[tuple[Any, ...]]]


def tabbed(desk: DeskWidget) -> TabbedPage:
    desk.go("areas")
    page = desk.page
    assert isinstance(page, TabbedPage)
    return page


def test_a_subordinate_unit_gets_its_code(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    page = tabbed(desk)
    page.open_tab(1)
    window.dispatch(Act.NEW)
    form = page.page.view()
    assert isinstance(form, Editor)
    form.form.editors["tier"].set_value("cell")
    person.type("01", form.form.editors["code"].field)
    person.type("Khu phố 1", form.form.editors["name"].field)
    window.dispatch(Act.SAVE)
    assert query("SELECT tier, code, name FROM unit") == [("cell", "P05-2-01", "Khu phố 1")]


def test_the_areas_of_a_cluster_are_chosen_together(
    window: Window, desk: DeskWidget, person: Person, query: Query
) -> None:
    page = tabbed(desk)
    page.open_tab(2)
    clusters = page.page
    assert isinstance(clusters, ClustersPage)
    window.dispatch(Act.NEW)
    form = clusters.view()
    assert isinstance(form, Editor)
    person.type("Cụm 1", form.form.editors["name"].field)
    window.dispatch(Act.SAVE)
    clusters.choose()
    members = clusters.view()
    assert isinstance(members, MembersForm)
    assert len(members.choices) == 2
    for chip in members.choices.values():
        chip.click()
    assert "2" in members.bar.sentence.text()
    window.dispatch(Act.SAVE)
    assert query("SELECT count(*) FROM cluster_member WHERE voided IS NULL") == [(2,)]
    model = clusters.table.ids
    assert model.cell(0, 2).text == "2"
    assert model.cell(0, 3).tone == "warn"
    window.dispatch(Act.UNDO)
    assert query("SELECT count(*) FROM cluster_member WHERE voided IS NULL") == [(0,)]


def test_a_record_opens_in_the_tab_of_its_table(window: Window, desk: DeskWidget, query: Query) -> None:
    from hoidesk.book.operations import operations

    assert window.app.book is not None
    made = window.app.book.run(operations()["cluster.save"].parse({"year": "2026", "name": "Cụm 2"}))
    page = tabbed(desk)
    assert isinstance(made.result, UUID)
    desk.go("areas", made.result)
    assert page.tabs.bar.currentIndex() == 2
    record = page.page.panel.record
    assert record is not None and record["name"] == "Cụm 2"
