"""A workbook as plain typed cells: no formats, no formulas, no parser objects beyond this file."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from hoidesk.errors import Refusal, UserError
from hoidesk.language import _
from hoidesk.spreadsheets.guard import MAX_COLUMNS, MAX_ROWS, damaged, load_bytes, too_large
from hoidesk.text.legacy import Encoding, detect, to_unicode
from hoidesk.text.nfc import clean

__all__ = ["Cell", "Merge", "Sheet", "Workbook", "column_letters", "read_workbook"]

Cell = str | int | float | bool | date | datetime | time | None
"""What a cell may hold. Text is cleaned and never empty, a whole number is an int, a day without a time is a date."""

_MAX_TEXT: Final = 32_767  # Excel's own limit of one cell


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, rows and columns counted from 0, ends included; the value lies in its first cell."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell lies in the range."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: ``rows[r][c]`` from the cell A1 on, every row of the same width."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[Merge, ...]
    encoding: Encoding = Encoding.UNICODE
    """How the file wrote its text before it was converted."""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged range over a cell."""
        return next((merge for merge in self.merges if merge.covers(row, column)), None)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read: its name (no folder), its SHA-256 in hexadecimal digits, its visible sheets."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def column_letters(column: int) -> str:
    """The letters over a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_workbook(path: Path) -> Workbook:
    """Read an .xlsx or .xls file.

    Raises UserError or EnvError with one sentence for anything that is not a whole, open, reasonably sized workbook.
    """
    content = load_bytes(path)
    try:
        sheets = _sheets(content, path.name)
    except Refusal:
        raise
    except Exception as error:
        raise _refusal(error, path.name) from error
    except BaseException as error:
        # A panic of the Rust parser derives from BaseException; a real interrupt must pass.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(path.name) from error
    if not any(sheet.rows for sheet in sheets):
        raise UserError("sheet.blank", _("{name} has no filled cell. Choose another file.").format(name=path.name))
    return Workbook(path.name, hashlib.sha256(content).hexdigest(), sheets)


def _refusal(error: Exception, name: str) -> Refusal:
    if type(error).__name__ == "PasswordError":
        return UserError(
            "sheet.protected",
            _("{name} is protected by a password. Remove the password in Excel and save it again.").format(name=name),
        )
    return damaged(name)


def _sheets(content: bytes, name: str) -> tuple[Sheet, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return tuple(
            _sheet(workbook.get_sheet_by_name(info.name), name)
            for info in workbook.sheets_metadata
            if info.typ == SheetTypeEnum.WorkSheet and info.visible == SheetVisibleEnum.Visible
        )


def _sheet(source: Any, file_name: str) -> Sheet:
    """A parser sheet as plain cells; empty rows and columns at the end are left out."""
    if source.end is not None and (source.end[0] >= MAX_ROWS or source.end[1] >= MAX_COLUMNS):
        raise too_large(file_name)
    raw = source.to_python(skip_empty_area=False)
    texts = [value[:_MAX_TEXT] for row in raw for value in row if isinstance(value, str) and not value.isascii()]
    encoding = detect(texts).encoding if texts else Encoding.UNICODE
    if encoding is Encoding.UNCLEAR:
        encoding = Encoding.UNICODE
    rows = [[_cell(value, encoding) for value in row] for row in raw]
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    width = max((column + 1 for row in rows for column, value in enumerate(row) if value is not None), default=0)
    merges = tuple(
        Merge(top, left, min(bottom, len(rows) - 1), min(right, width - 1))
        for (top, left), (bottom, right) in (source.merged_cell_ranges or ())
        if top < len(rows) and left < width
    )
    return Sheet(clean(source.name), tuple(tuple(row[:width]) for row in rows), merges, encoding)


def _cell(value: object, encoding: Encoding) -> Cell:
    if isinstance(value, str):
        # Converted before it is cleaned: TCVN3 keeps a letter where Unicode has an invisible character.
        return clean(to_unicode(value[:_MAX_TEXT], encoding)) or None
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, (int, date, time)):
        return value
    return None if value is None else clean(str(value)) or None
