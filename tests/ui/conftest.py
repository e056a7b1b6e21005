"""A small book and a window on it, driven as a person drives it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.app import App
from ui.lanes import Lanes
from ui.settings import SettingsFile
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

USER = "Lê Thị Hạnh"
PASSWORD = "mật khẩu dài"


@dataclass
class Person:
    """Types and presses keys as a person does: Unicode letters arrive as key events without a key code."""

    qtbot: QtBot

    def type(self, text: str, widget: QWidget | None = None) -> None:
        """Type into a widget, or where the focus is."""
        target = widget or QApplication.focusWidget()
        assert target is not None
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def press(
        self,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        widget: QWidget | None = None,
    ) -> None:
        """Press one key where the focus is."""
        target = widget or QApplication.focusWidget()
        assert target is not None
        self.qtbot.keyClick(target, key, modifier)


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    """Somebody at the keyboard."""
    return Person(qtbot)


@pytest.fixture(scope="session")
def _book_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed book of a ward with two quarters, three organisations, three branches, two meetings, one petition."""
    import os

    os.environ["HOIDESK_TEST_CHEAP_KDF"] = "1"
    from hoidesk.book.folder import create_book
    from hoidesk.book.operations import operations

    ops = operations()
    folder = tmp_path_factory.mktemp("book") / "hoa-an.hoibook"
    with create_book(folder, tier="ward", code="P05-2", name="Phường Hòa An", user=USER, password=PASSWORD) as book:

        def save(op: str, /, **fields: object) -> str:
            return str(book.run(ops[op].parse(fields)).result)

        first = save("area.save", kind="quarter", code="P05-2-01", name="Khu phố 1", households="120")
        second = save("area.save", kind="quarter", code="P05-2-02", name="Khu phố 2")
        learning = save(
            "association.save",
            kind="association",
            name="Hội Khuyến học",
            type="political_social",
            term_from="01/01/2021",
            term_to="31/12/2025",
        )
        save("association.save", kind="association", name="Hội Người mù", term_from="2024-01-01", term_to="2029-01-01")
        save("association.save", kind="mass_org", name="Hội Liên hiệp Phụ nữ")
        one = save(
            "branch.save",
            kind="learning_promotion",
            association_id=learning,
            area_id=first,
            name="Chi hội Khuyến học",
            rhythm="monthly",
        )
        save(
            "branch.save",
            kind="learning_promotion",
            association_id=learning,
            area_id=second,
            name="Chi hội Khuyến học",
            rhythm="monthly",
        )
        save("branch.save", kind="women", area_id=first, name="Chi hội Phụ nữ", consolidate_from="01/02/2026")
        save("membership.save", association_id=learning, as_of="01/01/2026", members="1203")
        save("post.save", association_id=learning, title="Chủ tịch", holder="Trần Văn Lộc", held_from="02/10/2021")
        meeting = {"branch_id": one, "held_on": "04/05/2026", "invited": "31", "present": "27"}
        book.run(
            ops["meeting.record"].parse(
                {
                    "meeting": {**meeting, "place": "Nhà văn hóa Khu phố 1"},
                    "items": [{"agenda_kind": "work_report", "outcome": "note", "text": "Đã vận động quỹ"}],
                    "petitions": [{"theme": "other", "text": "Đèn đường hẻm 42 không sáng"}],
                }
            )
        )
        book.run(
            ops["meeting.record"].parse(
                {"meeting": {**meeting, "held_on": "04/06/2026", "present": "24", "no_petition": "1"}}
            )
        )
    return folder


@pytest.fixture
def book_folder(_book_folder: Path, tmp_path: Path) -> Path:
    """A copy of the small book for one test."""
    target = tmp_path / "hoa-an.hoibook"
    shutil.copytree(_book_folder, target)
    return target


@pytest.fixture
def app(tmp_path: Path, qtbot: QtBot) -> Iterator[App]:
    """An App without threads and with settings of its own."""
    made = App(SettingsFile(tmp_path / "config" / "settings.json"), Lanes.inline())
    made.apply_look()
    errors: list[str] = []
    made.faulted.connect(errors.append)
    yield made
    made.quit()
    made.set_theme("light")
    assert errors == []


@pytest.fixture
def window(app: App, qtbot: QtBot) -> Iterator[Window]:
    """The window with the unlock page."""
    made = Window(app)
    made.resize(1366, 740)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(window: Window, book_folder: Path) -> DeskWidget:
    """The desk on the small book."""
    from hoidesk.book.folder import open_book

    window.app.open(open_book(book_folder, user=USER, password=PASSWORD))
    assert window.desk is not None
    return window.desk


@pytest.fixture
def query(desk: DeskWidget, app: App) -> Callable[[str], list[tuple[object, ...]]]:
    """Rows of a plain SQL query, to see what really stands in the book."""

    def run(sql: str) -> list[tuple[object, ...]]:
        from sqlalchemy import text

        assert app.book is not None
        with app.book.read() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    return run


@pytest.fixture
def day_of_book() -> date:
    """A day in the life of the small book."""
    return date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _really_deleted(qtbot: QtBot) -> Iterator[None]:
    """Delete at once what a test gave up: outside an event loop Qt would only do so at the end."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
