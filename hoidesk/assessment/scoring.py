"""Writing scores: each layer beside the others, accepted proposals, submitting and finishing a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from hoidesk.assessment.cells import CellWriter, ScoreInput, checked_score, open_assessments
from hoidesk.assessment.figure_source import BookFigures
from hoidesk.assessment.loading import Loaded, proposals
from hoidesk.assessment.rules import NONE_HAPPENED, Score
from hoidesk.assessment.totals import Total, total
from hoidesk.book.operations import Step
from hoidesk.book.settings import office_labels
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _, ngettext
from hoidesk.text.dates import Day

__all__ = [
    "AcceptProposals",
    "AgreeWithSelf",
    "FinishScoring",
    "NothingHappened",
    "SetScores",
    "SubmitSelf",
]


class SetScores(Step):
    """Write cells of one layer of one sheet; a cell that is not named stays. Layers never overwrite each other."""

    op: ClassVar[str] = "assessment.score"
    label: ClassVar[str] = N_("Score a sheet")
    needs: ClassVar[Role] = Role.SECRETARY

    assessment_id: UUID
    layer: str
    scores: list[ScoreInput]

    def apply(self, work: Work) -> UUID:
        loaded = open_assessments(work, [self.assessment_id], self.layer)
        one, writer = loaded[0], CellWriter(work, self.layer, [self.assessment_id])
        items = [given.item for given in self.scores]
        if len(items) != len(set(items)):
            raise UserError("score.twice", _("One line of the sheet is given twice."), field="scores")
        for given in self.scores:
            if given.cell is None:
                writer.clear(one.id, given.item)
                continue
            score = checked_score(one.sheet, given, one.cells[self.layer].get(given.item))
            writer.put(one.id, given.item, score, given.evidence)
        writer.finish(loaded)
        return self.assessment_id

    def title(self, work: Work, result: Any) -> str:
        return work.title("assessment", result)


class AcceptProposals(Step):
    """Accept what the register proposes: for the open cells, or also over filled ones with ``replace``.

    The working is kept as the remark and the counted records as evidence.
    """

    op: ClassVar[str] = "assessment.accept_proposals"
    label: ClassVar[str] = N_("Accept proposed scores")
    needs: ClassVar[Role] = Role.SECRETARY

    assessment_ids: list[UUID]
    layer: str
    items: list[str] | None = None
    replace: bool = False

    def apply(self, work: Work) -> int:
        loaded = open_assessments(work, self.assessment_ids, self.layer)
        source = BookFigures(work.connection, office_labels(work.connection, work.unit.code))
        writer, accepted = CellWriter(work, self.layer, self.assessment_ids), 0
        for id_, found in proposals(source, loaded, self.items).items():
            cells = next(one.cells[self.layer] for one in loaded if one.id == id_)
            for item, proposal in found.items():
                if item in cells and not self.replace:
                    continue
                writer.put(id_, item, Score(proposal.cell, proposal.points, proposal.working), proposal.record_ids)
                accepted += 1
        writer.finish(loaded)
        return accepted


class NothingHappened(Step):
    """Answer “none happened” in the open cells of bonus, penalty and exclusion: a person says so, once for all."""

    op: ClassVar[str] = "assessment.nothing_happened"
    label: ClassVar[str] = N_("No bonus, no penalty")
    needs: ClassVar[Role] = Role.SECRETARY

    assessment_ids: list[UUID]
    layer: str

    def apply(self, work: Work) -> int:
        loaded = open_assessments(work, self.assessment_ids, self.layer)
        writer, answered = CellWriter(work, self.layer, self.assessment_ids), 0
        for one in loaded:
            for item in one.sheet.items():
                if item.role != "points" and item.id not in one.cells[self.layer]:
                    writer.put(one.id, item.id, Score(NONE_HAPPENED), None)
                    answered += 1
        writer.finish(loaded)
        return answered


class AgreeWithSelf(Step):
    """Take the unit's own scores over into the open cells of the office's layer."""

    op: ClassVar[str] = "assessment.agree"
    label: ClassVar[str] = N_("Agree with the unit's own scores")
    needs: ClassVar[Role] = Role.OFFICER

    assessment_ids: list[UUID]
    items: list[str] | None = None

    def apply(self, work: Work) -> int:
        loaded = open_assessments(work, self.assessment_ids, "ward")
        writer, agreed = CellWriter(work, "ward", self.assessment_ids), 0
        for one in loaded:
            for item, cell in one.cells["self"].items():
                if item not in one.cells["ward"] and (self.items is None or item in self.items):
                    writer.put(one.id, item, cell.score, cell.evidence)
                    agreed += 1
        writer.finish(loaded)
        return agreed


def _complete(one: Loaded, layer: str) -> Total:
    """The total of a finished layer; UserError says how many cells are missing or what the first one lacks."""
    lower: Mapping[str, Score] | None = one.scores("self") if layer == "ward" else None
    found = total(one.sheet, one.scores(layer), kind=one.branch_kind, lower=lower)
    if found.open_cells:
        raise UserError(
            "assessment.open_cells",
            ngettext(
                "{name}: {count} cell has no score yet.", "{name}: {count} cells have no score yet.", found.open_cells
            ).format(name=one.unit_name, count=found.open_cells),
            field=found.missing[0].item,
        )
    if found.missing:
        first = found.missing[0]
        wanted = {"text": _("a remark"), "evidence": _("evidence"), "reason": _("the reason for the difference")}
        raise UserError(
            "assessment.incomplete",
            _("{name}: “{item}” still needs {what}.").format(
                name=one.unit_name, item=one.sheet.item(first.item).text, what=wanted[first.lacks]
            ),
            field=first.item,
        )
    return found


class SubmitSelf(Step):
    """Submit a unit's own scores: every cell is filled, and from now on that layer stays as it is."""

    op: ClassVar[str] = "assessment.submit"
    label: ClassVar[str] = N_("Submit self-scoring")
    needs: ClassVar[Role] = Role.SECRETARY

    assessment_ids: list[UUID]
    submitted_on: Day | None = None

    def apply(self, work: Work) -> list[UUID]:
        for one in open_assessments(work, self.assessment_ids, "self"):
            _complete(one, "self")
            day = self.submitted_on or work.today
            work.update("assessment", one.id, {"state": "self_submitted", "self_submitted_on": day})
        return self.assessment_ids


class FinishScoring(Step):
    """Finish the office's layer of scores: every cell is filled and every larger difference has its reason."""

    op: ClassVar[str] = "assessment.finish"
    label: ClassVar[str] = N_("Finish scoring")
    needs: ClassVar[Role] = Role.OFFICER

    assessment_ids: list[UUID]
    scored_on: Day | None = None

    def apply(self, work: Work) -> list[UUID]:
        for one in open_assessments(work, self.assessment_ids, "ward"):
            if one.row["not_rated_reason"] is None:
                _complete(one, "ward")
            values = {"state": "ward_scored", "ward_scored_on": self.scored_on or work.today}
            work.update("assessment", one.id, values)
        return self.assessment_ids
