"""What is written about areas and units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import select

from hoidesk.book.operations import Save
from hoidesk.book.records import Draft, Record
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.units.drafts import AreaDraft, SubordinateUnitDraft
from hoidesk.units.tables import Area, SubordinateUnit

__all__ = ["SaveArea", "SaveSubordinateUnit"]


def _inside(work: Work, code: str) -> None:
    if not work.unit.covers(code) or code == work.unit.code:
        raise UserError(
            "unit.outside",
            _("The code must begin with the code of this unit, for example {example}.").format(
                example=f"{work.unit.code}-01"
            ),
            field="code",
        )


def _unique(work: Work, table: str, code: str, before: Mapping[str, Any] | None) -> None:
    t = work.table(table).table
    same = work.connection.execute(select(t.c.id).where(t.c.code == code, t.c.voided.is_(None))).scalars().all()
    if any(before is None or i != before["id"] for i in same):
        raise UserError("unit.code_used", _("The code {code} is already in use.").format(code=code), field="code")


class SaveArea(Save):
    """Record a quarter or a group, or change one."""

    op: ClassVar[str] = "area.save"
    label: ClassVar[str] = N_("Save an area")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = AreaDraft
    table: ClassVar[type[Record]] = Area

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        if before is None or before["code"] != values["code"]:
            if work.unit.tier != "cell":
                _inside(work, values["code"])
            _unique(work, "area", values["code"], before)
        if before is not None and values["parent_id"] == before["id"]:
            raise UserError("area.parent", _("An area cannot be a part of itself."), field="parent_id")


class SaveSubordinateUnit(Save):
    """Give a subordinate unit its code and name, or change the name."""

    op: ClassVar[str] = "unit.save"
    label: ClassVar[str] = N_("Save a unit")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = SubordinateUnitDraft
    table: ClassVar[type[Record]] = SubordinateUnit

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        if before is None or before["code"] != values["code"]:
            _inside(work, values["code"])
            _unique(work, "unit", values["code"], before)
