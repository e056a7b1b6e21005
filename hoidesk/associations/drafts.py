"""Validated input of organisations, branches, posts, membership figures and Party organisation status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import model_validator

from hoidesk.associations.tables import (
    AssociationFields,
    BranchFields,
    MembershipFields,
    PartyStatusFields,
    PostFields,
)
from hoidesk.book.records import Draft
from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = ["AssociationDraft", "BranchDraft", "MembershipDraft", "PartyStatusDraft", "PostDraft", "in_order", "one_of"]


def in_order(first: date | None, last: date | None, field: str) -> None:
    """UserError when a period ends before it begins."""
    if first is not None and last is not None and last < first:
        raise UserError("dates.order", _("The last day lies before the first day."), field=field)


def one_of(values: Mapping[str, object], field: str) -> None:
    """UserError unless exactly one of the named records is given."""
    if sum(value is not None for value in values.values()) != 1:
        raise UserError(
            "record.one_owner", _("Name exactly one organisation, branch or area that this belongs to."), field=field
        )


class AssociationDraft(AssociationFields, Draft):
    """Input of one organisation."""

    @model_validator(mode="after")
    def _check(self) -> AssociationDraft:
        if not self.name.strip():
            raise UserError("association.no_name", _("Type the name of the organisation."), field="name")
        in_order(self.entrusted_from, self.entrusted_to, "entrusted_to")
        in_order(self.term_from, self.term_to, "term_to")
        in_order(self.founded_on, self.ended_on, "ended_on")
        in_order(self.suspended_from, self.suspended_to, "suspended_to")
        in_order(self.executive_from, self.executive_to, "executive_to")
        return self


class BranchDraft(BranchFields, Draft):
    """Input of one branch."""

    @model_validator(mode="after")
    def _check(self) -> BranchDraft:
        if not self.name.strip():
            raise UserError("branch.no_name", _("Type the name of the branch."), field="name")
        in_order(self.founded_on, self.ended_on, "ended_on")
        in_order(self.consolidate_from, self.consolidate_to, "consolidate_to")
        return self


class PostDraft(PostFields, Draft):
    """Input of one post."""

    @model_validator(mode="after")
    def _check(self) -> PostDraft:
        if not self.title.strip():
            raise UserError("post.no_title", _("Type the post, for example branch head."), field="title")
        one_of({"association": self.association_id, "branch": self.branch_id, "area": self.area_id}, "branch_id")
        in_order(self.held_from, self.held_to, "held_to")
        return self


class MembershipDraft(MembershipFields, Draft):
    """Input of one membership figure."""

    @model_validator(mode="after")
    def _check(self) -> MembershipDraft:
        one_of({"association": self.association_id, "branch": self.branch_id}, "branch_id")
        return self


class PartyStatusDraft(PartyStatusFields, Draft):
    """Input of one Party organisation status."""

    @model_validator(mode="after")
    def _check(self) -> PartyStatusDraft:
        in_order(self.status_from, self.status_to, "status_to")
        return self
