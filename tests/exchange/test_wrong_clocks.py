"""PCs whose clock stands at 2009 or 2091: their stamps stay within bounds, nothing is lost, one button mends."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hoidesk.book import clock
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.exchange.merge.mending import mend, need_of
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import inbox_dir, receive_waiting

from .books import DAY, PASSWORD, count, deliver, field, join, meet, only, register, send, take_in

FUTURE = date(2091, 5, 1)


def newest(book: Book) -> int:
    """The largest stamp in a book, in milliseconds."""
    with book.read() as connection:
        query = "SELECT max(hlc) FROM (SELECT hlc FROM row_clock UNION ALL SELECT hlc FROM history)"
        return int(connection.exec_driver_sql(query).scalar_one()) >> 16


def ms(day: date) -> int:
    return clock._ms(day)


@pytest.mark.parametrize("years", [-17, 65])
def test_a_clock_at_2009_or_2091_that_nobody_confirmed_is_taken_in_all_the_same(
    cell: Book, ward: Book, tmp_path: Path, years: int
) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    with cell.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE clock_state SET offset = offset + ?", (years * 365 * 86_400_000,))
        meeting = work.insert("meeting", {"branch_id": branch, "held_on": DAY, "present": 24}, unit="P05-2-03")
    assert ms(date(2026, 11, 1)) <= newest(cell) <= ms(DAY) + 47 * 86_400_000
    received = deliver(cell, ward, tmp_path / "b")
    assert (received.state, received.counts.new) == ("merged", 1)
    assert field(ward, "meeting", meeting, "present") == 24
    # The package told the time that the cell trusts, not the one that its PC shows.
    with ward.read() as connection:
        trusted = connection.exec_driver_sql("SELECT trusted FROM clock_state").scalar_one()
    assert trusted <= ms(DAY) + 2 * 86_400_000


def test_two_pcs_in_2091_do_not_lift_each_other(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    for book in (cell, ward):
        with book.transaction("test", "test") as work:
            work.connection.exec_driver_sql("UPDATE clock_state SET offset = offset + ?", (65 * 365 * 86_400_000,))
    for turn in range(4):
        deliver(ward, cell, tmp_path / f"a{turn}")
        with cell.transaction("test", "test") as work:
            work.insert("meeting", {"branch_id": branch, "held_on": DAY, "present": turn}, unit="P05-2-03")
        deliver(cell, ward, tmp_path / f"b{turn}")
    assert count(ward, "meeting") == 4
    assert max(newest(cell), newest(ward)) <= ms(DAY) + 47 * 86_400_000


def test_a_date_that_was_confirmed_wrongly_is_mended_with_one_button(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    before = meet(cell, branch)
    deliver(cell, ward, tmp_path / "b", receipts_to=tmp_path / "b")
    take_in(cell, [tmp_path / "b"])
    cell.close()
    with open_book(cell.folder, password=PASSWORD, today=FUTURE) as wrong:
        meeting = meet(wrong, branch, "2026-11-08")
        assert newest(wrong) >= ms(FUTURE)
        waits = only(take_in(ward, [send(wrong, tmp_path / "c").path]))
        assert waits.state == "waiting" and "ngày" in waits.sentence and count(ward, "meeting") == 1
    with open_book(cell.folder, password=PASSWORD, today=DAY) as right:
        with right.read() as connection:
            need = need_of(connection)
        assert need is not None and need.reason == "clock"
        done = mend(right)
        assert done.reason == "clock" and done.restamped > 0
        with right.read() as connection:
            assert need_of(connection) is None
        assert newest(right) <= ms(DAY) + 47 * 86_400_000
        taken = take_in(ward, [send(right, tmp_path / "d").path])
        # What waited is contained in the full package of the new life.
        assert [r.state for r in taken.results] == ["merged", "superseded"] and not list(inbox_dir(ward).iterdir())
        assert {field(ward, "meeting", m, "present") for m in (before, meeting)} == {24}
        assert deliver(ward, right, tmp_path / "e").state == "merged"
        assert receive_waiting(ward, opener=open_here) == ()
