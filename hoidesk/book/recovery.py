"""The digits of the recovery sheet: the book's key itself, so that a book without its slot file still opens.

Each group of six digits is 16 bits of the key and a check digit (Damm), which finds every wrong digit and every pair
of neighbours that changed places; the last group checks all others, so that swapped groups are found too.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = ["groups_of_key", "key_of_groups", "key_of_sheet"]

_GROUPS: Final = 16
_DAMM: Final = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def _check_digit(digits: str) -> str:
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def _group(value: int) -> str:
    digits = f"{value:05d}"
    return digits + _check_digit(digits)


def _total(key: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"hoidesk-recovery-v1\n" + key).digest()[:2], "big")


def groups_of_key(key: bytes) -> list[str]:
    """The 17 groups of six digits for a key of 32 bytes."""
    if len(key) != 32:
        raise ValueError("a book key has 32 bytes")
    values = [int.from_bytes(key[i : i + 2], "big") for i in range(0, 32, 2)]
    return [_group(value) for value in [*values, _total(key)]]


def key_of_groups(groups: list[str]) -> bytes:
    """The key that the groups spell; UserError names the group that was copied wrongly."""
    if len(groups) != _GROUPS + 1:
        raise UserError(
            "recovery.count",
            _("The recovery sheet has 17 groups of 6 digits; {count} were found.").format(count=len(groups)),
        )
    for number, group in enumerate(groups, 1):
        wrong = len(group) != 6 or not group.isascii() or not group.isdigit()
        if wrong or _check_digit(group[:5]) != group[5] or int(group[:5]) > 0xFFFF:
            raise UserError(
                "recovery.group",
                _("Group {number} of the recovery sheet is not right. Compare it with the sheet again.").format(
                    number=number
                ),
            )
    key = b"".join(int(group[:5]).to_bytes(2, "big") for group in groups[:_GROUPS])
    if _total(key) != int(groups[_GROUPS][:5]):
        raise UserError(
            "recovery.total", _("The groups do not belong together. Check their order and that all are from one sheet.")
        )
    return key


def key_of_sheet(path: Path) -> bytes:
    """The key on a recovery sheet: the PDF that the program made, or a text file with the typed digits."""
    try:
        if path.stat().st_size > 5_000_000:
            raise UserError("recovery.file", _("{name} is not a recovery sheet.").format(name=path.name))
        data = path.read_bytes()
    except OSError as error:
        raise UserError("recovery.file", _("{name} cannot be read.").format(name=path.name)) from error
    text = _pdf_text(data) if data.startswith(b"%PDF") else data.decode("utf-8", "replace")
    groups = re.findall(r"(?<!\d)\d{6}(?!\d)", text)
    if not groups:
        raise UserError("recovery.file", _("{name} is not a recovery sheet.").format(name=path.name))
    return key_of_groups(groups)


def _pdf_text(data: bytes) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UserError("recovery.file", _("The recovery sheet is damaged. Type its digits instead.")) from error
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
