"""Validated input of registrations, targets, limitations and clusters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import model_validator

from hoidesk.associations.drafts import in_order
from hoidesk.book.records import Draft
from hoidesk.emulation.tables import (
    ClusterFields,
    CriteriaDraftFields,
    LimitationFields,
    RegistrationFields,
    TargetFields,
)
from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = [
    "UNIT_COLUMNS",
    "ClusterDraft",
    "CriteriaSetDraft",
    "LimitationDraft",
    "RegistrationDraft",
    "TargetDraft",
    "unit_of_values",
]

UNIT_COLUMNS = {"area": "area_id", "branch": "branch_id", "association": "association_id"}
"""The column that names a unit of each kind."""


def unit_of_values(values: dict[str, Any]) -> tuple[str, UUID]:
    """Kind and id of the one unit that a record is about; UserError unless exactly one is named, of the given kind."""
    named = [(kind, values[column]) for kind, column in UNIT_COLUMNS.items() if values.get(column) is not None]
    if len(named) != 1:
        raise UserError("unit.one", _("Name exactly one area, branch or association."), field="unit_kind")
    kind, id_ = named[0]
    if values.get("unit_kind") not in (None, kind):
        raise UserError("unit.kind", _("The kind of unit does not fit the unit that is named."), field="unit_kind")
    return kind, id_


class _AboutAUnit(Draft):
    """A draft about one unit: the kind follows from the unit and need not be typed."""

    @model_validator(mode="before")
    @classmethod
    def _kind(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("unit_kind") is None:
            named = [kind for kind, column in UNIT_COLUMNS.items() if values.get(column) is not None]
            if len(named) == 1:
                return values | {"unit_kind": named[0]}
        return values


class RegistrationDraft(RegistrationFields, _AboutAUnit):
    """Input of one registration."""

    @model_validator(mode="after")
    def _check(self) -> RegistrationDraft:
        unit_of_values({name: getattr(self, name) for name in ("unit_kind", *UNIT_COLUMNS.values())})
        in_order(self.submitted_on, self.withdrawn_on, "withdrawn_on")
        return self


class TargetDraft(TargetFields, Draft):
    """Input of one target."""

    @model_validator(mode="after")
    def _check(self) -> TargetDraft:
        if not self.text.strip():
            raise UserError("target.no_text", _("Type what is to be reached."), field="text")
        if self.target_unit is not None and self.target_value is None:
            raise UserError(
                "target.no_number", _("A unit is given without a number. Type the number."), field="target_value"
            )
        return self


class LimitationDraft(LimitationFields, _AboutAUnit):
    """Input of one known limitation."""

    @model_validator(mode="after")
    def _check(self) -> LimitationDraft:
        unit_of_values({name: getattr(self, name) for name in ("unit_kind", *UNIT_COLUMNS.values())})
        if not self.text.strip():
            raise UserError("limitation.no_text", _("Type the limitation in a few words."), field="text")
        in_order(self.opened_on, self.closed_on, "closed_on")
        return self


class ClusterDraft(ClusterFields, Draft):
    """Input of one cluster."""

    @model_validator(mode="after")
    def _check(self) -> ClusterDraft:
        if not self.name.strip():
            raise UserError("cluster.no_name", _("Type the name of the cluster."), field="name")
        return self


class CriteriaSetDraft(CriteriaDraftFields, Draft):
    """Input of one version of a criteria set."""
