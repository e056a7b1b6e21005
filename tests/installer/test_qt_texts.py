"""Qt's own buttons, menus and dialogs speak Vietnamese: Qt ships no Vietnamese catalogue, this project does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QKeySequence, QUndoStack
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QPushButton, QTextEdit, QTreeView
from pytestqt.qtbot import QtBot

from hoidesk.places import catalogues
from ui.actions import ACTIONS

ENGLISH = re.compile(
    r"\b(?:the|file|save|open|cancel|yes|no|discard|undo|copy|paste|cut|name|size|look|select)\b", re.I
)


@pytest.fixture(autouse=True)
def translator(qapp: QCoreApplication) -> Iterator[None]:
    """The compiled catalogue, installed for one test."""
    translator = QTranslator()
    assert translator.load(str(catalogues() / "qtbase_vi.qm"))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def plain(text: str) -> str:
    """A text without its mnemonic and its key."""
    return text.replace("&", "").split("\t")[0]


def test_buttons(qtbot: QtBot) -> None:
    box = QMessageBox()
    qtbot.addWidget(box)
    button = QMessageBox.StandardButton
    box.setStandardButtons(button.Save | button.Discard | button.Cancel | button.Yes | button.No | button.Close)
    assert {plain(each.text()) for each in box.buttons()} == {"Lưu", "Không lưu", "Thôi", "Có", "Không", "Đóng"}


@pytest.mark.parametrize("kind", [QLineEdit, QTextEdit])
def test_menus_of_text_fields(qtbot: QtBot, kind: type[QLineEdit | QTextEdit]) -> None:
    field = kind()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    texts = [plain(action.text()) for action in menu.actions() if action.text()]
    assert texts == ["Hoàn tác", "Làm lại", "Cắt", "Chép", "Dán", "Xóa", "Chọn tất cả"]
    assert all("Ctrl+" in action.text() for action in menu.actions() if plain(action.text()) in {"Chép", "Dán"})
    menu.deleteLater()


def test_the_file_dialog_has_no_english_left(qtbot: QtBot) -> None:
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    model = dialog.findChildren(QTreeView)[0].model()
    headers = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    labels, buttons = dialog.findChildren(QLabel), dialog.findChildren(QPushButton)
    texts = [plain(text) for text in (*(each.text() for each in labels), *(each.text() for each in buttons))]
    assert headers == ["Tên", "Cỡ", "Loại", "Ngày sửa"]
    assert "Thôi" in texts
    assert [text for text in texts if ENGLISH.search(text)] == []


def test_undo_names_what_it_undoes(qtbot: QtBot) -> None:
    stack = QUndoStack()
    assert plain(stack.createUndoAction(stack).text()) == "Hoàn tác"
    assert QCoreApplication.translate("QUndoStack", "Undo %1") == "Hoàn tác %1"


def test_what_has_no_translation_keeps_its_text() -> None:
    # An empty answer instead of none would blank every other text of Qt.
    assert QCoreApplication.translate("QShortcut", "Ctrl") == "Ctrl"
    assert QCoreApplication.translate("QFontDialog", "Sample") == "Sample"


def test_keys_keep_their_names_apart() -> None:
    # "Return" translated to "Enter" once made Ctrl+Return and Ctrl+Enter one key, and then neither worked.
    native = QKeySequence.SequenceFormat.NativeText
    portable = QKeySequence.SequenceFormat.PortableText
    names = [key for spec in ACTIONS for key in spec.keys]
    keys = [QKeySequence.fromString(name, portable) for name in names]
    assert len({key.toString(native) for key in keys}) == len(keys)
    assert [QKeySequence.fromString(name, native) for name in names] == keys
