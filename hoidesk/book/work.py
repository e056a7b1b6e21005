"""The inside of a transaction: what an operation may use to read and write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, text, update

from hoidesk.book.ids import new_id
from hoidesk.book.registry import Registry, StoredTable
from hoidesk.book.slots import Role
from hoidesk.errors import UserError
from hoidesk.exchange.decide.erasure import is_erased
from hoidesk.language import _
from hoidesk.text.nfc import quote

__all__ = ["OFFICE_TIME", "UnitIdentity", "Work"]

OFFICE_TIME = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class UnitIdentity:
    """Whose book this is: tier ("cell", "ward", "district"), code in the tree, name for people."""

    tier: str
    code: str
    name: str

    def covers(self, code: str) -> bool:
        """Whether ``code`` lies in the subtree of this unit."""
        return code == self.code or code.startswith(self.code + "-")


@dataclass(slots=True)
class Work:
    """One transaction: its connection, whose book it is, who acts, and the office's date."""

    connection: Connection
    registry: Registry
    unit: UnitIdentity
    user: str
    role: Role
    source: str
    now: datetime
    op: int = 0

    @property
    def today(self) -> date:
        """Today in the office (UTC+7), with the correction of a wrong clock."""
        return (self.now.astimezone(UTC) + OFFICE_TIME).date()

    def table(self, name: str) -> StoredTable:
        """The stored table of that name; UserError when there is none."""
        found = self.registry.find(name)
        if found is None:
            raise UserError("table.unknown", _("The book keeps no “{name}”.").format(name=quote(name)), field="table")
        return found

    def get(self, name: str, id: UUID, *, voided: bool = False) -> dict[str, Any]:
        """The record as a dict; UserError when it is not there, or set aside (unless ``voided``)."""
        table = self.table(name)
        row = self.connection.execute(select(table.table).where(table.table.c.id == id)).mappings().first()
        if row is None or (row["voided"] is not None and not voided):
            raise UserError(
                "record.missing",
                _("{what}: this record is not in the book, or was set aside.").format(what=_(table.info.label)),
            )
        return dict(row)

    def insert(self, name: str, values: Mapping[str, Any], *, unit: str | None = None, id: UUID | None = None) -> UUID:
        """Write a new record and return its id; the unit follows from the records that it refers to."""
        return self.insert_many(name, [dict(values)], unit=unit, ids=None if id is None else [id])[0]

    def insert_many(
        self, name: str, rows: list[dict[str, Any]], *, unit: str | None = None, ids: list[UUID] | None = None
    ) -> list[UUID]:
        """Write many new records in few statements and return their ids."""
        if not rows:
            return []
        table = self.table(name)
        self._check_refs(table, rows)
        found = ids or [new_id() for _row in rows]
        units = [unit or self._unit_of(table, row) for row in rows]
        full = [{"id": i, "unit": u, **row} for i, u, row in zip(found, units, rows, strict=True)]
        self.connection.execute(insert(table.table), full)
        return found

    def update(self, name: str, id: UUID, values: Mapping[str, Any]) -> None:
        """Change fields of a record; a field that stays equal gets no stamp and no history."""
        table = self.table(name)
        self._check_refs(table, [dict(values)])
        self._check_erased(table, id, values)
        if table.info.issued:
            self._check_issuer(table, id)
        self.connection.execute(update(table.table).where(table.table.c.id == id).values(**values))

    def title(self, name: str, id: UUID) -> str:
        """What people call the record, from the search table once it is folded."""
        table = self.table(name)
        own = table.info.search.own[0] if table.info.search and table.info.search.own else None
        if own is None:
            return ""
        value = self.connection.execute(select(table.table.c[own]).where(table.table.c.id == id)).scalar()
        return "" if value is None else (value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value))

    def not_changed_since(self, name: str, id: UUID, seen: int, fields: Iterable[str]) -> None:
        """UserError when one of ``fields`` was changed after row clock ``seen`` by another act (two windows, one
        record)."""
        table = self.table(name)
        columns = [c.id for c in (table.column(f) for f in fields) if c is not None]
        changed = self.connection.execute(
            text(
                "SELECT col FROM history WHERE tbl = :t AND id = :i AND seq > :s AND op <> :me AND col IN :cols LIMIT 1"
            ).bindparams(bindparam("cols", expanding=True)),
            {"t": table.id, "i": id.bytes, "s": seen, "me": self.op, "cols": columns},
        ).scalar()
        if changed is not None:
            column = table.column(int(changed))
            raise UserError(
                "record.changed",
                _("“{field}” was changed by somebody else meanwhile. Look at the new value and save again.").format(
                    field=_(column.info.label) if column else ""
                ),
                field=column.name if column else None,
            )

    def _check_erased(self, table: StoredTable, id: UUID, values: Mapping[str, Any]) -> None:
        """A name that was erased by order is not typed again into the same record."""
        typed = [c for c in table.columns if c.info.personal and values.get(c.name)]
        if typed and is_erased(self.connection, table, id.bytes):
            raise UserError(
                "record.erased",
                _("Personal data were erased here by order. Leave “{field}” empty, or make a new record.").format(
                    field=_(typed[0].info.label)
                ),
                field=typed[0].name,
            )

    def _check_issuer(self, table: StoredTable, id: UUID) -> None:
        """What a unit issued is changed by that unit alone; what only superiors write, by one above the record's."""
        unit = self.connection.execute(select(table.table.c.unit).where(table.table.c.id == id)).scalar()
        by_superior = table.info.writers == "superior"
        if unit is None or (self.unit.covers(unit) and by_superior == (unit != self.unit.code)):
            return
        raise UserError(
            "record.issued",
            _("“{what}” was issued by another unit and cannot be changed here. Ask {unit}.").format(
                what=_(table.info.label), unit=unit
            ),
        )

    def _unit_of(self, table: StoredTable, values: Mapping[str, Any]) -> str:
        for name in table.info.owners:
            parent = values.get(name)
            column = table.column(name)
            if parent is None or column is None:
                continue
            if column.info.refers is None:
                return str(parent)
            owner = self.registry[column.info.refers].table
            found = self.connection.execute(select(owner.c.unit).where(owner.c.id == parent)).scalar()
            if found is not None:
                return str(found)
        return self.unit.code

    def _check_refs(self, table: StoredTable, rows: list[dict[str, Any]]) -> None:
        """Every referred record must be there: one query a column, however many rows."""
        for column in table.columns:
            if column.info.refers is None:
                continue
            wanted = {row[column.name] for row in rows if row.get(column.name) is not None}
            if not wanted:
                continue
            parent = self.registry[column.info.refers].table
            found: set[UUID] = set()
            listed = list(wanted)
            for start in range(0, len(listed), 500):
                part = listed[start : start + 500]
                found.update(self.connection.execute(select(parent.c.id).where(parent.c.id.in_(part))).scalars())
            if wanted - found:
                raise UserError(
                    "record.no_parent",
                    _("“{field}” names a record that is not in the book.").format(field=_(column.info.label)),
                    field=column.name,
                )
