from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import sqlcipher3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book, open_book
from hoidesk.book.operations import Restore, Void
from hoidesk.book.search import search
from hoidesk.language import N_
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.text.fold import words
from hoidesk.units.operations import SaveArea
from tests.vietnamese import any_form, lines, nfd, syllables

AREA, BRANCH, MEETING = 2, 11, 20


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with create_book(
        tmp_path / "ward.hoibook", tier="ward", code="P05-2", name="An Phú", user="Cán bộ", password="mật khẩu"
    ) as made:
        yield made


def area(book: Book, number: int, name: str) -> UUID:
    return book.run(SaveArea(kind="quarter", code=f"P05-2-{number:02}", name=name)).id


def branch(book: Book, area_id: UUID, name: str) -> UUID:
    return book.run(SaveBranch(area_id=area_id, kind="other", name=name)).id


def meeting(book: Book, branch_id: UUID, **more: object) -> UUID:
    return book.run(SaveMeeting(branch_id=branch_id, held_on=date(2026, 6, 5), **more)).id


def found(book: Book, query: str, *tables: int) -> list[UUID]:
    with book.read() as connection:
        return [id_ for _tbl, id_, _title in search(connection, query, tables or None)]


def test_no_accents_are_needed(book: Book) -> None:
    quarter = area(book, 1, nfd("Khu phố Đường Láng"))
    for query in ("duong", "DUONG lang", "đường", nfd("đường"), "lang duong", "khu p", "ĐƯỜNG"):
        assert found(book, query) == [quarter], query
    for query in ("dương láng x", "duongg", "uong", ""):
        assert found(book, query) == [], query


def test_a_meeting_is_found_by_its_words_its_day_and_its_body(book: Book) -> None:
    quarter = area(book, 1, "Khu phố 7")
    body = branch(book, quarter, "Chi hội Khuyến học")
    one = meeting(book, body, topic="Giữ gìn vệ sinh", chair_name="Trần Văn Ổn")
    for query in ("ve sinh", "on tran", "05/06/2026", "khuyen hoc", "khu pho 7 sinh"):
        assert found(book, query, MEETING) == [one], query
    assert found(book, "khu pho 8", MEETING) == []


def test_a_new_name_of_the_quarter_reaches_all_below_it(book: Book) -> None:
    quarter = area(book, 1, "Khu phố Hòa Bình")
    body = branch(book, quarter, "Chi hội Khuyến học")
    one = meeting(book, body)
    assert set(found(book, "hoa binh")) == {quarter, body, one}
    book.run(SaveArea(id=quarter, name="Khu phố Thống Nhất"))
    assert found(book, "hoa binh") == []
    assert set(found(book, "thong nhat")) == {quarter, body, one}
    book.undo()
    assert set(found(book, "hoa binh")) == {quarter, body, one}
    assert found(book, "thong nhat") == []


def test_what_is_set_aside_or_undone_is_not_found(book: Book) -> None:
    quarter = area(book, 1, "Khu phố Ấp Bắc")
    book.run(Void(table="area", id=quarter, reason="nhập thử"))
    assert found(book, "ap bac") == []
    book.run(Restore(table="area", id=quarter))
    assert found(book, "ap bac") == [quarter]
    other = area(book, 2, "Khu phố Ấp Nam")
    assert found(book, "ap nam") == [other]
    book.undo()
    assert found(book, "ap nam") == []
    book.redo()
    assert found(book, "ap nam") == [other]


def test_the_very_letters_come_first(book: Book) -> None:
    area(book, 1, "Khu phố Dục")
    quarter = area(book, 2, "Khu phố Hồng Đức")
    body = branch(book, quarter, "Chi hội A")
    area(book, 3, "Khu phố Đục")
    told = meeting(book, body, topic="Bàn về đức dục")
    plain = found(book, "duc")
    assert len(plain) == 5
    assert set(found(book, "đức")[:3]) == {quarter, body, told}
    # Also where the letters stand in the text and not in the title.
    assert found(book, "dục", MEETING) == [told]
    other = meeting(book, body, topic="Đúc tượng")
    assert found(book, "đúc", MEETING) == [other, told]


def test_what_a_foreign_tool_wrote_is_found_after_the_next_opening(book: Book) -> None:
    quarter = area(book, 1, "Khu phố 1")
    book.close()
    connection = sqlcipher3.connect(str(book.folder / "book.db"))
    connection.execute(f"PRAGMA key = \"x'{book.key.hex()}'\"")
    connection.execute("UPDATE area SET name = ? WHERE id = ?", ("Khu phố Phước Thiện", quarter.bytes))
    connection.commit()
    connection.close()
    with open_book(book.folder, password="mật khẩu") as again:
        assert found(again, "phuoc thien") == [quarter]
        assert found(again, "khu pho 1") == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(any_form(lines()), min_size=1, max_size=6),
    query=st.lists(syllables() | st.sampled_from(["khu", "phố", "3"]), min_size=1, max_size=2).map(" ".join),
    data=st.data(),
)
def test_search_finds_what_a_plain_scan_finds(book: Book, names: list[str], query: str, data: st.DataObject) -> None:
    outcome = book.run_batch(
        [SaveArea(kind="quarter", code=f"P05-2-{n:02}", name=name) for n, name in enumerate(names, 1)],
        label=N_("Save an area"),
    )
    try:
        if data.draw(st.booleans()):
            word = data.draw(st.sampled_from(words(" ".join(names)) or ["a"]))
            query = word[: data.draw(st.integers(1, len(word)))]
        expected = {
            id_
            for n, (id_, name) in enumerate(zip(outcome.result, names, strict=True), 1)
            if all(any(word.startswith(typed) for word in words(f"{name} P05-2-{n:02}")) for typed in words(query))
        }
        with book.read() as connection:
            assert {id_ for _tbl, id_, _title in search(connection, query, [AREA], limit=None)} == expected
    finally:
        book.undo()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.sampled_from(['"', "*", "a AND", "NEAR(", "^x", "-a", '"a" OR "b', "x:y", "{", "a\x00b", "')--"]))
def test_any_query_is_only_words(book: Book, query: str) -> None:
    found(book, query)
    found(book, f"khu {query}")


def test_limits(book: Book) -> None:
    book.run_batch(
        [SaveArea(kind="quarter", code=f"P05-2-{n:02}", name=f"Khu phố {n}") for n in range(1, 31)],
        label=N_("Save an area"),
    )
    with book.read() as connection:
        assert len(search(connection, "khu", limit=7)) == 7
        assert len(search(connection, "khu")) == 30
        assert len(search(connection, "khu", limit=None)) == 30
        assert search(connection, "khu", []) == []
        assert search(connection, "khu", [BRANCH]) == []
