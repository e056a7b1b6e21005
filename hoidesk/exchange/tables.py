"""The stored form of what exchange itself keeps: values that lost, records that are one thing, orders to erase."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import SQLModel

from hoidesk.book.columns import count, day, document, flag, line
from hoidesk.book.records import Record, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day
from hoidesk.text.numbers import Count

__all__ = ["Alias", "AliasFields", "Conflict", "ConflictFields", "Erasure", "ErasureFields"]


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


class AliasFields(SQLModel):
    """What a person decided of two records: the duplicate counts as the kept one, or the two are different things."""

    table_number: Count = count(4, N_("Table"), default=...)
    duplicate: str = line(5, N_("Duplicate"), default=..., max_length=32)
    kept: str = line(6, N_("Counts as"), default=..., max_length=32)
    different: bool = flag(7, N_("Different things"))


class Alias(AliasFields, Record, table=True):
    """An alias: what reads make of it is in aliases.py; setting it aside undoes it."""

    __tablename__ = "alias"
    __info__: ClassVar[TableInfo] = TableInfo(81, N_("Same thing written twice"), up=True, down=True, owners=())


class ErasureFields(SQLModel):
    """Whose personal data are erased, in which columns (numbers, parted by commas), when, why, and by which order."""

    table_number: Count = count(4, N_("Table"), default=...)
    record: str = line(5, N_("Record"), default=..., max_length=32)
    columns: str = line(6, N_("Fields"), default=..., max_length=200)
    ordered_on: Day = day(7, N_("Erased on"), default=...)
    reason: str = line(8, N_("Reason"), default=...)
    number: str | None = line(9, N_("Order number"), max_length=100)


class Erasure(ErasureFields, Record, table=True):
    """An order to erase: written once by the unit that owns the record, never changed, never taken back."""

    __tablename__ = "erasure"
    __info__: ClassVar[TableInfo] = TableInfo(
        82, N_("Erased personal data"), up=True, down=True, writers="unit", immutable=True, owners=()
    )
