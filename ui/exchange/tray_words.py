"""How the things in the tray are spoken of: what they are, whose, since when, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hoidesk.language import N_, _, ngettext
from ui.app import App
from ui.palettes import Tone
from ui.records.values import shown

if TYPE_CHECKING:
    from hoidesk.exchange.decide.conflict_rows import Decision, Side
    from hoidesk.exchange.decide.fields import Field
    from hoidesk.exchange.decide.tray import Item, Tray

__all__ = [
    "KINDS",
    "age",
    "field_value",
    "item_lead",
    "item_second",
    "item_title",
    "kind_words",
    "side_words",
    "values_words",
]

KINDS: dict[str, tuple[str, str, Tone]] = {
    "conflict": (N_("Edited in two places"), "pencil", "warn"),
    "aside": (N_("Set aside and edited"), "trash", "warn"),
    "suggestion": (N_("Suggestions"), "message-square-text", "neutral"),
    "parked": (N_("Wait for another record"), "clock", "neutral"),
    "quarantine": (N_("Held back"), "circle-alert", "bad"),
    "package": (N_("Packages that wait"), "download", "warn"),
}
"""The kinds of things in the tray: their name, icon and tone."""


def kind_words(kind: str) -> str:
    """The name of a kind."""
    return _(KINDS[kind][0])


def item_title(item: Item) -> str:
    """What a line of the tray is about."""
    if item.kind == "package":
        return _("Package {number}").format(number=item.number)
    return item.title or (_(item.table.info.label) if item.table else _("A record of a newer program"))


def item_second(app: App, item: Item) -> str:
    """The second line: whose, and what is the matter."""
    unit = app.unit_name(item.unit)
    match item.kind:
        case "conflict":
            count = len(item.decisions)
            return ngettext("{n} place differs", "{n} places differ", count).format(n=count)
        case "aside" if item.edited is not None:
            labels = ", ".join(_(column.info.label) for column in item.edited.fields)
            return f"{unit}: {labels}"
        case "package" if item.missing is not None:
            return _("{unit}: package {missing} is missing").format(unit=unit, missing=item.missing)
        case "quarantine":
            return f"{unit}: {item.reason}"
        case "parked":
            return _("{unit}: waits for “{what}”").format(unit=unit, what=parent_words(item))
    return unit


def parent_words(item: Item) -> str:
    """What kind of record a parked row waits for."""
    from hoidesk.book.registry import registry

    table = registry().find(item.reason)
    return _(table.info.label) if table is not None else item.reason


def item_lead(app: App, item: Item) -> str:
    """One sentence under the title: what happened and what to do."""
    unit, kind = app.unit_name(item.unit), _(item.table.info.label) if item.table else ""
    match item.kind:
        case "conflict" if item.voided is not None:
            return _("{kind}. It was edited in two places, and it was set aside: {why}").format(
                kind=kind, why=item.voided
            )
        case "conflict":
            return _("{kind}. It was edited in two places. Choose line by line which value stands.").format(kind=kind)
        case "aside":
            return _("{kind}. One place set it aside while another edited it. Decide what holds.").format(kind=kind)
        case "suggestion" if not item.present:
            return _("{kind}. {unit} may not create this record itself. Take it over, or leave it.").format(
                kind=kind, unit=unit
            )
        case "suggestion":
            return _("{kind}. {unit} wrote into fields that it does not own. Take it over, or leave it.").format(
                kind=kind, unit=unit
            )
        case "parked":
            return _("{kind} of {unit}. It goes into the book by itself once “{what}” has come.").format(
                kind=kind, unit=unit, what=parent_words(item)
            )
        case "quarantine":
            return _("{kind} of {unit}. It broke a rule and was held back; the rest of the package was taken.").format(
                kind=kind, unit=unit
            )
    return _package_lead(unit, item)


def _package_lead(unit: str, item: Item) -> str:
    if item.reason == "clock":
        return _("The PC of {unit} has a wrong date. Ask {unit} to confirm the date there and to send again.").format(
            unit=unit
        )
    if item.reason == "mend":
        return _("It waits until this book is mended: press “Mend the book” on the list of units.")
    if item.missing is not None:
        return _("It waits for package {missing} of {unit}. Ask {unit} for it, or for a new package.").format(
            missing=item.missing, unit=unit
        )
    return _("It waits for an earlier package of {unit}. Ask {unit} for a new package.").format(unit=unit)


def age(tray: Tray, item: Item) -> str:
    """Since when it lies here, with the number of days."""
    from hoidesk.text.dates import show_instant

    if item.at is None:
        return ""
    days = tray.days(item)
    return _("{time} ({days})").format(
        time=show_instant(item.at), days=ngettext("{n} day", "{n} days", days).format(n=days)
    )


def side_words(app: App, side: Side) -> str:
    """Who wrote a value and when: by the clock of that PC, which may be wrong."""
    from hoidesk.text.dates import show_instant

    time = show_instant(side.at)
    if side.here:
        who = side.user or app.unit_name(side.unit)
        return _("{who} on this PC, {time} by its clock").format(who=who, time=time)
    who = app.unit_name(side.unit) or _("Unknown unit")
    book = app.book
    if book is not None and side.unit == book.unit.code:
        return _("Another PC of this unit (copy {copy}), {time} by its clock").format(copy=side.copy, time=time)
    return _("{who}, {time} by the clock of its PC").format(who=who, time=time)


def field_value(app: App, field: Field, value: Any, titles: Mapping[UUID, str]) -> str:
    """A value in words: references by title, choices by label."""
    if field.column is None:
        return _("(empty)") if value is None else str(value)
    info = field.column.info
    if info.kind == "unit":
        return app.unit_name(value)
    if info.kind == "ref" and isinstance(value, UUID):
        return titles.get(value) or _("A record that is not in this book")
    if isinstance(value, str) and info.kind not in ("line", "note", "choice", "document"):
        return value  # it came in a package and is no day or number at all
    return shown(info, value, titles, app.labels) or _("(empty)")


def values_words(app: App, decision: Decision, titles: Mapping[UUID, str], *, theirs: bool) -> str:
    """All values of one side of a decision; where there are several, each with its label."""
    fields = [f for f in decision.fields if f.differs] or list(decision.fields[:1])
    texts = [(_(f.label), field_value(app, f, f.theirs if theirs else f.ours, titles)) for f in fields]
    if len(texts) == 1:
        return texts[0][1]
    return "; ".join(f"{label}: {text}" for label, text in texts)
