"""One operation with clocks and history against the same operation without.

Two copies of the big book: one as it is, one whose triggers only note what search must fold again. Both run the same
operations in turn, so that a busy PC slows both alike. The time of a write is mostly the disk's, which comes in
steps; the lower quartile of many writes is what repeats.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.book.registry import registry
from hoidesk.book.triggers import trigger_ddl
from hoidesk.meetings.operations import SaveMeeting
from tests.bench.big_book import PASSWORD
from tests.bench.figures import Figure

__all__ = ["measure"]

_ROUNDS: Final = 300


def _make_triggers(book: Book, statements: Iterable[str]) -> None:
    """Replace every trigger of the book, so that both books went through the same."""
    assert book._writer is not None
    with book._writer.begin() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for statement in (*(f'DROP TRIGGER "{name}"' for name in names), *statements):
            connection.exec_driver_sql(statement)


def _without_clocks() -> list[str]:
    """Triggers that only note what search must fold, and take a step without which no operation is recorded."""
    return [
        f'CREATE TRIGGER "bare_{table.name}_{event}" AFTER {event} ON "{table.name}" BEGIN '
        "UPDATE clock_state SET seq = seq + 1; "
        f"INSERT OR IGNORE INTO search_dirty(tbl, id) VALUES({table.id}, NEW.id); END"
        for table in registry().tables
        for event in ("INSERT", "UPDATE")
    ]


def _meetings(book: Book) -> list[tuple[UUID, int]]:
    with book.read() as connection:
        rows = connection.execute(
            text("SELECT id, present, invited FROM meeting ORDER BY id LIMIT :n"), {"n": _ROUNDS * 2}
        )
        return [(UUID(bytes=row.id), row.present - 1 if row.present else row.present + 1) for row in rows]


def _timed(run: Callable[[SaveMeeting], object], operation: SaveMeeting) -> float:
    start = time.perf_counter()
    run(operation)
    return time.perf_counter() - start


def measure(big: Path) -> list[Figure]:
    """The ratios for changing one field of a meeting, and of recording a meeting."""
    bare_folder = big.with_name("bare.hoibook")
    full_folder = big.with_name("full.hoibook")
    for folder in (bare_folder, full_folder):
        shutil.copytree(big, folder)
    with open_book(full_folder, password=PASSWORD) as full, open_book(bare_folder, password=PASSWORD) as bare:
        _make_triggers(full, trigger_ddl(registry()).values())
        _make_triggers(bare, _without_clocks())
        meetings = _meetings(full)
        with full.read() as connection:
            branch = UUID(bytes=connection.execute(text("SELECT branch_id FROM meeting LIMIT 1")).scalar_one())
            day = connection.execute(text("SELECT max(held_on) FROM meeting")).scalar_one()
        times: dict[str, list[float]] = {name: [] for name in ("full", "bare", "full new", "bare new")}
        ways = [("full", full.run), ("bare", bare.run)]
        for number, (id_, present) in enumerate(meetings[:_ROUNDS]):
            # In turn, and the first of each pair in turn as well.
            for name, run in ways[:: 1 if number % 2 else -1]:
                times[name].append(_timed(run, SaveMeeting(id=id_, present=present)))
                new = SaveMeeting(branch_id=branch, held_on=day, invited=30, present=20)
                times[f"{name} new"].append(_timed(run, new))
    typical = {name: sorted(values[20:])[len(values) // 4] for name, values in times.items()}
    return [
        Figure(
            "one changed field, with clocks and history",
            typical["full"] / typical["bare"],
            1.10,
            note=f"{typical['full'] * 1000:.2f} ms against {typical['bare'] * 1000:.2f} ms",
        ),
        Figure(
            "one new meeting, with clocks and history",
            typical["full new"] / typical["bare new"],
            1.10,
            note=f"{typical['full new'] * 1000:.2f} ms against {typical['bare new'] * 1000:.2f} ms",
        ),
    ]
