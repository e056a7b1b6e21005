"""The same thing written twice: merged by an alias row, counted once everywhere, and taken apart again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from hoidesk.associations.operations import SaveBranch, SaveMembership
from hoidesk.book.book import Book
from hoidesk.book.operations import Void, parse_operation
from hoidesk.book.rows import record
from hoidesk.book.search import search
from hoidesk.errors import UserError
from hoidesk.exchange.decide.aliases import alias_id, resolve
from hoidesk.exchange.decide.duplicate_operations import DismissDuplicate, MergeDuplicate, SplitDuplicate
from hoidesk.exchange.decide.duplicate_rows import belonging, twins
from hoidesk.exchange.decide.duplicates import Candidate, keys_of, pairs
from hoidesk.figures.evaluation import evaluate, split, trace
from hoidesk.figures.window import Window
from hoidesk.lists.commands import listing
from hoidesk.meetings.operations import SaveMeeting, SavePetition
from hoidesk.units.operations import SaveArea

from .books import WARD, decrypted, deliver, join, meet, new_book, register, send

YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
IDS = [bytes([n]) * 16 for n in range(1, 8)]

# The pure function

_one = st.sampled_from(IDS)
_pairs = st.lists(st.tuples(_one, _one), max_size=12)


@given(_pairs, _pairs.map(lambda found: found[:2]), st.sets(_one), st.randoms())
def test_the_order_and_the_number_of_decisions_do_not_matter(
    same: list[tuple[bytes, bytes]], different: list[tuple[bytes, bytes]], voided: set[bytes], random: object
) -> None:
    standing = set(IDS) - voided
    once = resolve(same, different, present=IDS, standing=standing)
    mixed = [*same, *same[: len(same) // 2]]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert resolve(mixed, different[::-1], present=IDS[::-1], standing=standing) == once
    assert not set(once) & set(once.values()), "what counts for another is itself a duplicate: a cycle"


@given(_pairs)
def test_what_is_one_thing_counts_for_one_record(same: list[tuple[bytes, bytes]]) -> None:
    found = resolve(same, [], present=IDS, standing=IDS)
    for duplicate, kept in same:
        assert found.get(duplicate, duplicate) == found.get(kept, kept)


@given(_pairs, st.tuples(_one, _one))
def test_different_things_are_never_merged_also_not_by_way_of_a_third(
    same: list[tuple[bytes, bytes]], pair: tuple[bytes, bytes]
) -> None:
    found = resolve(same, [pair], present=IDS, standing=IDS)
    if pair[0] != pair[1]:
        assert found.get(pair[0], pair[0]) != found.get(pair[1], pair[1])


def test_a_chain_ends_at_the_record_that_is_nobodys_duplicate() -> None:
    a, b, c = IDS[:3]
    assert resolve([(a, b), (b, c)], [], present=IDS, standing=IDS) == {a: c, b: c}
    assert resolve([(a, b), (b, a)], [], present=IDS, standing=IDS) == {b: a}
    # The kept one was set aside elsewhere meanwhile: the other must not vanish with it.
    assert resolve([(a, b)], [], present=IDS, standing={a}) == {b: a}
    assert resolve([(a, b)], [], present=[a], standing={a}) == {}


@given(st.permutations([(1, "Hội Chữ thập đỏ"), (2, "HỘI CHỮ THẬP ĐỎ"), (3, "Hội Người mù"), (4, "hoi chu thap do.")]))
def test_proposals_do_not_depend_on_the_order(names: list[tuple[int, str]]) -> None:
    candidates = [
        Candidate(UUID(int=n), "P05-2", tuple(keys_of("association", {"kind": "association", "name": name})))
        for n, name in names
    ]
    assert [(one.int, other.int) for one, other, _why in pairs(candidates)] == [(1, 2), (1, 4), (2, 4)]
    settled = {frozenset((UUID(int=1), UUID(int=4)))}
    assert [(one.int, other.int) for one, other, _why in pairs(candidates, settled)] == [(1, 2), (2, 4)]


def test_units_hours_and_years_keep_records_apart() -> None:
    def meeting(number: int, unit: str, starts: str) -> Candidate:
        values = {"branch_id": 1, "association_id": None, "area_id": None, "kind": "regular", "held_on": YEAR.start}
        return Candidate(UUID(int=number), unit, tuple(keys_of("meeting", values)), starts)

    found = pairs([meeting(1, "A", "08:00"), meeting(2, "A", "14:00"), meeting(3, "A", ""), meeting(4, "B", "08:00")])
    assert [(one.int, other.int) for one, other, _why in found] == [(1, 3), (2, 3)]
    petition = {"branch_id": 1, "association_id": None, "area_id": None, "number": "05/2026", "text": "Đèn ngõ 12"}
    keys = dict(keys_of("petition", petition | {"raised_on": date(2026, 3, 1)}))
    assert keys != dict(keys_of("petition", petition | {"raised_on": date(2027, 3, 1)}))
    assert keys["number"] == ("05/2026", 2026)


# In real books


@pytest.fixture
def books(ward: Book, cell: Book, district: Book, tmp_path: Path) -> Iterator[tuple[Book, Book, Book, UUID, UUID]]:
    """A ward, its cell and its district that exchange; the same branch was written at the ward and at the cell."""
    join(district, ward)
    join(ward, cell)
    area, association, branch = register(ward)
    deliver(ward, cell, tmp_path / "1")
    again = cell.run(
        SaveBranch(association_id=association, area_id=area, kind="elderly", name="CHI HỘI NGƯỜI CAO TUỔI SỐ 3")
    ).id
    meet(ward, branch, "2026-11-05")
    meet(cell, again, "2026-11-06", present=20)
    cell.run(SaveMembership(branch_id=again, as_of="2026-10-01", members=40))
    deliver(cell, ward, tmp_path / "2")
    yield ward, cell, district, branch, again


def numbers(book: Book, branch: UUID) -> dict[str, object]:
    with book.read() as connection:
        rows = {row.id: row for row in listing("branches").found(connection)}
        meetings = listing("meetings").ids(connection, where={"branch_id": branch})
        return {
            "branches": sorted(rows),
            "last": rows[branch]["last_meeting_on"],
            "members": rows[branch]["members"],
            "meetings": len(meetings),
            "held": evaluate(connection, "meetings_held", YEAR, {"branch": branch}).number,
            "all": evaluate(connection, "meetings_held", YEAR).number,
            "traced": len(trace(connection, "meetings_held", YEAR)),
            "parts": sorted(int(v.number or 0) for v in split(connection, "meetings_held", YEAR, "branch").values()),
            "found": len(search(connection, "chi hội người cao tuổi", [11])),
        }


ONE_EACH = {"meetings": 1, "held": 1, "all": 2, "parts": [1, 1], "found": 2}
MERGED = {"meetings": 2, "held": 2, "all": 2, "traced": 2, "parts": [2], "found": 1, "members": 40}


def test_merged_records_count_once_at_the_cell_the_ward_and_the_district(
    books: tuple[Book, Book, Book, UUID, UUID], tmp_path: Path
) -> None:
    ward, cell, district, branch, again = books
    assert numbers(ward, branch).items() >= ONE_EACH.items()
    with ward.read() as connection:
        (proposal,) = [t for t in twins(connection) if t.table == "branch"]
    assert (proposal.one, proposal.other, proposal.reason) == (branch, again, "name")
    alias = ward.run(MergeDuplicate(table="branch", duplicate=again, kept=branch)).id
    deliver(ward, cell, tmp_path / "3")
    deliver(ward, district, tmp_path / "4")
    for book in (ward, cell, district):
        seen = numbers(book, branch)
        assert seen.items() >= (MERGED | {"branches": [branch]}).items(), book.unit.code
        assert seen["last"] == date(2026, 11, 6)
        with book.read() as connection:
            assert [t for t in twins(connection) if t.table == "branch"] == []
            (merged,) = twins(connection, settled=True)
            assert (merged.one, merged.other, merged.state) == (again, branch, "merged")
            duplicate = record(connection, "branch", again)
            assert duplicate is not None and duplicate.voided is None
            assert ("Meeting", 1) in belonging(connection, "branch", again), "nothing is re-pointed"
    cell.run(SplitDuplicate(id=alias))
    deliver(cell, ward, tmp_path / "5")
    deliver(ward, district, tmp_path / "6")
    for book in (ward, cell, district):
        assert numbers(book, branch).items() >= ONE_EACH.items(), book.unit.code


def test_crosswise_merges_of_two_offices_end_alike(books: tuple[Book, Book, Book, UUID, UUID], tmp_path: Path) -> None:
    ward, cell, _district, branch, again = books
    deliver(ward, cell, tmp_path / "3")
    ward.run(MergeDuplicate(table="branch", duplicate=again, kept=branch))
    cell.run(MergeDuplicate(table="branch", duplicate=branch, kept=again))
    assert numbers(cell, again)["branches"] == [again]
    deliver(ward, cell, tmp_path / "4")
    deliver(cell, ward, tmp_path / "5")
    kept = min(branch, again)
    assert numbers(ward, kept) == numbers(cell, kept)
    assert numbers(ward, kept).items() >= (MERGED | {"branches": [kept]}).items()
    with ward.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM conflict").scalar_one() == 0


def test_merged_here_and_declared_different_there_is_asked_again(
    books: tuple[Book, Book, Book, UUID, UUID], tmp_path: Path
) -> None:
    ward, cell, _district, branch, again = books
    deliver(ward, cell, tmp_path / "3")
    ward.run(MergeDuplicate(table="branch", duplicate=again, kept=branch))
    cell.run(DismissDuplicate(table="branch", one=branch, other=again))
    with cell.read() as connection:
        assert [t for t in twins(connection) if t.table == "branch"] == []
    deliver(ward, cell, tmp_path / "4")
    deliver(cell, ward, tmp_path / "5")
    for book in (ward, cell):
        assert numbers(book, branch).items() >= ONE_EACH.items(), "nobody's record vanishes before it is decided"
        with book.read() as connection:
            assert [t.state for t in twins(connection) if t.table == "branch"] == ["contradicted"]
    ward.run(MergeDuplicate(table="branch", duplicate=again, kept=branch))
    deliver(ward, cell, tmp_path / "6")
    for book in (ward, cell):
        assert numbers(book, branch).items() >= MERGED.items()


def test_the_record_that_stands_counts_when_the_kept_one_is_set_aside_elsewhere(
    books: tuple[Book, Book, Book, UUID, UUID], tmp_path: Path
) -> None:
    ward, cell, _district, branch, again = books
    deliver(ward, cell, tmp_path / "3")
    ward.run(MergeDuplicate(table="branch", duplicate=again, kept=branch))
    cell.run(Void(table="branch", id=branch, reason="Ghi trùng"))
    deliver(cell, ward, tmp_path / "4")
    assert numbers(ward, again).items() >= (MERGED | {"branches": [again]}).items()


def test_meetings_and_petitions_typed_twice_are_found_and_counted_once(ward: Book) -> None:
    _area, _association, branch = register(ward)
    first, second = meet(ward, branch), meet(ward, branch)
    with ward.read() as connection:
        found = {t.table: t for t in twins(connection)}
    assert set(found) == {"meeting", "petition"}
    assert (found["meeting"].one, found["meeting"].other) == (first, second)
    for table, twin in found.items():
        ward.run(MergeDuplicate(table=table, duplicate=twin.other, kept=twin.one))
    with ward.read() as connection:
        (row,) = listing("meetings").found(connection)
        assert (row.id, row["items"], row["petitions"]) == (first, 2, 1)
        assert evaluate(connection, "petitions_received", YEAR).number == 1
        assert evaluate(connection, "attendances_present", YEAR).number == 24
    ward.undo()
    ward.undo()
    with ward.read() as connection:
        assert evaluate(connection, "meetings_held", YEAR).number == 2
        assert len(twins(connection)) == 2
    ward.redo()
    with ward.read() as connection:
        assert evaluate(connection, "meetings_held", YEAR).number == 1


def test_what_an_operation_counts_is_what_the_lists_count(ward: Book) -> None:
    """An issued paper is counted inside a writing transaction, whose writes go to the plain tables."""
    _area, _association, branch = register(ward)
    first, second = meet(ward, branch), meet(ward, branch)
    ward.run(MergeDuplicate(table="meeting", duplicate=second, kept=first))
    with ward.transaction("test", "test") as work:
        assert evaluate(work.connection, "meetings_held", YEAR).number == 1
        work.update("meeting", second, {"present": 25})
        assert work.get("meeting", second)["present"] == 25
        assert evaluate(work.connection, "meetings_held", YEAR).number == 1
    assert ward.run(SaveMeeting(id=second, present=26)).id == second


def test_lookups_by_a_redirected_reference_use_an_index(ward: Book) -> None:
    area, association, branch = register(ward)
    again = ward.run(SaveBranch(association_id=association, area_id=area, kind="elderly", name="Chi hội NCT")).id
    ward.run(MergeDuplicate(table="branch", duplicate=again, kept=branch))
    with ward.read() as connection:
        plan = connection.execute(
            text("EXPLAIN QUERY PLAN SELECT (SELECT max(held_on) FROM meeting WHERE branch_id = b.id) FROM branch b")
        ).all()
    assert any("resolved_meeting_branch_id" in str(line) for line in plan), plan


def test_only_records_of_one_unit_and_one_kind_are_merged(ward: Book) -> None:
    area, association, branch = register(ward)
    for given_, code in (
        ({"table": "membership", "duplicate": branch, "kept": area}, "duplicate.table"),
        ({"table": "branch", "duplicate": branch, "kept": branch}, "duplicate.itself"),
        ({"table": "branch", "duplicate": branch, "kept": association}, "record.missing"),
        ({"table": "association", "duplicate": association, "kept": area}, "record.missing"),
    ):
        with pytest.raises(UserError) as caught:
            ward.run(parse_operation(json.dumps({"op": "duplicate.merge", **{k: str(v) for k, v in given_.items()}})))
        assert caught.value.code == code


def test_a_cell_merges_nothing_outside_its_own_subtree(
    books: tuple[Book, Book, Book, UUID, UUID], tmp_path: Path
) -> None:
    """The row claims the cell's unit, the records are of another quarter: the ward keeps the row and ignores it."""
    ward, cell, _district, _branch, _again = books
    area = ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4")).id
    two = [ward.run(SaveMeeting(area_id=area, held_on=f"2026-10-0{n}", present=9)).id for n in (1, 2)]
    number, (one, other) = 20, two
    with cell.transaction("test", "test") as work:
        work.insert(
            "alias",
            {"table_number": number, "duplicate": one.hex, "kept": other.hex, "different": False},
            unit="P05-2-03",
            id=UUID(bytes=alias_id(number, one.bytes, other.bytes, different=False)),
        )
        work.insert("alias", {"table_number": 20, "duplicate": "x", "kept": "", "different": True}, unit="P05-2-03")
    assert deliver(cell, ward, tmp_path / "3").counts.refused == 0
    with ward.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM alias").scalar_one() == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM canonical").scalar_one() == 0
        assert len(listing("meetings").ids(connection)) == 4


