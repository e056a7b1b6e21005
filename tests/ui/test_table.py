"""The table: pages read when they are seen, a true count, selection that survives, group rows, keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Person
from ui.app import App
from ui.widgets.cells import CELL, Cell, Column, GroupRow
from ui.widgets.model import PAGE, Deliver, IdListModel
from ui.widgets.table import TableView

COLUMNS = (
    Column("name", "Tên", lambda row: Cell(f"hàng {row}"), sort="name"),
    Column("number", "Số", lambda row: Cell(str(row)), width=6, right=True, priority=2),
    Column("more", "Thêm", lambda row: Cell(""), width=6, priority=3),
)


class Source:
    """Delivers rows at once, or when it is told to."""

    def __init__(self, late: bool = False) -> None:
        self.asked: list[list[Any]] = []
        self.late = late
        self.waiting: list[tuple[list[Any], Deliver]] = []

    def __call__(self, keys: list[Any], deliver: Deliver) -> None:
        self.asked.append(keys)
        if self.late:
            self.waiting.append((keys, deliver))
        else:
            deliver(list(keys))


@pytest.fixture
def table(app: App, qtbot: QtBot) -> Iterator[TableView]:
    made = TableView(COLUMNS, Source(), name="Danh sách")
    made.resize(700, 400)
    made.show()
    made.activateWindow()
    yield made
    made.close()
    made.deleteLater()


def texts(model: IdListModel, rows: Sequence[int]) -> list[str]:
    return [str(model.index(row, 0).data()) for row in rows]


def test_only_the_pages_that_are_seen_are_read(app: App) -> None:
    source = Source()
    model = IdListModel(COLUMNS, source)
    model.set_keys(list(range(100_000)))
    assert model.rowCount() == 100_000
    assert source.asked == []
    assert texts(model, [0, 5, 99_999]) == ["hàng 0", "hàng 5", "hàng 99999"]
    assert [len(keys) for keys in source.asked] == [PAGE, 100_000 % PAGE]


def test_rows_that_are_being_read_are_empty_then_appear(app: App) -> None:
    source = Source(late=True)
    model = IdListModel(COLUMNS, source)
    model.set_keys([1, 2, 3])
    seen: list[int] = []
    model.dataChanged.connect(lambda first, last: seen.append(last.row()))
    assert texts(model, [0, 1]) == ["", ""]
    assert len(source.asked) == 1
    keys, deliver = source.waiting[0]
    deliver(keys)
    assert texts(model, [0, 2]) == ["hàng 1", "hàng 3"]
    assert seen == [2]


def test_an_answer_for_an_old_list_is_dropped(app: App) -> None:
    source = Source(late=True)
    model = IdListModel(COLUMNS, source)
    model.set_keys([1])
    texts(model, [0])
    model.set_keys([9])
    keys, deliver = source.waiting[0]
    deliver(keys)
    assert texts(model, [0]) == [""]


def test_old_pages_are_forgotten_and_read_again(app: App) -> None:
    source = Source()
    model = IdListModel(COLUMNS, source)
    model.set_keys(list(range(PAGE * 60)))
    for page in range(60):
        texts(model, [page * PAGE])
    texts(model, [0])
    assert len(source.asked) == 61


def test_the_chosen_record_survives_a_refresh(table: TableView) -> None:
    table.clearFocus()
    seen: list[object] = []
    table.current.connect(seen.append)
    table.set_keys(["a", "b", "c"])
    assert table.choose("b")
    table.set_keys(["x", "a", "b"])
    assert table.chosen == "b"
    assert table.currentIndex().row() == 2
    assert seen == ["b"]
    table.set_keys(["x"])
    assert table.chosen is None


def test_a_row_that_was_a_group_gets_its_height_back(table: TableView) -> None:
    def heights() -> list[int]:
        return [table.rowHeight(number) for number in range(table.ids.rowCount())]

    table.set_keys([GroupRow("Quá hạn"), "a", "b", GroupRow("Sắp đến hạn"), "c"])
    low, row = heights()[:2]
    assert low < row
    assert heights() == [low, row, row, low, row]
    table.set_keys([GroupRow("Quá hạn"), "a", GroupRow("Sắp đến hạn"), "b", "c"])
    assert heights() == [low, row, low, row, row]
    table.set_keys(["a", "b", "c"])
    assert heights() == [row, row, row]


def test_group_rows_are_headings_that_cannot_be_chosen(table: TableView, person: Person) -> None:
    table.set_keys([GroupRow("Quá hạn (1)"), "a", GroupRow("Sắp tới (1)"), "b"])
    assert table.ids.keys() == ["a", "b"]
    assert table.columnSpan(0, 0) == len(COLUMNS)
    assert not table.ids.flags(table.ids.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
    table.setFocus()
    assert table.chosen == "a"
    person.press(Qt.Key.Key_Down, widget=table)
    person.press(Qt.Key.Key_Down, widget=table)
    assert table.chosen == "b"


def test_enter_and_double_click_open(table: TableView, person: Person, qtbot: QtBot) -> None:
    opened: list[object] = []
    table.opened.connect(opened.append)
    table.set_keys(["a", "b"])
    table.choose("b")
    person.press(Qt.Key.Key_Return, widget=table)
    place = table.visualRect(table.ids.index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["b", "a"]


def test_columns_give_way_by_priority(table: TableView) -> None:
    for number, hidden in ((3, []), (2, [2]), (1, [1, 2])):
        table.set_width_class(number)
        assert [n for n in range(3) if table.isColumnHidden(n)] == hidden
    assert table.edge_columns() == (0, 0)


def test_a_heading_asks_for_its_order(table: TableView) -> None:
    asked: list[str] = []
    table.sort_asked.connect(asked.append)
    table.horizontalHeader().sectionClicked.emit(0)
    table.horizontalHeader().sectionClicked.emit(1)
    assert asked == ["name"]


def test_rows_for_a_spreadsheet(table: TableView) -> None:
    assert table.rows_as_text([1, 2]) == "Tên\tSố\tThêm\nhàng 1\t1\t\nhàng 2\t2\t"


def test_screen_readers_hear_heading_and_cell(table: TableView) -> None:
    table.set_keys([7])
    index = table.ids.index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Số: 7"
    assert isinstance(index.data(CELL), Cell)
    assert table.accessibleName() == "Danh sách"


def test_painting_every_kind_of_cell(app: App, qtbot: QtBot) -> None:
    cells = [
        Cell("Quá 41 ngày", tone="bad", chip=True),
        Cell("Đủ", tone="ok", icon="check"),
        Cell("Hai dòng", second="dòng hai", bold=True),
        Cell("thụt vào", indent=2, role="text2"),
        Cell(),
    ]
    table = TableView((Column("c", "C", lambda row: cells[row]),), Source(), name="x", row_height=3.2)
    table.set_keys([GroupRow("Nhóm"), *range(len(cells))])
    table.choose(2)
    for theme in ("light", "dark", "contrast"):
        app.set_theme(theme)
        picture = table.grab()
        assert not picture.isNull()
    table.deleteLater()
