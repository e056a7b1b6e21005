"""A spreadsheet comes in through the window: seen first, entered once, taken back by one undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hoidesk.places import resource
from ui.shell.desk import DeskWidget
from ui.shell.window import Window
from ui.spreadsheets.page import ImportPage

Query = Callable[[str], list[tuple[Any, ...]]]
COUNT = "SELECT (SELECT count(*) FROM association), (SELECT count(*) FROM meeting), (SELECT count(*) FROM post)"


@pytest.fixture
def page(window: Window, desk: DeskWidget) -> ImportPage:
    """The page of imports."""
    desk.go("import")
    page = desk.page
    assert isinstance(page, ImportPage)
    return page


def test_nothing_is_written_before_it_was_seen_and_one_undo_takes_it_back(page: ImportPage, query: Query) -> None:
    before = query(COUNT)
    page.read_file(resource("sample", "danh_sach_hoi.xlsx"))
    assert query(COUNT) == before
    plan = page._plan
    assert plan is not None
    counts = plan.counts()
    assert counts["new"] > 0
    lines = [one for one in page._lines if one.state == "new"]
    assert len(lines) == counts["new"] and all(one.place and one.title for one in lines)
    page.take_in()
    assert query("SELECT count(*) FROM association")[0][0] > before[0][0]
    assert query("SELECT count(*) FROM post WHERE phone IS NOT NULL") == [(0,)]  # phones only when ticked
    assert page._plan is not None and page._plan.imported_on is not None
    assert page._again.isVisible()  # the same file again is told
    assert not page.enter_button.isVisible()  # nothing of it would change the book
    page.app.undo(page)
    assert query(COUNT) == before


def test_a_row_that_stays_out_is_named_with_its_place(page: ImportPage) -> None:
    page.read_file(resource("sample", "so_sinh_hoat.xlsx"))
    bad = [one for one in page._lines if one.state == "bad"]
    good = [one for one in page._lines if one.state in ("new", "changed", "same")]
    assert page._plan is not None
    assert bool(bad) == bool(page._plan.counts()["bad"]) and len(good) + len(bad) > 0
    for one in bad:
        assert any(letter.isdigit() for letter in one.place) and one.whole
    page.add_missing.setChecked(True)  # areas and branches the book lacks are made with it
    assert page._plan.counts()["new"] > 0


def test_a_file_that_is_no_spreadsheet_gets_one_sentence(page: ImportPage, tmp_path: Path, query: Query) -> None:
    before = query(COUNT)
    wrong = tmp_path / "ảnh.xlsx"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page.read_file(wrong)
    assert page.message.isVisible() and "ảnh.xlsx" in page.message.text()
    assert page.empty.isVisible() and not page.enter_button.isVisible()
    page.take_in()
    assert query(COUNT) == before
