"""The to-do list: facts of the figures room as rows, each with the place where the work is done.

A fact is counted by its figure, so that the list, the papers and the command line never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hoidesk.language import _, ngettext
from ui.palettes import Tone

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.book.book import Book

__all__ = ["GROUPS", "Todo", "todo", "waiting"]

MOST = 8
"""Of one kind at most so many rows stand alone; the rest is one row that opens the list."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: its group, the state in a chip, the fact, the working, the act and where it is done."""

    group: str
    chip: str
    tone: Tone
    fact: str
    working: str
    act: str
    place: str
    record: UUID | None = None
    only: str = ""


def GROUPS() -> list[tuple[str, str]]:
    """The groups in order, with their titles."""
    return [("late", _("Overdue")), ("soon", _("Due soon")), ("mend", _("Needs consolidation"))]


def _month(day: date) -> Any:
    from hoidesk.figures.window import Window

    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Window(day.replace(day=1), after - timedelta(days=1))


def _moment(day: date) -> Any:
    from hoidesk.figures.window import Window

    return Window(day.replace(month=1, day=1), day)


def _records(connection: Connection, figure: str, window: Any) -> Sequence[UUID]:
    from hoidesk.figures.evaluation import evaluate

    found: Sequence[UUID] = evaluate(connection, figure, window).record_ids
    return found


def waiting(connection: Connection, book: Book, day: date | None = None) -> dict[str, int]:
    """How many things wait on each page of the menu."""
    from hoidesk.text.dates import today

    on = day or today()
    counts = {
        "meetings": len(_records(connection, "branches_without_meeting", _month(on))),
        "petitions": len(_records(connection, "petitions_open", _moment(on))),
        "registrations": max(0, len(_missing_registrations(connection, on))),
        "assessments": len(_open_sheets(connection, on)),
        "exchange": sum(1 for _row in _unacknowledged(connection)) + _tray(connection),
    }
    return {place: number for place, number in counts.items() if number}


def todo(connection: Connection, book: Book, day: date) -> list[Todo]:
    """Everything that is due, most urgent first."""
    found = [
        *_congresses(connection, day),
        *_petitions(connection, day),
        *_packages(connection, day),
        *_decisions(connection),
        *_silent(connection, day),
        *_registrations(connection, day),
        *_sheets(connection, day),
        *_consolidate(connection, day),
    ]
    order = {name: place for place, (name, _title) in enumerate(GROUPS())}
    return sorted(found, key=lambda one: order[one.group])


def _rows(connection: Connection, name: str, ids: Sequence[UUID]) -> list[Any]:
    from hoidesk.lists.commands import listing

    return list(listing(name).rows(connection, ids))


def _show(day: date) -> str:
    from hoidesk.text.dates import show_day

    return show_day(day)


def _congresses(connection: Connection, day: date) -> Iterator[Todo]:
    act = _("Open the record")
    late = _rows(connection, "associations", _records(connection, "congress_overdue", _moment(day)))
    for row in sorted(late, key=_congress_due)[:MOST]:
        due = _congress_due(row)
        chip = ngettext("{days} day late", "{days} days late", (day - due).days).format(days=(day - due).days)
        fact = _("{name} has not held the congress of the new term").format(name=row["name"])
        working = _("The term ended on {day}").format(day=_show(due))
        yield Todo("late", chip, "bad", fact, working, act, "associations", row.id)
    soon = _rows(connection, "associations", _records(connection, "congress_due_soon", _moment(day)))
    for row in sorted(soon, key=_congress_due)[:MOST]:
        due = _congress_due(row)
        chip = ngettext("{days} day left", "{days} days left", (due - day).days).format(days=(due - day).days)
        fact = _("Congress of {name}").format(name=row["name"])
        working = _("The term ends on {day}").format(day=_show(due))
        yield Todo("soon", chip, "warn", fact, working, act, "associations", row.id)


def _congress_due(row: Any) -> date:
    due: date = row["postponed_to"] or row["term_to"]
    return due


def _petitions(connection: Connection, day: date) -> Iterator[Todo]:
    rows = _rows(connection, "petitions", _records(connection, "petitions_overdue", _moment(day)))
    for row in rows[:MOST]:
        due = row["reply_due_on"]
        text = " ".join(str(row["text"]).split())
        short = text if len(text) <= 60 else text[:58].rstrip() + "…"
        fact = _("Petition {number} “{text}” has no answer").format(number=row["number"] or "", text=short)
        parts = []
        if row["forwarded_on"] is not None:
            parts.append(_("forwarded on {day}").format(day=_show(row["forwarded_on"])))
        if due is not None:
            parts.append(_("reply was due on {day}").format(day=_show(due)))
        days = (day - due).days if due is not None else 0
        chip = ngettext("{days} day late", "{days} days late", days).format(days=days) if days else _("Overdue")
        yield Todo("late", chip, "bad", fact, _sentence(parts), _("Open the petition"), "petitions", row.id)


