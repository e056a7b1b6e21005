"""Associations and mass organisations: two kinds behind a switch, never one list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hoidesk.language import _
from hoidesk.text.dates import today
from ui.app import App
from ui.associations.parts import memberships, party_statuses, posts
from ui.associations.state import association_state
from ui.records.cells import choice_text, count, count_text, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Child, Filter, Subject
from ui.shell.page import Desk, Page
from ui.spreadsheets.entry import import_button
from ui.widgets.cells import Cell, Column

__all__ = ["build", "subject"]

SECTIONS = (
    Section(
        lambda: _("Organisation"),
        ("kind", "name", "short_name", "type", "scope", "entrusted_from", "entrusted_to", "legacy_specific"),
    ),
    Section(
        lambda: _("Term and congress"),
        (
            "term_from",
            "term_to",
            "last_congress_on",
            "next_congress_on",
            "postponed_to",
            "executive_from",
            "executive_to",
        ),
    ),
    Section(
        lambda: _("Founding and statute"),
        (
            "founding_number",
            "founded_on",
            "licensing_authority",
            "statute_number",
            "statute_approved_on",
            "statute_followed",
        ),
    ),
    Section(lambda: _("Management"), ("managing_level", "managing_body", "managing_department", "headquarters")),
    Section(lambda: _("End and suspension"), ("suspended_from", "suspended_to", "ended_on", "remark")),
)


def term_text(values: Mapping[str, Any]) -> str:
    """``2021–2026``; one year alone when the other is not known."""
    years = [str(values[name].year) for name in ("term_from", "term_to") if values.get(name) is not None]
    return "–".join(years)


def _term(row: Any) -> Cell:
    return Cell(term_text(row.cells))


def subject(app: App) -> Subject:
    """What the page of organisations lists, shows and edits."""

    def day() -> date:
        return app.as_of or today()

    def subtitle(record: Loaded) -> str:
        parts = [record["kind"], record["type"], record["scope"]]
        return ", ".join(part for part in parts if part)

    return Subject(
        table="association",
        listing="associations",
        title=lambda: _("Associations"),
        columns=(
            Column("name", lambda: _("Name"), text("name"), sort="name"),
            Column(
                "term", lambda: _("Term"), lambda row: Cell(term_text(row.cells)), width=6.6, priority=2, sort="term_to"
            ),
            Column("branches", lambda: _("Branches"), count("branches"), width=6, right=True, priority=2),
            Column("members", lambda: _("Members"), count("members"), width=7.4, right=True, sort="members"),
            Column("state", lambda: _("State"), lambda row: association_state(row.cells, day()), width=11.6),
        ),
        sections=SECTIONS,
        save="association.save",
        new_label=lambda: _("Add an organisation"),
        empty=(
            lambda: _("No organisation is recorded yet."),
            lambda: _("Add the first one, or take them from a spreadsheet."),
        ),
        filters=(
            Filter(
                "association",
                lambda: choice_text("association_kinds", "association", app.labels),
                lambda _day: {"kind": "association"},
                switch=True,
            ),
            Filter(
                "mass_org",
                lambda: choice_text("association_kinds", "mass_org", app.labels),
                lambda _day: {"kind": "mass_org"},
                switch=True,
            ),
            Filter("congress", lambda: _("Term has ended"), lambda on: {"congress_before": on}),
        ),
        dated=True,
        state=lambda record: _chip(record, day()),
        subtitle=subtitle,
        computed=(
            (lambda: _("Branches"), lambda record: count_text(record.cells.get("branches"))),
            (lambda: _("Members"), lambda record: count_text(record.cells.get("members"))),
            (
                lambda: _("Party organisation"),
                lambda record: choice_text("party_statuses", record.cells.get("party"), app.labels),
            ),
        ),
        children=(
            Child(
                "branch",
                "branches",
                lambda: _("Branches"),
                "association_id",
                columns=(
                    Column("name", lambda: _("Branch"), text("name")),
                    Column("area", lambda: _("Area"), text("area"), width=8),
                    Column("members", lambda: _("Members"), count("members"), width=7.4, right=True),
                ),
                place="branches",
            ),
            posts("association_id"),
            memberships("association_id"),
            party_statuses(app),
        ),
        read_back=_read_back,
        defaults=lambda: {"kind": "association"},
    )


def _chip(record: Loaded, day: date) -> Cell | None:
    state = association_state(record.values, day)
    return state if state.chip else None


def _read_back(values: Mapping[str, str], words: Mapping[str, str]) -> str:
    if not words["name"].strip():
        return ""
    said = f"{words['kind']}: {words['name'].strip()}"
    if words["term_to"].strip():
        said += "; " + _("term until {day}").format(day=words["term_to"])
    return said + "."


class AssociationsPage(SubjectPage):
    """Opens a mass organisation under its own switch: the two kinds are never one list."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        self.add_tool(import_button(desk))

    def show_record(self, record: Any) -> None:
        """Turn the switch to the kind of the record, then open it."""
        from hoidesk.book.rows import record as read

        def turn(found: Any) -> None:
            if found is None:
                return
            for kind, chip in self.chips.items():
                chip.setChecked(kind == found.values["kind"])
            self.open_record(record)

        self.ask(lambda connection: read(connection, "association", record), turn)


def build(app: App, desk: Desk) -> Page:
    """The page of organisations."""
    return AssociationsPage(app, desk)
