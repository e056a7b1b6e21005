"""The units of a round: one list a kind, how far each sheet is, and the round itself beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hoidesk.language import N_, _, ngettext
from hoidesk.text.fold import fold
from ui.app import App
from ui.assessment.words import class_words, points, state_cell
from ui.records.cells import choice_text, day_text
from ui.records.issued import from_above, issuer_words
from ui.theme import em, follow
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button, FilterChip
from ui.widgets.cells import Cell, Column
from ui.widgets.details import Detail, DetailRows
from ui.widgets.fields import ComboField, SearchField
from ui.widgets.labels import Hairline, Label
from ui.widgets.messages import EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import Words

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.assessment.rows import AssessmentRow, RoundRow
    from hoidesk.presets import Labels

__all__ = ["KINDS", "BoardPanel", "RoundUnits", "kind_of", "read_round"]

KINDS: Final[dict[str, str]] = {
    "area": "",
    "front": N_("Front bodies"),
    "branch": N_("Branches"),
    "mass_branch": "mass_org",
    "association": "association",
}
"""The kinds of unit, never in one list; areas and organisations are called as the office and the presets do."""


ORGANISATIONS: Final = ("association", "mass_org")


@dataclass(frozen=True, slots=True)
class RoundUnits:
    """The rounds, the chosen one, and its sheets with the full name of each unit."""

    rounds: list[RoundRow]
    chosen: UUID | None
    rows: list[AssessmentRow]
    names: dict[UUID, str]


def kind_of(row: AssessmentRow) -> str:
    """Which of the lists a sheet stands in."""
    if row.unit_kind != "branch":
        return row.unit_kind
    return {"association": "branch", "mass_org": "mass_branch"}.get(row.organization_kind or "", "front")


def read_round(connection: Connection, chosen: UUID | None, day: date, labels: Labels | None) -> RoundUnits:
    """The rounds and the sheets of one of them; the newest round without a choice."""
    from hoidesk.assessment.rows import assessment_ids, assessment_rows, round_rows
    from hoidesk.book.rows import titles
    from hoidesk.presets import DEFAULT_LABELS

    rounds = round_rows(connection)
    known = {one.id for one in rounds}
    if chosen not in known:
        chosen = rounds[0].id if rounds else None
    if chosen is None:
        return RoundUnits(rounds, None, [], {})
    rows = assessment_rows(connection, assessment_ids(connection, chosen), day, labels or DEFAULT_LABELS)
    names: dict[UUID, str] = {}
    for kind in ("area", "branch", "association"):
        names |= titles(connection, kind, [one.unit_id for one in rows if one.unit_kind == kind])
    return RoundUnits(rounds, chosen, rows, names)


class BoardPanel(QWidget):
    """``opened`` carries a sheet, ``round_chosen`` a round, ``asked`` an act on the round by name."""

    opened = Signal(object)
    round_chosen = Signal(object)
    asked = Signal(str)

    def __init__(self, app: App, empty_act: Callable[[], object]) -> None:
        super().__init__()
        self._app = app
        self._found = RoundUnits([], None, [], {})
        self._rows: dict[UUID, AssessmentRow] = {}
        self._kind = "area"
        self._text = ""
        self._rounds = ComboField(width=14)
        self._rounds.currentIndexChanged.connect(self._choose_round)
        self.chips = {kind: FilterChip(self._kind_words(kind)) for kind in KINDS}
        for kind, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, chosen=kind: self.show_kind(chosen))
        self.search = SearchField(
            lambda: _("Filter by name; accents are not needed"), name=lambda: _("Filter the list"), icon=False
        )
        self.search.settled.connect(self._filter)
        columns = (
            Column("unit", lambda: _("Unit"), lambda r: Cell(self._found.names.get(r.unit_id, r.unit_name))),
            Column("self", lambda: _("Self"), lambda r: Cell(points(r.self_points)), 5.7, right=True, priority=2),
            Column("ward", self._unit_words, self._ward_cell, 7, right=True, priority=2),
            Column("class", lambda: _("Class"), self._class_cell, 12.9),
            Column("state", lambda: _("State"), lambda r: state_cell(r, app.labels), 12),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Units of the round"))
        self.table.opened.connect(self.opened)
        self.open_button = Button(
            lambda: _("Open the sheet"), kind="primary", icon="clipboard-check", key="Enter", click=self._open
        )
        self.new_round = Button(lambda: _("Open a round"), icon="plus", key="Ins", click=empty_act)
        self.approvals = Button(
            lambda: _("Approved sheets"), kind="quiet", icon="circle-check", click=lambda: self.asked.emit("approvals")
        )
        self.no_sheets = EmptyState(
            lambda: _("This book has no sheet of this round yet."),
            lambda: _("Add the units of this book, then score them here."),
            Button(lambda: _("Add units recorded later"), icon="plus", click=lambda: self.asked.emit("complete")),
        )
        self.empty = EmptyState(
            lambda: _("No round of assessment is open yet."),
            lambda: _("Open a round: every unit that exists on the cut-off day gets its sheet."),
            Button(lambda: _("Open a round"), kind="primary", icon="plus", key="Ins", click=empty_act),
        )
        self._sum = Label("", role="text2", size=0.93)
        self._facts = DetailRows(label_width=8.4)
        self._lay_out()
        follow(self)

    def _lay_out(self) -> None:
        choose = row(self._rounds, 1, self.approvals, self.new_round, self.open_button, gap=0.6)
        filters = row(*self.chips.values(), 1, gap=0.4)
        self._head = column(choose, filters, self.search, gap=0.5, margins=(0.9, 0.7, 0.9, 0.5))
        self._foot = column(Hairline(), row(self._sum, 1, margins=(0.9, 0.4, 0.9, 0.4)), gap=0)
        card = Card(self._head, self.table, self.no_sheets, self.empty, self._foot, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(1, 1)
        asks = (
            ("days", "pencil", lambda: _("Change the deadlines")),
            ("complete", "plus", lambda: _("Add units recorded later")),
            ("proposals", "check", lambda: _("Accept every proposal of this list")),
            ("classes", "check", lambda: _("Compute the classes of this list")),
            ("approve", "circle-check", lambda: _("Approve the sheets of this list")),
        )
        acts = column(*(self._ask_button(*one) for one in asks), gap=0.2)
        inner = column(self._facts, 1, gap=0.8, margins=(1.1, 0.9, 1.1, 0.9))
        foot = column(Hairline(), column(acts, margins=(1.0, 0.4, 1.0, 0.4)), gap=0)
        self._side = Card(Scroll(inner), foot, margins=(0, 0, 0, 0), gap=0)
        self._side.content.box.setStretch(0, 1)
        self._pane = QHBoxLayout()
        self._pane.addWidget(card, 1)
        self._pane.addWidget(self._side)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._pane, 1)

    def _ask_button(self, name: str, icon: str, words: Words) -> Button:
        return Button(words, kind="quiet", icon=icon, click=lambda: self.asked.emit(name))

    def _unit_words(self) -> str:
        return self._app.labels.unit if self._app.labels is not None else _("Office")

    def _kind_words(self, kind: str) -> Words:
        def words() -> str:
            count = sum(1 for one in self._found.rows if kind_of(one) == kind)
            labels, name = self._app.labels, KINDS[kind]
            if not name:
                words = labels.area if labels is not None else choice_text("unit_kind", kind, labels)
            else:
                words = choice_text("association_kinds", name, labels) if name in ORGANISATIONS else _(name)
            return f"{words} ({count})"

        return words

    def _ward_cell(self, found: AssessmentRow) -> Cell:
        if found.open_cells and found.not_rated_reason is None:
            left = ngettext("{count} cell open", "{count} cells open", found.open_cells)
            return Cell(left.format(count=found.open_cells), role="text2")
        return Cell(points(found.ward_points))

    def _class_cell(self, found: AssessmentRow) -> Cell:
        words = class_words(found.decided_class, self._app.labels)
        if found.computed_class != found.decided_class:
            return Cell(words, icon="triangle-alert")
        return Cell(words)

    # -- showing

    def take(self, found: RoundUnits) -> None:
        """Show a round."""
        self._found = found
        self._rows = {one.id: one for one in found.rows}
        items = [(one.id.hex, one.name) for one in found.rounds]
        blocked = self._rounds.blockSignals(True)
        self._rounds.fill(items)
        self._rounds.choose(found.chosen.hex if found.chosen else "")
        self._rounds.blockSignals(blocked)
        for chip in self.chips.values():
            chip.retranslate()
        present = {kind_of(one) for one in found.rows}
        for kind, chip in self.chips.items():
            chip.setVisible(kind in present)
        if self._kind not in present and present:
            self._kind = next(kind for kind in KINDS if kind in present)
        nothing = not found.rounds
        self.empty.setVisible(nothing)
        self.no_sheets.setVisible(not nothing and not found.rows)
        self._rounds.setVisible(not nothing)
        self.open_button.setVisible(bool(found.rows))
        for widget in (self.table, self.search, self._foot):
            widget.setVisible(bool(found.rows))
        self._side.setVisible(not nothing and self._wide)
        self._facts.show_rows(self._lines())
        self._show()

    def show_kind(self, kind: str) -> None:
        """Show one kind of unit."""
        self._kind = kind
        self._show()

    def kind_to(self, sheet: UUID) -> None:
        """Show the list that a sheet stands in and choose it."""
        if sheet in self._rows:
            self.show_kind(kind_of(self._rows[sheet]))
            self.table.choose(sheet, quiet=True)

    def listed(self) -> list[UUID]:
        """The sheets of the list as it is filtered."""
        wanted = fold(self._text)
        return [
            one.id
            for one in self._found.rows
            if kind_of(one) == self._kind and wanted in fold(self._found.names.get(one.unit_id, one.unit_name))
        ]

    def row(self, sheet: UUID) -> AssessmentRow | None:
        """The row of a sheet."""
        return self._rows.get(sheet)

    @property
    def round(self) -> RoundRow | None:
        """The round that is chosen."""
        return next((one for one in self._found.rounds if one.id == self._found.chosen), None)

    @property
    def rounds(self) -> list[RoundRow]:
        """All rounds."""
        return self._found.rounds

    def _show(self) -> None:
        for kind, chip in self.chips.items():
            chip.setChecked(kind == self._kind)
        keys = self.listed()
        self.table.set_keys(keys)
        if self.table.chosen is None:
            self.table.choose_first()
        shown = [self._rows[key] for key in keys]
        done = sum(1 for one in shown if one.state == "approved")
        self._sum.say(
            ngettext("{count} unit, {done} approved", "{count} units, {done} approved", len(keys)).format(
                count=len(keys), done=done
            )
        )

    def _lines(self) -> list[Detail]:
        found, labels = self.round, self._app.labels
        if found is None:
            return []
        window = _("{first} to {last}").format(first=day_text(found.evidence_from), last=day_text(found.evidence_to))
        lines = [
            Detail("", found.name),
            Detail(lambda: _("Round"), f"{choice_text('round_codes', found.code, labels)}, {found.year}"),
            Detail(lambda: _("Evidence"), window),
            *(
                [Detail(lambda: _("Issued by"), issuer_words(self._app, found.unit))]
                if from_above(self._app, found.unit)
                else []
            ),
            Detail(lambda: _("Cut-off day"), day_text(found.cut_off)),
            Detail(lambda: _("Self-scoring due on"), day_text(found.self_due_on)),
            Detail(lambda: _("Scoring due on"), day_text(found.ward_due_on)),
            Detail("", _("Sheets")),
        ]
        for kind, _set, title in found.sheets:
            lines.append(Detail(choice_text("unit_kind", kind, labels), title))
        lines.append(Detail("", _("How far")))
        counts: dict[str, int] = {}
        for one in self._found.rows:
            counts[one.state] = counts.get(one.state, 0) + 1
        for state in ("open", "self_submitted", "ward_scored", "proposed", "approved"):
            if counts.get(state):
                lines.append(Detail(choice_text("assessment_states", state, labels), str(counts[state])))
        classes: dict[str, int] = {}
        for one in self._found.rows:
            if one.decided_class:
                classes[one.decided_class] = classes.get(one.decided_class, 0) + 1
        if classes:
            lines.append(Detail("", _("Classes")))
            lines += [Detail(class_words(code, labels), str(count)) for code, count in sorted(classes.items())]
        return lines

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows.get(key) for key in keys])

    def _filter(self, text: str) -> None:
        self._text = text
        self._show()

    def _choose_round(self, _number: int) -> None:
        value = self._rounds.value()
        if value:
            self.round_chosen.emit(UUID(value))

    def _open(self) -> None:
        if self.table.chosen is not None:
            self.opened.emit(self.table.chosen)

    # -- look

    _wide = True

    def set_width_class(self, number: int) -> None:
        """The round's facts stand beside the list only in a wide window."""
        self._wide = number == 3
        self.table.set_width_class(number)
        self._side.setVisible(self._wide and bool(self._found.rounds))
        self.new_round.setVisible(number > 1)
        self.approvals.setVisible(number > 1)

    def restyle(self) -> None:
        """Compute the width of the facts again."""
        self._pane.setSpacing(em(0.8))
        self._side.setFixedWidth(em(23))
