"""P11: skew relay loses nothing. A chain of old and new programs ends as one in which all were new from the start."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.places import state_dir

from .books import DAY, PASSWORD, deliver
from .newer import newer, of_book, upgrade, write
from .skewed import Chain, kept, lost

RUNS = max(5, int(os.environ.get("HOIDESK_MODEL_RUNS", "100")) // 20)
PLACES = ("cell", "ward", "district")
CLUBS = [uuid.UUID(int=(1 << 124) + n) for n in range(2)]

Act = tuple[str, str, int]
TRIPS = [("trip", way, 0) for way in ("cell ward", "ward district", "district ward", "ward cell")]
EDITS = [(act, place, n) for act in ("motto", "starred", "club") for place in PLACES for n in range(2)]
ACTS: list[Act] = [*3 * TRIPS, *EDITS, *(("name", p, 0) for p in PLACES), *(("upgrade", p, 0) for p in PLACES)]
schedules = st.lists(st.sampled_from(ACTS), min_size=10, max_size=24)


class Scene:
    """The same three books at the start of every schedule, with what this PC remembers of them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.start = folder / "now", folder / "start"
        self.chain = Chain(self.folder)
        self.chain.close()
        shutil.copytree(self.folder, self.start / "books")
        shutil.copytree(state_dir(), self.start / "state")

    def again(self) -> Chain:
        """The books as they were at the start."""
        for kept_, place in ((self.start / "books", self.folder), (self.start / "state", state_dir())):
            shutil.rmtree(place)
            shutil.copytree(kept_, place)
        for tier in PLACES:
            book = open_book(self.folder / f"{tier}.hoibook", password=PASSWORD, today=DAY)
            assert not book.notices
            setattr(self.chain, tier, book)
        return self.chain


def play(chain: Chain, schedule: list[Act], ages: set[str], *, all_new: bool) -> None:
    """Play a schedule; ``ages`` are the places that are new from the start. Only a new program writes new fields."""
    new = set(ages)
    for place in PLACES if all_new else ages:
        upgrade(chain.books[place])
    for number, (act, where, which) in enumerate(schedule):
        if act == "trip":
            sender, receiver = where.split()
            assert deliver(chain.books[sender], chain.books[receiver], chain.stick).state == "merged"
        elif act == "upgrade":
            new.add(where)
            upgrade(chain.books[where])
        elif act == "name":
            write(chain.books[where], "branch", chain.branch, name=f"Chi hội {number} Ô Chợ Dừa")
        elif where in new and act == "motto":
            write(chain.books[where], "branch", chain.branch, motto=f"Khẩu hiệu {number}")
        elif where in new and act == "starred":
            write(chain.books[where], "branch", chain.branch, starred=which)
        elif where in new:
            _club(chain, chain.books[where], CLUBS[which], number)
    for place in PLACES:
        upgrade(chain.books[place])
    chain.settle()
    chain.settle()


def _club(chain: Chain, book: Book, id: uuid.UUID, number: int) -> None:
    """Make a club where it began, or change it where it is known."""
    with book.read() as connection:
        there = connection.exec_driver_sql("SELECT 1 FROM club WHERE id = ?", (id.bytes,)).first()
    begins = chain.books["cell" if id == CLUBS[0] else "district"]
    if there is None and book is begins:
        write(book, "club", id, branch_id=chain.branch, name=f"Câu lạc bộ {number}", members=number)
    elif there is not None:
        write(book, "club", id, members=number)


def seen(book: Book) -> tuple[Any, ...]:
    """What a book holds, with stamps left out: two plays differ in the instants of their acts."""
    with book.read() as connection:
        branch = connection.exec_driver_sql("SELECT name, motto, starred FROM branch").all()
        clubs = connection.exec_driver_sql("SELECT hex(id), unit, name, members FROM club ORDER BY id").all()
    return [tuple(r) for r in branch], [tuple(r) for r in clubs], lost(book)


def stamps(book: Book) -> list[Any]:
    """The stamps of the records that are compared."""
    with book.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT tbl, id, hlc, inc FROM row_clock WHERE tbl IN (11, 7000) ORDER BY tbl, id"
        ).all()
        fields = connection.exec_driver_sql(
            "SELECT tbl, id, col, max(hlc) FROM history WHERE tbl IN (11, 7000) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        ).all()
    return [tuple(r) for r in (*rows, *fields)]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(Book, "registry", property(of_book))
    newer()
    return Scene(tmp_path)


@settings(max_examples=RUNS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(schedule=schedules, ages=st.sets(st.sampled_from(PLACES), min_size=1))
def test_p11_skew_relay_loses_nothing(scene: Scene, schedule: list[Act], ages: set[str]) -> None:
    ends = []
    for all_new in (False, True):
        chain = scene.again()
        try:
            play(chain, schedule, ages, all_new=all_new)
            books = list(chain.books.values())
            assert not any(kept(book) for book in books)
            assert stamps(books[0]) == stamps(books[1]) == stamps(books[2])
            ends.append([seen(book) for book in books])
        finally:
            chain.close()
    assert ends[0] == ends[1]
