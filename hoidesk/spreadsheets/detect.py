"""Find the tables of a sheet and tell records from titles, groups, totals, repeated headers and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from hoidesk.errors import UserError
from hoidesk.spreadsheets import words
from hoidesk.spreadsheets.columns import Header, header_paths, name_columns
from hoidesk.spreadsheets.guess import guess_columns
from hoidesk.spreadsheets.read import Cell, Merge, Sheet
from hoidesk.text.dates import parse_day
from hoidesk.text.fold import fold

__all__ = ["Row", "Table", "find_tables"]

_MAX_HEADER_ROWS: Final = 4
_MAX_SEARCH: Final = 300
_MAX_TITLES: Final = 20
_MAX_FILLED_DOWN: Final = 100_000
_YEAR: Final = re.compile(r"\bnam (20\d\d)\b")
_HALF: Final = re.compile(r"\b(?:6|06|sau) thang (dau|cuoi) nam\s*(20\d\d)?")
_NUMBERED: Final = re.compile(r"^\(?\s*(\d{1,2}|[A-Da-d])\s*\)?(\s*=.*)?$")
_ROMAN: Final = re.compile(r"(?:[IVX]{1,5}|[A-H])\s*[.)]?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of records: its number as the spreadsheet shows it, its cells, the group headings above it."""

    number: int
    cells: tuple[Cell, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was found: its header, its rows, and what the words around it say."""

    header: Header
    rows: tuple[Row, ...]
    titles: tuple[str, ...]
    as_of: date | None
    year: int | None
    signed_on: date | None


def find_tables(sheet: Sheet, today: date) -> tuple[Table, ...]:
    """Every table of a known kind in the sheet, from the top down."""
    tables: list[Table] = []
    row = 0
    while (header := _find_header(sheet, row)) is not None:
        first = header.top + header.height
        rows, row = _body(sheet, header, first)
        above = sheet.rows[max(0, header.top - _MAX_TITLES) : header.top]
        titles = tuple(value for cells in above for value in cells if isinstance(value, str))
        foot = sheet.rows[row : row + _MAX_TITLES]
        below = tuple(value for cells in foot for value in cells if isinstance(value, str))
        signed = next(
            (day for text in (*below, *reversed(titles)) if (day := _day_in(words.SIGNED_ON, text, today))), None
        )
        as_of, year = _period(titles, today)
        tables.append(Table(header, rows, titles, as_of, year, signed))
    return tuple(tables)


def _plainly(cells: tuple[Cell, ...]) -> list[str]:
    return [words.plain(str(value)) if value is not None else "" for value in cells]


def _filled(cells: tuple[Cell, ...]) -> list[int]:
    return [index for index, value in enumerate(cells) if value is not None]


def _find_header(sheet: Sheet, start: int) -> Header | None:
    """The first header at or below ``start``: of the headers that begin within four rows, the one that says most.

    A list that begins further down than any letterhead reaches is not looked for.
    """
    end = min(len(sheet.rows), start + _MAX_SEARCH)
    for top in range(start, end):
        first = list(_headers_at(sheet, top))
        if not first:
            continue
        found = [(score, 0, -header.height, header) for score, header in first]
        for offset in range(1, min(_MAX_HEADER_ROWS, end - top)):
            found += [(score, -offset, -header.height, header) for score, header in _headers_at(sheet, top + offset)]
        return max(found, key=lambda entry: entry[:3])[3]
    return None


def _headers_at(sheet: Sheet, top: int) -> Iterator[tuple[float, Header]]:
    """The headers of each kind and height that begin in row ``top``, with their scores."""
    texts = [value for value in sheet.rows[top] if value is not None]
    if len({str(value) for value in texts}) < 2 or not all(isinstance(value, str) for value in texts):
        return
    above = sheet.rows[max(0, top - _MAX_TITLES) : top]
    title = words.plain(" ".join(value for cells in above for value in cells if isinstance(value, str)))
    for height in range(1, _MAX_HEADER_ROWS + 1):
        if height > 1 and not _continues(sheet, top, top + height - 1):
            return
        paths = header_paths(sheet, top, height)
        for kind, required in words.REQUIRED.items():
            columns = guess_columns(kind, name_columns(kind, paths), sheet, top + height)
            fields = {column.field for column in columns if column.field}
            if all(fields & wanted for wanted in required):
                score = sum(1 for column in columns if column.field) + len({path for path in paths if path}) * 0.1
                if words.TITLES[kind].search(title):
                    score += 1.5
                yield score, Header(kind, top, height, columns)


def _continues(sheet: Sheet, top: int, row: int) -> bool:
    """Whether ``row`` can be a further header row under the header that begins in ``top``."""
    if row >= len(sheet.rows):
        return False
    filled = _filled(sheet.rows[row])
    if not filled or not all(isinstance(sheet.rows[row][column], str) for column in filled):
        return False
    if any(str(sheet.rows[row][column]).strip().isdigit() for column in filled):
        return False
    for merge in sheet.merges:
        over = top <= merge.top < row and merge.bottom >= row
        parent = merge.bottom == row - 1 and merge.top >= top and merge.left < merge.right
        if over or (parent and any(merge.left <= column <= merge.right for column in filled)):
            return True
    # Without merged cells: the first column has its header above already, and something stands under a blank.
    above = _filled(sheet.rows[top])
    return above[0] not in filled and not set(filled) <= set(above)


def _body(sheet: Sheet, header: Header, first: int) -> tuple[tuple[Row, ...], int]:
    """The rows of records below a header, and the row after the table."""
    filled_down = _filled_down(sheet, first)
    merges: dict[int, list[Merge]] = {}
    for merge in sheet.merges:
        merges.setdefault(merge.top, []).append(merge)
    heading = [_plainly(cells) for cells in sheet.rows[header.top : first]]
    rows: list[Row] = []
    groups: dict[int, str] = {}
    numbers_allowed = True
    for index in range(first, len(sheet.rows)):
        cells = sheet.rows[index]
        columns = _filled(cells)
        if not columns:
            continue
        texts = [str(cells[column]) for column in columns]
        if numbers_allowed and len(columns) > 1 and all(_NUMBERED.match(text) for text in texts):
            numbers_allowed = False
            continue
        if len(columns) > 1 and _plainly(cells) in heading:
            numbers_allowed = True
            continue  # the header printed again on the next page
        if _ends_table(cells, columns):
            return tuple(rows), index
        alone = len(_filled(sheet.rows[index - 1])) <= 1  # a second table has a blank row or its title above it
        if index > first and alone and len(columns) > 2 and any(True for _found in _headers_at(sheet, index)):
            return tuple(rows), index
        numbers_allowed = False
        group = _group(sheet, index, columns, merges.get(index, []))
        if group is not None:
            _set_group(groups, group)
        elif not _is_total(cells) and not _only_number(header, columns):
            cells = tuple(filled_down.get((index, c), value) for c, value in enumerate(cells))
            rows.append(Row(index + 1, cells, tuple(groups.values())))
    return tuple(rows), len(sheet.rows)


def _filled_down(sheet: Sheet, first: int) -> dict[tuple[int, int], Cell]:
    """The values of cells that are merged downwards, for every row they cover."""
    found: dict[tuple[int, int], Cell] = {}
    for merge in sheet.merges:
        if len(found) > _MAX_FILLED_DOWN:
            break
        if merge.top >= first and merge.bottom > merge.top and merge.left == merge.right:
            for row in range(merge.top, merge.bottom + 1):
                found[row, merge.left] = sheet.rows[merge.top][merge.left]
    return found


def _ends_table(cells: tuple[Cell, ...], columns: list[int]) -> bool:
    """A signature, the place and day above it, or a note: at most three filled cells, the first of them says so."""
    if len(columns) > 3:
        return False
    return any(
        isinstance(cells[column], str) and words.SIGNATURE.search(words.plain(str(cells[column]))) for column in columns
    )


def _group(sheet: Sheet, row: int, columns: list[int], merges: list[Merge]) -> str | None:
    """The text of a group heading: one filled cell (beside a number or letter), or one merged over half the table."""
    cells = sheet.rows[row]
    texts = [column for column in columns if isinstance(cells[column], str)]
    if not texts:
        return None
    longest = max(texts, key=lambda column: len(str(cells[column])))
    text = str(cells[longest])
    if words.TOTAL.search(words.plain(text)):
        return None
    wide = any(merge.covers(row, longest) and (merge.right - merge.left + 1) * 2 >= sheet.width for merge in merges)
    if len(columns) == 1 or wide:
        return text
    # "II | Hội khác | | 545": a numbered heading that carries its own sum.
    first = cells[columns[0]]
    if len(texts) == 2 and columns[0] != longest and isinstance(first, str) and _ROMAN.fullmatch(first.strip()):
        return f"{first.strip()} {text}"
    return None


def _set_group(groups: dict[int, str], text: str) -> None:
    """Put a heading in its place: roman numbers and capitals stand above plain numbers, and clear what is below."""
    mark = text.strip()[:1]
    level = 0 if re.match(r"^([IVX]+|[A-H])[\s.)]", text.strip()) else (1 if mark.isdigit() else 2)
    for deeper in [key for key in groups if key >= level]:
        del groups[deeper]
    groups[level] = text


def _is_total(cells: tuple[Cell, ...]) -> bool:
    leading = [value for value in cells if isinstance(value, str)][:2]
    return any(words.TOTAL.search(words.plain(text)) for text in leading)


def _only_number(header: Header, columns: list[int]) -> bool:
    """A row that was numbered in advance and never filled."""
    ordinal = header.fields().get("ordinal")
    return ordinal is not None and columns == [ordinal.index]


def _day_in(pattern: re.Pattern[str], text: str, today: date) -> date | None:
    match = pattern.search(fold(text))
    if match is None:
        return None
    day = match.group(1)
    written = re.fullmatch(r"(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})", day)
    try:
        if written:
            return date(int(written.group(3)), int(written.group(2)), int(written.group(1)))
        return parse_day(day.replace(" ", ""), today)
    except (ValueError, UserError):
        return None


def _period(titles: tuple[str, ...], today: date) -> tuple[date | None, int | None]:
    """The day that the figures are of and the year of the list, as its titles say."""
    as_of = next((day for text in titles if (day := _day_in(words.AS_OF, text, today))), None)
    year: int | None = None
    for text in titles:
        folded = words.plain(text)
        half = _HALF.search(folded)
        found = _YEAR.search(folded) or re.search(r"\b(20\d\d)\b", folded)
        if found and year is None:
            year = int(found.group(1))
        if half and found and as_of is None:
            as_of = date(int(found.group(1)), 6, 30) if half.group(1) == "dau" else date(int(found.group(1)), 12, 31)
    return as_of, year if year is not None else (as_of.year if as_of else None)
