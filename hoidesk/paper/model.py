"""What stands on a paper, without saying how it is set.

Every text is already in Vietnamese and in NFC. Widths are millimetres. The parts are frozen, so that an issued paper
can be stored and printed again to the same bytes (:mod:`hoidesk.paper.archive`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

__all__ = [
    "Align",
    "Annex",
    "BarChart",
    "Block",
    "Cell",
    "Column",
    "HeaderCell",
    "Heading",
    "LetterLine",
    "Letterhead",
    "MissingNote",
    "Paper",
    "Paragraph",
    "Row",
    "RowKind",
    "Series",
    "SignatureBlock",
    "Table",
    "Value",
    "body_tables",
    "clean",
    "row",
]

Align = Literal["left", "center", "right"]
Format = Literal["text", "count", "rate", "money", "date"]
RowKind = Literal["body", "group", "subtotal", "total"]
Value = str | int | Decimal | date | None

_KEPT_CONTROLS = "\n\t"
_NONE = "\ufffe\uffff"  # XML has no way to write these two, so Word and Excel files cannot hold them


def clean(text: str) -> str:
    """``text`` in NFC and without characters that no page can carry (control characters, lone surrogates)."""
    kept = (c for c in text if c in _KEPT_CONTROLS or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _NONE))
    return unicodedata.normalize("NFC", "".join(kept))


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One line of a letterhead; ``rule`` is the share of the text's width that a line below it takes (0 = no line)."""

    text: str
    bold: bool = False
    italic: bool = False
    size: int = 12
    rule: float = 0.0


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of a paper: issuing body at the left, national or Party title at the right.

    ``number_line`` ("Số: 05/BC-MTTQ-BTT") stands under the left side, ``place_date`` under the right side, on one
    level in the state form.
    """

    kind: str
    left: tuple[LetterLine, ...]
    right: tuple[LetterLine, ...]
    number_line: str = ""
    place_date: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading; ``level`` 1 is I, II, III, level 2 is 1, 2, 3, level 3 is 1.1."""

    number: str
    text: str
    level: int = 1

    @property
    def line(self) -> str:
        """Number and text as they are printed."""
        return f"{self.number}. {self.text}" if self.number else self.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the body; ``kind`` chooses the set of the type."""

    text: str
    kind: Literal["body", "lead", "note", "item", "basis"] = "body"


@dataclass(frozen=True, slots=True)
class MissingNote:
    """Stands where a required section has no text yet: a paper never hides that something is missing."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: width in mm, how its values are set, how its total comes about.

    ``ratio_of`` names the indexes of the numerator's and the denominator's columns of a rate, so that a spreadsheet
    can work the rate of the total row out again.
    """

    width_mm: float
    align: Align = "left"
    format: Format = "text"
    total: Literal["none", "sum", "recompute"] = "none"
    ratio_of: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A cell of the header; ``columns`` and ``rows`` are how far it reaches."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table. A rate is a Decimal in per cent, money an int in đồng.

    ``mark`` follows the printed value: an asterisk stands for a reported or estimated number.
    """

    value: Value = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a ``group`` row has one cell, its title, over all columns."""

    cells: tuple[Cell, ...]
    kind: RowKind = "body"


def row(*values: Value | Cell, kind: RowKind = "body") -> Row:
    """A row from plain values and cells."""
    return Row(tuple(v if isinstance(v, Cell) else Cell(v) for v in values), kind)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header of one or two rows, repeated on every page.

    ``name`` names the sheet of a spreadsheet ("A3a"); ``notes`` stand below the table.
    """

    name: str
    columns: tuple[Column, ...]
    header: tuple[tuple[HeaderCell, ...], ...]
    rows: tuple[Row, ...]
    caption: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: its name and one number (or None) a category."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars side by side, numbers on top. The first series is filled, the second hatched, the third open."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    width_mm: float = 160.0
    height_mm: float = 70.0


Block = Heading | Paragraph | MissingNote | Table | BarChart


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Who signs: "TM. BAN THƯỜNG TRỰC", the post, room for the signature, the name."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex with its own page numbers; ``number`` is its Roman number ("" when it is the only one)."""

    number: str
    title: str
    reference: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper.

    ``signatures`` holds one block for a report (at the right, beside the recipients) and two for minutes.
    ``created_on`` is the day written into the file's properties, so that printing twice gives the same bytes.
    """

    letterhead: Letterhead
    type_line: str
    subject: str
    blocks: tuple[Block, ...]
    addressee: str = ""
    signatures: tuple[SignatureBlock, ...] = ()
    recipients: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    created_on: date | None = None
    author: str = field(default="")

    @property
    def title(self) -> str:
        """The title in the properties of the file."""
        return f"{self.type_line} {self.subject}".strip()


def body_tables(paper: Paper) -> Iterator[tuple[Annex | None, Table]]:
    """Every table of the paper in printing order, with the annex that it stands in."""
    for block in paper.blocks:
        if isinstance(block, Table):
            yield None, block
    for annex in paper.annexes:
        for block in annex.blocks:
            if isinstance(block, Table):
                yield annex, block
