"""Assessment: the round and its units, one sheet, opening a round; one of them at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.dates import today
from ui.actions import Act
from ui.app import App
from ui.assessment.approving import ApproveForm
from ui.assessment.board import BoardPanel, RoundUnits, read_round
from ui.assessment.opening import DaysForm, RoundForm
from ui.assessment.sheet import SheetPanel
from ui.shell.page import Desk, Page
from ui.widgets.words import Words

__all__ = ["AssessmentPage", "build"]

UNITS = {"area_id", "branch_id", "association_id"}
SHOWN = {
    "round": {
        "year", "code", "name", "evidence_from", "evidence_to", "cut_off", "self_due_on", "ward_due_on",
    },
    "round_sheet": {"round_id", "unit_kind", "criteria_set_id"},
    "assessment": {
        "round_id", "unit_kind", "criteria_set_id", "state", "self_submitted_on", "ward_scored_on", "computed_class",
        "decided_class", "difference_reason", "not_rated_reason", "remark", "scorers", *UNITS,
    },
    "score": {"assessment_id", "item", "layer", "cell", "points", "text", "evidence"},
    "approval": {
        "assessment_id", "revision", "snapshot", "snapshot_sha256", "signature", "approved_on", "approver_post",
        "approver_post_id", "minutes_number", "minutes_on", "unit_kind", "year", "round_code", "cut_off",
        "computed_class", "decided_class", *UNITS,
    },
}  # fmt: skip
"""The columns that this page shows: the facts of the round, the sheet with its steps, the approval in full."""


class AssessmentPage(Page):
    """Enter opens the sheet of a unit, Esc goes back to the list."""

    tables = frozenset({"round", "round_sheet", "assessment", "score", "approval", "reopening", "criteria_set"})

    def __init__(self, app: App, desk: Desk) -> None:
        self._round: UUID | None = None
        super().__init__(app, desk)
        self.board = BoardPanel(app, self.new_round)
        self.sheet = SheetPanel(app, desk, self.to_board, self.step, self._say)
        self.opening = RoundForm(app)
        self.days = DaysForm(app)
        self.approving = ApproveForm(app)
        self._stack = QStackedWidget()
        for panel in (self.board, self.sheet, self.opening, self.days, self.approving):
            self._stack.addWidget(panel)
        self.body.addWidget(self._stack, 1)
        self.board.opened.connect(self.open_sheet)
        self.board.round_chosen.connect(self._choose_round)
        self.board.asked.connect(self._on_round)
        self.opening.opened.connect(self._round_opened)
        self.opening.left.connect(self.to_board)
        self.days.left.connect(self.to_board)
        self.days.saved.connect(self.to_board)
        self.approving.left.connect(self.to_board)
        self.approving.approved.connect(self.to_board)
        self.handlers = {
            Act.NEW: self.new_round,
            Act.BACK: self.back,
            Act.PRIMARY: self._primary,
            Act.SAVE: self._save,
            Act.NEXT_RECORD: lambda: self.step(1),
            Act.PREVIOUS_RECORD: lambda: self.step(-1),
            Act.NEXT_PROBLEM: lambda: self.sheet.grid.next_problem(1),
            Act.PREVIOUS_PROBLEM: lambda: self.sheet.grid.next_problem(-1),
            Act.NEXT_TAB: self.sheet.tabs.next,
            Act.NEXT_PANE: self.sheet.toggle_side,
        }
        app.language_changed.connect(self._touch)
        self.restyle()

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Assessment")

    # -- reading

    def refresh(self) -> None:
        """Read the round, and the sheet that is open."""
        chosen, day, labels = self._round, self.app.as_of or today(), self.app.labels
        self.ask(lambda connection: read_round(connection, chosen, day, labels), self._take)
        if self._stack.currentWidget() is self.sheet:
            self.sheet.refresh()

    def _take(self, found: RoundUnits) -> None:
        self._round = found.chosen
        self.board.take(found)

    def _choose_round(self, id_: UUID) -> None:
        self._round = id_
        self.refresh()

    def show_record(self, record: UUID) -> None:
        """Open the sheet of an assessment."""
        self.open_sheet(record)

    def show_only(self, what: str) -> None:
        """``new`` begins a round."""
        if what == "new":
            self.new_round()

    # -- panels

    def open_sheet(self, id_: UUID) -> None:
        """Open the sheet of a unit."""
        self.message.say("")
        self.board.kind_to(id_)
        self._stack.setCurrentWidget(self.sheet)
        self.sheet.open(id_)
        self.sheet.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        """The next or previous unit of the list."""
        if self._stack.currentWidget() is not self.sheet:
            self.board.table.step(by)
            return
        listed = self.board.listed()
        if self.sheet.id in listed:
            place = listed.index(self.sheet.id) + by
            if 0 <= place < len(listed):
                self.open_sheet(listed[place])

    def to_board(self) -> None:
        """Back to the list."""
        self.message.say("")
        self._stack.setCurrentWidget(self.board)
        self.enter()

    def new_round(self) -> None:
        """Begin to open a round."""
        if self._stack.currentWidget() is self.board:
            self._stack.setCurrentWidget(self.opening)
            self.opening.begin()

    def _round_opened(self, id_: UUID) -> None:
        self._round = id_
        self.to_board()
        self.refresh()

    def _on_round(self, what: str) -> None:
        found = self.board.round
        if what == "approvals":
            self.desk.go("approvals")
        if found is None:
            return
        if what == "days":
            self._stack.setCurrentWidget(self.days)
            self.days.begin(found)
        elif what == "complete":
            self._write("round.complete", {"id": found.id})
        elif what == "proposals":
            self._accept_list()
        elif what == "approve":
            self._approve_list()
        elif what == "classes":
            ids = [id_ for id_ in self.board.listed() if self._state(id_) == "ward_scored"]
            if ids:
                self._write("assessment.propose", {"assessment_ids": ids})
            else:
                self.message.say(lambda: _("No sheet of this list is scored and without a class."), "warn")

    def _approve_list(self) -> None:
        listed = self.board.listed()
        ids = [id_ for id_ in listed if self._state(id_) == "proposed"]
        if ids:
            self._stack.setCurrentWidget(self.approving)
            self.approving.begin(ids, len(listed))
        else:
            self.message.say(lambda: _("No sheet of this list has a decided class that waits for approval."), "warn")

    def _state(self, id_: UUID) -> str:
        found = self.board.row(id_)
        return found.state if found is not None else ""

    def _accept_list(self) -> None:
        layers = {"open": "self", "self_submitted": "ward"}
        by_layer: dict[str, list[UUID]] = {}
        for id_ in self.board.listed():
            layer = layers.get(self._state(id_))
            if layer is not None:
                by_layer.setdefault(layer, []).append(id_)
        if not by_layer:
            self.message.say(lambda: _("Every sheet of this list is scored already."), "warn")
            return
        from hoidesk.book.operations import operations

        make = operations()["assessment.accept_proposals"].parse
        acts = [make({"assessment_ids": ids, "layer": layer}) for layer, ids in by_layer.items()]
        self.app.write(self, acts, self._accepted, self.fail)

    def _accepted(self, outcome: Any) -> None:
        count = sum(outcome.result)
        self.message.say(
            lambda: ngettext(
                "{count} proposal was accepted into open cells.",
                "{count} proposals were accepted into open cells.",
                count,
            ).format(count=count),
            "ok",
        )

    def _write(self, name: str, given: dict[str, Any]) -> None:
        from hoidesk.book.operations import operations

        self.message.say("")
        self.app.write(self, operations()[name].parse(given), None, self.fail)

    # -- keys

    def _primary(self) -> None:
        current = self._stack.currentWidget()
        if current is self.sheet:
            self.sheet.go_on()
        elif current is self.opening:
            self.opening.open_round()
        elif current is self.approving:
            self.approving.approve()
        elif current is self.board and self.board.table.chosen is not None:
            self.board.opened.emit(self.board.table.chosen)

    def _save(self) -> None:
        if self._stack.currentWidget() is self.days:
            self.days.write()
        else:
            self._primary()

    def back(self) -> None:
        """Esc: to the list, then to the page before."""
        if self._stack.currentWidget() is self.board:
            self.desk.back()
        else:
            self.to_board()

    def _say(self, refusal: Refusal | None) -> None:
        self.message.say("" if refusal is None else refusal.text)

    def enter(self) -> None:
        """Begin in the list, or in the sheet that is open."""
        if self._stack.currentWidget() is self.board:
            self.board.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._stack.currentWidget() is self.sheet:
            self.sheet.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_width_class(self, number: int) -> None:
        """One pane at a time in a narrower window."""
        super().set_width_class(number)
        self.board.set_width_class(number)
        self.sheet.set_width_class(number)


def build(app: App, desk: Desk) -> Page:
    """The page of assessment."""
    return AssessmentPage(app, desk)
