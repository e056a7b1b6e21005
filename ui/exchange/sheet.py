"""The A5 sheet that may go with a package: shown, printed, or kept as a file. Nothing in the program needs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.paper.output import ask_printer, draw_pages, print_pixels
from ui.paper.preview import PreviewPanel
from ui.widgets.boxes import Box, Card
from ui.widgets.buttons import Button
from ui.widgets.messages import ActionBar

__all__ = ["SheetPanel"]


class SheetPanel(Box):
    """The sheet of one package; Esc goes back to where it was asked for."""

    def __init__(self, app: App, leave: Callable[[], None], fail: Callable[[Refusal], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._fail_page = fail
        self._name = ""
        self.preview = PreviewPanel(app)
        self.print_ = Button(lambda: _("Print"), kind="primary", icon="printer", key=Act.PRINT, click=self.print_sheet)
        self.keep = Button(lambda: _("Save as PDF"), icon="save", click=self._ask_file)
        self.bar = ActionBar(Button(lambda: _("Back"), key="Esc", click=leave), self.keep, self.print_, lead="")
        self.add(Card(self.preview, margins=(0, 0, 0, 0)), Card(self.bar, margins=(0, 0, 0, 0)))
        self.box.setStretch(0, 1)

    def begin(self, number: int) -> None:
        """Show the sheet of this package."""
        self._name = f"giao-nhan-{number}"
        self.preview.setAccessibleName(_("Handover sheet"))
        self.bar.say(_("One A5 page to go with package {number}; it is not needed.").format(number=number))
        self.print_.setFocus()

        def task(book: Any, _ticket: Any) -> bytes:
            from hoidesk.exchange.handing_over import handover_sheet

            return handover_sheet(book, number)

        self._app.work(self, task, self.preview.show_pdf, self._fail_page, writes=False)

    def print_sheet(self) -> None:
        """Ask for a printer and print."""
        pdf = self.preview.pdf
        printer = ask_printer(self) if pdf else None
        if printer is not None:
            self._app.lanes.free.submit(
                lambda _ticket: print_pixels(pdf), owner=self, done=lambda pages: draw_pages(printer, pages)
            )

    def _ask_file(self) -> None:
        start = str(Path.home() / f"{self._name}.pdf")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Save as a file"), start, _("PDF (*.pdf)"))
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Write the sheet to a file."""
        from hoidesk.book.files import write_atomic

        try:
            write_atomic(path, self.preview.pdf)
        except Refusal as refusal:
            self._fail_page(refusal)
            return
        self.bar.say(_("Written to {path}.").format(path=path))
