"""Own criteria of an office on a frame from above: which lists offer them, and the form that adds one."""

from __future__ import annotations

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.records.forms import FormPaper
from ui.records.reading import Loaded
from ui.widgets.buttons import Button
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label

__all__ = ["LocalCriterionForm", "allowance", "on_frame", "takes_local"]


def takes_local(record: Loaded) -> bool:
    """Whether own criteria can be built on a published set."""
    from hoidesk.emulation.frames import frame_of, local_frame

    content = record.values["content"]
    published = record.values["state"] == "published"
    return published and local_frame(content) is not None and frame_of(content) is None


def on_frame(record: Loaded) -> bool:
    """Whether a draft is built on a frame, so that own criteria are added to it."""
    from hoidesk.emulation.frames import frame_of

    return frame_of(record.values["content"]) is not None


def allowance(record: Loaded) -> str:
    """What the frame allows, in a sentence."""
    from hoidesk.assessment.words import points_words
    from hoidesk.emulation.frames import local_frame

    allowed = local_frame(record.values["content"])
    if allowed is None:
        return ""
    return _("The frame allows up to {items} own criteria with {points} points together.").format(
        items=allowed.max_items, points=points_words(allowed.max_points)
    )


class LocalCriterionForm(FormPaper):
    """``added`` carries the id of the draft."""

    added = Signal(object)

    def __init__(self, app: App) -> None:
        self._app = app
        self._record: Loaded | None = None
        self._allowed = Label("", role="text2", wrap=True)
        form = Form(
            (
                FieldSpec("text", lambda: _("Criterion"), "note", lines=2, required=True),
                FieldSpec("points", lambda: _("Most points"), "points", required=True),
                FieldSpec("evidence", lambda: _("Evidence")),
            )
        )
        save = Button(lambda: _("Add the criterion"), kind="primary", icon="check", key=Act.SAVE, click=self.add_one)
        super().__init__(form, Label(lambda: _("Add a criterion of the office"), size=1.21, bold=True), save)
        form.changed.connect(self._say_allowance)

    def begin(self, record: Loaded) -> None:
        """Begin with an empty criterion."""
        self._record = record
        self.message.say("")
        self.form.load({})
        self._say_allowance()
        self.form.focus_first()

    def _say_allowance(self) -> None:
        if self._record is not None:
            self.bar.say(allowance(self._record))

    def add_one(self) -> None:
        """Write the criterion into the draft."""
        from hoidesk.book.operations import operations

        if self._record is None:
            return
        self.form.clear_errors()
        given = {name: words for name, words in self.form.values().items() if words.strip()}
        try:
            operation = operations()["criteria_set.add_criterion"].parse(given | {"id": self._record.id})
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda outcome: self.added.emit(outcome.result), self.fail)
