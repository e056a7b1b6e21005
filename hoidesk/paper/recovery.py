"""The recovery sheet: the book's key on paper, for the day on which the password or the slot file is lost.

Whoever holds this sheet opens the book. The sheet says so, and where to keep it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from hoidesk.language import _
from hoidesk.text.dates import show_day

__all__ = ["recovery_sheet_pdf"]

_MOST_IN_ROW: Final = 4


def recovery_sheet_pdf(
    *, book_name: str, book_path: str, made_on: date, groups: Sequence[str], users: Sequence[str] = (), a5: bool = False
) -> bytes:
    """The recovery sheet as PDF.

    ``groups`` are the key's groups of characters with their check digits, as the book room worked them out; they are
    printed numbered and in this order, so that a person can read them out and find a wrong one. The bytes hold the
    key: never write them to a place that is backed up or shared.
    """
    from reportlab.platypus import Spacer

    from hoidesk.paper.small_sheet import boxed, facts, numbered_group, sheet_pdf, sheet_width, text

    width = sheet_width(a5=a5)
    title = _("Recovery sheet of the book {name}").format(name=book_name)
    lines = [(_("Book"), book_name), (_("Lies at"), book_path), (_("Made on"), show_day(made_on))]
    if users:
        lines.append((_("Users"), ", ".join(users)))
    across = _in_row(groups, width)
    numbered = list(enumerate(groups, start=1))
    cells = []
    for start in range(0, len(groups), across):
        chunk = numbered[start : start + across]
        line: list[object] = [numbered_group(number, group) for number, group in chunk]
        cells.append(line + [""] * (across - len(chunk)))
    content = [
        text(_("Recovery sheet"), "title"),
        text(_("It opens the book without a password. Keep it like the seal of the office."), "subtitle"),
        facts(lines, width),
        Spacer(1, 8),
        boxed(cells, [width / across] * across),
        Spacer(1, 8),
        *(text(f"{number}. {step}") for number, step in enumerate(_steps(), start=1)),
    ]
    return sheet_pdf(content, title=title, a5=a5)


def _in_row(groups: Sequence[str], width: float) -> int:
    """How many groups stand side by side without one of them being broken."""
    from hoidesk.paper.fonts import BOLD, text_width

    widest = max((text_width(group, BOLD, 15) for group in groups), default=0.0)
    return next((count for count in range(_MOST_IN_ROW, 1, -1) if widest <= width / count - 26), 1)


def _steps() -> tuple[str, ...]:
    return (
        _("Put this sheet into a sealed envelope, in the safe. Do not photograph it, do not send it by Zalo."),
        _("Needed when every password is forgotten, or the file keys.json beside the book is lost or damaged."),
        _("Open the program, choose the book, choose Recovery sheet, type the groups in the order of their numbers."),
        _("The last characters of each group check the others: a mistyped group is named at once."),
        _("Then set a new password. This sheet stays valid until the key of the book is changed."),
        _("After a user is removed the key is new: print a new sheet and destroy this one."),
    )
