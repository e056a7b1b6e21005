"""The units below this one that send packages: their codes and names are given here."""

from __future__ import annotations

from hoidesk.language import _
from ui.app import App
from ui.records.cells import choice, text
from ui.records.fields import Section
from ui.records.subject import Subject
from ui.widgets.cells import Column

__all__ = ["subject"]


def subject(app: App) -> Subject:
    """What the list of subordinate units shows and edits."""
    return Subject(
        table="unit",
        listing="units",
        title=lambda: _("Subordinate units"),
        columns=(
            Column("name", lambda: _("Name"), text("name"), sort="name"),
            Column("code", lambda: _("Code"), text("code", role="text2"), width=9, sort="code"),
            Column("tier", lambda: _("Tier"), choice("tier", "tiers", lambda: app.labels), width=9, priority=2),
        ),
        sections=(Section(lambda: _("Unit"), ("tier", "code", "name")),),
        save="unit.save",
        new_label=lambda: _("Add a unit"),
        empty=(
            lambda: _("No subordinate unit has a code yet."),
            lambda: _("Give each unit that keeps a book of its own a code, then invite it under Send and receive."),
        ),
        subtitle=lambda record: record["code"],
        computed=((lambda: _("Issued by"), lambda record: _given_by(app, record.unit)),),
        defaults=lambda: {"code": f"{app.book.unit.code}-" if app.book is not None else ""},
    )


def _given_by(app: App, unit: str) -> str:
    """The superior unit where this unit's own code was given by it; nothing for codes that are given here."""
    return _("Superior unit") if app.book is not None and unit == app.book.unit.code else ""
