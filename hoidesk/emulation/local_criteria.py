"""Writing criteria sets on a frame from above: begun with the frame's content, own criteria added and taken out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from hoidesk.book.operations import Step
from hoidesk.book.work import Work
from hoidesk.emulation.criteria import SaveCriteriaSet, next_version
from hoidesk.emulation.frames import frame_of, local_frame, with_criterion, without_criterion
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.text.numbers import Points

__all__ = ["AddLocalCriterion", "BuildOnFrame", "RemoveLocalCriterion"]


class BuildOnFrame(Step):
    """Begin a criteria set of this office on a published frame: the same sheet, to which own criteria are added."""

    op: ClassVar[str] = "criteria_set.build_on"
    label: ClassVar[str] = N_("Build on a frame")

    id: UUID
    name: str | None = None

    def apply(self, work: Work) -> UUID:
        frame = work.get("criteria_set", self.id)
        if frame["state"] != "published":
            raise UserError(
                "criteria.not_published",
                _("“{title}” is not published. Publish it, or choose another criteria set.").format(
                    title=frame["title"]
                ),
            )
        if local_frame(frame["content"]) is None or frame_of(frame["content"]) is not None:
            raise UserError("frame.closed", _("This frame allows no criteria of one's own."))
        named = {"id": str(self.id), "code": frame["code"], "version": frame["version"]}
        content = json.loads(frame["content"]) | {"frame": named | {"sha256": frame["content_sha256"]}}
        values = {name: frame[name] for name in ("code", "year", "unit_kind")}
        title = (self.name or "").strip() or f"{frame['title']} – {work.unit.name}"
        version = next_version(work, frame["code"], frame["year"])
        return SaveCriteriaSet(title=title, version=version, content=content, **values).apply(work)

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_draft", result)


def _draft_and_frame(work: Work, id: UUID) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    content = json.loads(work.get("criteria_draft", id)["content"])
    named = frame_of(content)
    if named is None:
        raise UserError("frame.none", _("This draft is built on no frame. Change its sheet instead."))
    return content, json.loads(work.get("criteria_set", UUID(named.id))["content"])


class AddLocalCriterion(Step):
    """Add a criterion of the office's own to a draft on a frame; ``points`` as typed ("2,5") or in hundredths."""

    op: ClassVar[str] = "criteria_set.add_criterion"
    label: ClassVar[str] = N_("Add a criterion")

    id: UUID
    text: str
    points: Points
    evidence: str = ""

    def apply(self, work: Work) -> UUID:
        content, frame = _draft_and_frame(work, self.id)
        if not self.text.strip() or self.points <= 0:
            raise UserError(
                "frame.criterion",
                _("Each own criterion needs a text and points above nothing."),
                field="points" if self.text.strip() else "text",
            )
        built = with_criterion(frame, content, self.text.strip(), self.points, self.evidence.strip())
        return SaveCriteriaSet(id=self.id, content=built).apply(work)

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_draft", result)


class RemoveLocalCriterion(Step):
    """Take a criterion of the office's own out of a draft on a frame; ``criterion`` is its id."""

    op: ClassVar[str] = "criteria_set.remove_criterion"
    label: ClassVar[str] = N_("Take a criterion out")

    id: UUID
    criterion: str

    def apply(self, work: Work) -> UUID:
        content, frame = _draft_and_frame(work, self.id)
        return SaveCriteriaSet(id=self.id, content=without_criterion(frame, content, self.criterion)).apply(work)

    def title(self, work: Work, result: Any) -> str:
        return work.title("criteria_draft", result)
