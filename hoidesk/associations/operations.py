"""What is written about organisations and branches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import select

from hoidesk.associations.drafts import AssociationDraft, BranchDraft, MembershipDraft, PartyStatusDraft, PostDraft
from hoidesk.associations.tables import Association, Branch, Membership, PartyStatus, Post
from hoidesk.book.operations import Save
from hoidesk.book.records import Draft, Record
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.text.fold import fold

__all__ = ["SaveAssociation", "SaveBranch", "SaveMembership", "SavePartyStatus", "SavePost"]


class SaveAssociation(Save):
    """Record an association or a socio-political organisation, or change one."""

    op: ClassVar[str] = "association.save"
    label: ClassVar[str] = N_("Save an organisation")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = AssociationDraft
    table: ClassVar[type[Record]] = Association

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """A name must not repeat one that exists in the same ward (Decree 126/2024 on names of associations)."""
        if before is not None and before["name"] == values["name"]:
            return
        t = work.table("association").table
        rows = work.connection.execute(
            select(t.c.id, t.c.name).where(t.c.kind == values["kind"], t.c.voided.is_(None), t.c.ended_on.is_(None))
        )
        wanted = fold(values["name"])
        for row in rows:
            if fold(row.name) == wanted and (before is None or row.id != before["id"]):
                raise UserError(
                    "association.same_name",
                    _("“{name}” is already in the book. Open that record instead.").format(name=row.name),
                    field="name",
                )


class SaveBranch(Save):
    """Record a branch in a quarter, a Front working committee or an area board, or change one."""

    op: ClassVar[str] = "branch.save"
    label: ClassVar[str] = N_("Save a branch")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = BranchDraft
    table: ClassVar[type[Record]] = Branch


class SavePost(Save):
    """Record who holds a post, in public capacity, or change it."""

    op: ClassVar[str] = "post.save"
    label: ClassVar[str] = N_("Save a post")
    draft: ClassVar[type[Draft]] = PostDraft
    table: ClassVar[type[Record]] = Post


class SaveMembership(Save):
    """Record how many members an association or a branch has on a day."""

    op: ClassVar[str] = "membership.save"
    label: ClassVar[str] = N_("Save a membership figure")
    draft: ClassVar[type[Draft]] = MembershipDraft
    table: ClassVar[type[Record]] = Membership


class SavePartyStatus(Save):
    """Record the Party organisation status of an association: counts, rules and dates only."""

    op: ClassVar[str] = "party_status.save"
    label: ClassVar[str] = N_("Save a Party organisation status")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = PartyStatusDraft
    table: ClassVar[type[Record]] = PartyStatus
