"""Beside the grid: what the register says about the current line, its records, and the remark or reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent

from hoidesk.language import _, ngettext
from ui.app import App
from ui.assessment.words import points
from ui.shell.page import Desk
from ui.theme import em, follow
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.fields import NoteField
from ui.widgets.labels import Label, Note
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.assessment.sheet_view import LineView

__all__ = ["EvidencePanel", "Found", "named_records"]

MOST = 60
Found = tuple[UUID, str, str]
"""A record of the evidence: id, its table, what it is called."""


def named_records(connection: Connection, wanted: Sequence[UUID]) -> list[Found]:
    """The records with these ids, whatever table they are in, in the order of their ids."""
    from sqlalchemy import bindparam, text

    from hoidesk.book.registry import registry

    if not wanted:
        return []
    query = text("SELECT tbl, id, title FROM search_text WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    tables = {stored.id: stored.name for stored in registry().tables}
    rows = {
        UUID(bytes=r.id): (tables.get(r.tbl, ""), r.title)
        for r in connection.execute(query, {"ids": [one.bytes for one in wanted]})
    }
    return [(one, *rows[one]) for one in dict.fromkeys(wanted) if one in rows]


class _Remark(NoteField):
    """A note that tells when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is written when the field is left."""
        super().focusOutEvent(event)
        self.left.emit()


class EvidencePanel(Card):
    """Follows the current cell. ``accepted`` asks for the proposal, ``remarked`` carries item, layer and remark,
    ``answered`` the kind of cell that was pressed."""

    accepted = Signal(str, str)
    remarked = Signal(str, str, str)
    answered = Signal(object)

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._app = app
        self._desk = desk
        self._place: tuple[LineView, str] | None = None
        self._records: dict[UUID, Found] = {}
        self._loaded = ""
        self._title = Label("", bold=True, wrap=True, size=1.07)
        self._rule = Label("", role="text2", size=0.93, wrap=True)
        self._working = Label("", bold=True, wrap=True)
        self._proposed = Label("", role="text2", wrap=True, size=0.93)
        self.accept = Button(lambda: _("Accept the proposal"), icon="check", click=self._accept)
        self._box = Card(self._working, self._proposed, row(self.accept, 1), gap=0.3, margins=(0.7, 0.5, 0.7, 0.6))
        self._answers = row(
            Button(lambda: _("None"), key="K", click=lambda: self.answered.emit("none_happened")),
            Button(lambda: _("Does not count"), key="T", click=lambda: self.answered.emit("not_applicable")),
            1, gap=0.4,
        )  # fmt: skip
        self.remark_label = Label("", bold=True, wrap=True)
        self.remark = _Remark(lines=2)
        self.remark_label.setBuddy(self.remark)
        self.remark.left.connect(self._leave_remark)
        self._needs = Note()
        self._heading = Label("", bold=True, wrap=True)
        columns = (Column("title", lambda: _("Evidence"), lambda found: Cell(found[2], icon=_icon(found[1]))),)
        self._table = TableView(columns, self._fetch, name=lambda: _("Evidence in the book"), row_height=2.0)
        self._table.horizontalHeader().hide()
        self._table.opened.connect(self._open)
        self._guide = Label("", role="text2", wrap=True, size=0.93)
        self._content = column(
            self._title, self._rule, self._box, self._answers, self.remark_label, self.remark, self._needs,
            self._heading, self._table, self._guide, 1, gap=0.5, margins=(1.0, 0.8, 1.0, 0.8),
        )  # fmt: skip
        self.add(Scroll(self._content))
        follow(self)

    def restyle(self) -> None:
        """Five records are seen without scrolling."""
        self._table.setFixedHeight(em(2.0 * max(1, min(5, len(self._records)))) + 2)

    # -- showing

    def show_place(self, place: tuple[LineView, str] | None, *, editable: bool) -> None:
        """Show the line of a cell."""
        same = self._place is not None and place is not None and place[0].item == self._place[0].item
        if not same or (place is not None and self._place is not None and place[1] != self._place[1]):
            self._leave_remark()
        self._place = place
        self._content.setVisible(place is not None)
        if place is None:
            return
        line, layer = place
        self._title.say(f"{line.number}  {line.text}")
        self._rule.say("\n".join(part for part in (line.rule, *line.guide, line.note) if part))
        self._rule.setVisible(bool(line.rule or line.guide or line.note))
        self._show_proposal(line, layer, editable)
        self._answers.setVisible(editable and not line.excluded)
        self._show_remark(line, layer, editable)
        self._read_records(line, layer)
        wanted = _("Wanted as evidence: {what}").format(what=line.evidence_wanted) if line.evidence_wanted else ""
        self._guide.say(wanted)

    def _show_proposal(self, line: LineView, layer: str, editable: bool) -> None:
        proposal = line.proposal
        if proposal is None:
            self._working.say(lambda: _("Scored by a person"))
            self._proposed.say(lambda: _("The register proposes nothing here."))
        else:
            self._working.say(proposal.working)
            given = points(proposal.points) if proposal.cell == "value" else ""
            words = {"none_happened": _("none"), "not_applicable": _("does not count")}
            self._proposed.say(
                _("Proposed by the register: {points}").format(points=given or words.get(proposal.cell, ""))
            )
        cell = line.cells[layer]
        done = proposal is not None and cell is not None and (cell.cell, cell.points or 0) == (
            proposal.cell, proposal.points if proposal.cell == "value" else 0
        )  # fmt: skip
        self.accept.setVisible(editable and proposal is not None and not done and not line.excluded)

    def _show_remark(self, line: LineView, layer: str, editable: bool) -> None:
        cell = line.cells[layer]
        needed = line.gap_needs_reason and layer == "ward"
        title = _("Reason for the difference (required)") if needed else _("Remark")
        self.remark_label.say(f"{title}: {_layer_words(layer, self._app)}")
        self.remark.setAccessibleName(title)
        text = cell.text if cell is not None else ""
        if text != self._loaded or not self.remark.hasFocus():
            self.remark.setPlainText(text)
        self._loaded = text
        self.remark.setReadOnly(not editable or cell is None)
        lacks = line.lacks if layer == "ward" else None
        words = {
            "text": _("This line needs a remark."),
            "evidence": _("This line needs evidence: accept the proposal or write where it is."),
            "reason": _("The two layers differ. Type why."),
        }
        self._needs.say(words.get(lacks or "", ""))

    def _read_records(self, line: LineView, layer: str) -> None:
        cell = line.cells[layer] or line.cells["self"]
        ids = list(cell.evidence) if cell is not None and cell.evidence else []
        if not ids and line.proposal is not None:
            ids = list(line.proposal.record_ids)
        count = len(ids)
        self._heading.say(
            ngettext("Evidence in the book: {count} record", "Evidence in the book: {count} records", count).format(
                count=count
            )
            if count
            else _("No record of the book stands behind this line.")
        )
        if not ids:
            self._take_records([])
            return
        self._app.read(self, lambda c: named_records(c, ids[:MOST]), self._take_records)

    def _take_records(self, found: list[Found]) -> None:
        self._records = {one[0]: one for one in found}
        self._table.set_keys(list(self._records))
        self._table.setVisible(bool(found))
        self.restyle()

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._records.get(key) for key in keys])

    # -- acts

    def _accept(self) -> None:
        if self._place is not None:
            self.accepted.emit(self._place[0].item, self._place[1])

    def _leave_remark(self) -> None:
        if self._place is None or self.remark.isReadOnly():
            return
        text = self.remark.toPlainText().strip()
        if text != self._loaded.strip():
            self._loaded = text
            self.remarked.emit(self._place[0].item, self._place[1], text)

    def _open(self, key: UUID) -> None:
        from ui.shell.search import PAGES

        found = self._records.get(key)
        if found is not None and found[1] in PAGES:
            self._desk.go(PAGES[found[1]], key)


def _layer_words(layer: str, app: App) -> str:
    if layer == "self":
        return _("Self")
    return app.labels.unit if app.labels is not None else _("Office")


def _icon(table: str) -> str:
    return {"meeting": "calendar-check", "petition": "message-square-text", "area": "map-pin"}.get(table, "file-text")
