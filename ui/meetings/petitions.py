"""Petitions: the ledger, each with its clock, where it was forwarded, and the answer that came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day, today
from ui.app import App
from ui.exchange.details import offer_whole
from ui.records.cells import choice, choice_text, day, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Child, Filter, Subject
from ui.shell.page import Desk, Page
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column

__all__ = ["PetitionsPage", "build", "subject"]

SECTIONS = (
    Section(
        lambda: _("Petition"), ("text", "theme", "raised_on", "branch_id", "association_id", "area_id", "meeting_id")
    ),
    Section(lambda: _("Register"), ("number", "registered_on", "status")),
    Section(lambda: _("Forwarding"), ("addressee_kind", "addressee", "forwarded_on", "reply_due_on")),
    Section(lambda: _("Answer"), ("answered_on", "answer", "read_back_on", "read_back_meeting_id", "closed_on")),
)


def state(values: Mapping[str, Any], on: date, app: App) -> Cell:
    """Overdue in red; else the status in plain words."""
    if values["answered_on"] is None and values["closed_on"] is None:
        due = values["reply_due_on"]
        if due is not None and due < on:
            days = (on - due).days
            late = ngettext("{days} day late", "{days} days late", days).format(days=days)
            return Cell(late, chip=True, tone="bad")
    words = choice_text("petition_statuses", values["status"], app.labels)
    if values["answered_on"] is not None:
        return Cell(words, icon="check", tone="ok")
    return Cell(words, role="text2")


def subject(app: App) -> Subject:
    """What the page of petitions lists, shows and edits."""
    labels = lambda: app.labels  # noqa: E731

    def on() -> date:
        return app.as_of or today()

    def chip(record: Loaded) -> Cell | None:
        found = state(record.values, on(), app)
        return Cell(found.text, tone=found.tone or "neutral", icon=found.icon)

    return Subject(
        table="petition",
        listing="petitions",
        title=lambda: _("Petitions"),
        columns=(
            Column("number", lambda: _("Number"), text("number"), width=6.4, priority=2),
            Column("text", lambda: _("Petition"), lambda row: _petition_cell(row)),
            Column(
                "theme",
                lambda: _("Theme"),
                choice("theme", "petition_themes", labels, role="text2"),
                width=10,
                priority=3,
            ),
            Column("raised_on", lambda: _("Raised on"), day("raised_on"), width=6.8, priority=2, sort="raised_on"),
            Column("state", lambda: _("State"), lambda row: state(row.cells, on(), app), width=10.6, sort="status"),
        ),
        sections=SECTIONS,
        save="petition.save",
        new_label=lambda: _("Record a petition"),
        empty=(
            lambda: _("No petition is recorded yet."),
            lambda: _("Petitions come in with a meeting, or are recorded here."),
        ),
        filters=(
            Filter("open", lambda: _("Open"), lambda _on: {"open": True}),
            Filter("late", lambda: _("Overdue"), lambda day_: {"overdue_on": day_}),
        ),
        name=lambda record: _("Petition {number}").format(number=record["number"]),
        subtitle=lambda record: record["branch_id"] or record["association_id"] or record["area_id"],
        state=chip,
        tables=frozenset({"forwarded_petition", "petition_reply"}),
        children=(
            Child(
                "forwarded_petition",
                "forwarded_petitions",
                lambda: _("Forwarded"),
                "petition_id",
                columns=(
                    Column("forwarded_on", lambda: _("Forwarded on"), day("forwarded_on"), width=9),
                    Column("to_unit", lambda: _("To"), lambda row: Cell(app.unit_name(row["to_unit"]))),
                    Column("replied_on", lambda: _("Replied on"), day("replied_on"), width=8),
                ),
                place="forwarded",
            ),
        ),
        row_height=3.2,
        overrides={"text": {"lines": 4}, "answer": {"lines": 4}},
        defaults=lambda: {"theme": "other", "status": "received", "raised_on": show_day(today())},
    )


def _petition_cell(row: Any) -> Cell:
    return Cell(" ".join(str(row["text"]).split()), second=str(row["body"] or ""))


class PetitionsPage(SubjectPage):
    """Forwarding is an act of its own: the words as they are now travel, whatever is edited later."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        self.forward_button = Button(lambda: _("Forward to the superior unit"), icon="upload", click=self.forward)
        self.panel.add_act(self.forward_button, lambda record: record.values["status"] in ("received", "registered"))
        self.whole_button = offer_whole(self, app, desk)

    def forward(self) -> None:
        """Forward the petition that is shown."""
        from hoidesk.book.operations import operations

        record = self.panel.record
        if record is not None:
            self.app.write(self, operations()["petition.forward"].parse({"id": record.id}), None, self.fail)


def build(app: App, desk: Desk) -> Page:
    """The page of petitions."""
    return PetitionsPage(app, desk)
