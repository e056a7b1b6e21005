"""The stored form of issued papers, of the officer's own words in a report, and of issued outlines."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import SQLModel

from hoidesk.book.columns import day, document, flag, line, note
from hoidesk.book.records import Record, Search, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day

__all__ = [
    "IssuedPaper",
    "IssuedPaperFields",
    "ReportOutline",
    "ReportOutlineFields",
    "SectionText",
    "SectionTextFields",
]


class IssuedPaperFields(SQLModel):
    """An issued paper: what it is, for which period, who signed, and every printed number with its records.

    ``figures`` goes up and replays each number; ``body`` is the whole paper and stays in the office.
    """

    kind: str = line(4, N_("Kind of paper"), default=..., max_length=60)
    title: str = line(5, N_("Title"), default=...)
    number: str | None = line(6, N_("Number"), max_length=60, group="number")
    issued_on: Day = day(7, N_("Issued on"), default=..., group="number")
    period_from: Day = day(8, N_("From"), default=...)
    period_to: Day = day(9, N_("To"), default=...)
    as_of: Day = day(10, N_("As of"), default=...)
    signer_post: str | None = line(11, N_("Signed as"), max_length=200)
    signer_name: str | None = line(12, N_("Signed by"), personal=True, up=False, max_length=200)
    outline_version: str = line(13, N_("Version of the outline"), default="", max_length=40)
    figures: str = document(14, N_("Printed figures"), default=...)
    body: str | None = document(15, N_("Paper as issued"), up=False)


class IssuedPaper(IssuedPaperFields, Record, table=True):
    """An issued paper. It is never changed; a mistake is mended by issuing another one."""

    __tablename__ = "paper"
    __info__: ClassVar[TableInfo] = TableInfo(
        51, N_("Issued paper"), up=True, writers="unit", immutable=True, owners=(), search=Search(("title", "number"))
    )


class SectionTextFields(SQLModel):
    """The officer's own words in one section of one period's report.

    ``lead`` takes the place of the shipped lead sentence; None keeps the shipped one. ``no_lead`` prints none.
    """

    outline: str = line(4, N_("Report"), default=..., max_length=60)
    section: str = line(5, N_("Section"), default=..., max_length=60)
    period_from: Day = day(6, N_("From"), default=...)
    period_to: Day = day(7, N_("To"), default=...)
    text: str = note(8, N_("Text"), default="")
    lead: str | None = note(9, N_("Lead sentence"))
    no_lead: bool = flag(10, N_("Without a lead sentence"))


class SectionText(SectionTextFields, Record, table=True):
    """Words of the officer; they are offered again in the next period."""

    __tablename__ = "section_text"
    __info__: ClassVar[TableInfo] = TableInfo(
        52, N_("Text of a report section"), writers="unit", owners=(), search=Search(("text",))
    )


class ReportOutlineFields(SQLModel):
    """One version of the outline of a report: sections with lead sentences, annex tables with their columns."""

    code: str = line(4, N_("Report"), default=..., max_length=60)
    version: str = line(5, N_("Version"), default=..., max_length=40)
    title: str = line(6, N_("Title"), default=...)
    content: str = document(7, N_("Outline"), default=...)
    content_sha256: str = line(8, N_("Fingerprint of the outline"), default=..., max_length=64)


class ReportOutline(ReportOutlineFields, Record, table=True):
    """An issued outline: written once; the units below get it and may report by it."""

    __tablename__ = "outline"
    __info__: ClassVar[TableInfo] = TableInfo(
        53,
        N_("Outline of a report"),
        down=True,
        writers="unit",
        immutable=True,
        issued=True,
        spread=True,
        owners=(),
        search=Search(("title", "version")),
    )
