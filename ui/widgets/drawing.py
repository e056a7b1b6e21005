"""Painting shared by widgets and table cells: round rectangles, chips, elided texts."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from ui.icons import pixmap_in
from ui.palettes import Palette, Tone
from ui.theme import em, font

__all__ = ["chip_width", "draw_box", "draw_chip", "draw_icon", "draw_text"]

CHIP_HEIGHT = 1.75
_TONE_ICONS: dict[Tone, str] = {
    "bad": "circle-alert",
    "warn": "clock",
    "ok": "check",
    "neutral": "info",
    "waiting": "download",
}


def draw_box(
    painter: QPainter, rect: QRectF, *, fill: str | None, edge: str | None, width: float = 1, radius: float = 4
) -> None:
    """A filled round rectangle whose edge lies inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    inset = width / 2 if edge else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def draw_text(painter: QPainter, rect: QRect, text: str, colour: str, *, right: bool = False) -> None:
    """One line, elided at its end, in the painter's font."""
    painter.setPen(QColor(colour))
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | side, shown)


def draw_icon(painter: QPainter, rect: QRect, name: str, colour: str, size: float = 1.15) -> None:
    """An icon, centred in the height of ``rect`` at its left."""
    drawing = pixmap_in(name, colour, size)
    painter.drawPixmap(QPointF(rect.left(), rect.top() + (rect.height() - em(size)) / 2), drawing)


def _chip_icon(tone: Tone, icon: str | None) -> str:
    return icon or _TONE_ICONS[tone]


def chip_width(text: str) -> int:
    """The width of a chip with ``text`` in pixels."""
    return QFontMetrics(font(0.93)).horizontalAdvance(text) + em(1.4) + 2 * em(0.45) + 3


def draw_chip(painter: QPainter, rect: QRect, palette: Palette, text: str, tone: Tone, icon: str | None = None) -> None:
    """Icon and word on the tint of their state, centred in the height of ``rect``; elided when too wide."""
    colour, tint = palette.tone(tone)
    height = em(CHIP_HEIGHT)
    width = min(chip_width(text), rect.width())
    box = QRect(rect.left(), rect.top() + (rect.height() - height) // 2, width, height)
    edge = colour if palette.edges or tone == "waiting" else None
    draw_box(painter, QRectF(box), fill=tint, edge=edge)
    inner = box.adjusted(em(0.45), 0, -em(0.45), 0)
    draw_icon(painter, inner, _chip_icon(tone, icon), colour, 1.0)
    painter.save()
    painter.setFont(font(0.93))
    draw_text(painter, inner.adjusted(em(1.4), 0, 0, 0), text, colour)
    painter.restore()
