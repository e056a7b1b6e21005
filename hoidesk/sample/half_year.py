"""The meetings of the sample ward from January to June 2026, with what was agreed and asked for in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from hoidesk.meetings.operations import RecordMeeting
from hoidesk.sample.chance import number, pick, share
from hoidesk.sample.content import (
    AGENDAS,
    ASSOCIATIONS,
    BRANCHES,
    DECISIONS,
    EVENTS,
    PETITIONS,
    BranchSeed,
    person,
)
from hoidesk.sample.register import branch_members

__all__ = ["LAST_DAY", "meetings"]

_YEAR: Final = 2026
LAST_DAY: Final = date(_YEAR, 6, 30)
_MONTHS: Final = {
    "monthly": (1, 2, 3, 4, 5, 6),
    "two_monthly": (1, 3, 5),
    "quarterly": (2, 5),
    "half_yearly": (4,),
}
_HOUSE: Final = "Nhà sinh hoạt cộng đồng khu phố {}"
_REPLY: Final = "Đã giao đơn vị phụ trách khảo sát và đưa vào kế hoạch quý III/2026."
_UNTIL_READ_BACK: Final = 3


def meetings(areas: list[UUID], branches: list[UUID], by_name: dict[str, UUID]) -> list[RecordMeeting]:
    """Every meeting of the half-year in the order of its days."""
    found = [*_of_branches(branches), *_of_areas(areas), *_of_associations(by_name)]
    return sorted(found, key=lambda meeting: str(meeting.meeting["held_on"]))


def _of_branches(branches: list[UUID]) -> Iterator[RecordMeeting]:
    for place, branch in enumerate(branches):
        quarter, seed = place // len(BRANCHES) + 1, BRANCHES[place % len(BRANCHES)]
        usual = number(3, 27, "day", seed.kind, quarter)
        # Weak branches miss half of their meetings, others one in twelve.
        missed = 45 if (seed.kind, quarter) in {("youth", 5), ("youth", 9), ("women", 11)} else 8
        for month in _MONTHS[seed.rhythm]:
            name = (seed.kind, quarter, month)
            if not share(missed, "missed", *name):
                day = date(_YEAR, month, usual + number(-2, 2, "shift", *name))
                yield _branch_meeting(seed, quarter, branch, _off_holidays(day))


def _off_holidays(day: date) -> date:
    """Nobody meets on New Year's Day or around Tết (17/02/2026)."""
    if day.month == 1 and day.day <= 3:
        return day + timedelta(days=5)
    return day + timedelta(days=11) if date(_YEAR, 2, 12) <= day <= date(_YEAR, 2, 22) else day


def _branch_meeting(seed: BranchSeed, quarter: int, branch: UUID, day: date) -> RecordMeeting:
    name = (seed.kind, quarter, day)
    members = branch_members(seed, quarter)
    invited = min(members, number(28, 64, "invited", *name)) if members else number(9, 15, "invited", quarter)
    meeting = _counts(invited, name) | {
        "branch_id": branch,
        "kind": "topic" if share(9, "topic", *name) else "regular",
        "place": _HOUSE.format(quarter),
        "topic": pick(AGENDAS["emulation"], "topic", *name) if share(15, "named", *name) else None,
        "chair_post": seed.post,
        "chair_name": person((seed.kind, quarter)),
        "secretary_post": "Thư ký",
    }
    return _record(meeting, day, name, petitions=share(14, "petition", *name))


def _of_areas(areas: list[UUID]) -> Iterator[RecordMeeting]:
    for kind, month, day, every, topic in EVENTS:
        for quarter, area in enumerate(areas, 1):
            if quarter % every == 0:
                name = (kind, quarter)
                meeting = _counts(number(35, 120, "invited", *name), name) | {
                    "area_id": area,
                    "kind": kind,
                    "place": _HOUSE.format(quarter),
                    "topic": topic,
                    "chair_post": "Phó Chủ tịch Ủy ban Mặt trận phường",
                    "secretary_post": "Thư ký",
                }
                held_on = date(_YEAR, month, day) + timedelta(days=number(-3, 6, "shift", *name))
                yield _record(meeting, held_on, name, petitions=kind in ("dialogue", "voter_contact"))


