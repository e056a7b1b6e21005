"""The workbook: real numbers and days, text never a formula, live totals that give the printed numbers."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from python_calamine import load_workbook

from hoidesk.paper.model import Annex, Cell, Column, HeaderCell, Row, Table, row
from hoidesk.paper.xlsx import xlsx_bytes
from tests.paper.samples import report


@pytest.fixture(scope="module")
def data() -> bytes:
    return xlsx_bytes(report())


def _formulas(data: bytes, sheet: str) -> Any:
    return openpyxl.load_workbook(BytesIO(data))[sheet]


def _only(table: Table) -> bytes:
    return xlsx_bytes(replace(report(), annexes=(Annex("", "Bảng", "", (table,)),)))


def test_values_keep_their_kind(data: bytes) -> None:
    book = load_workbook(BytesIO(data))
    assert book.sheet_names == ["A1", "A3a"]
    rows = book.get_sheet_by_name("A1").to_python()
    assert [1.0, "Hội Chữ thập đỏ", date(2024, 11, 5), 512.0] in rows
    assert [2.0, "=1+1", date(2025, 3, 1), 0.0] in rows
    assert [3.0, "Hội Nạn nhân chất độc da cam/Dioxin & <khác>", "", ""] in rows


def test_text_is_never_a_formula(data: bytes) -> None:
    sheet = _formulas(data, "A1")
    cell = next(c for line in sheet.iter_rows() for c in line if c.value == "=1+1")
    assert cell.data_type == "s" or cell.data_type == "inlineStr"
    xml = zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>1+1</f>" not in xml


def test_totals_are_live_and_give_the_printed_number(data: bytes) -> None:
    sheet = _formulas(data, "A3a")
    total = next(line for line in sheet.iter_rows() if line[1].value == "Cộng")
    assert str(total[2].value).startswith("=SUM(") and str(total[5].value).startswith("=IF(")
    values = next(r for r in load_workbook(BytesIO(data)).get_sheet_by_name("A3a").to_python() if r[1] == "Cộng")
    assert values[2:5] == [24.0, 4800.0, 4000.0]
    assert values[5] == pytest.approx(100 * 4000 / 4800)


def test_a_total_that_was_counted_again_is_written_as_the_number() -> None:
    columns = (Column(40), Column(20, "right", "count", "sum"))
    header = ((HeaderCell("Hội"), HeaderCell("Cuộc họp")),)
    shared = Table("A", columns, header, (row("Hội A", 3), row("Hội B", 3), row("Cộng", 5, kind="total")))
    sheet = _formulas(_only(shared), "A")
    assert next(line for line in sheet.iter_rows() if line[0].value == "Cộng")[1].value == 5


def test_subtotals_are_not_counted_twice() -> None:
    columns = (Column(40), Column(20, "right", "count", "sum"))
    header = ((HeaderCell("Cụm"), HeaderCell("Đăng ký")),)
    rows = (
        row("Cụm 1", 5, kind="subtotal"), row("KP 1", 2), row("KP 2", 3),
        row("Cụm 2", 4, kind="subtotal"), row("KP 3", 4), row("Cộng", 9, kind="total"),
    )  # fmt: skip
    sheet = _formulas(_only(Table("A4", columns, header, rows)), "A4")
    found = {line[0].value: line[1].value for line in sheet.iter_rows() if line[0].value}
    assert found["Cụm 1"] == "=SUBTOTAL(9,B6:B7)" and found["Cụm 2"] == "=SUBTOTAL(9,B9)"
    assert found["Cộng"] == "=SUBTOTAL(9,B5:B9)"


def test_no_data_cell_is_merged_and_the_header_repeats(data: bytes) -> None:
    sheet = _formulas(data, "A3a")
    first = next(line[0].row for line in sheet.iter_rows() if line[0].value == 1)
    last = next(line[1].row for line in sheet.iter_rows() if line[1].value == "Cộng")
    assert all(area.max_row < first or area.min_row > last for area in sheet.merged_cells.ranges)
    assert sheet.print_title_rows == f"${first - 2}:${first - 1}"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0
    assert sheet.page_setup.paperSize == 9


def test_number_formats_are_those_of_an_office(data: bytes) -> None:
    sheet = _formulas(data, "A3a")
    line = next(line for line in sheet.iter_rows() if line[0].value == 1)
    assert line[2].number_format == "#,##0" and line[4].number_format == '#,##0"*"'
    assert line[1].font.name == "Times New Roman"
    day = next(c for r in _formulas(data, "A1").iter_rows() for c in r if c.is_date)
    assert day.number_format == "dd/mm/yyyy"


def test_odd_names_make_lawful_sheets_each_once() -> None:
    columns, header = (Column(40),), ((HeaderCell("=x"),),)
    tables = tuple(Table("A/1:[x]?*" + "ô" * 40, columns, header, (row("a"),)) for _number in range(3))
    book = load_workbook(BytesIO(xlsx_bytes(replace(report(), annexes=(Annex("", "t", "", tables),)))))
    assert len(set(book.sheet_names)) == 3 and all(len(name) <= 31 for name in book.sheet_names)
    assert all(book.get_sheet_by_name(name).to_python()[-2][0] == "=x" for name in book.sheet_names)


def test_a_rate_without_denominator_stays_words() -> None:
    columns = (Column(40), Column(20, "right", "count", "sum"), Column(20, "right", "count", "sum"),
               Column(20, "right", "rate", "recompute", (1, 2)))  # fmt: skip
    header = (tuple(HeaderCell(t) for t in "abcd"),)
    rows = (row("x", 0, 0, "không có"), Row((Cell("Cộng"), Cell(0), Cell(0), Cell("không có")), "total"))
    values = load_workbook(BytesIO(_only(Table("A", columns, header, rows)))).get_sheet_by_name("A").to_python()
    assert values[-1][3] == "không có"
    some = (row("x", 1, 3, Decimal(100) / 3), row("Cộng", 1, 3, Decimal(100) / 3, kind="total"))
    sheet = _formulas(_only(Table("A", columns, header, some)), "A")
    assert str(sheet.cell(sheet.max_row, 4).value).startswith("=IF(C")
