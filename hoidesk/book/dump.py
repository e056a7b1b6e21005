"""The logical dump: every synced record with every field, in a fixed order. Equal dumps mean equal books."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from hoidesk.book.registry import registry

__all__ = ["dump_lines", "dump_sum"]


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def dump_lines(connection: Connection) -> Iterator[str]:
    """One JSON line a record: table, id, and the fields in the order of their numbers."""
    for table in registry().tables:
        # A book that is about to be brought up to date lacks what later schemas added.
        stored = {row[1] for row in connection.exec_driver_sql(f'PRAGMA main.table_info("{table.name}")')}
        columns = [c for c in table.columns if c.name in stored]
        if not columns:
            continue
        names = ", ".join(f'"{c.name}"' for c in columns)
        for row in connection.exec_driver_sql(f'SELECT id, {names} FROM main."{table.name}" ORDER BY id'):
            yield json.dumps([table.name, *(_plain(v) for v in row)], ensure_ascii=False, separators=(",", ":"))


def dump_sum(connection: Connection) -> tuple[str, int]:
    """SHA-256 of the logical dump and the number of records."""
    digest = hashlib.sha256()
    count = 0
    for line in dump_lines(connection):
        digest.update(line.encode())
        digest.update(b"\n")
        count += 1
    return digest.hexdigest(), count
