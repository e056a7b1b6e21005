"""The printed figures: each with its records, and what was reported or estimated beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day
from ui.app import App
from ui.assessment.evidence import Found, named_records
from ui.paper.panes import TwoPanes
from ui.paper.period import Period
from ui.records.cells import choice_text
from ui.records.forms import FormPaper
from ui.records.values import day_echo
from ui.shell.page import Desk
from ui.widgets.boxes import Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.fields import SearchField
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.paper.half_year import Composed

__all__ = ["FigureLine", "FiguresPanel", "ReportedForm", "figure_lines"]

MOST = 300


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One printed number: what it counts, for whom, its words, its records, the reported value beside it."""

    key: int
    figure: str
    title: str
    where: Mapping[str, str]
    where_words: str
    value: str
    records: tuple[UUID, ...]
    reported: str


def figure_lines(connection: Connection, composed: Composed, period: Period, labels: Any) -> list[FigureLine]:
    """The printed numbers of a report in printed order, each once."""
    from hoidesk.figures.catalogue import figure
    from hoidesk.figures.window import Window
    from hoidesk.figures.words import value_words
    from hoidesk.paper.rows import reported_in
    from hoidesk.presets import DEFAULT_LABELS, fill_labels

    reported = reported_in(connection, Window(period.first, period.last))
    named = _names(connection, composed)
    lines: dict[tuple[str, str, tuple[tuple[str, str], ...]], FigureLine] = {}
    for used in composed.used:
        where = {str(name): str(key) for name, key in used.where}
        place = tuple(sorted(where.items()))
        part = used.ref.part
        if (used.ref.id, part, place) in lines:
            continue
        beside = reported.get((used.ref.id, place))
        said = ""
        if beside is not None:
            kind = choice_text("reported_kinds", beside.kind, labels)
            said = f"{_plain(beside.value)} ({kind.lower()})"
        lines[used.ref.id, part, place] = FigureLine(
            key=len(lines),
            figure=used.ref.id,
            title=fill_labels(figure(used.ref.id).title, labels or DEFAULT_LABELS),
            where=where,
            where_words=", ".join(one for one in (_where_words(where, named, labels), _part_words(part)) if one),
            value=value_words(used.value, unit=True, labels=labels) if labels else value_words(used.value, unit=True),
            records=tuple(used.value.record_ids),
            reported=said,
        )
    return list(lines.values())


def _part_words(part: str) -> str:
    return {
        "numerator": _("the part that fits"),
        "denominator": _("the whole"),
        "start": _("at the beginning of the period"),
        "previous": _("same period a year earlier"),
    }.get(part, "")


def _plain(value: Any) -> str:
    from decimal import Decimal

    from hoidesk.text.numbers import show_decimal

    return show_decimal(Decimal(value.numerator) / Decimal(value.denominator))


def _names(connection: Connection, composed: Composed) -> dict[str, str]:
    from hoidesk.book.rows import titles

    ids = {key for used in composed.used for _name, key in used.where if isinstance(key, UUID)}
    named: dict[str, str] = {}
    for table in ("area", "branch", "association", "cluster", "round", "criteria_set"):
        named |= {str(id_): title for id_, title in titles(connection, table, ids).items()}
    return named


def _where_words(where: Mapping[str, str], named: Mapping[str, str], labels: Any) -> str:
    from hoidesk.presets import DEFAULT_LABELS, value_labels

    parts = []
    for name, key in where.items():
        try:
            words = value_labels(name, labels or DEFAULT_LABELS)
        except (KeyError, ValueError, Refusal):
            words = {}
        parts.append(named.get(key) or words.get(key, key))
    return ", ".join(parts)


