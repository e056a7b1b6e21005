"""Rows that go whole to every peer once more, although its vector may cover their stamps.

A vector entry says "I have everything that this replica wrote up to here, within my scope". A record that becomes
visible later with old stamps (it was parked, a newer program's field was adopted) would be skipped by everybody who
heard the entry before. Such a record is sent whole and flagged: the importer then compares stamps (package format,
section 10).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

__all__ = ["send_whole"]


def send_whole(connection: Connection, table: int, ids: Iterable[bytes], *, seq: int | None = None) -> None:
    """Send these records of a table whole to every peer that has not acknowledged a later package.

    ``seq`` is the local sequence number to remember them under; without it the book's own counter moves on, so that
    no mark that was set before covers them.
    """
    records = list(ids)
    if not records:
        return
    if seq is None:
        seq = int(connection.execute(text("UPDATE clock_state SET seq = seq + 1 RETURNING seq")).scalar_one())
    connection.execute(
        text("INSERT OR REPLACE INTO resend(tbl, id, seq) VALUES(:t, :id, :s)"),
        [{"t": table, "id": id_, "s": seq} for id_ in records],
    )
