"""Validated input of reported and estimated values."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from pydantic import field_validator, model_validator

from hoidesk.book.records import Draft
from hoidesk.errors import UserError
from hoidesk.figures.catalogue import UUID_DIMENSIONS, figure
from hoidesk.figures.model import Key
from hoidesk.figures.tables import ReportedFigureFields
from hoidesk.language import _
from hoidesk.text.numbers import parse_count

__all__ = ["ReportedFigureDraft", "dimensions_text"]

_SHARE: Final = re.compile(r"-?[0-9]{1,4}(?:[.,][0-9]{1,2})?")


def dimensions_text(where: dict[str, Key]) -> str:
    """The one spelling of a filter, so that equal filters are equal texts."""
    return json.dumps({name: str(value) for name, value in where.items()}, sort_keys=True, separators=(",", ":"))


def _known(figure_id: str, dimensions: dict[str, Any]) -> dict[str, Key]:
    """The dimensions as keys; UserError for one that the figure does not have."""
    entry = figure(figure_id)
    keys: dict[str, Key] = {}
    for name, value in dimensions.items():
        if name not in entry.dimensions or not isinstance(value, str):
            raise UserError(
                "figures.dimension",
                _("The figure {figure} cannot be split by {dimension}.").format(figure=entry.title, dimension=name),
                field="dimensions",
            )
        try:
            keys[name] = UUID(value) if name in UUID_DIMENSIONS else value
        except ValueError:
            raise UserError(
                "figures.where",
                _("The filter {dimension} has a value of the wrong kind. Take a value from the list.").format(
                    dimension=name
                ),
                field="dimensions",
            ) from None
    return keys


class ReportedFigureDraft(ReportedFigureFields, Draft):
    """Input of one reported or estimated value."""

    @field_validator("dimensions", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return json.dumps(value) if isinstance(value, dict) else value

    @field_validator("value", mode="before")
    @classmethod
    def _number_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _check(self) -> ReportedFigureDraft:
        try:
            dimensions = json.loads(self.dimensions)
        except ValueError:
            dimensions = None
        if not isinstance(dimensions, dict):
            raise UserError("figures.dimensions", _("The split cannot be read. Choose it again."), field="dimensions")
        # Plain assignment would run this check again.
        self.__dict__["dimensions"] = dimensions_text(_known(self.figure, dimensions))
        self.__dict__["value"] = _stored_number(self.value, figure(self.figure).unit)
        if self.window_to < self.window_from:
            raise UserError(
                "figures.window",
                _("The last day lies before the first day. Swap the two days or type another one."),
                field="window_to",
            )
        if not (self.source or "").strip():
            raise UserError(
                "figures.no_source", _("Type where this value comes from, for example a report."), field="source"
            )
        return self


def _stored_number(text: str, unit: str) -> str:
    """A number as it is stored: digits, for a share also a point and decimals, a minus where a figure can fall."""
    typed = text.strip().replace("−", "-")
    if unit != "%":
        negative = typed.startswith("-")
        number = parse_count(typed.removeprefix("-").strip())
        return f"-{number}" if negative and number else str(number)
    if not _SHARE.fullmatch(typed):
        raise UserError(
            "figures.value", _("“{text}” is not a share. Type it like 90 or 12,5.").format(text=text), field="value"
        )
    return str(Decimal(typed.replace(",", ".")))