class FiguresPanel(TwoPanes):
    """``report_asked`` carries the line for which a reported value is entered."""

    report_asked = Signal(object)

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(width=25)
        self._app = app
        self._desk = desk
        self._lines: dict[int, FigureLine] = {}
        self._text = ""
        self._records: dict[UUID, Found] = {}
        columns = (
            Column("title", lambda: _("Figure"), lambda one: Cell(one.title, second=one.where_words)),
            Column("value", lambda: _("Counted"), lambda one: Cell(one.value), width=9, right=True),
            Column(
                "reported", lambda: _("Reported, estimated"), lambda one: Cell(one.reported), width=12.8, priority=2
            ),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Printed figures"), row_height=3.05)
        self.table.current.connect(self._on_current)
        self.search = SearchField(lambda: _("Filter by words"), name=lambda: _("Filter the list"), icon=False)
        self.search.settled.connect(self._filter)
        self._title = Label("", bold=True, size=1.07, wrap=True)
        self._where = Label("", role="text2", wrap=True)
        self._value = Label("", bold=True, size=1.43)
        self._reported = Label("", wrap=True)
        self.enter_button = Button(lambda: _("Enter a reported value"), icon="pencil", click=self._ask_report)
        self._heading = Label("", bold=True, wrap=True)
        record = (Column("title", lambda: _("Record"), lambda found: Cell(found[2])),)
        self.records = TableView(record, self._fetch_record, name=lambda: _("Records behind the figure"), row_height=2)
        self.records.horizontalHeader().hide()
        self.records.opened.connect(self._open)
        self.table.opened.connect(lambda _key: self.open_right(self.records))
        self._lay_out()

    def _lay_out(self) -> None:
        left = Card(column(self.search, margins=(0.9, 0.6, 0.9, 0.4)), self.table, margins=(0, 0, 0, 0), gap=0)
        left.content.box.setStretch(1, 1)
        head = column(
            self._title, self._where, self._value, self._reported, row(self.enter_button, 1), self._heading,
            gap=0.4, margins=(1.1, 0.9, 1.1, 0.3),
        )  # fmt: skip
        card = Card(head, self.records, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(1, 1)
        self.set_panes(left, card)

    def take(self, lines: Sequence[FigureLine]) -> None:
        """Show the figures of a report."""
        self._lines = {one.key: one for one in lines}
        self._show()

    def _show(self) -> None:
        from hoidesk.text.fold import fold

        wanted = fold(self._text)
        keys = [key for key, one in self._lines.items() if wanted in fold(f"{one.title} {one.where_words}")]
        self.table.set_keys(keys)
        chosen = self.table.chosen
        if chosen in self._lines:
            self._on_current(chosen)
        else:
            self.table.choose_first()

    def _filter(self, text: str) -> None:
        self._text = text
        self._show()

    def _on_current(self, key: Any) -> None:
        line = self._lines.get(key)
        if line is None:
            return
        self._title.say(line.title)
        self._where.say(line.where_words)
        self._where.setVisible(bool(line.where_words))
        self._value.say(line.value)
        self._reported.say(_("Reported or estimated: {value}").format(value=line.reported) if line.reported else "")
        self._reported.setVisible(bool(line.reported))
        count = len(line.records)
        self._heading.say(
            ngettext("{count} record counts", "{count} records count", count).format(count=count)
            if count
            else _("No record counts here.")
        )
        ids = line.records[:MOST]
        self._app.read(self, lambda c: named_records(c, ids), self._take_records)

    def _take_records(self, found: list[Found]) -> None:
        from hoidesk.text.sortkey import sort_key

        self._records = {one[0]: one for one in sorted(found, key=lambda one: (one[1], sort_key(one[2])))}
        self.records.set_keys(list(self._records))

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._lines.get(key) for key in keys])

    def _fetch_record(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._records.get(key) for key in keys])

    def _open(self, key: UUID) -> None:
        from ui.shell.search import PAGES

        found = self._records.get(key)
        if found is not None and found[1] in PAGES:
            self._desk.go(PAGES[found[1]], key)

    def _ask_report(self) -> None:
        line = self._lines.get(self.table.chosen) if isinstance(self.table.chosen, int) else None
        if line is not None:
            self.report_asked.emit(line)

    def set_width_class(self, number: int) -> None:
        """Fewer columns and one pane at a time in a narrow window."""
        super().set_width_class(number)
        self.table.set_width_class(number)


class ReportedForm(FormPaper):
    """Enters a reported or estimated value for one figure; it stands beside the counted one, never instead."""

    saved = Signal()

    def __init__(self, app: App) -> None:
        self._app = app
        self._line: FigureLine | None = None
        self._heading = Label("", size=1.21, bold=True, wrap=True)
        form = Form(
            (
                FieldSpec("kind", lambda: _("Reported or estimated"), "choice", options=self._kinds, required=True,
                          width=12),
                FieldSpec("value", lambda: _("Value"), "count"),
                FieldSpec("window_from", lambda: _("From"), "day", echo=day_echo),
                FieldSpec("window_to", lambda: _("To"), "day", echo=day_echo),
                FieldSpec("as_of", lambda: _("As of"), "day", echo=day_echo),
                FieldSpec("source", lambda: _("Source")),
            )
        )  # fmt: skip
        from ui.actions import Act

        save = Button(lambda: _("Save to the book"), kind="primary", icon="check", key=Act.SAVE, click=self.write)
        super().__init__(form, self._heading, save)

    def _kinds(self) -> list[tuple[str, str]]:
        from hoidesk.presets import DEFAULT_LABELS, choices

        return list(choices("reported_kinds", self._app.labels or DEFAULT_LABELS).items())

    def begin(self, line: FigureLine, period: Period, as_of: date) -> None:
        """Begin for a figure and its filter."""
        self._line = line
        self._heading.say(f"{line.title}: {line.where_words}" if line.where_words else line.title)
        self.message.say("")
        days = {"window_from": period.first, "window_to": period.last, "as_of": as_of}
        self.form.load({"kind": "reported", **{name: show_day(day) for name, day in days.items()}})
        self.form.focus_first()

    def write(self) -> None:
        """Write the value."""
        import json

        from hoidesk.book.operations import operations

        if self._line is None:
            return
        self.form.clear_errors()
        given: dict[str, Any] = {name: text for name, text in self.form.values().items() if text.strip()}
        given |= {"figure": self._line.figure, "dimensions": json.dumps(dict(self._line.where))}
        try:
            operation = operations()["reported_figure.save"].parse(given)
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda _outcome: self.saved.emit(), self.fail)
