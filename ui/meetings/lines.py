"""The lines of a meeting: outcomes of the agenda, petitions."""

from __future__ import annotations

from collections.abc import Mapping

from hoidesk.language import _
from hoidesk.presets import DEFAULT_LABELS, choices
from ui.app import App
from ui.theme import follow_language
from ui.widgets.boxes import row
from ui.widgets.fields import ComboField, LineField
from ui.widgets.labels import Label
from ui.widgets.lines import Line

__all__ = ["ItemLine", "PetitionLine"]


class ItemLine(Line):
    """What came of one agenda item: kind, note or decision, words; a decision has a post and a deadline."""

    def __init__(self, app: App) -> None:
        super().__init__(gap=0.3)
        self._app = app
        self.kind = ComboField(width=13)
        self.outcome = ComboField(width=8)
        self.text = LineField(placeholder=lambda: _("What was noted or agreed"))
        self.post = LineField(width=14, placeholder=lambda: _("Responsible post"))
        self.due = LineField(width=9, placeholder=lambda: _("Deadline, e.g. 30/6"))
        self._decision = row(Label(lambda: _("Who and by when"), role="text2"), self.post, self.due, 1)
        first = row(self.kind, self.outcome, 1)
        self.add(first, self.text, self._decision)
        self._decision.hide()
        self.outcome.currentIndexChanged.connect(self._on_outcome)
        for field in (self.text, self.post, self.due):
            field.textChanged.connect(self.on_text)
        follow_language(self)

    def retranslate(self) -> None:
        """Fill the lists again and name the fields for screen readers."""
        labels = self._app.labels or DEFAULT_LABELS
        self.kind.fill(list(choices("agenda_kinds", labels).items()))
        self.outcome.fill(list(choices("item_outcomes", labels).items()))
        if not self.kind.value():
            self.kind.choose("other")
        if not self.outcome.value():
            self.outcome.choose("note")
        self.kind.setAccessibleName(_("Agenda"))
        self.outcome.setAccessibleName(_("Outcome"))
        for field in (self.text, self.post, self.due):
            field.setAccessibleName(field.placeholderText())

    def _on_outcome(self, _index: int) -> None:
        self._decision.setVisible(self.outcome.value() == "decision")
        self.changed.emit()

    def offer(self, kind: str) -> None:
        """Take an agenda kind; an item without words is not recorded."""
        self.kind.choose(kind)

    def take(self, given: Mapping[str, str]) -> None:
        """Put back what was typed before."""
        self.kind.choose(given.get("agenda_kind", "other"))
        self.outcome.choose(given.get("outcome", "note"))
        self.text.setText(given.get("text", ""))
        self.post.setText(given.get("responsible_post", ""))
        self.due.setText(given.get("due_on", ""))

    def given(self) -> dict[str, str]:
        """What was typed; a decision without words is handed on, so that the core can refuse it."""
        typed = {
            "text": self.text.text(),
            "responsible_post": self.post.text(),
            "due_on": self.due.text(),
        }
        found = {name: value for name, value in typed.items() if value.strip()}
        if not found:
            return {}
        return {"agenda_kind": self.kind.value(), "outcome": self.outcome.value(), "text": "", **found}


class PetitionLine(Line):
    """What a unit asks for, with its theme."""

    def __init__(self, app: App) -> None:
        super().__init__(vertical=False, gap=0.5)
        self._app = app
        self.theme = ComboField(width=13)
        self.text = LineField(placeholder=lambda: _("What is asked for"))
        self.add(self.theme, self.text)
        self.box.setStretch(1, 1)
        self.text.textChanged.connect(self.on_text)
        follow_language(self)

    def retranslate(self) -> None:
        """Fill the list again and name the fields for screen readers."""
        self.theme.fill(list(choices("petition_themes", self._app.labels or DEFAULT_LABELS).items()))
        if not self.theme.value():
            self.theme.choose("other")
        self.theme.setAccessibleName(_("Theme"))
        self.text.setAccessibleName(self.text.placeholderText())

    def take(self, given: Mapping[str, str]) -> None:
        """Put back what was typed before."""
        self.theme.choose(given.get("theme", "other"))
        self.text.setText(given.get("text", ""))

    def given(self) -> dict[str, str]:
        """What was typed."""
        return {"theme": self.theme.value(), "text": self.text.text()} if self.text.text().strip() else {}
