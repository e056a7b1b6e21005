"""Criteria sets: adopted as a draft, read line by line, published and from then on frozen, withdrawn."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.dates import today
from ui.actions import Act
from ui.app import App
from ui.emulation.words import SheetLine, sheet_lines
from ui.records.cells import choice, choice_text, text
from ui.records.fields import Section
from ui.records.forms import FormPaper
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Filter, Subject
from ui.shell.page import Desk, Page
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

__all__ = ["CriteriaPage", "build"]

KINDS: Final = ("area", "branch", "association")
SHOWN = {"criteria_set": {"content", "content_sha256"}}
"""The content is read line by line, the fingerprint in groups that two people can read to each other."""

SECTIONS = (Section(lambda: _("Criteria set"), ("title", "code", "version", "year", "unit_kind", "state")),)


def _state(app: App, state: str) -> Cell:
    words = choice_text("criteria_states", state, app.labels)
    if state == "published":
        return Cell(words, icon="check", tone="ok")
    return Cell(words, chip=True, tone="warn" if state == "draft" else "neutral", icon="pencil")


def _filter(app: App, state: str) -> Filter:
    return Filter(state, lambda: choice_text("criteria_states", state, app.labels), lambda _day: {"state": state})


def _in_groups(fingerprint: str) -> str:
    """In groups of eight: a line can be broken between them."""
    return " ".join(fingerprint[place : place + 8] for place in range(0, len(fingerprint), 8))


def subject(app: App) -> Subject:
    """What the list of criteria sets shows."""
    labels = lambda: app.labels  # noqa: E731
    return Subject(
        table="criteria_set",
        listing="criteria_sets",
        title=lambda: _("Criteria sets"),
        columns=(
            Column("title", lambda: _("Criteria set"), text("title")),
            Column("kind", lambda: _("Kind of unit"), choice("unit_kind", "unit_kind", labels), width=11, priority=3),
            Column("year", lambda: _("Year"), lambda row: Cell(str(row["year"])), width=4, priority=2),
            Column("version", lambda: _("Version"), text("version"), width=5.4, priority=2),
            Column("state", lambda: _("State"), lambda row: _state(app, row["state"]), width=9.5),
        ),
        sections=SECTIONS,
        new_label=lambda: _("Adopt the reference sheet"),
        empty=(
            lambda: _("This office has no criteria set yet."),
            lambda: _("Adopt the reference sheet of the program as a draft, read it, then publish it."),
        ),
        filters=tuple(_filter(app, one) for one in ("draft", "published", "withdrawn")),
        name=lambda record: record["title"],
        subtitle=lambda record: f"{record['unit_kind']}, {record.values['year']}, {record['version']}",
        state=lambda record: _state(app, record.values["state"]),
        computed=((lambda: _("Fingerprint of the sheet"), lambda record: _in_groups(record.values["content_sha256"])),),
        detail_width=34,
    )


class AdoptForm(FormPaper):
    """``adopted`` carries the id of the draft."""

    adopted = Signal(object)

    def __init__(self, app: App) -> None:
        self._app = app
        as_called = lambda: _("Empty: as the reference sheet is called")  # noqa: E731
        form = Form(
            (
                FieldSpec("unit_kind", lambda: _("Kind of unit"), "choice", options=self._kinds, required=True),
                FieldSpec("year", lambda: _("Year"), "count"),
                FieldSpec("name", lambda: _("Title of the set"), hint=as_called),
            )
        )
        save = Button(lambda: _("Adopt as a draft"), kind="primary", icon="check", key=Act.SAVE, click=self.adopt)
        super().__init__(form, Label(lambda: _("Adopt the reference sheet"), size=1.21, bold=True), save)

    def _kinds(self) -> list[tuple[str, str]]:
        return [(kind, choice_text("unit_kind", kind, self._app.labels)) for kind in KINDS]

    def begin(self) -> None:
        """Begin with quarters and this year."""
        self.message.say("")
        self.form.load({"unit_kind": "area", "year": str(today().year)})
        self.form.focus_first()

    def adopt(self) -> None:
        """Write the draft."""
        from hoidesk.book.operations import operations

        self.form.clear_errors()
        given = {name: words for name, words in self.form.values().items() if words.strip()}
        try:
            operation = operations()["criteria_set.adopt"].parse(given)
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda outcome: self.adopted.emit(outcome.result), self.fail)


class CriteriaPage(SubjectPage):
    """Drafts are published and frozen; a new version of a published one begins as a draft."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        self._lines: list[SheetLine] = []
        self.adopting = AdoptForm(app)
        self.add_view(self.adopting)
        self.adopting.left.connect(self.to_browse)
        self.adopting.adopted.connect(self.open_saved)
        self.new_button.show()
        columns = (
            Column("number", lambda: _("No."), lambda one: Cell(one.number, role="text2"), width=4.5),
            Column("text", lambda: _("Criterion"), lambda one: Cell(one.text, bold=one.bold)),
            Column("points", lambda: _("Most"), lambda one: Cell(one.points, bold=one.bold), width=5, right=True),
        )
        self.lines = TableView(columns, self._fetch_line, name=lambda: _("Score sheet"), row_height=2.2)
        self._sheet_title = Label("", size=1.21, bold=True)
        back = Button(lambda: _("Back"), icon="arrow-left", key=Act.BACK, click=self.back)
        head = row(back, self._sheet_title, 1, margins=(0.9, 0.6, 0.9, 0.6))
        self.sheet = Card(head, self.lines, margins=(0, 0, 0, 0), gap=0)
        self.sheet.content.box.setStretch(1, 1)
        self.add_view(self.sheet)
        self._add_acts()

    def _add_acts(self) -> None:
        self.panel.add_act(Button(lambda: _("Read the sheet"), icon="eye", click=self.read_sheet), lambda _record: True)
        for label, icon, name, state in (
            (lambda: _("Publish"), "check", "criteria_set.publish", "draft"),
            (lambda: _("New version"), None, "criteria_set.next_version", "published"),
            (lambda: _("Withdraw the set"), "undo", "criteria_set.withdraw", "published"),
        ):
            self._add_act(Button(label, icon=icon, click=self._doing(name)), state)

    def _doing(self, name: str) -> Any:
        return lambda: self._act(name)

    def _add_act(self, button: Button, state: str) -> None:
        self.panel.add_act(button, lambda record: bool(record.values["state"] == state))

    def new(self) -> None:
        """Begin to adopt the reference sheet."""
        self.show_view(self.adopting)
        self.adopting.begin()

    def save(self) -> None:
        """Save the form that is open."""
        if self.view() is self.adopting:
            self.adopting.adopt()

    def back(self) -> None:
        """Esc: out of the sheet, then to the page before."""
        if self.view() in (self.sheet, self.adopting):
            self.to_browse()
        elif self.panel.isVisible() and self.width_class < 3:
            super().back()
        else:
            self.desk.back()

    def read_sheet(self) -> None:
        """Show every line of the sheet."""
        record = self.panel.record
        if record is not None:
            self._sheet_title.say(record["title"])
            self._lines = sheet_lines(record.values["content"], self.app.labels)
            self.lines.set_keys(list(range(len(self._lines))))
            self.show_view(self.sheet)
            self.lines.setFocus()

    def _fetch_line(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._lines[key] for key in keys])

    def _act(self, name: str) -> None:
        from hoidesk.book.operations import operations

        record: Loaded | None = self.panel.record
        if record is not None:
            self.message.say("")
            self.app.write(self, operations()[name].parse({"id": record.id}), self._acted, self.fail)

    def _acted(self, outcome: Any) -> None:
        if isinstance(outcome.result, UUID):
            for chip in self.chips.values():
                chip.setChecked(False)
            self.open_saved(outcome.result)


def build(app: App, desk: Desk) -> Page:
    """The page of criteria sets."""
    return CriteriaPage(app, desk)
