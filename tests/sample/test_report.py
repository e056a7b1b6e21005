"""A meeting taken out of the sample changes the half-year report exactly where a printed number rests on it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from hoidesk.book.book import Book
from hoidesk.book.operations import Void
from hoidesk.figures.window import Window
from hoidesk.meetings.tables import AgendaItem, Meeting, Petition
from hoidesk.paper.archive import paper_to_data
from hoidesk.paper.half_year import Composed, compose_half_year

HALF = Window(date(2026, 1, 1), date(2026, 6, 30))


def composed(book: Book) -> Composed:
    with book.read() as connection:
        return compose_half_year(connection, book.unit, HALF)


def numbers(report: Composed) -> dict[Any, tuple[Any, frozenset[UUID]]]:
    """Every printed number with the records behind it."""
    return {
        (one.ref, one.where): (one.value.number, frozenset((*one.value.record_ids, *one.value.numerator_ids)))
        for one in report.used
    }


@pytest.mark.parametrize("which", ["kind = 'topic'", "kind = 'dialogue'"])
def test_the_report_changes_exactly_where_it_counts_the_meeting(register: Book, which: str) -> None:
    with register.read() as connection:
        id_ = UUID(
            bytes=connection.execute(
                text(f"SELECT id FROM meeting WHERE {which} ORDER BY held_on LIMIT 1")
            ).scalar_one()
        )
        meeting, item, petition = (table.__table__ for table in (Meeting, AgendaItem, Petition))  # type: ignore[attr-defined]
        row = connection.execute(select(meeting).where(meeting.c.id == id_)).one()
        related = {id_, row.branch_id, row.association_id, row.area_id}
        related |= {*connection.execute(select(item.c.id).where(item.c.meeting_id == id_)).scalars()}
        related |= {*connection.execute(select(petition.c.id).where(petition.c.meeting_id == id_)).scalars()}
    before = composed(register)
    register.run(Void(table="meeting", id=id_, reason="thử bỏ ra"))
    after = composed(register)
    old, new = numbers(before), numbers(after)
    resting = {key for key, (_number, records) in old.items() if id_ in records}
    changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    assert resting and resting <= changed
    assert not any(id_ in records for _number, records in new.values())
    for key in changed:
        records = old.get(key, (None, frozenset()))[1] | new.get(key, (None, frozenset()))[1]
        assert records & related, key
    assert paper_to_data(after.paper) != paper_to_data(before.paper)
    register.undo()
    assert paper_to_data(composed(register).paper) == paper_to_data(before.paper)
