"""What is decided about records that look like one thing: merge, take apart again, declare different."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select

from hoidesk.book.operations import Step
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.decide.aliases import ALIASED, alias_id, computed
from hoidesk.language import N_, _

__all__ = ["DismissDuplicate", "MergeDuplicate", "SplitDuplicate"]


def _pair(work: Work, table: str, one: UUID, other: UUID) -> str:
    """The unit of two records that may be decided about; UserError when they are no pair."""
    if table not in ALIASED:
        raise UserError(
            "duplicate.table", _("Records of this kind are not merged. Set one of them aside."), field="table"
        )
    if one == other:
        raise UserError("duplicate.itself", _("A record is no duplicate of itself. Choose two records."))
    units = {str(work.get(table, id_)["unit"]) for id_ in (one, other)}
    if len(units) > 1:
        raise UserError("duplicate.units", _("The two records belong to different units and stay two."))
    return units.pop()


def _rows(work: Work, table: str, pair: tuple[UUID, UUID], *, different: bool) -> list[UUID]:
    """The alias rows of a pair that stand and say so."""
    a = work.table("alias").table
    one, other = (id_.hex for id_ in pair)
    return list(
        work.connection.execute(
            select(a.c.id).where(
                a.c.table_number == work.table(table).id,
                a.c.different.is_(different),
                a.c.voided.is_(None),
                ((a.c.duplicate == one) & (a.c.kept == other)) | ((a.c.duplicate == other) & (a.c.kept == one)),
            )
        ).scalars()
    )


def _decide(work: Work, table: str, duplicate: UUID, kept: UUID, unit: str, *, different: bool) -> UUID:
    """Write a decision; one that contradicts it is set aside, and one that was set aside stands again."""
    for row in _rows(work, table, (duplicate, kept), different=not different):
        work.update("alias", row, {"voided": _("Decided anew")})
    number = work.table(table).id
    one, other = sorted((duplicate, kept)) if different else (duplicate, kept)
    id_ = UUID(bytes=alias_id(number, one.bytes, other.bytes, different=different))
    a = work.table("alias").table
    if work.connection.execute(select(a.c.id).where(a.c.id == id_)).first():
        work.update("alias", id_, {"voided": None})
        return id_
    values = {"table_number": number, "duplicate": one.hex, "kept": other.hex, "different": different}
    return work.insert("alias", values, unit=unit, id=id_)


class MergeDuplicate(Step):
    """Merge two records of one thing: the duplicate counts as the kept one everywhere; nothing of it is lost."""

    op: ClassVar[str] = "duplicate.merge"
    label: ClassVar[str] = N_("Merge two records of one thing")
    needs: ClassVar[Role] = Role.SECRETARY

    table: str
    duplicate: UUID
    kept: UUID

    def apply(self, work: Work) -> UUID:
        unit = _pair(work, self.table, self.duplicate, self.kept)
        for row in _rows(work, self.table, (self.kept, self.duplicate), different=False):
            work.update("alias", row, {"voided": _("Decided anew")})  # the other way round
        row = _decide(work, self.table, self.duplicate, self.kept, unit, different=False)
        mapping = computed(work.connection, work.registry).get(work.table(self.table).id, {})
        if self.duplicate.bytes not in mapping and self.kept.bytes not in mapping:
            raise UserError(
                "duplicate.contradiction",
                _("Through a third record these two were declared different. Undo that decision first."),
            )
        return row

    def title(self, work: Work, result: Any) -> str:
        return work.title(self.table, self.kept)


class DismissDuplicate(Step):
    """Declare two records different things; they are not proposed as duplicates again."""

    op: ClassVar[str] = "duplicate.dismiss"
    label: ClassVar[str] = N_("Declare two records different")
    needs: ClassVar[Role] = Role.SECRETARY

    table: str
    one: UUID
    other: UUID

    def apply(self, work: Work) -> UUID:
        unit = _pair(work, self.table, self.one, self.other)
        return _decide(work, self.table, self.one, self.other, unit, different=True)

    def title(self, work: Work, result: Any) -> str:
        return work.title(self.table, self.one)


class SplitDuplicate(Step):
    """Take back a decision about two records: merged ones are two again, different ones may be proposed again."""

    op: ClassVar[str] = "duplicate.split"
    label: ClassVar[str] = N_("Take merged records apart")
    needs: ClassVar[Role] = Role.SECRETARY

    id: UUID

    def apply(self, work: Work) -> UUID:
        work.get("alias", self.id)
        work.update("alias", self.id, {"voided": _("Taken back")})
        return self.id
