"""Two PCs of one ward without a wire between them: numbers, merges, and an order to erase that meets a later edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SavePost
from hoidesk.book.book import Book
from hoidesk.book.search import search
from hoidesk.exchange.decide.duplicate_operations import MergeDuplicate
from hoidesk.exchange.decide.duplicate_rows import twins
from hoidesk.exchange.decide.erasure_operations import ErasePersonalData
from hoidesk.lists.commands import listing

from .books import WARD, count, decrypted, deliver, field, meet, new_book, only, register, send, take_in
from .test_siblings import pair

NAME, OTHER = "Lê Thị Hồng Gấm", "Đặng Văn Quế"


@pytest.fixture
def pcs(ward: Book, tmp_path: Path) -> Iterator[tuple[Book, Book, UUID, UUID]]:
    """Two PCs that know of each other, with a branch and a post that both hold."""
    with new_book(tmp_path, WARD, "máy hai") as second:
        pair(ward, second)
        _area, association, branch = register(ward)
        post = ward.run(SavePost(association_id=association, title="Chủ tịch", holder=NAME)).id
        deliver(ward, second, tmp_path / "0")
        deliver(second, ward, tmp_path / "1")
        yield ward, second, branch, post


def both_ways(one: Book, other: Book, stick: Path) -> None:
    for number, (sender, receiver) in enumerate([(one, other), (other, one)] * 2):
        deliver(sender, receiver, stick / str(number))


def test_numbers_given_apart_are_never_the_same(pcs: tuple[Book, Book, UUID, UUID], tmp_path: Path) -> None:
    first, second, branch, _post = pcs
    for day in (2, 3):
        meet(first, branch, f"2026-11-0{day}")
        meet(second, branch, f"2026-11-0{day + 3}")
    both_ways(first, second, tmp_path / "n")
    for book in (first, second):
        with book.read() as connection:
            numbers = sorted(row["number"] for row in listing("petitions").found(connection))
            assert [t for t in twins(connection) if t.reason == "number"] == []
        assert numbers == ["01/2026", "01/2026/M2", "02/2026", "02/2026/M2"]
    meet(second, branch, "2026-11-09")
    with second.read() as connection:
        assert "03/2026/M2" in [row["number"] for row in listing("petitions").found(connection)]


def test_a_cycle_made_by_two_pcs_ends_alike(pcs: tuple[Book, Book, UUID, UUID], tmp_path: Path) -> None:
    first, second, branch, _post = pcs
    held = [meet(first, branch, "2026-11-05") for _n in range(3)]
    both_ways(first, second, tmp_path / "a")
    a, b, c = held
    first.run(MergeDuplicate(table="meeting", duplicate=a, kept=b))
    first.run(MergeDuplicate(table="meeting", duplicate=b, kept=c))
    second.run(MergeDuplicate(table="meeting", duplicate=c, kept=a))
    both_ways(first, second, tmp_path / "b")
    for book in (first, second):
        with book.read() as connection:
            assert listing("meetings").ids(connection) == [min(held)]


def gone(book: Book, post: UUID) -> None:
    """No name in the record, its history, what lost, or search."""
    assert field(book, "post", post, "holder") is None
    with book.read() as connection:
        for table, column in (("history", "old"), ("conflict", "value"), ("search_text", "written")):
            rows = connection.exec_driver_sql(f'SELECT "{column}" FROM {table}').scalars().all()
            assert [row for row in rows if NAME in str(row) or OTHER in str(row)] == [], table
        assert search(connection, "hồng gấm") == search(connection, "văn quế") == []


def test_an_order_beats_a_later_edit_of_the_other_pc(pcs: tuple[Book, Book, UUID, UUID], tmp_path: Path) -> None:
    first, second, _branch, post = pcs
    assert field(second, "post", post, "holder") == NAME, "between PCs of one unit everything travels"
    first.run(ErasePersonalData(table="post", id=post, reason="Theo đề nghị"))
    second.run(SavePost(id=post, holder=OTHER))
    late = send(second, tmp_path / "late", first.unit.code)
    assert OTHER in str(decrypted(late.path, first))
    deliver(first, second, tmp_path / "2")
    gone(second, post)
    assert only(take_in(first, [late.path])).state == "merged"
    gone(first, post)
    both_ways(first, second, tmp_path / "3")
    for book in (first, second):
        gone(book, post)
        assert count(book, "erasure") == 1 and field(book, "post", post, "title") == "Chủ tịch"
    assert NAME not in str(decrypted(send(first, tmp_path / "4", second.unit.code).path, second))


def test_a_pc_that_comes_later_gets_the_order_and_no_name(ward: Book, tmp_path: Path) -> None:
    _area, association, _branch = register(ward)
    post = ward.run(SavePost(association_id=association, title="Chủ tịch", holder=NAME)).id
    ward.run(ErasePersonalData(table="post", id=post, reason="Theo đề nghị"))
    with new_book(tmp_path, WARD, "máy hai") as second:
        pair(ward, second)
        sent = send(ward, tmp_path / "0", second.unit.code)
        assert NAME not in str(decrypted(sent.path, second))
        assert only(take_in(second, [sent.path])).state == "merged"
        assert count(second, "erasure") == 1
        gone(second, post)
