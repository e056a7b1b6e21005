"""Make the sample ward: fill a book, or create one that holds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from hoidesk.language import N_
from hoidesk.sample.content import ASSOCIATIONS, MASS_ORGS, WARD_CODE, WARD_NAME
from hoidesk.sample.made import Sample

if TYPE_CHECKING:
    from hoidesk.book.book import Book
    from hoidesk.book.operations import Operation

__all__ = ["create_sample", "fill_sample"]

_LABEL = N_("Fill in the sample ward")


def create_sample(
    folder: Path, *, user: str, password: str, progress: Callable[[int, int], None] | None = None
) -> Book:
    """Make a book in ``folder`` that holds the sample ward in the middle of its half-year round, and open it.

    Every unit is registered and has scored itself; the ward has begun to score. ``progress(done, all)`` counts steps.
    Raises what ``create_book`` raises.
    """
    from hoidesk.book.folder import create_book

    book = create_book(folder, tier="ward", code=WARD_CODE, name=WARD_NAME, user=user, password=password)
    try:
        _furnish(book, progress or _unwatched)
    except BaseException:
        book.close()
        raise
    return book


def _furnish(book: Book, progress: Callable[[int, int], None]) -> None:
    from hoidesk.sample import emulation, scoring

    sample = fill_sample(book, progress=lambda done, whole: progress(done * 30 // whole, 100))
    progress(30, 100)
    sheets = emulation.publish_sheets(book)
    emulation.register_units(book, sample, sheets)
    progress(50, 100)
    _round, assessments = scoring.open_round(book, sheets)
    scoring.score_themselves(book, assessments)
    progress(85, 100)
    scoring.score_by_ward(book, scoring.of_quarters(book, assessments, 4))
    progress(100, 100)


def _unwatched(_done: int, _all: int) -> None:
    """Nobody watches the progress."""


def fill_sample(book: Book, *, progress: Callable[[int, int], None] | None = None) -> Sample:
    """Write the sample ward into a new book of a ward, through the operations of the window.

    ``progress(done, all)`` is called now and then in operations.
    """
    from hoidesk.book.settings import SaveSettings
    from hoidesk.sample import half_year, register

    run = _Runner(book, progress)
    book.run(SaveSettings(values=_settings()), source="sample")
    areas = run.all(register.areas(book.unit.code))
    names = [seed.name for seed in ASSOCIATIONS] + [name for name, _members, _head in MASS_ORGS]
    by_name = dict(zip(names, run.all(register.associations()), strict=True))
    branches = run.all(register.branches(areas, by_name))
    run.all(register.details(areas, by_name, branches))
    meetings = run.all(half_year.meetings(areas, branches, by_name))
    return Sample(areas, by_name, branches, meetings)


def _settings() -> dict[str, object]:
    return {
        "office.superior_name": "Ủy ban Mặt trận Tổ quốc Việt Nam quận Bình Hòa",
        "office.name": "Phường Hòa An",
        "office.place": "Hòa An",
        "signer.name": "Đoàn Thị Kim Phụng",
        "office.single_officer": True,
    }


class _Runner:
    """Runs batches and reports progress over all of them; the number of all operations is known beforehand."""

    _ALL = 1050

    def __init__(self, book: Book, progress: Callable[[int, int], None] | None) -> None:
        self._book = book
        self._progress = progress
        self._done = 0

    def all(self, operations: Sequence[Operation]) -> list[UUID]:
        """Run the operations as one batch and return the ids of what they saved."""
        outcome = self._book.run_batch(operations, label=_LABEL, source="sample", progress=self._report)
        self._done += len(operations)
        return list(outcome.result)

    def _report(self, done: int, _all: int) -> None:
        if self._progress is not None:
            self._progress(min(self._done + done, self._ALL), self._ALL)
