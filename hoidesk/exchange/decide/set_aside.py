"""Set aside in one place, edited in another meanwhile: both survive the merge, and a person decides what holds.

Setting aside is a field like any other, so no edit is lost by it. Whether the two knew of each other follows from what
the book keeps anyway: the stamps, the order in which they came here, and what the sender of the package had seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, text

from hoidesk.book.operations import Step
from hoidesk.book.records import VOIDED_ID
from hoidesk.book.registry import StoredColumn, StoredTable, registry
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.decide.fields import title_of_values
from hoidesk.language import N_, _

__all__ = ["EditedAside", "KeepAside", "edited_aside"]

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class EditedAside:
    """A record that was set aside by one unit while another one edited it: why, the fields edited, who and when.

    Instants are what the writing PC's clock said (UTC).
    """

    table: StoredTable
    record: UUID
    title: str
    reason: str
    aside_by: str
    aside_at: datetime
    edited_by: str
    edited_at: datetime
    fields: tuple[StoredColumn, ...]


@dataclass(frozen=True, slots=True)
class _Write:
    """The newest write of one field: its place in this book, its stamp, and the operation that brought it."""

    seq: int
    op: int
    hlc: int
    inc: bytes

    @property
    def at(self) -> datetime:
        """What the writing PC's clock said."""
        return datetime.fromtimestamp((self.hlc >> 16) / 1000, UTC)


def edited_aside(connection: Connection) -> list[EditedAside]:
    """Every record of the book that is set aside and was edited elsewhere by somebody who did not know it."""
    units = {bytes(r.inc): str(r.unit) for r in connection.execute(text("SELECT inc, unit FROM incarnation"))}
    own = connection.execute(text("SELECT inc FROM clock_state")).scalar_one()
    code = connection.execute(text("SELECT value FROM book_info WHERE name = 'code'")).scalar()
    units[bytes(own)] = str(code or "")
    found = []
    for table in registry().tables:
        rows = connection.exec_driver_sql(f'SELECT id FROM main."{table.name}" WHERE voided IS NOT NULL').scalars()
        ids = [bytes(id_) for id_ in rows]
        for start in range(0, len(ids), _CHUNK):
            found += list(_among(connection, table, ids[start : start + _CHUNK], units))
    return found


def _among(
    connection: Connection, table: StoredTable, ids: Sequence[bytes], units: dict[bytes, str]
) -> Iterator[EditedAside]:
    for id_, writes in _newest(connection, table, ids).items():
        aside = writes.pop(VOIDED_ID, None)
        if aside is None:
            continue
        seen = _seen_by_sender(connection, aside.op)
        edits = {c: w for c, w in writes.items() if w.inc != aside.inc and _unaware(aside, w, seen)}
        if not edits:
            continue
        last = max(edits.values(), key=lambda w: w.hlc)
        row = connection.exec_driver_sql(f'SELECT * FROM main."{table.name}" WHERE id = ?', (id_,)).mappings().one()
        yield EditedAside(
            table,
            UUID(bytes=id_),
            title_of_values(table, dict(row)),
            str(row["voided"]),
            units.get(aside.inc, ""),
            aside.at,
            units.get(last.inc, ""),
            last.at,
            tuple(c for n in sorted(edits) if (c := table.column(n)) is not None),
        )


def _newest(connection: Connection, table: StoredTable, ids: Sequence[bytes]) -> dict[bytes, dict[int, _Write]]:
    rows = connection.exec_driver_sql(
        f"SELECT id, col, seq, op, hlc, inc FROM history WHERE tbl = ? AND id IN ({','.join('?' * len(ids))}) "
        "AND col > 0 ORDER BY seq",
        (table.id, *ids),
    )
    found: dict[bytes, dict[int, _Write]] = {}
    for id_, col, seq, op, hlc, inc in rows:
        found.setdefault(bytes(id_), {})[int(col)] = _Write(seq, op, hlc, bytes(inc))
    return found


def _seen_by_sender(connection: Connection, op: int) -> dict[str, int] | None:
    """What the sender of the package had seen that an operation took over; None for what was written here."""
    frame = connection.execute(
        text("SELECT p.frame FROM op o JOIN package_in p ON p.at = o.at WHERE o.id = :o AND o.kind = 'import'"),
        {"o": op},
    ).scalar()
    return None if frame is None else dict(json.loads(frame).get("seen", {}))


def _unaware(aside: _Write, edit: _Write, seen: dict[str, int] | None) -> bool:
    """Whether neither of the two knew of the other: the edit is the later one and could not be made to a record set
    aside, or it came here after that, or the package that set the record aside was made without it."""
    if edit.hlc > aside.hlc or edit.seq > aside.seq:
        return True
    return seen is not None and edit.hlc > seen.get(edit.inc.hex(), -1)


class KeepAside(Step):
    """Leave a record set aside that was edited elsewhere meanwhile: said anew, now that the edit is known."""

    op: ClassVar[str] = "record.keep_aside"
    label: ClassVar[str] = N_("Leave set aside")

    table: str
    id: UUID

    def apply(self, work: Work) -> UUID:
        reason = work.get(self.table, self.id, voided=True)["voided"]
        if reason is None:
            raise UserError("aside.not", _("This record is not set aside any more."))
        # An equal value gets no stamp, and the decision has to travel.
        work.update(self.table, self.id, {"voided": None})
        work.update(self.table, self.id, {"voided": reason})
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title(self.table, self.id)
