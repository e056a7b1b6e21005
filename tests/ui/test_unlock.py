"""Making a book, opening one, and every way in which that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from hoidesk.book import clock
from hoidesk.language import current_language
from tests.ui.conftest import PASSWORD, USER, Person
from ui.actions import Act
from ui.app import App
from ui.settings import SettingsFile
from ui.shell.window import Window
from ui.unlock.page import UnlockPage
from ui.widgets.buttons import Button
from ui.widgets.labels import Label


def fill_new(window: Window, person: Person, folder: Path, *, again: str = PASSWORD) -> None:
    """Fill the card of a new book as a person does, from field to field with Tab."""
    card = window.unlock.new_card
    window.unlock.welcome.new.emit()
    card.use_folder(str(folder))
    card.ask_core()
    for name, text in (
        ("name", "Phường Hòa An"),
        ("code", "P05-2"),
        ("user", USER),
        ("password", PASSWORD),
        ("again", again),
    ):
        person.type(text, card.form.editors[name].field)


def test_a_new_book_is_made_from_the_first_page(window: Window, person: Person, tmp_path: Path) -> None:
    unlock = window.unlock
    assert unlock.shown() is unlock.welcome
    fill_new(window, person, tmp_path / "sổ")
    assert unlock.new_card.form.words()["tier"] == "Phường"
    assert str(tmp_path / "sổ" / "phuong-hoa-an.hoibook") in unlock.new_card._where.text()
    window.dispatch(Act.PRIMARY)
    assert window.desk is not None
    assert (tmp_path / "sổ" / "phuong-hoa-an.hoibook" / "book.db").is_file()
    assert window.app.book is not None and window.app.book.unit.name == "Phường Hòa An"
    assert window.app.settings.now.last_user == USER
    assert "Phường Hòa An" in window.windowTitle()
    assert unlock.new_card.form.values()["password"] == ""


def test_two_passwords_that_differ_are_refused_at_the_second(window: Window, person: Person, tmp_path: Path) -> None:
    fill_new(window, person, tmp_path, again="khác hẳn")
    window.dispatch(Act.PRIMARY)
    assert window.desk is None
    assert "khác nhau" in window.unlock.new_card.form.editors["again"].error()
    assert list(tmp_path.glob("*.hoibook")) == []


def test_a_short_password_and_empty_fields_are_refused(window: Window, person: Person, tmp_path: Path) -> None:
    card = window.unlock.new_card
    window.unlock.welcome.new.emit()
    card.make()
    assert card.form.editors["name"].error()
    person.type("Phường", card.form.editors["name"].field)
    card.make()
    assert card.form.editors["user"].error()
    person.type("Đỗ", card.form.editors["user"].field)
    person.type("ngắn", card.form.editors["password"].field)
    card.make()
    assert card.form.editors["password"].error()


def test_a_wrong_code_is_shown_at_its_field(window: Window, person: Person, tmp_path: Path) -> None:
    fill_new(window, person, tmp_path)
    person.type(" / ", window.unlock.new_card.form.editors["code"].field)
    window.unlock.new_card.make()
    assert window.unlock.new_card.form.editors["code"].error()
    assert window.desk is None


def test_a_risky_place_is_warned_of(window: Window, tmp_path: Path) -> None:
    window.unlock.welcome.new.emit()
    window.unlock.new_card.use_folder(str(tmp_path / "OneDrive"))
    assert window.unlock.new_card._warning.text()


def offer(window: Window, folder: Path) -> UnlockPage:
    unlock = window.unlock
    unlock.open_card.offer(str(folder), USER)
    unlock.data_ready()
    unlock.back()
    return unlock


def test_the_right_password_opens_the_book(window: Window, person: Person, book_folder: Path) -> None:
    unlock = offer(window, book_folder)
    assert unlock.open_card.user.value() == USER
    person.type(PASSWORD, unlock.open_card.password)
    person.press(Qt.Key.Key_Return, widget=unlock.open_card.password)
    assert window.desk is not None
    assert window.desk.current == "home"
    assert unlock.open_card.password.text() == ""


def test_a_wrong_password_is_said_under_the_field_as_often_as_one_likes(
    window: Window, person: Person, book_folder: Path
) -> None:
    unlock = offer(window, book_folder)
    card = unlock.open_card
    for _time in range(3):
        person.type("sai rồi", card.password)
        person.press(Qt.Key.Key_Return, widget=card.password)
        assert card.error.text() == "Mật khẩu chưa đúng. Xin gõ lại; gõ sai không bị khóa."
        assert card.password.selectedText() == "sai rồi"
        assert window.desk is None
    person.type(PASSWORD, card.password)
    assert card.error.text() == ""
    person.press(Qt.Key.Key_Return, widget=card.password)
    assert window.desk is not None


def test_no_book_no_slots_and_an_open_book_have_their_own_sentences(
    window: Window, person: Person, book_folder: Path, tmp_path: Path
) -> None:
    from hoidesk.book.folder import open_book

    said = []
    unlock = offer(window, tmp_path / "nowhere.hoibook")
    person.type("x", unlock.open_card.password)
    unlock.open_card._open()
    said.append(unlock.open_card.error.text())
    with open_book(book_folder, user=USER, password=PASSWORD):
        unlock = offer(window, book_folder)
        unlock.open_card.password.clear()
        person.type(PASSWORD, unlock.open_card.password)
        unlock.open_card._open()
        said.append(unlock.open_card.error.text())
    for name in ("keys.json", "keys-copy.json"):
        (book_folder / name).unlink()
    unlock.open_card._open()
    said.append(unlock.open_card.error.text())
    unlock.open_card.password.clear()
    unlock.open_card._open()
    said.append(unlock.open_card.error.text())
    assert all(said)
    assert len(set(said)) == 4
    assert window.desk is None


def test_the_recovery_sheet_opens_a_book_whose_password_file_is_gone(
    window: Window, person: Person, book_folder: Path, tmp_path: Path
) -> None:
    from hoidesk.book.folder import open_book
    from hoidesk.book.recovery import groups_of_key

    with open_book(book_folder, user=USER, password=PASSWORD) as book:
        groups = groups_of_key(book.key)
    sheet = tmp_path / "phiếu.txt"
    sheet.write_text(" ".join(groups), encoding="utf-8")
    for name in ("keys.json", "keys-copy.json"):
        (book_folder / name).unlink()
    unlock = offer(window, book_folder)
    unlock.open_card.recover.emit()
    card = unlock.recover_card
    assert unlock.shown() is card
    card._open()
    assert card.error.text()
    card.use_sheet(str(sheet))
    for name, text in (("user", USER), ("password", "mật khẩu mới"), ("again", "mật khẩu mới")):
        person.type(text, card.form.editors[name].field)
    card._open()
    assert window.desk is not None
    window.app.close_book()
    assert unlock.shown() is unlock.open_card
    person.type("mật khẩu mới", unlock.open_card.password)
    person.press(Qt.Key.Key_Return, widget=unlock.open_card.password)
    assert window.desk is not None


def test_a_sheet_of_nonsense_is_refused_and_the_book_stays_closed(
    window: Window, person: Person, book_folder: Path, tmp_path: Path
) -> None:
    unlock = offer(window, book_folder)
    unlock.open_card.recover.emit()
    sheet = tmp_path / "ảnh.pdf"
    sheet.write_bytes(b"%PDF-nonsense")
    unlock.recover_card.use_sheet(str(sheet))
    for name, text in (("user", USER), ("password", "mật khẩu mới"), ("again", "mật khẩu mới")):
        person.type(text, unlock.recover_card.form.editors[name].field)
    unlock.recover_card._open()
    assert unlock.recover_card.error.text()
    assert window.desk is None
    assert unlock.recover_card.form.values()["user"] == USER


def test_the_password_is_shown_on_request(window: Window, person: Person, book_folder: Path) -> None:
    card = offer(window, book_folder).open_card
    assert card.password.echoMode() == QLineEdit.EchoMode.Password
    card._toggle_reveal()
    assert card.password.echoMode() == QLineEdit.EchoMode.Normal
    card._toggle_reveal()
    assert card.password.echoMode() == QLineEdit.EchoMode.Password


def test_the_language_changes_while_the_window_is_open(window: Window, qtbot: QtBot) -> None:
    unlock = window.unlock
    vietnamese = unlock.open_card.button.text()
    qtbot.mouseClick(unlock._english, Qt.MouseButton.LeftButton)
    assert current_language() == "en"
    assert unlock.open_card.button.text() == "Open the book"
    assert vietnamese != "Open the book"
    assert unlock._english.isChecked() and not unlock._vietnamese.isChecked()
    qtbot.mouseClick(unlock._vietnamese, Qt.MouseButton.LeftButton)
    assert unlock.open_card.button.text() == vietnamese


def test_the_last_book_is_offered_next_time(app: App, tmp_path: Path, book_folder: Path, qtbot: QtBot) -> None:
    path = tmp_path / "again.json"
    SettingsFile(path).put(app.settings.now.with_book(str(book_folder), USER))
    app.settings = SettingsFile(path)
    page = UnlockPage(app)
    assert page.shown() is page.open_card
    assert page.open_card.folder == str(book_folder)
    page.deleteLater()


def test_no_password_stays_in_the_settings(window: Window, person: Person, book_folder: Path) -> None:
    unlock = offer(window, book_folder)
    person.type(PASSWORD, unlock.open_card.password)
    person.press(Qt.Key.Key_Return, widget=unlock.open_card.password)
    text = window.app.settings._path.read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert USER in text


def test_an_implausible_date_is_asked_for_once(
    window: Window, person: Person, book_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PC whose clock fell back to 2009 opens the book after one answer; its own clock is left alone."""
    monkeypatch.setattr(clock, "wall_ms", lambda: 1_230_768_000_000)
    unlock = offer(window, book_folder)
    card = unlock.open_card
    person.type(PASSWORD, card.password)
    person.press(Qt.Key.Key_Return, widget=card.password)
    assert window.desk is None and card.day.isVisible()
    assert "2009" in card.error.text()
    card.day.clear()
    person.type("31/02/2026", card.day)
    person.press(Qt.Key.Key_Return, widget=card.day)
    assert window.desk is None and "31/02/2026" in card.error.text()
    card.day.clear()
    person.type("23/11/2026", card.day)
    person.press(Qt.Key.Key_Return, widget=card.day)
    assert window.desk is not None
    window.app.close_book()
    unlock = offer(window, book_folder)
    person.type(PASSWORD, unlock.open_card.password)
    person.press(Qt.Key.Key_Return, widget=unlock.open_card.password)
    assert window.app.book is not None, "the book keeps the difference and does not ask again"


