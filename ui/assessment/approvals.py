"""Approved sheets: those of this office and those that came up from the units below it; they never change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hoidesk.language import _
from hoidesk.text.dates import show_day
from ui.app import App
from ui.assessment.standing import (
    approval_with_standing,
    certificate_words,
    rows_with_standing,
    standing_cell,
    standing_words,
)
from ui.assessment.words import class_words, in_groups, snapshot_words
from ui.records.cells import choice_text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Filter, Subject
from ui.shell.page import Desk, Page
from ui.widgets.cells import Cell, Column
from ui.widgets.model import Deliver

__all__ = ["ApprovalsPage", "build"]

SHOWN = {
    "approval": {"chain"},
    "reopening": {"assessment_id", "approval_id", "reopened_on", "reason", "lines", "post"},
}
"""The certificates stand beside the signature, the reopenings of an approval in its record and on its sheet."""

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

    def standing(row: Any) -> Cell:
        if row["reopened_on"] is not None:
            return Cell(_("Reopened"), chip=True, tone="warn")
        return standing_cell(row.cells.get("standing"))

    return Subject(
        table="approval",
        listing="approvals",
        title=lambda: _("Approved sheets"),
        columns=(
            Column("unit", lambda: _("Unit"), _unit),
            Column("class", lambda: _("Class"), decided, width=13),
            Column("round", lambda: _("Round"), lambda row: _round(app, row), width=8.5, priority=2),
            Column("standing", lambda: _("State"), standing, width=11),
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
        tables=frozenset({"reopening"}),
        state=lambda record: standing_cell(record.cells.get("standing")),
        computed=(
            (lambda: _("Signature checked"), lambda record: standing_words(record.cells.get("standing"))),
            (lambda: _("Edited after the approval"), lambda record: str(record.cells.get("edited") or "")),
            (lambda: _("Reopened"), lambda record: str(record.cells.get("reopenings") or "")),
            (lambda: _("Scored by the criteria"), lambda record: scored_by(record.values["snapshot"])),
            (lambda: _("Certificates of the signing unit"), lambda record: certificate_words(record.values["chain"])),
            (lambda: _("Approved values"), lambda record: snapshot_words(record.values["snapshot"], app.labels)),
            (lambda: _("Fingerprint of the approved values"), lambda record: in_groups(record["snapshot_sha256"])),
            (lambda: _("Signature"), lambda record: in_groups(record["signature"])),
        ),
        detail_width=30,
        row_height=3.2,
    )


def _unit(row: Any) -> Cell:
    approved = _("Approved {day}").format(day=show_day(row["approved_on"]))
    return Cell(str(row["unit_title"] or ""), second=approved)


def _round(app: App, row: Any) -> Cell:
    return Cell(f"{choice_text('round_codes', row['round_code'], app.labels)} {row['year']}")


def scored_by(snapshot: str) -> str:
    """The criteria set, with the frame it is built on."""
    from hoidesk.assessment.approvals import scored_by as words

    return words(snapshot)


class ApprovalsPage(SubjectPage):
    """Every row says whether its signature was checked; Esc at the list goes back to the round."""

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        self.ask(lambda connection: rows_with_standing(connection, keys), deliver)

    def _show(self, key: UUID) -> None:
        labels = self.app.labels
        self.ask(lambda connection: approval_with_standing(connection, key, labels), self._take_record)

    def back(self) -> None:
        """Esc: as in every list, then to the page before."""
        if self.table.hasFocus() and not self.search.text():
            self.desk.back()
        else:
            super().back()


def build(app: App, desk: Desk) -> Page:
    """The page of approvals."""
    return ApprovalsPage(app, desk, subject(app))
