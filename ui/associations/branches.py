"""Branches, Front working committees and area boards, by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hoidesk.language import _
from hoidesk.text.dates import today
from ui.app import App
from ui.associations.parts import memberships, posts
from ui.associations.state import branch_state
from ui.records.cells import choice, choice_text, count, count_text, day, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Child, Filter, Subject
from ui.shell.page import Desk, Page
from ui.widgets.cells import Cell, Column

__all__ = ["build", "subject"]


def subject(app: App) -> Subject:
    """What the page of branches lists, shows and edits."""

    def on() -> date:
        return app.as_of or today()

    return Subject(
        table="branch",
        listing="branches",
        title=lambda: _("Branches"),
        columns=(
            Column("name", lambda: _("Branch"), text("name"), sort="name"),
            Column("area", lambda: _("Area"), text("area"), width=9, sort="area"),
            Column(
                "members", lambda: _("Members"), count("members"), width=7.4, right=True, priority=2, sort="members"
            ),
            Column("state", lambda: _("State"), lambda row: branch_state(row.cells, on()), width=13.6),
        ),
        sections=(
            Section(lambda: _("Branch"), ("kind", "association_id", "area_id", "name", "founded_on", "ended_on")),
            Section(lambda: _("Meetings"), ("rhythm", "meeting_day")),
            Section(lambda: _("Consolidation"), ("consolidate_from", "consolidate_reason", "consolidate_to", "remark")),
        ),
        save="branch.save",
        new_label=lambda: _("Add a branch"),
        empty=(
            lambda: _("No branch is recorded yet."),
            lambda: _("Add the first branch, or take them from a spreadsheet."),
        ),
        filters=(
            Filter("silent", lambda: _("Not met this month"), lambda d: {"no_meeting_since": d.replace(day=1)}),
            Filter("consolidate", lambda: _("Needs consolidation"), lambda _d: {"consolidate": True}),
            Filter(
                "committees",
                lambda: choice_text("branch_kinds", "front_working_committee", app.labels),
                lambda _d: {"kind": "front_working_committee"},
            ),
        ),
        dated=True,
        tables=frozenset({"meeting", "membership"}),
        state=lambda record: _chip(record, on()),
        subtitle=lambda record: ", ".join(p for p in (record["kind"], record["area_id"]) if p),
        computed=((lambda: _("Members"), lambda record: count_text(record.cells.get("members"))),),
        children=(
            Child(
                "meeting",
                "meetings",
                lambda: _("Meetings"),
                "branch_id",
                columns=(
                    Column("held_on", lambda: _("Day"), day("held_on"), width=7),
                    Column("kind", lambda: _("Kind"), choice("kind", "meeting_kinds", lambda: app.labels)),
                    Column("present", lambda: _("Present"), count("present"), width=5.4, right=True),
                ),
                place="meetings",
            ),
            posts("branch_id"),
            memberships("branch_id"),
        ),
        read_back=_read_back,
        defaults=lambda: {"kind": "branch", "rhythm": "monthly"},
    )


def _chip(record: Loaded, day_: date) -> Cell | None:
    state = branch_state({**record.values, **record.cells}, day_)
    return state if state.chip else None


def _read_back(_values: Mapping[str, str], words: Mapping[str, str]) -> str:
    if not words["name"].strip():
        return ""
    return _("{name}, {area}, {rhythm}.").format(
        name=words["name"].strip(), area=words["area_id"] or "…", rhythm=words["rhythm"].lower()
    )


def build(app: App, desk: Desk) -> Page:
    """The page of branches."""
    return SubjectPage(app, desk, subject(app))
