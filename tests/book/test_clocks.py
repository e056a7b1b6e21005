"""Clocks and history are kept by triggers: also for raw SQL, one row a changed field, in stamps that only grow."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book.book import Book
from hoidesk.book.registry import registry
from hoidesk.book.triggers import QUIET_IMPORT, QUIET_MIGRATION
from hoidesk.meetings.operations import SaveMeeting


def history(book: Book) -> list[tuple[int, int, object]]:
    with book.read() as connection:
        rows = connection.execute(text("SELECT tbl, col, old FROM history ORDER BY seq, col"))
        return [tuple(row) for row in rows]


def clock(book: Book, table: str, id: UUID) -> tuple[int, int, int]:
    with book.read() as connection:
        row = connection.execute(
            text("SELECT created_seq, seq, hlc FROM row_clock WHERE tbl = :t AND id = :i"),
            {"t": registry()[table].id, "i": id.bytes},
        ).one()
        return row.created_seq, row.seq, row.hlc


def test_a_new_row_has_a_clock_and_no_history(book: Book, ids: dict[str, UUID]) -> None:
    assert history(book) == []
    created, seq, hlc = clock(book, "branch", ids["branch"])
    assert created == seq > 0 and hlc > 0


def test_one_changed_field_is_one_row_of_history(book: Book, ids: dict[str, UUID]) -> None:
    before = clock(book, "association", ids["association"])
    book.run(SaveAssociation(id=ids["association"], headquarters="12 Nguyễn Trãi"))
    assert history(book) == [(10, 28, None)]
    after = clock(book, "association", ids["association"])
    assert after[0] == before[0] and after[1] > before[1] and after[2] == before[2]
    book.run(SaveAssociation(id=ids["association"], headquarters="12 Nguyễn Trãi"))
    assert history(book) == [(10, 28, None)]


def test_raw_sql_is_seen_too(book: Book, ids: dict[str, UUID]) -> None:
    with book.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE branch SET remark = 'x', rhythm = 'monthly'")
    assert history(book) == [(11, 10, "unset"), (11, 15, None)] * 2


def test_stamps_only_grow_and_follow_one_sequence(book: Book, ids: dict[str, UUID]) -> None:
    meeting = book.run(SaveMeeting(branch_id=ids["branch"], held_on="2026-06-05")).id
    for present in range(20):
        book.run(SaveMeeting(id=meeting, invited=50, present=present))
    with book.read() as connection:
        stamps = connection.execute(text("SELECT seq, hlc FROM history ORDER BY seq")).all()
    assert len(stamps) == 21
    assert all(a.hlc <= b.hlc for a, b in pairwise(stamps))
    assert len({s.hlc for s in stamps}) == 20


def test_a_clock_far_ahead_stops_at_the_cap(book: Book, ids: dict[str, UUID]) -> None:
    year = 366 * 24 * 3600 * 1000
    with book.transaction("test", "test") as work:
        work.connection.execute(text("UPDATE clock_state SET offset = :o"), {"o": 65 * year})
    book.run(SaveAssociation(id=ids["association"], remark="2091"))
    with book.read() as connection:
        state = connection.execute(text("SELECT hlc, cap FROM clock_state")).one()
        assert state.hlc >> 16 <= state.cap
    with book.transaction("test", "test") as work:
        work.connection.execute(text("UPDATE clock_state SET offset = :o"), {"o": -17 * year})
    before = state.hlc
    book.run(SaveAssociation(id=ids["association"], remark="2009"))
    with book.read() as connection:
        assert connection.execute(text("SELECT hlc FROM clock_state")).scalar_one() > before


def test_ids_immutable_rows_and_exported_rows_are_guarded(book: Book, ids: dict[str, UUID]) -> None:
    def refused(sql: str) -> None:
        with pytest.raises(IntegrityError), book.transaction("test", "test") as work:
            work.connection.exec_driver_sql(sql)

    refused("UPDATE branch SET id = randomblob(16)")
    with book.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE clock_state SET exported_seq = seq")
    refused("DELETE FROM branch")


def test_quiet_modes(book: Book, ids: dict[str, UUID]) -> None:
    created, seq, hlc = clock(book, "association", ids["association"])
    with book.transaction("test", "test", quiet=QUIET_MIGRATION) as work:
        work.connection.exec_driver_sql("UPDATE association SET remark = 'moved'")
    assert history(book) == [(10, 32, None)]
    assert clock(book, "association", ids["association"]) == (created, seq, hlc)
    with book.read() as connection:
        assert connection.execute(text("SELECT hlc FROM history")).scalar_one() == hlc
    with book.transaction("test", "test", quiet=QUIET_IMPORT) as work:
        work.connection.exec_driver_sql("UPDATE association SET remark = 'imported'")
    assert len(history(book)) == 1
    book.run(SaveAssociation(id=ids["association"], remark="typed"))
    assert len(history(book)) == 2


def test_numbers_of_tables_and_columns_are_what_was_shipped() -> None:
    """These numbers stand in books and packages: a line here may be added, never changed."""
    shipped = {
        "unit": (1, {"tier": 4, "code": 5, "name": 6}),
        "area": (2, {"kind": 4, "code": 6, "name": 7, "effective_to": 11, "remark": 12}),
        "association": (10, {"name": 5, "type": 7, "entrusted_from": 9, "founded_on": 16, "term_to": 24, "remark": 32}),
        "branch": (11, {"association_id": 4, "area_id": 5, "kind": 6, "name": 7, "rhythm": 10}),
        "post": (12, {"title": 7, "holder": 8, "phone": 12}),
        "membership": (13, {"as_of": 6, "members": 7}),
        "party_status": (14, {"status": 5, "party_members": 12}),
        "meeting": (20, {"held_on": 8, "invited": 17, "present": 18, "remark": 24}),
        "agenda_item": (21, {"text": 8, "due_on": 10}),
        "petition": (22, {"number": 4, "text": 12, "status": 15, "closed_on": 22}),
        "forwarded_petition": (23, {"text": 5, "to_unit": 10}),
        "petition_reply": (24, {"forwarded_id": 4, "text": 7}),
        "setting": (60, {"key": 4, "value": 5}),
    }
    for name, (number, columns) in shipped.items():
        table = registry()[name]
        assert table.id == number
        for column, expected in columns.items():
            found = table.column(column)
            assert found is not None and found.id == expected
