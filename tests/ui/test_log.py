"""The log names operations, counts and places of faults, never what stands in a record."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

from tests.ui.conftest import PASSWORD, USER, Person
from ui.actions import Act
from ui.log import start_log, stop_log
from ui.main import _fault
from ui.records.editor import Editor
from ui.records.tabbed import TabbedPage
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

SECRET = "Khu phố Bí Mật"


def test_a_write_is_named_and_counted_without_its_values(
    window: Window, desk: DeskWidget, person: Person, tmp_path: Path
) -> None:
    handler = start_log(tmp_path / "log")
    desk.go("areas")
    assert isinstance(desk.page, TabbedPage)
    desk.page.page.new()
    form = desk.page.page.view()
    assert isinstance(form, Editor)
    person.type(SECRET, form.form.editors["name"].field)
    person.type("07", form.form.editors["code"].field)
    window.dispatch(Act.SAVE)
    stop_log(handler)
    text = (tmp_path / "log" / "hoidesk.log").read_text(encoding="utf-8")
    assert "area.save, records 1" in text
    for hidden in (SECRET, "P05-2-07", PASSWORD, USER):
        assert hidden not in text


def test_a_fault_in_a_slot_is_said_logged_and_survived(
    window: Window, desk: DeskWidget, tmp_path: Path, caplog: Any
) -> None:
    window.app.faulted.disconnect()
    window.app.faulted.connect(desk._on_fault)
    handler = start_log(tmp_path / "log")
    hook = partial(_fault, window)
    try:
        raise ValueError(SECRET)
    except ValueError:
        hook(*sys.exc_info())  # type: ignore[arg-type]
    stop_log(handler)
    text = (tmp_path / "log" / "hoidesk.log").read_text(encoding="utf-8")
    assert "fault ValueError at test_log.py" in text
    assert SECRET not in text
    assert "ValueError" in desk.message.text() and SECRET not in desk.message.text()
    desk.go("branches")
    assert desk.current == "branches"


def test_a_pc_that_cannot_be_written_to_has_no_log(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert start_log(tmp_path / "file" / "log") is None
    stop_log(None)
