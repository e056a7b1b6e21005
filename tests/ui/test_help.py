"""F1 opens the page of the place one came from; every place has its page, and its words are those on screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFontInfo, QTextDocument

from hoidesk.language import current_language, use_language
from hoidesk.places import catalogues, resource
from hoidesk.presets import Labels
from tests.ui.conftest import Person
from ui.actions import Act
from ui.app import App
from ui.shell.desk import DeskWidget
from ui.shell.help import GUIDES, HelpPage, help_pages, help_text
from ui.shell.places import PLACES
from ui.shell.window import Window

LANGUAGES = ("vi", "en")
FILES = [(language, page) for language in LANGUAGES for page in help_pages()]
QUOTED = re.compile(r"“([^”]*)”")
LINK = re.compile(r"\]\(([^)]*)\)")


@pytest.fixture
def language() -> Iterator[None]:
    """Give the language back that the test found."""
    before = current_language()
    yield
    use_language(before)


def source(language: str, page: str) -> str:
    return resource("help", language, f"{page}.md").read_text(encoding="utf-8")


def words_on_screen(language: str) -> set[str]:
    from babel.messages.pofile import read_po

    path = catalogues() / language / "LC_MESSAGES" / "hoidesk.po"
    found: set[str] = set()
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            texts = message.string or (message.id if language == "en" else "")
            found |= {texts} if isinstance(texts, str) else set(texts)
    return found


def opened(desk: DeskWidget) -> HelpPage:
    page = desk.page
    assert isinstance(page, HelpPage)
    return page


@pytest.mark.parametrize(("code", "page"), FILES)
def test_every_page_says_what_it_is_what_to_do_and_what_may_go_wrong(code: str, page: str) -> None:
    text = source(code, page)
    lines = text.splitlines()
    assert lines[0].startswith("# ") and len(lines[0]) > 4
    assert len(text.split()) > 60
    assert text.count("\n## ") >= 2
    if page != "security":
        assert lines[2].strip() and not lines[2].startswith("#"), "the second paragraph says what the page is"
        assert ("## Có gì trục trặc" if code == "vi" else "## What may go wrong") in lines


@pytest.mark.parametrize("code", LANGUAGES)
def test_there_is_no_page_that_nobody_can_open(code: str) -> None:
    assert {path.stem for path in resource("help", code).iterdir()} == set(help_pages())


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_in_quotation_marks_stand_on_screen(code: str) -> None:
    known = words_on_screen(code)
    wrong = [f"{page}: {word}" for page in help_pages() for word in QUOTED.findall(source(code, page))
             if word not in known]  # fmt: skip
    assert wrong == []
    assert "Ghi vào sổ" in words_on_screen("vi") and "Ghi vao so" not in words_on_screen("vi")


@pytest.mark.parametrize(("code", "page"), FILES)
def test_links_lead_somewhere(code: str, page: str) -> None:
    places = {f"place:{one.id}" for one in PLACES}
    assert set(LINK.findall(source(code, page))) <= places | set(help_pages()) - {page}


@pytest.mark.parametrize(("code", "page"), FILES)
def test_tier_names_are_inserted(code: str, page: str, language: None) -> None:
    text = source(code, page)
    for name in ("phường", "khu phố", "quận", "huyện", "ward", "quarter", "district"):
        assert not re.search(rf"\b{name}\b", text, re.IGNORECASE), name
    use_language(code)
    filled = help_text(page, Labels("Cấp trên Ấ*a*", "Xã", "Thôn [x](y)", "Tổ"))
    assert "{" not in filled
    plain = QTextDocument()
    plain.setMarkdown(filled)
    if "{label.superior}" in text:
        assert "ấp trên Ấ*a*" in plain.toPlainText()
    if "{label.area}" in text:
        assert "hôn [x](y)" in plain.toPlainText()


def test_titles_of_places_are_those_of_the_menu(language: None) -> None:
    from hoidesk.language import _

    for code in LANGUAGES:
        use_language(code)
        for one in PLACES:
            assert help_text(one.id, None).startswith(f"# {_(one.label)}\n"), one.id


def test_f1_opens_the_help_of_the_page_and_esc_goes_back(desk: DeskWidget, window: Window, person: Person) -> None:
    for place, title in (("meetings", "Sinh hoạt"), ("exchange", "Gửi và nhận"), ("home", "Trang chủ")):
        desk.go(place)
        person.press(Qt.Key.Key_F1)
        assert desk.current == "help"
        page = opened(desk)
        assert page.text.toPlainText().startswith(title + "\n")
        assert page.list.chosen == place
        assert page.text.hasFocus()
        person.press(Qt.Key.Key_Escape)
        assert desk.current == place


def test_links_list_and_sheet_of_keys(desk: DeskWidget, window: Window, person: Person) -> None:
    desk.go("home")
    window.dispatch(Act.HELP)
    page = opened(desk)
    page.text.anchorClicked.emit(QUrl("settings"))
    assert page.text.toPlainText().startswith("Cài đặt\n") and page.list.chosen == "settings"
    page.text.anchorClicked.emit(QUrl("https://example.org/"))
    assert page.text.toPlainText().startswith("Cài đặt\n")
    page.list.setFocus()
    page.list.choose("start")
    person.press(Qt.Key.Key_Down, widget=page.list)
    assert page.text.toPlainText().startswith("Bảo mật")
    page.text.anchorClicked.emit(QUrl("place:shortcuts"))
    assert desk.current == "shortcuts"
    window.dispatch(Act.BACK)
    assert desk.current == "help" and opened(desk).page == "security"
    window.dispatch(Act.BACK)
    assert desk.current == "home"


def test_a_narrow_window_shows_list_or_page(desk: DeskWidget, window: Window, app: App, person: Person) -> None:
    desk.go("areas")
    app.set_text_size(200)
    window.dispatch(Act.HELP)
    page = opened(desk)
    assert page.text.isVisible() and not page.list.isVisible()
    page._to_list.click()
    assert page.list.isVisible() and page.list.hasFocus() and not page.text.isVisible()
    page.list.choose("clock")
    person.press(Qt.Key.Key_Return, widget=page.list)
    assert page.text.isVisible() and page.text.toPlainText().startswith("Câu hỏi về ngày\n")
    assert page.text.horizontalScrollBar().maximum() == 0
    app.set_text_size(100)
    assert page.list.isVisible() and page.text.isVisible()


def test_help_follows_language_text_size_and_labels(desk: DeskWidget, window: Window, app: App) -> None:
    from hoidesk.book.operations import operations

    desk.go("areas")
    window.dispatch(Act.HELP)
    page = opened(desk)
    assert "khu phố" in page.text.toPlainText()
    before = QFontInfo(page.text.document().defaultFont()).pixelSize()
    app.set_text_size(150)
    assert QFontInfo(page.text.document().defaultFont()).pixelSize() > before
    app.set_text_size(100)
    app.set_language("en")
    assert page.text.toPlainText().startswith("Areas\n")
    app.set_language("vi")
    app.write(page, operations()["settings.save"].parse({"values": {"label.area": "Ấp"}}))
    assert "khu phố" not in page.text.toPlainText() and "ấp" in page.text.toPlainText()


def test_help_before_a_book_is_open(window: Window, person: Person) -> None:
    shown = window.unlock.shown()
    person.press(Qt.Key.Key_F1, widget=window)
    page = window._help
    assert page is not None and page.isVisible() and page.page == GUIDES[0]
    assert "Dùng phiếu khôi phục" in page.text.toPlainText()
    page.text.anchorClicked.emit(QUrl("place:shortcuts"))
    assert page.isVisible()
    person.press(Qt.Key.Key_Escape, widget=page.text)
    assert window.unlock.isVisible() and window.unlock.shown() is shown
    window.unlock.help_button.click()
    assert page.isVisible()
