"""What the page says: a message line, an empty state, the bar with the read-back sentence, named steps of long work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from hoidesk.language import _
from ui.theme import em, follow
from ui.widgets.boxes import Box, Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label, Note
from ui.widgets.words import Words

__all__ = ["ActionBar", "EmptyState", "MessageLine", "ProgressPanel", "Step"]


class MessageLine(QFrame):
    """One sentence where its cause is, with at most one act; it stays until it is mended or replaced."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._note = Note()
        self._act = row()
        line = row(self._note, self._act, margins=(1.0, 0.4, 1.0, 0.4))
        line.box.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line)
        self.hide()

    def say(self, words: Words, role: str = "bad", act: Button | None = None) -> None:
        """Show a sentence; an empty one hides the line."""
        self._act.clear()
        if act is not None:
            self._act.add(act)
        self._note.say(words, role)
        self.setVisible(bool(self._note.text()))

    def text(self) -> str:
        """The sentence shown."""
        return self._note.text()


class EmptyState(Box):
    """What this is, what to do first, one button."""

    def __init__(self, what: Words, first: Words, act: Button | None = None, *, top: float = 1.2) -> None:
        super().__init__(gap=0.4, margins=(1.0, top, 1.0, 0.4))
        self._what = Label(what, bold=True, wrap=True)
        self._first = Label(first, role="text2", wrap=True)
        self.add(self._what, self._first, row(act, 1) if act is not None else None, 1)

    def say(self, what: Words, first: Words) -> None:
        """Show other sentences."""
        self._what.say(what)
        self._first.say(first)


class ActionBar(QFrame):
    """The foot of a form: what will be written, in one sentence, and the buttons; it never scrolls away."""

    def __init__(self, *buttons: Button, lead: Words = lambda: _("Please read again before saving")) -> None:
        super().__init__()
        self.setProperty("bar", True)
        self._lead = Label(lead, size=0.93, role="text2")
        self._sentence = Label("", bold=True, wrap=True)
        self.sentence = self._sentence
        self._lead.hide()
        words = column(self._lead, self._sentence, gap=0.1)
        line = row(words, *buttons, margins=(1.1, 0.6, 1.1, 0.6))
        line.box.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line)

    def say(self, words: Words) -> None:
        """Show the sentence; without one the lead goes too."""
        self._sentence.say(words)
        self._lead.setVisible(bool(self._sentence.text()) and bool(self._lead.text()))


Step = Literal["waiting", "running", "done", "failed"]
_STEP_ICONS: dict[Step, tuple[str, str]] = {
    "waiting": ("circle", "text2"),
    "running": ("arrow-right", "accent"),
    "done": ("circle-check", "ok"),
    "failed": ("circle-alert", "bad"),
}


class _StepRow(Box):
    def __init__(self, words: Words) -> None:
        super().__init__(vertical=False, gap=0.4)
        self._icon = IconLabel("circle", role="text2")
        self._label = Label(words)
        self._figure = Label("", role="text2")
        self.add(self._icon, self._label, 1, self._figure)

    def set(self, state: Step, figure: str = "") -> None:
        self._icon.show_icon(*_STEP_ICONS[state])
        self._figure.say(figure)


class ProgressPanel(Card):
    """Named steps with tick, arrow or ring, a bar without text, and a button that says what stopping means."""

    def __init__(self, steps: Sequence[Words], *, stop: Button | None = None, meaning: Words = "") -> None:
        super().__init__(gap=0.25, margins=(1.1, 0.7, 1.1, 0.7))
        self._rows = [_StepRow(words) for words in steps]
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.add(*self._rows, self._bar)
        if stop is not None:
            hint = Label(meaning, role="text2", wrap=True)
            line = row(hint, stop)
            line.box.setStretch(0, 1)
            self.add(line)
        follow(self)

    def restyle(self) -> None:
        """Compute the height of the bar again."""
        self._bar.setFixedHeight(em(1.2))

    def show_step(self, number: int, done: int = 0, total: int = 0, figure: str = "") -> None:
        """Mark the steps before ``number`` as done and this one as running, ``done`` of ``total``."""
        for place, step in enumerate(self._rows):
            step.set("done" if place < number else "running" if place == number else "waiting")
        if 0 <= number < len(self._rows):
            self._rows[number].set("running", figure)
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(1000 * done // total if total else 0)

    def finish(self, *, failed_at: int | None = None) -> None:
        """Mark all steps as done, or the one that failed."""
        for place, step in enumerate(self._rows):
            if failed_at is None or place < failed_at:
                step.set("done")
            else:
                step.set("failed" if place == failed_at else "waiting")
        self._bar.setRange(0, 1000)
        self._bar.setValue(1000 if failed_at is None else 0)
