"""What is written about meetings and petitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select, text

from hoidesk.book.operations import Save, Step, field_errors
from hoidesk.book.records import Draft, Record
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.meetings.drafts import (
    AgendaItemDraft,
    ForwardedPetitionDraft,
    MeetingDraft,
    PetitionDraft,
    PetitionReplyDraft,
)
from hoidesk.meetings.rules import number_in_series, number_series
from hoidesk.meetings.tables import AgendaItem, Meeting, Petition
from hoidesk.text.dates import Day

__all__ = [
    "ForwardPetition",
    "RecordMeeting",
    "RegisterForwarded",
    "ReplyToPetition",
    "SaveAgendaItem",
    "SaveMeeting",
    "SavePetition",
    "TakeReply",
]


class SaveMeeting(Save):
    """Record a meeting with its counts, or change one."""

    op: ClassVar[str] = "meeting.save"
    label: ClassVar[str] = N_("Record a meeting")
    draft: ClassVar[type[Draft]] = MeetingDraft
    table: ClassVar[type[Record]] = Meeting

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        if before is None or before["held_on"] != values["held_on"]:
            _not_ahead(work, values["held_on"])
        if values["recorded_on"] is None:
            values["recorded_on"] = work.today


def _not_ahead(work: Work, day: date) -> None:
    if day > work.today:
        raise UserError(
            "meeting.ahead",
            _("The day {day} is still to come. A meeting is recorded after it was held.").format(
                day=day.strftime("%d/%m/%Y")
            ),
            field="held_on",
        )


class SaveAgendaItem(Save):
    """Record what came of one agenda item, or change it."""

    op: ClassVar[str] = "agenda_item.save"
    label: ClassVar[str] = N_("Save an agenda item")
    draft: ClassVar[type[Draft]] = AgendaItemDraft
    table: ClassVar[type[Record]] = AgendaItem


class SavePetition(Save):
    """Record a petition of a unit, or change it; it gets the next number of the year."""

    op: ClassVar[str] = "petition.save"
    label: ClassVar[str] = N_("Save a petition")
    draft: ClassVar[type[Draft]] = PetitionDraft
    table: ClassVar[type[Record]] = Petition

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        if values["meeting_id"] is not None and not any(
            values[name] for name in ("branch_id", "association_id", "area_id")
        ):
            meeting = work.get("meeting", values["meeting_id"])
            for name in ("branch_id", "association_id", "area_id"):
                values[name] = meeting[name]
        if before is None:
            values["registered_on"] = values["registered_on"] or work.today
            values["number"] = values["number"] or _next_number(work, values["registered_on"].year)


def _next_number(work: Work, year: int) -> str:
    """The number after the highest of this PC's own series in a year; numbers given elsewhere do not count.

    A cell's series carries its code in front, that of a further PC of the office the PC behind ("05/2026/M2", M for
    máy), so that two books that do not know of each other never give the same number.
    """
    pc = work.connection.execute(text("SELECT value FROM exchange_state WHERE name = 'pc'")).scalar()
    before, behind = number_series(work.unit, int(pc or 1), year)
    t = work.table("petition").table
    given = work.connection.execute(
        select(t.c.number).where(t.c.number.startswith(before, autoescape=True), t.c.number.endswith(behind))
    ).scalars()
    own = [number_in_series(number, before, behind) for number in given]
    return f"{before}{max(own, default=0) + 1:02}{behind}"


class RecordMeeting(Step):
    """Record a whole meeting at once: its counts, its agenda with outcomes, its petitions.

    ``meeting`` has the fields of meeting.save; ``items`` those of agenda_item.save and ``petitions`` those of
    petition.save, without the meeting.
    """

    op: ClassVar[str] = "meeting.record"
    label: ClassVar[str] = N_("Record a meeting")
    needs: ClassVar[Role] = Role.SECRETARY

    meeting: dict[str, Any]
    items: list[dict[str, Any]] = []
    petitions: list[dict[str, Any]] = []

    def apply(self, work: Work) -> UUID:
        meeting = SaveMeeting.parse(self.meeting).apply(work)
        saved = work.get("meeting", meeting)
        if self.petitions and saved["no_petition"]:
            raise UserError(
                "meeting.no_petition", _("“No petition” is ticked, but a petition is given."), field="petitions"
            )
        held_on = saved["held_on"]
        for position, item in enumerate(self.items, 1):
            SaveAgendaItem.parse({"position": position} | item | {"meeting_id": meeting}).apply(work)
        for petition in self.petitions:
            SavePetition.parse({"raised_on": held_on} | petition | {"meeting_id": meeting}).apply(work)
        return meeting

    def title(self, work: Work, result: Any) -> str:
        return work.title("meeting", result)


def _checked(draft: type[Draft], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the draft keeps them; these records are never changed, so nothing can be put right later."""
    with field_errors(draft):
        checked = draft.model_validate(dict(values))
    return {name: getattr(checked, name) for name in draft.model_fields}


