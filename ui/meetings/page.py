"""Meetings: the list, each with its counts, outcomes and petitions, and the form that records a whole one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from hoidesk.language import _
from hoidesk.text.dates import show_day, today
from ui.app import App
from ui.exchange.details import offer_whole
from ui.meetings.record_form import TIMES, MeetingForm
from ui.records.cells import choice, count, day, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Child, Filter, Subject
from ui.shell.page import Desk, Page
from ui.spreadsheets.entry import import_button
from ui.widgets.cells import Cell, Column

__all__ = ["MeetingsPage", "build", "subject"]

SECTIONS = (
    Section(
        lambda: _("Meeting"), ("branch_id", "association_id", "area_id", "kind", "held_on", "starts", "ends", "place")
    ),
    Section(lambda: _("Attendance"), ("invited", "present", "excused")),
    Section(
        lambda: _("Content"),
        ("topic", "chair_post", "chair_name", "secretary_post", "secretary_name", "no_petition", "remark"),
    ),
    Section(lambda: _("How it was recorded"), ("recorded_on", "source_channel", "entered_on_behalf")),
)
ITEM_SECTIONS = (
    Section(lambda: _("Agenda item"), ("position", "agenda_kind", "outcome", "text")),
    Section(lambda: _("Decision"), ("responsible_post", "due_on", "done_on")),
)


def _attendance(row: Any) -> Cell:
    present, invited = row["present"], row["invited"]
    if present is None:
        return Cell("")
    return Cell(
        str(present) if invited is None else _("{present} of {invited}").format(present=present, invited=invited)
    )


def _petitions(row: Any) -> Cell:
    if row["petitions"]:
        return Cell(str(row["petitions"]))
    return Cell(_("none") if row["no_petition"] else "", role="text2")


def subject(app: App) -> Subject:
    """What the page of meetings lists, shows and edits."""
    labels = lambda: app.labels  # noqa: E731
    return Subject(
        table="meeting",
        listing="meetings",
        title=lambda: _("Meetings"),
        columns=(
            Column("held_on", lambda: _("Day"), day("held_on"), width=7.2, sort="held_on"),
            Column("body", lambda: _("Organisation"), text("body"), sort="body"),
            Column(
                "kind", lambda: _("Kind"), choice("kind", "meeting_kinds", labels, role="text2"), width=11, priority=3
            ),
            Column("present", lambda: _("Present"), _attendance, width=7, right=True),
            Column("petitions", lambda: _("Petitions"), _petitions, width=6, right=True, priority=2),
        ),
        sections=SECTIONS,
        save="meeting.save",
        new_label=lambda: _("Record a meeting"),
        empty=(
            lambda: _("No meeting is recorded yet."),
            lambda: _("Record the first meeting, or take them from a spreadsheet."),
        ),
        filters=(
            Filter("month", lambda: _("This month"), lambda on: {"from": on.replace(day=1)}),
            Filter("half", lambda: _("Last six months"), lambda on: {"from": on - timedelta(days=183)}),
            Filter("regular", lambda: _("Regular only"), lambda _on: {"kind": "regular"}),
        ),
        tables=frozenset({"branch", "association", "area"}),
        subtitle=lambda record: record["kind"],
        name=_name,
        children=(
            Child(
                "agenda_item",
                "agenda_items",
                lambda: _("Outcomes"),
                "meeting_id",
                columns=(
                    Column("position", lambda: _("No."), count("position"), width=3.2, right=True),
                    Column("text", lambda: _("What was noted or agreed"), _item_cell),
                    Column("due_on", lambda: _("Deadline"), day("due_on"), width=6.8),
                ),
                sections=ITEM_SECTIONS,
                save="agenda_item.save",
                new_label=lambda: _("Add an outcome"),
                row_height=3.2,
            ),
            Child(
                "petition",
                "petitions",
                lambda: _("Petitions"),
                "meeting_id",
                columns=(
                    Column("number", lambda: _("Number"), text("number"), width=6.4),
                    Column("text", lambda: _("Petition"), text("text")),
                ),
                place="petitions",
            ),
        ),
        read_back=_read_back,
        overrides=TIMES,
        descending=False,
        row_height=2.45,
    )


def _item_cell(row: Any) -> Cell:
    from hoidesk.presets import label_of

    kind = label_of("agenda_kinds", row["agenda_kind"])
    body = " ".join(str(row["text"] or "").split())
    done = "" if row["done_on"] is None else _("done on {day}").format(day=show_day(row["done_on"]))
    second = "; ".join(part for part in (kind if body else "", row["responsible_post"], done) if part)
    return Cell(body or kind, second=second, icon="square-check" if row["outcome"] == "decision" else None)


def _name(record: Loaded) -> str:
    body = record["branch_id"] or record["association_id"] or record["area_id"]
    return f"{body}, {record['held_on']}"


def _read_back(values: Mapping[str, str], words: Mapping[str, str]) -> str:
    body = words["branch_id"] or words["association_id"] or words["area_id"]
    said = f"{body}, {words['held_on']}"
    if values["present"].strip():
        said += ": " + _("{present} of {invited} present").format(
            present=values["present"], invited=values["invited"].strip() or "…"
        )
    return said + "."


class MeetingsPage(SubjectPage):
    """A new meeting is recorded whole: counts, outcomes and petitions in one act with one undo."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        self._form: MeetingForm | None = None
        self.add_tool(import_button(desk))
        self.whole_button = offer_whole(self, app, desk)

    def new(self) -> None:
        """Open the form of a whole meeting."""
        if self._form is None:
            self._form = MeetingForm(self.app)
            self.add_view(self._form)
            self._form.left.connect(self.to_browse)
            self._form.saved.connect(self._recorded)
        self.show_view(self._form)
        self._form.begin(today())

    def _recorded(self, id_: UUID) -> None:
        self.open_saved(id_)

    def save(self) -> None:
        """Ctrl+S and Ctrl+Enter in either form."""
        if self._form is not None and self.view() is self._form:
            self._form.save()
        else:
            super().save()

    def back(self) -> None:
        """Esc leaves the form; what was typed stays in it."""
        if self._form is not None and self.view() is self._form:
            self._form.leave()
        else:
            super().back()


def build(app: App, desk: Desk) -> Page:
    """The page of meetings."""
    return MeetingsPage(app, desk)
