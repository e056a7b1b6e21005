"""Validated input of areas and units."""

from __future__ import annotations

import re
from typing import Final

from pydantic import model_validator

from hoidesk.book.records import Draft
from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.units.tables import AreaFields, SubordinateUnitFields

__all__ = ["AreaDraft", "SubordinateUnitDraft"]

_CODE: Final = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def _check_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise UserError(
            "unit.code", _("A unit code has letters, digits and hyphens only, for example P05-2."), field="code"
        )


class AreaDraft(AreaFields, Draft):
    """Input of one area."""

    @model_validator(mode="after")
    def _check(self) -> AreaDraft:
        _check_code(self.code)
        if not self.name.strip():
            raise UserError("area.no_name", _("Type the name of the area."), field="name")
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise UserError("area.dates", _("The last day lies before the first day."), field="effective_to")
        return self


class SubordinateUnitDraft(SubordinateUnitFields, Draft):
    """Input of one subordinate unit."""

    @model_validator(mode="after")
    def _check(self) -> SubordinateUnitDraft:
        _check_code(self.code)
        if not self.name.strip():
            raise UserError("unit.name", _("Type the name of the unit."), field="name")
        return self
