"""Spreadsheets come in: a file is read, every row is compared with the book, and the good ones enter as one act."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from hoidesk.errors import Refusal
from hoidesk.language import N_, _, ngettext
from hoidesk.text.dates import show_day, today
from ui.actions import Act
from ui.app import App
from ui.shell.page import Desk, Page
from ui.widgets.boxes import Card, column, row
from ui.widgets.buttons import Button, FilterChip
from ui.widgets.cells import Cell, Column
from ui.widgets.fields import FlagField
from ui.widgets.labels import ElidedLabel, Hairline, Label, Note
from ui.widgets.messages import ActionBar, EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.spreadsheets.plan import ImportPlan
    from hoidesk.spreadsheets.records import Reading

__all__ = ["ImportPage", "Line", "build", "lines_of"]

STATES: Final = {
    "bad": (N_("Stay out"), "bad", "circle-alert"),
    "look": (N_("Look again"), "warn", "triangle-alert"),
    "new": (N_("New"), "ok", "plus"),
    "changed": (N_("Changed"), "warn", "pencil"),
    "same": (N_("As in the book"), "neutral", "check"),
}
"""What becomes of a row, with its tone and icon, in the order of the chips."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the preview: what becomes of it, where it stands in the file, what it says."""

    state: str
    place: str
    title: str
    detail: str
    whole: str = ""


def lines_of(plan: ImportPlan) -> list[Line]:
    """The preview of a plan: rows of the file, and what there is to say about places in it."""
    lines = [
        Line(
            row.state,
            _place(row.record.sheet, row.record.row, None),
            row.title,
            "; ".join(f"{one.label}: {one.old or '–'} → {one.new or '–'}" for one in row.changes),
        )
        for row in plan.rows
        if row.state != "bad"
    ]
    said = [
        Line(
            "bad" if one.kind == "bad" else "look",
            _place(one.sheet, one.row, one.column),
            _without_place(one.text) if one.row is not None else one.text,
            "",
            one.text,
        )
        for one in plan.findings
    ]
    return said + lines


def _without_place(text: str) -> str:
    """The sentence about a row without its place, which stands in a column of its own."""
    said = text.partition(": ")[2]
    return said[:1].upper() + said[1:] if said else text


def _place(sheet: str, row: int | None, column: str | None) -> str:
    parts = [sheet]
    if row is not None:
        parts.append(_("row {row}").format(row=row))
    if column:
        parts.append(_("column {column}").format(column=column))
    return ", ".join(parts)


