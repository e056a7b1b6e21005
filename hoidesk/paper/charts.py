"""Bar charts: one drawing for paper and screen.

Filled, hatched and open bars are told apart without colour, so a report that is copied in black and white still
reads; the number stands on top of each bar and there is no grid (the eye reads numbers, not lines).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib.colors import Color, HexColor

from hoidesk.paper.fonts import BOLD, MM, REGULAR, SCREEN, SCREEN_BOLD, register_fonts, text_width
from hoidesk.paper.model import BarChart, clean
from hoidesk.paper.preview import Pixels, page_pixels
from hoidesk.paper.words import count_text, number_text

__all__ = ["PAPER", "ChartLook", "chart_flowable", "chart_pdf", "chart_pixels", "chart_png", "drawing"]

# Room for words above and below the bars, as multiples of the size of the type.
_TITLE_ROOM: Final = 1.8
_LEGEND_ROOM: Final = 1.8
_NUMBER_ROOM: Final = 1.4
_AXIS_ROOM: Final = 1.6
_HATCH: Final = 3.6


@dataclass(frozen=True, slots=True)
class ChartLook:
    """Colours ("#1B5AA0"), the size of the type in points, and whose type it is: "paper" or "screen"."""

    ink: str = "#14181C"
    bar: str = "#3A3A3A"
    ground: str = "#FFFFFF"
    size: float = 10.0
    font: Literal["paper", "screen"] = "paper"

    def face(self, *, bold: bool = False) -> str:
        """The font of the chart's words."""
        return {"paper": (REGULAR, BOLD), "screen": (SCREEN, SCREEN_BOLD)}[self.font][bold]


PAPER: Final = ChartLook()


def _value_text(value: float) -> str:
    return count_text(int(value)) if float(value).is_integer() else number_text(Decimal(str(value)))


def _rect(x: float, y: float, width: float, height: float, **colours: Any) -> Rect:
    return Rect(x, y, width, height, **colours)


def _hatched(x: float, y: float, width: float, height: float, color: Color) -> Group:
    """An open bar with lines at 45°, each cut to the bar: a clipping path would not survive every printer."""
    group = Group()
    start = -height
    while start < width:
        # The line from (start, 0) to (start + height, height), cut to 0 ≤ x ≤ width.
        left, right = max(start, 0.0), min(start + height, width)
        if right > left:
            group.add(
                Line(x + left, y + left - start, x + right, y + right - start, strokeColor=color, strokeWidth=0.6)
            )
        start += _HATCH
    group.add(_rect(x, y, width, height, fillColor=None, strokeColor=color, strokeWidth=0.8))
    return group


def _bar(series: int, x: float, y: float, width: float, height: float, look: ChartLook) -> Rect | Group:
    if series == 0:
        return _rect(x, y, width, height, fillColor=HexColor(look.bar), strokeColor=None)
    if series == 1:
        return _hatched(x, y, width, height, HexColor(look.ink))
    return _rect(x, y, width, height, fillColor=None, strokeColor=HexColor(look.ink), strokeWidth=0.8)


def _label(
    x: float,
    y: float,
    text: str,
    look: ChartLook,
    *,
    anchor: Literal["start", "middle", "end"] = "middle",
    bold: bool = False,
) -> String:
    name = look.face(bold=bold)
    return String(x, y, clean(text), fontName=name, fontSize=look.size, fillColor=HexColor(look.ink), textAnchor=anchor)


def _legend(drawing: Drawing, chart: BarChart, y: float, look: ChartLook) -> None:
    x = 0.0
    box = look.size * 0.9
    for index, series in enumerate(chart.series):
        drawing.add(_bar(index, x, y, box, box, look))
        drawing.add(_label(x + box + 4, y + 1, series.name, look, anchor="start"))
        x += box + 4 + text_width(clean(series.name), look.face(), look.size) + 16


def drawing(chart: BarChart, look: ChartLook = PAPER) -> Drawing:
    """The chart as a reportlab drawing of its own width and height."""
    register_fonts()
    width, height = chart.width_mm * MM, chart.height_mm * MM
    out = Drawing(width, height, initialFontName=REGULAR)
    if look.ground.upper() != "#FFFFFF":
        out.add(_rect(0, 0, width, height, fillColor=HexColor(look.ground), strokeColor=None))
    top = height
    if chart.title:
        top -= _TITLE_ROOM * look.size
        out.add(_label(0, top + 4, chart.title, look, anchor="start", bold=True))
    if len(chart.series) > 1:
        top -= _LEGEND_ROOM * look.size
        _legend(out, chart, top + 3, look)
    axis = _AXIS_ROOM * look.size
    _bars(out, chart, look, axis, max(top - _NUMBER_ROOM * look.size, axis))
    out.add(Line(0, axis, width, axis, strokeColor=HexColor(look.ink), strokeWidth=0.8))
    return out


def _bars(out: Drawing, chart: BarChart, look: ChartLook, axis: float, top: float) -> None:
    room = chart.width_mm * MM / max(len(chart.categories), 1)
    bar = min(room / (len(chart.series) + 0.6), 26.0)
    highest = max((v for s in chart.series for v in s.values if v is not None), default=0.0)
    scale = (top - axis) / highest if highest > 0 else 0.0
    for place, category in enumerate(chart.categories):
        middle = (place + 0.5) * room
        left = middle - bar * len(chart.series) / 2
        out.add(_label(middle, look.size * 0.4, category, look))
        for index, series in enumerate(chart.series):
            value = series.values[place]
            if value is None:
                continue
            tall = max(value, 0.0) * scale
            x = left + index * bar
            out.add(_bar(index, x + bar * 0.06, axis, bar * 0.88, tall, look))
            out.add(_label(x + bar / 2, axis + tall + look.size * 0.3, _value_text(value), look))


def chart_flowable(chart: BarChart, width: float) -> Drawing:
    """The chart for a page whose text is ``width`` points wide."""
    out = drawing(chart)
    out.hAlign = "CENTER" if out.width < width else "LEFT"
    return out


def chart_pdf(chart: BarChart, look: ChartLook = PAPER) -> bytes:
    """The chart alone, as a PDF of one page of its own size."""
    from io import BytesIO

    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas

    picture = drawing(chart, look)
    out = BytesIO()
    settings: dict[str, Any] = {"invariant": 1, "lang": "vi-VN", "initialFontName": REGULAR}
    canvas = Canvas(out, pagesize=(picture.width, picture.height), **settings)
    renderPDF.draw(picture, canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def chart_pixels(chart: BarChart, look: ChartLook = PAPER, scale: float = 2.0) -> Pixels:
    """The chart as pixels: ``scale`` pixels a point; the ground is ``look.ground``."""
    return page_pixels(chart_pdf(chart, look), 0, scale)


def chart_png(chart: BarChart, look: ChartLook = PAPER, scale: float = 3.0) -> bytes:
    """The chart as a PNG picture, for Word files."""
    from io import BytesIO

    from PIL import Image

    picture = chart_pixels(chart, look, scale)
    out = BytesIO()
    Image.frombytes("RGBA", (picture.width, picture.height), picture.rgba).convert("RGB").save(
        out, "PNG", optimize=True
    )
    return out.getvalue()
