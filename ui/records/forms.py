"""Forms that are not a record: one for a narrow panel, and a page of paper with a form and its two buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.actions import Act
from ui.theme import em
from ui.widgets.boxes import Box, Card, Scroll
from ui.widgets.buttons import Button
from ui.widgets.form import Form
from ui.widgets.labels import Hairline, Label
from ui.widgets.messages import ActionBar, MessageLine

__all__ = ["FormPaper", "NarrowForm"]


class NarrowForm(Form):
    """Labels above fields, where a label beside its field would leave no room."""

    def restyle(self) -> None:
        """Compute gaps and the place of the labels again."""
        super().restyle()
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for label, _spec in self._labels:
            label.setMinimumSize(0, 0)
            label.setMaximumWidth(16_777_215)
        for editor in self.editors.values():
            if isinstance(editor.field, QComboBox):
                editor.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                editor.field.setMinimumContentsLength(8)


class _Paper(Box):
    """The content of a form: not wider than its fields need."""

    def restyle(self) -> None:
        """Compute gaps and the width again."""
        super().restyle()
        self.setMaximumWidth(em(64))


class FormPaper(Card):
    """A heading, a form and the bar with the two buttons."""

    left = Signal()

    def __init__(self, form: Form, heading: Label, save: Button) -> None:
        super().__init__(margins=(0, 0, 0, 0), gap=0)
        self.form = form
        self.message = MessageLine()
        self.bar = ActionBar(Button(lambda: _("Back"), key=Act.BACK, click=self.left.emit), save)
        paper = _Paper(heading, self.message, form, 1, gap=0.8, margins=(1.6, 1.0, 1.6, 1.0))
        self.add(Scroll(paper), Hairline(), self.bar)
        self.content.box.setStretch(0, 1)

    def fail(self, refusal: Refusal) -> None:
        """Show a refusal at its field, else above the form."""
        if not self.form.say_error(refusal.field, refusal.text):
            self.message.say(refusal.text)
