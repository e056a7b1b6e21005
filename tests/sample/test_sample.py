"""The sample ward is believable, the same everywhere, and every figure depends on exactly its own meetings."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from hoidesk.associations.tables import Branch
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.book.operations import Void
from hoidesk.errors import UserError
from hoidesk.figures.catalogue import figures
from hoidesk.figures.evaluation import evaluate, split
from hoidesk.figures.window import Window
from hoidesk.meetings.tables import AgendaItem, Meeting, Petition
from hoidesk.sample.build import create_sample, fill_sample
from hoidesk.sample.content import WARD_CODE, WARD_NAME

HALF = Window(date(2026, 1, 1), date(2026, 6, 30))


def scalar(book: Book, query: str) -> Any:
    with book.read() as connection:
        return connection.execute(text(query)).scalar()


def test_it_has_the_size_of_a_ward(ward: Book) -> None:
    assert scalar(ward, "SELECT count(*) FROM area WHERE kind = 'quarter'") == 12
    assert scalar(ward, "SELECT count(*) FROM association WHERE kind = 'association'") == 13
    assert scalar(ward, "SELECT count(*) FROM association WHERE kind = 'mass_org'") == 5
    assert scalar(ward, "SELECT count(*) FROM branch") == 96
    assert 250 <= scalar(ward, "SELECT count(*) FROM meeting") <= 500
    assert 40 <= scalar(ward, "SELECT count(*) FROM petition") <= 120
    assert (
        scalar(ward, "SELECT count(*) FROM branch b WHERE NOT EXISTS (SELECT 1 FROM post p WHERE p.branch_id = b.id)")
        == 0
    )


def test_every_record_belongs_to_its_quarter(ward: Book) -> None:
    assert scalar(ward, "SELECT count(*) FROM branch b JOIN area a ON a.id = b.area_id WHERE b.unit <> a.code") == 0
    assert (
        scalar(ward, "SELECT count(*) FROM meeting m JOIN branch b ON b.id = m.branch_id WHERE m.unit <> b.unit") == 0
    )
    assert (
        scalar(ward, "SELECT count(*) FROM agenda_item i JOIN meeting m ON m.id = i.meeting_id WHERE i.unit <> m.unit")
        == 0
    )
    assert (
        scalar(ward, "SELECT count(*) FROM petition p JOIN meeting m ON m.id = p.meeting_id WHERE p.unit <> m.unit")
        == 0
    )


def test_its_days_fit_together(ward: Book) -> None:
    assert scalar(ward, "SELECT count(*) FROM meeting WHERE held_on NOT BETWEEN '2026-01-01' AND '2026-06-30'") == 0
    assert scalar(ward, "SELECT count(*) FROM meeting WHERE held_on BETWEEN '2026-02-12' AND '2026-02-22'") == 0
    assert scalar(ward, "SELECT count(*) FROM meeting WHERE recorded_on < held_on OR present + excused > invited") == 0
    assert (
        scalar(ward, "SELECT count(*) FROM petition WHERE answered_on < forwarded_on OR read_back_on < answered_on")
        == 0
    )
    # A branch does not meet twice on one day.
    assert (
        scalar(
            ward,
            "SELECT max(n) FROM (SELECT count(*) n FROM meeting WHERE branch_id NOT NULL GROUP BY branch_id, held_on)",
        )
        == 1
    )


def facts(book: Book) -> Counter[tuple[Any, ...]]:
    """Every record without ids and references, and each meeting with its quarter and kind of branch."""
    found: Counter[tuple[Any, ...]] = Counter()
    with book.read() as connection:
        for table in book.registry.tables:
            # The ids differ from book to book: references are left out, and the evidence of a score, a list of them.
            plain = (c.name for c in table.columns if c.info.kind not in ("ref", "unit") and c.name != "evidence")
            names = ["unit", *plain]
            for row in connection.execute(select(*(table.table.c[name] for name in names))):
                found[(table.name, *row)] += 1
        meeting, branch = Meeting.__table__, Branch.__table__  # type: ignore[attr-defined]
        joined = select(meeting.c.held_on, branch.c.unit, branch.c.kind).join(
            branch, branch.c.id == meeting.c.branch_id
        )
        found.update(("where", *row) for row in connection.execute(joined))
    return found


def test_it_is_the_same_everywhere(ward: Book, tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    with create_sample(
        tmp_path / "zwei", user="Cán bộ", password="khác", progress=lambda *at: done.append(at)
    ) as other:
        assert facts(other) == facts(ward)
    assert done == sorted(done) and all(now <= whole for now, whole in done)


def test_it_is_taken_back_batch_by_batch(tmp_path: Path) -> None:
    with create_book(
        tmp_path / "undo", tier="ward", code=WARD_CODE, name=WARD_NAME, user="Cán bộ", password="hòa an"
    ) as book:
        fill_sample(book)
        while book.undo_entry() is not None:
            assert book.undo().kept == []
        assert sum(facts(book).values()) == 0


Known = dict[tuple[str, Any], tuple[Any, frozenset[Any]]]


def all_figures(book: Book) -> Known:
    """Every defined figure for the half-year, whole and by quarter, with the records behind it."""
    found: Known = {}
    with book.read() as connection:
        for figure in figures():
            if not figure.defined:
                continue
            value = evaluate(connection, figure.id, HALF)
            found[figure.id, None] = (value.number, frozenset((*value.record_ids, *value.numerator_ids)))
            if "area" not in figure.dimensions:
                continue
            try:
                parts = split(connection, figure.id, HALF, "area")
            except UserError as refusal:
                assert refusal.code == "figures.dimension"
                continue
            for key, part in parts.items():
                found[figure.id, key] = (part.number, frozenset((*part.record_ids, *part.numerator_ids)))
    return found


WHICH = [
    "kind = 'regular' AND present < invited",
    "kind = 'executive'",
    "kind = 'attend_branch'",
    "id IN (SELECT meeting_id FROM petition WHERE status = 'answered')",
]


@pytest.mark.parametrize("which", WHICH)
def test_a_meeting_taken_out_changes_exactly_the_figures_that_count_it(register: Book, which: str) -> None:
    id_ = UUID(bytes=scalar(register, f"SELECT id FROM meeting WHERE {which} ORDER BY held_on, id LIMIT 1"))
    meeting, item, petition = (table.__table__ for table in (Meeting, AgendaItem, Petition))  # type: ignore[attr-defined]
    with register.read() as connection:
        row = connection.execute(select(meeting).where(meeting.c.id == id_)).one()
        items = connection.execute(select(item.c.id).where(item.c.meeting_id == id_)).scalars().all()
        raised = connection.execute(select(petition.c.id).where(petition.c.meeting_id == id_)).scalars().all()
    counted = {id_, *items}
    bodies = {row.branch_id, row.association_id, row.area_id}
    before = all_figures(register)
    register.run(Void(table="meeting", id=id_, reason="thử bỏ ra"))
    after = all_figures(register)
    naming = {key for key, (_value, records) in before.items() if counted & records}
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert naming, "no figure counts this meeting"
    assert naming <= changed
    assert not any(counted & records for _value, records in after.values())
    for key in changed - naming:
        # What else may move rests on the same meeting: its petitions, or whether its own body meets regularly.
        records = before.get(key, (None, frozenset()))[1] | after.get(key, (None, frozenset()))[1]
        assert records & {*raised, *bodies}, key
    assert len(changed) < len(before) / 2
    register.undo()
    assert all_figures(register) == before
