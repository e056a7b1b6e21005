"""A book that was put back begins a new life: other units must not take its new packages for its old ones.

Packages are numbered by incarnation, and peers remember them. A restored backup that went on under its old incarnation
would give old numbers to new packages; under a new one it is simply another replica of its unit.
"""

from __future__ import annotations

import os

from sqlalchemy import Connection, text

__all__ = ["begin_new_life"]


def begin_new_life(connection: Connection) -> None:
    """Give the book a new incarnation, in the transaction of ``connection``.

    What it holds of its old one stays known up to the present clock; every peer gets a full package next.
    """
    state = connection.execute(text("SELECT inc, hlc FROM clock_state")).one()
    unit = connection.execute(text("SELECT value FROM book_info WHERE name = 'code'")).scalar_one()
    connection.execute(
        text("INSERT OR REPLACE INTO vector(inc, hlc) VALUES(:i, :h)"), {"i": bytes(state.inc), "h": int(state.hlc)}
    )
    connection.execute(
        text("INSERT OR IGNORE INTO incarnation(inc, unit) VALUES(:i, :u)"), {"i": bytes(state.inc), "u": unit}
    )
    connection.execute(text("UPDATE clock_state SET inc = :i"), {"i": os.urandom(16)})
