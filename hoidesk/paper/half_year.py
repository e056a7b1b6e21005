"""The half-year report, composed from the outline, the figures and the officer's words.

Each section prints its lead sentence with the figures of the window, then the officer's own words. A required section
without words says so on the paper. Numbers that the program does not count are named until the officer writes about
them, never guessed. Any window can be asked for; nothing snaps to a half-year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from hoidesk import presets
from hoidesk.book.work import UnitIdentity
from hoidesk.errors import UserError
from hoidesk.figures.catalogue import figure
from hoidesk.figures.window import Window
from hoidesk.paper.annexes import Annexes
from hoidesk.paper.model import Annex, BarChart, Block, Heading, Letterhead, MissingNote, Paper, Paragraph, Series
from hoidesk.paper.numbers import Numbers, Used
from hoidesk.paper.office import Document, Office, office_of
from hoidesk.paper.outline import FigureRef, Outline, Section
from hoidesk.paper.outlines import outline_in_use
from hoidesk.paper.placeholders import capitalised, figure_refs, fill
from hoidesk.paper.rows import StoredText, offered_texts, reported_in, section_texts
from hoidesk.paper.words import ANNEX, MISSING, roman

__all__ = ["Composed", "SectionView", "compose_half_year", "report_sections"]

_MISSING_LINE: Final = f"(Mục này {MISSING}.)"
_CLOSING: Final = "Trên đây là báo cáo {period.name}; {office.name} kính trình cấp trên xem xét, chỉ đạo."
_NOT_COUNTED: Final = "Số liệu chưa ghi trong chương trình: {names}."
_NUMBERED: Final = ("numbered_findings", "numbered_tasks", "numbered_petitions")
_OWN_NUMBER: Final = re.compile(r"^\s*(?:\d+[.)]|[-–+•])\s*")
_CHART_SECTION: Final = "s2_5"


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed paper, every printed number with its records, and the ids of required sections without words."""

    paper: Paper
    used: tuple[Used, ...]
    missing: tuple[str, ...]
    as_of: date
    signer_post: str
    signer_name: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section as the officer sees it while writing.

    ``lead``: the lead sentence with its numbers filled in; ``lead_source``: the sentence with its placeholders, to be
    edited and saved as ``lead`` of the section's text.
    ``text``: the words of this period; ``offered``: those of the last period that had any, None if there are none.
    """

    id: str
    number: str
    title: str
    level: int
    required: bool
    missing: bool
    lead: str
    lead_source: str
    text: str
    offered: str | None
    offered_period: Window | None


def _clauses(lead: str) -> list[str]:
    """A lead sentence in its clauses: those that name a figure the program does not count are left out alone."""
    return re.split(r"(?<=;)\s+|(?<=\.)\s+|(?<=,)\s+(?=trong đó )", lead)


@dataclass(slots=True)
class _Composer:
    """Builds the body; ``unknown`` collects the figures of a section that the program does not count."""

    outline: Outline
    numbers: Numbers
    words: Mapping[str, str]
    texts: Mapping[str, StoredText]

    def lead_source(self, section: Section) -> str:
        stored = self.texts.get(section.id)
        if stored is None:
            return section.lead
        return "" if stored.no_lead else stored.lead or section.lead

    def sentence(self, text: str) -> str:
        """A text with its placeholders filled, without the clauses whose figures are not counted."""
        kept = [shown for clause in _clauses(text) if (shown := self._counted(clause))]
        if not kept:
            return ""
        joined = " ".join(kept).rstrip()
        if kept[-1].endswith((";", ",")):
            joined = joined[:-1] + "."
        return capitalised(fill(joined, self.words, self.shown))

    def shown(self, ref: FigureRef) -> str | None:
        """The printed figure, or None for braces that name none: an officer may type what he likes."""
        if ref.id not in presets.figures_catalogue() or not self.numbers.known(ref):
            return None
        try:
            return self.numbers.text(ref)
        except UserError:
            return None

    def not_counted(self, ref: FigureRef) -> bool:
        """A figure of the catalogue that this program does not count."""
        return ref.id in presets.figures_catalogue() and not self.numbers.known(ref)

    def _counted(self, clause: str) -> str:
        """The clause, or what is left of it without the figures that the program does not count."""
        if not any(map(self.not_counted, figure_refs(clause))):
            return clause
        body, end = (clause[:-1], clause[-1]) if clause.endswith((";", ".", ",", ":")) else (clause, "")
        named = [(part, figure_refs(part)) for part in body.split(", ")]
        parts = [part for part, refs in named if refs and not any(map(self.not_counted, refs))]
        return ", ".join(parts) + end if parts else ""

    def unknown(self, section: Section) -> list[str]:
        """Names of the figures of the lead sentence that the program does not count, each once."""
        refs = filter(self.not_counted, figure_refs(self.lead_source(section)))
        return list(dict.fromkeys(figure(ref.id).vi for ref in refs))

    def text(self, section: Section) -> str:
        stored = self.texts.get(section.id)
        return stored.text.strip() if stored is not None else ""

    def missing(self, section: Section) -> bool:
        """A required section without sections below it needs the officer's words."""
        return section.required and not section.sections and not self.text(section)

    def blocks(self, section: Section) -> list[Block]:
        title = fill(section.title, self.words)
        out: list[Block] = [Heading(section.number, title, section.level)]
        lead = self.sentence(self.lead_source(section))
        if lead:
            out.append(Paragraph(lead, "lead"))
        # Where the officer wrote words of his own, he has dealt with what the program does not count.
        unknown = [] if self.text(section) else self.unknown(section)
        if unknown:
            names = "; ".join(fill(name, self.words) for name in unknown)
            out.append(Paragraph(_NOT_COUNTED.format(names=names), "note"))
        out.extend(self._own_words(section))
        if section.id == _CHART_SECTION and (chart := self._chart()) is not None:
            out.append(chart)
        for child in section.sections:
            out.extend(self.blocks(child))
        return out

    def _own_words(self, section: Section) -> list[Block]:
        if self.missing(section):
            return [MissingNote(_MISSING_LINE)]
        filled = fill(self.text(section), self.words, self.shown)
        lines = [line.strip() for line in filled.split("\n") if line.strip()]
        if section.kind not in _NUMBERED:
            return [Paragraph(line) for line in lines]
        plain = [_OWN_NUMBER.sub("", line) for line in lines]
        return [Paragraph(f"{place}. {line}", "item") for place, line in enumerate(plain, start=1)]

    def _chart(self) -> BarChart | None:
        """Meetings and field visits by month, at most a year: field visits should grow where meetings shrink."""
        months = _months(self.numbers.window)
        wanted = ((FigureRef("meetings_held"), "Buổi họp, sinh hoạt"), (FigureRef("field_visits"), "Chuyến đi cơ sở"))
        known = [(ref, name) for ref, name in wanted if self.numbers.can_split(ref.id, "calendar_month")]
        if not known or not 2 <= len(months) <= 12:
            return None
        series = []
        for ref, name in known:
            values = self.numbers.parts(ref, "calendar_month", months)
            series.append(Series(name, tuple(float(values[month].number or 0) for month in months)))
        if not any(value for one in series for value in one.values):
            return None
        labels = tuple(f"T{int(month[5:])}" for month in months)
        return BarChart("Họp, sinh hoạt và đi cơ sở theo tháng", labels, tuple(series), height_mm=58)


