"""Issued papers: the list, one of them in words, its pages, and issuing the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day, today
from ui.actions import Act
from ui.app import App
from ui.paper.panes import TwoPanes
from ui.paper.period import Period
from ui.records.cells import day_text
from ui.records.forms import FormPaper
from ui.records.reading import Loaded, load
from ui.records.values import day_echo
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.details import Detail, DetailRows
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label
from ui.widgets.messages import EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import marked

if TYPE_CHECKING:
    from hoidesk.paper.rows import IssuedPaperRow

__all__ = ["IssueForm", "IssuedPanel", "next_number"]


def next_number(papers: Sequence[IssuedPaperRow], unit: str) -> str:
    """One more than the largest number this office gave this year; nothing if numbers are not plain."""
    numbers = [
        int(one.number) for one in papers
        if one.unit == unit and one.issued_on.year == today().year and one.number and one.number.isdigit()
    ]  # fmt: skip
    return str(max(numbers, default=0) + 1)


class IssuedPanel(TwoPanes):
    """``opened`` asks for the pages of a paper, ``file_asked`` for a file of it."""

    opened = Signal(object)
    file_asked = Signal(object)

    def __init__(self, app: App) -> None:
        super().__init__(width=27)
        self._app = app
        self._rows: dict[UUID, IssuedPaperRow] = {}
        columns = (
            Column("number", lambda: _("Number"), lambda one: Cell(one.number or ""), width=6.4),
            Column("title", lambda: _("Paper"), lambda one: Cell(one.title, second=_period_words(one))),
            Column("issued", lambda: _("Issued on"), lambda one: Cell(day_text(one.issued_on)), width=8.8, priority=2),
            Column("unit", lambda: _("Unit"), lambda one: Cell(app.unit_name(one.unit)), width=9, priority=3),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Issued papers"), row_height=3.05)
        self.table.current.connect(self._on_current)
        self._empty = EmptyState(
            lambda: _("No paper was issued yet."), lambda: _("Write the sections, look at the pages, then issue.")
        )
        self._name = Label("", bold=True, size=1.21, wrap=True)
        self.open_button = Button(lambda: _("Show the pages"), icon="eye", click=self._open)
        self.table.opened.connect(lambda _key: self.open_right(self.open_button))
        self.file_button = Button(lambda: _("Save as a file"), icon="save", click=self._file)
        self._details = DetailRows()
        left = Card(self.table, self._empty, margins=(0, 0, 0, 0), gap=0)
        left.content.box.setStretch(0, 1)
        head = column(self._name, row(self.open_button, self.file_button, 1), gap=0.5, margins=(1.1, 0.9, 1.1, 0.4))
        body = Scroll(column(self._details, 1, margins=(1.1, 0.3, 1.1, 0.9)))
        self._details_card = Card(head, body, margins=(0, 0, 0, 0), gap=0)
        self._details_card.content.box.setStretch(1, 1)
        self.set_panes(left, self._details_card)

    def take(self, papers: Sequence[IssuedPaperRow]) -> None:
        """Show the list."""
        self._rows = {one.id: one for one in papers}
        self.table.set_keys(list(self._rows))
        self.table.setVisible(bool(papers))
        self._empty.setVisible(not papers)
        if not self._narrow:
            self._details_card.setVisible(bool(papers))
        if papers and self.table.chosen is None:
            self.table.choose_first()

    def choose(self, id_: UUID) -> None:
        """Choose a paper."""
        self.table.choose(id_)

    def _on_current(self, key: UUID) -> None:
        labels = self._app.labels
        self._app.read(self, lambda c: (load(c, "paper", key, labels), len(_figures(c, key))), self._show)

    def _show(self, answer: tuple[Loaded | None, int]) -> None:
        from hoidesk.book.registry import registry

        found, count = answer
        if found is None:
            return
        self._name.say(found["title"])
        own = found.values["body"] is not None
        self.open_button.setVisible(own)
        self.file_button.setVisible(own)
        columns = {c.name: c.info for c in registry()["paper"].columns}
        lines = [
            Detail(marked(columns[name].label), found[name])
            for name in ("number", "issued_on", "period_from", "period_to", "as_of", "signer_post",
                         "signer_name", "outline_version", "unit")
            if name in columns
        ]  # fmt: skip
        kind = _("Half-year report") if found.values["kind"] == "half_year" else found["kind"]
        lines.insert(0, Detail(marked(columns["kind"].label), kind))
        lines.append(
            Detail(
                marked(columns["figures"].label),
                ngettext("{count} figure with its records", "{count} figures with their records", count).format(
                    count=count
                ),
            )
        )
        kept = _("kept word for word") if own else _("not in this book")
        lines.append(Detail(marked(columns["body"].label), kept))
        self._details.show_rows(lines)

    def _open(self) -> None:
        if self.table.chosen is not None:
            self.opened.emit(self.table.chosen)

    def _file(self) -> None:
        if self.table.chosen is not None:
            self.file_asked.emit(self.table.chosen)

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows.get(key) for key in keys])

    def set_width_class(self, number: int) -> None:
        """Fewer columns and one pane at a time in a narrow window."""
        super().set_width_class(number)
        self.table.set_width_class(number)


def _figures(connection: Any, id_: UUID) -> Sequence[Any]:
    from hoidesk.paper.rows import issued_paper_figures

    return issued_paper_figures(connection, id_)


def _period_words(one: IssuedPaperRow) -> str:
    return _("{first} to {last}").format(first=show_day(one.period.start), last=show_day(one.period.end))


class IssueForm(FormPaper):
    """Number, day and signer; ``issued`` carries the id of the paper."""

    issued = Signal(object)

    def __init__(self, app: App) -> None:
        self._app = app
        self._period: Period | None = None
        self._missing = 0
        form = Form(
            (
                FieldSpec("number", lambda: _("Number"), "count"),
                FieldSpec("issued_on", lambda: _("Issued on"), "day", echo=day_echo),
                FieldSpec("signer_post", lambda: _("Signed as")),
                FieldSpec("signer_name", lambda: _("Signed by")),
            )
        )
        save = Button(lambda: _("Issue the paper"), kind="primary", icon="check", key=Act.PRIMARY, click=self.issue)
        super().__init__(form, Label(lambda: _("Issue the paper"), size=1.21, bold=True), save)
        form.changed.connect(self._read_back)

    def begin(self, period: Period, number: str, missing: int) -> None:
        """Begin with the next number, today and the office's signer."""
        self._period, self._missing = period, missing
        self.message.say("")
        office = self._app.office
        self.form.load(
            {
                "number": number,
                "issued_on": show_day(today()),
                "signer_post": str(office.get("signer.post") or ""),
                "signer_name": str(office.get("signer.name") or ""),
            }
        )
        self.form.focus_first()
        self._read_back()

    def _read_back(self) -> None:
        values = self.form.values()
        if self._period is None or not values["issued_on"].strip():
            self.bar.say("")
            return
        said = _("Report of {first} to {last}, number {number}, {day}; it is never changed afterwards.").format(
            first=show_day(self._period.first),
            last=show_day(self._period.last),
            number=values["number"].strip() or "–",
            day=values["issued_on"].strip(),
        )
        if self._missing:
            said += " " + ngettext(
                "{count} section is shown as missing.", "{count} sections are shown as missing.", self._missing
            ).format(count=self._missing)
        self.bar.say(said)

    def issue(self) -> None:
        """Issue it."""
        from hoidesk.book.operations import operations

        if self._period is None:
            return
        self.form.clear_errors()
        given: dict[str, Any] = {name: text for name, text in self.form.values().items() if text.strip()}
        given |= {"period_from": self._period.first, "period_to": self._period.last, "as_of": self._period.as_of}
        try:
            operation = operations()["paper.issue"].parse(given)
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda outcome: self.issued.emit(outcome.result), self.fail)
