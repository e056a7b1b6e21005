"""Validated input of section texts and issued papers."""

from __future__ import annotations

import re

from pydantic import model_validator

from hoidesk.book.records import Draft
from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.paper.outline import outline
from hoidesk.paper.tables import IssuedPaperFields, SectionTextFields
from hoidesk.text.nfc import quote

__all__ = ["IssuedPaperDraft", "SectionTextDraft", "known_outline"]

_NUMBER = re.compile(r"[0-9A-Za-zĐđ./\-]{1,40}")


def known_outline(name: str) -> None:
    """UserError for a report that is not shipped."""
    try:
        outline(name)
    except KeyError:
        text = _("There is no report “{name}”. The report is named half_year.").format(name=quote(name))
        raise UserError("paper.no_outline", text, field="outline") from None


class SectionTextDraft(SectionTextFields, Draft):
    """Input of one section's text."""

    @model_validator(mode="after")
    def _check(self) -> SectionTextDraft:
        known_outline(self.outline)
        if self.period_to < self.period_from:
            raise UserError("dates.order", _("The last day lies before the first day."), field="period_to")
        return self


class IssuedPaperDraft(IssuedPaperFields, Draft):
    """Input of one issued paper."""

    @model_validator(mode="after")
    def _check(self) -> IssuedPaperDraft:
        if self.number is not None and not _NUMBER.fullmatch(self.number):
            text = _("The number of the paper cannot be read. Type it without spaces, for example 05.")
            raise UserError("paper.number", text, field="number")
        if self.issued_on < self.period_from:
            text = _("The paper is dated before the first day it reports on. Check the date.")
            raise UserError("paper.issued_early", text, field="issued_on")
        return self