class ForwardPetition(Step):
    """Forward a petition to the superior unit: what it says now travels, whatever is edited later."""

    op: ClassVar[str] = "petition.forward"
    label: ClassVar[str] = N_("Forward a petition")
    needs: ClassVar[Role] = Role.SECRETARY

    id: UUID
    forwarded_on: Day | None = None
    to_unit: str | None = None

    def apply(self, work: Work) -> UUID:
        petition = work.get("petition", self.id)
        day = self.forwarded_on or work.today
        if day < petition["raised_on"]:
            raise UserError(
                "petition.dates",
                _("This day lies before the day on which the petition was raised."),
                field="forwarded_on",
            )
        to_unit = self.to_unit or (work.unit.code.rpartition("-")[0] or "superior")
        sent = work.insert(
            "forwarded_petition",
            _checked(
                ForwardedPetitionDraft,
                {
                    "petition_id": self.id,
                    "text": petition["text"],
                    "theme": petition["theme"],
                    "raised_on": petition["raised_on"],
                    "forwarded_on": day,
                    "from_unit": work.unit.code,
                    "to_unit": to_unit,
                    "number": petition["number"],
                },
            ),
        )
        work.update("petition", self.id, {"status": "forwarded", "forwarded_on": day})
        return sent

    def title(self, work: Work, result: Any) -> str:
        return work.title("forwarded_petition", result)


class RegisterForwarded(Step):
    """Enter a petition that a subordinate unit forwarded into this unit's own ledger."""

    op: ClassVar[str] = "petition.register_forwarded"
    label: ClassVar[str] = N_("Register a forwarded petition")

    id: UUID

    def apply(self, work: Work) -> UUID:
        sent = work.get("forwarded_petition", self.id)
        area = work.table("area").table
        area_id = work.connection.execute(
            select(area.c.id).where(area.c.code == sent["unit"], area.c.voided.is_(None))
        ).scalar()
        return work.insert(
            "petition",
            {
                "number": _next_number(work, work.today.year),
                "area_id": area_id,
                "raised_on": sent["raised_on"],
                "registered_on": work.today,
                "theme": sent["theme"],
                "text": sent["text"],
                "status": "registered",
            },
            unit=sent["unit"],
        )

    def title(self, work: Work, result: Any) -> str:
        return work.title("petition", result)


class ReplyToPetition(Step):
    """Answer a petition that a subordinate unit forwarded; the reply goes down with the next package."""

    op: ClassVar[str] = "petition.reply"
    label: ClassVar[str] = N_("Answer a petition")

    forwarded_id: UUID
    text: str
    number: str | None = None
    replied_on: Day | None = None
    status: str = "answered"

    def apply(self, work: Work) -> UUID:
        if not self.text.strip():
            raise UserError("reply.no_text", _("Type the reply."), field="text")
        work.get("forwarded_petition", self.forwarded_id)
        return work.insert(
            "petition_reply",
            _checked(
                PetitionReplyDraft,
                {
                    "forwarded_id": self.forwarded_id,
                    "replied_on": self.replied_on or work.today,
                    "number": self.number,
                    "text": self.text,
                    "status": self.status,
                },
            ),
        )

    def title(self, work: Work, result: Any) -> str:
        return work.title("petition_reply", result)


class TakeReply(Step):
    """Enter the reply of the superior unit into the ledger: the petition becomes answered."""

    op: ClassVar[str] = "petition.take_reply"
    label: ClassVar[str] = N_("Enter a reply")
    needs: ClassVar[Role] = Role.SECRETARY

    reply_id: UUID

    def apply(self, work: Work) -> UUID:
        reply = work.get("petition_reply", self.reply_id)
        sent = work.get("forwarded_petition", reply["forwarded_id"])
        if sent["petition_id"] is None:
            raise UserError("reply.other", _("This reply belongs to a petition of another unit."))
        petition: UUID = sent["petition_id"]
        work.update(
            "petition",
            petition,
            {"status": reply["status"], "answered_on": reply["replied_on"], "answer": reply["text"]},
        )
        return petition

    def title(self, work: Work, result: Any) -> str:
        return work.title("petition", result)
