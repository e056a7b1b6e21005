"""How packages are spoken of: days, sizes, counts, states."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hoidesk.language import _, ngettext
from hoidesk.text.dates import VIETNAM, show_day
from hoidesk.text.numbers import show_count, show_decimal
from ui.palettes import Tone
from ui.widgets.cells import Cell

if TYPE_CHECKING:
    from hoidesk.exchange.frame import Counts
    from hoidesk.exchange.receive import Received
    from hoidesk.exchange.rows import PeerRow

__all__ = ["counts_sentence", "day_of", "numbered", "peer_state", "received_cell", "size_words"]


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


def counts_sentence(counts: Counts) -> str:
    """What a package brings, in one sentence: only kinds that occur are named."""
    parts = [
        ngettext("{n} new", "{n} new", counts.new).format(n=counts.new) if counts.new else "",
        ngettext("{n} changed", "{n} changed", counts.changed).format(n=counts.changed) if counts.changed else "",
        _("{n} the same").format(n=counts.same) if counts.same else "",
        _("{n} edited in two places").format(n=counts.conflicts) if counts.conflicts else "",
        _("{n} waiting for another record").format(n=counts.parked) if counts.parked else "",
        _("{n} kept as suggestions").format(n=counts.suggestions) if counts.suggestions else "",
        _("{n} refused").format(n=counts.refused) if counts.refused else "",
        _("{n} of a newer program, kept").format(n=counts.unknown) if counts.unknown else "",
    ]
    told = [part for part in parts if part]
    return ", ".join(told) if told else _("nothing new")


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


_STATES: dict[str, tuple[Tone, str]] = {
    "merged": ("ok", "circle-check"),
    "certificate": ("ok", "key"),
    "duplicate": ("neutral", "check"),
    "superseded": ("neutral", "check"),
    "waiting": ("warn", "clock"),
    "refused": ("bad", "circle-alert"),
}


def _state_word(state: str) -> str:
    words = {
        "merged": _("Taken"),
        "certificate": _("Enrolled"),
        "duplicate": _("Known already"),
        "superseded": _("Older, known"),
        "waiting": _("Waits"),
        "refused": _("Refused"),
        "other": _("For another unit"),
        "ready": _("Whole, can be taken"),
    }
    return words.get(state, state)


def received_cell(one: Received, *, looked_only: bool = False) -> Cell:
    """The chip of a received file; before it is taken a sound package says that it can be."""
    state = "ready" if looked_only and one.state == "merged" else one.state
    tone, icon = _STATES.get(one.state, ("neutral", "info"))
    return Cell(_state_word(state), tone=tone, icon=icon, chip=True)


def place_name(path: Path) -> str:
    """A folder as people know it: its name and where it is."""
    return path.name or str(path)
