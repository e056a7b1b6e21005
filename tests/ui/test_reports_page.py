"""The report inside the program: words are kept, pages drawn, figures traced, files written, papers issued."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from hoidesk.paper.preview import page_sizes
from tests.ui.conftest import Person
from ui.paper.output import draw_pages, print_pixels
from ui.paper.page import FIGURES, ISSUED, PAGES, ReportsPage
from ui.paper.period import Period
from ui.shell.desk import DeskWidget
from ui.shell.window import Window

Query = Callable[[str], list[tuple[Any, ...]]]
FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
WORDS = "Phường có 2 khu phố; thầy cô vận động quỹ học bổng."


@pytest.fixture
def page(window: Window, desk: DeskWidget) -> ReportsPage:
    """The page of reports on the first half of 2026."""
    desk.go("reports")
    page = desk.page
    assert isinstance(page, ReportsPage)
    if page.bar.period != FIRST_HALF:
        page.bar.set_period(FIRST_HALF)
    return page


def test_words_are_kept_and_offered_in_the_next_period(page: ReportsPage, person: Person, query: Query) -> None:
    missing = [view for view in page.sections._views.values() if view.missing]
    assert page.sections._shown == missing[0].id
    person.type(WORDS, page.sections.text)
    person.press(Qt.Key.Key_Escape, widget=page.sections.text)  # leaving the words keeps them
    page.sections.save()
    assert query("SELECT section, text, period_from FROM section_text") == [(missing[0].id, WORDS, "2026-01-01")]
    assert len([view for view in page.sections._views.values() if view.missing]) == len(missing) - 1
    page.bar.set_period(Period(date(2026, 7, 1), date(2026, 12, 31)))
    view = page.sections._views[missing[0].id]
    assert view.text == "" and view.offered == WORDS
    page.sections.table.choose(missing[0].id)
    page.sections.take_over.click()
    assert len(query("SELECT 1 FROM section_text")) == 2


def test_a_section_is_loaded_where_the_list_stands_on_it_already(page: ReportsPage) -> None:
    panel = page.sections
    views = list(panel._views.values())
    first = next((view for view in views if view.missing), views[0]).id
    panel.table.choose(first)
    panel._shown = ""  # as after the first reading: the list with the focus chose its row before there were words
    panel._title.say("")
    panel.take(views, panel._stored, FIRST_HALF)
    assert panel._shown == first and panel._title.text()


def test_pages_are_drawn_and_printed_and_unsaved_words_stay(
    page: ReportsPage, person: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    person.type("Đang gõ dở", page.sections.text)
    page.refresh()
    assert page.sections.text.toPlainText() == "Đang gõ dở"
    page.bar.last.setText("31/02/2026")
    page.bar.last.editingFinished.emit()
    assert page.message.isVisible() and page.bar.period.last == date(2026, 6, 30)
    page.tabs.bar.setCurrentIndex(PAGES)
    page.preview._draw()
    qtbot.waitUntil(lambda: bool(page.preview.labels))
    assert page.preview.pdf.startswith(b"%PDF-") and len(page.preview.labels) >= 3
    image = page.preview.labels[0].pixmap().toImage()
    dark = sum(image.pixelColor(x, y).lightness() < 100 for x in range(0, image.width(), 3) for y in range(0, 400, 3))
    assert dark > 200  # the letterhead is really there
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    draw_pages(printer, print_pixels(page.preview.pdf))
    printed = page_sizes((tmp_path / "in.pdf").read_bytes())
    assert len(printed) == len(page.preview.labels)
    assert {size.width > size.height for size in printed} == {True, False}  # wide annexes lie across


def test_a_figure_names_its_records_and_takes_a_reported_value(page: ReportsPage, person: Person, query: Query) -> None:
    page.tabs.bar.setCurrentIndex(FIGURES)
    line = next(one for one in page.figures._lines.values() if one.figure == "areas_total")
    page.figures.table.choose(line.key)
    assert {found[2] for found in page.figures._records.values()} == {"Khu phố 1", "Khu phố 2"}
    page.figures.enter_button.click()
    form = page.reporting.form
    person.type("3", form.editors["value"].field)
    person.type("Báo cáo của khu phố", form.editors["source"].field)
    page.reporting.write()
    assert query("SELECT figure, value, kind, source FROM reported_figure") == [
        ("areas_total", "3", "reported", "Báo cáo của khu phố")
    ]
    again = next(one for one in page.figures._lines.values() if one.figure == "areas_total")
    assert again.reported.startswith("3 ") and again.value.startswith("2")  # beside, never instead


def test_files_and_issuing(page: ReportsPage, tmp_path: Path, query: Query) -> None:
    for name in ("bao cao.pdf", "báo cáo.docx", "phu luc.xlsx"):
        page.save_to(tmp_path / name)
        assert page.message.isVisible() and (tmp_path / name).stat().st_size > 4000
    with zipfile.ZipFile(tmp_path / "báo cáo.docx") as parts:
        assert "word/document.xml" in parts.namelist()
    page.save_to(tmp_path / "khong co" / "x.pdf")
    assert "khong co" in page.message.text() and not (tmp_path / "khong co").exists()
    page.begin_issue()
    form = page.issuing.form
    assert form.values()["number"] == "1" and page.issuing.bar.sentence.text()
    form.editors["signer_post"].set_value("Chủ tịch")
    page.issuing.issue()
    assert query("SELECT number, signer_post FROM paper") == [("1", "Chủ tịch")]
    assert page.tabs.bar.currentIndex() == ISSUED
    shown = page.issued.table.chosen
    assert shown is not None
    page.open_issued(shown)  # type: ignore[arg-type]
    assert page.tabs.bar.currentIndex() == PAGES and page._shown_paper is not page._report
    page.begin_issue()
    form.editors["number"].set_value("1")
    page.issuing.issue()
    assert form.editors["number"].error()  # the number is already used this year
    assert query("SELECT count(*) FROM paper") == [(1,)]
