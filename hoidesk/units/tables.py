"""The stored form of the areas of a ward: quarters, and groups in them, as a dated tree."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlmodel import SQLModel

from hoidesk.book.columns import choice, count, day, line, note, ref
from hoidesk.book.records import Record, Search, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day
from hoidesk.text.numbers import Count

__all__ = ["Area", "AreaFields", "SubordinateUnit", "SubordinateUnitFields"]


class AreaFields(SQLModel):
    """A quarter (khu phố, tổ dân phố, …) or a group in it, as long as it exists."""

    kind: str = choice(4, N_("Kind"), "area_kinds", default="quarter")
    parent_id: UUID | None = ref(5, N_("Part of"), "area")
    code: str = line(6, N_("Code"), default=..., max_length=40)
    name: str = line(7, N_("Name"), default=..., max_length=200)
    old_unit_name: str | None = line(8, N_("Ward before the merger"), max_length=200)
    households: Count | None = count(9, N_("Households"))
    effective_from: Day | None = day(10, N_("Exists from"))
    effective_to: Day | None = day(11, N_("Exists until"))
    remark: str | None = note(12, N_("Remark"), up=False)


class Area(AreaFields, Record, table=True):
    """An area of the ward."""

    __tablename__ = "area"
    __info__: ClassVar[TableInfo] = TableInfo(
        2,
        N_("Area"),
        up=True,
        down=True,
        writers="superior",
        owners=("code",),
        search=Search(("name", "code", "old_unit_name")),
    )


class SubordinateUnitFields(SQLModel):
    """A unit below this one that sends packages: a cell of the ward, a ward of the district."""

    tier: str = choice(4, N_("Tier"), "tiers", default=...)
    code: str = line(5, N_("Code"), default=..., max_length=40)
    name: str = line(6, N_("Name"), default=..., max_length=200)


class SubordinateUnit(SubordinateUnitFields, Record, table=True):
    """A unit of the tree that the superior has given a code."""

    __tablename__ = "unit"
    __info__: ClassVar[TableInfo] = TableInfo(
        1, N_("Unit"), down=True, writers="superior", issued=True, owners=("code",), search=Search(("name", "code"))
    )
