"""Class and approval: computed, decided with a reason where it differs, approved as a row that never changes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import func, select

from hoidesk.assessment.cells import ScoreInput, open_assessments
from hoidesk.assessment.figure_source import BookFigures
from hoidesk.assessment.loading import Evaluation, Loaded, condition_readings, evaluate
from hoidesk.assessment.scoring import SetScores
from hoidesk.assessment.sheet import canonical_json
from hoidesk.assessment.snapshot import DOMAIN, snapshot_hash, snapshot_text
from hoidesk.book.operations import Step
from hoidesk.book.settings import office_labels, office_settings
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.emulation.drafts import UNIT_COLUMNS
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.presets import choices
from hoidesk.text.dates import Day

__all__ = ["AnswerConditions", "Approve", "DecideClass", "ProposeClass"]

_ANSWERS: Final[Mapping[str, dict[str, Any]]] = {
    "holds": {"cell": "value", "points": 100},
    "fails": {"cell": "value", "points": 0},
    "not_applicable": {"cell": "not_applicable"},
    "open": {"cell": None},
}


class AnswerConditions(Step):
    """Answer side conditions of a sheet: ``holds``, ``fails``, ``not_applicable`` (no task was due) or ``open``."""

    op: ClassVar[str] = "assessment.conditions"
    label: ClassVar[str] = N_("Answer side conditions")
    needs: ClassVar[Role] = Role.OFFICER

    assessment_ids: list[UUID]
    answers: dict[str, str]
    text: str | None = None

    def apply(self, work: Work) -> list[UUID]:
        for answer in self.answers.values():
            if answer not in _ANSWERS:
                raise UserError("score.answer", _("Answer a condition with yes or no."), field="answers")
        given = [ScoreInput(item=id_, text=self.text, **_ANSWERS[answer]) for id_, answer in self.answers.items()]
        for id_ in self.assessment_ids:
            SetScores(assessment_id=id_, layer="ward", scores=given).apply(work)
        return self.assessment_ids


def _evaluated(work: Work, loaded: Sequence[Loaded]) -> dict[UUID, Evaluation]:
    source = BookFigures(work.connection, office_labels(work.connection, work.unit.code))
    readings = condition_readings(source, loaded)
    return {one.id: evaluate(one, readings[one.id]) for one in loaded}


def _refuse_open(one: Loaded, evaluation: Evaluation) -> None:
    """UserError that says what keeps the class open."""
    result = evaluation.result
    if result.held_by is not None:
        text = _("{name} is not classified while “{item}” holds.").format(
            name=one.unit_name, item=one.sheet.item(result.held_by).text
        )
        raise UserError("class.held", text, field=result.held_by)
    if result.unanswered:
        condition = one.sheet.condition(result.unanswered[0])
        text = _("{name}: answer the condition “{condition}” first.").format(
            name=one.unit_name, condition=condition.text if condition else ""
        )
        raise UserError("class.condition", text, field=result.unanswered[0])
    raise UserError("class.open", _("{name}: the scoring is not finished yet.").format(name=one.unit_name))


class ProposeClass(Step):
    """Compute the class from the office's finished layer: bands, side conditions, exclusions; it is then decided."""

    op: ClassVar[str] = "assessment.propose"
    label: ClassVar[str] = N_("Compute the class")
    needs: ClassVar[Role] = Role.OFFICER

    assessment_ids: list[UUID]

    def apply(self, work: Work) -> list[UUID]:
        loaded = open_assessments(work, self.assessment_ids, "ward")
        evaluations = _evaluated(work, loaded)
        for one in loaded:
            if one.row["state"] not in ("ward_scored", "proposed") and one.row["not_rated_reason"] is None:
                raise UserError("class.open", _("{name}: the scoring is not finished yet.").format(name=one.unit_name))
            code = evaluations[one.id].result.code
            if code is None:
                _refuse_open(one, evaluations[one.id])
            values = {"state": "proposed", "computed_class": code, "decided_class": code, "difference_reason": None}
            work.update("assessment", one.id, values)
        return self.assessment_ids


