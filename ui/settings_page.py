"""Settings of this PC (language, text size, colours), of the office (labels, letterhead, signer), and the book."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt

from hoidesk.errors import EnvError, Refusal
from hoidesk.language import N_, _, current_language
from ui.actions import Act
from ui.app import App
from ui.palettes import THEMES, ThemeName
from ui.shell.page import Desk, Page
from ui.theme import TEXT_SIZES, em, follow_language
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button, FilterChip
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import ElidedLabel, IconLabel, Label, Note
from ui.widgets.words import Words, marked

__all__ = ["OFFICE_FIELDS", "SettingsPage", "build"]

_THEMES: Final[dict[ThemeName, str]] = {"light": N_("Light"), "dark": N_("Dark"), "contrast": N_("High contrast")}

OFFICE_FIELDS: Final[tuple[tuple[str, str, str], ...]] = (
    ("label.superior", N_("What the superior tier is called"), N_("Labels")),
    ("label.unit", N_("What this tier is called"), ""),
    ("label.area", N_("What an area is called"), ""),
    ("label.group", N_("What a group in an area is called"), ""),
    ("office.superior_name", N_("Name of the superior office"), N_("Letterhead")),
    ("office.name", N_("Name of this office"), ""),
    ("office.place", N_("Place before the date"), ""),
    ("office.symbol", N_("Symbol after the number"), ""),
    ("paper.letterhead", N_("Letterhead"), ""),
    ("signer.authority", N_("Signs on behalf of"), N_("Signer")),
    ("signer.post", N_("Post of the signer"), ""),
    ("signer.name", N_("Name of the signer"), ""),
    ("office.single_officer", N_("One officer scores and approves"), N_("Approval")),
    ("paper.handover", N_("Handover sheet with packages"), N_("Packages")),
)
"""The settings of the office: key, label, and the heading above the first of a group."""


def _letterheads() -> list[tuple[str, str]]:
    from hoidesk.presets import letterheads

    return [(str(one["id"]), str(one.get(current_language()) or one.get("vi") or one["id"])) for one in letterheads()]


def _handover() -> list[tuple[str, str]]:
    return [("usual", _("As is usual at this tier")), ("yes", _("Offer it")), ("no", _("Do not offer it"))]


def _field(key: str, label: str, heading: str) -> FieldSpec:
    section: Words = marked(heading) if heading else ""
    if key == "paper.letterhead":
        return FieldSpec(key, marked(label), "choice", options=_letterheads, required=True, section=section)
    if key == "paper.handover":
        return FieldSpec(key, marked(label), "choice", options=_handover, required=True, section=section)
    if key == "office.single_officer":
        return FieldSpec(key, marked(label), "flag", section=section)
    return FieldSpec(key, marked(label), section=section)


class _LookCard(Card):
    """Language, text size and colours of this PC: they work at once."""

    def __init__(self, app: App) -> None:
        super().__init__(gap=0.6)
        self._app = app
        self._languages = {
            code: FilterChip(name, click=lambda _on, chosen=code: self._speak(chosen))  # type: ignore[misc]
            for code, name in (("vi", "Tiếng Việt"), ("en", "English"))
        }
        self._sizes = {
            size: FilterChip(f"{size} %", click=lambda _on, chosen=size: self._resize(chosen))  # type: ignore[misc]
            for size in TEXT_SIZES
        }
        self._themes = {
            name: FilterChip(marked(_THEMES[name]), click=lambda _on, chosen=name: self._paint(chosen))  # type: ignore[misc]
            for name in THEMES
        }
        self.add(
            Label(lambda: _("This PC"), size=1.21, bold=True),
            Label(lambda: _("Language"), bold=True),
            row(*self._languages.values(), 1),
            Label(lambda: _("Text size"), bold=True),
            row(*self._sizes.values(), 1, gap=0.4),
            Label(lambda: _("Colours"), bold=True),
            row(*self._themes.values(), 1),
        )
        follow_language(self)

    def _speak(self, code: str) -> None:
        if code != current_language():
            self._app.set_language(code)
        self.mark()

    def _resize(self, size: int) -> None:
        if size != self._app.settings.now.text_size:
            self._app.set_text_size(size)
        self.mark()

    def _paint(self, name: ThemeName) -> None:
        if name != self._app.settings.now.theme:
            self._app.set_theme(name)
        self.mark()

    def mark(self) -> None:
        """Mark what is in use."""
        now = self._app.settings.now
        for chips, chosen in (
            (self._languages, now.language),
            (self._sizes, now.text_size),
            (self._themes, now.theme),
        ):
            for key, chip in chips.items():
                blocked = chip.blockSignals(True)
                chip.setChecked(key == chosen)
                chip.blockSignals(blocked)

    def retranslate(self) -> None:
        """Mark the language in use."""
        self.mark()


class _BookCard(Card):
    """Where the book lies, its backup, its recovery sheet, and closing it."""

    def __init__(self, app: App) -> None:
        super().__init__(gap=0.6)
        self._app = app
        self._path = ElidedLabel("", role="text")
        self._note = Note()
        self._note.hide()
        where = row(IconLabel("hard-drive"), self._path, gap=0.4)
        where.box.setStretch(1, 1)
        self.add(
            Label(lambda: _("The book"), size=1.21, bold=True),
            where,
            row(
                Button(lambda: _("Make a backup"), icon="save", click=self._backup),
                Button(lambda: _("Make the recovery sheet"), icon="printer", click=self._sheet),
                1,
            ),
            Label(
                lambda: _("Whoever holds the recovery sheet opens the book. Keep it like the seal."),
                role="text2",
                size=0.93,
                wrap=True,
            ),
            self._note,
            row(Button(lambda: _("Close the book"), icon="lock", click=app.close_book), 1),
        )

    def refresh(self) -> None:
        """Say where the book lies."""
        if self._app.book is not None:
            self._path.say(str(self._app.book.folder))

    def _backup(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        folder = QFileDialog.getExistingDirectory(self, _("Choose the folder for the backup"))
        if folder:
            self.backup_to(Path(folder))

    def backup_to(self, folder: Path) -> None:
        """Write a backup, open it again and compare it."""

        def work(book: Any, _ticket: Any) -> Any:
            from hoidesk.book.backup import backup_to

            return backup_to(book, folder)

        def done(made: Any) -> None:
            self._note.say(_("Backed up to {path}, opened again and compared.").format(path=made.path), "ok")

        self._app.work(self, work, done, self._fail, writes=False)

    def _sheet(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        path, _kind = QFileDialog.getSaveFileName(self, _("Save the recovery sheet"), "", _("PDF file (*.pdf)"))
        if path:
            self.write_sheet(Path(path))

    def write_sheet(self, path: Path) -> None:
        """Write the recovery sheet as a PDF."""

        def work(book: Any, _ticket: Any) -> Path:
            from hoidesk.book.files import write_atomic
            from hoidesk.book.recovery import groups_of_key
            from hoidesk.book.slots import load_slots
            from hoidesk.paper.recovery import recovery_sheet_pdf
            from hoidesk.text.dates import today

            target = path if path.suffix else path.with_suffix(".pdf")
            data = recovery_sheet_pdf(
                book_name=book.unit.name,
                book_path=str(book.folder),
                made_on=today(),
                groups=groups_of_key(book.key),
                users=[slot.user for slot in load_slots(book.folder)],
            )
            try:
                write_atomic(target, data)
            except OSError as error:
                raise EnvError(
                    "sheet.write", _("The sheet cannot be written to {path}.").format(path=target)
                ) from error
            return target

        def done(made: Path) -> None:
            self._note.say(_("Saved as {path}. Print it, then delete the file.").format(path=made), "ok")

        self._app.work(self, work, done, self._fail, writes=False)

    def _fail(self, refusal: Refusal) -> None:
        self._note.say(refusal.text)


class SettingsPage(Page):
    """Three cards: this PC, the office, the book."""

    tables = frozenset({"setting"})

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk)
        self.look = _LookCard(app)
        self.book = _BookCard(app)
        self.form = Form([_field(*one) for one in OFFICE_FIELDS])
        self._before: dict[str, str] = {}
        save = Button(lambda: _("Save to the book"), kind="primary", icon="check", key=Act.SAVE, click=self.save)
        self.saved_note = Note()
        self.saved_note.hide()
        office = Card(
            Label(lambda: _("This office"), size=1.21, bold=True),
            Label(lambda: _("These words stand in the window and on every paper."), role="text2", wrap=True),
            self.form,
            row(self.saved_note, 1, save),
            gap=0.7,
        )
        self._paper = column(self.look, office, self.book, 1, gap=0.8)
        self._scroll = Scroll(self._paper)
        self.body.addWidget(self._scroll, 1)
        self.handlers = {Act.SAVE: self.save, Act.PRIMARY: self.save}
        self.restyle()

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Settings")

    def refresh(self) -> None:
        """Read the settings of the office."""
        from hoidesk.book.settings import office_settings

        book = self.app.book
        self.look.mark()
        self.book.refresh()
        if book is not None:
            unit = book.unit.code
            self.ask(lambda connection: office_settings(connection, unit), self._take)

    def _take(self, found: dict[str, Any]) -> None:
        values = {key: found.get(key) for key, _label, _heading in OFFICE_FIELDS}
        self.form.load({k: ("1" if v is True else "0" if v is False else str(v or "")) for k, v in values.items()})
        self._before = self.form.values()

    def save(self) -> None:
        """Save what was changed."""
        from hoidesk.book.operations import operations

        changed: dict[str, Any] = {k: v for k, v in self.form.values().items() if v != self._before.get(k)}
        if "office.single_officer" in changed:
            changed["office.single_officer"] = changed["office.single_officer"] == "1"
        if not changed:
            return
        self.form.clear_errors()
        operation = operations()["settings.save"].parse({"values": changed})
        self.app.write(self, operation, lambda _outcome: self.saved_note.say(_("Saved."), "ok"), self._fail)

    def _fail(self, refusal: Refusal) -> None:
        if not self.form.say_error(refusal.field, refusal.text):
            self.fail(refusal)

    def enter(self) -> None:
        """Begin with the language."""
        self.look.mark()
        first = self.look.findChild(FilterChip)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def restyle(self) -> None:
        """Cards are not wider than their fields need."""
        super().restyle()
        if hasattr(self, "_paper"):
            self._paper.setMaximumWidth(em(66))


def build(app: App, desk: Desk) -> Page:
    """The settings page."""
    return SettingsPage(app, desk)


SHOWN = {"setting": frozenset({"key", "value"})}
"""The columns that this page shows: a field for each key, with its value."""
