"""What may have been written twice, the two records side by side, and what was decided of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.exchange.duplicate_panes import Compare, Question, Side, lead_words, read_sides, reason_words
from ui.widgets.boxes import Box, Card, Scroll, column, row
from ui.widgets.buttons import Button, Choice
from ui.widgets.cells import Cell, Column
from ui.widgets.flow import ChipRow
from ui.widgets.labels import Label
from ui.widgets.messages import ActionBar, EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.book.operations import Operation

__all__ = ["DuplicatesPanel", "read_questions"]

KINDS = ("open", "settled")


def read_questions(connection: Any) -> list[Question]:
    """Everything that this panel asks or shows as decided."""
    from hoidesk.exchange.decide.duplicate_rows import twins
    from hoidesk.exchange.decide.fields import record_titles

    found = [*twins(connection), *twins(connection, settled=True)]
    titles = record_titles(connection, [(t.table, id_) for t in found for id_ in (t.one, t.other)])
    return [Question(t, titles.get(t.one, ""), titles.get(t.other, "")) for t in found]


class DuplicatesPanel(Box):
    """Filters above, the list at the left, the records side by side at the right, the acts below.

    ``told`` is called after something was decided. Nothing is chosen at first.
    """

    def __init__(
        self, app: App, leave: Callable[[], None], fail: Callable[[Refusal], None], told: Callable[[], None]
    ) -> None:
        super().__init__(gap=0.8)
        self._app, self._leave, self._fail, self._told = app, leave, fail, told
        self._questions: dict[Any, Question] = {}
        self._narrow = self._inner = False
        self.choices: tuple[Choice, ...] = ()
        self.chips = ChipRow(KINDS)
        self.chips.picked.connect(lambda _name: self.reload())
        columns = (Column("what", lambda: _("Record"), lambda q: Cell(self._name(q), second=self._second(q))),)
        self.table = TableView(columns, self._fetch, name=lambda: _("Written twice"), row_height=3.4)
        self.table.current.connect(lambda _key: self._show_current())
        self.table.opened.connect(lambda _key: self._open())
        self._title = Label("", size=1.21, bold=True, wrap=True)
        self._lead = Label("", role="text2", wrap=True)
        self.compare = Compare()
        self._empty = EmptyState(
            lambda: _("Nothing looks as if it were written twice."),
            lambda: _("Two offices that record the same thing are told here after their packages met."),
        )
        self._build()

    def _build(self) -> None:
        self.act = Button("", kind="primary", icon="check", key="Ctrl+Enter", click=self.settle_current)
        self.other = Button("", click=self.leave_current)
        self.bar = ActionBar(Button(lambda: _("Back"), key="Esc", click=self.back), self.other, self.act, lead="")
        self._list = Card(self.table, self._empty, margins=(0, 0, 0, 0), gap=0)
        self._list.content.box.setStretch(0, 1)
        self._side = Card(self._title, self._lead, Scroll(column(self.compare, 1)), gap=0.6)
        self._side.content.box.setStretch(2, 1)
        pair = row(self._list, self._side, gap=0.8)
        pair.box.setStretch(0, 4)
        pair.box.setStretch(1, 8)
        self._top = Card(self.chips, margins=(0.9, 0.6, 0.9, 0.6))
        self.add(self._top, pair, Card(self.bar, margins=(0, 0, 0, 0)))
        self.box.setStretch(1, 1)

    # Reading

    def begin(self) -> None:
        """Show what is to be decided."""
        self._inner = False
        self.chips.pick("open")
        self.table.setFocus()

    def reload(self) -> None:
        """Read everything again."""
        self._app.read(self, read_questions, self._take, self._fail)

    def _take(self, found: list[Question]) -> None:
        decided = sum(1 for q in found if q.settled)
        self.chips.say(
            {
                "open": lambda: _("May be written twice ({n})").format(n=len(found) - decided),
                "settled": lambda: _("Decided ({n})").format(n=decided),
            }
        )
        place = list(self._questions).index(self.table.chosen) if self.table.chosen in self._questions else 0
        self._questions = {q.key: q for q in found if q.settled is (self.chips.current == "settled")}
        keys = list(self._questions)
        self.table.set_keys(keys)
        self.table.ids.refresh_rows()
        self.table.setVisible(bool(keys))
        self._empty.setVisible(not keys)
        if keys and self.table.chosen not in self._questions:
            self.table.choose(keys[min(place, len(keys) - 1)])
        self._show_current()

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._questions[key] for key in keys])

    def _name(self, question: Question) -> str:
        return question.title or question.other_title or self._label(question)

    def _label(self, question: Question) -> str:
        from hoidesk.book.registry import registry

        return _(registry()[question.twins.table].info.label)

    def _second(self, question: Question) -> str:
        states = {
            "proposed": reason_words(question.twins.reason),
            "contradicted": _("decided differently in two places"),
            "merged": _("merged"),
            "different": _("different things"),
        }
        return f"{self._label(question)} · {states[question.twins.state]}"

    # Showing one

    @property
    def current(self) -> Question | None:
        """What is chosen in the list."""
        return self._questions.get(self.table.chosen) if self.table.chosen is not None else None

    def set_narrow(self, on: bool) -> None:
        """One pane at a time where there is no room side by side: Enter into it, Esc back to the list."""
        self._narrow = on
        self._show_current()

    def _open(self) -> None:
        self._inner = True
        self._show_current()

    def back(self) -> None:
        """Back to the list where only one question is shown, else to the list of units."""
        if self._narrow and self._inner:
            self._inner = False
            self._show_current()
            self.table.setFocus()
        else:
            self._leave()

    def _show_current(self) -> None:
        question = self.current
        inner = self._inner and question is not None
        self._side.setVisible(question is not None and (inner or not self._narrow))
        self._top.setVisible(not (self._narrow and inner))
        self._list.setVisible(not (self._narrow and inner))
        self.act.hide()
        self.other.hide()
        self.bar.say("")
        self.compare.clear()
        self.choices = ()
        if question is None:
            return
        if self._narrow and not inner:
            self.bar.say(_("Enter opens the line that is chosen."))
            return
        self._title.say(self._name(question))
        self._lead.say(lead_words(question.twins))
        app = self._app
        app.read(
            self,
            lambda connection: read_sides(connection, app, question.twins),
            lambda sides: self._take_sides(question, sides),
        )

    def _take_sides(self, question: Question, sides: tuple[Side, ...]) -> None:
        if question is not self.current or len(sides) < 2:
            return
        heads: list[QWidget]
        if question.settled:
            merged = question.twins.state == "merged"
            heads = [
                Label(lambda: _("Counts as the other") if merged else "", role="text2", wrap=True),
                Label(lambda: _("This one counts") if merged else "", role="text2", wrap=True),
            ]
        else:
            self.choices = (
                Choice(lambda: _("This one counts"), key="1", click=lambda on: self._choose(0, on)),
                Choice(lambda: _("This one counts"), key="2", click=lambda on: self._choose(1, on)),
            )
            heads = list(self.choices)
        self.compare.show_sides(question.twins.table, sides, heads)
        self._offer(question)
        if self._inner and self.choices:
            self.choices[0].setFocus()

    def _offer(self, question: Question) -> None:
        """The buttons for what can be done now."""
        self.act.show()
        self.other.setVisible(not question.settled)
        if question.settled:
            self.act.setEnabled(True)
            self.act.say(lambda: _("Take back this decision"))
            self.bar.say(_("Taken back, both count again and may be proposed again."))
        else:
            self.act.say(lambda: _("Merge"))
            self.other.say(lambda: _("Not the same"))
            self._say_choice()

    def _choose(self, side: int, on: bool) -> None:
        if on:
            self.choices[1 - side].setChecked(False)
        self._say_choice()

    @property
    def kept(self) -> int | None:
        """Which of the two was chosen to count: 0, 1 or None."""
        return next((n for n, choice in enumerate(self.choices) if choice.isChecked()), None)

    def _say_choice(self) -> None:
        self.act.setEnabled(self.kept is not None)
        if self.kept is None:
            self.bar.say(_("Choose 1 or 2, or press “Not the same”."))
        else:
            self.bar.say(_("Number {n} counts from now on.").format(n=self.kept + 1))

    # Deciding

    def settle_current(self) -> None:
        """The main act of what is shown: merge, or take a decision back."""
        from hoidesk.book.operations import operations

        question = self.current
        if question is None or not self.act.isVisible() or not self.act.isEnabled():
            return
        if question.settled:
            self._write(operations()["duplicate.split"].parse({"id": question.twins.alias}))
        elif self.kept is not None:
            two = question.key
            given = {"table": question.twins.table, "kept": two[self.kept], "duplicate": two[1 - self.kept]}
            self._write(operations()["duplicate.merge"].parse(given))

    def leave_current(self) -> None:
        """Declare two records different."""
        from hoidesk.book.operations import operations

        question = self.current
        if question is not None and self.other.isVisible():
            one, other = question.key
            given = {"table": question.twins.table, "one": one, "other": other}
            self._write(operations()["duplicate.dismiss"].parse(given))

    def _write(self, operation: Operation) -> None:
        def done(_outcome: Any) -> None:
            self._inner = False
            self._told()
            self.table.setFocus()

        self._app.write(self, operation, done, self._fail)
