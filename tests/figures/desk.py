"""A small office for the tests of figures: the real tables in a plain SQLite database, filled by Core inserts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, create_engine, insert, update
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from hoidesk.assessment import tables as assessment
from hoidesk.associations import tables as associations
from hoidesk.book.ids import new_id
from hoidesk.book.records import Record
from hoidesk.emulation import tables as emulation
from hoidesk.figures import tables as figures
from hoidesk.figures.evaluation import evaluate, split
from hoidesk.figures.model import Key, Parts, Value
from hoidesk.figures.window import Window
from hoidesk.meetings import tables as meetings
from hoidesk.units import tables as units

__all__ = ["HALF", "ROOMS", "WARD", "YEAR", "Desk"]

ROOMS = (units, associations, meetings, emulation, assessment, figures)
WARD = "P05-2"
HALF = Window(date(2026, 1, 1), date(2026, 6, 30))
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))


def _table(model: type[Record]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def _tables() -> list[Table]:
    models = {value for room in ROOMS for value in vars(room).values() if hasattr(value, "__table__")}
    return [_table(model) for model in models]


class Desk:
    """An office's records; ``add`` writes one and returns its id."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        SQLModel.metadata.create_all(self.engine, tables=_tables())
        self.connection: Connection = self.engine.connect()

    def close(self) -> None:
        """Throw everything away."""
        self.connection.close()
        self.engine.dispose()

    def add(self, model: type[Record], **values: Any) -> UUID:
        """One record."""
        return self.add_many(model, [values])[0]

    def add_many(self, model: type[Record], rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
        """Many records of one table with the same columns."""
        ids = [new_id() for _row in rows]
        full = [{"id": id_, "unit": WARD, **row} for id_, row in zip(ids, rows, strict=True)]
        self.connection.execute(insert(_table(model)), full)
        return ids

    def change(self, model: type[Record], id_: UUID, **values: Any) -> None:
        """Change fields of one record."""
        table = _table(model)
        self.connection.execute(update(table).where(table.c.id == id_).values(**values))

    def void(self, model: type[Record], id_: UUID) -> None:
        """Set one record aside."""
        self.change(model, id_, voided="ghi nhầm")

    def value(self, figure: str, window: Window = HALF, as_of: date | None = None, **where: Key) -> Value:
        """One value."""
        return evaluate(self.connection, figure, window, where, as_of)

    def number(self, figure: str, window: Window = HALF, as_of: date | None = None, **where: Key) -> Any:
        """Its number."""
        return self.value(figure, window, as_of, **where).number

    def split(self, figure: str, dimension: str | tuple[str, ...], window: Window = HALF, **where: Key) -> Parts:
        """The figure split."""
        return split(self.connection, figure, window, dimension, where)

    # What an office has, with the fields that the tests do not care about filled in.

    def area(self, name: str = "Khu phố 1", **values: Any) -> UUID:
        """A quarter."""
        return self.add(units.Area, **{"kind": "quarter", "code": name, "name": name, **values})

    def association(self, name: str = "Hội Chữ thập đỏ", **values: Any) -> UUID:
        """An association."""
        return self.add(associations.Association, **{"kind": "association", "name": name, **values})

    def branch(self, area: UUID, kind: str = "women", **values: Any) -> UUID:
        """A branch in a quarter."""
        return self.add(associations.Branch, **{"area_id": area, "kind": kind, "name": kind, **values})

    def meeting(self, held_on: date, kind: str = "regular", **values: Any) -> UUID:
        """A meeting with the number present, unless the test says otherwise."""
        return self.add(meetings.Meeting, **{"held_on": held_on, "kind": kind, "present": 10, **values})

    def petition(self, raised_on: date, **values: Any) -> UUID:
        """A petition."""
        return self.add(meetings.Petition, **{"raised_on": raised_on, "text": "Đường ngập khi mưa lớn", **values})
