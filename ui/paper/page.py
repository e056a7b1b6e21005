"""Reports: the period, the officer's words, the pages, the figures with their records, and what was issued."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.dates import today
from ui.actions import Act
from ui.app import App
from ui.paper.figures import FigureLine, FiguresPanel, ReportedForm, figure_lines
from ui.paper.issued import IssuedPanel, IssueForm, next_number
from ui.paper.output import ask_file, ask_printer, draw_pages, print_pixels
from ui.paper.period import Period, PeriodBar
from ui.paper.preview import PreviewPanel
from ui.paper.sections import SectionsPanel
from ui.shell.page import Desk, Page
from ui.widgets.boxes import Box, Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.tabs import Tabs
from ui.widgets.words import Words

if TYPE_CHECKING:
    from hoidesk.book.book import Book
    from hoidesk.paper.half_year import Composed, SectionView
    from hoidesk.paper.rows import IssuedPaperRow, StoredText

__all__ = ["ReportsPage", "build"]

SHOWN = {
    "section_text": {"outline", "section", "period_from", "period_to", "text", "lead", "no_lead"},
    "reported_figure": {
        "figure", "dimensions", "window_from", "window_to", "as_of", "value", "kind", "source",
    },
    "paper": {
        "kind", "title", "number", "issued_on", "period_from", "period_to", "as_of", "signer_post", "signer_name",
        "outline_version", "figures", "body",
    },
}  # fmt: skip
"""The columns that this page shows: as words of a section, as figures, as the list and pages of issued papers."""

SECTIONS, PAGES, FIGURES, ISSUED = range(4)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it would be issued now, with its sections, its figures and the issued papers."""

    composed: Composed
    sections: tuple[SectionView, ...]
    stored: dict[str, StoredText]
    lines: list[FigureLine]
    papers: list[IssuedPaperRow]
    rounds: list[Any]


def read_report(connection: Any, book: Book, period: Period, labels: Any) -> Report:
    """Compose the report of a period; runs in the lane of the book."""
    from hoidesk.assessment.rows import round_rows
    from hoidesk.figures.window import Window
    from hoidesk.paper.half_year import compose_half_year, report_sections
    from hoidesk.paper.rows import issued_papers, section_texts

    window = Window(period.first, period.last)
    composed = compose_half_year(connection, book.unit, window, as_of=period.as_of)
    return Report(
        composed,
        tuple(report_sections(connection, book.unit, window)),
        section_texts(connection, book.unit.code, "half_year", window),
        figure_lines(connection, composed, period, labels),
        issued_papers(connection),
        round_rows(connection),
    )