class DecideClass(Step):
    """Decide the class: where it differs from the computed one, the reason is kept beside both."""

    op: ClassVar[str] = "assessment.decide"
    label: ClassVar[str] = N_("Decide the class")
    needs: ClassVar[Role] = Role.OFFICER

    id: UUID
    decided_class: str
    reason: str | None = None

    def apply(self, work: Work) -> UUID:
        one = open_assessments(work, [self.id], "ward")[0]
        if one.row["state"] != "proposed":
            raise UserError("class.not_computed", _("Compute the class first; then it can be decided."))
        if self.decided_class not in choices("class"):
            raise UserError("class.unknown", _("Choose a class of the list."), field="decided_class")
        reason = (self.reason or "").strip() or None
        differs = self.decided_class != one.row["computed_class"]
        if differs and reason is None:
            raise UserError(
                "class.no_reason",
                _("The decided class differs from the computed one. Type the reason."),
                field="reason",
            )
        values = {"decided_class": self.decided_class, "difference_reason": reason if differs else None}
        work.update("assessment", self.id, values)
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title("assessment", result)


class Approve(Step):
    """Approve assessments: each gets a row with its values as they are, hashed and signed; it never changes.

    Who scored does not approve, except in an office of one officer, with number and date of the minutes that agreed.
    """

    op: ClassVar[str] = "assessment.approve"
    label: ClassVar[str] = N_("Approve assessments")
    needs: ClassVar[Role] = Role.OFFICER

    assessment_ids: list[UUID]
    approver_post_id: UUID | None = None
    approver_post: str | None = None
    approved_on: Day | None = None
    minutes_number: str | None = None
    minutes_on: Day | None = None

    def apply(self, work: Work) -> list[UUID]:
        loaded = open_assessments(work, self.assessment_ids, "ward")
        day = self.approved_on or work.today
        if day > work.today:
            raise UserError("approval.ahead", _("This day is still to come."), field="approved_on")
        post = self._post(work)
        self._allowed(work, loaded)
        evaluations = _evaluated(work, loaded)
        t = work.table("approval").table
        newest = select(t.c.assessment_id, func.max(t.c.revision)).group_by(t.c.assessment_id)
        rows = work.connection.execute(newest.where(t.c.assessment_id.in_(self.assessment_ids)))
        earlier: dict[UUID, int] = {row[0]: row[1] for row in rows}
        found = []
        for one in loaded:
            if one.row["state"] != "proposed":
                raise UserError(
                    "approval.not_proposed", _("{name}: decide the class first.").format(name=one.unit_name)
                )
            revision = earlier.get(one.id, 0) + 1
            common = {
                "revision": revision,
                "approved_on": day,
                "approver_post": post,
                "approver_post_id": self.approver_post_id,
                "minutes_number": (self.minutes_number or "").strip() or None,
                "minutes_on": self.minutes_on,
            }
            found.append(self._write(work, one, evaluations[one.id], common))
        return found

    def _post(self, work: Work) -> str:
        """The title of the approver's post; never the name of who holds it."""
        if self.approver_post_id is not None:
            return str(work.get("post", self.approver_post_id)["title"])
        post = (self.approver_post or "").strip()
        if not post:
            raise UserError("approval.no_post", _("Name the post that approves."), field="approver_post")
        return post

    def _allowed(self, work: Work, loaded: Sequence[Loaded]) -> None:
        scored = [one for one in loaded if work.user in json.loads(one.row["scorers"] or "[]")]
        if not scored:
            return
        if not office_settings(work.connection, work.unit.code)["office.single_officer"]:
            raise UserError(
                "approval.same_person",
                _("{user} scored {name}. Another officer approves it.").format(
                    user=work.user, name=scored[0].unit_name
                ),
            )
        if not (self.minutes_number or "").strip() or self.minutes_on is None:
            raise UserError(
                "approval.no_minutes",
                _("An office of one officer approves by minutes. Type their number and day."),
                field="minutes_number" if not (self.minutes_number or "").strip() else "minutes_on",
            )

    def _write(self, work: Work, one: Loaded, evaluation: Evaluation, common: Mapping[str, Any]) -> UUID:
        from hoidesk.exchange.state import load_chain, sign_line

        round_ = work.get("round", one.row["round_id"])
        text = snapshot_text(one, evaluation, round_=round_, **common)
        signature = sign_line(work, DOMAIN, text.encode("utf-8"))
        units = {column: one.row[column] for column in UNIT_COLUMNS.values()}
        id_ = work.insert(
            "approval",
            {
                "assessment_id": one.id,
                "snapshot": text,
                "snapshot_sha256": snapshot_hash(text),
                "signature": base64.b64encode(signature).decode("ascii"),
                "chain": canonical_json([c.text for c in load_chain(work.connection)]),
                "unit_kind": one.row["unit_kind"],
                "year": round_["year"],
                "round_code": round_["code"],
                "cut_off": round_["cut_off"],
                "computed_class": one.row["computed_class"],
                "decided_class": one.row["decided_class"],
            }
            | units
            | dict(common),
        )
        work.update("assessment", one.id, {"state": "approved"})
        return id_
