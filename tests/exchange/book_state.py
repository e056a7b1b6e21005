"""What a book holds, in the words of the model: rows by groups of columns, their stamps, clocks, conflicts."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from hoidesk.book.registry import registry

from .model import Kind, Values

__all__ = ["KINDS", "clock_of", "conflicts_of", "rows_of", "stamps_of"]

KINDS = {
    "area": Kind(
        {"unit": ("unit",), "voided": ("voided",), "name": ("name",), "parent_id": ("parent_id",)},
        {"remark": ("remark",)},
        {"parent_id": "area"},
        "superior",
    ),
    "branch": Kind(
        {
            "unit": ("unit",),
            "voided": ("voided",),
            "area_id": ("area_id",),
            "name": ("name",),
            "rhythm": ("rhythm",),
        },
        {"remark": ("remark",)},
        {"area_id": "area"},
    ),
    "meeting": Kind(
        {
            "unit": ("unit",),
            "voided": ("voided",),
            "branch_id": ("branch_id",),
            "held_on": ("held_on",),
            "attendance": ("invited", "present", "excused"),
        },
        {"place": ("place",)},
        {"branch_id": "branch"},
    ),
    "paper": Kind({"unit": ("unit",), "voided": ("voided",), "title": ("title",)}, writers="unit", immutable=True),
}


def clock_of(connection: Connection) -> tuple[str, int, dict[str, int]]:
    state = connection.exec_driver_sql("SELECT inc, hlc FROM clock_state").one()
    vector = connection.exec_driver_sql("SELECT inc, hlc FROM vector")
    return bytes(state[0]).hex(), int(state[1]), {bytes(i).hex(): int(h) for i, h in vector}


def rows_of(connection: Connection) -> dict[bytes, dict[str, Values]]:
    found = {}
    for name, kind in KINDS.items():
        for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings():
            groups = kind.groups | kind.office
            found[bytes(row["id"])] = {g: tuple(row[c] for c in columns) for g, columns in groups.items()}
    return found


def stamps_of(connection: Connection) -> dict[tuple[bytes, str], tuple[int, str]]:
    found: dict[tuple[bytes, str], tuple[int, str]] = {}
    for name, kind in KINDS.items():
        table = registry()[name]
        clocks = connection.exec_driver_sql("SELECT id, hlc, inc FROM row_clock WHERE tbl = ?", (table.id,))
        created = {bytes(i): (int(h), bytes(c).hex()) for i, h, c in clocks}
        history = connection.exec_driver_sql(
            "SELECT id, col, hlc, inc FROM history WHERE tbl = ? AND col > 0 ORDER BY seq", (table.id,)
        )
        newest = {(bytes(i), col): (int(h), bytes(c).hex()) for i, col, h, c in history}
        for id_, stamp in created.items():
            found[id_, ""] = stamp
            for group, columns in (kind.groups | kind.office).items():
                numbers = [c.id for c in table.columns if c.name in columns]
                found[id_, group] = max(newest.get((id_, n), stamp) for n in numbers)
    return found


def conflicts_of(connection: Connection) -> dict[tuple[object, ...], object]:
    found: dict[tuple[object, ...], object] = {}
    for row in connection.exec_driver_sql(
        "SELECT table_number, record, column_number, value, lost_clock, lost_replica FROM conflict"
    ):
        table = registry()[int(row[0])]
        column = table.column(int(row[2]))
        assert column is not None
        value = json.loads(row[3])
        if column.info.kind == "ref" and value is not None:
            value = bytes.fromhex(value)
        found[table.name, bytes.fromhex(row[1]), column.name, (int(row[4], 16), row[5])] = value
    return found
