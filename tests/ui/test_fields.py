"""Fields are safe for Vietnamese typing: composition, backspaces of Unikey, pasted decomposed text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests import vietnamese
from tests.ui.conftest import Person
from ui.app import App
from ui.widgets.buttons import Choice
from ui.widgets.fields import ComboField, FlagField, LineField, NoteField, SearchField
from ui.widgets.form import FieldSpec, Form
from ui.widgets.refs import RefField

NFD = unicodedata.normalize("NFD", "Nguyễn Đức ở đường Trường Chinh")


@pytest.fixture
def shown(app: App, qtbot: QtBot) -> Iterator[list[QWidget]]:
    """Shows widgets and closes them."""
    widgets: list[QWidget] = []
    yield widgets
    for widget in widgets:
        widget.close()
        widget.deleteLater()


def show(shown: list[QWidget], widget: QWidget) -> None:
    shown.append(widget)
    widget.show()
    widget.activateWindow()
    widget.setFocus()


def test_typing_lands_letter_by_letter(shown: list[QWidget], person: Person) -> None:
    field = LineField()
    show(shown, field)
    person.type("Phường Hòa An, Đỗ Thị Mỹ Hạnh", field)
    assert field.text() == "Phường Hòa An, Đỗ Thị Mỹ Hạnh"
    assert field.inputMask() == ""
    assert field.completer() is None


def test_pasted_text_is_composed(shown: list[QWidget], person: Person) -> None:
    line, note = LineField(), NoteField()
    show(shown, line)
    QApplication.clipboard().setText(NFD + "\nhai")
    person.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier, line)
    assert line.text() == unicodedata.normalize("NFC", NFD) + " hai"
    mime = QMimeData()
    mime.setText(NFD)
    mime.setHtml("<b>đậm</b>")
    note.insertFromMimeData(mime)
    assert note.toPlainText() == unicodedata.normalize("NFC", NFD)
    note.deleteLater()


@given(text=vietnamese.decomposed(vietnamese.lines()))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_pasted_line_is_composed(app: App, person: Person, text: str) -> None:
    field = LineField()
    QApplication.clipboard().setText(text)
    person.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier, field)
    assert field.text() == unicodedata.normalize("NFC", text).replace("\n", " ")
    field.deleteLater()


def test_a_search_waits_for_the_word_as_unikey_types_it(shown: list[QWidget], person: Person, qtbot: QtBot) -> None:
    field = SearchField("Lọc", name="Lọc")
    show(shown, field)
    seen: list[str] = []
    field.settled.connect(seen.append)
    # Unikey writes "nguyee", takes two letters back and writes the composed one.
    person.type("nguyee", field)
    for _back in range(2):
        person.press(Qt.Key.Key_Backspace, widget=field)
    person.type("ễn", field)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["nguyễn"]


def test_text_being_composed_is_not_searched(shown: list[QWidget], qtbot: QtBot) -> None:
    field = SearchField("Lọc", name="Lọc")
    show(shown, field)
    seen: list[str] = []
    field.settled.connect(seen.append)
    QApplication.sendEvent(field, QInputMethodEvent("đươ", []))
    qtbot.wait(200)
    assert seen == []
    commit = QInputMethodEvent("", [])
    commit.setCommitString("đường")
    QApplication.sendEvent(field, commit)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["đường"]


def test_a_reference_is_found_without_accents_and_text_alone_chooses_nothing(
    shown: list[QWidget], person: Person, qtbot: QtBot
) -> None:
    field = RefField()
    field.fill([("a", "Khu phố 1"), ("b", "Khu phố 2"), ("c", "Đường Trường Chinh")])
    show(shown, field)
    person.type("duong", field)
    qtbot.waitUntil(lambda: field._list.isVisible())
    assert field._list.count() == 1
    assert field.value() == ""
    person.press(Qt.Key.Key_Return, widget=field)
    assert (field.value(), field.text()) == ("c", "Đường Trường Chinh")
    field.selectAll()
    person.type("không có", field)
    field.clearFocus()
    assert (field.value(), field.text()) == ("c", "Đường Trường Chinh")
    field.setFocus()
    field.selectAll()
    person.press(Qt.Key.Key_Delete, widget=field)
    field.clearFocus()
    assert field.value() == ""


def test_arrows_and_escape_in_a_reference(shown: list[QWidget], person: Person) -> None:
    field = RefField()
    field.fill([("a", "Khu phố 1"), ("b", "Khu phố 2")])
    show(shown, field)
    person.press(Qt.Key.Key_Down, widget=field)
    assert field._list.isVisible()
    person.press(Qt.Key.Key_Escape, widget=field)
    assert not field._list.isVisible()
    person.press(Qt.Key.Key_Down, widget=field)
    person.press(Qt.Key.Key_Down, widget=field)
    person.press(Qt.Key.Key_Return, widget=field)
    assert field.value() == "b"


def test_a_list_keeps_its_value_when_it_is_filled_again(app: App) -> None:
    field = ComboField()
    field.fill([("a", "Một"), ("b", "Hai")])
    assert field.value() == ""
    field.choose("b")
    field.fill([("a", "One"), ("b", "Two")])
    assert (field.value(), field.currentText()) == ("b", "Two")
    field.deleteLater()


def test_space_ticks_the_box(shown: list[QWidget], person: Person) -> None:
    box = FlagField()
    show(shown, box)
    person.press(Qt.Key.Key_Space, widget=box)
    assert box.isChecked()


def test_a_form_gives_text_back_as_typed_and_shows_errors_at_the_field(shown: list[QWidget], person: Person) -> None:
    form = Form(
        [
            FieldSpec("name", "Tên"),
            FieldSpec("on", "Ngày", "day", echo=lambda text: f"<{text}>"),
            FieldSpec("kind", "Loại", "choice", options=lambda: [("a", "Một"), ("b", "Hai")]),
            FieldSpec("yes", "Có", "flag"),
            FieldSpec("text", "Nội dung", "note"),
        ]
    )
    show(shown, form)
    form.load({"name": "Khu phố 1", "kind": "b", "yes": "1", "text": "dòng 1\ndòng 2"})
    person.type("31/02", form.editors["on"].field)
    assert form.values() == {
        "name": "Khu phố 1",
        "on": "31/02",
        "kind": "b",
        "yes": "1",
        "text": "dòng 1\ndòng 2",
    }
    assert form.words()["kind"] == "Hai"
    assert form.say_error("on", "Không có ngày 31/02.")
    assert form.editors["on"].error() == "Không có ngày 31/02."
    assert form.editors["on"].field.property("wrong") is True
    assert not form.say_error("nowhere", "x")
    person.type("6", form.editors["on"].field)
    assert form.editors["on"].error() == ""


def test_every_field_has_a_name_for_screen_readers(app: App) -> None:
    form = Form([FieldSpec("name", "Tên"), FieldSpec("kind", "Loại", "choice", options=lambda: [])])
    assert [editor.field.accessibleName() for editor in form.editors.values()] == ["Tên", "Loại"]
    assert all(not isinstance(e.field, QLineEdit) or not e.field.inputMask() for e in form.editors.values())
    form.deleteLater()


def test_a_choice_takes_its_key_only_while_it_has_the_focus(shown: list[QWidget], person: Person) -> None:
    choice = Choice("Không có kiến nghị", key="K")
    show(shown, choice)
    person.press(Qt.Key.Key_X, widget=choice)
    assert not choice.isChecked()
    person.press(Qt.Key.Key_K, widget=choice)
    assert choice.isChecked()


def test_a_reference_reads_back_what_is_chosen_not_what_is_typed(shown: list[QWidget], person: Person) -> None:
    form = Form([FieldSpec("who", "Chi hội", "ref", options=lambda: [("a", "Chi hội 1"), ("b", "Chi hội 2")])])
    show(shown, form)
    form.load({"who": "b"})
    person.type("zzz", form.editors["who"].field)
    assert form.words()["who"] == "Chi hội 2"
