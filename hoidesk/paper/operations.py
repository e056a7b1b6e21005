"""What is written about papers: the officer's words in a report, and issued papers."""

from __future__ import annotations

import json
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from hoidesk.book.operations import Step, field_errors
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.decide.aliases import resolved
from hoidesk.figures.window import Window
from hoidesk.language import N_, _
from hoidesk.paper.drafts import IssuedPaperDraft, SectionTextDraft, known_outline
from hoidesk.paper.outlines import IssueOutline, UseOutline, outline_in_use
from hoidesk.text.dates import Day

__all__ = ["IssueOutline", "IssuePaper", "SaveSectionText", "UseOutline"]


class SaveSectionText(Step):
    """Keep the officer's words in one section of one period's report; the words of the same section are replaced."""

    op: ClassVar[str] = "section_text.save"
    label: ClassVar[str] = N_("Save the text of a report section")

    outline: str = Field(default="half_year", title=N_("Report"))
    section: str = Field(title=N_("Section"))
    period_from: Day = Field(title=N_("From"))
    period_to: Day = Field(title=N_("To"))
    text: str = Field(default="", title=N_("Text"), max_length=100_000)
    lead: str | None = Field(default=None, title=N_("Lead sentence"), max_length=100_000)
    no_lead: bool = Field(default=False, title=N_("Without a lead sentence"))

    def apply(self, work: Work) -> UUID:
        """Replace the words of this section and period, or write them for the first time; returns the record's id."""
        with field_errors(SectionTextDraft):
            draft = SectionTextDraft.model_validate(self.model_dump())
        if draft.section not in {one.id for one in outline_in_use(work.connection, work.unit.code).walk()}:
            text = _("The report has no section “{section}”.").format(section=draft.section)
            raise UserError("section_text.no_section", text, field="section")
        values = draft.model_dump()
        t = work.table("section_text").table
        present = work.connection.execute(
            select(t.c.id).where(
                t.c.unit == work.unit.code,
                t.c.outline == draft.outline,
                t.c.section == draft.section,
                t.c.period_from == draft.period_from,
                t.c.period_to == draft.period_to,
                t.c.voided.is_(None),
            )
        ).scalar()
        if present is None:
            return work.insert("section_text", values)
        work.update("section_text", present, {"text": draft.text, "lead": draft.lead, "no_lead": draft.no_lead})
        found: UUID = present
        return found


class IssuePaper(Step):
    """Issue a paper: its number, its day, every printed figure with records and rule versions, and the paper itself.

    A paper with an empty required section is issued too; it shows what is missing.
    """

    op: ClassVar[str] = "paper.issue"
    label: ClassVar[str] = N_("Issue a paper")

    kind: str = Field(default="half_year", title=N_("Kind of paper"))
    number: str | None = Field(default=None, title=N_("Number"))
    issued_on: Day = Field(title=N_("Issued on"))
    period_from: Day = Field(title=N_("From"))
    period_to: Day = Field(title=N_("To"))
    as_of: Day | None = Field(default=None, title=N_("As of"))
    signer_post: str | None = Field(default=None, title=N_("Signed as"))
    signer_name: str | None = Field(default=None, title=N_("Signed by"))

    def apply(self, work: Work) -> UUID:
        """Compose the paper from the book as it stands and store it; UserError for a number that is already used."""
        from hoidesk.paper.archive import paper_to_data
        from hoidesk.paper.half_year import compose_half_year
        from hoidesk.paper.office import Document
        from hoidesk.paper.printed import printed_json

        known_outline(self.kind)
        window = Window(self.period_from, self.period_to)
        self._number_is_free(work)
        document = Document(self.number or "", self.issued_on, self.signer_post or "", self.signer_name or "")
        with resolved(work.connection):
            composed = compose_half_year(work.connection, work.unit, window, as_of=self.as_of, document=document)
        body = json.dumps(paper_to_data(composed.paper), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        with field_errors(IssuedPaperDraft):
            draft = IssuedPaperDraft(
                kind=self.kind,
                title=composed.paper.title,
                number=self.number,
                issued_on=self.issued_on,
                period_from=self.period_from,
                period_to=self.period_to,
                as_of=composed.as_of,
                signer_post=composed.signer_post,
                signer_name=composed.signer_name or None,
                outline_version=outline_in_use(work.connection, work.unit.code, self.kind).version,
                figures=printed_json(composed.used),
                body=body,
            )
        return work.insert("paper", draft.model_dump())

    def _number_is_free(self, work: Work) -> None:
        if self.number is None:
            return
        t = work.table("paper").table
        rows = work.connection.execute(
            select(t.c.issued_on).where(t.c.unit == work.unit.code, t.c.number == self.number, t.c.voided.is_(None))
        )
        if any(row.issued_on.year == self.issued_on.year for row in rows):
            text = _("Number {number} was already given to another paper of this year. Take the next number.")
            raise UserError("paper.number_used", text.format(number=self.number), field="number")

    def title(self, work: Work, result: UUID) -> str:
        """The title of the issued paper."""
        return work.title("paper", result)
