"""What is shown of one thing in the tray: the choices of a conflict, or the facts of what waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.language import _, ngettext
from ui.app import App
from ui.exchange.tray_words import age, field_value, parent_words, side_words, values_words
from ui.theme import em
from ui.widgets.boxes import Box, column
from ui.widgets.buttons import Choice
from ui.widgets.details import Detail, DetailRows
from ui.widgets.labels import Hairline, Label

if TYPE_CHECKING:
    from datetime import datetime

    from hoidesk.exchange.decide.conflict_rows import Decision
    from hoidesk.exchange.decide.set_aside import EditedAside
    from hoidesk.exchange.decide.tray import Item, Tray

__all__ = ["ChoicesPane", "fact_rows"]


class _Aligned(Box):
    """A choice and what it stands for; the words begin on one line in every row."""

    def __init__(self, button: Choice, words: Box) -> None:
        self._button = button
        super().__init__(button, words, vertical=False)
        self.box.setStretch(1, 1)

    def restyle(self) -> None:
        """Give every choice the same width."""
        super().restyle()
        self._button.setFixedWidth(em(17))


class _DecisionBlock(Box):
    """Fields that are settled together: 1 keeps what the book holds, 2 takes the other; nothing is chosen at first."""

    def __init__(self, app: App, decision: Decision, titles: Mapping[UUID, str], said: Callable[[], None]) -> None:
        super().__init__(gap=0.5)
        self.decision = decision
        self.take: bool | None = None
        self._said = said
        differing = [f for f in decision.fields if f.differs] or list(decision.fields[:1])
        self.label = ", ".join(_(f.label) for f in differing) or _("A field of a newer program")
        ours = values_words(app, decision, titles, theirs=False)
        theirs = values_words(app, decision, titles, theirs=True)
        self.keep_button = Choice(lambda: _("Keep what the book has"), key="1", click=lambda on: self._on(False, on))
        self.take_button = Choice(lambda: _("Take the other value"), key="2", click=lambda on: self._on(True, on))
        self.words = (ours, theirs)
        for button, text in ((self.keep_button, ours), (self.take_button, theirs)):
            button.setAccessibleDescription(f"{self.label}: {text}")
        equal = [
            f"{_(f.label)} {field_value(app, f, f.ours, titles)}"
            for f in decision.fields
            if not f.differs and len(decision.fields) > 1
        ]
        self.add(
            Label(self.label, bold=True, wrap=True),
            self._side(self.keep_button, ours, side_words(app, decision.won)),
            self._side(self.take_button, theirs, side_words(app, decision.lost)),
            Label(_("The same on both sides: {what}").format(what="; ".join(equal)), role="text2", wrap=True)
            if equal
            else None,
            Hairline(),
        )

    def _side(self, button: Choice, value: str, who: str) -> Box:
        line = _Aligned(
            button, column(Label(value, bold=True, wrap=True), Label(who, role="text2", wrap=True), gap=0.1)
        )
        return line

    def _on(self, take: bool, on: bool) -> None:
        if on:
            self.take = take
            (self.keep_button if take else self.take_button).setChecked(False)
        elif self.take is take:
            self.take = None
        self._said()

    def choose(self, take: bool) -> None:
        """Choose a side."""
        (self.take_button if take else self.keep_button).setChecked(True)


class ChoicesPane(Box):
    """The decisions of one record, one below the other; ``changed`` says that something was chosen."""

    changed = Signal()

    def __init__(self, app: App) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self.blocks: list[_DecisionBlock] = []

    def show_item(self, item: Item, titles: Mapping[UUID, str]) -> None:
        """Show the decisions of a record, nothing chosen."""
        self.clear()
        self.blocks = [_DecisionBlock(self._app, d, titles, self.changed.emit) for d in item.decisions]
        self.add(*self.blocks)

    def chosen(self) -> list[tuple[Decision, bool]]:
        """What was chosen so far."""
        return [(b.decision, b.take) for b in self.blocks if b.take is not None]

    def sentence(self) -> str:
        """What will stand in the book, and how many lines are still open."""
        said = [f"{b.label}: {b.words[b.take]}" for b in self.blocks if b.take is not None]
        if not said:
            return _("Choose 1 or 2 in each line. Both values stay in the history.")
        left = len(self.blocks) - len(said)
        rest = ngettext("{n} line stays open.", "{n} lines stay open.", left).format(n=left) if left else ""
        return _("Will stand: {what}. {rest}").format(what="; ".join(said), rest=rest).strip()

    def focus_open(self) -> None:
        """Put the focus on the first line that is open."""
        for block in self.blocks:
            if block.take is None:
                block.keep_button.setFocus()
                return


def fact_rows(app: App, tray: Tray, item: Item) -> DetailRows:
    """What is known of something that waits, was suggested, held back or settled."""
    titles = tray.titles
    rows = [
        Detail(lambda: _("Sent by"), app.unit_name(item.unit) if item.edited is None else ""),
        Detail(lambda: _("Package"), "" if item.number is None else str(item.number)),
        Detail(lambda: _("Here since"), age(tray, item) if item.kind not in ("conflict", "aside") else ""),
        Detail(lambda: _("Waits for"), parent_words(item) if item.kind == "parked" else ""),
        Detail(lambda: _("Missing package"), "" if item.missing is None else str(item.missing)),
        Detail(lambda: _("Reason"), item.reason if item.kind == "quarantine" else ""),
    ]
    if item.edited is not None:
        rows += _edited_rows(app, item.edited)
    if item.settled is not None:
        rows += _settled_rows(app, item, titles)
    fields = [f for f in item.fields if f.column is None or f.column.name not in ("unit", "voided") or f.theirs]
    if fields:
        rows.append(Detail("", _("What was written")))
    for one in fields:
        theirs = field_value(app, one, one.theirs, titles)
        if item.present and one.differs:
            ours = field_value(app, one, one.ours, titles)
            theirs = _("{theirs} (the book has: {ours})").format(theirs=theirs, ours=ours)
        rows.append(Detail(_(one.label) or _("A field of a newer program"), theirs))
    return DetailRows(rows, label_width=9.5)


def _edited_rows(app: App, one: EditedAside) -> list[Detail]:
    from hoidesk.text.dates import show_instant

    def place(unit: str, at: datetime) -> str:
        return _("{who}, {time} by the clock of its PC").format(who=app.unit_name(unit), time=show_instant(at))

    return [
        Detail(lambda: _("Set aside because"), one.reason),
        Detail(lambda: _("Set aside by"), place(one.aside_by, one.aside_at)),
        Detail(lambda: _("Fields edited"), ", ".join(_(column.info.label) for column in one.fields)),
        Detail(lambda: _("Edited by"), place(one.edited_by, one.edited_at)),
    ]


def _settled_rows(app: App, item: Item, titles: Mapping[UUID, str]) -> list[Detail]:
    from hoidesk.text.dates import show_day

    rows = [
        Detail(lambda: _("Settled on"), show_day(item.settled_on)),
        Detail(lambda: _("Decision"), item.settled or (_("Taken into the book") if item.kind != "conflict" else "")),
    ]
    for decision in item.decisions:
        labels = ", ".join(_(f.label) for f in decision.fields)
        rows += [
            Detail("", labels),
            Detail(lambda: _("The book has"), values_words(app, decision, titles, theirs=False)),
            Detail(lambda: _("The other value"), values_words(app, decision, titles, theirs=True)),
            Detail(lambda: _("The other value is by"), side_words(app, decision.lost)),
        ]
    return rows