def _sentence(parts: Sequence[str]) -> str:
    said = "; ".join(parts)
    return said[:1].upper() + said[1:]


def _unacknowledged(connection: Connection) -> list[Any]:
    from hoidesk.exchange.rows import board

    return [row for row in board(connection) if row.unacknowledged]


def _packages(connection: Connection, day: date) -> Iterator[Todo]:
    from hoidesk.text.dates import VIETNAM

    for row in _unacknowledged(connection):
        sent = row.waits_since
        sent_on = datetime.fromisoformat(sent).astimezone(VIETNAM).date() if sent is not None else None
        days = (day - sent_on).days if sent_on is not None else 0
        fact = _("Package {number} to {unit} has no receipt yet").format(number=row.waits_number, unit=row.name)
        late = days > 10
        chip = ngettext("{days} day waiting", "{days} days waiting", days).format(days=days)
        yield Todo(
            "late" if late else "soon",
            chip,
            "bad" if late else "warn",
            fact,
            _("The next package carries every change again; nothing is lost"),
            _("Enter the receipt"),
            "exchange",
        )


def _tray(connection: Connection) -> int:
    from hoidesk.exchange.decide.tray import tray_count

    return tray_count(connection, aside=False)


def _decisions(connection: Connection) -> Iterator[Todo]:
    number = _tray(connection)
    if not number:
        return
    chip = ngettext("{n} to decide", "{n} to decide", number).format(n=number)
    yield Todo(
        "soon",
        chip,
        "warn",
        _("Packages brought things that a person has to decide"),
        _("Edited in two places, suggestions, held back, or waiting"),
        _("Look at them"),
        "exchange",
        None,
        "tray",
    )


def _silent(connection: Connection, day: date) -> Iterator[Todo]:
    window = _month(day)
    number = len(_records(connection, "branches_without_meeting", window))
    if not number:
        return
    left = (window.end - day).days
    chip = ngettext("{days} day left", "{days} days left", left).format(days=left)
    fact = ngettext("{count} branch has not met this month", "{count} branches have not met this month", number).format(
        count=number
    )
    working = _("The month ends on {day}").format(day=_show(window.end))
    yield Todo("soon", chip, "warn", fact, working, _("See the branches"), "branches", None, "silent")


def _missing_registrations(connection: Connection, day: date) -> set[UUID]:
    from hoidesk.figures.evaluation import evaluate

    rate = evaluate(connection, "registration_rate", _moment(day))
    return set(rate.record_ids) - set(rate.numerator_ids)


def _registrations(connection: Connection, day: date) -> Iterator[Todo]:
    missing = len(_missing_registrations(connection, day))
    if missing:
        fact = ngettext(
            "{count} unit has not registered for emulation in {year}",
            "{count} units have not registered for emulation in {year}",
            missing,
        ).format(count=missing, year=day.year)
        yield Todo(
            "soon",
            _("Missing"),
            "warn",
            fact,
            _("Areas, branches and associations of this year"),
            _("Open the register"),
            "registrations",
        )


def _open_sheets(connection: Connection, day: date) -> set[UUID]:
    """Units of this year's rounds without an approved result."""
    from hoidesk.figures.evaluation import evaluate

    done = evaluate(connection, "assessment_done_rate", _moment(day))
    return set(done.record_ids) - set(done.numerator_ids)


def _sheets(connection: Connection, day: date) -> Iterator[Todo]:
    number = len(_open_sheets(connection, day))
    if number:
        fact = ngettext(
            "{count} score sheet is not approved yet", "{count} score sheets are not approved yet", number
        ).format(count=number)
        yield Todo(
            "soon",
            _("Open"),
            "warn",
            fact,
            _("Self-scored, scored and proposed sheets"),
            _("Open the sheets"),
            "assessments",
        )


def _consolidate(connection: Connection, day: date) -> Iterator[Todo]:
    rows = _rows(connection, "branches", _records(connection, "branches_to_consolidate", _moment(day)))
    # Youth and women first: where these two do not work, the office acts before anything else.
    rows.sort(key=lambda row: ({"youth": 0, "women": 1}.get(row["kind"], 2), row["consolidate_from"] or day))
    from hoidesk.presets import label_of

    for row in rows[:MOST]:
        since = row["consolidate_from"]
        working = _("Since {day}").format(day=_show(since)) if since is not None else ""
        last = row["last_meeting_on"]
        if last is not None:
            working += "; " + _("last met on {day}").format(day=_show(last))
        fact = _("{name} needs consolidation").format(name=row["name"])
        chip = label_of("branch_kinds", row["kind"])
        yield Todo("mend", chip, "neutral", fact, working, _("Open the branch"), "branches", row.id)
