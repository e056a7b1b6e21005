"""The cross-table of associations: type by scope, total and entrusted, with its control totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hoidesk.paper.model import Cell, Column, HeaderCell, Row, Table, row
from hoidesk.paper.words import count_text

__all__ = ["Counted", "CrossCell", "control_lines", "cross_table"]

TOTAL: Final = "Tổng số"
ENTRUSTED: Final = "Giao nhiệm vụ"
SUM: Final = "Cộng"
_TEXT_WIDTH: Final = 160.0


@dataclass(frozen=True, slots=True)
class Counted:
    """How many associations, and how many of them are entrusted with tasks by Party and State."""

    total: int = 0
    entrusted: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.total + other.total, self.entrusted + other.entrusted)


CrossCell = tuple[str | None, str | None]
"""A type and a scope; None where the register does not say."""


def _sum(cells: Mapping[CrossCell, Counted], keep: Callable[[CrossCell], bool]) -> Counted:
    return sum((value for key, value in cells.items() if keep(key)), Counted())


def _kept(
    ids: Sequence[str | None], closed: frozenset[str | None], counts: Mapping[str | None, Counted]
) -> list[str | None]:
    """Open values stay, closed ones and "not known" stand only where there is a number."""
    return [one for one in ids if one not in closed or counts[one] != Counted()]


def cross_table(
    cells: Mapping[CrossCell, Counted],
    types: Mapping[str, str],
    scopes: Mapping[str, str],
    closed_scopes: frozenset[str] = frozenset(),
) -> Table:
    """The table A2. ``types`` and ``scopes`` give the labels in printing order."""
    type_ids: list[str | None] = [*types, None]
    scope_ids: list[str | None] = [*scopes, None]
    by_type = {one: _sum(cells, lambda key, one=one: key[0] == one) for one in type_ids}  # type: ignore[misc]
    by_scope = {one: _sum(cells, lambda key, one=one: key[1] == one) for one in scope_ids}  # type: ignore[misc]
    shown_types = _kept(type_ids, frozenset({None}), by_type)
    shown_scopes = _kept(scope_ids, closed_scopes | {None}, by_scope)
    whole = _sum(cells, lambda _key: True)
    scope_names: dict[str | None, str] = {None: "Chưa rõ"} | dict(scopes.items())
    type_names: dict[str | None, str] = {None: "Chưa rõ loại hình"} | dict(types.items())
    rows = []
    for number, kind in enumerate(shown_types, start=1):
        parts = [cells.get((kind, scope), Counted()) for scope in shown_scopes]
        rows.append(_line(number, type_names[kind], by_type[kind], parts))
    total = _line(None, SUM, whole, [by_scope[s] for s in shown_scopes], total=True)
    notes = control_lines(whole, [by_scope[s] for s in shown_scopes])
    header = _header([SUM, *(scope_names[s] for s in shown_scopes)])
    return Table("A2", _columns(len(shown_scopes) + 1), header, (*rows, total), notes=notes)


def _line(number: int | None, name: str, whole: Counted, parts: Sequence[Counted], *, total: bool = False) -> Row:
    values = [Cell(n) for part in (whole, *parts) for n in (part.total, part.entrusted)]
    return row(number, name, *values, kind="total" if total else "body")


def _header(groups: Sequence[str]) -> tuple[tuple[HeaderCell, ...], ...]:
    top = [HeaderCell("STT", rows=2), HeaderCell("Loại hình hội", rows=2)]
    top += [HeaderCell(group, columns=2) for group in groups]
    below = [HeaderCell(text) for _group in groups for text in (TOTAL, ENTRUSTED)]
    return tuple(top), tuple(below)


def _columns(groups: int) -> tuple[Column, ...]:
    width = min(15.0, (_TEXT_WIDTH - 10 - 42) / (2 * groups))
    name = min(_TEXT_WIDTH - 10 - width * 2 * groups, 60.0)
    count = Column(width, "right", "count", "sum")
    return (Column(10, "center"), Column(name), *([count] * (2 * groups)))


def control_lines(whole: Counted, parts: Sequence[Counted]) -> tuple[str, ...]:
    """The sums by scope, written out: 3.711 = 159 + 347 + 3.205. A sum that does not agree is said as such."""
    out = []
    names = {"Tổng số hội": "total", "Hội do Đảng, Nhà nước giao nhiệm vụ": "entrusted"}
    for name, attribute in names.items():
        wanted = getattr(whole, attribute)
        numbers = [getattr(part, attribute) for part in parts]
        agrees = "=" if sum(numbers) == wanted else "≠"
        out.append(f"{name} theo phạm vi: {count_text(wanted)} {agrees} {' + '.join(map(count_text, numbers))}.")
    return tuple(out)