class ReportsPage(Page):
    """Everything about one report behind four tabs; forms of issuing and of reported values lie over them."""

    tables = frozenset(
        {
            "area", "association", "branch", "post", "membership", "party_status", "meeting", "agenda_item",
            "petition", "petition_reply", "forwarded_petition", "registration", "target", "limitation", "round",
            "assessment", "approval", "reported_figure", "paper", "section_text", "setting",
        }
    )  # fmt: skip

    def __init__(self, app: App, desk: Desk) -> None:
        self._report: Report | None = None
        self._shown_paper: Any = None  # what the preview shows: the report as it would be, or an issued paper
        self._issued_open: UUID | None = None
        super().__init__(app, desk)
        self.bar = PeriodBar()
        self.sections = SectionsPanel()
        self.preview = PreviewPanel(app)
        self.figures = FiguresPanel(app, desk)
        self.issued = IssuedPanel(app)
        self.issuing = IssueForm(app)
        self.reporting = ReportedForm(app)
        self.to_list = Button(lambda: _("List"), icon="arrow-left", key=Act.BACK, click=self.back)
        self.file_button = Button(lambda: _("Save as a file"), icon="save", click=self.save_file)
        self.print_button = Button(lambda: _("Print"), icon="printer", key=Act.PRINT, click=self.print)
        self.issue_button = Button(
            lambda: _("Issue"), kind="primary", icon="check", key=Act.PRIMARY, click=self.begin_issue
        )
        self.tabs = Tabs()
        self._preview_head = Label("", bold=True, wrap=True)
        self._to_current = Button(
            lambda: _("Back to the report of the period"), kind="quiet", icon="arrow-left", click=self._show_current
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._acts = row(self.to_list, self.file_button, self.print_button, self.issue_button, 1)
        self._head = row(self.bar, self._acts, gap=0.6)
        self._head.box.setStretch(0, 1)
        head = Card(self._head, margins=(0.9, 0.6, 0.9, 0.6))
        self._preview_line = row(self._preview_head, self._to_current, margins=(1.0, 0.5, 1.0, 0.3))
        self._preview_line.box.setStretch(0, 1)
        self._preview_line.hide()
        pages = column(self._preview_line, self.preview, gap=0)
        pages.box.setStretch(1, 1)
        for words, panel in (
            (lambda: _("Sections"), self.sections),
            (lambda: _("Pages"), pages),
            (lambda: _("Figures"), self.figures),
            (lambda: _("Issued papers"), self.issued),
        ):
            self.tabs.add(words, panel)
        self._report_view = Box(head, self.tabs, gap=0.5)
        self._report_view.box.setStretch(1, 1)
        self._stack = QStackedWidget()
        for view in (self._report_view, self.issuing, self.reporting):
            self._stack.addWidget(view)
        self.body.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.bar.changed.connect(self._on_period)
        self.bar.refused.connect(lambda text: self.message.say(text))
        self.sections.saved.connect(self._save_words)
        self.sections.outline_asked.connect(lambda: self.desk.go("outlines"))
        self.figures.report_asked.connect(self._begin_reported)
        self.issued.opened.connect(self.open_issued)
        self.issued.file_asked.connect(self._file_of_issued)
        self.issuing.issued.connect(self._issued)
        self.issuing.left.connect(self.to_report)
        self.reporting.left.connect(self.to_report)
        self.reporting.saved.connect(self.to_report)
        self.handlers = {
            Act.PRIMARY: self._primary,
            Act.SAVE: self._save,
            Act.PRINT: self.print,
            Act.NEXT_TAB: self.tabs.next,
            Act.BACK: self.back,
        }
        self.app.language_changed.connect(self._touch)
        self.restyle()

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Reports")

    # -- reading

    def refresh(self) -> None:
        """Compose the report of the period again."""
        book, period, labels = self.app.book, self.bar.period, self.app.labels
        if book is None:
            return
        if self._report is None:
            self.preview.say(_("The report is being made…"))
        self.ask(lambda connection: read_report(connection, book, period, labels), self._take)

    def _take(self, report: Report) -> None:
        self._report = report
        self.bar.set_rounds(report.rounds)
        self.sections.take(report.sections, report.stored, self.bar.period)
        self.figures.take(report.lines)
        self.issued.take(report.papers)
        self.tabs.say(ISSUED, lambda: _("Issued papers ({count})").format(count=len(report.papers)))
        if self._issued_open is None:
            self._set_paper(report.composed.paper)

    def _on_period(self) -> None:
        self.message.say("")
        self.sections.save()
        self._issued_open = None
        self._preview_line.hide()
        self.refresh()

    def _set_paper(self, paper: Any) -> None:
        self._shown_paper = paper

        def work(_ticket: Any) -> bytes:
            from hoidesk.paper.report import paper_bytes

            return paper_bytes(paper, ".pdf")

        def done(pdf: bytes) -> None:
            if self._shown_paper is paper:
                self.preview.show_pdf(pdf)

        self.app.lanes.free.submit(work, owner=self, done=done, failed=self._fault)

    def _fault(self, error: Exception) -> None:
        if isinstance(error, Refusal):
            self.fail(error)
        else:
            self.app.take_error(error)

    # -- the officer's words

    def _save_words(self, given: dict[str, Any]) -> None:
        from hoidesk.book.operations import operations

        try:
            operation = operations()["section_text.save"].parse(given)
        except Refusal as refusal:
            self.fail(refusal)
            return
        self.app.write(self, operation, None, self.fail)

    # -- figures

    def _begin_reported(self, line: FigureLine) -> None:
        period = self.bar.period
        self._stack.setCurrentWidget(self.reporting)
        self.reporting.begin(line, period, period.as_of or period.last)

    # -- issuing

    def begin_issue(self) -> None:
        """Ask for number, day and signer."""
        report, book = self._report, self.app.book
        if report is None or book is None or self._stack.currentWidget() is not self._report_view:
            return
        self.sections.save()
        self._stack.setCurrentWidget(self.issuing)
        number = next_number(report.papers, book.unit.code)
        self.issuing.begin(self.bar.period, number, len(report.composed.missing))

    def _issued(self, id_: UUID) -> None:
        self.to_report()
        self.tabs.bar.setCurrentIndex(ISSUED)
        self.issued.choose(id_)

    def open_issued(self, id_: UUID) -> None:
        """Show the pages of an issued paper exactly as it was issued."""
        from hoidesk.paper.rows import issued_paper_body

        self._issued_open = id_
        self.ask(lambda connection: issued_paper_body(connection, id_), self._show_issued)

    def _show_issued(self, paper: Any) -> None:
        self._preview_head.say(_("As issued: {title}").format(title=paper.title))
        self._preview_line.show()
        self.tabs.bar.setCurrentIndex(PAGES)
        self._set_paper(paper)

    def _show_current(self) -> None:
        self._issued_open = None
        self._preview_line.hide()
        if self._report is not None:
            self._set_paper(self._report.composed.paper)

    def show_record(self, record: UUID) -> None:
        """Show an issued paper."""
        self.tabs.bar.setCurrentIndex(ISSUED)
        self.issued.choose(record)

    # -- files and printer

    def save_file(self) -> None:
        """Ask for a file and write the paper that the preview shows."""
        if self._shown_paper is not None:
            path = ask_file(self, _("Report {year}").format(year=self.bar.period.last.year))
            if path is not None:
                self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the paper that the preview shows; its ending chooses PDF, Word or Excel."""
        paper = self._shown_paper

        def work(_ticket: Any) -> Path:
            from hoidesk.paper.report import write_paper

            return write_paper(paper, path)

        def done(written: Path) -> None:
            self.message.say(lambda: _("Written: {path}").format(path=written), "ok")

        self.app.lanes.free.submit(work, owner=self, done=done, failed=self._fault)

    def _file_of_issued(self, id_: UUID) -> None:
        path = ask_file(self, _("Report {year}").format(year=today().year))
        if path is None:
            return

        def work(book: Book, _ticket: Any) -> Any:
            from hoidesk.paper.report import write_issued

            return write_issued(book, id_, path)

        self.app.work(
            self,
            work,
            lambda _written: self.message.say(lambda: _("Written: {path}").format(path=path), "ok"),
            self.fail,
            writes=False,
        )

    def print(self) -> None:
        """Ask for a printer and print the pages of the preview."""
        pdf = self.preview.pdf
        printer = ask_printer(self) if pdf else None
        if printer is not None:
            self.app.lanes.free.submit(
                lambda _ticket: print_pixels(pdf),
                owner=self,
                done=lambda pages: draw_pages(printer, pages),
                failed=self._fault,
            )

    # -- keys and frame

    def _primary(self) -> None:
        current = self._stack.currentWidget()
        if current is self.issuing:
            self.issuing.issue()
        elif current is self.reporting:
            self.reporting.write()
        else:
            self.begin_issue()

    def _save(self) -> None:
        if self._stack.currentWidget() is self.reporting:
            self.reporting.write()
        elif self._stack.currentWidget() is self._report_view:
            self.sections.save()

    def to_report(self) -> None:
        """Back from a form."""
        self._stack.setCurrentWidget(self._report_view)
        self.enter()

    def back(self) -> None:
        """Esc: out of the form; from the words to their list; then to the page before."""
        if self._stack.currentWidget() is not self._report_view:
            self.to_report()
        elif any(panel.close_right() for panel in (self.sections, self.figures, self.issued)):
            self.sections.save()
            self.enter()
        elif self.sections.text.hasFocus():
            self.sections.save()
            self.sections.table.setFocus()
        else:
            self.sections.save()
            self.desk.back()

    def enter(self) -> None:
        """Begin in the open tab."""
        places = (self.sections.table, self.preview, self.figures.table, self.issued.table)
        places[max(0, self.tabs.bar.currentIndex())].setFocus()

    def set_width_class(self, number: int) -> None:
        """The period above the acts in a narrow window; panels one below the other."""
        super().set_width_class(number)
        direction = self._head.box.Direction
        self._head.box.setDirection(direction.LeftToRight if number == 3 else direction.TopToBottom)
        self.bar.set_narrow(number == 1)
        self.to_list.setVisible(number == 1)
        for panel in (self.sections, self.figures, self.issued):
            panel.set_width_class(number)


def build(app: App, desk: Desk) -> Page:
    """The page of reports."""
    return ReportsPage(app, desk)
