"""The column kinds of a record.

Each helper declares one stored column: a number that is never used again in its table, a label for people, and how
the column travels. The numbers go into packages and into the history, so they outlive every rename on screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Date, DateTime, ForeignKey, Integer, Text
from sqlmodel import Field

from hoidesk.book.ids import UuidBytes

__all__ = [
    "ColumnInfo",
    "choice",
    "count",
    "day",
    "document",
    "flag",
    "instant",
    "line",
    "money",
    "note",
    "points",
    "ref",
]

INFO: Final = "hoidesk"


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """What the program knows of a stored column beyond its type.

    ``id``: number of the column in its table, never reused. ``label``: English message id. ``kind``: the editor and
    the way it is shown (line, note, day, count, money, choice, flag, ref, points, instant, document). ``choices``: the
    list of presets whose ids it holds. ``up``: whether it goes to the superior unit by default. ``personal``: a name
    or a phone of an office-holder. ``group``: columns that carry one stamp together.
    """

    id: int
    label: str
    kind: str
    choices: str | None = None
    refers: str | None = None
    up: bool = True
    personal: bool = False
    group: str | None = None


def _column(info: ColumnInfo, sa_type: Any, default: Any, *, index: bool = False, **more: Any) -> Any:
    nullable = default is None
    kwargs: dict[str, Any] = {"info": {INFO: info}}
    if default is not None and default is not ...:
        kwargs["server_default"] = str(int(default)) if isinstance(default, bool | int) else str(default)
    args = more.pop("sa_column_args", ())
    return Field(
        default=default,
        sa_type=sa_type,
        nullable=nullable,
        index=index,
        sa_column_args=args,
        sa_column_kwargs=kwargs,
        title=info.label,
        **more,
    )


def line(id: int, label: str, *, default: Any = None, max_length: int = 500, **info: Any) -> Any:
    """One line of text; ``default=...`` makes it required."""
    return _column(ColumnInfo(id, label, "line", **info), Text, default, max_length=max_length)


def note(id: int, label: str, *, default: Any = None, max_length: int = 100_000, **info: Any) -> Any:
    """Text of several lines."""
    return _column(ColumnInfo(id, label, "note", **info), Text, default, max_length=max_length)


def day(id: int, label: str, *, default: Any = None, index: bool = False, **info: Any) -> Any:
    """A date of the world, without a time."""
    return _column(ColumnInfo(id, label, "day", **info), Date, default, index=index)


def instant(id: int, label: str, *, default: Any = None, **info: Any) -> Any:
    """A moment in UTC, shown in UTC+7."""
    return _column(ColumnInfo(id, label, "instant", **info), DateTime(timezone=True), default)


def count(id: int, label: str, *, default: Any = None, ge: int = 0, le: int = 999_999_999, **info: Any) -> Any:
    """A whole number of things."""
    return _column(ColumnInfo(id, label, "count", **info), Integer, default, ge=ge, le=le)


def money(id: int, label: str, *, default: Any = None, **info: Any) -> Any:
    """An amount in whole đồng."""
    return _column(ColumnInfo(id, label, "money", **info), BigInteger, default, ge=0, le=10**15)


def points(id: int, label: str, *, default: Any = None, **info: Any) -> Any:
    """Points of a score sheet, in hundredths of a point."""
    return _column(ColumnInfo(id, label, "points", **info), Integer, default, ge=-100_000, le=100_000)


def choice(id: int, label: str, choices: str, *, default: Any = None, **info: Any) -> Any:
    """An id out of the preset list ``choices``."""
    return _column(ColumnInfo(id, label, "choice", choices=choices, **info), Text, default, max_length=100)


def flag(id: int, label: str, *, default: bool = False, **info: Any) -> Any:
    """Yes or no."""
    return _column(ColumnInfo(id, label, "flag", **info), Boolean(create_constraint=False), default)


def document(id: int, label: str, *, default: Any = None, **info: Any) -> Any:
    """A structure kept as JSON text; canonical where it is hashed or signed."""
    return _column(ColumnInfo(id, label, "document", **info), Text, default)


def ref(id: int, label: str, table: str, *, default: Any = None, index: bool = True, **info: Any) -> Any:
    """The id of a record in ``table``; the check waits for the end of the transaction."""
    key = ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    return _column(
        ColumnInfo(id, label, "ref", refers=table, **info), UuidBytes, default, index=index, sa_column_args=(key,)
    )
