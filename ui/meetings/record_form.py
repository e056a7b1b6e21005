"""The form that records a whole meeting: who met when, the counts, what came of each item, what was asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day, today
from ui.actions import Act
from ui.app import App
from ui.keeping import Keeping, draft_words
from ui.meetings.lines import ItemLine, PetitionLine
from ui.meetings.offer import Offer, last_meeting
from ui.records.fields import Section, field_specs, new_values
from ui.records.reading import options
from ui.theme import em, follow
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button, Choice
from ui.widgets.form import Form
from ui.widgets.labels import Hairline, Label, Note
from ui.widgets.lines import Lines
from ui.widgets.messages import ActionBar, MessageLine

if TYPE_CHECKING:
    from hoidesk.book.drafts import StoredDraft

__all__ = ["TIMES", "MeetingForm"]

TIMES = {"starts": {"width": 5.5}, "ends": {"width": 5.5}}
"""Fields of a time of day are as wide as what is typed there."""

_FIRST = (
    Section(lambda: _("Meeting"), ("branch_id", "association_id", "area_id", "kind", "held_on")),
    Section(lambda: _("Attendance"), ("invited", "present", "excused")),
)
_MORE = (
    Section(
        lambda: _("Details"),
        ("place", "starts", "ends", "topic", "chair_post", "chair_name", "secretary_post", "secretary_name"),
    ),
    Section(lambda: _("How it was recorded"), ("source_channel", "entered_on_behalf", "recorded_on", "remark")),
)


class MeetingForm(QWidget):
    """Everything of one meeting on one page, saved in one act.

    What was typed stays when the form is left. The place of the last meeting of the branch is offered; counts and
    "no petition" are never filled in by the program.
    """

    saved = Signal(object)
    left = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._refs: dict[str, list[tuple[str, str]]] = {}
        self._busy = False
        self._begun = False
        self._body = ""

        def specs(sections: tuple[Section, ...]) -> Any:
            return field_specs("meeting", sections, lambda: app.labels, lambda: self._refs, TIMES)

        self.form = Form(specs(_FIRST))
        self.more = Form(specs(_MORE))
        self.items = Lines(lambda: _("Outcomes of the agenda"), lambda: _("Add an outcome"), lambda: ItemLine(app))
        self.petitions = Lines(lambda: _("Petitions raised"), lambda: _("Add a petition"), lambda: PetitionLine(app))
        self.no_petition = Choice(lambda: _("No petition was raised"), key="K", click=self._on_no_petition)
        self._petition_error = Note()
        self._petition_error.hide()
        self.message = MessageLine()
        self.save_button = Button(
            lambda: _("Save to the book"), kind="primary", icon="check", key=Act.PRIMARY, click=self.save
        )
        self._back = Button(lambda: _("Back"), key=Act.BACK, click=self.leave)
        self.bar = ActionBar(self._back, self.save_button)
        self._lay_out()
        self.keeping = Keeping(app, self, self._to_keep)
        self.keeping.found.connect(self._on_draft)
        self.form.changed.connect(self._on_change)
        self.more.changed.connect(self.keeping.touch)
        self.items.changed.connect(self._on_change)
        self.petitions.changed.connect(self._on_petitions)
        follow(self)

    def _lay_out(self) -> None:
        hint = Label(
            lambda: _("Write no names of residents and no complaints or denunciations here."), role="text2", wrap=True
        )
        self._paper = column(
            Label(lambda: _("Record a meeting"), size=1.21, bold=True),
            self.message,
            self.form,
            self.items,
            self.petitions,
            row(self.no_petition, 1),
            self._petition_error,
            hint,
            self.more,
            1,
            gap=0.8,
            margins=(1.6, 1.0, 1.6, 1.0),
        )
        card = Card(Scroll(self._paper), Hairline(), self.bar, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    # -- begin

    def begin(self, day: date) -> None:
        """Begin a meeting, or go on with the one that was begun before."""
        if self._begun and self.typed():
            self.message.say(lambda: _("This was typed before and is not saved yet."), "warn")
        else:
            self._empty(day)
            self.keeping.begin("meeting/record")
        self._begun = True
        self._app.read(self, self._query_refs, self._take_refs)
        self.form.focus_first()
        self._on_change()

    def _empty(self, day: date) -> None:
        self.message.say("")
        self._body = ""
        self.form.load({"kind": "regular", "held_on": ""})
        self.more.load({"source_channel": "self", "recorded_on": show_day(day)})
        self.items.clear()
        self.petitions.clear()
        self.no_petition.setChecked(False)

    def _to_keep(self) -> dict[str, Any] | None:
        if not self.typed():
            return None
        return {
            "form": self.form.values(),
            "more": self.more.values(),
            "items": self.items.filled(),
            "petitions": self.petitions.filled(),
            "no_petition": self.no_petition.isChecked(),
        }

    def _on_draft(self, draft: StoredDraft) -> None:
        """What was typed before the program ended stands in the form again, and is told."""
        if self.typed():
            return
        kept = draft.values
        self._body = kept["form"].get("branch_id", "")  # nothing is offered over what was typed
        self.form.load(kept["form"])
        self.more.load(kept["more"])
        for lines, given in ((self.items, kept["items"]), (self.petitions, kept["petitions"])):
            lines.clear()
            for one in given:
                lines.append().take(one)
        self.no_petition.setChecked(bool(kept["no_petition"]))
        throw = Button(lambda: _("Throw it away"), kind="quiet", click=self._throw_draft)
        self.message.say(draft_words(draft), "warn", throw)
        self._on_change()

    def _throw_draft(self) -> None:
        self.keeping.throw_away()
        self._empty(today())
        self._on_change()

    def _query_refs(self, connection: Any) -> dict[str, list[tuple[str, str]]]:
        return {name: options(connection, name) for name in ("branch", "association", "area")}

    def _take_refs(self, refs: dict[str, list[tuple[str, str]]]) -> None:
        self._refs = refs
        for name in ("branch_id", "association_id", "area_id"):
            editor = self.form.editors[name]
            kept = editor.value() or editor.wanted
            editor.refill()
            if kept:
                editor.set_value(kept)

    # -- while typing

    def _on_no_petition(self, on: bool) -> None:
        if on and self.petitions.filled():
            self._petition_error.say(_("A petition is typed above. Empty it first, or leave this choice."))
            self.no_petition.setChecked(False)
        self._on_change()

    def _on_petitions(self) -> None:
        if self.petitions.filled() and self.no_petition.isChecked():
            self.no_petition.setChecked(False)
        self._petition_error.say("")
        self._on_change()

    def _on_change(self) -> None:
        self.keeping.touch()
        body = self.form.values()["branch_id"]
        if body and body != self._body:
            self._body = body
            self._app.read(self, lambda connection: last_meeting(connection, body), self._offer)
        self.bar.say(self._sentence())

    def _offer(self, found: Offer | None) -> None:
        """Offer what stays the same from meeting to meeting, only into fields that are still empty."""
        if found is None:
            return
        for name, value in found.fields.items():
            editor = self.more.editors[name]
            if value and not editor.value().strip() and not editor.field.hasFocus():
                editor.set_value(value)
        if found.kinds and not self.items.filled():
            # One line for each item of the last agenda; a line without words is not recorded.
            self.items.clear()
            for kind in found.kinds:
                self.items.append().offer(kind)

    def _sentence(self) -> str:
        words, values = self.form.words(), self.form.values()
        body = words["branch_id"] or words["association_id"] or words["area_id"]
        if not body:
            return ""
        parts = [f"{body}, {values['held_on'].strip() or '…'}"]
        if values["present"].strip():
            said = _("{present} of {invited} present")
            parts.append(said.format(present=values["present"].strip(), invited=values["invited"].strip() or "…"))
        items, asked = len(self.items.filled()), len(self.petitions.filled())
        if items:
            parts.append(ngettext("{count} outcome", "{count} outcomes", items).format(count=items))
        if asked:
            parts.append(ngettext("{count} petition", "{count} petitions", asked).format(count=asked))
        elif self.no_petition.isChecked():
            parts.append(_("no petition"))
        return "; ".join(parts) + "."

    def typed(self) -> bool:
        """Whether anything of a meeting was typed."""
        values = self.form.values()
        kept = ("branch_id", "association_id", "area_id", "held_on", "invited", "present", "excused")
        return any(values[name].strip() for name in kept) or bool(self.items.filled() or self.petitions.filled())

    # -- end

    def leave(self) -> None:
        """Go back; what was typed stays in the form."""
        self.left.emit()

    def save(self) -> None:
        """Record the meeting with everything that belongs to it."""
        if self._busy:
            return
        self._busy = True
        for form in (self.form, self.more):
            form.clear_errors()
        self._petition_error.say("")
        self.message.say("")
        meeting = new_values(self.form.values()) | new_values(self.more.values())
        meeting["no_petition"] = self.no_petition.isChecked()
        given = {"meeting": meeting, "items": self.items.filled(), "petitions": self.petitions.filled()}
        from hoidesk.book.operations import operations

        try:
            operation = operations()["meeting.record"].parse(given)
        except Refusal as error:
            self._fail(error)
            return
        self._app.write(self, operation, self._saved, self._fail)

    def _saved(self, outcome: Any) -> None:
        self._busy = False
        self._begun = False
        self.keeping.forget()
        self.saved.emit(outcome.id)

    def _fail(self, refusal: Refusal) -> None:
        self._busy = False
        if self.form.say_error(refusal.field, refusal.text) or self.more.say_error(refusal.field, refusal.text):
            return
        if refusal.field == "petitions":
            self._petition_error.say(refusal.text)
            self.no_petition.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.message.say(refusal.text)

    def restyle(self) -> None:
        """A form is not wider than its fields need."""
        self._paper.setMaximumWidth(em(66))
