"""Two records side by side and what differs between them, and the words for what looks like one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from hoidesk.language import N_, _
from ui.app import App
from ui.theme import em, follow
from ui.widgets.labels import Hairline, Label

if TYPE_CHECKING:
    from hoidesk.exchange.decide.duplicate_rows import Twins
    from ui.records.reading import Loaded

__all__ = ["Compare", "Question", "Side", "lead_words", "read_sides", "reason_words"]

_REASONS: Mapping[str, str] = {
    "name": N_("Same name"),
    "code": N_("Same code"),
    "day": N_("Same organisation, kind and day"),
    "text": N_("Same text"),
    "number": N_("Same number"),
    "unit": N_("Same unit, same year or round"),
    "person": N_("Decided by a person"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the panel: two records that look like one thing, or about which a person decided."""

    twins: Twins
    title: str = ""
    other_title: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is asked any more."""
        return self.twins.state in ("merged", "different")

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from the others."""
        return (self.twins.one, self.twins.other)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records: its values in words, and what belongs to it."""

    record: Loaded
    belonging: tuple[tuple[str, int], ...] = field(default=())


def reason_words(reason: str) -> str:
    """Why two records look like one thing."""
    return _(_REASONS[reason])


def lead_words(twins: Twins) -> str:
    """One sentence under the title: what is the matter and what can be done."""
    match twins.state:
        case "contradicted":
            return _(
                "One office merged these two, another declared them different. Decide again; until then both count."
            )
        case "merged":
            return _("The left one counts as the right one, in lists and in figures. Nothing of it is lost.")
        case "different":
            return _("Somebody declared these two different things. They are not proposed again.")
    if twins.reason == "number":
        return _("Two petitions bear one number. Merge them if they are the same, or give one of them another number.")
    return _("Are these two the same thing? Choose the one that counts; the other keeps all that was recorded of it.")


def read_sides(connection: Any, app: App, twins: Twins) -> tuple[Side, ...]:
    """The two records in words."""
    from hoidesk.exchange.decide.duplicate_rows import belonging
    from ui.records.reading import load

    loaded = [load(connection, twins.table, id_, app.labels) for id_ in (twins.one, twins.other)]
    return tuple(Side(one, tuple(belonging(connection, twins.table, one.id))) for one in loaded if one is not None)


class Compare(QWidget):
    """A label and the two values a line where they differ; what is equal stands in one line below."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        follow(self)

    def show_sides(self, table: str, sides: Sequence[Side], heads: Sequence[QWidget]) -> None:
        """Show the values of two records under their heads."""
        from hoidesk.book.registry import registry

        self.clear()
        for place, head in enumerate(heads):
            self._grid.addWidget(head, 0, place + 1, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(place + 1, 1)
        lines = [
            (_(column.info.label), [side.record[column.name] for side in sides])
            for column in registry()[table].columns
            if column.name not in ("unit", "voided")
        ]
        lines.append((_("Belonging to it"), ["; ".join(f"{_(what)}: {n}" for what, n in s.belonging) for s in sides]))
        for label, words in lines:
            if len(set(words)) > 1:
                self._line(label, words)
        equal = [f"{label}: {words[0]}" for label, words in lines if words[0] and len(set(words)) == 1]
        if equal:
            last = self._grid.rowCount()
            self._grid.addWidget(Hairline(), last, 0, 1, 3)
            text = _("The same on both sides: {what}").format(what="; ".join(equal))
            self._grid.addWidget(Label(text, role="text2", wrap=True), last + 1, 0, 1, 3)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self.restyle()

    def _line(self, label: str, words: Sequence[str]) -> None:
        place = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(Label(label, role="text2", wrap=True), place, 0, top)
        for number, value in enumerate(words):
            shown = Label(value or _("(empty)"), bold=True, wrap=True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(shown, place, number + 1, top)

    def clear(self) -> None:
        """Show nothing."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)

    def restyle(self) -> None:
        """Compute the gaps again."""
        self._grid.setHorizontalSpacing(em(1.0))
        self._grid.setVerticalSpacing(em(0.55))
        self._grid.setColumnMinimumWidth(0, em(7.5))
