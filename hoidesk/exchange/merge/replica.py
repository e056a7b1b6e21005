"""The lives of a book: when it begins a new one, and how it is mended after two PCs used one identity.

Packages are numbered by incarnation and peers remember them. A book that was put back, copied, or split from a twin
goes on under a new incarnation: it is simply another replica of its unit, and every peer gets a full package next.
"""

from __future__ import annotations

import os
from typing import Any, Final

from sqlalchemy import Connection, text

from hoidesk.book.clock import wall_ms

__all__ = ["ask_new_life", "begin_asked_life", "begin_new_life", "next_clock", "split_in_time", "split_off"]

SPLIT_FROM: Final = "split"
"""The fact that names the incarnation before this one, for the manifests of this life."""
ASKED: Final = "new_life"


def next_clock(connection: Connection, hlc: int) -> int:
    """The clock after ``hlc`` by the rule of the triggers: the corrected wall, never beyond the cap, never back."""
    state = connection.execute(text("SELECT offset, cap FROM clock_state")).one()
    return max(hlc + 1, min(wall_ms() + int(state.offset), int(state.cap)) << 16)


def _rename(connection: Connection, seen: int) -> tuple[bytes, bytes]:
    """Take a new incarnation; ``seen`` is how much of the old one's writes this book surely has. Old and new."""
    old = bytes(connection.execute(text("SELECT inc FROM clock_state")).scalar_one())
    unit = connection.execute(text("SELECT value FROM book_info WHERE name = 'code'")).scalar_one()
    new = os.urandom(16)
    connection.execute(text("DELETE FROM vector WHERE inc = :i"), {"i": old})
    if seen > 0:
        connection.execute(text("INSERT INTO vector(inc, hlc) VALUES(:i, :h)"), {"i": old, "h": seen})
    connection.execute(text("INSERT OR IGNORE INTO incarnation(inc, unit) VALUES(:i, :u)"), {"i": old, "u": unit})
    connection.execute(text("UPDATE clock_state SET inc = :i"), {"i": new})
    connection.execute(text("UPDATE incarnation SET since = 0"))
    # Receipts are told again: that a package of the old life carried them proves nothing in the new one.
    connection.execute(text("UPDATE package_in SET told = NULL WHERE owes = 1"))
    connection.execute(
        text("INSERT OR REPLACE INTO exchange_state(name, value) VALUES(:n, :v)"), {"n": SPLIT_FROM, "v": old.hex()}
    )
    return old, new


def ask_new_life(connection: Connection) -> None:
    """The book was put back: its next opening for writing begins a new life, after it was brought up to date."""
    connection.execute(text("INSERT OR REPLACE INTO exchange_state(name, value) VALUES(:n, '1')"), {"n": ASKED})


def begin_asked_life(connection: Connection) -> bool:
    """Begin the new life that was asked for, if one was; gives whether."""
    asked = connection.execute(text("DELETE FROM exchange_state WHERE name = :n RETURNING value"), {"n": ASKED}).first()
    if asked is not None:
        begin_new_life(connection)
    return asked is not None


def begin_new_life(connection: Connection) -> None:
    """Give a book that has not been written in since it was put back or copied a new incarnation.

    Everything that it holds of its old one is complete up to its present clock.
    """
    hlc = int(connection.execute(text("SELECT hlc FROM clock_state")).scalar_one())
    _rename(connection, hlc)


def split_off(connection: Connection, *, after: int, proven: int) -> int:
    """A new incarnation for a book that went on writing beside its twin; gives how many stamps were renewed.

    What it wrote itself after local number ``after`` is stamped anew; of the old incarnation it claims no more than
    clock ``proven``, because the twin wrote under it too.
    """
    hlc = int(connection.execute(text("SELECT hlc FROM clock_state")).scalar_one())
    old, new = _rename(connection, proven)
    return _stamp_anew(connection, old, new, hlc, "seq > :limit", "created_seq > :limit", after)


def split_in_time(connection: Connection, cap: int) -> int:
    """A new incarnation for a book whose clock ran far ahead: own stamps beyond ``cap`` (ms) are renewed, and the
    clock goes back to the newest one that is left; gives how many."""
    limit = (cap << 16) | 0xFFFF
    own = bytes(connection.execute(text("SELECT inc FROM clock_state")).scalar_one())
    kept = "SELECT hlc FROM history WHERE inc = :i AND hlc <= :limit UNION ALL "
    kept += "SELECT hlc FROM row_clock WHERE inc = :i AND hlc <= :limit"
    seen = connection.execute(text(f"SELECT max(hlc) FROM ({kept})"), {"i": own, "limit": limit}).scalar()
    rest = "SELECT hlc FROM history WHERE NOT (inc = :i AND hlc > :limit) UNION ALL "
    rest += "SELECT hlc FROM row_clock WHERE NOT (inc = :i AND hlc > :limit) UNION ALL SELECT hlc FROM vector"
    hlc = int(connection.execute(text(f"SELECT max(hlc) FROM ({rest})"), {"i": own, "limit": limit}).scalar() or 0)
    connection.execute(text("UPDATE clock_state SET hlc = :h"), {"h": hlc})
    old, new = _rename(connection, int(seen or 0))
    return _stamp_anew(connection, old, new, hlc, "hlc > :limit", "hlc > :limit", limit)


def _stamp_anew(
    connection: Connection, old: bytes, new: bytes, hlc: int, changed: str, created: str, limit: int
) -> int:
    """Give own writes new stamps, in the order in which they were made; the same edit, stamped anew."""
    fields = connection.execute(
        text(f"SELECT seq, rowid FROM history WHERE inc = :i AND col > 0 AND {changed}"), {"i": old, "limit": limit}
    ).all()
    rows = connection.execute(
        text(f"SELECT created_seq, tbl, id FROM row_clock WHERE inc = :i AND {created}"), {"i": old, "limit": limit}
    ).all()
    writes: list[tuple[int, dict[str, Any]]] = [(int(r.seq), {"r": r.rowid}) for r in fields]
    writes += [(int(r.created_seq), {"t": r.tbl, "id": bytes(r.id)}) for r in rows]
    first = next_clock(connection, hlc)
    last = hlc
    for number, (_seq, key) in enumerate(sorted(writes, key=lambda write: write[0])):
        last = first + number
        where = "history SET hlc = :h, inc = :i WHERE rowid = :r"
        if "id" in key:
            where = "row_clock SET hlc = :h, inc = :i WHERE tbl = :t AND id = :id"
        connection.execute(text(f"UPDATE {where}"), {"h": last, "i": new, **key})
    connection.execute(text("UPDATE clock_state SET hlc = max(hlc, :h)"), {"h": last})
    return len(writes)
