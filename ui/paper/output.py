"""A paper leaves the program: as a file whose ending chooses the kind, or on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from hoidesk.language import _
from ui.paper.preview import image_of

__all__ = ["ask_file", "ask_printer", "draw_pages", "print_pixels"]

PRINT_SCALE = 200 / 72
"""Pixels a point on paper: 200 dots to the inch, sharp enough for 13 point type."""


def ask_file(parent: QWidget, name: str) -> Path | None:
    """Ask where a paper is written; its ending follows the kind that was chosen."""
    kinds = {".pdf": _("PDF (*.pdf)"), ".docx": _("Word (*.docx)"), ".xlsx": _("Excel, annex tables (*.xlsx)")}
    start = str(Path.home() / f"{name}.pdf")
    chosen, kind = QFileDialog.getSaveFileName(parent, _("Save as a file"), start, ";;".join(kinds.values()))
    if not chosen:
        return None
    path = Path(chosen)
    if path.suffix.lower() not in kinds:
        ending = next((suffix for suffix, words in kinds.items() if words == kind), ".pdf")
        path = path.with_name(path.name + ending)
    return path


def ask_printer(parent: QWidget) -> Any | None:
    """Ask for a printer; None when the question was left."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None


def print_pixels(pdf: bytes) -> list[Any]:
    """Every page as pixels for paper; runs outside the UI thread."""
    from hoidesk.paper.preview import page_pixels, page_sizes

    return [page_pixels(pdf, number, PRINT_SCALE) for number in range(len(page_sizes(pdf)))]


def draw_pages(printer: Any, pages: list[Any]) -> None:
    """Draw pages on a printer, each turned as it is."""
    from PySide6.QtGui import QPageLayout

    painter = QPainter()
    for number, pixels in enumerate(pages):
        wide = pixels.width > pixels.height
        orientation = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(orientation)
        printer.setFullPage(True)
        if number == 0:
            painter.begin(printer)
        else:
            printer.newPage()
        painter.drawImage(QRect(0, 0, printer.width(), printer.height()), image_of(pixels))
    painter.end()
