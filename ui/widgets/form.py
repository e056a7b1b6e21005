"""Forms from data: a list of field descriptions becomes labelled fields with errors under them.

Values go in and out as text, exactly as typed: the draft of the subject parses them, so that a form, a spreadsheet
and the command line refuse the same things with the same sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import em, follow, follow_language
from ui.widgets.boxes import column, row
from ui.widgets.fields import DEBOUNCE_MS, ComboField, FlagField, LineField, NoteField, mark_wrong
from ui.widgets.labels import Label, Note
from ui.widgets.refs import RefField
from ui.widgets.words import Words, say

__all__ = ["Editor", "FieldSpec", "Form", "Options"]

Kind = Literal["line", "note", "day", "count", "money", "choice", "flag", "ref", "points"]
Options = Callable[[], list[tuple[str, str]]]
"""Gives the (value, words) pairs of a closed list in the language in use."""

_WIDTHS: dict[str, float] = {"day": 7.5, "count": 5.5, "money": 10.0, "points": 5.5}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a form.

    ``options`` fills a choice or a reference. ``echo`` says beside the field what was understood ("Thursday
    12/11/2026"); it gets the typed text and answers with a sentence or nothing. ``width`` in em, else by kind.
    """

    name: str
    label: Words
    kind: Kind = "line"
    options: Options | None = None
    echo: Callable[[str], str] | None = None
    hint: Words = ""
    width: float | None = None
    lines: int = 3
    required: bool = False
    section: Words = ""


class Editor(QWidget):
    """A field with what surrounds it: echo at its right, error under it."""

    changed = Signal()

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self.spec = spec
        self.wanted = ""  # a record to choose once the list of records has been read
        self.field = _make_field(spec)
        self._echo = Label("", role="text2")
        self._error = Note()
        self._error.hide()
        line = row(self.field, self._echo, None if _grows(spec) else 1, gap=0.8)
        if _grows(spec):
            line.box.setStretch(0, 1)
        inner = column(line, self._error, gap=0.2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inner)
        layout.addStretch(1)
        self.setFocusProxy(self.field)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._say_echo)
        self._show_echo(spec.hint)
        self._connect()

    def _connect(self) -> None:
        field = self.field
        if isinstance(field, QLineEdit | QPlainTextEdit):
            field.textChanged.connect(self._on_change)
        elif isinstance(field, RefField):
            field.chosen.connect(self._on_change)
        elif isinstance(field, QComboBox):
            field.currentIndexChanged.connect(self._on_change)
        elif isinstance(field, QCheckBox):
            field.toggled.connect(self._on_change)

    def _on_change(self, _value: object = None) -> None:
        self.say_error("")
        self._timer.start()
        self.changed.emit()

    def _say_echo(self) -> None:
        if self.spec.echo is not None:
            text = self.value()
            self._show_echo(self.spec.echo(text) if text.strip() else self.spec.hint)

    def _show_echo(self, words: Words) -> None:
        self._echo.say(words)
        self._echo.setVisible(bool(self._echo.text()))

    def value(self) -> str:
        """The text typed or the value chosen; a flag is ``1`` or ``0``."""
        field = self.field
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText()
        if isinstance(field, QCheckBox):
            return "1" if field.isChecked() else "0"
        if isinstance(field, ComboField | RefField):
            return field.value()
        assert isinstance(field, QLineEdit)
        return field.text()

    def words(self) -> str:
        """What stands in the field, as it is read."""
        field = self.field
        if isinstance(field, ComboField):
            return field.currentText()
        return field.words() if isinstance(field, RefField) else self.value()

    def set_value(self, value: str) -> None:
        """Put a value in when a record is loaded, never while somebody types."""
        field = self.field
        if isinstance(field, QPlainTextEdit):
            field.setPlainText(value)
        elif isinstance(field, QCheckBox):
            field.setChecked(value in ("1", "True", "true"))
        elif isinstance(field, ComboField | RefField):
            self.wanted = value
            field.choose(value)
        elif isinstance(field, QLineEdit):
            field.setText(value)
        self._timer.stop()
        self._say_echo()

    def say_error(self, words: Words) -> None:
        """Show an error under the field; an empty one takes it away."""
        self._error.say(words)
        if isinstance(self.field, QLineEdit | QPlainTextEdit | QComboBox):
            mark_wrong(self.field, bool(self._error.text()))

    def error(self) -> str:
        """The error shown."""
        return self._error.text()

    def refill(self) -> None:
        """Read the closed list again."""
        if self.spec.options is not None and isinstance(self.field, ComboField | RefField):
            items = self.spec.options()
            self.field.fill(items if self.spec.required else [("", ""), *items])


