"""Validated input of meetings, agenda items and petitions."""

from __future__ import annotations

import re
from typing import Final

from pydantic import model_validator

from hoidesk.associations.drafts import one_of
from hoidesk.book.records import Draft
from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.meetings.tables import (
    AgendaItemFields,
    ForwardedPetitionFields,
    MeetingFields,
    PetitionFields,
    PetitionReplyFields,
)

__all__ = ["AgendaItemDraft", "ForwardedPetitionDraft", "MeetingDraft", "PetitionDraft", "PetitionReplyDraft"]

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:hg]([0-5]\d)?")


def _clock(text: str | None, field: str) -> str | None:
    if text is None or not text.strip():
        return None
    match = _TIME.fullmatch(text.strip().casefold())
    if match is None:
        raise UserError("meeting.time", _("“{text}” is not a time. Type it like 19:30.").format(text=text), field=field)
    return f"{int(match[1]):02}:{match[2] or '00'}"


class MeetingDraft(MeetingFields, Draft):
    """Input of one meeting."""

    @model_validator(mode="after")
    def _check(self) -> MeetingDraft:
        one_of({"branch": self.branch_id, "association": self.association_id, "area": self.area_id}, "branch_id")
        # Plain assignment would run this check again.
        self.__dict__["starts"] = _clock(self.starts, "starts")
        self.__dict__["ends"] = _clock(self.ends, "ends")
        invited, present, excused = self.invited, self.present, self.excused or 0
        if self.kind == "party_day":
            self._only_the_day()
        if present is not None and invited is not None and present > invited:
            raise UserError(
                "meeting.present",
                _("{present} present is more than {invited} invited. Check both counts.").format(
                    present=present, invited=invited
                ),
                field="present",
            )
        if invited is not None and (present or 0) + excused > invited:
            raise UserError(
                "meeting.excused",
                _("Present and absent with reason together are more than {invited} invited.").format(invited=invited),
                field="excused",
            )
        return self

    def _only_the_day(self) -> None:
        """Of a Party cell's meeting only that it was held, on which day, is kept."""
        kept = {"branch_id", "association_id", "area_id", "kind", "held_on", "recorded_on", "source_channel"}
        for name, value in self.__dict__.items():
            if name not in kept and value not in (None, False, ""):
                raise UserError(
                    "meeting.party_day",
                    _("Of a Party cell's meeting only the day is recorded. Empty the other fields."),
                    field=name,
                )


class AgendaItemDraft(AgendaItemFields, Draft):
    """Input of one agenda item."""

    @model_validator(mode="after")
    def _check(self) -> AgendaItemDraft:
        if self.outcome == "decision" and not self.text.strip():
            raise UserError("item.no_text", _("Type what was decided."), field="text")
        return self


class PetitionDraft(PetitionFields, Draft):
    """Input of one petition."""

    @model_validator(mode="after")
    def _check(self) -> PetitionDraft:
        if not self.text.strip():
            raise UserError("petition.no_text", _("Type what is asked for."), field="text")
        bodies = {"branch": self.branch_id, "association": self.association_id, "area": self.area_id}
        if any(bodies.values()):
            one_of(bodies, "branch_id")
        for name in ("registered_on", "forwarded_on", "answered_on", "closed_on"):
            day = getattr(self, name)
            if day is not None and day < self.raised_on:
                raise UserError(
                    "petition.dates", _("This day lies before the day on which the petition was raised."), field=name
                )
        return self


class ForwardedPetitionDraft(ForwardedPetitionFields, Draft):
    """What a petition says at the moment when it is forwarded."""


class PetitionReplyDraft(PetitionReplyFields, Draft):
    """Input of a reply to a forwarded petition."""
