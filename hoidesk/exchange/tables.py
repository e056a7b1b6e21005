"""The stored form of a conflict: a value that lost against one written at the same time elsewhere."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import SQLModel

from hoidesk.book.columns import count, day, document, line
from hoidesk.book.records import Record, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day
from hoidesk.text.numbers import Count

__all__ = ["Conflict", "ConflictFields"]


class ConflictFields(SQLModel):
    """Which field of which record, the losing value as JSON, both stamps, and whose book wrote the losing one.

    Stamps are clocks in hexadecimal and the 32 digits of the replica.
    """

    table_number: Count = count(4, N_("Table"), default=...)
    record: str = line(5, N_("Record"), default=..., max_length=32)
    column_number: Count = count(6, N_("Field"), default=...)
    value: str = document(7, N_("Value that lost"), default=...)
    lost_clock: str = line(8, N_("Clock of the value that lost"), default=..., max_length=16)
    lost_replica: str = line(9, N_("Replica of the value that lost"), default=..., max_length=32)
    won_clock: str = line(10, N_("Clock of the value that won"), default=..., max_length=16)
    won_replica: str = line(11, N_("Replica of the value that won"), default=..., max_length=32)
    writer: str = line(12, N_("Written by"), default="")
    settled_on: Day | None = day(13, N_("Settled on"))


class Conflict(ConflictFields, Record, table=True):
    """A conflict: never removed, settled by an ordinary edit and a mark."""

    __tablename__ = "conflict"
    __info__: ClassVar[TableInfo] = TableInfo(80, N_("Edited in two places"), up=True, down=True, owners=())
