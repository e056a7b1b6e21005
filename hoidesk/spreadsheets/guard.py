"""A look at the bytes of a spreadsheet before a parser touches them.

A file from a stick is hostile until shown otherwise. What is refused here would cost memory or crash the parser: it
lays a sheet out as a full rectangle, so one cell in the last corner would ask for gigabytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import IO, Final

from hoidesk.errors import EnvError, UserError
from hoidesk.language import _

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "damaged", "load_bytes", "too_large"]

MAX_FILE: Final = 20 * 1024 * 1024
"""Bytes of the file itself; the largest list of a ward is below 1 MB."""
MAX_UNPACKED: Final = 200 * 1024 * 1024
"""Bytes of all its parts unpacked."""
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK: Final = "Workbook".encode("utf-16-le")
_BOOK: Final = "Book".encode("utf-16-le")
_CELL: Final = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br="([A-Z]{0,7})(\d{1,10})"')
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 4096


def damaged(name: str) -> EnvError:
    """The refusal of a file that is cut off or damaged."""
    return EnvError(
        "sheet.damaged",
        _("{name} is damaged or was cut off. Copy it again from where it came.").format(name=name),
    )


def too_large(name: str) -> UserError:
    """The refusal of a file beyond the caps."""
    return UserError(
        "sheet.too_large",
        _("{name} is too large: at most {rows} rows and {columns} columns. Split it into smaller files.").format(
            name=name, rows=MAX_ROWS, columns=MAX_COLUMNS
        ),
    )


def _foreign(name: str) -> UserError:
    return UserError(
        "sheet.foreign",
        _("{name} is not an Excel spreadsheet. Open it in Excel and save it as .xlsx.").format(name=name),
    )


def _protected(name: str) -> UserError:
    return UserError(
        "sheet.protected",
        _("{name} is protected by a password. Remove the password in Excel and save it again.").format(name=name),
    )


def _read(path: Path) -> bytes:
    """The whole content of ``path``, or a refusal that says why it cannot be had."""
    try:
        if path.is_dir():
            raise UserError("sheet.folder", _("{name} is a folder. Choose one file.").format(name=path.name))
        if path.stat().st_size > MAX_FILE:
            raise too_large(path.name)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(
            "sheet.missing", _("There is no file {name}. Check the name and the stick.").format(name=path.name)
        ) from error
    except OSError as error:
        text = _("{name} cannot be opened. Close it in Excel, then try again.").format(name=path.name)
        raise EnvError("sheet.unreadable", text) from error


def load_bytes(path: Path) -> bytes:
    """The bytes of a workbook that may be handed to the parser.

    Raises UserError for a missing, empty, foreign, protected or too large file and EnvError for a damaged one.
    """
    content = _read(path)
    if not content:
        raise UserError("sheet.empty", _("{name} is empty: 0 bytes. Copy it again.").format(name=path.name))
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise _protected(path.name)
        if _WORKBOOK not in content and _BOOK not in content:
            raise _foreign(path.name)
        return content
    if not content.startswith(_ZIP):
        raise _foreign(path.name)
    _check_parts(content, path.name)
    return content


def _check_parts(content: bytes, name: str) -> None:
    """Unpack every part once, counting, and look at the corners of every sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
                raise _foreign(name)
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise too_large(name)
            for part in parts:
                if part.flag_bits & 1:
                    raise _protected(name)
                with archive.open(part) as stream:
                    _check_part(stream, name, is_sheet=part.filename.lower().startswith("xl/worksheets/"))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged(name) from error
    except Exception as error:  # zlib.error and friends have no common base
        if isinstance(error, (UserError, EnvError)):
            raise
        raise damaged(name) from error


def _check_part(stream: IO[bytes], name: str, *, is_sheet: bool) -> None:
    """Read one part to its end (which checks its sum); refuse cells beyond the caps and document type definitions."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        if is_sheet:
            for column, row in _CELL.findall(window):
                if int(row) > MAX_ROWS or _column_number(column) > MAX_COLUMNS:
                    raise too_large(name)
            if _DTD.search(window):
                raise damaged(name)
        tail = window[-_OVERLAP:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
