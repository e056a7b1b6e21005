"""The A5 sheet that may go with a package: what the book remembers of it, in Vietnamese, and nothing of the content."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hoidesk.book.book import Book
from hoidesk.errors import UserError
from hoidesk.exchange.handing_over import handover_of, handover_sheet, sheet_offered
from hoidesk.exchange.outgoing import outlooks
from hoidesk.language import use_language
from hoidesk.paper.handover import Handover
from hoidesk.paper.preview import page_sizes, page_texts

from .books import PASSWORD, join, meet, register, send, take_in

ROOT = Path(__file__).resolve().parents[2]


def sheet_of(book: Book, number: int) -> Handover:
    with book.read() as connection:
        return handover_of(book, connection, number)


def test_the_sheet_says_what_the_package_holds(ward: Book, cell: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    first = send(ward, tmp_path / "a", "P05-2-03")
    meet(ward, branch)
    (ahead,) = outlooks(ward, ["P05-2-03"])
    second = send(ward, tmp_path / "b", "P05-2-03")
    sheet = sheet_of(ward, second.number)
    assert (sheet.from_name, sheet.to_name, sheet.file_name) == (ward.unit.name, cell.unit.name, second.path.name)
    assert (sheet.replaces, ahead.replaces) == (first.number, first.number)
    assert dict(sheet.counts) == dict(second.counts) == dict(ahead.counts), "what was promised, written, and printed"
    assert sum(rows for _label, rows in sheet.counts) == second.rows
    assert sheet.digits == second.digits and second.digits in sheet.qr
    assert sheet_of(ward, first.number).replaces is None

    # Once the receipt is there the sheet of an old package still says what was so when it was written.
    take_in(cell, [second.path], tmp_path / "back")
    take_in(ward, [tmp_path / "back"])
    assert sheet_of(ward, second.number).replaces == first.number
    third = send(ward, tmp_path / "c", "P05-2-03")
    assert sheet_of(ward, third.number).replaces is None


def test_the_sheet_is_vietnamese_and_names_nobody(ward: Book, cell: Book, tmp_path: Path) -> None:
    join(ward, cell)
    meet(ward, register(ward)[2])
    sent = send(ward, tmp_path / "a", "P05-2-03")
    use_language("en")
    try:
        pdf = handover_sheet(ward, sent.number)
    finally:
        use_language("vi")
    (text,) = page_texts(pdf)
    (size,) = page_sizes(pdf)
    assert (round(size.width), round(size.height)) == (420, 595)
    assert "BIÊN BẢN GIAO NHẬN" in text and "Chi hội" in text and "Mã biên nhận" in text
    assert "Ánh Tuyết" not in text and "Xã Đàn" not in text


def test_a_package_that_reached_no_stick_has_no_sheet(ward: Book, cell: Book, tmp_path: Path) -> None:
    join(ward, cell)
    register(ward)
    with pytest.raises(UserError):
        sheet_of(ward, 1)
    with ward.transaction("made", "test") as work:
        work.connection.exec_driver_sql(
            "INSERT INTO package_out(inc, number, id, unit, kind, first, last, at, rows, size, digits) "
            "SELECT inc, 7, randomblob(16), 'P05-2-03', 'full', 0, 1, '2026-11-12T05:00:00.000+00:00', 1, 1, '' "
            "FROM clock_state"
        )
    with pytest.raises(UserError) as caught:
        sheet_of(ward, 7)
    assert caught.value.code == "handover.none"


@pytest.mark.parametrize(
    ("said", "tier", "offered"),
    [
        ("usual", "cell", False),
        ("usual", "ward", True),
        ("yes", "cell", True),
        ("no", "ward", False),
        ("usual", "district", True),
    ],
)
def test_the_office_decides_whether_it_is_offered(said: str, tier: str, offered: bool) -> None:
    assert sheet_offered({"paper.handover": said}, tier) is offered


def test_the_command_writes_it(ward: Book, cell: Book, tmp_path: Path) -> None:
    join(ward, cell)
    register(ward)
    sent = send(ward, tmp_path / "a", "P05-2-03")
    out = tmp_path / "tờ giao nhận.pdf"
    command = [sys.executable, "-m", "hoidesk", "handover", str(ward.folder), str(sent.number), "--out", str(out)]
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"HOIDESK_PASSWORD": PASSWORD}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert out.read_bytes() == handover_sheet(ward, sent.number)
