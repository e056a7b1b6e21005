"""Writing criteria sets: adopt a sample, correct the draft, publish, withdraw, begin the next version.

A draft stays in the office. Publishing makes a row of its own that never changes and goes to the units below: what was
scored by it stays readable by it, and a mistake becomes the next version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import false, func, select

from hoidesk.assessment.sheet import canonical_json
from hoidesk.assessment.sheet_reading import read_sheet, sheet_faults
from hoidesk.book.operations import Save, Step
from hoidesk.book.records import Draft, Record
from hoidesk.book.settings import office_labels
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.emulation.drafts import CriteriaSetDraft
from hoidesk.emulation.frames import frame_faults, frame_of
from hoidesk.emulation.tables import CriteriaDraft
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
    "next_version",
]

FIELDS: Final = ("code", "version", "year", "unit_kind", "title", "content", "content_sha256")
"""What a draft and the set that is published of it have in common."""


def content_hash(content: str) -> str:
    """SHA-256 of a sheet's JSON text, in hexadecimal."""
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


class SaveCriteriaSet(Save):
    """Correct the draft of a criteria set; a published one is frozen.

    ``content`` is the whole sheet as JSON; it is stored in its canonical form.
    """

    op: ClassVar[str] = "criteria_set.save"
    label: ClassVar[str] = N_("Save a criteria set")
    needs: ClassVar[Role] = Role.OFFICER
    draft: ClassVar[type[Draft]] = CriteriaSetDraft
    table: ClassVar[type[Record]] = CriteriaDraft

    def apply(self, work: Work) -> UUID:
        if self.id is not None and published(work, self.id):
            raise UserError(
                "criteria.frozen",
                _("This criteria set is published and no longer changes. Begin its next version instead."),
            )
        return super().apply(work)

    def _validated(self, values: Mapping[str, Any]) -> dict[str, Any]:
        completed = dict(values)
        if isinstance(completed.get("content"), str | dict):
            text = _canonical(completed["content"])
            completed |= {"content": text, "content_sha256": content_hash(text)}
        return super()._validated(completed)

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """The content must be a sheet for this kind of unit."""
        if read_sheet(values["content"]).unit_kind != values["unit_kind"]:
            raise UserError("criteria.kind", _("This sheet is for another kind of unit."), field="unit_kind")


def published(work: Work, id: UUID) -> bool:
    """Whether this is the id of a published criteria set."""
    t = work.table("criteria_set").table
    return work.connection.execute(select(t.c.id).where(t.c.id == id)).first() is not None


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
            "version": next_version(work, code, self.year),
            "year": self.year,
            "unit_kind": str(sheet["unit_kind"]),
            "title": self.name or f"{sheet['label']}: {fill_labels(str(sheet['vi']), labels)}",
            "content": text,
        }
        return SaveCriteriaSet(**values).apply(work)

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_draft", result)


def next_version(work: Work, code: str, year: int) -> str:
    """Versions of one code run 1, 2, 3 … within a year, over what this office published and drafts."""
    count = 0
    for name in ("criteria_set", "criteria_draft"):
        t = work.table(name).table
        same = select(func.count()).where(
            t.c.code == code, t.c.year == year, t.c.unit == work.unit.code, t.c.voided.is_(None)
        )
        count += work.connection.execute(same).scalar_one()
    return f"{year}.{count + 1}"


class NextCriteriaVersion(Step):
    """Begin the next version of a criteria set as a draft with the same content."""

    op: ClassVar[str] = "criteria_set.next_version"
    label: ClassVar[str] = N_("Begin the next version")

    id: UUID
    year: int | None = None

    def apply(self, work: Work) -> UUID:
        old = work.get("criteria_set", self.id)
        if old["unit"] != work.unit.code:
            raise UserError(
                "criteria.issued",
                _("{unit} issued this criteria set and makes its next version.").format(unit=old["unit"]),
            )
        year = self.year or old["year"]
        values = {name: old[name] for name in ("code", "unit_kind", "title", "content")}
        return SaveCriteriaSet(year=year, version=next_version(work, old["code"], year), **values).apply(work)

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_draft", result)


class PublishCriteriaSet(Step):
    """Publish the draft of a criteria set: from now on it never changes, and the units below get it."""

    op: ClassVar[str] = "criteria_set.publish"
    label: ClassVar[str] = N_("Publish a criteria set")

    id: UUID

    def apply(self, work: Work) -> UUID:
        if published(work, self.id):
            raise UserError("criteria.not_draft", _("Only a draft can be published."))
        row = work.get("criteria_draft", self.id)
        faults = sheet_faults(read_sheet(row["content"])) + _frame_faults(work, row["content"])
        if faults:
            raise UserError("criteria.faults", " ".join(faults), field="content")
        values = {name: row[name] for name in FIELDS}
        work.insert("criteria_set", values | {"state": "published"}, id=self.id)
        work.update("criteria_draft", self.id, {"voided": _("Published")})
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_set", result)


def _frame_faults(work: Work, content: str) -> list[str]:
    """What does not fit the frame that a sheet names; empty for a sheet of its own."""
    named = frame_of(content)
    if named is None:
        return []
    t = work.table("criteria_set").table
    try:
        wanted = t.c.id == UUID(named.id)
    except ValueError:
        wanted = false()
    row = work.connection.execute(select(t.c.content, t.c.content_sha256).where(wanted)).first()
    if row is None or row.content_sha256 != named.sha256:
        return [_("The frame that this set is built on is not in the book. Receive it first.")]
    return frame_faults(json.loads(row.content), json.loads(content))


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
