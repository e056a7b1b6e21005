"""Books that were copied, moved or put back behind the program's back begin a new life at their next opening."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.places import state_dir
from tests.book.books import PASSWORD


def incarnation(folder: Path) -> tuple[str, tuple[str, ...]]:
    with open_book(folder, password=PASSWORD) as book, book.read() as connection:
        inc = bytes(connection.exec_driver_sql("SELECT inc FROM clock_state").scalar_one()).hex()
        return inc, book.notices


def test_a_book_that_stays_where_it_is_keeps_its_life(book: Book) -> None:
    book.close()
    first = incarnation(book.folder)
    assert incarnation(book.folder) == first and first[1] == ()


def test_a_copy_beside_the_original_becomes_a_pc_of_its_own(book: Book, ids: dict[str, UUID], tmp_path: Path) -> None:
    book.close()
    inc, _notices = incarnation(book.folder)
    copy = Path(shutil.copytree(book.folder, tmp_path / "bản sao.hoibook"))
    other, told = incarnation(copy)
    assert other != inc and len(told) == 1
    # Told once; and the original goes on as it was.
    assert incarnation(copy) == (other, ())
    assert incarnation(book.folder) == (inc, ())
    with open_book(copy, password=PASSWORD) as opened, opened.read() as connection:
        vector = connection.exec_driver_sql("SELECT inc FROM vector").scalars().all()
    assert [bytes(i).hex() for i in vector] == [inc]


def test_a_folder_that_was_only_moved_keeps_its_life(book: Book, tmp_path: Path) -> None:
    book.close()
    inc, _notices = incarnation(book.folder)
    moved = Path(shutil.move(book.folder, tmp_path / "chỗ mới.hoibook"))
    assert incarnation(moved) == (inc, ())


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_book_that_was_put_back_begins_a_new_life(
    book: Book, ids: dict[str, UUID], tmp_path: Path, elsewhere: bool
) -> None:
    book.close()
    inc, _notices = incarnation(book.folder)
    old = Path(shutil.copytree(book.folder, tmp_path / "cũ.hoibook"))
    with open_book(book.folder, password=PASSWORD) as now:
        now.run(SaveAssociation(id=ids["association"], remark="Viết sau khi sao"))
    shutil.rmtree(book.folder)
    target = tmp_path / "nơi khác.hoibook" if elsewhere else book.folder
    os.rename(old, target)
    other, told = incarnation(target)
    assert other != inc and len(told) == 1
    assert incarnation(target) == (other, ())


def test_a_book_from_another_pc_begins_a_new_life(book: Book, tmp_path: Path) -> None:
    book.close()
    inc, _notices = incarnation(book.folder)
    shutil.rmtree(state_dir() / "witness")
    # The same folder without a witness is another user of this PC.
    assert incarnation(book.folder) == (inc, ())
    shutil.rmtree(state_dir() / "witness")
    moved = Path(shutil.move(book.folder, tmp_path / "máy khác.hoibook"))
    other, told = incarnation(moved)
    assert other != inc and len(told) == 1


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"x": 5}', b'{"x": {"inc": 1}}', b"\xff\x00"])
def test_a_damaged_witness_hinders_nothing(book: Book, damage: bytes) -> None:
    book.close()
    inc, _notices = incarnation(book.folder)
    for file in (state_dir() / "witness").iterdir():
        file.write_bytes(damage)
    assert incarnation(book.folder) == (inc, ())


def test_a_place_where_nothing_can_be_kept_hinders_nothing(book: Book) -> None:
    book.close()
    inc, _notices = incarnation(book.folder)
    shutil.rmtree(state_dir() / "witness")
    (state_dir() / "witness").write_text("đây không phải thư mục", encoding="utf-8")
    assert incarnation(book.folder) == (inc, ())
