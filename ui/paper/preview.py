"""The pages of a PDF inside the program: pixels are made in the free lane, one page after the other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel

from hoidesk.errors import Refusal
from hoidesk.language import _
from ui.app import App
from ui.theme import em
from ui.widgets.boxes import Scroll, column
from ui.widgets.labels import Note

__all__ = ["PreviewPanel", "image_of"]

SCREEN = 96 / 72
"""Pixels a point at 100 %."""


def image_of(pixels: Any) -> QImage:
    """A picture of the core as one of Qt."""
    return QImage(pixels.rgba, pixels.width, pixels.height, pixels.width * 4, QImage.Format.Format_RGBA8888).copy()


class PreviewPanel(Scroll):
    """Shows a PDF page by page, as wide as there is room, at most a little over its size on paper."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._pdf = b""
        self._turn = 0
        self._drawn = 0
        self._note = Note(role="text2")
        self._pages = column(gap=0.8)
        super().__init__(column(self._note, self._pages, 1, gap=0.6, margins=(1.0, 0.8, 1.0, 0.8)))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.labels: list[QLabel] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self._draw)

    def show_pdf(self, pdf: bytes) -> None:
        """Show another paper."""
        self._pdf = pdf
        self._note.say("")
        self._drawn = 0
        self._draw()

    def say(self, text: str, role: str = "text2") -> None:
        """Say why there is no paper, or that it is being made."""
        self._note.say(text, role)

    @property
    def pdf(self) -> bytes:
        """The paper that is shown; empty while there is none."""
        return self._pdf

    def _room(self) -> int:
        return max(200, self.viewport().width() - em(2.4))

    def _draw(self) -> None:
        if not self._pdf or not self.isVisible() or self._drawn == self._room():
            return
        self._turn += 1
        self._drawn = self._room()
        pdf, turn, room = self._pdf, self._turn, self._drawn
        ratio = self.devicePixelRatioF()

        def measure(_ticket: Any) -> Any:
            from hoidesk.paper.preview import page_sizes

            return page_sizes(pdf)

        self._app.lanes.free.submit(
            measure, owner=self, done=lambda sizes: self._measured(turn, sizes, room, ratio), failed=self._fail
        )

    def _measured(self, turn: int, sizes: Any, room: int, ratio: float) -> None:
        if turn != self._turn:
            return
        self._pages.clear()
        self.labels = []
        for number, size in enumerate(sizes):
            scale = min(room / size.width, SCREEN * em() / 12)
            label = QLabel()
            label.setFixedSize(round(size.width * scale), round(size.height * scale))
            label.setAccessibleName(_("Page {number} of {count}").format(number=number + 1, count=len(sizes)))
            self.labels.append(label)
            self._pages.box.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
            self._page(turn, number, scale * ratio, ratio)

    def _page(self, turn: int, number: int, scale: float, ratio: float) -> None:
        pdf = self._pdf

        def draw(_ticket: Any) -> Any:
            from hoidesk.paper.preview import page_pixels

            return page_pixels(pdf, number, scale)

        self._app.lanes.free.submit(
            draw, owner=self, done=lambda pixels: self._drawn_page(turn, number, pixels, ratio), failed=self._fail
        )

    def _drawn_page(self, turn: int, number: int, pixels: Any, ratio: float) -> None:
        if turn == self._turn and number < len(self.labels):
            picture = QPixmap.fromImage(image_of(pixels))
            picture.setDevicePixelRatio(ratio)
            self.labels[number].setPixmap(picture)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, Refusal):
            self.say(error.text, "bad")
        else:
            self._app.take_error(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new room, once it stays."""
        super().resizeEvent(event)
        self._timer.start()

    def event(self, event: QEvent) -> bool:
        """Draw when the panel is shown."""
        if event.type() == QEvent.Type.Show:
            self._timer.start()
        return super().event(event)
