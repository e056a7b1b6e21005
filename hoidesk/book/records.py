"""What every stored record has in common, and what the program knows of its table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from hoidesk.book.columns import INFO, ColumnInfo
from hoidesk.book.ids import UuidBytes, new_id
from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.presets import choices
from hoidesk.text.nfc import clean, clean_line, quote

__all__ = ["OWN_ID", "UNIT_ID", "VOIDED_ID", "Draft", "Record", "Search", "TableInfo"]

OWN_ID = 1
UNIT_ID = 2
VOIDED_ID = 3


@dataclass(frozen=True, slots=True)
class Search:
    """What the one search box finds a record by: ``own`` columns, and the titles of the records in ``parents``.

    ``own[0]`` is also what lists are sorted by.
    """

    own: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A synced table: its number (never reused), its name for people, and how its rows travel.

    ``up``: rows go to the superior unit by default. ``down``: rows go to subordinate units by default. ``writers``:
    who may write a row of a unit: that ``unit``, its ``superior`` or ``both``. ``immutable``: rows are never changed
    after they were written, except the columns in ``live``. ``issued``: what a unit issues to those below it, who get
    it frozen: no operation of theirs changes it. ``spread``: what goes down goes from a unit to everybody below it, not
    only to the unit that the row belongs to. ``owners``: columns whose record gives the unit the row belongs to,
    first found wins; none found, it is the unit of the book.
    """

    id: int
    label: str
    up: bool = False
    down: bool = False
    writers: str = "both"
    immutable: bool = False
    live: tuple[str, ...] = ()
    issued: bool = False
    spread: bool = False
    owners: tuple[str, ...] = ("branch_id", "association_id", "area_id")
    search: Search | None = None

    @property
    def returns(self) -> bool:
        """Whether what a unit sends up comes back to it: a value edited above, or all of it when its book was lost."""
        return self.up and self.writers == "both" and not self.immutable

    def frozen(self, column: str) -> bool:
        """Whether a column keeps its first value for ever; setting a record aside is always possible."""
        return self.immutable and column != "voided" and column not in self.live


class Record(SQLModel):
    """The columns of every synced record: its id, the code of the unit it belongs to, and why it was set aside.

    A record is never deleted once it was exported: ``voided`` says why it no longer counts.
    """

    __info__: ClassVar[TableInfo]

    id: UUID = Field(
        default_factory=new_id,
        sa_type=UuidBytes,
        primary_key=True,
        sa_column_kwargs={"info": {INFO: ColumnInfo(OWN_ID, "Id", "id")}},
    )
    unit: str = Field(
        sa_type=Text,
        nullable=False,
        index=True,
        sa_column_kwargs={"info": {INFO: ColumnInfo(UNIT_ID, "Unit", "unit")}},
    )
    voided: str | None = Field(
        default=None,
        sa_type=Text,
        sa_column_kwargs={"info": {INFO: ColumnInfo(VOIDED_ID, "Set aside because", "note")}},
    )


class Draft(SQLModel):
    """Validated input of one record. Subclasses join it to the columns of their record and add cross-field checks.

    Text is kept as NFC without stray blanks, a line without line ends, an empty optional text as nothing; a code must
    be in its list.
    """

    model_config = {"extra": "forbid"}

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        cleaned: dict[str, Any] = {}
        described = _described_columns(cls)
        for name, value in values.items():
            field = cls.model_fields.get(name)
            if isinstance(value, str) and field is not None:
                one_line = name in described and described[name].kind == "line"
                value = clean_line(value) if one_line else clean(value)
                if not value and field.default is None:
                    value = None
            cleaned[name] = value
        return cleaned

    @model_validator(mode="after")
    def _known_codes(self) -> Self:
        for name, info in _described_columns(type(self)).items():
            value = getattr(self, name)
            if info.choices is not None and value is not None and value not in choices(info.choices):
                raise UserError(
                    "field.choice",
                    _("“{value}” is not in the list of “{field}”.").format(value=quote(value), field=_(info.label)),
                    field=name,
                )
        return self


@cache
def _described_columns(model: type[SQLModel]) -> dict[str, ColumnInfo]:
    """The columns of a draft that hold text or a code; only these keep their description on a validated class."""
    found = {}
    for name, field in model.model_fields.items():
        kwargs = getattr(field, "sa_column_kwargs", None)
        if isinstance(kwargs, dict) and isinstance(kwargs.get("info", {}).get(INFO), ColumnInfo):
            found[name] = kwargs["info"][INFO]
    return found
