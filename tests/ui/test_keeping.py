"""What was typed is there again after the program was killed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hoidesk.book.drafts import DraftStore
from hoidesk.book.folder import open_book
from tests.ui.conftest import PASSWORD, USER, Person
from ui.app import App
from ui.keeping import EVERY_MS
from ui.meetings.record_form import MeetingForm
from ui.records.editor import Editor
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[object, ...]]]


def meeting_form(desk: DeskWidget) -> MeetingForm:
    desk.go("meetings", None, "new")
    return desk.page.findChild(MeetingForm)


def killed(app: App, window: Window, folder: Path, to: Path) -> None:
    """What a killed program leaves on the disk, opened again by the next one."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("book.lock"))
    app.close_book()
    app.open(open_book(to, user=USER, password=PASSWORD))


def test_a_meeting_that_was_being_typed_is_found_again(
    desk: DeskWidget, window: Window, app: App, person: Person, book_folder: Path, tmp_path: Path, query: Query
) -> None:
    form = meeting_form(desk)
    form.form.editors["branch_id"].set_value(form._refs["branch"][0][0])
    person.type("5/6/2026", form.form.editors["held_on"].field)
    person.type("27", form.form.editors["present"].field)
    form.petitions.append(focus=True)
    person.type("Đèn đường hẻm 42 không sáng", form.petitions.lines()[0].text)
    desk.header.search.setFocus(Qt.FocusReason.OtherFocusReason)

    killed(app, window, book_folder, tmp_path / "sau khi tắt.hoibook")
    assert window.desk is not None
    form = meeting_form(window.desk)
    assert form.form.values()["present"] == "27"
    assert form.petitions.filled()[0]["text"] == "Đèn đường hẻm 42 không sáng"
    assert "chưa ghi vào sổ" in form.message.text()
    form.save()
    assert query("SELECT count(*) FROM meeting WHERE held_on = '2026-06-05'") == [(1,)]
    assert app.drafts is not None and app.drafts.all() == []


def test_typing_is_kept_within_two_seconds_without_leaving_the_field(
    desk: DeskWidget, app: App, person: Person, book_folder: Path, qtbot: QtBot
) -> None:
    desk.go("associations")
    desk.page.edit()
    form = desk.page.findChild(Editor)
    person.type(" và Cựu giáo chức", form.form.editors["name"].field)
    assert app.drafts is not None
    qtbot.waitUntil(lambda: bool(app.drafts and app.drafts.all()), timeout=EVERY_MS + 3000)
    kept = app.drafts.all()[0]
    assert kept.values["name"].endswith("và Cựu giáo chức") and kept.key.startswith("association/")
    store = DraftStore(book_folder, app.book.key if app.book else b"")
    assert store.load(kept.key) == kept
    store.close()


def test_a_draft_can_be_thrown_away(
    desk: DeskWidget, window: Window, app: App, person: Person, book_folder: Path, tmp_path: Path
) -> None:
    form = meeting_form(desk)
    person.type("5/6/2026", form.form.editors["held_on"].field)
    form.keeping.keep_now()
    killed(app, window, book_folder, tmp_path / "b.hoibook")
    assert window.desk is not None
    form = meeting_form(window.desk)
    assert form.form.values()["held_on"] == "5/6/2026"
    form._throw_draft()
    assert form.form.values()["held_on"] == "" and not form.typed()
    assert app.drafts is not None and app.drafts.all() == []
