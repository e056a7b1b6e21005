"""The outline of a report as typed data: sections with lead sentences, annex tables with their columns.

The words are the shipped preset; this file only gives them a shape. ``BUILT`` lists the annexes that the program can
fill today, in the order of the outline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from hoidesk import presets
from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = [
    "BUILT",
    "AnnexSpec",
    "BlockSpec",
    "ColumnSpec",
    "FigureRef",
    "Outline",
    "Section",
    "outline",
    "read_outline",
]

BUILT: Final = ("A1", "A2", "A3", "A4", "A5")


@dataclass(frozen=True, slots=True)
class FigureRef:
    """A figure on paper: its id, a filter (dimension: value), and a part.

    ``part``: "" for the value itself, numerator, denominator, start (the day before the period) or previous (the same
    period a year earlier).
    """

    id: str
    where: tuple[tuple[str, str], ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the outline; ``kind`` says how the officer's lines are numbered."""

    id: str
    number: str
    title: str
    level: int
    required: bool
    kind: str
    lead: str
    figures: tuple[str, ...]
    sections: tuple[Section, ...]

    def walk(self) -> Iterator[Section]:
        """This section and everything below it, in printing order."""
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column of an annex table: a figure or a field of the row's record; texts may hold label placeholders."""

    title: str
    group: str
    width_mm: float
    align: str
    total: str
    field: str
    figure: FigureRef | None
    mark_x: bool


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """One table of an annex; ``rows`` names what its rows are (association, area, unit_kind, ...)."""

    id: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]


@dataclass(frozen=True, slots=True)
class AnnexSpec:
    """An annex: its tables and the figures summed up below them."""

    id: str
    title: str
    landscape: bool
    blocks: tuple[BlockSpec, ...]
    summary: tuple[tuple[str, FigureRef], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole outline with its version."""

    id: str
    version: str
    type_line: str
    subject: str
    addressee: str
    opening: str
    letterhead: str
    sections: tuple[Section, ...]
    annexes: tuple[AnnexSpec, ...]
    recipients: tuple[str, ...]

    def walk(self) -> Iterator[Section]:
        """Every section in printing order."""
        for section in self.sections:
            yield from section.walk()


def _ref(raw: Mapping[str, Any]) -> FigureRef:
    where = tuple((str(k), str(v)) for k, v in raw.get("where", {}).items())
    return FigureRef(raw["figure"], where, raw.get("part", ""))


def _section(raw: Mapping[str, Any], level: int) -> Section:
    return Section(
        id=str(raw["id"]),
        number=str(raw["number"]),
        title=str(raw["vi"]),
        level=level,
        required=bool(raw["required"]),
        kind=str(raw["kind"]),
        lead=str(raw["lead"]),
        figures=tuple(str(one) for one in raw["figures"]),
        sections=tuple(_section(one, level + 1) for one in raw.get("sections", ())),
    )


def _column(raw: Mapping[str, Any]) -> ColumnSpec:
    return ColumnSpec(
        title=raw["vi"],
        group=raw.get("group", ""),
        width_mm=float(raw["width_mm"]),
        align=raw["align"],
        total=raw["total"],
        field=raw.get("field", ""),
        figure=_ref(raw) if "figure" in raw else None,
        mark_x=raw.get("format") == "mark_x",
    )


def _block(raw: Mapping[str, Any], id_: str, title: str) -> BlockSpec:
    rows = raw["rows"]
    columns = tuple(_column(one) for one in raw["columns"] if one.get("default", True))
    return BlockSpec(id_, title, (rows,) if isinstance(rows, str) else tuple(rows), columns)


def _annex(raw: Mapping[str, Any]) -> AnnexSpec:
    blocks = raw.get("blocks")
    tables = [_block(one, one["id"], one["vi"]) for one in blocks] if blocks else [_block(raw, raw["id"], "")]
    summary = tuple((one.get("vi", ""), _ref(one)) for one in raw.get("summary", ()))
    return AnnexSpec(raw["id"], raw["vi"], raw["orientation"] == "landscape", tuple(tables), summary)


def read_outline(raw: Mapping[str, Any]) -> Outline:
    """The outline in a preset mapping or in the content of an issued outline.

    Raises UserError if the content is not an outline that this program can print: it may have come in a package.
    """
    try:
        found = _read(raw)
        known = presets.figures_catalogue()
        named = [ref for annex in found.annexes for ref in _refs(annex)]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise UserError(
            "outline.unreadable",
            _("This outline cannot be read. Ask the unit that issued it to send it again."),
            field="content",
        ) from None
    unknown = next((ref.id for ref in named if ref.id not in known), None)
    if unknown is not None:
        raise UserError(
            "outline.figure",
            _("This outline asks for the figure “{figure}”, which this program does not know.").format(figure=unknown),
            field="content",
        )
    ids = [section.id for section in found.walk()]
    if not ids or len(ids) != len(set(ids)):
        raise UserError(
            "outline.sections", _("An outline needs sections, each with an id of its own."), field="content"
        )
    return found


def _refs(annex: AnnexSpec) -> Iterator[FigureRef]:
    yield from (ref for _title, ref in annex.summary)
    for block in annex.blocks:
        yield from (column.figure for column in block.columns if column.figure is not None)


@cache
def outline(name: str = "half_year") -> Outline:
    """The shipped outline of that name; KeyError for one that is not shipped."""
    return read_outline(presets.report_outline(name))


def _read(raw: Mapping[str, Any]) -> Outline:
    return Outline(
        id=str(raw["id"]),
        version=str(raw["version"]),
        type_line=str(raw["type_line"]),
        subject=str(raw["subject"]),
        addressee=str(raw["addressee"]),
        opening=str(raw["opening"]),
        letterhead=str(raw["letterhead"]),
        sections=tuple(_section(one, 1) for one in raw["sections"]),
        annexes=tuple(_annex(one) for one in raw["annexes"] if one["id"] in BUILT),
        recipients=tuple(str(one) for one in raw["recipients"]),
    )