def _of_associations(by_name: dict[str, UUID]) -> Iterator[RecordMeeting]:
    """Each association's executive committee meets once in each quarter of the year."""
    for seed in ASSOCIATIONS:
        for month in (3, 6):
            name = (seed.name, month)
            if share(12, "missed", *name):
                continue
            meeting = _counts(number(7, 15, "invited", *name), name) | {
                "association_id": by_name[seed.name],
                "kind": "executive",
                "place": seed.seat,
                "chair_post": "Chủ nhiệm" if seed.name.startswith("CLB") else "Chủ tịch",
                "chair_name": seed.head,
                "secretary_post": "Phó Chủ tịch",
            }
            yield _record(
                meeting, date(_YEAR, month, number(4, 26, "day", *name)), name, petitions=share(20, "asks", *name)
            )


def _counts(invited: int, name: tuple[Any, ...]) -> dict[str, Any]:
    present = invited * number(61, 97, "present", *name) // 100
    return {
        "invited": invited,
        "present": present,
        "excused": number(0, invited - present, "excused", *name),
        "starts": pick(("08:00", "14:00", "19:00", "19:30"), "starts", *name),
    }


def _record(meeting: dict[str, Any], day: date, name: tuple[Any, ...], *, petitions: bool) -> RecordMeeting:
    recorded = day + timedelta(days=number(0, 4, "recorded", *name))
    paper = share(30, "paper", *name)
    meeting |= {
        "held_on": day,
        "no_petition": not petitions,
        "recorded_on": recorded,
        "source_channel": "paper" if paper else "self",
        "entered_on_behalf": paper,
    }
    kept = {field: value for field, value in meeting.items() if value is not None}
    asked = [_petition(day, name)] if petitions else []
    return RecordMeeting(meeting=kept, items=list(_items(day, name)), petitions=asked)


def _items(day: date, name: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    kinds = ["work_report", "dissemination"]
    if share(35, "more", *name):
        kinds.append(pick(("emulation", "members"), "more", *name))
    for kind in kinds:
        yield {"agenda_kind": kind, "outcome": "note", "text": pick(AGENDAS[kind], kind, *name)}
    if share(85, "decided", *name):
        text, post = pick(DECISIONS, "decision", *name)
        due = day + timedelta(days=number(10, 30, "due", *name))
        late = share(18, "late", *name)
        done = due + timedelta(days=number(-6, 0, "done", *name) if not late else number(3, 20, "done", *name))
        decision = {
            "agenda_kind": "conclusion",
            "outcome": "decision",
            "text": text,
            "responsible_post": post,
            "due_on": due,
        }
        yield decision | ({"done_on": done} if done <= LAST_DAY else {})
    else:
        yield {"agenda_kind": "next_tasks", "outcome": "note", "text": pick(AGENDAS["next_tasks"], "next", *name)}


def _petition(day: date, name: tuple[Any, ...]) -> dict[str, Any]:
    theme, addressee, text = pick(PETITIONS, "petition", *name)
    found: dict[str, Any] = {"theme": theme, "addressee_kind": addressee, "text": text, "status": "registered"}
    registered = day + timedelta(days=number(1, 4, "registered", *name))
    forwarded = registered + timedelta(days=number(1, 7, "forwarded", *name))
    found["registered_on"] = registered
    if forwarded > LAST_DAY or share(15, "kept", *name):
        return found
    found |= {"status": "forwarded", "forwarded_on": forwarded, "reply_due_on": forwarded + timedelta(days=30)}
    answered = forwarded + timedelta(days=number(8, 45, "answered", *name))
    if answered > LAST_DAY or share(25, "silent", *name):
        return found
    found |= {"status": "answered", "answered_on": answered, "answer": _REPLY}
    read_back = answered + timedelta(days=number(_UNTIL_READ_BACK, 25, "read", *name))
    if read_back <= LAST_DAY and share(60, "told", *name):
        found |= {"status": "read_back", "read_back_on": read_back}
    return found
