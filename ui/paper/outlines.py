"""Outlines of the half-year report: issued by this office or from above, and which one is in use."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.records.cells import text
from ui.records.fields import Section
from ui.records.forms import FormPaper
from ui.records.issued import issuer, issuer_words
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Subject
from ui.shell.page import Desk, Page
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label

__all__ = ["OutlinesPage", "build", "subject"]

SHOWN = {"outline": {"content", "content_sha256"}}
"""The content is read section by section, the fingerprint in groups that two people can read to each other."""


def _in_use(app: App, record: Loaded) -> bool:
    return str(app.office.get("paper.outline") or "") == record.id.hex


def _sections(content: str) -> str:
    """The numbers and titles of the sections, one a line."""
    import json

    from hoidesk.paper.outline import read_outline

    try:
        found = read_outline(json.loads(content))
    except (Refusal, ValueError):
        return ""
    return "\n".join(f"{one.number}. {one.title}" for one in found.walk())


def _groups(fingerprint: str) -> str:
    return " ".join(fingerprint[place : place + 8] for place in range(0, len(fingerprint), 8))


def subject(app: App) -> Subject:
    """What the list of outlines shows."""
    return Subject(
        table="outline",
        listing="outlines",
        title=lambda: _("Outlines of the report"),
        columns=(
            Column("title", lambda: _("Outline"), text("title")),
            Column("version", lambda: _("Version"), text("version"), width=7),
            Column("issuer", lambda: _("Issued by"), issuer(app), width=9.5, priority=2),
        ),
        sections=(Section(lambda: _("Outline"), ("title", "code", "version")),),
        new_label=lambda: _("Issue an outline"),
        empty=(
            lambda: _("No outline was issued yet."),
            lambda: _("Reports are written by the outline of the program until one is chosen here."),
        ),
        name=lambda record: record["title"],
        subtitle=lambda record: record["version"],
        state=lambda record: Cell(_("In use"), icon="check", tone="ok") if _in_use(app, record) else None,
        computed=(
            (lambda: _("Issued by"), lambda record: issuer_words(app, record.unit)),
            (lambda: _("Sections"), lambda record: _sections(record.values["content"])),
            (lambda: _("Fingerprint of the outline"), lambda record: _groups(record.values["content_sha256"])),
        ),
        tables=frozenset({"setting"}),
        detail_width=34,
    )


class IssueOutlineForm(FormPaper):
    """Issues the outline of the program under a title and a version; ``issued`` carries its id."""

    issued = Signal(object)

    def __init__(self, app: App) -> None:
        self._app = app
        form = Form(
            (
                FieldSpec("name", lambda: _("Title"), required=True),
                FieldSpec("version", lambda: _("Version"), required=True),
            )
        )
        save = Button(lambda: _("Issue"), kind="primary", icon="check", key=Act.SAVE, click=self.issue)
        super().__init__(form, Label(lambda: _("Issue an outline"), size=1.21, bold=True), save)

    def begin(self) -> None:
        """Begin with the outline of the program."""
        from hoidesk import presets

        self.message.say("")
        self.bar.say(_("The units below get it with their next package and may report by it; it never changes."))
        self.form.load({"name": str(presets.report_outline()["vi"]), "version": ""})
        self.form.focus_first()

    def issue(self) -> None:
        """Write the outline."""
        from hoidesk.book.operations import operations

        self.form.clear_errors()
        given = {name: words for name, words in self.form.values().items() if words.strip()}
        try:
            operation = operations()["outline.issue"].parse(given)
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda outcome: self.issued.emit(outcome.result), self.fail)


class OutlinesPage(SubjectPage):
    """An outline is chosen for the office's own reports, or the one of the program again."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        self.issuing = IssueOutlineForm(app)
        self.add_view(self.issuing)
        self.issuing.left.connect(self.to_browse)
        self.issuing.issued.connect(self.open_saved)
        self.new_button.show()
        self.panel.add_act(
            Button(lambda: _("Report by this outline"), icon="check", click=lambda: self._use(True)),
            lambda record: not _in_use(app, record),
        )
        self.panel.add_act(
            Button(lambda: _("Report by the program's outline"), icon="undo", click=lambda: self._use(False)),
            lambda record: _in_use(app, record),
        )

    def new(self) -> None:
        """Begin to issue an outline."""
        self.show_view(self.issuing)
        self.issuing.begin()

    def save(self) -> None:
        """Save the form that is open."""
        if self.view() is self.issuing:
            self.issuing.issue()

    def back(self) -> None:
        """Esc: out of the form, then to the page before."""
        if self.view() is self.issuing:
            self.to_browse()
        elif self.panel.isVisible() and self.width_class < 3:
            super().back()
        else:
            self.desk.back()

    def _use(self, on: bool) -> None:
        from hoidesk.book.operations import operations

        record = self.panel.record
        if record is not None:
            given: dict[str, Any] = {"id": record.id} if on else {}
            self.app.write(self, operations()["outline.use"].parse(given), lambda _o: self._used(record), self.fail)

    def _used(self, record: Loaded) -> None:
        self.open_saved(record.id)


def build(app: App, desk: Desk) -> Page:
    """The page of outlines."""
    return OutlinesPage(app, desk)