def _grows(spec: FieldSpec) -> bool:
    return spec.width is None and spec.kind in ("line", "note", "ref", "choice")


def _make_field(spec: FieldSpec) -> QWidget:
    match spec.kind:
        case "note":
            return NoteField(lines=spec.lines)
        case "flag":
            return FlagField()
        case "choice":
            return ComboField(width=spec.width)
        case "ref":
            return RefField(width=spec.width)
        case _:
            return LineField(width=spec.width or _WIDTHS.get(spec.kind))


class Form(QWidget):
    """Labelled fields in order; from a text size of 150 % the labels stand above their fields."""

    changed = Signal()

    def __init__(self, specs: Sequence[FieldSpec], *, bold_labels: bool = False) -> None:
        super().__init__()
        self.specs = tuple(specs)
        self.editors: dict[str, Editor] = {}
        self._labels: list[tuple[Label, FieldSpec]] = []
        self._bold = bold_labels
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for spec in self.specs:
            self._add(spec)
        follow(self)
        follow_language(self)

    def _add(self, spec: FieldSpec) -> None:
        if spec.section:
            self._layout.addRow(Label(spec.section, bold=True, size=1.07))
        editor = Editor(spec)
        label = Label(spec.label, bold=self._bold, wrap=True)
        label.setBuddy(editor.field)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        editor.changed.connect(self.changed)
        self.editors[spec.name] = editor
        self._labels.append((label, spec))
        self._layout.addRow(label, editor)

    def values(self) -> dict[str, str]:
        """Every field's text by name."""
        return {name: editor.value() for name, editor in self.editors.items()}

    def words(self) -> dict[str, str]:
        """Every field as it is read: the words of a choice instead of its value."""
        return {name: editor.words() for name, editor in self.editors.items()}

    def load(self, values: dict[str, str]) -> None:
        """Put a record's values in; a name that is not there is emptied."""
        for name, editor in self.editors.items():
            editor.set_value(values.get(name, ""))
            editor.say_error("")

    def say_error(self, name: str | None, words: Words) -> bool:
        """Show an error under a field and go there; False when the form has no such field."""
        editor = self.editors.get(name or "")
        if editor is None:
            return False
        editor.say_error(words)
        editor.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def clear_errors(self) -> None:
        """Take all errors away."""
        for editor in self.editors.values():
            editor.say_error("")

    def focus_first(self) -> None:
        """Go to the first field."""
        for editor in self.editors.values():
            editor.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def restyle(self) -> None:
        """Compute gaps and the place of the labels again."""
        large = em() >= 20
        policy = QFormLayout.RowWrapPolicy
        self._layout.setRowWrapPolicy(policy.WrapAllRows if large else policy.DontWrapRows)
        self._layout.setHorizontalSpacing(em(1.0))
        self._layout.setVerticalSpacing(em(0.5))
        for label, spec in self._labels:
            label.setMinimumHeight(0 if large else em(2.2))
            if large:
                # Above its field a label has the whole width: it wraps only where the form ends.
                label.setMaximumWidth(16_777_215)
                label.setMinimumWidth(min(label.fontMetrics().horizontalAdvance(label.text()) + 2, em(24)))
            else:
                label.setFixedWidth(em(12))
            if spec.kind == "flag" and not large:
                label.setMinimumHeight(em(1.6))

    def retranslate(self) -> None:
        """Fill the closed lists again and give every field its name for screen readers."""
        for editor in self.editors.values():
            editor.refill()
            editor.field.setAccessibleName(say(editor.spec.label))
