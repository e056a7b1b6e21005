"""Choosing where a package goes or comes from: drives found by themselves, or any folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog

from hoidesk.language import _
from ui.app import App
from ui.exchange.words import size_words
from ui.widgets.boxes import Box, row
from ui.widgets.buttons import Button, Choice
from ui.widgets.labels import Label

if TYPE_CHECKING:
    from hoidesk.exchange.finding import Drive

__all__ = ["PlaceChooser"]

_POLL_MS = 2000


class PlaceChooser(Box):
    """The removable drives by name, size and free space, and a button for any other folder.

    ``chosen`` holds the folder; nothing is chosen at the start unless exactly one stick is there, or the one that was
    written to last. Drives are looked for again while the chooser is visible.
    """

    changed = Signal()

    def __init__(self, app: App, *, writing: bool) -> None:
        super().__init__(gap=0.4)
        self._app = app
        self._writing = writing
        self._drives: list[Drive] | None = None
        self._folder: Path | None = None
        self._seen: set[Path] = set()
        self._choices = Box(gap=0.4)
        self._note = Label("", role="text2", wrap=True)
        self.other = Button(lambda: _("Choose a folder"), icon="folder-open", click=self._ask_folder)
        self.add(self._choices, row(self.other, 1), self._note)
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._look)

    @property
    def chosen(self) -> Path | None:
        """The folder or stick that was chosen."""
        return self._folder

    def start(self) -> None:
        """Begin to look for drives: the panel is shown."""
        self._look()
        self._timer.start()

    def stop(self) -> None:
        """Stop looking: the panel is left, or the stick is being written."""
        self._timer.stop()

    def focus_first(self) -> None:
        """Put the focus on the first stick, or on the button for a folder."""
        first = self._choices.findChild(Choice)
        (first if isinstance(first, Choice) else self.other).setFocus()

    def forget(self) -> None:
        """Choose anew: as if the panel were opened for the first time."""
        self._folder, self._drives = None, None
        self._show()

    def remember(self) -> None:
        """Propose this place first next time, on this PC."""
        if self._folder is not None:
            self._app.settings.change(last_stick=str(self._folder))

    def choose(self, folder: Path) -> None:
        """Choose a folder; also for a folder that was dropped on the page."""
        self._folder = folder
        self._show()
        self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees the drives: stop looking."""
        super().hideEvent(event)
        self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at once, and go on looking."""
        super().showEvent(event)
        if self._drives is not None:
            self.start()

    def _ask_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, _("Choose a folder"), str(self._folder or Path.home()))
        if found:
            self.choose(Path(found))

    def _look(self) -> None:
        from hoidesk.exchange.finding import drives

        self._app.lanes.free.submit(
            lambda _ticket: [d for d in drives() if d.removable], owner=self, done=self._take, failed=lambda _e: None
        )

    def _take(self, found: list[Drive]) -> None:
        if found == self._drives:
            return
        first = self._drives is None
        self._drives = found
        self._seen |= {d.path for d in found}
        usable = [d for d in found if not (self._writing and d.read_only)]
        if first and self._folder is None:
            last = [d for d in usable if str(d.path) == self._app.settings.now.last_stick]
            only = last if self._writing and last else usable
            if len(only) == 1:
                self._folder = only[0].path
                self.changed.emit()
        elif self._folder is not None and self._folder in self._gone(found):
            self._folder = None  # it was pulled out
            self.changed.emit()
        self._show()

    def _gone(self, found: list[Drive]) -> set[Path]:
        here = {d.path for d in found}
        return {path for path in self._seen if path not in here}

    def _show(self) -> None:
        self._choices.clear()
        for drive in self._drives or []:
            self._choices.add(row(self._choice(drive), 1))
        known = {d.path for d in self._drives or []}
        if self._folder is not None and self._folder not in known:
            self._note.say(_("Chosen: {path}").format(path=self._folder))
        elif not known:
            self._note.say(_("No stick is in this PC. Plug one in, or choose a folder."))
        else:
            self._note.say("")

    def _choice(self, drive: Drive) -> Choice:
        text = _("{name}, {size}, {free} free").format(
            name=drive.name, size=size_words(drive.size), free=size_words(drive.free)
        )
        if drive.read_only:
            text = _("{name}: cannot be written to").format(name=drive.name)
        choice = Choice(text)
        choice.setChecked(drive.path == self._folder)
        choice.setEnabled(not (self._writing and drive.read_only))
        # A second click on the chosen one chooses it again: at a receive that looks at the stick once more.
        choice.toggled.connect(lambda _on, path=drive.path: self.choose(path))
        return choice
