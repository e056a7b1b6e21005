"""What the list of registrations shows, edits and filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hoidesk.language import _
from hoidesk.text.dates import today
from ui.app import App
from ui.emulation.words import limitation_state, registration_state, target_state
from ui.records.cells import choice_text, day, text
from ui.records.fields import Section
from ui.records.reading import Loaded
from ui.records.subject import Child, Filter, Subject
from ui.widgets.cells import Cell, Column

__all__ = ["TARGET_SECTIONS", "UNIT_COLUMNS", "subject"]

UNIT_COLUMNS = ("area_id", "branch_id", "association_id")

SECTIONS = (
    Section(lambda: _("Unit"), ("year", *UNIT_COLUMNS, "unit_kind")),
    Section(lambda: _("Registration"), ("criteria_set_id", "title_targeted", "agreed_meeting_id", "due_on")),
    Section(lambda: _("Sent in"), ("submitted_on", "withdrawn_on", "remark")),
)
TARGET_SECTIONS = (
    Section(
        lambda: _("Target"),
        ("position", "text", "item", "target_value", "target_unit", "due_on", "evidence_expected"),
    ),
    Section(lambda: _("Result"), ("result_value", "confirmed_on")),
)
LIMITATION_SECTIONS = (
    Section(lambda: _("Limitation"), ("text", "code", "opened_on")),
    Section(lambda: _("Remedy"), ("remedy", "remedy_due_on", "closed_on")),
)


def unit_name(record: Loaded) -> str:
    """The unit that a registration is about."""
    return next((record[name] for name in UNIT_COLUMNS if record[name]), "")


def _read_back(values: Mapping[str, str], words: Mapping[str, str]) -> str:
    unit = next((words[name] for name in UNIT_COLUMNS if values[name]), "")
    if not unit or not values["year"].strip():
        return ""
    said = _("{unit} registers for {year}").format(unit=unit, year=values["year"].strip())
    return f"{said}: {values['title_targeted'].strip()}." if values["title_targeted"].strip() else f"{said}."


def subject(app: App) -> Subject:
    """Registrations with their targets and limitations."""

    def on() -> date:
        return app.as_of or today()

    def kind(id_: str) -> Filter:
        def words() -> str:
            # The full name of this kind lists what it holds and would be the widest thing on the page.
            return _("Branches and bodies") if id_ == "branch" else choice_text("unit_kind", id_, app.labels)

        return Filter(id_, words, lambda _day: {"unit_kind": id_}, switch=True)

    return Subject(
        table="registration",
        listing="registrations",
        title=lambda: _("Emulation"),
        columns=(
            Column("unit", lambda: _("Unit"), text("unit_title"), sort="unit_title"),
            Column("title", lambda: _("Title aimed at"), text("title_targeted", role="text2"), width=11, priority=3),
            Column(
                "targets",
                lambda: _("Targets met"),
                lambda row: Cell(f"{row['targets_met']}/{row['targets']}" if row["targets"] else ""),
                width=7.2,
                right=True,
                priority=2,
            ),
            Column("state", lambda: _("State"), lambda row: registration_state(row.cells, on()), width=12.5),
        ),
        sections=SECTIONS,
        save="registration.save",
        new_label=lambda: _("Register a unit"),
        empty=(
            lambda: _("No unit has registered for emulation yet."),
            lambda: _("Register the first unit; then name its targets beside its known limitations."),
        ),
        filters=(
            *(kind(one) for one in ("area", "branch", "association")),
            Filter("draft", lambda: _("Drafts"), lambda _day: {"draft": True}),
            Filter("late", lambda: _("Overdue"), lambda day_: {"overdue_on": day_}),
        ),
        name=unit_name,
        subtitle=lambda record: _("Registration for {year}").format(year=record.values["year"]),
        state=lambda record: registration_state(record.values, on()),
        computed=(
            (lambda: _("Targets met"), lambda record: _of(record, "targets_met", "targets")),
            (lambda: _("Limitations open"), lambda record: _of(record, "limitations_open", "limitations")),
        ),
        children=(
            Child(
                "target",
                "targets",
                lambda: _("Targets"),
                "registration_id",
                columns=(
                    Column("text", lambda: _("Target"), text("text")),
                    Column("due_on", lambda: _("Due on"), day("due_on"), width=6.8, priority=2),
                    Column("state", lambda: _("State"), lambda row: target_state(row.cells, on()), width=9.5),
                ),
                sections=TARGET_SECTIONS,
                save="target.save",
                new_label=lambda: _("Add a target"),
            ),
            Child(
                "limitation",
                "limitations",
                lambda: _("Limitations"),
                "registration_id",
                columns=(
                    Column("text", lambda: _("Limitation"), lambda row: Cell(row["text"], second=row["remedy"] or "")),
                    Column("state", lambda: _("State"), lambda row: limitation_state(row.cells, on()), width=9.5),
                ),
                sections=LIMITATION_SECTIONS,
                save="limitation.save",
                new_label=lambda: _("Add a limitation"),
                row_height=3.2,
            ),
        ),
        tables=frozenset({"criteria_set"}),
        read_back=_read_back,
        overrides={"unit_kind": {"required": False, "hint": lambda: _("Empty: as the unit is")}},
        defaults=lambda: {"year": str(today().year)},
        detail_width=31,
    )


def _of(record: Loaded, part: str, whole: str) -> str:
    count = record.cells.get(whole)
    return f"{record.cells.get(part)}/{count}" if count else ""
