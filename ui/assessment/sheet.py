"""The score sheet of one unit: steps, grid, totals, the next act; evidence and class at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from ui.actions import Act
from ui.app import App
from ui.assessment.deciding import ClassPanel
from ui.assessment.evidence import EvidencePanel
from ui.assessment.grid import ScoreGrid
from ui.assessment.words import class_words, points
from ui.records.cells import day_text
from ui.shell.page import Desk
from ui.theme import em, follow
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.chip import Chip
from ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label
from ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from hoidesk.assessment.sheet_view import SheetView

__all__ = ["SheetPanel"]

ORDER = ("open", "self_submitted", "ward_scored", "proposed", "approved")


class SheetPanel(QWidget):
    """Shows and scores one sheet; ``leave`` goes back to the list, ``step`` to the next or previous unit."""

    def __init__(
        self,
        app: App,
        desk: Desk,
        leave: Callable[[], object],
        step: Callable[[int], object],
        fail: Callable[[Refusal | None], object],
    ) -> None:
        super().__init__()
        self._app = app
        self._fail_page = fail
        self._view: SheetView | None = None
        self._id: UUID | None = None
        self._next: tuple[str, dict[str, Any]] | None = None
        self._name = Label("", size=1.21, bold=True)
        self._about = ElidedLabel("", size=1.0)
        self.to_list = Button(lambda: _("List"), icon="arrow-left", key=Act.BACK, click=leave)
        self.next_unit = Button(lambda: _("Next unit"), kind="quiet", key=Act.NEXT_RECORD, click=lambda: step(1))
        self._steps = [Chip("") for _number in range(4)]
        self.grid = ScoreGrid()
        self.evidence = EvidencePanel(app, desk)
        self.klass = ClassPanel(app)
        self.tabs = Tabs()
        self._totals = Label("", bold=True)
        self._blocked = Label("", role="bad")
        self.to_empty = Button(
            lambda: _("To the empty cell"), kind="quiet", key=Act.NEXT_PROBLEM, click=self.grid.next_problem
        )
        self.proposals = Button(lambda: _("Accept all proposals"), click=self._accept_all)
        self.nothing = Button(lambda: _("Nothing to add or take off"), click=self._nothing)
        self.agree = Button(lambda: _("Agree with the unit"), click=self._agree)
        self.to_side = Button(
            lambda: _("Evidence and class"), icon="chevron-right", key=Act.NEXT_PANE, click=self.toggle_side
        )
        self.primary = Button("", kind="primary", key=Act.PRIMARY, click=self.go_on)
        self._lay_out()
        self._connect()
        follow(self)

    def _lay_out(self) -> None:
        head = row(self.to_list, self._name, self._about, self.next_unit, margins=(0.9, 0.6, 0.9, 0.2))
        head.box.setStretch(2, 1)
        arrows = [IconLabel("chevron-right", role="text2", size=1.0) for _number in range(3)]
        parts: list[Any] = [self._steps[0]]
        for arrow, chip in zip(arrows, self._steps[1:], strict=True):
            parts += [arrow, chip]
        self._later = parts[3:]
        steps = row(*parts, 1, gap=0.35, margins=(0.9, 0.1, 0.9, 0.5))
        totals = row(self._totals, 1, self._blocked, self.to_empty, margins=(1.0, 0.3, 0.9, 0.0))
        self._tools = row(
            self.proposals, self.nothing, self.agree, self.to_side, 1, self.primary, margins=(0.9, 0.3, 0.9, 0.6)
        )
        self._card = card = Card(head, steps, self.grid, Hairline(), totals, self._tools, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(2, 1)
        self.tabs.add(lambda: _("Evidence"), self.evidence)
        self.tabs.add(lambda: _("Class"), self.klass)
        for panel in (self.evidence, self.klass):
            panel.setProperty("card", False)
        self._to_sheet = Button(
            lambda: _("Back to the sheet"), icon="arrow-left", key=Act.NEXT_PANE, click=self.toggle_side
        )
        self._more = row(
            self._to_sheet,
            Button(lambda: _("Nothing to add or take off"), kind="quiet", icon="minus", click=self._nothing),
            Button(lambda: _("Agree with the unit"), kind="quiet", icon="check", click=self._agree),
            gap=0.3,
            margins=(0.9, 0.3, 0.9, 0.6),
        )
        self._side = Card(self.tabs, self._more, margins=(0, 0, 0, 0), gap=0)
        self._side.content.box.setStretch(0, 1)
        self._pane = QHBoxLayout()
        self._pane.addWidget(card, 1)
        self._pane.addWidget(self._side)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._pane, 1)
        self._show_tools()

    def _connect(self) -> None:
        self.grid.typed.connect(self._typed)
        self.grid.answered.connect(self._answered)
        self.grid.moved.connect(self._moved)
        self.evidence.accepted.connect(self._accept)
        self.evidence.remarked.connect(self._remark)
        self.evidence.answered.connect(self.grid.answer)
        self.klass.acted.connect(self._act)

    # -- reading

    @property
    def id(self) -> UUID | None:
        """The sheet that is shown."""
        return self._id

    def open(self, id_: UUID) -> None:
        """Show the sheet of another unit."""
        if id_ != self._id:
            self.tabs.bar.setCurrentIndex(0)
        self._id = id_
        self.refresh()

    def refresh(self) -> None:
        """Read the sheet again."""
        if self._id is None:
            return
        from hoidesk.presets import DEFAULT_LABELS

        id_, labels = self._id, self._app.labels or DEFAULT_LABELS

        def query(connection: Any) -> Any:
            from hoidesk.assessment.sheet_view import sheet_view
            from hoidesk.book.rows import titles

            view = sheet_view(connection, id_, labels)
            if view is None:
                return None
            return view, titles(connection, view.unit_kind, [view.unit_id]).get(view.unit_id, view.unit_name)

        self._app.read(self, query, self._take, self._fail)

    def _take(self, answer: tuple[SheetView, str] | None) -> None:
        if answer is None:
            return
        view, title = answer
        self._view = view
        self._name.say(title)
        self._about.say(f"{view.round_name}, {view.label} {view.version}")
        self.grid.take(view, self._editable(view), self._unit())
        self._show_steps(view)
        self._show_totals(view)
        self._show_acts(view)
        self.klass.show_view(view)
        if view.state in ("ward_scored", "proposed", "approved") and self.tabs.bar.currentIndex() == 0:
            self.tabs.bar.setCurrentIndex(1)

    def _editable(self, view: SheetView) -> tuple[str, ...]:
        if view.state == "approved" or view.not_rated_reason is not None:
            return ()
        # An office may score a unit that never sent its own scores.
        return ("self", "ward") if view.state == "open" else ("ward",)

    def _unit(self) -> str:
        return self._app.labels.unit if self._app.labels is not None else _("Office")

    def _show_steps(self, view: SheetView) -> None:
        place = ORDER.index(view.state)
        unit = self._unit()
        texts = (
            _("Self: submitted {day}").format(day=_short(view.self_submitted_on)) if place >= 1
            else _("Self: scoring"),
            _("{unit}: scored {day}").format(unit=unit, day=_short(view.ward_scored_on))
            if place >= 2 else _("{unit}: scoring").format(unit=unit),
            class_words(view.decided_class, self._app.labels)
            if place >= 3 else _("Class: not yet"),
            _("Approved {day}").format(day=_short(view.approval.approved_on))
            if place >= 4 and view.approval is not None else _("Approval: not yet"),
        )  # fmt: skip
        for number, (chip, text) in enumerate(zip(self._steps, texts, strict=True)):
            done = place > number
            now = place == number
            chip.say(text, "ok" if done else "waiting" if now else "neutral",
                     "check" if done else "pencil" if now else "circle")  # fmt: skip

    def _show_totals(self, view: SheetView) -> None:
        own, ward = view.totals["self"], view.totals["ward"]
        office = self._unit()
        parts = [f"{_('Self')} {points(own.final)}"]
        if view.state != "open" or any(line.cells["ward"] for line in view.lines()):
            said = f"{office} {points(ward.final)}"
            if ward.maximum != view.max_total:
                said += " " + _("of {most}").format(most=points(ward.maximum))
            parts.append(said)
        self._totals.say("   ".join(parts))
        layer = own if view.state == "open" else ward
        open_cells, lacking = layer.open_cells, len(layer.missing) - layer.open_cells
        if view.not_rated_reason is not None or view.state in ("proposed", "approved"):
            self._blocked.say("")
        elif open_cells:
            self._blocked.say(
                ngettext(
                    "No class yet: {count} cell is not scored", "No class yet: {count} cells are not scored", open_cells
                ).format(count=open_cells)
            )
        else:
            self._blocked.say(
                ngettext("{count} line still needs words", "{count} lines still need words", lacking).format(
                    count=lacking
                )
                if lacking
                else ""
            )
        self.to_empty.setVisible(bool(layer.missing) and view.not_rated_reason is None)

    def _show_acts(self, view: SheetView) -> None:
        scoring = bool(self._editable(view)) and view.state in ("open", "self_submitted")
        self._scoring = scoring
        self._show_tools()
        ids = {"assessment_ids": [view.id]}
        acts = {
            "open": (_("Submit the unit's scores"), "assessment.submit"),
            "self_submitted": (_("Finish scoring"), "assessment.finish"),
            "ward_scored": (_("Compute the class"), "assessment.propose"),
        }
        found = acts.get(view.state)
        if view.not_rated_reason is not None and view.state == "open":
            found = acts["ward_scored"]
        elif view.state == "open" and not view.totals["ward"].missing:
            found = acts["self_submitted"]
        self._next = (found[1], ids) if found else None
        self.primary.setVisible(found is not None)
        if found is not None:
            self.primary.say(found[0])

    # -- writing

    def _operation(self, name: str, given: dict[str, Any]) -> Any:
        from hoidesk.book.operations import operations

        return operations()[name].parse(given)

    def _act(self, name: str, given: dict[str, Any]) -> None:
        try:
            operation = self._operation(name, given)
        except Refusal as refusal:
            self._fail(refusal)
            return
        self._fail_page(None)
        self._app.write(self, operation, None, self._fail)

    def _score(self, item: str, layer: str, **values: Any) -> None:
        if self._id is not None:
            given = {"assessment_id": self._id, "layer": layer, "scores": [{"item": item, **values}]}
            self._act("assessment.score", given)

    def _typed(self, item: str, layer: str, text: str) -> None:
        self._score(item, layer, cell="value", points=text)

    def _answered(self, item: str, layer: str, cell: str | None) -> None:
        self._score(item, layer, cell=cell)

    def _remark(self, item: str, layer: str, text: str) -> None:
        line = next((one for one in self._view.lines() if one.item == item), None) if self._view else None
        stored = line.cells[layer] if line is not None else None
        if stored is not None:
            self._score(item, layer, cell=stored.cell, points=stored.points, text=text)

    def _accept(self, item: str, layer: str) -> None:
        given = {"assessment_ids": [self._id], "layer": layer, "items": [item], "replace": True}
        self._act("assessment.accept_proposals", given)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _layer(self) -> str:
        place = self.grid.place()
        return place[1] if place is not None else "ward"

    def _accept_all(self) -> None:
        self._act("assessment.accept_proposals", {"assessment_ids": [self._id], "layer": self._layer()})

    def _nothing(self) -> None:
        self._act("assessment.nothing_happened", {"assessment_ids": [self._id], "layer": self._layer()})

    def _agree(self) -> None:
        self._act("assessment.agree", {"assessment_ids": [self._id]})

    def go_on(self) -> None:
        """The next step of this sheet."""
        if self._next is not None:
            self._act(*self._next)

    def _fail(self, refusal: Refusal) -> None:
        self.grid.grid.drop_waiting()
        if not self.klass.fail(refusal):
            self._fail_page(refusal)

    # -- place

    def _moved(self, place: Any) -> None:
        view = self._view
        editable = view is not None and place is not None and place[1] in self._editable(view)
        self.evidence.show_place(place, editable=editable)

    _narrow = False
    _middle = False
    _scoring = False

    def _show_tools(self) -> None:
        self.proposals.setVisible(self._scoring)
        self.nothing.setVisible(self._scoring and not self._middle)
        self.agree.setVisible(self._scoring and not self._middle)
        self.to_side.setVisible(self._narrow)
        self._more.setVisible(self._narrow or (self._middle and self._scoring))
        self._to_sheet.setVisible(self._narrow)
        direction = QHBoxLayout.Direction.LeftToRight if self._narrow else QHBoxLayout.Direction.TopToBottom
        self._more.box.setDirection(direction)

    def toggle_side(self) -> None:
        """In a narrow window: the sheet, or the evidence and the class."""
        if self._narrow:
            side = self._card.isVisible()
            self._card.setVisible(not side)
            self._side.setVisible(side)
            (self.tabs.bar if side else self.grid).setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.grid.hasFocus():
            self.tabs.bar.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_width_class(self, number: int) -> None:
        """In a narrow window the sheet and the panel beside it take turns."""
        self.grid.set_width_class(number)
        self._about.setVisible(number == 3)
        self.next_unit.setVisible(number > 1)
        for widget in self._later:
            widget.setVisible(number > 1)
        self._narrow, self._middle = number == 1, number < 3
        self._card.setVisible(True)
        self._side.setVisible(not self._narrow)
        self._show_tools()
        self.restyle()

    def restyle(self) -> None:
        """Compute the room of the panel again."""
        self._pane.setSpacing(em(0.8))
        width = em(21 if self._middle else 22)
        self._side.setMinimumWidth(0 if self._narrow else width)
        self._side.setMaximumWidth(16_777_215 if self._narrow else width)


def _short(day: date | None) -> str:
    """Day and month: a step belongs to the year of its round."""
    return day_text(day)[:5]
