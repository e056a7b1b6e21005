"""What people decide about exchange: edits in two places, suggestions, rows in quarantine.

What is taken over is an ordinary edit with a stamp of its own, and is undone like one.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select, text

from hoidesk.book.operations import Step
from hoidesk.book.registry import StoredColumn, StoredTable
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.decide.conflict_rows import coupled
from hoidesk.exchange.decide.fields import typed
from hoidesk.exchange.decide.kept import Kept, kept_rows
from hoidesk.exchange.merge.values import BadValue, required_columns
from hoidesk.exchange.state import stamp_text
from hoidesk.language import N_, _

__all__ = [
    "ApplySuggestion",
    "DismissQuarantine",
    "DismissSuggestion",
    "ReopenQuarantine",
    "ReopenSuggestion",
    "RetryQuarantine",
    "SettleConflict",
]


def _newer() -> UserError:
    return UserError("conflict.newer", _("A newer program made this record. Install the new version first."))


def _known(work: Work, number: int) -> StoredTable:
    table = work.registry.find(number)
    if table is None:
        raise _newer()
    return table


class SettleConflict(Step):
    """Settle what was edited in two places: keep what the book holds, or take the values that lost.

    Fields that belong together (invited, present, excused) and lost together are settled as one. With ``seen``, the
    row clock that the values were shown at, the act is refused when one of them was changed since.
    """

    op: ClassVar[str] = "conflict.settle"
    label: ClassVar[str] = N_("Settle an edit in two places")
    needs: ClassVar[Role] = Role.SECRETARY

    id: UUID
    take: bool
    seen: int | None = None

    def apply(self, work: Work) -> UUID:
        conflict = work.get("conflict", self.id)
        if conflict["settled_on"] is not None:
            raise UserError("conflict.settled", _("This was settled before. Nothing is left to decide."))
        together = self._together(work, conflict)
        table = work.registry.find(int(conflict["table_number"]))
        if self.seen is not None and table is not None:
            columns = [table.column(int(c["column_number"])) for c in together]
            names = {c.name for known in columns if known is not None for c in coupled(table, known)}
            work.not_changed_since(table.name, UUID(hex=conflict["record"]), self.seen, names)
        if self.take:
            self._take(work, _known(work, int(conflict["table_number"])), UUID(hex=conflict["record"]), together)
        for one in together:
            work.update("conflict", one["id"], {"settled_on": work.today})
        return self.id

    def title(self, work: Work, result: Any) -> str:
        conflict = work.get("conflict", self.id)
        table = work.registry.find(int(conflict["table_number"]))
        return "" if table is None else work.title(table.name, UUID(hex=conflict["record"]))

    def _together(self, work: Work, conflict: dict[str, Any]) -> list[dict[str, Any]]:
        """The open conflicts of the same losing write in the same group of fields."""
        stored = work.table("conflict").table
        same = ("table_number", "record", "lost_clock", "lost_replica")
        rows = work.connection.execute(
            select(stored).where(
                *(stored.c[name] == conflict[name] for name in same),
                stored.c.settled_on.is_(None),
                stored.c.voided.is_(None),
            )
        ).mappings()
        table = work.registry.find(int(conflict["table_number"]))
        column = table.column(int(conflict["column_number"])) if table else None
        numbers = (
            {int(conflict["column_number"])}
            if table is None or column is None
            else {c.id for c in coupled(table, column)}
        )
        return [dict(row) for row in rows if int(row["column_number"]) in numbers]

    def _take(self, work: Work, table: StoredTable, record: UUID, together: list[dict[str, Any]]) -> None:
        values = {}
        for one in together:
            column = table.column(int(one["column_number"]))
            if column is None:
                raise _newer()
            values[column.name] = _lost(column, one)
        found = work.connection.execute(select(table.table.c.id).where(table.table.c.id == record)).scalar()
        if found is None:
            raise UserError("conflict.gone", _("The record is not in the book any more."))
        work.update(table.name, record, values)


def _lost(column: StoredColumn, conflict: dict[str, Any]) -> Any:
    try:
        return typed(column, json.loads(conflict["value"]))
    except (BadValue, ValueError):
        raise UserError("conflict.bad", _("The other value cannot be read. Type it into the record.")) from None


# Rows that were put aside


def _write(work: Work, kept: Kept) -> None:
    """Write a row that was put aside as an ordinary edit, or as a new record."""
    table = _known(work, kept.table_number)
    values: dict[str, Any] = {}
    for number, value in kept.values:
        column = table.column(number)
        if column is None:
            raise _newer()
        try:
            values[column.name] = typed(column, json.loads(value))
        except BadValue as bad:
            raise UserError("kept.bad", str(bad), field=column.name) from None
    before = work.connection.execute(select(table.table).where(table.table.c.id == kept.record)).mappings().first()
    unit = str(values.get("unit") or (before["unit"] if before else work.unit.code))
    if table.info.writers == "unit" and unit != work.unit.code:
        raise UserError("kept.owner", _("Only {unit} may write this record. Ask it to.").format(unit=unit))
    if before is None:
        empty = next((c for c in required_columns(table) if c.name != "unit" and values.get(c.name) is None), None)
        if empty is not None:
            raise UserError(
                "kept.incomplete",
                _("“{field}” is empty, but a record needs it.").format(field=_(empty.info.label)),
                field=empty.name,
            )
        work.insert(table.name, {k: v for k, v in values.items() if k != "unit"}, unit=unit, id=kept.record)
    elif any(table.info.frozen(name) and before[name] != value for name, value in values.items()):
        raise UserError("kept.immutable", _("A record that never changes was changed. It cannot be taken over."))
    else:
        work.update(table.name, kept.record, values)


class _Suggestion(Step):
    """A suggestion is named by its record, and clock and replica of the write that it keeps."""

    table: str
    record: UUID
    clock: str
    replica: str

    def _find(self, work: Work) -> Kept:
        key = (work.table(self.table).id, self.record, self.clock, self.replica)
        found = next((k for k in kept_rows(work.connection) if k.kind == "suggestion" and k.key == key), None)
        if found is None:
            raise UserError("kept.settled", _("This was settled before. Nothing is left to decide."))
        return found

    def _settle(self, work: Work, why: str | None) -> None:
        work.connection.execute(
            text(
                "UPDATE suggestion SET settled = :why, settled_at = :at "
                "WHERE tbl = :t AND id = :i AND hlc = :h AND inc = :inc"
            ),
            {
                "why": why,
                "at": None if why is None else stamp_text(work),
                "t": work.table(self.table).id,
                "i": self.record.bytes,
                "h": int(self.clock, 16),
                "inc": bytes.fromhex(self.replica),
            },
        )


class ApplySuggestion(_Suggestion):
    """Take over what another unit wrote into fields that it does not own."""

    op: ClassVar[str] = "suggestion.apply"
    label: ClassVar[str] = N_("Take a suggestion over")

    seen: int | None = None

    def apply(self, work: Work) -> UUID:
        kept = self._find(work)
        table = _known(work, kept.table_number)
        if self.seen:
            columns = [table.column(number) for number, _value in kept.values]
            work.not_changed_since(self.table, self.record, self.seen, [c.name for c in columns if c is not None])
        _write(work, kept)
        self._settle(work, "")
        return self.record

    def title(self, work: Work, result: Any) -> str:
        return work.title(self.table, self.record)


class DismissSuggestion(_Suggestion):
    """Leave a record as it is; what the other unit wrote can still be looked up."""

    op: ClassVar[str] = "suggestion.dismiss"
    label: ClassVar[str] = N_("Leave a suggestion")

    def apply(self, work: Work) -> UUID:
        self._find(work)
        self._settle(work, _("Not taken over"))
        return self.record


class ReopenSuggestion(_Suggestion):
    """Put a suggestion back that was settled: what was decided about it is decided again."""

    op: ClassVar[str] = "suggestion.reopen"
    label: ClassVar[str] = N_("Put back into the tray")

    def apply(self, work: Work) -> UUID:
        key = (work.table(self.table).id, self.record, self.clock, self.replica)
        settled = kept_rows(work.connection, settled=True)
        if not any(k.kind == "suggestion" and k.key == key for k in settled):
            raise UserError("kept.open", _("This waits in the tray already."))
        self._settle(work, None)
        return self.record


class _Quarantined(Step):
    entry: int

    def _find(self, work: Work) -> Kept:
        key = (self.entry,)
        found = next((k for k in kept_rows(work.connection) if k.kind == "quarantine" and k.key == key), None)
        if found is None:
            raise UserError("kept.settled", _("This was settled before. Nothing is left to decide."))
        return found

    def _settle(self, work: Work, why: str | None) -> None:
        work.connection.execute(
            text("UPDATE quarantine SET settled = :why, settled_at = :at WHERE number = :n"),
            {"why": why, "at": None if why is None else stamp_text(work), "n": self.entry},
        )


class RetryQuarantine(_Quarantined):
    """Try again to write a record that broke a rule when it came: what it refers to may be here now."""

    op: ClassVar[str] = "quarantine.retry"
    label: ClassVar[str] = N_("Take over a record that was held back")

    def apply(self, work: Work) -> UUID:
        kept = self._find(work)
        _write(work, kept)
        self._settle(work, "")
        return kept.record

    def title(self, work: Work, result: Any) -> str:
        query = text("SELECT tbl FROM quarantine WHERE number = :n")
        number = int(work.connection.execute(query, {"n": self.entry}).scalar_one())
        return work.title(work.registry[number].name, result)


class DismissQuarantine(_Quarantined):
    """Leave a record that broke a rule out of the book, with the reason; it can still be looked up."""

    op: ClassVar[str] = "quarantine.dismiss"
    label: ClassVar[str] = N_("Leave a record out that was held back")

    reason: str

    def apply(self, work: Work) -> UUID:
        kept = self._find(work)
        if not self.reason.strip():
            raise UserError("kept.no_reason", _("Type why this is left out."), field="reason")
        self._settle(work, self.reason.strip())
        return kept.record


class ReopenQuarantine(_Quarantined):
    """Put a record back that was left out or taken over: what was decided about it is decided again."""

    op: ClassVar[str] = "quarantine.reopen"
    label: ClassVar[str] = N_("Put back into the tray")

    def apply(self, work: Work) -> UUID:
        settled = kept_rows(work.connection, settled=True)
        found = next((k for k in settled if k.kind == "quarantine" and k.key == (self.entry,)), None)
        if found is None:
            raise UserError("kept.open", _("This waits in the tray already."))
        self._settle(work, None)
        return found.record
