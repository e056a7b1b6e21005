"""A file is hostile until shown otherwise: one sentence for each kind of wrong file, and nothing is read from it."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from hoidesk.errors import Refusal
from hoidesk.spreadsheets.guard import MAX_COLUMNS, MAX_ROWS
from tests.spreadsheets.sheets import DATA, read, write

GOOD = DATA / "01_danh_sach_hoi_phu_luc.xlsx"


def refused(path: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(path)
    text = caught.value.text
    assert path.name in text
    assert text.strip().endswith(".") and "\n" not in text
    return caught.value


def test_empty_missing_and_folder(tmp_path: Path) -> None:
    empty = tmp_path / "trống.xlsx"
    empty.write_bytes(b"")
    assert refused(empty).code == "sheet.empty"
    assert refused(tmp_path / "không có.xlsx").code == "sheet.missing"
    folder = tmp_path / "thư mục.xlsx"
    folder.mkdir()
    assert refused(folder).code == "sheet.folder"


@pytest.mark.parametrize("content", [b"STT;T\xc3\xaan\n1;H\xe1\xbb\x99i\n", b"%PDF-1.7\n", bytes(range(256)) * 20])
def test_foreign_content_under_the_right_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "danh sách.xlsx"
    path.write_bytes(content)
    assert refused(path).code == "sheet.foreign"


def test_a_word_document_is_foreign(tmp_path: Path) -> None:
    path = tmp_path / "bao cao.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    assert refused(path).code == "sheet.foreign"


def test_every_truncation_is_damaged_or_foreign(tmp_path: Path) -> None:
    content = GOOD.read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in range(4, len(content) - 1, 211):
        path.write_bytes(content[:size])
        assert refused(path).code in {"sheet.damaged", "sheet.foreign"}


def test_a_flipped_bit_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    content = GOOD.read_bytes()
    whole = read(GOOD).records
    path = tmp_path / "flip.xlsx"
    chance = random.Random(20260615)
    for _round in range(120):
        place = chance.randrange(len(content))
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(flipped))
        try:
            records = read(path).records
        except Refusal as refusal:
            assert path.name in refusal.text
        else:
            assert records == whole


def test_a_protected_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mat khau.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    assert refused(path).code == "sheet.protected"


def test_an_old_binary_workbook_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "cu.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600))
    assert refused(path).code == "sheet.damaged"


def test_one_cell_in_the_last_corner_is_refused_before_it_is_laid_out(tmp_path: Path) -> None:
    for name, row, column in (
        ("rows.xlsx", MAX_ROWS, 0),
        ("columns.xlsx", 0, MAX_COLUMNS),
        ("both.xlsx", 1048575, 16383),
    ):
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            sheet.write(0, 0, "Tên hội")
            sheet.write(row, column, 1)
        assert refused(path).code == "sheet.too_large"


def test_a_bomb_is_refused_by_its_unpacked_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", bytes(201 * 1024 * 1024))
    assert path.stat().st_size < 1_000_000
    assert refused(path).code == "sheet.too_large"


def test_entities_in_a_sheet_are_refused(tmp_path: Path) -> None:
    source = io.BytesIO(GOOD.read_bytes())
    path = tmp_path / "entity.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                content = content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
            new.writestr(part.filename, content)
    assert refused(path).code == "sheet.damaged"


def test_a_workbook_without_a_known_list(tmp_path: Path) -> None:
    path = write(tmp_path / "chi tieu.xlsx", {"Chi": [["Khoản", "Số tiền"], ["Điện", 1200], ["Nước", 300]]})
    assert refused(path).code == "sheet.no_list"
    assert refused(write(tmp_path / "blank.xlsx", {"Trang": []})).code == "sheet.blank"


def test_a_list_of_branches_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        read(DATA / "05_chi_hoi_o_gop.xlsx")
    assert caught.value.code == "sheet.kind"
