"""What belongs to an organisation or a branch: posts, membership figures, Party organisation status."""

from __future__ import annotations

from typing import Any

from hoidesk.language import _
from ui.app import App
from ui.records.cells import choice, count, day, day_text, text
from ui.records.fields import Section
from ui.records.subject import Child
from ui.widgets.cells import Cell, Column

__all__ = ["memberships", "party_statuses", "posts"]


def posts(parent: str) -> Child:
    """Office-holders in public capacity; a phone only if it is an official one."""
    return Child(
        "post",
        "posts",
        lambda: _("Posts"),
        parent,
        columns=(
            Column("title", lambda: _("Post"), text("title")),
            Column("holder", lambda: _("Office-holder"), text("holder"), width=11),
            Column("held_from", lambda: _("From"), day("held_from"), width=6.6, priority=1),
        ),
        sections=(Section(lambda: _("Post"), ("title", "holder", "field_of_work", "held_from", "held_to", "phone")),),
        save="post.save",
        new_label=lambda: _("Add a post"),
    )


def memberships(parent: str) -> Child:
    """Counts of members by day, never a list."""
    return Child(
        "membership",
        "memberships",
        lambda: _("Figures"),
        parent,
        columns=(
            Column("as_of", lambda: _("As of"), _as_of_cell),
            Column("members", lambda: _("Members"), count("members"), width=7.6, right=True),
            Column("joined", lambda: _("Joined"), count("joined"), width=5.8, right=True),
            Column("left", lambda: _("Left"), count("left"), width=5.2, right=True),
        ),
        row_height=3.2,
        sections=(Section(lambda: _("Membership figure"), ("as_of", "members", "joined", "left", "source_note")),),
        save="membership.save",
        new_label=lambda: _("Add a figure"),
    )


def _as_of_cell(row: Any) -> Cell:
    return Cell(day_text(row["as_of"]), second=" ".join(str(row["source_note"] or "").split()))


def party_statuses(app: App) -> Child:
    """Status, rules, counts and dates of the Party organisation; never a person."""
    return Child(
        "party_status",
        "party_statuses",
        lambda: _("Party"),
        "association_id",
        columns=(
            Column("status", lambda: _("Status"), choice("status", "party_statuses", lambda: app.labels)),
            Column("status_from", lambda: _("Since"), day("status_from"), width=7),
            Column("party_members", lambda: _("Party members"), count("party_members"), width=9, right=True),
        ),
        sections=(
            Section(lambda: _("Party organisation"), ("status", "status_from", "status_to", "joint_with", "caucus")),
            Section(lambda: _("Working rules"), ("established_on", "rules_issued_on", "rules_reviewed_on")),
            Section(lambda: _("Count"), ("party_members", "members_as_of")),
        ),
        save="party_status.save",
        new_label=lambda: _("Add a status"),
    )
