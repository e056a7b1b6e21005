"""The sheet of keys, made from the list of acts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from hoidesk.language import _
from ui.actions import ACTIONS, GROUPS, Act, ActionSpec
from ui.app import App
from ui.shell.page import Desk, Page
from ui.shell.places import PLACES
from ui.widgets.boxes import Card, Scroll, column
from ui.widgets.details import Detail, DetailRows
from ui.widgets.labels import Label
from ui.widgets.words import Words, marked

__all__ = ["ShortcutsPage", "action_words", "build"]


def action_words(spec: ActionSpec) -> str:
    """What an act does; the acts that open a page name it."""
    if spec.act.name.startswith("PAGE_"):
        number = int(spec.act.name.removeprefix("PAGE_"))
        return _("Open “{page}”").format(page=_(PLACES[number - 1].label))
    return _(spec.label)


def _keys(spec: ActionSpec) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in spec.keys)


class ShortcutsPage(Page):
    """Every key of the desk, by group."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk)
        blocks = column(gap=1.0, margins=(1.1, 1.0, 1.1, 1.0))
        for group, label in GROUPS.items():
            rows = [Detail(_keys(spec), action_words(spec)) for spec in ACTIONS if spec.group == group]
            blocks.add(Label(marked(label), bold=True, size=1.07), DetailRows(rows))
        blocks.add(1)
        self._scroll = Scroll(blocks)
        self.body.addWidget(Card(self._scroll, margins=(0, 0, 0, 0)), 1)
        self.handlers = {Act.BACK: desk.back}

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Keys")

    def enter(self) -> None:
        """Let the arrows scroll."""
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setFocus()


def build(app: App, desk: Desk) -> Page:
    """The sheet of keys."""
    return ShortcutsPage(app, desk)
