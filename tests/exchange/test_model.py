"""Cell, ward and district against the model, step by step: edits, packages lost, late, twice and in the wrong order."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.exchange.rows import conflicts

from .books import CELL, DISTRICT, PASSWORD, WARD, deliver, field, join, new_book, register, send, take_in
from .model import Package, Replica

NEXT = {"cell": ("ward",), "ward": ("cell", "district"), "district": ("ward",)}
CODES = {"cell": CELL[1], "ward": WARD[1], "district": DISTRICT[1]}
FIELDS = ("name", "rhythm")
RHYTHMS = ("monthly", "two_monthly", "quarterly", "half_yearly")

places = st.sampled_from(sorted(NEXT))
edits = st.tuples(st.just("edit"), places, st.sampled_from(FIELDS))
sends = st.tuples(st.just("send"), st.sampled_from([(a, b) for a in sorted(NEXT) for b in NEXT[a]]), st.none())
arrivals = st.tuples(st.just("arrive"), st.integers(0, 9), st.booleans())
steps = st.lists(st.one_of(edits, edits, sends, sends, arrivals, arrivals), min_size=6, max_size=22)


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UUID]:
    """Three enrolled books that know one branch, all at one clock; copied for every run."""
    folder = tmp_path_factory.mktemp("family")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("HOIDESK_TEST_CHEAP_KDF", "1")
    with new_book(folder, DISTRICT) as district, new_book(folder, WARD) as ward, new_book(folder, CELL) as cell:
        join(district, ward)
        join(ward, cell)
        branch = register(ward)[2]
        deliver(ward, cell, folder / "usb")
        deliver(ward, district, folder / "usb")
        with district.read() as connection:
            offset = connection.exec_driver_sql("SELECT offset FROM clock_state").scalar()
        for book in (ward, cell):
            with book.transaction("test", "test") as work:
                work.connection.exec_driver_sql("UPDATE clock_state SET offset = ?", (offset,))
    monkeypatch.undo()
    return folder, branch


class Trial:
    """The books and the model side by side."""

    def __init__(self, family: tuple[Path, UUID], folder: Path) -> None:
        source, self.branch = family
        self.folder, self.now = folder, 0
        self.books: dict[str, Book] = {}
        for name in NEXT:
            shutil.copytree(source / f"{name}.hoibook", folder / f"{name}.hoibook")
            self.books[name] = open_book(folder / f"{name}.hoibook", password=PASSWORD)
        start = {f: (str(field(self.books["ward"], "branch", self.branch, f)), (0, "")) for f in FIELDS}
        self.model = {name: Replica(name, dict(start)) for name in NEXT}
        self.flying: list[tuple[str, Path, Package]] = []
        self.written: list[tuple[str, str, str]] = []
        self.overwritten: set[tuple[str, str]] = set()

    def edit(self, place: str, name: str) -> None:
        self.now += 1
        model = self.model[place]
        before = model.fields[name][0]
        value = f"Chi hội sửa lần {self.now} ở {place}"
        if name == "rhythm":
            value = next(r for r in (*RHYTHMS[self.now % 4 :], *RHYTHMS) if r != before)
        self.overwritten.add((name, before))
        self.written.append((place, name, value))
        change = SaveBranch(id=self.branch, name=value) if name == "name" else SaveBranch(id=self.branch, rhythm=value)
        self.books[place].run(change)
        model.edit(name, value, self.now)

    def send(self, sender: str, receiver: str) -> None:
        stick = self.folder / f"{len(self.flying)}"
        sent = send(self.books[sender], stick, CODES[receiver])
        self.flying.append((receiver, sent.path, self.model[sender].pack()))

    def arrive(self, number: int, lost: bool) -> None:
        if not self.flying:
            return
        receiver, path, package = self.flying[number % len(self.flying)]
        if lost:
            return
        (received, *_more) = take_in(self.books[receiver], [path]).results
        assert received.state in ("merged", "duplicate", "superseded"), received
        self.model[receiver].merge(package)

    def compare(self) -> None:
        for name, book in self.books.items():
            model = self.model[name]
            assert {f: field(book, "branch", self.branch, f) for f in FIELDS} == {
                f: value for f, (value, _stamp) in model.fields.items()
            }, name
            with book.read() as connection:
                lost = {(str(c.column), str(c.lost)) for c in conflicts(connection)}
            assert lost == model.conflicts, name

    def close(self) -> None:
        for book in self.books.values():
            book.close()


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Iterator[Path]]:
    yield (tmp_path / str(n) for n in range(10_000))


LONG = "HOIDESK_MODEL_RUNS"
"""Set to a number for the long form: so many runs, each time others. The suite makes the same few every time."""


@settings(
    max_examples=int(os.environ.get(LONG, "8")),
    deadline=None,
    derandomize=LONG not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
def test_books_do_what_the_model_does(
    family: tuple[Path, UUID], folders: Iterator[Path], steps: list[tuple[str, object, object]]
) -> None:
    folder = next(folders)
    folder.mkdir()
    trial = Trial(family, folder)
    try:
        for step in steps:
            match step:
                case ("edit", str() as place, str() as name):
                    trial.edit(place, name)
                case ("send", (str() as sender, str() as receiver), _):
                    trial.send(sender, receiver)
                case ("arrive", int() as number, bool() as lost):
                    trial.arrive(number, lost)
                case _:
                    raise AssertionError(step)
            trial.compare()
        final_exchange(trial)
    finally:
        trial.close()
        shutil.rmtree(folder)


def final_exchange(trial: Trial) -> None:
    """Every package arrives: all books are alike, and no value was lost without somebody having seen it."""
    for sender, receiver in [("cell", "ward"), ("ward", "district"), ("district", "ward"), ("ward", "cell")] * 2:
        trial.send(sender, receiver)
        trial.arrive(len(trial.flying) - 1, lost=False)
    trial.compare()
    states = [(m.fields, m.conflicts) for m in trial.model.values()]
    assert states[0] == states[1] == states[2]
    final = {(name, value) for name, (value, _stamp) in trial.model["ward"].fields.items()}
    for _place, name, value in trial.written:
        assert (name, value) in final | trial.overwritten | trial.model["ward"].conflicts
