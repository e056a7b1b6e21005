"""Detail on request: single records that an officer chose for one unit go to it whole, beyond its scope.

Only minutes of a meeting and petitions can be asked for, and names and phones stay in the office even then. What was
chosen goes with every package until one of them is acknowledged; until then it can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlmodel import Field

from hoidesk.book.operations import Step
from hoidesk.book.registry import Registry, registry
from hoidesk.book.slots import Role
from hoidesk.book.work import OFFICE_TIME, Work
from hoidesk.errors import UserError
from hoidesk.exchange.decide.fields import record_titles
from hoidesk.exchange.scopes import Scope, ScopedTable
from hoidesk.exchange.state import find_peer, stamp_text
from hoidesk.exchange.trust.keys import contains
from hoidesk.language import N_, _

__all__ = ["AllowDetail", "DetailRow", "RevokeDetail", "details_for", "details_listed", "with_details"]

ASKED_FOR: Final = ("meeting", "petition")
CARRIED: Final = ("meeting", "agenda_item", "petition")
"""In the order in which they are sent: a record comes after the one that it refers to."""


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A record that was chosen for a unit: its title, what goes with it, since when, and whether it arrived."""

    peer: str
    table: str
    id: UUID
    title: str
    lines: int
    chosen_on: date
    arrived: bool


def details_for(connection: Connection, tables: Registry, peer: str, mark: int) -> tuple[ScopedTable, ...]:
    """The records chosen for a peer that it has not acknowledged, by table: every column but names and phones."""
    found = []
    for name in CARRIED:
        table = tables[name]
        rows = connection.execute(
            text("SELECT id FROM allowed_detail WHERE peer = :p AND tbl = :t AND seq > :s ORDER BY id"),
            {"p": peer, "t": table.id, "s": mark},
        ).scalars()
        ids = ", ".join(f"X'{bytes(id_).hex()}'" for id_ in rows)
        if ids:
            columns = tuple(c for c in table.columns if not c.info.personal)
            found.append(ScopedTable(table, columns, f"id IN ({ids})", "detail"))
    return tuple(found)


def with_details(scope: Scope, connection: Connection, tables: Registry, mark: int) -> Scope:
    """The scope of a peer with what was chosen for it beyond the default."""
    return replace(scope, details=details_for(connection, tables, scope.peer, mark))


def _marks(connection: Connection) -> dict[str, int]:
    rows = connection.execute(text("SELECT a.unit, a.seq FROM ack a JOIN clock_state s ON s.inc = a.inc"))
    return {str(row.unit): int(row.seq) for row in rows}


def details_listed(connection: Connection) -> list[DetailRow]:
    """Everything that was chosen, the newest first."""
    marks, known = _marks(connection), {registry()[name].id: name for name in ASKED_FOR}
    rows = connection.execute(text("SELECT peer, tbl, id, seq, at FROM allowed_detail ORDER BY seq DESC, id")).all()
    titles = record_titles(connection, [(known[row.tbl], UUID(bytes=row.id)) for row in rows if row.tbl in known])
    return [
        DetailRow(
            str(row.peer),
            known[row.tbl],
            UUID(bytes=row.id),
            titles.get(UUID(bytes=row.id), ""),
            len(_lines(connection, known[row.tbl], UUID(bytes=row.id))),
            (datetime.fromisoformat(row.at) + OFFICE_TIME).date(),
            marks.get(str(row.peer), 0) >= row.seq,
        )
        for row in rows
        if row.tbl in known
    ]


def _lines(connection: Connection, table: str, id_: UUID) -> Sequence[UUID]:
    """The minutes of a meeting; nothing for another record."""
    if table != "meeting":
        return ()
    t = registry()["agenda_item"].table
    return connection.execute(select(t.c.id).where(t.c.meeting_id == id_, t.c.voided.is_(None))).scalars().all()


class _Detail(Step):
    """A meeting with its minutes or a petition, and the unit it is for (without one: the superior)."""

    needs: ClassVar[Role] = Role.OFFICER

    table: str
    id: UUID
    peer: str | None = Field(default=None, title=N_("For"))

    def _chosen(self, work: Work) -> tuple[str, list[tuple[int, UUID]]]:
        peer = find_peer(work.connection, self.peer, work.unit)
        if self.table not in ASKED_FOR:
            raise UserError(
                "detail.table", _("Only a meeting with its minutes or a petition can be sent whole."), field="table"
            )
        unit = str(work.get(self.table, self.id)["unit"])
        if not (contains(peer.unit, unit) or contains(unit, peer.unit)):
            raise UserError(
                "detail.unit", _("This record is not of {unit} or a unit below it.").format(unit=peer.name or peer.unit)
            )
        lines = [(work.table("agenda_item").id, id_) for id_ in _lines(work.connection, self.table, self.id)]
        return peer.unit, [(work.table(self.table).id, self.id), *lines]

    def _not_undone(self, work: Work) -> None:
        """What may travel is no record: it is taken back in its list, not by undo."""
        work.connection.execute(text("UPDATE op SET kind = 'detail' WHERE id = :o"), {"o": work.op})

    def title(self, work: Work, result: Any) -> str:
        return work.title(self.table, self.id)


class AllowDetail(_Detail):
    """Let a unit have one record whole: the next package carries it with its minutes, but without names and phones."""

    op: ClassVar[str] = "detail.allow"
    label: ClassVar[str] = N_("Send a record whole")

    def apply(self, work: Work) -> UUID:
        peer, records = self._chosen(work)
        seq = work.connection.execute(text("UPDATE clock_state SET seq = seq + 1 RETURNING seq")).scalar_one()
        for number, id_ in records:
            work.connection.execute(
                text("INSERT OR REPLACE INTO allowed_detail(peer, tbl, id, seq, at) VALUES(:p, :t, :id, :s, :at)"),
                {"p": peer, "t": number, "id": id_.bytes, "s": seq, "at": stamp_text(work)},
            )
        self._not_undone(work)
        return self.id


class RevokeDetail(_Detail):
    """Take back what was chosen for a unit, as long as no package with it was acknowledged."""

    op: ClassVar[str] = "detail.revoke"
    label: ClassVar[str] = N_("Do not send a record whole")

    def apply(self, work: Work) -> UUID:
        peer = self._chosen(work)[0]
        number = work.table(self.table).id
        seq = work.connection.execute(
            text("SELECT seq FROM allowed_detail WHERE peer = :p AND tbl = :t AND id = :id"),
            {"p": peer, "t": number, "id": self.id.bytes},
        ).scalar()
        if seq is None:
            raise UserError("detail.none", _("This record was not chosen for {unit}.").format(unit=peer))
        if _marks(work.connection).get(peer, 0) >= seq:
            raise UserError("detail.arrived", _("This record has arrived already and cannot be taken back."))
        work.connection.execute(text("DELETE FROM allowed_detail WHERE peer = :p AND seq = :s"), {"p": peer, "s": seq})
        self._not_undone(work)
        return self.id
