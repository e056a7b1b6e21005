"""Numbers of petitions run in series: one a PC, so that two PCs without a wire between them never give the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.book.work import UnitIdentity
from hoidesk.lists.commands import listing
from hoidesk.meetings.operations import SavePetition
from hoidesk.meetings.rules import number_in_series, number_series

WARD = UnitIdentity("ward", "P05-2", "Phường Ô Chợ Dừa")
CELL = UnitIdentity("cell", "P05-2-03", "Khu phố 3")
_units = st.sampled_from([WARD, CELL])


@given(_units, _units, st.integers(1, 40), st.integers(1, 40), st.integers(1, 10**6), st.integers(2020, 2099))
def test_no_number_belongs_to_two_series(
    one: UnitIdentity, other: UnitIdentity, pc: int, second: int, running: int, year: int
) -> None:
    before, behind = number_series(one, pc, year)
    written = f"{before}{running:02}{behind}"
    assert number_in_series(written, before, behind) == running
    if (one, pc) != (other, second):
        assert number_in_series(written, *number_series(other, second, year)) == 0
    assert number_in_series(written, *number_series(one, pc, year + 1)) == 0


@given(st.text(max_size=30))
def test_any_typed_number_can_be_asked(typed: str) -> None:
    assert number_in_series(typed, "", "/2026") >= 0


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    with create_book(
        tmp_path / "phường", tier="ward", code="P05-2", name="Phường", user="Bích", password="rất dài 12"
    ) as b:
        b.run(SaveAssociation(name="Hội Chữ thập đỏ", kind="association"))
        yield b


def petition(book: Book, words: str, **more: str) -> str:
    with book.read() as connection:
        association = listing("associations").ids(connection)[0]
    id_ = book.run(
        SavePetition(association_id=association, text=words, raised_on="2026-03-01", registered_on="2026-03-02", **more)
    ).id
    with book.read() as connection:
        (row,) = listing("petitions").rows(connection, [id_])
    return str(row["number"])


def test_each_pc_counts_for_itself(ward: Book) -> None:
    assert [petition(ward, "Sửa đèn"), petition(ward, "Nạo vét cống")] == ["01/2026", "02/2026"]
    with ward.transaction("test", "test") as work:
        work.connection.exec_driver_sql("INSERT OR REPLACE INTO exchange_state(name, value) VALUES('pc', '2')")
    assert [petition(ward, "Trồng cây"), petition(ward, "Sân chơi")] == ["01/2026/M2", "02/2026/M2"]
    assert petition(ward, "Số gõ tay", number="07/2026") == "07/2026"
    with ward.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE exchange_state SET value = '1' WHERE name = 'pc'")
    assert petition(ward, "Lát gạch") == "08/2026"


def test_the_list_stands_in_the_order_of_the_numbers(ward: Book) -> None:
    for number in ("99/2026", "100/2026", "09/2026", "101/2026"):
        petition(ward, f"Việc {number}", number=number)
    with ward.read() as connection:
        found = [row["number"] for row in listing("petitions").found(connection)]
    assert found == ["101/2026", "100/2026", "99/2026", "09/2026"]