def test_posts_of_one_person_and_rounds_of_one_body_are_found() -> None:
    post = {"branch_id": None, "association_id": 1, "area_id": None, "title": "Chủ tịch", "holder": "Lê Thị Gấm"}
    assert [*keys_of("post", post)] == [*keys_of("post", post | {"title": "CHỦ TỊCH", "holder": "lê thị gấm"})]
    assert [*keys_of("post", post | {"holder": None})] == [], "two posts of one title may be two people"
    registered = post | {"unit_kind": "association", "year": 2026, "withdrawn_on": None, "round_id": 7}
    assert [*keys_of("registration", registered)] == [("unit", (None, 1, None, "association", 2026))]
    assert [*keys_of("registration", registered | {"withdrawn_on": date(2026, 3, 1)})] == []
    assert [*keys_of("assessment", registered)] == [("unit", (None, 1, None, "association", 7))]


def test_a_number_given_twice_is_told(ward: Book) -> None:
    _area, association, _branch = register(ward)
    for words in ("Sửa đèn ngõ 12", "Nạo vét cống ngõ 8"):
        ward.run(SavePetition(association_id=association, text=words, raised_on="2026-11-01", number="12/2026"))
    with ward.read() as connection:
        assert [t.reason for t in twins(connection)] == ["number"]


def test_a_new_book_and_one_without_aliases_pay_nothing(tmp_path: Path) -> None:
    with new_book(tmp_path, WARD) as book:
        register(book)
        with book.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM temp.sqlite_master").scalar_one() == 0


def test_a_decision_about_records_that_stay_in_the_office_stays_there_too(
    ward: Book, district: Book, tmp_path: Path
) -> None:
    join(district, ward)
    _area, _association, branch = register(ward)
    meetings = [meet(ward, branch), meet(ward, branch)]
    with ward.read() as connection:
        (petition,) = [t for t in twins(connection) if t.table == "petition"]
    ward.run(MergeDuplicate(table="petition", duplicate=petition.other, kept=petition.one))
    ward.run(MergeDuplicate(table="meeting", duplicate=meetings[1], kept=meetings[0]))
    stream = str(decrypted(send(ward, tmp_path / "1").path, district))
    assert meetings[1].hex in stream
    assert petition.one.hex not in stream and petition.other.hex not in stream
