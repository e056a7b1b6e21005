"""How received packages and the records in them are spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from hoidesk.language import _, ngettext
from ui.app import App
from ui.exchange.tray_words import field_value, kind_words
from ui.palettes import Tone
from ui.widgets.cells import Cell

if TYPE_CHECKING:
    from hoidesk.exchange.merge.frame import Counts
    from hoidesk.exchange.received import Received
    from hoidesk.exchange.rehearsed import RecordChange

__all__ = ["change_cell", "counts_sentence", "field_words", "received_cell", "received_todo", "what_it_brings"]


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


_STATES: dict[str, tuple[Tone, str]] = {
    "merged": ("ok", "circle-check"),
    "certificate": ("ok", "key"),
    "duplicate": ("neutral", "check"),
    "superseded": ("neutral", "check"),
    "waiting": ("warn", "clock"),
    "refused": ("bad", "circle-alert"),
    "stopped": ("warn", "pause"),
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
        "stopped": _("Not taken yet"),
    }
    return words.get(state, state)


def received_cell(one: Received, *, looked_only: bool = False) -> Cell:
    """The chip of a received file; before it is taken a sound package says that it can be."""
    state = "ready" if looked_only and one.state == "merged" else one.state
    tone, icon = _STATES.get(one.state, ("neutral", "info"))
    return Cell(_state_word(state), tone=tone, icon=icon, chip=True)


def what_it_brings(one: Received) -> str:
    """The first line of a result: counts, or the sentence that says what is wrong and what to do."""
    if one.state != "merged":
        return one.sentence
    if one.acknowledged:
        numbers = ", ".join(str(n) for n in one.acknowledged)
        receipt = _("Receipt for our package {numbers}").format(numbers=numbers)
        return receipt if one.kind == "receipt" else f"{counts_sentence(one.counts)}. {receipt}"
    return counts_sentence(one.counts)


def received_todo(one: Received, *, looked_only: bool) -> str:
    """The second line of a result: what is left to do, reasons of what was refused, or the file."""
    parts = list(one.reasons[:2])
    open_ = one.counts.conflicts + one.counts.suggestions + one.counts.refused + one.counts.parked
    match one.state:
        case "merged" if open_ and not looked_only:
            parts.insert(0, _("Look under “Waits for a person”"))
        case "waiting" if not looked_only:
            parts.append(_("Kept in this book; the stick is not needed for it"))
        case "stopped":
            parts.append(_("Receive again to take it"))
    if one.receipt and not looked_only:
        parts.append(_("Receipt code to read out: {digits}").format(digits=_grouped(one.receipt)))
    return "; ".join(parts) or (one.path.name if one.state != "merged" else "")


def _grouped(digits: str) -> str:
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


_RESULTS: dict[str, tuple[Tone, str]] = {
    "new": ("ok", "plus"),
    "changed": ("neutral", "pencil"),
    "conflict": ("warn", "pencil"),
    "suggestion": ("neutral", "message-square-text"),
    "parked": ("neutral", "clock"),
    "refused": ("bad", "circle-alert"),
}


def change_cell(change: RecordChange) -> Cell:
    """The chip of a record that would change."""
    words = {"new": _("New"), "changed": _("Changed"), "refused": kind_words("quarantine")}
    tone, icon = _RESULTS[change.result]
    return Cell(words.get(change.result) or kind_words(change.result), tone=tone, icon=icon, chip=True)


def field_words(app: App, change: RecordChange, titles: Mapping[UUID, str] | None, *, theirs: bool) -> list[str]:
    """The values of the fields that differ, each with its label."""
    found = []
    for one in change.fields:
        value = field_value(app, one, one.theirs if theirs else one.ours, titles or {})
        found.append(f"{_(one.label)}: {value}" if one.label else value)
    return found
