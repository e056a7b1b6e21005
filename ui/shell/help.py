"""Help inside the window: short pages from resources/help, the one of the page that was left first.

A page is a Markdown file, a line a paragraph, named after its place; a link names another page, or a place of the
desk after ``place:``. Tier names are placeholders, filled with the labels of the office. Words in “…” stand on screen
like that, words in ‘…’ are examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QFont, QResizeEvent, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QTextBrowser

from hoidesk.language import _, current_language
from hoidesk.places import resource
from ui.actions import Act
from ui.app import App
from ui.shell.page import Desk, Page
from ui.shell.places import PLACES
from ui.theme import colours, em, follow_language, font
from ui.widgets.boxes import Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column, GroupRow
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.presets import Labels

__all__ = ["GUIDES", "HelpPage", "build", "help_alone", "help_pages", "help_text"]

GUIDES: Final = ("start", "security", "enrolment", "clock", "duplicates")
"""Pages that belong to no place: they stand first."""

_LINE: Final = re.compile(r"^(\s*(?:#+ |[-*] |\d+\. )?)(.*)$", re.MULTILINE)
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>#|])")


def help_pages() -> tuple[str, ...]:
    """The ids of all pages in reading order: the guides, then one for each place."""
    return GUIDES + tuple(one.id for one in PLACES)


@cache
def _source(page: str, language: str) -> str:
    for code in (language, "vi"):
        path = resource("help", code, f"{page}.md")
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return ""


def help_text(page: str, labels: Labels | None) -> str:
    """A page as Markdown in the language in use, with the labels of the office; empty if there is no such page."""
    from hoidesk.presets import DEFAULT_LABELS, Labels, fill_labels

    found = labels or DEFAULT_LABELS
    # What an office typed as a label is shown as typed, never read as markup.
    names = (found.superior, found.unit, found.area, found.group)
    safe = Labels(*(_MARKUP.sub(r"\\\1", name) for name in names))
    return _LINE.sub(lambda line: line[1] + fill_labels(line[2], safe), _source(page, current_language()))


def _title(page: str, labels: Labels | None) -> str:
    found = help_text(page, labels).partition("\n")[0].removeprefix("# ")
    return found or next((_(one.label) for one in PLACES if one.id == page), page)


class _Text(QTextBrowser):
    """Reads like paper: headings of the window's sizes, lines that end where they are still easy to follow."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_text(self, markdown: str) -> None:
        """Set a page from its beginning."""
        document = self.document()
        document.setDefaultFont(font())
        document.setIndentWidth(em(1.4))
        dialect = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
        document.setMarkdown(markdown, dialect)
        document.setDocumentMargin(em(0.4))
        block = document.begin()
        while block.isValid():
            _set_block(block)
            block = block.next()
        self._set_width()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _set_width(self) -> None:
        frame = self.document().rootFrame()
        look = frame.frameFormat()
        look.setRightMargin(max(em(0.4), self.viewport().width() - em(54)))
        frame.setFrameFormat(look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines keep their length."""
        super().resizeEvent(event)
        self._set_width()


def _set_block(block: QTextBlock) -> None:
    look = block.blockFormat()
    level = look.headingLevel()
    inside = block.textList() is not None
    look.setTopMargin(em({0: 0.15 if inside else 0.3, 1: 0.0}.get(level, 0.9)))
    look.setBottomMargin(em(0.15 if inside else 0.3))
    cursor = QTextCursor(block)
    cursor.setBlockFormat(look)
    _underline_links(block)
    if not level:
        return
    cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
    made = QTextCharFormat()
    made.setProperty(QTextFormat.Property.FontPixelSize, em(1.43 if level == 1 else 1.07))
    made.setFontWeight(QFont.Weight.Bold)
    cursor.setCharFormat(made)


def _underline_links(block: QTextBlock) -> None:
    """Colour alone would not tell a link from other words."""
    underlined = QTextCharFormat()
    underlined.setFontUnderline(True)
    part = block.begin()
    while not part.atEnd():
        fragment = part.fragment()
        if fragment.charFormat().isAnchor():
            cursor = QTextCursor(block)
            cursor.setPosition(fragment.position())
            cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(underlined)
        part += 1


class HelpPage(Page):
    """The list of pages at the left, one page to read at the right; links lead to other pages."""

    tables = frozenset({"setting"})

    def __init__(self, app: App, desk: Desk) -> None:
        self.text = _Text()
        self.page = GUIDES[0]
        columns = (Column("page", lambda: _("Contents"), lambda page: Cell(_title(page, app.labels))),)
        self.list = TableView(columns, self._fetch, name=lambda: _("Contents"), row_height=2.2)
        self.list.horizontalHeader().hide()
        self._to_list = Button(lambda: _("Contents"), icon="list", click=self._show_list)
        super().__init__(app, desk)
        self._list_card = Card(self.list, margins=(0, 0.3, 0, 0.3))
        head = row(self._to_list, 1, Button(lambda: _("Back"), key=Act.BACK, click=desk.back))
        self._text_card = Card(head, self.text, margins=(1.4, 0.8, 0.6, 0.8), gap=0.2)
        self._text_card.content.box.setStretch(1, 1)
        pane = row(self._list_card, self._text_card, gap=0.8)
        pane.box.setStretch(1, 1)
        self.body.addWidget(pane, 1)
        self.list.set_keys(
            [
                GroupRow(lambda: _("First steps")),
                *GUIDES,
                GroupRow(lambda: _("Pages of the window")),
                *(one.id for one in PLACES),
            ]
        )
        self.list.current.connect(self._read)
        self.list.opened.connect(self._opened)
        self.list.clicked.connect(self._clicked)
        self.text.anchorClicked.connect(self._follow)
        self.handlers = {Act.BACK: desk.back}
        self.set_width_class(self.width_class)
        follow_language(self)
        self.restyle()

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Help")

    def refresh(self) -> None:
        """Set the page in the language, the labels and the look in use."""
        self.list.ids.refresh_rows()
        self._read(self.page)

    def show_only(self, what: str) -> None:
        """Open the help page of a place, or a guide."""
        self._read(what if what in help_pages() else GUIDES[0])
        self._show_text()

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver(keys)

    def _read(self, page: Any) -> None:
        self.page = str(page)
        self.list.choose(self.page, quiet=True)
        text = help_text(self.page, self.app.labels)
        self.text.show_text(text or _("There is no help page here yet. Ctrl+/ shows all keys."))

    def _opened(self, page: Any) -> None:
        self._read(page)
        self._show_text()

    def _clicked(self, index: QModelIndex) -> None:
        if self.width_class == 1 and not isinstance(self.list.ids.key(index.row()), GroupRow):
            self._show_text()

    def _follow(self, link: QUrl) -> None:
        name = link.toString()
        if name in help_pages():
            self.show_only(name)
        elif self.app.book is not None and name.removeprefix("place:") in {one.id for one in PLACES}:
            self.desk.go(name.removeprefix("place:"))

    # -- look

    def _show_list(self) -> None:
        self._list_card.show()
        self._text_card.hide()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_text(self) -> None:
        self._text_card.show()
        self._list_card.setVisible(self.width_class > 1)
        self.enter()

    def enter(self) -> None:
        """Let the arrows scroll."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_width_class(self, number: int) -> None:
        """Narrow: the list or the page, never both."""
        super().set_width_class(number)
        self._fit_list()
        self._to_list.setVisible(number == 1)
        self._text_card.show()
        self._list_card.setVisible(number > 1)

    def retranslate(self) -> None:
        """Read the page again in the other language."""
        self.text.setAccessibleName(_("Help"))
        self.refresh()

    def restyle(self) -> None:
        """Compute sizes and colours again."""
        super().restyle()
        self.text.setStyleSheet(f"QTextBrowser {{ background: {colours().surface}; color: {colours().text}; }}")
        if hasattr(self, "_list_card"):
            self._fit_list()
            self._read(self.page)

    def _fit_list(self) -> None:
        self._list_card.setMinimumWidth(em(16))
        self._list_card.setMaximumWidth(em(16) if self.width_class > 1 else 16_777_215)


class _Alone:
    """The frame of help that is read before a book is open: there is only the way back."""

    def __init__(self, leave: Callable[[], object]) -> None:
        self._leave = leave

    def go(self, place: str, record: UUID | None = None, only: str = "") -> None:
        """No page can be opened without a book."""

    def back(self) -> None:
        """Go back to the card that opens a book."""
        self._leave()

    def title_changed(self) -> None:
        """There is no header."""


def help_alone(app: App, leave: Callable[[], object]) -> HelpPage:
    """Help before a book is open; ``leave`` goes back."""
    return HelpPage(app, _Alone(leave))


def build(app: App, desk: Desk) -> Page:
    """The help page."""
    return HelpPage(app, desk)
