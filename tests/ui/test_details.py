"""A record is chosen to go whole, stands in the list of such records, and is taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.meetings.operations import RecordMeeting
from tests.exchange.books import DISTRICT, new_book
from ui.exchange.details import DetailsPage
from ui.meetings.page import MeetingsPage
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]


def test_a_meeting_is_chosen_and_taken_back(window: Window, desk: DeskWidget, query: Query, tmp_path: Path) -> None:
    book = window.app.book
    assert book is not None
    area = bytes(query("SELECT id FROM area LIMIT 1")[0][0]).hex()
    meeting = {"area_id": area, "held_on": "2026-11-05", "invited": 30, "present": 20, "topic": "Góp ý đường Xã Đàn"}
    id_ = book.run(RecordMeeting(meeting=meeting, items=[{"text": "Dọn vệ sinh", "outcome": "note"}])).id
    desk.go("meetings", id_)
    page = desk.page
    assert isinstance(page, MeetingsPage) and page.panel.record is not None
    page.whole_button.click()
    assert page.message.isVisible(), "there is no superior unit yet"
    with new_book(tmp_path, DISTRICT) as district:
        asked = enrol(book, invite(district, book.unit.code, name=book.unit.name))
        groups = groups_of_four(asked.digits).split()
        accept_certificate(book, certify(district, asked.request, f"{groups[0]} {groups[1]}").file)
    page.whole_button.click()
    listed = desk.page
    assert isinstance(listed, DetailsPage)
    assert [(one.table, one.lines, one.arrived) for one in listed._rows] == [("meeting", 1, False)]
    listed.revoke_button.click()
    assert listed._rows == [] and listed.empty.isVisible()
    assert query("SELECT count(*) FROM allowed_detail") == [(0,)]
