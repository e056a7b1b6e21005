"""A paper as PDF in the layout of Decree 30/2020/NĐ-CP: A4, embedded Tinos, the same bytes for the same paper."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Text

from hoidesk.paper.charts import chart_flowable
from hoidesk.paper.fonts import BOLD, BOLD_ITALIC, ITALIC, MM, REGULAR, balanced_lines, register_fonts, text_width
from hoidesk.paper.model import (
    Annex,
    Block,
    Heading,
    Letterhead,
    LetterLine,
    MissingNote,
    Paper,
    Paragraph,
    SignatureBlock,
    Table,
    clean,
)
from hoidesk.paper.pdf_styles import (
    LANDSCAPE,
    PORTRAIT,
    STYLES,
    TEXT_WIDTH,
    TEXT_WIDTH_LANDSCAPE,
    markup,
)
from hoidesk.paper.pdf_table import layout_table, table_flowables
from hoidesk.paper.words import ANNEX, RECIPIENTS

__all__ = ["pdf_bytes"]

_TOP: Final = 20 * MM
_BOTTOM: Final = 20 * MM
_LEFT: Final = 30 * MM
_NUMBER_FROM_TOP: Final = 12 * MM
_LETTER_LEFT: Final = 69 * MM
_LETTER_RIGHT: Final = TEXT_WIDTH - _LETTER_LEFT
_SIGNATURE_GAP: Final = 60.0
_LONGEST_KEPT: Final = 1500


class _Rule(Flowable):
    """A centred line, as Decree 30 sets it under the motto, the issuing body and the subject."""

    def __init__(self, length: float, above: float = 3.0, below: float = 3.0) -> None:
        super().__init__()
        self.length, self.above, self.below = length, above, below
        self.room = 0.0

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.room = width
        return width, self.above + self.below

    def draw(self) -> None:
        left = (self.room - self.length) / 2
        self.canv.setLineWidth(0.6)
        self.canv.line(left, self.below, left + self.length, self.below)


class _Entry(Text):
    """A paragraph that stands in the outline: (level from 0, title)."""

    outline_entry: tuple[int, str] = (0, "")


class _Document(BaseDocTemplate):
    """Counts the pages of every part for itself and keeps an outline of the headings."""

    section_start = 1
    _entries = 0
    _last_level = -1

    def afterFlowable(self, flowable: Flowable) -> None:
        entry = getattr(flowable, "outline_entry", None)
        if entry is None:
            return
        wanted, title = entry
        # An outline may go down by one level at a time only.
        level = min(wanted, self._last_level + 1)
        self._entries, self._last_level = self._entries + 1, level
        key = f"part{self._entries}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(title, key, level=level)


def _start_section(canvas: Any, document: _Document) -> None:
    document.section_start = canvas.getPageNumber()


def _print_number(canvas: Any, document: _Document) -> None:
    """The page number, centred in the top margin; the first page of each part shows none."""
    width, height = canvas._pagesize
    number = canvas.getPageNumber() - document.section_start + 1
    canvas.saveState()
    canvas.setFont(REGULAR, 13)
    canvas.drawCentredString(width / 2, height - _NUMBER_FROM_TOP, str(number))
    canvas.restoreState()


def _templates(name: str, landscape: bool) -> list[PageTemplate]:
    """First page and following pages of one part of the paper."""
    size, width = (LANDSCAPE, TEXT_WIDTH_LANDSCAPE) if landscape else (PORTRAIT, TEXT_WIDTH)
    left = (size[0] - width) / 2 if landscape else _LEFT

    def frame(identity: str) -> Frame:
        bare = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
        return Frame(left, _BOTTOM, width, size[1] - _TOP - _BOTTOM, id=identity, **bare)

    first = PageTemplate(
        name, [frame(name)], onPage=_start_section, pagesize=size, autoNextPageTemplate=f"{name}-later"
    )
    later = PageTemplate(f"{name}-later", [frame(f"{name}-later")], onPage=_print_number, pagesize=size)
    return [first, later]


def _letter_side(lines: tuple[LetterLine, ...], width: float) -> list[Flowable]:
    out: list[Flowable] = []
    for line in lines:
        font = {(False, False): REGULAR, (True, False): BOLD, (False, True): ITALIC, (True, True): BOLD_ITALIC}
        name = font[line.bold, line.italic]
        text = clean(line.text)
        parts = balanced_lines(text, name, line.size, width)
        look = STYLES["letter"].clone("letterline", fontName=name, fontSize=line.size, leading=line.size + 3)
        out.append(Text("<br/>".join(markup(part) for part in parts), look))
        if line.rule:
            out.append(_Rule(line.rule * text_width(parts[-1], name, line.size)))
    return out


def letterhead_flowables(head: Letterhead) -> list[Flowable]:
    """The head of the paper: two columns, number and date on one level below."""
    widths = [_LETTER_LEFT, _LETTER_RIGHT]
    top = [_letter_side(head.left, widths[0]), _letter_side(head.right, widths[1])]
    out: list[Flowable] = [layout_table([top], widths), Spacer(1, 4)]
    if head.number_line or head.place_date:
        number = Text(markup(head.number_line), STYLES["number"])
        place = Text(markup(head.place_date), STYLES["place"])
        out.append(layout_table([[number, place]], widths))
    return out


def _title(paper: Paper) -> list[Flowable]:
    out: list[Flowable] = [Spacer(1, 6)]
    if paper.type_line:
        kind = _Entry(markup(paper.type_line), STYLES["type"])
        kind.outline_entry = (0, clean(paper.title))
        out.append(kind)
    if paper.subject:
        lines = balanced_lines(clean(paper.subject), BOLD, 14, TEXT_WIDTH - 20 * MM)
        out.append(Text("<br/>".join(markup(line) for line in lines), STYLES["subject"]))
        out.append(_Rule(0.4 * text_width(lines[-1], BOLD, 14), above=3, below=6))
    if paper.addressee:
        out.append(Text(markup(paper.addressee), STYLES["addressee"]))
    return out


def _block(block: Block, width: float) -> list[Flowable]:
    if isinstance(block, Heading):
        heading = _Entry(markup(block.line), STYLES[f"heading{min(block.level, 3)}"])
        heading.outline_entry = (min(block.level, 3), clean(block.line))
        return [heading]
    if isinstance(block, Paragraph):
        return [Text(markup(part), STYLES[block.kind]) for part in block.text.split("\n") if part.strip()]
    if isinstance(block, MissingNote):
        return [Text(markup(block.text), STYLES["missing"])]
    if isinstance(block, Table):
        return table_flowables(block, width)
    return [Spacer(1, 6), chart_flowable(block, width), Spacer(1, 6)]


def _signature(block: SignatureBlock, width: float) -> list[Flowable]:
    out: list[Flowable] = []
    for line in block.lines:
        parts = balanced_lines(clean(line), BOLD, 13, width)
        out.append(Text("<br/>".join(markup(part) for part in parts), STYLES["sign"]))
    out.append(Spacer(1, _SIGNATURE_GAP))
    out.append(Text(markup(block.name or "\u00a0"), STYLES["sign"]))
    return out


def _foot(paper: Paper) -> list[Flowable]:
    """Recipients at the left and the signature at the right, or the signatures of minutes side by side."""
    recipients: list[Flowable] = []
    if paper.recipients:
        recipients.append(Text(RECIPIENTS, STYLES["recipients_title"]))
        recipients.extend(Text(markup(f"- {line}"), STYLES["recipients"]) for line in paper.recipients)
    if len(paper.signatures) <= 1:
        widths = [70 * MM, 90 * MM]
        signed = [_signature(block, widths[1]) for block in paper.signatures] or [[]]
        return [layout_table([[recipients, signed[0]]], widths)]
    width = TEXT_WIDTH / len(paper.signatures)
    grid = layout_table([[_signature(block, width) for block in paper.signatures]], [width] * len(paper.signatures))
    return [grid, *recipients]


def _annex(annex: Annex, name: str) -> list[Flowable]:
    width = TEXT_WIDTH_LANDSCAPE if annex.landscape else TEXT_WIDTH
    label = f"{ANNEX} {annex.number}".strip()
    head = _Entry(markup(label), STYLES["annex"])
    head.outline_entry = (0, clean(f"{label}. {annex.title}"))
    out: list[Flowable] = [
        NextPageTemplate(name),
        PageBreak(),
        head,
        Text(markup(annex.title.upper()), STYLES["annex"]),
    ]
    if annex.reference:
        out.append(Text(markup(f"({annex.reference})"), STYLES["reference"]))
    for block in annex.blocks:
        out.extend(_block(block, width))
    return out


def _kept_foot(paper: Paper, story: list[Flowable]) -> list[Flowable]:
    """The foot with the last paragraph: a signature never stands alone on a page.

    What is longer than a page cannot be kept together; reportlab would try for ever.
    """
    foot = [Spacer(1, 10), *_foot(paper)]
    lines = [*paper.recipients, *(line for block in paper.signatures for line in (*block.lines, block.name))]
    if sum(map(len, lines)) > _LONGEST_KEPT:
        return foot
    last = story[-1] if story else None
    if isinstance(last, Text) and len(last.text or "") <= _LONGEST_KEPT:
        story.pop()
        return [KeepTogether([last, *foot])]
    return [KeepTogether(foot)]


def _story(paper: Paper) -> list[Flowable]:
    story: list[Flowable] = [*letterhead_flowables(paper.letterhead), *_title(paper)]
    for block in paper.blocks:
        story.extend(_block(block, TEXT_WIDTH))
    if paper.signatures or paper.recipients:
        story.extend(_kept_foot(paper, story))
    for index, annex in enumerate(paper.annexes):
        story.extend(_annex(annex, f"annex{index}"))
    return story


def pdf_bytes(paper: Paper) -> bytes:
    """The paper as PDF. The same paper gives the same bytes, so a printed report can be compared with the book.

    Raises nothing of its own; a table that is wider than the page is the composer's fault and raises LayoutError.
    """
    register_fonts()
    out = BytesIO()
    document = _Document(
        out,
        pagesize=PORTRAIT,
        title=clean(paper.title),
        author=clean(paper.author),
        subject=clean(paper.subject),
        creator="hoidesk",
        lang="vi-VN",
        invariant=1,
        initialFontName=REGULAR,
        initialFontSize=13,
    )
    document.addPageTemplates(_templates("body", landscape=False))
    for index, annex in enumerate(paper.annexes):
        document.addPageTemplates(_templates(f"annex{index}", annex.landscape))
    document.build(_story(paper))
    return out.getvalue()
