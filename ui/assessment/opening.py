"""Opening a round: its days, one sheet for each kind of unit, the reference sheet where the office has none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.dates import show_day, today
from ui.actions import Act
from ui.app import App
from ui.records.cells import choice_text
from ui.records.forms import FormPaper
from ui.records.values import day_echo
from ui.widgets.buttons import Button
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label

if TYPE_CHECKING:
    from hoidesk.assessment.rows import RoundRow
    from hoidesk.emulation.rows import CriteriaSetRow

__all__ = ["DaysForm", "RoundForm"]

KINDS: Final = ("area", "branch", "association")
REFERENCE: Final = "reference"
DAYS: Final = ("evidence_from", "evidence_to", "cut_off", "self_due_on", "ward_due_on")


class RoundForm(FormPaper):
    """``opened`` carries the id of the new round."""

    opened = Signal(object)

    def __init__(self, app: App) -> None:
        self._app = app
        self._sets: Sequence[CriteriaSetRow] = ()
        form = Form(
            (
                FieldSpec("code", lambda: _("Round"), "choice", options=self._codes, required=True, width=12,
                          section=lambda: _("Period")),
                FieldSpec("year", lambda: _("Year"), "count"),
                FieldSpec("name", lambda: _("Name"), hint=lambda: _("Empty: named after the period")),
                FieldSpec("evidence_from", lambda: _("Evidence from"), "day", echo=day_echo),
                FieldSpec("evidence_to", lambda: _("Evidence until"), "day", echo=day_echo),
                FieldSpec("cut_off", lambda: _("Cut-off day"), "day", echo=day_echo),
                FieldSpec("self_due_on", lambda: _("Self-scoring due on"), "day", echo=day_echo),
                FieldSpec("ward_due_on", lambda: _("Scoring due on"), "day", echo=day_echo),
                *(self._sheet_field(kind) for kind in KINDS),
            )
        )  # fmt: skip
        self.save = Button(
            lambda: _("Open the round"), kind="primary", icon="check", key=Act.PRIMARY, click=self.open_round
        )
        super().__init__(form, Label(lambda: _("Open a round of assessment"), size=1.21, bold=True), self.save)
        form.editors["code"].changed.connect(self._propose_days)
        form.editors["year"].changed.connect(self._propose_days)
        form.changed.connect(self._read_back)

    def _sheet_field(self, kind: str) -> FieldSpec:
        return FieldSpec(
            f"sheet_{kind}",
            lambda: choice_text("unit_kind", kind, self._app.labels),
            "choice",
            options=lambda: self._sheets(kind),
            section=(lambda: _("Sheet of each kind of unit")) if kind == "area" else "",
        )

    def _codes(self) -> list[tuple[str, str]]:
        from hoidesk.presets import choices

        return list(choices("round_codes").items())

    def _sheets(self, kind: str) -> list[tuple[str, str]]:
        found = [
            (one.id.hex, f"{one.title}, {one.version}")
            for one in self._sets
            if one.unit_kind == kind and one.state == "published"
        ]
        return found or [(REFERENCE, _("Reference sheet of the program; it is published with the round"))]

    # -- showing

    def begin(self) -> None:
        """Begin with the last half-year that has ended."""
        day = today()
        code, year = ("6T", day.year) if day.month > 6 else ("NAM", day.year - 1)
        self.message.say("")
        self.form.load({"code": code, "year": str(year)})
        self._propose_days()
        self._app.read(self, _criteria_sets, self._take_sets)
        self.form.focus_first()

    def _take_sets(self, found: Sequence[CriteriaSetRow]) -> None:
        self._sets = found
        for kind in KINDS:
            editor = self.form.editors[f"sheet_{kind}"]
            editor.refill()
            editor.set_value(self._sheets(kind)[0][0])
        self._read_back()

    def _propose_days(self) -> None:
        values = self.form.values()
        year = values["year"].strip()
        if not (year.isdigit() and len(year) == 4):
            return
        last, self_due, due = ("30/06", "25/06", "10/07") if values["code"] == "6T" else ("31/12", "05/12", "20/12")
        days = {"evidence_from": f"01/01/{year}", "evidence_to": f"{last}/{year}", "cut_off": f"{last}/{year}"}
        days |= {"self_due_on": f"{self_due}/{year}", "ward_due_on": f"{due}/{year}"}
        for name, text in days.items():
            self.form.editors[name].set_value(text)

    def _read_back(self) -> None:
        values, words = self.form.values(), self.form.words()
        kinds = [choice_text("unit_kind", kind, self._app.labels) for kind in KINDS if values[f"sheet_{kind}"]]
        if not values["year"].strip() or not kinds:
            self.bar.say("")
            return
        self.bar.say(
            _("{round} {year}: every {kinds} that exists on {day} gets a sheet.").format(
                round=words["code"], year=values["year"], kinds=", ".join(kinds), day=values["cut_off"] or "?"
            )
        )

    # -- writing

    def open_round(self) -> None:
        """Adopt and publish what is missing, and open the round: one act, one undo."""
        from hoidesk.book.operations import operations
        from hoidesk.text.numbers import parse_count

        values = {name: text for name, text in self.form.values().items() if text.strip()}
        self.form.clear_errors()
        self.message.say("")
        chosen = {kind: values[f"sheet_{kind}"] for kind in KINDS if f"sheet_{kind}" in values}
        given: dict[str, Any] = {name: values[name] for name in ("code", "name", *DAYS) if name in values}
        given["sheets"] = {kind: id_ for kind, id_ in chosen.items() if id_ != REFERENCE}
        given["adopt"] = [kind for kind, id_ in chosen.items() if id_ == REFERENCE]
        try:
            operation = operations()["round.open"].parse(given | {"year": parse_count(values.get("year", ""))})
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda outcome: self.opened.emit(outcome.result), self.fail)


def _criteria_sets(connection: Any) -> list[CriteriaSetRow]:
    from hoidesk.emulation.rows import criteria_set_rows

    return criteria_set_rows(connection)


class DaysForm(FormPaper):
    """Name and deadlines of a round; its window and cut-off day stay as they were opened."""

    saved = Signal()

    def __init__(self, app: App) -> None:
        self._app = app
        self._round: RoundRow | None = None
        form = Form(
            (
                FieldSpec("name", lambda: _("Name")),
                FieldSpec("self_due_on", lambda: _("Self-scoring due on"), "day", echo=day_echo),
                FieldSpec("ward_due_on", lambda: _("Scoring due on"), "day", echo=day_echo),
            )
        )
        save = Button(lambda: _("Save to the book"), kind="primary", icon="check", key=Act.SAVE, click=self.write)
        super().__init__(form, Label(lambda: _("Change the deadlines"), size=1.21, bold=True), save)

    def begin(self, found: RoundRow) -> None:
        """Show the days as they are."""
        self._round = found
        self.message.say("")
        days = {name: show_day(getattr(found, name)) for name in ("self_due_on", "ward_due_on")}
        self.form.load({"name": found.name, **days})
        self.form.focus_first()

    def write(self) -> None:
        """Write what was changed."""
        from hoidesk.book.operations import operations

        if self._round is None:
            return
        self.form.clear_errors()
        given = {name: text.strip() or None for name, text in self.form.values().items()}
        try:
            operation = operations()["round.save"].parse({"id": self._round.id, **given})
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda _outcome: self.saved.emit(), self.fail)
