"""Two records side by side, what differs between them, and the words for what looks like one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from hoidesk.language import N_, _
from ui.app import App
from ui.theme import em, follow
from ui.widgets.buttons import Choice
from ui.widgets.labels import Hairline, Label

if TYPE_CHECKING:
    from hoidesk.exchange.duplicate_rows import Twins
    from hoidesk.exchange.set_aside import EditedAside
    from ui.records.reading import Loaded

__all__ = ["Compare", "Question", "Side", "lead_words", "read_sides", "reason_words"]

_REASONS: Mapping[str, str] = {
    "name": N_("Same name"),
    "code": N_("Same code"),
    "day": N_("Same organisation, kind and day"),
    "text": N_("Same text"),
    "number": N_("Same number"),
    "person": N_("Decided by a person"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the panel: two records that look like one thing, or one that was set aside and edited meanwhile."""

    twins: Twins | None = None
    aside: EditedAside | None = None
    title: str = ""
    other_title: str = ""

    @property
    def kind(self) -> str:
        """ "twins", "aside" or "settled"."""
        if self.twins is None:
            return "aside"
        return "twins" if self.twins.state in ("proposed", "contradicted") else "settled"

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from the others."""
        if self.twins is not None:
            return (self.twins.one, self.twins.other)
        assert self.aside is not None
        return (self.aside.record,)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records: its values in words, and what belongs to it."""

    record: Loaded
    belonging: tuple[tuple[str, int], ...] = field(default=())


def reason_words(reason: str) -> str:
    """Why two records look like one thing."""
    return _(_REASONS[reason])


def lead_words(app: App, question: Question) -> str:
    """One sentence under the title: what is the matter and what can be done."""
    from hoidesk.text.dates import show_instant

    if question.aside is not None:
        a = question.aside
        return _("{unit} set it aside on {day}: {why}. {other} edited it meanwhile, on {when}.").format(
            unit=app.unit_name(a.aside_by),
            day=show_instant(a.aside_at),
            why=a.reason.rstrip("."),
            other=app.unit_name(a.edited_by),
            when=show_instant(a.edited_at),
        )
    assert question.twins is not None
    match question.twins.state:
        case "contradicted":
            return _(
                "One office merged these two, another declared them different. Decide again; until then both count."
            )
        case "merged":
            return _("The left one counts as the right one, in lists and in figures. Nothing of it is lost.")
        case "different":
            return _("Somebody declared these two different things. They are not proposed again.")
    return _("Are these two the same thing? Choose the one that counts; the other keeps all that was recorded of it.")


def read_sides(connection: Any, app: App, question: Question) -> tuple[Side, ...]:
    """The record or the two records of a question, in words."""
    from hoidesk.exchange.duplicate_rows import belonging
    from ui.records.reading import load

    if question.aside is not None:
        table, ids = question.aside.table.name, [question.aside.record]
    else:
        assert question.twins is not None
        table, ids = question.twins.table, [question.twins.one, question.twins.other]
    loaded = [load(connection, table, id_, app.labels) for id_ in ids]
    return tuple(Side(one, tuple(belonging(connection, table, one.id))) for one in loaded if one is not None)


class Compare(QWidget):
    """A label and one or two values a line; lines that differ stand first and are bold."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        follow(self)

    def show_sides(self, table: str, sides: Sequence[Side], heads: Sequence[Choice | Label], only: set[str]) -> None:
        """Show the values of the records; ``only`` limits one record to these columns."""
        from hoidesk.book.registry import registry

        self.clear()
        for place, head in enumerate(heads):
            self._grid.addWidget(head, 0, place + 1, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(place + 1, 1)
        lines = []
        for column in registry()[table].columns:
            words = [side.record[column.name] for side in sides]
            if column.name in ("unit", "voided") or not any(words) or (only and column.name not in only):
                continue
            differs = len(set(words)) > 1
            lines.append((not differs, _(column.info.label), words))
        belonging = ["; ".join(f"{_(label)}: {count}" for label, count in side.belonging) for side in sides]
        if any(belonging) and len(sides) > 1:
            lines.append((belonging[0] == belonging[1], _("Belonging to it"), belonging))
        equal = [f"{label} {words[0]}" for same, label, words in lines if same and len(sides) > 1]
        for _same, label, words in sorted(lines, key=lambda line: line[0]):
            if not (_same and len(sides) > 1):
                self._line(label, words)
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
            shown = Label(value or _("(empty)"), bold=len(words) > 1, wrap=True)
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