class ImportPage(Page):
    """Nothing is written before it was seen; one undo takes the whole file back."""

    tables = frozenset({"association", "branch", "area", "meeting", "membership", "post"})

    def __init__(self, app: App, desk: Desk) -> None:
        self._path: Path | None = None
        self._plan: ImportPlan | None = None
        self._lines: list[Line] = []
        self._state = ""
        self._busy = False
        super().__init__(app, desk)
        self.choose_button = Button(
            lambda: _("Choose a spreadsheet"), icon="folder-open", key=Act.NEW, click=self.choose_file
        )
        self._file = ElidedLabel("", role="text")
        self.phones = FlagField()
        phones = Label(lambda: _("Take official phone numbers too"))
        phones.setBuddy(self.phones)
        self.add_missing = FlagField()
        create = Label(lambda: _("Add areas and branches that the book lacks"))
        create.setBuddy(self.add_missing)
        self.phones.toggled.connect(lambda _on: self._read_again())
        self.add_missing.toggled.connect(lambda _on: self._read_again())
        line = row(self.choose_button, self._file)
        line.box.setStretch(1, 1)
        self._flags = column(row(self.phones, phones, 1, gap=0.4), row(self.add_missing, create, 1, gap=0.4), gap=0.1)
        self._head = Card(line, self._flags, gap=0.4, margins=(1.0, 0.7, 1.0, 0.6))
        self.chips = {name: FilterChip(self._chip_words(name)) for name in STATES}
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, chosen=name: self.show_state(chosen))
        self._again = Note()
        columns = (
            Column("state", lambda: _("Result"), _state_cell, width=10.5, priority=2),
            Column("title", lambda: _("Row"), lambda one: Cell(one.title, second=one.detail)),
            Column(
                "place", lambda: _("Place in the file"), lambda one: Cell(one.place, role="text2"), width=16, priority=2
            ),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Preview"), row_height=3.05)
        self.table.current.connect(self._show_whole)
        self._whole = Label("", wrap=True, role="text2")
        self.empty = EmptyState(
            lambda: _("Lists of organisations and ledgers of meetings come in from Excel."),
            lambda: _("Choose a file; nothing is written before it was looked at."),
        )
        self.enter_button = Button(
            lambda: _("Take into the book"), kind="primary", icon="check", key=Act.PRIMARY, click=self.take_in
        )
        back = Button(lambda: _("Back"), key=Act.BACK, click=desk.back)
        self.bar = ActionBar(back, self.enter_button)
        chips = row(*self.chips.values(), 1, gap=0.45, margins=(0.9, 0.6, 0.9, 0.4))
        whole = row(self._whole, margins=(1.0, 0.4, 1.0, 0.0))
        again = row(self._again, margins=(1.0, 0.4, 1.0, 0.0))
        self._of_plan = (chips, whole, again)
        card = Card(again, chips, self.table, self.empty, Hairline(), whole, self.bar, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(2, 1)
        card.content.box.setStretch(3, 1)
        self.body.addWidget(self._head)
        self.body.addWidget(card, 1)
        self.handlers = {Act.NEW: self.choose_file, Act.PRIMARY: self.take_in, Act.BACK: desk.back}
        app.language_changed.connect(self._read_again)
        self._show_plan(None)
        self.restyle()

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Import from Excel")

    # -- reading

    def choose_file(self) -> None:
        """Ask for a file and read it."""
        start = str(self._path.parent if self._path is not None else Path.home())
        kinds = _("Spreadsheets (*.xlsx *.xlsm *.xls *.ods);;All files (*)")
        found, _kind = QFileDialog.getOpenFileName(self, _("Choose a spreadsheet"), start, kinds)
        if found:
            self.read_file(Path(found))

    def read_file(self, path: Path) -> None:
        """Read a file and compare it with the book; refusals are shown and nothing changes."""
        from hoidesk.spreadsheets.check import read_spreadsheet

        self._path = path
        self._file.say(str(path))
        self.message.say("")
        day, phones = today(), self.phones.isChecked()

        def done(reading: Reading) -> None:
            if self._path == path:
                self._compare(reading)

        self.app.lanes.free.submit(
            lambda _ticket: read_spreadsheet(path, today=day, phones=phones),
            owner=self,
            done=done,
            failed=self._fault,
        )

    def _compare(self, reading: Reading) -> None:
        from hoidesk.spreadsheets.plan import plan_import

        book = self.app.book
        if book is None:
            return
        unit = book.unit
        create = True if self.add_missing.isChecked() else None
        self.ask(lambda c: plan_import(c, unit, reading, create_missing=create), self._show_plan)

    def _read_again(self) -> None:
        if self._path is not None and not self._busy:
            self.read_file(self._path)

    def refresh(self) -> None:
        """The book has changed: compare the same file again."""
        self._read_again()

    def _fault(self, error: Exception) -> None:
        self._show_plan(None)
        if isinstance(error, Refusal):
            self.fail(error)
        else:
            self.app.take_error(error)

    # -- showing

    def _show_plan(self, plan: ImportPlan | None) -> None:
        self._plan = plan
        self._fold()
        self._lines = lines_of(plan) if plan is not None else []
        present = [name for name in STATES if any(one.state == name for one in self._lines)]
        for name, chip in self.chips.items():
            chip.retranslate()
            chip.setVisible(name in present)
        self.table.setVisible(plan is not None)
        self.empty.setVisible(plan is None)
        if plan is not None and plan.imported_on is not None:
            day = show_day(plan.imported_on)
            self._again.say(
                _("This very file was taken in on {day}. Undo that first, or press again.").format(day=day), "warn"
            )
        else:
            self._again.say("")
        self.show_state(self._state if self._state in present else next(iter(present), ""))
        self._read_back()

    def _chip_words(self, name: str) -> Words:
        return lambda: f"{_(STATES[name][0])} ({sum(1 for one in self._lines if one.state == name)})"

    def show_state(self, name: str) -> None:
        """Show the rows that become one thing."""
        self._state = name
        for other, chip in self.chips.items():
            chip.setChecked(other == name)
        self._whole.say("")
        self.table.set_keys([place for place, one in enumerate(self._lines) if one.state == name])

    def _show_whole(self, key: int) -> None:
        one = self._lines[key]
        self._whole.say(one.whole or "; ".join(part for part in (f"{one.place}: {one.title}", one.detail) if part))

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._lines[key] for key in keys])

    def _read_back(self) -> None:
        plan = self._plan
        counts: dict[str, int] = dict(plan.counts().items()) if plan is not None else {}
        good = counts.get("new", 0) + counts.get("changed", 0)
        self.enter_button.setVisible(good > 0)
        if plan is None:
            self.bar.say("")
            return
        if not good:
            self.bar.say(lambda: _("No row of this file would change the book."))
            return
        parts = [
            ngettext("{count} new record", "{count} new records", counts["new"]).format(count=counts["new"]),
            ngettext("{count} changed", "{count} changed", counts["changed"]).format(count=counts["changed"]),
            ngettext("{count} row stays out", "{count} rows stay out", counts["bad"]).format(count=counts["bad"]),
        ]
        shown = [part for part, name in zip(parts, ("new", "changed", "bad"), strict=True) if counts[name]]
        self.bar.say(f"{plan.reading.file}: " + "; ".join(shown) + ".")
        self.enter_button.say(
            (lambda: _("Take in again")) if plan.imported_on is not None else (lambda: _("Take into the book"))
        )

    # -- writing

    def take_in(self) -> None:
        """Enter the good rows in one act."""
        plan = self._plan
        if plan is None or self._busy or not self.enter_button.isVisibleTo(self):
            return
        self._busy = True
        self.enter_button.setEnabled(False)

        def work(book: Any, _ticket: Any) -> Any:
            return book.run(plan.operation(), source="import")

        self.app.work(self, work, lambda _outcome: self._entered(plan), self._refused)

    def _entered(self, plan: ImportPlan) -> None:
        counts = plan.counts()
        self._free()
        self._read_again()
        number = counts["new"] + counts["changed"]
        self.message.say(
            lambda: ngettext(
                "{count} row of {name} is in the book. Ctrl+Z takes the whole file back.",
                "{count} rows of {name} are in the book. Ctrl+Z takes the whole file back.",
                number,
            ).format(count=number, name=plan.reading.file),
            "ok",
        )
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, refusal: Refusal) -> None:
        self._free()
        self.fail(refusal)

    def _free(self) -> None:
        self._busy = False
        self.enter_button.setEnabled(True)

    # -- frame

    def enter(self) -> None:
        """Begin with the file."""
        (self.table if self._plan is not None else self.choose_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_width_class(self, number: int) -> None:
        """Without the result column in a narrow window; the chip above says it."""
        super().set_width_class(number)
        self.table.set_width_class(number)
        self._fold()

    def _fold(self) -> None:
        # In a narrow window the rows need the room once there are rows.
        self._flags.setVisible(self.width_class > 1 or self._plan is None)
        self._whole.setVisible(self.width_class > 1 or bool(self._whole.text()))
        for part in self._of_plan:
            part.setVisible(self._plan is not None)


def _place_cell(one: Line) -> Cell:
    return Cell(one.place, role="text2")


def _state_cell(one: Line) -> Cell:
    words, tone, icon = STATES[one.state]
    return Cell(_(words), icon=icon, tone=tone if tone != "neutral" else None, role="text2")  # type: ignore[arg-type]


def build(app: App, desk: Desk) -> Page:
    """The page of imports."""
    return ImportPage(app, desk)
