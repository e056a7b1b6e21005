"""The stored form of meetings, their agenda outcomes, and petitions.

A meeting holds counts of those present, never names; a petition belongs to the unit that raised it, never to a person.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from hoidesk.book.columns import choice, count, day, flag, line, note, ref
from hoidesk.book.records import Record, Search, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day
from hoidesk.text.numbers import Count

__all__ = [
    "AgendaItem",
    "AgendaItemFields",
    "ForwardedPetition",
    "ForwardedPetitionFields",
    "Meeting",
    "MeetingFields",
    "Petition",
    "PetitionFields",
    "PetitionReply",
    "PetitionReplyFields",
]


class MeetingFields(SQLModel):
    """A meeting, a field visit or an event of one body: branch, association or area."""

    branch_id: UUID | None = ref(4, N_("Branch"), "branch")
    association_id: UUID | None = ref(5, N_("Association"), "association")
    area_id: UUID | None = ref(6, N_("Area"), "area")
    kind: str = choice(7, N_("Kind of meeting"), "meeting_kinds", default="regular")
    held_on: Day = day(8, N_("Held on"), default=...)
    starts: str | None = line(9, N_("Begins at"), up=False, max_length=5)
    ends: str | None = line(10, N_("Ends at"), up=False, max_length=5)
    place: str | None = line(11, N_("Place"), up=False)
    topic: str | None = line(12, N_("Topic"), up=False)
    chair_post: str | None = line(13, N_("Post of the chair"), up=False)
    chair_name: str | None = line(14, N_("Chair"), up=False, personal=True, max_length=200)
    secretary_post: str | None = line(15, N_("Post of the secretary"), up=False)
    secretary_name: str | None = line(16, N_("Secretary"), up=False, personal=True, max_length=200)
    invited: Count | None = count(17, N_("Invited"), group="attendance")
    present: Count | None = count(18, N_("Present"), group="attendance")
    excused: Count | None = count(19, N_("Absent with reason"), group="attendance")
    no_petition: bool = flag(20, N_("No petition was raised"))
    recorded_on: Day | None = day(21, N_("Recorded on"))
    source_channel: str = choice(22, N_("Recorded from"), "source_channel", default="self")
    entered_on_behalf: bool = flag(23, N_("Entered on behalf"))
    remark: str | None = note(24, N_("Remark"), up=False)


class Meeting(MeetingFields, Record, table=True):
    """A meeting, a field visit or an event."""

    __tablename__ = "meeting"
    # The list of meetings, newest first, out of the index alone: 60,000 ids in an eighth of the time.
    __table_args__ = (
        Index("ix_meeting_newest", text("held_on DESC"), text("id"), sqlite_where=text("voided IS NULL")),
    )
    __info__: ClassVar[TableInfo] = TableInfo(
        20,
        N_("Meeting"),
        up=True,
        search=Search(("held_on", "topic", "place", "chair_name"), ("branch_id", "association_id", "area_id")),
    )


class AgendaItemFields(SQLModel):
    """One item of the agenda with what came of it: a note, or a decision with post and deadline."""

    meeting_id: UUID = ref(4, N_("Meeting"), "meeting", default=...)
    position: Count = count(5, N_("Order"), default=1)
    agenda_kind: str = choice(6, N_("Agenda"), "agenda_kinds", default="other")
    outcome: str = choice(7, N_("Outcome"), "item_outcomes", default="note")
    text: str = note(8, N_("What was noted or agreed"), default="")
    responsible_post: str | None = line(9, N_("Responsible post"))
    due_on: Day | None = day(10, N_("Deadline"))
    done_on: Day | None = day(11, N_("Done on"))


class AgendaItem(AgendaItemFields, Record, table=True):
    """An agenda item of a meeting; minutes stay in the office unless it decides otherwise."""

    __tablename__ = "agenda_item"
    __info__: ClassVar[TableInfo] = TableInfo(
        21, N_("Agenda item"), owners=("meeting_id",), search=Search(("text", "responsible_post"), ("meeting_id",))
    )


class PetitionFields(SQLModel):
    """What a unit asks for: no names, not for complaints or denunciations."""

    number: str | None = line(4, N_("Number"), max_length=50)
    meeting_id: UUID | None = ref(5, N_("Raised at the meeting"), "meeting")
    branch_id: UUID | None = ref(6, N_("Branch"), "branch")
    association_id: UUID | None = ref(7, N_("Association"), "association")
    area_id: UUID | None = ref(8, N_("Area"), "area")
    raised_on: Day = day(9, N_("Raised on"), default=..., index=True)
    registered_on: Day | None = day(10, N_("Registered on"))
    theme: str = choice(11, N_("Theme"), "petition_themes", default="other")
    text: str = note(12, N_("Petition"), default=..., max_length=4000)
    addressee_kind: str | None = choice(13, N_("Kind of addressee"), "addressee_kinds")
    addressee: str | None = line(14, N_("Addressee"))
    status: str = choice(15, N_("Status"), "petition_statuses", default="received", group="status")
    forwarded_on: Day | None = day(16, N_("Forwarded on"), group="status")
    reply_due_on: Day | None = day(17, N_("Reply due on"))
    answered_on: Day | None = day(18, N_("Answered on"), group="status")
    answer: str | None = note(19, N_("Answer"))
    read_back_on: Day | None = day(20, N_("Read back on"))
    read_back_meeting_id: UUID | None = ref(21, N_("Read back at the meeting"), "meeting")
    closed_on: Day | None = day(22, N_("Closed on"), group="status")


class Petition(PetitionFields, Record, table=True):
    """A petition of a unit."""

    __tablename__ = "petition"
    __info__: ClassVar[TableInfo] = TableInfo(
        22,
        N_("Petition"),
        owners=("branch_id", "association_id", "area_id", "meeting_id"),
        search=Search(("text", "number", "addressee", "answer"), ("branch_id", "association_id", "area_id")),
    )


class ForwardedPetitionFields(SQLModel):
    """A petition as it was forwarded to the superior unit."""

    petition_id: UUID | None = ref(4, N_("Petition"), "petition", up=False)
    text: str = note(5, N_("Petition"), default=..., max_length=4000)
    theme: str = choice(6, N_("Theme"), "petition_themes", default="other")
    raised_on: Day = day(7, N_("Raised on"), default=...)
    forwarded_on: Day = day(8, N_("Forwarded on"), default=..., index=True)
    from_unit: str = line(9, N_("From"), default=...)
    to_unit: str = line(10, N_("To"), default=...)
    number: str | None = line(11, N_("Number"), max_length=50)


class ForwardedPetition(ForwardedPetitionFields, Record, table=True):
    """A forwarded petition: written once, goes up."""

    __tablename__ = "forwarded_petition"
    __info__: ClassVar[TableInfo] = TableInfo(
        23,
        N_("Forwarded petition"),
        up=True,
        down=True,
        immutable=True,
        owners=("petition_id",),
        search=Search(("text", "number")),
    )


class PetitionReplyFields(SQLModel):
    """The reply of the superior unit to a forwarded petition."""

    forwarded_id: UUID = ref(4, N_("Forwarded petition"), "forwarded_petition", default=...)
    replied_on: Day = day(5, N_("Replied on"), default=...)
    number: str | None = line(6, N_("Number of the reply"), max_length=100)
    text: str = note(7, N_("Reply"), default=...)
    status: str = choice(8, N_("Result"), "reply_statuses", default="answered")


class PetitionReply(PetitionReplyFields, Record, table=True):
    """A reply to a petition: written by the superior, goes down."""

    __tablename__ = "petition_reply"
    __info__: ClassVar[TableInfo] = TableInfo(
        24,
        N_("Reply to a petition"),
        down=True,
        writers="superior",
        immutable=True,
        issued=True,
        owners=("forwarded_id",),
        search=Search(("text", "number")),
    )
