"""Conflict records: the same loss gets the same id in every book that sees it (package format, section 10)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from hoidesk.exchange.packages.envelope import is_hex
from hoidesk.exchange.packages.stream import Stamp

__all__ = ["conflict_id", "conflict_values", "names_a_record"]

DOMAIN: Final = b"hoidesk-conflict-v1\n"


def conflict_id(table: int, record: bytes, column: int, lost: Stamp) -> bytes:
    """16 bytes from table, record, column and losing stamp, marked as a UUID of version 8 (RFC 9562)."""
    spelled = f"{table}|{record.hex()}|{column}|{lost.hlc:x}|{lost.inc}".encode("ascii")
    digest = bytearray(hashlib.sha256(DOMAIN + spelled).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)


def names_a_record(record: Any) -> bool:
    """Whether the column ``record`` of a conflict that came in a package holds the id of a record."""
    return isinstance(record, str) and is_hex(record, 16)


def conflict_values(
    table: int, record: bytes, column: int, value: Any, lost: Stamp, won: Stamp, writer: str, unit: str
) -> dict[str, Any]:
    """The columns of a conflict record; ids inside the value are hexadecimal."""
    plain = value.hex() if isinstance(value, bytes) else value
    return {
        "unit": unit,
        "table_number": table,
        "record": record.hex(),
        "column_number": column,
        "value": json.dumps(plain, ensure_ascii=False),
        "lost_clock": f"{lost.hlc:x}",
        "lost_replica": lost.inc,
        "won_clock": f"{won.hlc:x}",
        "won_replica": won.inc,
        "writer": writer,
    }
