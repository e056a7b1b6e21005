"""Search without marks, in any order of words; lists in Vietnamese order, as on a day."""

from __future__ import annotations

import unicodedata
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event

from hoidesk.associations.operations import SaveAssociation, SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.search import search
from hoidesk.errors import UserError
from hoidesk.lists.commands import SUBJECTS, listing
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.text.fold import fold
from hoidesk.units.operations import SaveArea
from tests.vietnamese import names


def found(book: Book, query: str) -> list[str]:
    with book.read() as connection:
        return [title for _tbl, _id, title in search(connection, query)]


@pytest.mark.parametrize(
    "query", ["duong", "đường", "Đường", unicodedata.normalize("NFD", "đường"), "hẻm duong", "42 đèn"]
)
def test_typed_as_people_type(book: Book, ids: dict[str, UUID], query: str) -> None:
    book.run(SaveMeeting(branch_id=ids["branch"], held_on="5/6/2026", topic="Đèn đường hẻm 42 không sáng"))
    assert any("05/06/2026" in title for title in found(book, query))


def test_a_renamed_branch_is_found_with_its_meetings(book: Book, ids: dict[str, UUID]) -> None:
    book.run(SaveMeeting(branch_id=ids["branch"], held_on="5/6/2026"))
    book.run(SaveBranch(id=ids["branch"], name="Chi hội Cựu giáo chức"))
    assert len(found(book, "cuu giao chuc")) == 2
    assert len(found(book, "khuyến học")) == 1
    book.undo()
    assert len(found(book, "khuyến học")) == 3


@pytest.mark.parametrize("query", ["", "   ", '"', "* OR (", "'; DROP TABLE branch", "a" * 5000, "%", "-", "NEAR(a b)"])
def test_any_query_is_harmless(book: Book, ids: dict[str, UUID], query: str) -> None:
    assert isinstance(found(book, query), list)
    assert len(found(book, "khuyen")) == 2


@given(name=names())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_name_is_found_by_every_folded_word(book: Book, name: str) -> None:
    outcome = book.run(SaveAssociation(name=f"Hội {name} thử"))
    with book.read() as connection:
        for word in [*fold(name).split(), *name.split()]:
            assert outcome.id in {id_ for _t, id_, _title in search(connection, word, limit=None)}
    book.undo()


def test_quarters_stand_in_natural_order(book: Book) -> None:
    for number in (10, 2, 1, 12):
        book.run(SaveArea(code=f"P05-2-{number:02}", name=f"Khu phố {number}"))
    areas = listing("areas")
    with book.read() as connection:
        rows = areas.rows(connection, areas.ids(connection))
    assert [row["name"] for row in rows] == ["Khu phố 1", "Khu phố 2", "Khu phố 10", "Khu phố 12"]


def test_lists_as_on_a_day(book: Book) -> None:
    book.run(SaveArea(code="P05-2-01", name="Khu phố 1", effective_from="01/07/2025", effective_to="30/06/2026"))
    book.run(SaveArea(code="P05-2-02", name="Khu phố 2", effective_from="01/07/2026"))
    areas = listing("areas")
    with book.read() as connection:

        def names_on(day: date | None) -> list[str]:
            return [r["name"] for r in areas.rows(connection, areas.ids(connection, as_of=day))]

        assert names_on(date(2025, 6, 30)) == []
        assert names_on(date(2025, 7, 1)) == names_on(date(2026, 6, 30)) == ["Khu phố 1"]
        assert names_on(date(2026, 7, 1)) == ["Khu phố 2"]
        assert names_on(None) == ["Khu phố 1", "Khu phố 2"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_page_takes_at_most_three_statements(book: Book, ids: dict[str, UUID], subject: str) -> None:
    book.run_batch(
        [SaveMeeting(branch_id=ids["branch"], held_on=date(2026, 1, 1 + n % 28)) for n in range(60)], label="Import"
    )
    statements = []
    with book.read() as connection:
        view = listing(subject)
        all_ids = view.ids(connection)
        event.listen(connection, "before_cursor_execute", lambda *a: statements.append(a[2]))
        rows = view.rows(connection, all_ids[:200])
    assert len(rows) == len(all_ids[:200]) and len(statements) <= 3


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_cell_can_order_its_list(book: Book, ids: dict[str, UUID], subject: str) -> None:
    view = listing(subject)
    with book.read() as connection:
        plain = set(view.ids(connection))
        for cell in view.cells:
            assert (
                set(view.ids(connection, order=cell)) == set(view.ids(connection, order=cell, descending=True)) == plain
            )
        with pytest.raises(UserError):
            view.ids(connection, where={"colour": "red"})


def test_descending_turns_the_list_round(book: Book) -> None:
    for number, households in ((1, 30), (2, 10), (3, 20)):
        book.run(SaveArea(code=f"P05-2-0{number}", name=f"Khu phố {number}", households=households))
    areas = listing("areas")
    with book.read() as connection:
        up = areas.ids(connection, order="households")
        assert areas.ids(connection, order="households", descending=True) == up[::-1]
        assert [r["households"] for r in areas.rows(connection, up)] == [10, 20, 30]
