"""Class and approval of one sheet: side conditions, computed and decided class with the reason, the approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.dates import show_day, today
from ui.app import App
from ui.assessment.standing import edited_words, reopening_words, standing_words
from ui.assessment.words import class_words, in_groups, points, snapshot_words
from ui.records.cells import choice_text, day_text
from ui.records.forms import NarrowForm
from ui.records.reading import Loaded, load
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button, FilterChip
from ui.widgets.details import Detail, DetailRows
from ui.widgets.form import FieldSpec
from ui.widgets.labels import Label, Note
from ui.widgets.words import marked

if TYPE_CHECKING:
    from hoidesk.assessment.sheet_view import ConditionView, SheetView

__all__ = ["ClassPanel"]


APPROVED = (
    "decided_class", "computed_class", "revision", "approved_on", "approver_post", "approver_post_id",
    "minutes_number", "minutes_on", "unit_kind", "area_id", "branch_id", "association_id", "year", "round_code",
    "cut_off", "snapshot", "snapshot_sha256", "signature",
)  # fmt: skip
"""What is shown of an approval, in this order; it never changes."""
ANSWERS = ("holds", "fails", "not_applicable")


class ClassPanel(Card):
    """``acted`` carries the name of an operation and what it is given."""

    acted = Signal(str, object)

    def __init__(self, app: App) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._app = app
        self._view: SheetView | None = None
        self._state = Note(role="text2")
        self._facts = DetailRows(label_width=8.4)
        self._conditions = column(gap=0.5)
        self.decide_form = NarrowForm(
            (
                FieldSpec("decided_class", lambda: _("Decided class"), "choice", options=self._classes, required=True),
                FieldSpec("reason", lambda: _("Why it differs"), "note", lines=2),
            )
        )
        self.decide = Button(lambda: _("Decide the class"), icon="check", click=self._decide)
        self._deciding = column(self.decide_form, row(1, self.decide), gap=0.4)
        self.approve_form = NarrowForm(
            (
                FieldSpec("approver_post", lambda: _("Approved by (post)")),
                FieldSpec("approved_on", lambda: _("Approved on"), "day"),
                FieldSpec("minutes_number", lambda: _("Number of the minutes")),
                FieldSpec("minutes_on", lambda: _("Minutes of"), "day"),
            )
        )
        self._one = Note(role="text2")
        self.approve = Button(lambda: _("Approve"), icon="check", click=self._approve)
        self._approving = column(
            Label(lambda: _("Approval"), bold=True, size=1.07),
            self._one,
            self.approve_form,
            row(1, self.approve),
            gap=0.4,
        )
        self.reopen_form = NarrowForm((FieldSpec("reason", lambda: _("Reason"), "note", lines=2, required=True),))
        self.reopen = Button(lambda: _("Open again"), icon="undo", click=self._reopen)
        self._reopening = column(
            Label(lambda: _("Open the approved sheet again"), bold=True, size=1.07),
            self.reopen_form,
            row(1, self.reopen),
            gap=0.4,
        )
        self._approval = DetailRows(label_width=8.4)
        content = column(
            self._state, self._facts, self._deciding, self._approving, self._conditions, self._approval,
            self._reopening, 1,
            gap=0.8, margins=(1.0, 0.8, 1.0, 0.8),
        )  # fmt: skip
        self.add(Scroll(content))

    # -- showing

    def show_view(self, view: SheetView) -> None:
        """Show where a sheet stands between scoring and approval."""
        other = self._view is None or self._view.id != view.id
        self._view = view
        tone = "warn" if edited_words(view) else "ok" if view.state == "approved" else "text2"
        self._state.say(self._state_words(view), tone)
        self._facts.show_rows(self._fact_rows(view))
        self._show_conditions(view)
        self._deciding.setVisible(view.state == "proposed")
        self._approving.setVisible(view.state == "proposed")
        self._reopening.setVisible(view.state == "approved")
        if other:
            self.reopen_form.load({"reason": ""})
        self._one.say(
            _("This office has one officer: type number and day of the minutes that agreed.")
            if self._app.office.get("office.single_officer")
            else _("Who scored does not approve; another officer does."),
            "text2",
        )
        if view.state == "proposed":
            self.decide_form.editors["decided_class"].refill()
            self.decide_form.load({
                "decided_class": view.decided_class or "", "reason": view.difference_reason or "",
            })  # fmt: skip
            if other or not self.approve_form.values()["approved_on"]:
                signer = str(self._app.office.get("signer.post") or "")
                self.approve_form.load({"approver_post": signer, "approved_on": show_day(today())})
        approval = view.approval
        self._approval.setVisible(approval is not None)
        if approval is not None:
            labels = self._app.labels
            self._app.read(self, lambda c: load(c, "approval", approval.id, labels), self._show_approval)

    def _state_words(self, view: SheetView) -> str:
        edited = edited_words(view)
        if edited:
            return edited
        if view.approval is not None and view.approval.reopened and view.state != "approved":
            return _("Opened again after the approval; the approved class stands until the next approval.")
        open_cells = view.totals["ward"].open_cells
        if view.not_rated_reason is None and view.state in ("open", "self_submitted"):
            return _("The class comes after the scoring: {count} cells are open.").format(count=open_cells)
        return choice_text("assessment_states", view.state, self._app.labels)

    def _fact_rows(self, view: SheetView) -> list[Detail]:
        labels = self._app.labels
        return [
            Detail(lambda: _("Computed class"), class_words(view.computed_class, labels)),
            Detail(lambda: _("Decided class"), class_words(view.decided_class, labels)),
            Detail(lambda: _("Why it differs"), view.difference_reason or ""),
            Detail(lambda: _("Not rated because"), choice_text("not_rated_reasons", view.not_rated_reason, labels)
                   if view.not_rated_reason else ""),
            Detail(lambda: _("Self-scoring submitted on"), day_text(view.self_submitted_on)),
            Detail(lambda: _("Scored on"), day_text(view.ward_scored_on)),
            Detail(lambda: _("Scored by"), ", ".join(view.scorers)),
            Detail(lambda: _("Bonus"), points(view.totals["ward"].bonus) if view.totals["ward"].bonus else ""),
            Detail(lambda: _("Penalty"), points(view.totals["ward"].penalty) if view.totals["ward"].penalty else ""),
            Detail(lambda: _("Remark"), view.remark or ""),
            Detail(lambda: _("Criteria set"), f"{view.title}, {view.version}"),
            Detail(lambda: _("Signature checked"), standing_words(view.approval.standing) if view.approval else ""),
            *(Detail(lambda: _("Reopened"), reopening_words(one)) for one in view.reopenings),
        ]  # fmt: skip

    def _show_conditions(self, view: SheetView) -> None:
        self._conditions.clear()
        asked = [one for one in view.conditions if one.asked or one.answered_by_person or one.answer is not None]
        if view.state not in ("ward_scored", "proposed") or not asked:
            self._conditions.hide()
            return
        self._conditions.show()
        self._conditions.add(Label(lambda: _("Side conditions"), bold=True, size=1.07))
        for one in asked:
            self._conditions.add(self._condition(one, view.state == "ward_scored"))

    def _condition(self, one: ConditionView, open_: bool) -> Any:
        words = {"holds": _("Yes"), "fails": _("No"), "not_applicable": _("No task was due")}
        now = {True: "holds", False: "fails"}.get(one.answer) if one.answer is not None else None
        chips = []
        for answer in ANSWERS:
            chip = FilterChip(words[answer])
            chip.setChecked(answer == now)
            chip.setEnabled(open_)
            chip.clicked.connect(lambda _on=False, id_=one.id, said=answer: self._answer(id_, said))
            chips.append(chip)
        label = Label(f"{class_words(one.for_class, self._app.labels)}: {one.text}", wrap=True)
        reading = Label(one.reading, role="text2", wrap=True, size=0.93) if one.reading else None
        return column(label, reading, row(*chips[:2], 1, gap=0.4), row(chips[2], 1), gap=0.3)

    def _show_approval(self, found: Loaded | None) -> None:
        from hoidesk.book.registry import registry

        if found is None:
            return
        columns = {stored.name: stored.info for stored in registry()["approval"].columns}
        lines = [Detail("", _("Approval"))]
        shown = dict(found.words)
        shown["snapshot"] = snapshot_words(found.values["snapshot"], self._app.labels)
        shown |= {name: in_groups(found[name]) for name in ("snapshot_sha256", "signature")}
        lines += [Detail(marked(columns[name].label), shown[name]) for name in APPROVED]
        self._approval.show_rows(lines)

    def _classes(self) -> list[tuple[str, str]]:
        from hoidesk.presets import DEFAULT_LABELS, choices

        return list(choices("class", self._app.labels or DEFAULT_LABELS).items())

    # -- acts

    def _answer(self, condition: str, answer: str) -> None:
        if self._view is not None:
            given = {"assessment_ids": [self._view.id], "answers": {condition: answer}}
            self.acted.emit("assessment.conditions", given)

    def _decide(self) -> None:
        if self._view is not None:
            self.decide_form.clear_errors()
            self.acted.emit("assessment.decide", {"id": self._view.id, **self.decide_form.values()})

    def _reopen(self) -> None:
        if self._view is not None:
            self.reopen_form.clear_errors()
            self.acted.emit("assessment.reopen", {"id": self._view.id, **self.reopen_form.values()})

    def _approve(self) -> None:
        if self._view is not None:
            self.approve_form.clear_errors()
            given = {name: text for name, text in self.approve_form.values().items() if text.strip()}
            self.acted.emit("assessment.approve", {"assessment_ids": [self._view.id], **given})

    def fail(self, refusal: Refusal) -> bool:
        """Show a refusal at its field; False when it has none here."""
        if self._approving.isVisible() and self.approve_form.say_error(refusal.field, refusal.text):
            return True
        if self._reopening.isVisible() and self.reopen_form.say_error(refusal.field, refusal.text):
            return True
        return self._deciding.isVisible() and self.decide_form.say_error(refusal.field, refusal.text)