def test_official_codes_are_offered_for_a_typed_name(
    window: Window, person: Person, tmp_path: Path, qtbot: QtBot
) -> None:
    fill_new(window, person, tmp_path)
    card = window.unlock.new_card
    card.form.editors["name"].set_value("")
    person.type("an phu", card.form.editors["name"].field)
    qtbot.waitUntil(lambda: len(card._listed.findChildren(Button)) == 3)
    first = card._listed.findChildren(Button)[0]
    first.click()
    code = card.form.values()["code"]
    assert len(code) == 5 and code.isdigit()


def test_the_sample_opens_at_once_and_again(window: Window, home: Path) -> None:
    """The sample is made once; the next time it is only opened. Its password stands on the card."""
    from ui.unlock.gate import SAMPLE_PASSWORD

    welcome = window.unlock.welcome
    assert any(SAMPLE_PASSWORD in label.text() for label in welcome.findChildren(Label))
    welcome.sample.emit()
    assert window.app.book is not None
    folder = window.app.book.folder
    made = (folder / "book.db").stat().st_ino
    assert folder.is_relative_to(home)
    window.app.close_book()
    window.unlock.welcome.sample.emit()
    assert window.app.book is not None and window.app.book.folder == folder
    assert (folder / "book.db").stat().st_ino == made
    assert window.desk is not None and window.desk.navigation._entries["petitions"]._count > 0
