"""Annex tables A1 to A5, filled from figures and the register.

Each figure column is asked once for all rows. A total is the figure itself, counted again without the split, so that
a meeting of several organisations counts once; the column adds up wherever no record is shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hoidesk import presets
from hoidesk.figures.catalogue import figure
from hoidesk.figures.model import Key, Reported
from hoidesk.figures.model import Value as Figured
from hoidesk.paper.cross_table import Counted, CrossCell, cross_table
from hoidesk.paper.model import Annex, Cell, Column, HeaderCell, Row, RowKind, Table
from hoidesk.paper.numbers import Numbers, value_text
from hoidesk.paper.outline import AnnexSpec, BlockSpec, ColumnSpec, FigureRef
from hoidesk.paper.placeholders import fill
from hoidesk.paper.registers import Entry, area_entries, association_entries, cluster_entries
from hoidesk.paper.words import day_text

__all__ = ["Annexes"]

_NOT_RECORDED: Final = "–"
_TOTAL: Final = "Cộng"
_Line = tuple[Entry, RowKind]


@dataclass(frozen=True, slots=True)
class _RowSet:
    """The rows of one table: by which dimension figures are split, and what the total is filtered by."""

    dimension: str
    entries: tuple[Entry, ...]
    total_where: Mapping[str, Key]
    rest_name: str = ""


@dataclass(slots=True)
class Annexes:
    """Builds the annexes of one paper; ``words`` fills the placeholders of the office."""

    numbers: Numbers
    words: Mapping[str, str]

    def annex(self, spec: AnnexSpec, number: str, reference: str) -> Annex:
        """One annex with its tables, and the summary figures below the last of them."""
        tables = [self._table(spec, block) for block in spec.blocks]
        last = tables[-1]
        summary = [self._summary(title, ref) for title, ref in spec.summary if self.numbers.known(ref)]
        notes = (*last.notes, f"{'; '.join(summary)}.") if summary else last.notes
        tables[-1] = replace(last, notes=notes)
        return Annex(number, self._text(spec.title), reference, tuple(tables), spec.landscape)

    def _text(self, text: str) -> str:
        return fill(text, self.words)

    def _summary(self, title: str, ref: FigureRef) -> str:
        name = self._text(title or figure(ref.id).vi)
        for dimension, chosen in ref.where:
            name += f" ({self._dimension_label(dimension, chosen)})"
        value = self.numbers.value(ref)
        if value.kind == "rate" and value.denominator:
            return f"{name}: {value_text(value)} ({value.numerator} trên {value.denominator})"
        return f"{name}: {self.numbers.text(ref)}"

    def _table(self, spec: AnnexSpec, block: BlockSpec) -> Table:
        if block.rows == ("association_type",) and spec.id == "A2":
            return self._cross_table()
        columns = [column for column in block.columns if column.field != "unit.cluster_rank"]
        rows = self._row_set(block, columns)
        lines = self._lines(rows, columns)
        notes = [*self._reported_notes(rows, columns), *(self._class_check() if spec.id == "A5" else ())]
        caption = self._text(block.title)
        return Table(block.id, self._columns(columns), self._header(columns), tuple(lines), caption, tuple(notes))

    # Rows

    def _row_set(self, block: BlockSpec, columns: Sequence[ColumnSpec]) -> _RowSet:
        kind = block.rows[-1]
        refs = [c.figure for c in columns if c.figure is not None and self.numbers.known(c.figure)]
        if kind == "association":
            seen = self._keys(refs, kind) if block.id != "A1" else ()
            types = {one["id"]: str(one["vi"]) for one in presets.entries("association_types")}
            entries = association_entries(self.numbers.connection, self.numbers.as_of, self.words, types, seen)
            return _RowSet(kind, tuple(entries), {"organization_kind": "association"})
        if kind == "area":
            entries = area_entries(self.numbers.connection, self.numbers.window, self._keys(refs, kind))
            if "cluster" in block.rows:
                clusters, alone = cluster_entries(self.numbers.connection, self.numbers.window.end.year, entries)
                entries = [*clusters, *alone]
            return _RowSet(kind, tuple(entries), {}, self._text("Thuộc {label.unit}, không theo {label.area}"))
        if kind == "unit_kind":
            labels = {one: self._dimension_label(kind, one) for one in ("area", "branch", "association")}
            return _RowSet(kind, tuple(Entry(kind, one, {"unit_kind.name": text}) for one, text in labels.items()), {})
        raise KeyError(kind)

    def _keys(self, refs: Iterable[FigureRef], dimension: str) -> tuple[Key, ...]:
        able = [ref for ref in refs if self.numbers.can_split(ref.id, dimension)]
        return tuple({key for ref in able for key in self.numbers.keys(ref, dimension)})

    def _dimension_label(self, dimension: str, value: str) -> str:
        raw: Any = presets.entry("dimensions", dimension)
        return self._text(str(raw["labels"][value]["vi"]))

    # Cells

    def _lines(self, rows: _RowSet, columns: Sequence[ColumnSpec]) -> list[Row]:
        rest = self._rest(rows, columns)
        flat = [*_flat(rows.entries), *rest]
        cells = [self._column_cells(column, rows, flat) for column in columns]
        out = []
        for place, (number, kind) in enumerate(_numbered(flat)):
            line = [Cell(number) if c.field == "row.number" else cells[x][place] for x, c in enumerate(columns)]
            out.append(Row(tuple(line), kind))
        out.append(Row(tuple(self._total(column, rows, columns) for column in columns), "total"))
        return out

    def _rest(self, rows: _RowSet, columns: Sequence[ColumnSpec]) -> list[_Line]:
        """What belongs to no row of the table stands in a line of its own, so that the columns add up."""
        if not rows.rest_name:
            return []
        figures = [c.figure for c in columns if c.figure is not None]
        refs = [ref for ref in figures if self.numbers.can_split(ref.id, rows.dimension)]
        if not any(None in self.numbers.keys(ref, rows.dimension) for ref in refs):
            return []
        return [(Entry(rows.dimension, None, {"area.name": rows.rest_name, "unit.name": rows.rest_name}), "body")]

    def _column_cells(self, column: ColumnSpec, rows: _RowSet, flat: Sequence[_Line]) -> list[Cell]:
        ref = column.figure
        if ref is None:
            return [Cell(entry.fields.get(column.field)) for entry, _kind in flat]
        if not self.numbers.known(ref):
            return [Cell(_NOT_RECORDED) for _entry in flat]
        values: dict[tuple[str, Key], Figured] = {}
        for dimension in dict.fromkeys(entry.dimension for entry, _kind in flat):
            if self.numbers.can_split(ref.id, dimension):
                keys = [entry.key for entry, _kind in flat if entry.dimension == dimension]
                parts = self.numbers.parts(ref, dimension, keys)
                values.update({(dimension, key): value for key, value in parts.items()})
        return [self._cell(column, ref, values.get((e.dimension, e.key)), e) for e, _kind in flat]

    def _cell(self, column: ColumnSpec, ref: FigureRef, value: Figured | None, entry: Entry) -> Cell:
        if value is None:
            return Cell()
        if column.mark_x:
            return Cell("x" if value.number else None)
        return self._value_cell(ref, value, {entry.dimension: entry.key})

    def _value_cell(self, ref: FigureRef, value: Figured, where: Mapping[str, Key]) -> Cell:
        """No value is said in words for a rate; a count that the definition leaves blank stays blank."""
        if value.number is None and not _is_rate(ref):
            return Cell()
        return self.numbers.cell(ref, value, where)

    def _total(self, column: ColumnSpec, rows: _RowSet, columns: Sequence[ColumnSpec]) -> Cell:
        names = [c for c in columns if c.field and c.field != "row.number"]
        if names and column is names[0]:
            return Cell(_TOTAL)
        ref = column.figure
        if column.total == "none" or ref is None:
            return Cell()
        if not self.numbers.known(ref):
            return Cell(_NOT_RECORDED)
        if not self.numbers.can_split(ref.id, rows.dimension):
            return Cell()
        return self._value_cell(ref, self.numbers.value(ref, self._total_where(ref, rows)), {})

    def _total_where(self, ref: FigureRef, rows: _RowSet) -> dict[str, Key]:
        return {name: key for name, key in rows.total_where.items() if self.numbers.can_split(ref.id, name)}

    # Columns and header

    def _columns(self, columns: Sequence[ColumnSpec]) -> tuple[Column, ...]:
        out = []
        for column in columns:
            kind: Any = "text"
            if column.figure is not None and not column.mark_x:
                kind = "rate" if _is_rate(column.figure) and not column.figure.part else "count"
            elif column.field.endswith("_congress"):
                kind = "date"
            ratio = _ratio_of(column, columns) if kind == "rate" else None
            align: Any = column.align
            total: Any = column.total
            out.append(Column(column.width_mm, align, kind, total, ratio))
        return tuple(out)

    def _header(self, columns: Sequence[ColumnSpec]) -> tuple[tuple[HeaderCell, ...], ...]:
        if not any(column.group for column in columns):
            return (tuple(HeaderCell(self._text(column.title)) for column in columns),)
        top: list[HeaderCell] = []
        below: list[HeaderCell] = []
        place = 0
        while place < len(columns):
            column = columns[place]
            if not column.group:
                top.append(HeaderCell(self._text(column.title), rows=2))
                place += 1
                continue
            group = [c for c in columns[place:] if c.group == column.group]
            top.append(HeaderCell(self._text(column.group), columns=len(group)))
            below.extend(HeaderCell(self._text(c.title)) for c in group)
            place += len(group)
        return tuple(top), tuple(below)

    # Notes

    def _reported_notes(self, rows: _RowSet, columns: Sequence[ColumnSpec]) -> list[str]:
        found: dict[str, None] = {}
        keys = [(entry.dimension, entry.key) for entry, _kind in _flat(rows.entries)]
        for column in columns:
            if column.figure is None or column.figure.part:
                continue
            besides = [self.numbers.beside(column.figure, {d: k}) for d, k in keys]
            for reported in (*besides, self.numbers.beside(column.figure)):
                if reported is not None:
                    found[_source_note(reported)] = None
        return list(found)

    def _class_check(self) -> list[str]:
        """Control sum of the classes: together they are the units whose class was approved."""
        approved = FigureRef("assessment_done_rate")
        classes = [FigureRef("class_units", (("class", one),)) for one in presets.value_labels("class")]
        if not all(self.numbers.known(ref) for ref in (approved, *classes)):
            return []
        done = self.numbers.value(approved)
        added = sum(int(self.numbers.value(ref).number or 0) for ref in classes)
        open_ = (done.denominator or 0) - (done.numerator or 0)
        if added == done.numerator:
            return [f"Các mức cộng lại bằng {added} đơn vị đã duyệt; còn {open_} đơn vị thuộc diện chưa duyệt."]
        return [f"Các mức cộng lại được {added}, khác {done.numerator} đơn vị đã duyệt; cần kiểm tra."]

    # The cross-table

    def _cross_table(self) -> Table:
        cells: dict[CrossCell, Counted] = {}
        by = ("association_type", "scope")
        for position, id_ in enumerate(("associations_total", "associations_entrusted")):
            for key, value in self.numbers.table(FigureRef(id_), by).items():
                number = int(value.number or 0)
                add = Counted(number, 0) if position == 0 else Counted(0, number)
                kind, scope = (None if one is None else str(one) for one in key)
                cells[kind, scope] = cells.get((kind, scope), Counted()) + add
        types = {one["id"]: self._text(str(one["vi"])) for one in presets.entries("association_types")}
        scopes = {one["id"]: self._text(str(one["vi"])) for one in presets.entries("scopes")}
        closed = frozenset(one["id"] for one in presets.entries("scopes") if one.get("closed"))
        return cross_table(cells, types, scopes, closed)


def _is_rate(ref: FigureRef) -> bool:
    return figure(ref.id).unit == "%"


def _source_note(reported: Reported) -> str:
    mark = "** Số ước" if reported.kind == "estimated" else "* Số báo cáo"
    day = f", tính đến ngày {day_text(reported.as_of)}" if reported.as_of else ""
    return f"{mark}{day}{f'; nguồn: {reported.source}' if reported.source else ''}."


def _flat(entries: Sequence[Entry]) -> list[_Line]:
    """Clusters as subtotal rows with their quarters below them; other entries as they are."""
    out: list[_Line] = []
    for entry in entries:
        if entry.members:
            out.append((entry, "subtotal"))
            out.extend((member, "body") for member in entry.members)
        else:
            out.append((entry, "body"))
    return out


def _numbered(flat: Sequence[_Line]) -> list[tuple[int | None, RowKind]]:
    number = 0
    out: list[tuple[int | None, RowKind]] = []
    for entry, kind in flat:
        counts = kind == "body" and entry.key is not None
        number += counts
        out.append((number if counts else None, kind))
    return out


def _ratio_of(column: ColumnSpec, columns: Sequence[ColumnSpec]) -> tuple[int, int] | None:
    """The columns of a rate's numerator and denominator, where both stand in the table."""
    ref = column.figure
    assert ref is not None
    raw = presets.figure(ref.id)
    above = (FigureRef(ref.id, ref.where, "numerator"), FigureRef(str(raw.get("numerator")), ref.where))
    below = (FigureRef(ref.id, ref.where, "denominator"), FigureRef(str(raw.get("denominator")), ref.where))
    places = [next((i for i, c in enumerate(columns) if c.figure in wanted), None) for wanted in (above, below)]
    return None if places[0] is None or places[1] is None else (places[0], places[1])
