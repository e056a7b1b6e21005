"""Writing criteria sets: adopt a sample, correct the draft, publish, withdraw, begin the next version.

A published version is frozen: what was scored by it stays readable by it, and a mistake becomes the next version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, select

from hoidesk.assessment.sheet import canonical_json
from hoidesk.assessment.sheet_reading import read_sheet, sheet_faults
from hoidesk.book.operations import Save, Step
from hoidesk.book.records import Draft, Record
from hoidesk.book.settings import office_labels
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.emulation.drafts import CriteriaSetDraft
from hoidesk.emulation.tables import CriteriaSet
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.presets import criteria_sheet, fill_labels

__all__ = [
    "AdoptCriteriaSet",
    "NextCriteriaVersion",
    "PublishCriteriaSet",
    "SaveCriteriaSet",
    "WithdrawCriteriaSet",
    "content_hash",
]

_FROZEN = ("code", "version", "year", "unit_kind", "title", "content", "content_sha256")


def content_hash(content: str) -> str:
    """SHA-256 of a sheet's JSON text, in hexadecimal."""
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


class SaveCriteriaSet(Save):
    """Correct a criteria set while it is a draft; a published one is frozen.

    ``content`` is the whole sheet as JSON; it is stored in its canonical form.
    """

    op: ClassVar[str] = "criteria_set.save"
    label: ClassVar[str] = N_("Save a criteria set")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = CriteriaSetDraft
    table: ClassVar[type[Record]] = CriteriaSet

    def _validated(self, values: Mapping[str, Any]) -> dict[str, Any]:
        completed = dict(values)
        if isinstance(completed.get("content"), str | dict):
            text = _canonical(completed["content"])
            completed |= {"content": text, "content_sha256": content_hash(text)}
        return super()._validated(completed)

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """The content must be a sheet for this kind of unit; the state changes through its own operations."""
        state = "draft" if before is None else before["state"]
        if values["state"] != state:
            raise UserError("criteria.state", _("Publish or withdraw the criteria set instead."), field="state")
        if before is not None and state != "draft" and any(values[name] != before[name] for name in _FROZEN):
            raise UserError(
                "criteria.frozen",
                _("This criteria set is published and no longer changes. Begin its next version instead."),
            )
        if read_sheet(values["content"]).unit_kind != values["unit_kind"]:
            raise UserError("criteria.kind", _("This sheet is for another kind of unit."), field="unit_kind")


def _canonical(content: str | Mapping[str, Any]) -> str:
    try:
        return canonical_json(json.loads(content) if isinstance(content, str) else content)
    except (ValueError, TypeError, RecursionError):
        raise UserError("criteria.unreadable", _("This text is not a score sheet."), field="content") from None


class AdoptCriteriaSet(Step):
    """Take a shipped sample sheet over as a draft: ``unit_kind`` is area, branch or association."""

    op: ClassVar[str] = "criteria_set.adopt"
    label: ClassVar[str] = N_("Adopt a sample sheet")

    unit_kind: str
    year: int
    code: str | None = None
    name: str | None = None

    def apply(self, work: Work) -> UUID:
        try:
            sheet = criteria_sheet(self.unit_kind)
        except KeyError:
            raise UserError(
                "criteria.kind", _("There is no sample sheet for this kind of unit."), field="unit_kind"
            ) from None
        labels = office_labels(work.connection, work.unit.code)
        text = canonical_json(sheet)
        code = self.code or str(sheet["id"])
        values: dict[str, Any] = {
            "code": code,
            "version": _next_version(work, code, self.year),
            "year": self.year,
            "unit_kind": str(sheet["unit_kind"]),
            "title": self.name or f"{sheet['label']}: {fill_labels(str(sheet['vi']), labels)}",
            "content": text,
        }
        return SaveCriteriaSet(**values).apply(work)

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_set", result)


def _next_version(work: Work, code: str, year: int) -> str:
    """Versions of one code run 1, 2, 3 … within a year; the record says the year beside it."""
    t = work.table("criteria_set").table
    count = work.connection.execute(
        select(func.count()).where(t.c.code == code, t.c.year == year, t.c.voided.is_(None))
    ).scalar_one()
    return f"{year}.{count + 1}"


class NextCriteriaVersion(Step):
    """Begin the next version of a criteria set as a draft with the same content."""

    op: ClassVar[str] = "criteria_set.next_version"
    label: ClassVar[str] = N_("Begin the next version")

    id: UUID
    year: int | None = None

    def apply(self, work: Work) -> UUID:
        old = work.get("criteria_set", self.id)
        year = self.year or old["year"]
        values = {name: old[name] for name in ("code", "unit_kind", "title", "content")}
        return SaveCriteriaSet(year=year, version=_next_version(work, old["code"], year), **values).apply(work)

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_set", result)


class PublishCriteriaSet(Step):
    """Publish a criteria set: from now on its content never changes."""

    op: ClassVar[str] = "criteria_set.publish"
    label: ClassVar[str] = N_("Publish a criteria set")

    id: UUID

    def apply(self, work: Work) -> UUID:
        row = work.get("criteria_set", self.id)
        if row["state"] != "draft":
            raise UserError("criteria.not_draft", _("Only a draft can be published."))
        faults = sheet_faults(read_sheet(row["content"]))
        if faults:
            raise UserError("criteria.faults", " ".join(faults), field="content")
        work.update("criteria_set", self.id, {"state": "published"})
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_set", result)


class WithdrawCriteriaSet(Step):
    """Withdraw a criteria set: no new round or registration uses it; rounds that did keep it."""

    op: ClassVar[str] = "criteria_set.withdraw"
    label: ClassVar[str] = N_("Withdraw a criteria set")

    id: UUID

    def apply(self, work: Work) -> UUID:
        if work.get("criteria_set", self.id)["state"] != "published":
            raise UserError("criteria.not_published", _("Only a published criteria set can be withdrawn."))
        work.update("criteria_set", self.id, {"state": "withdrawn"})
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_set", result)
