"""Outlines that a unit issued: taken over from the program, sent down, chosen for this office's own reports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import Field

from hoidesk import presets
from hoidesk.assessment.sheet import canonical_json
from hoidesk.book.operations import Step, field_errors
from hoidesk.book.records import Draft
from hoidesk.book.settings import SaveSettings, office_settings
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.paper.outline import Outline, outline, read_outline
from hoidesk.paper.tables import ReportOutline, ReportOutlineFields

__all__ = ["IssueOutline", "UseOutline", "outline_in_use"]

SETTING = "paper.outline"


class ReportOutlineDraft(ReportOutlineFields, Draft):
    """Input of one outline."""


def _content_of(connection: Connection, id_: str) -> Mapping[str, Any] | None:
    """The content of an issued outline; None when it is not in the book."""
    t = ReportOutline.__table__  # type: ignore[attr-defined]
    try:
        wanted = UUID(hex=id_)
    except ValueError:
        return None
    row = connection.execute(select(t.c.content, t.c.version).where(t.c.id == wanted, t.c.voided.is_(None))).first()
    if row is None:
        return None
    try:
        content = json.loads(row.content)
    except (ValueError, RecursionError):
        return {}
    return content | {"version": row.version} if isinstance(content, dict) else {}


def outline_in_use(connection: Connection, unit: str, name: str = "half_year") -> Outline:
    """The outline by which the office ``unit`` writes its report: the issued one that it chose, else the shipped one.

    Raises UserError ``outline.…`` for an issued outline that cannot be read, KeyError for an unknown report.
    """
    chosen = str(office_settings(connection, unit)[SETTING])
    content = _content_of(connection, chosen) if chosen else None
    return outline(name) if content is None else read_outline(content)


class IssueOutline(Step):
    """Issue an outline of a report to the units below; ``content`` is the whole outline, without it the shipped one."""

    op: ClassVar[str] = "outline.issue"
    label: ClassVar[str] = N_("Issue an outline")

    code: str = Field(default="half_year", title=N_("Report"))
    version: str = Field(title=N_("Version"))
    name: str | None = Field(default=None, title=N_("Title"))
    content: dict[str, Any] | None = Field(default=None, title=N_("Outline"))

    def apply(self, work: Work) -> UUID:
        try:
            shipped = presets.report_outline(self.code)
        except KeyError:
            raise UserError("outline.report", _("There is no such report."), field="code") from None
        content = dict(shipped) if self.content is None else self.content
        read_outline(content | {"version": self.version})
        text = canonical_json(content | {"version": self.version})
        with field_errors(ReportOutlineDraft):
            draft = ReportOutlineDraft(
                code=self.code,
                version=self.version,
                title=self.name or str(content["vi"]),
                content=text,
                content_sha256=hashlib.sha256(text.encode()).hexdigest(),
            )
        t = work.table("outline").table
        twice = select(t.c.id).where(
            t.c.code == draft.code, t.c.version == draft.version, t.c.unit == work.unit.code, t.c.voided.is_(None)
        )
        if work.connection.execute(twice).first() is not None:
            raise UserError(
                "outline.twice", _("This version was issued before. Give the outline a new version."), field="version"
            )
        return work.insert("outline", draft.model_dump())

    def title(self, work: Work, result: UUID) -> str:
        """The title of the issued outline."""
        return work.title("outline", result)


class UseOutline(Step):
    """Write this office's reports by an issued outline; without an id by the outline of the program."""

    op: ClassVar[str] = "outline.use"
    label: ClassVar[str] = N_("Choose the outline of the reports")

    id: UUID | None = None

    def apply(self, work: Work) -> UUID | None:
        if self.id is not None:
            read_outline(json.loads(work.get("outline", self.id)["content"]))
        SaveSettings(values={SETTING: self.id.hex if self.id is not None else ""}).apply(work)
        return self.id
