"""Approved sheets: those of this office and those that came up from the units below it; they never change."""

from __future__ import annotations

from typing import Any

from hoidesk.language import _
from ui.app import App
from ui.assessment.words import class_words, in_groups, snapshot_words
from ui.records.cells import choice_text, day, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Filter, Subject
from ui.shell.page import Desk, Page
from ui.widgets.cells import Cell, Column

__all__ = ["ApprovalsPage", "build"]

SECTIONS = (
    Section(lambda: _("Class"), ("decided_class", "computed_class", "year", "round_code", "cut_off", "unit_kind")),
    Section(
        lambda: _("Approval"),
        ("approved_on", "approver_post", "approver_post_id", "minutes_number", "minutes_on", "revision"),
    ),
    Section(lambda: _("Unit"), ("area_id", "branch_id", "association_id", "assessment_id")),
)


def unit_name(record: Loaded) -> str:
    """The unit that was assessed."""
    return next((record[name] for name in ("branch_id", "association_id", "area_id") if record[name]), "")


def subject(app: App) -> Subject:
    """What the list of approvals shows."""

    def kind(id_: str) -> Filter:
        def words() -> str:
            return _("Branches and bodies") if id_ == "branch" else choice_text("unit_kind", id_, app.labels)

        return Filter(id_, words, lambda _day: {"unit_kind": id_}, switch=True)

    def decided(row: Any) -> Cell:
        words = class_words(row["decided_class"], app.labels)
        return Cell(words) if row["computed_class"] == row["decided_class"] else Cell(words, icon="triangle-alert")

    return Subject(
        table="approval",
        listing="approvals",
        title=lambda: _("Approved sheets"),
        columns=(
            Column("unit", lambda: _("Unit"), text("unit_title")),
            Column("class", lambda: _("Class"), decided, width=13),
            Column("round", lambda: _("Round"), lambda row: _round(app, row), width=8.5, priority=2),
            Column("approved_on", lambda: _("Approved on"), day("approved_on"), width=9, priority=2),
        ),
        sections=SECTIONS,
        empty=(
            lambda: _("No sheet is approved yet."),
            lambda: _("Approve sheets under Assessment, or receive a package of a unit."),
        ),
        filters=(
            *(kind(one) for one in ("area", "branch", "association")),
            Filter("differs", lambda: _("Decided otherwise"), lambda _day: {"differs": True}),
        ),
        name=unit_name,
        subtitle=lambda record: f"{record['round_code']} {record.values['year']}",
        computed=(
            (lambda: _("Approved values"), lambda record: snapshot_words(record.values["snapshot"], app.labels)),
            (lambda: _("Fingerprint of the approved values"), lambda record: in_groups(record["snapshot_sha256"])),
            (lambda: _("Signature"), lambda record: in_groups(record["signature"])),
        ),
        detail_width=30,
    )


def _round(app: App, row: Any) -> Cell:
    return Cell(f"{choice_text('round_codes', row['round_code'], app.labels)} {row['year']}")


class ApprovalsPage(SubjectPage):
    """Esc at the list goes back to the round."""

    def back(self) -> None:
        """Esc: as in every list, then to the page before."""
        if self.table.hasFocus() and not self.search.text():
            self.desk.back()
        else:
            super().back()


def build(app: App, desk: Desk) -> Page:
    """The page of approvals."""
    return ApprovalsPage(app, desk, subject(app))
