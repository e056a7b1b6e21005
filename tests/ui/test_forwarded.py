"""A petition goes up, is answered there, and the answer comes into the ledger of the unit that asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.ui.conftest import Person
from ui.actions import Act
from ui.meetings.forwarded import ForwardedPage
from ui.meetings.petitions import PetitionsPage
from ui.records.editor import Editor
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]


def forwarded(desk: DeskWidget) -> ForwardedPage:
    desk.go("petitions")
    page = desk.page
    assert isinstance(page, PetitionsPage)
    page.forward()
    desk.go("forwarded")
    page = desk.page
    assert isinstance(page, ForwardedPage)
    return page


def test_answering_and_entering_the_answer(window: Window, desk: DeskWidget, person: Person, query: Query) -> None:
    page = forwarded(desk)
    assert page.table.ids.rowCount() == 1
    assert not page.take_button.isVisible()
    assert not page.register_button.isVisible()
    page.panel.tabs.bar.setCurrentIndex(1)
    page.panel.children_tabs[0].add_button.click()
    form = page.view()
    assert isinstance(form, Editor)
    assert form.form.values()["status"] == "answered"
    person.type("Đã giao đơn vị chiếu sáng, xong trước 30/11", form.form.editors["text"].field)
    window.dispatch(Act.SAVE)
    assert query("SELECT text FROM petition_reply") == [("Đã giao đơn vị chiếu sáng, xong trước 30/11",)]
    page.table.choose_first()
    assert page.take_button.isVisible()
    page.take_button.click()
    assert query("SELECT status, answer FROM petition") == [("answered", "Đã giao đơn vị chiếu sáng, xong trước 30/11")]
    assert desk.current == "petitions"


def test_an_empty_answer_is_refused_at_its_field(window: Window, desk: DeskWidget, query: Query) -> None:
    page = forwarded(desk)
    page.panel.tabs.bar.setCurrentIndex(1)
    page.panel.children_tabs[0].add_button.click()
    window.dispatch(Act.SAVE)
    form = page.view()
    assert isinstance(form, Editor)
    assert form.form.editors["text"].error() or form.message.text()
    assert query("SELECT count(*) FROM petition_reply") == [(0,)]


def test_a_petition_of_another_unit_is_entered_into_the_own_ledger(
    window: Window, desk: DeskWidget, query: Query
) -> None:
    book = window.app.book
    assert book is not None
    with book.transaction("test", "test") as work:
        work.insert(
            "forwarded_petition",
            {
                "text": "Sửa cống Khu phố 1",
                "raised_on": work.today,
                "forwarded_on": work.today,
                "from_unit": "P05-2-01",
                "to_unit": "P05-2",
            },
        )
    desk.go("forwarded")
    page = desk.page
    assert isinstance(page, ForwardedPage)
    assert page.register_button.isVisible()
    page.register_button.click()
    assert query("SELECT status FROM petition WHERE text = 'Sửa cống Khu phố 1'") == [("registered",)]
    opened = desk.page
    assert isinstance(opened, PetitionsPage)
    assert opened.panel.record is not None and isinstance(opened.panel.record.id, UUID)
    assert opened.panel.record["text"] == "Sửa cống Khu phố 1"
