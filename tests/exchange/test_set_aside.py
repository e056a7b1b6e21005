"""Set aside in one place and edited in another: both survive, both places see it, one act brings the record back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.operations import Restore, Void
from hoidesk.errors import UserError
from hoidesk.exchange.decide.set_aside import KeepAside, edited_aside
from hoidesk.exchange.decide.tray import tray

from .books import CELL, WARD, count, deliver, field, join, new_book, register

ASIDE, EDIT = "Ghi nhầm địa bàn", "Chi hội Người cao tuổi số 3 (mới)"


@pytest.fixture
def pair(ward: Book, cell: Book, tmp_path: Path) -> Iterator[tuple[Book, Book, UUID]]:
    join(ward, cell)
    _area, _association, branch = register(ward)
    deliver(ward, cell, tmp_path / "1")
    deliver(cell, ward, tmp_path / "2")
    yield ward, cell, branch


def exchange(one: Book, other: Book, tmp_path: Path) -> None:
    """Two trips each way, the first two packages crossing."""
    for number in range(2):
        for sender, receiver in ((one, other), (other, one)):
            deliver(sender, receiver, tmp_path / f"{sender.unit.code}{number}")


def told(book: Book) -> list[tuple[str, str, str, list[str]]]:
    with book.read() as connection:
        return [(a.reason, a.aside_by, a.edited_by, [c.name for c in a.fields]) for a in edited_aside(connection)]


@pytest.mark.parametrize("first", ["aside", "edit"])
@pytest.mark.parametrize("aside_at", ["ward", "cell"])
def test_both_survive_and_the_place_that_set_it_aside_sees_it(
    pair: tuple[Book, Book, UUID], tmp_path: Path, first: str, aside_at: str
) -> None:
    ward, cell, branch = pair
    aside, editor = (ward, cell) if aside_at == "ward" else (cell, ward)
    acts = [(aside, Void(table="branch", id=branch, reason=ASIDE)), (editor, SaveBranch(id=branch, name=EDIT))]
    for book, act in acts if first == "aside" else acts[::-1]:
        book.run(act)
    assert told(ward) == told(cell) == []
    exchange(ward, cell, tmp_path)
    for book in (ward, cell):
        assert (field(book, "branch", branch, "voided"), field(book, "branch", branch, "name")) == (ASIDE, EDIT)
    seen = [(ASIDE, aside.unit.code, editor.unit.code, ["name"])]
    # The editor sees it too unless the package that brought it was made after the edit had arrived there.
    assert told(aside) == seen and told(editor) in ([], seen)
    if first == "aside":
        editor.run(Restore(table="branch", id=branch))
    else:
        aside.run(KeepAside(table="branch", id=branch))
    exchange(cell, ward, tmp_path / "more")
    for book in (ward, cell):
        assert told(book) == [], "one decision settles it in both places"
        assert field(book, "branch", branch, "voided") == (None if first == "aside" else ASIDE)
        assert field(book, "branch", branch, "name") == EDIT
        assert count(book, "conflict") == 0


def test_who_knew_of_the_edit_is_not_asked(pair: tuple[Book, Book, UUID], tmp_path: Path) -> None:
    ward, cell, branch = pair
    cell.run(SaveBranch(id=branch, name=EDIT))
    deliver(cell, ward, tmp_path / "3")
    ward.run(Void(table="branch", id=branch, reason=ASIDE))
    exchange(ward, cell, tmp_path)
    assert told(ward) == told(cell) == []


def test_two_reasons_stand_side_by_side(pair: tuple[Book, Book, UUID], tmp_path: Path) -> None:
    ward, cell, branch = pair
    ward.run(Void(table="branch", id=branch, reason=ASIDE))
    cell.run(Void(table="branch", id=branch, reason="Ghi trùng"))
    exchange(ward, cell, tmp_path)
    for book in (ward, cell):
        with book.read() as connection:
            (item,) = tray(connection).items
        ((shown,),) = [d.fields for d in item.decisions]
        assert shown.label == "Set aside because" and {shown.ours, shown.theirs} == {ASIDE, "Ghi trùng"}
        assert shown.ours == field(ward, "branch", branch, "voided") == field(cell, "branch", branch, "voided")


def test_what_stands_is_not_kept_aside(pair: tuple[Book, Book, UUID]) -> None:
    ward, _cell, branch = pair
    with pytest.raises(UserError) as caught:
        ward.run(KeepAside(table="branch", id=branch))
    assert caught.value.code == "aside.not"


_acts = st.lists(st.tuples(st.sampled_from("wc"), st.sampled_from("edit aside restore send".split())), max_size=9)


@given(_acts)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_two_places_do_they_end_alike_and_no_edit_is_lost(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("bỏ riêng")
    with new_book(folder, WARD) as ward, new_book(folder, CELL) as cell:
        join(ward, cell)
        _area, _association, branch = register(ward)
        deliver(ward, cell, folder / "a")
        deliver(cell, ward, folder / "b")
        typed = {"w": "", "c": ""}
        knows: dict[str, set[int]] = {"w": set(), "c": set()}
        done: dict[int, tuple[str, str, set[int]]] = {}
        for number, (where, act) in enumerate(acts):
            book, other = (ward, cell) if where == "w" else (cell, ward)
            standing = field(book, "branch", branch, "voided") is None
            if act in ("edit", "aside") and standing:
                done[number] = (where, act, set(knows[where]))
                knows[where].add(number)
            if act == "edit" and standing:
                typed[where] = f"{where}{number}"
                values = {"consolidate_reason" if where == "w" else "name": typed[where]}
                book.run(SaveBranch(id=branch, **values))
            elif act == "aside" and standing:
                book.run(Void(table="branch", id=branch, reason=f"{where}{number}"))
            elif act == "restore" and not standing:
                book.run(Restore(table="branch", id=branch))
            elif act == "send":
                deliver(book, other, folder / f"s{number}")
                knows["c" if where == "w" else "w"] |= knows[where]
        exchange(ward, cell, folder)
        for column in ("voided", "name", "consolidate_reason"):
            assert field(ward, "branch", branch, column) == field(cell, "branch", branch, column)
        if typed["w"]:
            assert field(cell, "branch", branch, "consolidate_reason") == typed["w"]
        if typed["c"]:
            assert field(ward, "branch", branch, "name") == typed["c"]
        reason = field(ward, "branch", branch, "voided")
        for number, (where, act, known) in done.items():
            if act == "aside" and reason == f"{where}{number}":
                unaware = any(
                    a == "edit" and w != where and number not in k and n not in known for n, (w, a, k) in done.items()
                )
                assert [t[0] for t in told(ward if where == "w" else cell)] == ([reason] if unaware else [])
