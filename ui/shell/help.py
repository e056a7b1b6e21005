"""Help inside the window: the pages of resources/help, the one of the open page first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser

from hoidesk.language import _, current_language
from hoidesk.places import resource
from ui.actions import Act
from ui.app import App
from ui.shell.page import Desk, Page
from ui.theme import colours, em, font
from ui.widgets.boxes import Card
from ui.widgets.words import Words

__all__ = ["HelpPage", "build"]


class HelpPage(Page):
    """One long page to read, from the shipped help in the language in use."""

    def __init__(self, app: App, desk: Desk) -> None:
        self._text = QTextBrowser()
        super().__init__(app, desk)
        self._text.setOpenLinks(False)
        self._text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._text.setAccessibleName(_("Help"))
        self.body.addWidget(Card(self._text, margins=(1.1, 1.0, 1.1, 1.0)), 1)
        self.handlers = {Act.BACK: desk.back}
        app.language_changed.connect(self.refresh)

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Help")

    def refresh(self) -> None:
        """Read the help in the language in use."""
        for name in (f"desk.{current_language()}.md", "desk.vi.md"):
            path = resource("help", name)
            if path.is_file():
                self._text.setMarkdown(path.read_text(encoding="utf-8"))
                return
        self._text.setPlainText(_("There is no help page here yet. Ctrl+/ shows all keys."))

    def enter(self) -> None:
        """Let the arrows scroll."""
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def restyle(self) -> None:
        """Compute the font again."""
        super().restyle()
        self._text.setFont(font())
        self._text.document().setDefaultFont(font())
        self._text.document().setDocumentMargin(em(0.5))
        self._text.setStyleSheet(f"QTextBrowser {{ background: {colours().surface}; }}")


def build(app: App, desk: Desk) -> Page:
    """The help page."""
    return HelpPage(app, desk)
