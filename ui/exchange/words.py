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

__all__ = [
    "day_of",
    "numbered",
    "peer_advice",
    "peer_name",
    "peer_rank",
    "peer_relation",
    "peer_state",
    "relation_words",
    "size_words",
]


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


LATE = 10
"""Days without a receipt after which a unit counts as late."""


def peer_name(row: PeerRow) -> str:
    """What a unit is called on the board; another PC of this unit by what it is."""
    if row.relation == "sibling":
        return _("Another PC of this unit")
    return row.name or row.unit


def peer_relation(row: PeerRow) -> str:
    """What a unit is to this book, in two words."""
    words = {"superior": _("Superior"), "subordinate": _("Subordinate"), "sibling": _("Same unit")}
    return words.get(row.relation, row.relation)


def relation_words(row: PeerRow) -> str:
    """What a unit is to this book, with the digits that are compared."""
    from hoidesk.exchange.trust.keys import groups_of_four

    words = {
        "superior": _("Superior unit"),
        "subordinate": _("Subordinate unit"),
        "sibling": _("Another PC of this unit"),
    }
    what = words.get(row.relation, row.relation)
    return _("{what}. Digits of the unit: {digits}").format(what=what, digits=groups_of_four(row.digits))


def peer_rank(row: PeerRow, now: datetime) -> tuple[int, int, int, str]:
    """The order on the board: missing and waiting packages, then who is late longest, then the superior, then names."""
    late = row.days_late(now)
    urgent = 0 if row.missing or row.waiting else 1 if late >= 1 else 2
    return urgent, -late if urgent == 1 else 0, 0 if row.relation == "superior" else 1, row.unit


def peer_state(row: PeerRow, now: datetime) -> Cell:
    """The chip of a unit on the board."""
    if row.missing:
        numbers = ", ".join(str(n) for n in row.missing)
        return Cell(_("Package {numbers} is missing").format(numbers=numbers), tone="warn", chip=True)
    if row.waiting:
        return Cell(_("A package waits in the inbox"), tone="waiting", chip=True)
    days = row.days_late(now)
    if days >= 0:
        if days < 1:
            return Cell(_("Waits for a receipt"), tone="neutral", icon="clock", chip=True)
        tone: Tone = "bad" if days >= LATE else "warn"
        text = ngettext("{days} day without a receipt", "{days} days without a receipt", days).format(days=days)
        return Cell(text, tone=tone, chip=True)
    if row.last_sent_number is None and row.last_received_number is None:
        return Cell(_("Enrolled, nothing sent yet"), role="text2")
    return Cell(_("Complete"), tone="ok", chip=True)


def peer_advice(row: PeerRow, now: datetime) -> str:
    """What to do about a unit, in one sentence; nothing where all is well."""
    name = peer_name(row)
    if row.missing:
        numbers = ", ".join(str(n) for n in row.missing)
        return _("Ask {unit} for package {numbers}, or for a new package; what came is kept.").format(
            unit=name, numbers=numbers
        )
    days = row.days_late(now)
    if days >= 1:
        return _(
            "Package {number} went to {unit} and has no receipt for {days}: the next package holds all of it again."
        ).format(
            number=row.waits_number,
            unit=name,
            days=ngettext("{n} day", "{n} days", days).format(n=days),
        )
    return ""
