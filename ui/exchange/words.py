"""How packages are spoken of: days, sizes, counts, states."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hoidesk.language import _, ngettext
from hoidesk.text.dates import VIETNAM, show_day
from hoidesk.text.numbers import show_count, show_decimal
from ui.palettes import Tone
from ui.widgets.cells import Cell

if TYPE_CHECKING:
    from hoidesk.exchange.rows import PeerRow

__all__ = ["day_of", "numbered", "peer_state", "size_words"]


def day_of(instant: str | None) -> str:
    """The day of an instant in office time, or nothing."""
    if not instant:
        return ""
    return show_day(datetime.fromisoformat(instant).astimezone(VIETNAM).date())


def numbered(number: int | None, instant: str | None) -> str:
    """ "No. 31, 31/10/2026", or a dash word when there was none."""
    if number is None:
        return _("None yet")
    return _("No. {number}, {day}").format(number=number, day=day_of(instant))


def size_words(size: int) -> str:
    """A size in KB, MB or GB as people read it."""
    for unit, factor in (("GB", 1024**3), ("MB", 1024**2)):
        if size >= factor:
            return f"{show_decimal(size / factor, 1)} {unit}"
    return f"{show_count(max(1, round(size / 1024)))} KB"


def peer_state(row: PeerRow, today: datetime) -> Cell:
    """The chip of a unit on the board."""
    if row.missing:
        numbers = ", ".join(str(n) for n in row.missing)
        return Cell(_("Package {numbers} is missing").format(numbers=numbers), tone="warn", chip=True)
    if row.waiting:
        return Cell(_("A package waits in the inbox"), tone="waiting", chip=True)
    if row.unacknowledged and row.last_sent_at:
        days = (today - datetime.fromisoformat(row.last_sent_at)).days
        if days < 1:
            return Cell(_("Waits for a receipt"), tone="neutral", icon="clock", chip=True)
        tone: Tone = "bad" if days >= 10 else "warn"
        text = ngettext("{days} day without a receipt", "{days} days without a receipt", days).format(days=days)
        return Cell(text, tone=tone, chip=True)
    if row.last_sent_number is None and row.last_received_number is None:
        return Cell(_("Enrolled, nothing sent yet"), role="text2")
    return Cell(_("Complete"), tone="ok", chip=True)
