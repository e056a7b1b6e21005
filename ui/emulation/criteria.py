"""Criteria sets: published ones of this office and of the units above, and the office's drafts beside them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.dates import today
from ui.actions import Act
from ui.app import App
from ui.emulation.local import LocalCriterionForm, on_frame, takes_local
from ui.emulation.words import SheetLine, sheet_lines
from ui.records.cells import choice, choice_text, text
from ui.records.fields import Section
from ui.records.forms import FormPaper
from ui.records.issued import issuer, issuer_words
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Filter, Subject
from ui.records.tabbed import TabbedPage
from ui.shell.page import Desk, Page
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

__all__ = ["CriteriaPage", "build", "subject", "subject_drafts"]

KINDS: Final = ("area", "branch", "association")
SHOWN = {"criteria_set": {"content", "content_sha256"}, "criteria_draft": {"content", "content_sha256"}}
"""The content is read line by line, the fingerprint in groups that two people can read to each other."""

FACTS = ("title", "code", "version", "year", "unit_kind")
SECTIONS = (Section(lambda: _("Criteria set"), (*FACTS, "state")),)


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
            Column("issuer", lambda: _("Issued by"), issuer(app), width=9, priority=2),
            Column("state", lambda: _("State"), lambda row: _state(app, row["state"]), width=9.5),
        ),
        sections=SECTIONS,
        empty=(
            lambda: _("No criteria set is published yet."),
            lambda: _("Publish a draft of this office, or receive the package of the superior unit."),
        ),
        filters=tuple(_filter(app, one) for one in ("published", "withdrawn")),
        name=lambda record: record["title"],
        subtitle=_subtitle,
        state=lambda record: _state(app, record.values["state"]),
        computed=(
            (lambda: _("Issued by"), lambda record: issuer_words(app, record.unit)),
            (lambda: _("Built on"), lambda record: _frame_words(record)),
            (lambda: _("Fingerprint of the sheet"), lambda record: _in_groups(record.values["content_sha256"])),
        ),
        detail_width=34,
    )


def _subtitle(record: Loaded) -> str:
    return f"{record['unit_kind']}, {record.values['year']}, {record['version']}"


def _frame_words(record: Loaded) -> str:
    from hoidesk.emulation.frames import frame_of

    frame = frame_of(record.values["content"])
    return "" if frame is None else f"{frame.code}, {frame.version}"


def subject_drafts(app: App) -> Subject:
    """What the list of drafts shows."""
    labels = lambda: app.labels  # noqa: E731
    return Subject(
        table="criteria_draft",
        listing="criteria_drafts",
        title=lambda: _("Drafts"),
        columns=(
            Column("title", lambda: _("Criteria set"), text("title")),
            Column("kind", lambda: _("Kind of unit"), choice("unit_kind", "unit_kind", labels), width=11, priority=3),
            Column("year", lambda: _("Year"), lambda row: Cell(str(row["year"])), width=4, priority=2),
            Column("version", lambda: _("Version"), text("version"), width=5.4, priority=2),
        ),
        sections=(Section(lambda: _("Draft of a criteria set"), FACTS),),
        new_label=lambda: _("Adopt the reference sheet"),
        empty=(
            lambda: _("This office has no draft of a criteria set."),
            lambda: _("Adopt the reference sheet of the program as a draft, read it, then publish it."),
        ),
        name=lambda record: record["title"],
        subtitle=_subtitle,
        state=lambda _record: _state(app, "draft"),
        computed=(
            (lambda: _("Built on"), lambda record: _frame_words(record)),
            (lambda: _("Fingerprint of the sheet"), lambda record: _in_groups(record.values["content_sha256"])),
        ),
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


class _SheetsPage(SubjectPage):
    """A list of score sheets with what both lists share: reading a sheet line by line."""

    def __init__(self, app: App, desk: Desk, subject: Subject) -> None:
        super().__init__(app, desk, subject)
        self._lines: list[SheetLine] = []
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
        self.panel.add_act(Button(lambda: _("Read the sheet"), icon="eye", click=self.read_sheet), lambda _record: True)

    def back(self) -> None:
        """Esc: out of the sheet, then to the page before."""
        if self.view() is self.sheet:
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

    def _act(self, name: str, **more: Any) -> None:
        from hoidesk.book.operations import operations

        record: Loaded | None = self.panel.record
        if record is not None:
            self.message.say("")
            self.app.write(self, operations()[name].parse({"id": record.id} | more), self._acted, self.fail)

    def _acted(self, outcome: Any) -> None:
        """Where a result opens depends on the list."""


class IssuedPage(_SheetsPage):
    """What is published: a new version of the office's own, a sheet of one's own on a frame from above."""

    drafted = Signal(object)

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        own = self._own
        for label, icon, name, fits in (
            (lambda: _("Add own criteria"), None, "criteria_set.build_on", lambda r: takes_local(r) and not own(r)),
            (lambda: _("New version"), None, "criteria_set.next_version", own),
            (lambda: _("Withdraw the set"), "undo", "criteria_set.withdraw",
             lambda r: own(r) and r.values["state"] == "published"),
        ):  # fmt: skip
            self.panel.add_act(Button(label, icon=icon, click=self._doing(name)), fits)

    def _own(self, record: Loaded) -> bool:
        return self.app.book is not None and record.unit == self.app.book.unit.code

    def _doing(self, name: str) -> Any:
        return lambda: self._act(name)

    def _acted(self, outcome: Any) -> None:
        if isinstance(outcome.result, UUID) and outcome.result != getattr(self.panel.record, "id", None):
            self.drafted.emit(outcome.result)


class DraftsPage(_SheetsPage):
    """Drafts: adopted, completed with own criteria, published."""

    published = Signal(object)

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject_drafts(app))
        self.adopting = AdoptForm(app)
        self.local = LocalCriterionForm(app)
        for form in (self.adopting, self.local):
            self.add_view(form)
            form.left.connect(self.to_browse)
        self.adopting.adopted.connect(self.open_saved)
        self.local.added.connect(self.open_saved)
        self.new_button.show()
        self.panel.add_act(
            Button(lambda: _("Add a criterion"), icon="plus", click=self.add_criterion),
            on_frame,
        )
        self.panel.add_act(
            Button(lambda: _("Publish"), icon="check", click=lambda: self._act("criteria_set.publish")), lambda _r: True
        )

    def new(self) -> None:
        """Begin to adopt the reference sheet."""
        self.show_view(self.adopting)
        self.adopting.begin()

    def add_criterion(self) -> None:
        """Begin a criterion of one's own in a group that allows it."""
        record = self.panel.record
        if record is not None:
            self.show_view(self.local)
            self.local.begin(record)

    def save(self) -> None:
        """Save the form that is open."""
        if self.view() is self.adopting:
            self.adopting.adopt()
        elif self.view() is self.local:
            self.local.add_one()

    def back(self) -> None:
        """Esc: out of a form, else as in every list of sheets."""
        if self.view() in (self.adopting, self.local):
            self.to_browse()
        else:
            super().back()

    def _acted(self, outcome: Any) -> None:
        if isinstance(outcome.result, UUID):
            self.published.emit(outcome.result)


class CriteriaPage(TabbedPage):
    """Published sets and drafts: publishing leads to the one list, a new version to the other."""

    def __init__(self, app: App, desk: Desk) -> None:
        self.issued, self.drafts = IssuedPage(app, desk), DraftsPage(app, desk)
        super().__init__(app, desk, lambda: _("Criteria sets"), (self.issued, self.drafts))
        self.issued.drafted.connect(lambda id_: self._open(1, id_))
        self.drafts.published.connect(lambda id_: self._open(0, id_))

    def _open(self, tab: int, id_: UUID) -> None:
        self.open_tab(tab)
        self.pages[tab].open_saved(id_)

    def show_only(self, what: str) -> None:
        """``new`` begins a draft."""
        if what == "new":
            self.open_tab(1)
        super().show_only(what)


def build(app: App, desk: Desk) -> Page:
    """The page of criteria sets."""
    return CriteriaPage(app, desk)