def _months(window: Window) -> list[str]:
    first, last = window.start.year * 12 + window.start.month - 1, window.end.year * 12 + window.end.month - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


def _composer(
    connection: Connection, unit: UnitIdentity, window: Window, as_of: date, document: Document
) -> tuple[_Composer, Office]:
    office = office_of(connection, unit)
    numbers = Numbers(connection, window, as_of, reported_in(connection, window))
    texts = section_texts(connection, unit.code, "half_year", window)
    return _Composer(
        outline_in_use(connection, unit.code), numbers, office.words(window, as_of, document), texts
    ), office


def _annexes(composer: _Composer, head: Letterhead) -> tuple[Annex, ...]:
    builder = Annexes(composer.numbers, composer.words)
    number = head.number_line.removeprefix("Số").lstrip(": ")
    dated, as_of = composer.words["doc.date_long"], composer.words["period.as_of"]
    reference = f"Kèm theo Báo cáo số {number} {dated}; số liệu tính đến ngày {as_of}"
    specs = composer.outline.annexes
    return tuple(builder.annex(spec, roman(place), reference) for place, spec in enumerate(specs, start=1))


def compose_half_year(
    connection: Connection,
    unit: UnitIdentity,
    window: Window,
    *,
    as_of: date | None = None,
    document: Document | None = None,
) -> Composed:
    """The report of ``window``; figures of a moment are taken at the end of ``as_of`` (the last day if not given).

    ``document`` names number, day and signer; an open number or day is printed as dots.
    """
    day = as_of or window.as_of
    composer, office = _composer(connection, unit, window, day, document or Document())
    words, shape = composer.words, composer.outline
    body: list[Block] = [Paragraph(fill(shape.opening, words))]
    for section in shape.sections:
        body.extend(composer.blocks(section))
    body.append(Paragraph(fill(_CLOSING, words)))
    head = office.letterhead(words)
    annexes = _annexes(composer, head)
    if annexes:
        listed = "; ".join(f"{ANNEX} {annex.number}. {annex.title}" for annex in annexes)
        body.append(Paragraph(f"Báo cáo kèm theo: {listed}.", "note"))
    paper = Paper(
        letterhead=head,
        type_line=shape.type_line,
        subject=fill(shape.subject, words),
        blocks=tuple(body),
        addressee=fill(shape.addressee, words),
        signatures=(office.signature(words),),
        recipients=_recipients(shape, words),
        annexes=annexes,
        created_on=(document.issued_on if document else None) or day,
        author=words["office.name"],
    )
    missing = tuple(section.id for section in shape.walk() if composer.missing(section))
    used = tuple(composer.numbers.used.values())
    return Composed(paper, used, missing, day, words["signer.post"], words["signer.name"])


def _recipients(shape: Outline, words: Mapping[str, str]) -> tuple[str, ...]:
    lines = [fill(line, words) for line in shape.recipients]
    return tuple(f"{line}{'.' if place == len(lines) else ';'}" for place, line in enumerate(lines, start=1))


def report_sections(
    connection: Connection, unit: UnitIdentity, window: Window, *, as_of: date | None = None
) -> tuple[SectionView, ...]:
    """Every section with lead, words and what was written last period, for the page on which the officer writes."""
    composer, _office = _composer(connection, unit, window, as_of or window.as_of, Document())
    offered = offered_texts(connection, unit.code, "half_year", window)
    out = []
    for section in composer.outline.walk():
        before = offered.get(section.id)
        view = SectionView(
            id=section.id,
            number=section.number,
            title=fill(section.title, composer.words),
            level=section.level,
            required=section.required,
            missing=composer.missing(section),
            lead=composer.sentence(composer.lead_source(section)),
            lead_source=composer.lead_source(section),
            text=composer.text(section),
            offered=before.text if before else None,
            offered_period=before.period if before else None,
        )
        out.append(view)
    return tuple(out)
