"""The state of an organisation on a day, as a cell: only what deviates gets a chip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hoidesk.language import _, ngettext
from ui.widgets.cells import Cell

__all__ = ["association_state", "branch_state"]

SOON = timedelta(days=183)


def association_state(values: Mapping[str, Any], day: date) -> Cell:
    """Ended, suspended, congress overdue or due within half a year; else at work."""
    from hoidesk.figures.congress import term_runs_on

    ended = values.get("ended_on")
    if ended is not None and ended < day:
        return Cell(_("Ended"), chip=True, tone="neutral", icon="circle-minus")
    begin, end = values.get("suspended_from"), values.get("suspended_to")
    if begin is not None and begin <= day and (end is None or end >= day):
        return Cell(_("Suspended"), chip=True, tone="neutral", icon="pause")
    due = values.get("postponed_to") or values.get("term_to")
    if due is not None and term_runs_on(values.get("last_congress_on"), values.get("term_from"), day):
        if due < day:
            days = (day - due).days
            late = ngettext("{days} day late", "{days} days late", days).format(days=days)
            return Cell(late, chip=True, tone="bad")
        if due - day <= SOON:
            return Cell(_("Congress {month}").format(month=f"{due.month:02}/{due.year}"), chip=True, tone="warn")
    return Cell(_("At work"), role="text2")


def branch_state(values: Mapping[str, Any], day: date) -> Cell:
    """Ended, needs consolidation, has not met this month; else in order."""
    ended = values.get("ended_on")
    if ended is not None and ended < day:
        return Cell(_("Ended"), chip=True, tone="neutral", icon="circle-minus")
    since, done = values.get("consolidate_from"), values.get("consolidate_to")
    if since is not None and since <= day and done is None:
        return Cell(_("Needs consolidation"), chip=True, tone="warn", icon="triangle-alert")
    last = values.get("last_meeting_on")
    if last is None:
        return Cell(_("No meeting yet"), role="text2")
    if (last.year, last.month) == (day.year, day.month):
        return Cell(_("Has met this month"), icon="check", tone="ok")
    return Cell(_("Last met {day}").format(day=f"{last.day:02}/{last.month:02}/{last.year}"), role="text2")
