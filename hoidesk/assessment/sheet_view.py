"""One score sheet as it is shown and printed: lines with the layers side by side, proposals, totals, class, steps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from hoidesk.assessment.figure_source import BookFigures, FigureValues
from hoidesk.assessment.loading import Evaluation, Loaded, condition_readings, evaluate, load_one, proposals
from hoidesk.assessment.reopening import ReopeningRow, reopenings
from hoidesk.assessment.rules import LAYERS, FigureReading, Proposal, gap_needs_reason, reading_words, rule_words
from hoidesk.assessment.sheet import Item
from hoidesk.assessment.snapshot import assessed_values, values_of_snapshot
from hoidesk.assessment.standing import changed_lines
from hoidesk.assessment.tables import Approval, Round
from hoidesk.assessment.totals import Answer, ClassResult, Total
from hoidesk.presets import DEFAULT_LABELS, Labels

__all__ = [
    "ApprovalView",
    "CellView",
    "ConditionView",
    "CriterionView",
    "GroupView",
    "LineView",
    "SheetView",
    "sheet_view",
]

_APPROVAL: Final = Approval.__table__  # type: ignore[attr-defined]
_R: Final = Round.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class CellView:
    """A filled cell; ``points`` in hundredths, None unless ``cell`` is ``value``."""

    cell: str
    points: int | None
    text: str
    evidence: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One line: the item, its cells by layer (None is open), what is proposed and what the office's cell lacks.

    ``lacks``: open, text, evidence, reason or None. ``gap`` in hundredths, None without both layers; ``excluded``:
    the item does not apply to this kind of organisation and asks for nothing.
    """

    item: str
    number: str
    text: str
    kind: str
    role: str
    maximum: int
    lowest: int
    highest: int
    rule: str
    guide: tuple[str, ...]
    note: str
    evidence_wanted: str
    source: str
    text_required: bool
    excluded: bool
    cells: Mapping[str, CellView | None]
    proposal: Proposal | None
    lacks: str | None
    gap: int | None
    gap_needs_reason: bool


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with its lines."""

    id: str
    number: str
    text: str
    maximum: int
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its criteria; ``role``: points, bonus, penalty or veto."""

    id: str
    number: str
    text: str
    role: str
    maximum: int
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A side condition: what it is for, whether it holds, what the register says, and whether it is asked now."""

    id: str
    for_class: str
    text: str
    answer: Answer
    reading: str
    answered_by_person: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """The newest approval; ``changed_lines``: what was edited after it and has no effect, by id.

    ``standing``: proven, unproven or forged. ``reopened``: it was opened again.
    """

    id: UUID
    revision: int
    approved_on: date
    approver_post: str | None
    minutes_number: str | None
    minutes_on: date | None
    decided_class: str
    sha256: str
    signed: bool
    changed_lines: tuple[str, ...]
    standing: str
    reopened: bool

    @property
    def changed_since(self) -> bool:
        """Whether the book no longer says what was approved."""
        return bool(self.changed_lines)


@dataclass(frozen=True, slots=True)
class SheetView:
    """Everything that the page and the paper of one assessment show."""

    id: UUID
    round_id: UUID
    round_name: str
    unit_kind: str
    unit_id: UUID
    unit_name: str
    branch_kind: str | None
    title: str
    label: str
    version: str
    notice: str
    evidence_from: date
    evidence_to: date
    cut_off: date
    self_due_on: date | None
    ward_due_on: date | None
    state: str
    self_submitted_on: date | None
    ward_scored_on: date | None
    max_total: int
    groups: tuple[GroupView, ...]
    totals: Mapping[str, Total]
    conditions: tuple[ConditionView, ...]
    result: ClassResult
    computed_class: str | None
    decided_class: str | None
    difference_reason: str | None
    not_rated_reason: str | None
    remark: str | None
    scorers: tuple[str, ...]
    approval: ApprovalView | None
    reopenings: tuple[ReopeningRow, ...]

    def lines(self) -> list[LineView]:
        """Every line in printed order."""
        return [line for group in self.groups for criterion in group.criteria for line in criterion.lines]


def _cell(loaded: Loaded, layer: str, item: str) -> CellView | None:
    stored = loaded.cells[layer].get(item)
    if stored is None:
        return None
    score = stored.score
    points = score.points if score.cell == "value" else None
    return CellView(score.cell, points, score.text, stored.evidence)


def _line(loaded: Loaded, item: Item, number: str, proposal: Proposal | None, lacks: Mapping[str, str]) -> LineView:
    cells = {layer: _cell(loaded, layer, item.id) for layer in LAYERS}
    own, ward = loaded.cells["self"].get(item.id), loaded.cells["ward"].get(item.id)
    both = own is not None and ward is not None
    return LineView(
        item=item.id,
        number=number,
        text=item.text,
        kind=item.kind,
        role=item.role,
        maximum=item.maximum,
        lowest=item.lowest,
        highest=item.highest,
        rule=rule_words(item),
        guide=item.guide,
        note=item.note,
        evidence_wanted=item.evidence,
        source=item.source,
        text_required=item.text_required,
        excluded=not loaded.applies(item),
        cells=cells,
        proposal=proposal,
        lacks=lacks.get(item.id),
        gap=ward.score.points - own.score.points if both and own and ward else None,
        gap_needs_reason=gap_needs_reason(
            loaded.sheet, item, None if own is None else own.score, None if ward is None else ward.score
        ),
    )


def _groups(loaded: Loaded, proposed: Mapping[str, Proposal], evaluation: Evaluation) -> tuple[GroupView, ...]:
    lacks = {one.item: one.lacks for one in evaluation.totals["ward"].missing}
    groups = []
    for group in loaded.sheet.groups:
        criteria = []
        for criterion in group.criteria:
            lines = []
            for place, item in enumerate(criterion.items, start=1):
                number = f"{criterion.number}.{place}" if len(criterion.items) > 1 else criterion.number
                lines.append(_line(loaded, item, number, proposed.get(item.id), lacks))
            criteria.append(
                CriterionView(criterion.id, criterion.number, criterion.text, criterion.maximum, tuple(lines))
            )
        groups.append(GroupView(group.id, group.number, group.text, group.role, group.maximum, tuple(criteria)))
    return tuple(groups)


def _conditions(
    loaded: Loaded, evaluation: Evaluation, readings: Mapping[str, FigureReading]
) -> tuple[ConditionView, ...]:
    return tuple(
        ConditionView(
            one.id,
            one.for_class,
            one.text,
            evaluation.answers[one.id],
            reading_words(readings[one.id]) if one.id in readings else "",
            one.id in loaded.cells["ward"],
            one.id in evaluation.result.unanswered,
        )
        for one in loaded.sheet.side_conditions
    )


def _approval(
    connection: Connection, loaded: Loaded, evaluation: Evaluation, opened: Sequence[ReopeningRow]
) -> ApprovalView | None:
    from hoidesk.exchange.trust.proofs import approval_standing

    row = connection.execute(
        select(_APPROVAL)
        .where(_APPROVAL.c.assessment_id == loaded.id, _APPROVAL.c.voided.is_(None))
        .order_by(_APPROVAL.c.revision.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    now = json.loads(json.dumps(assessed_values(loaded, evaluation)))
    return ApprovalView(
        row.id,
        row.revision,
        row.approved_on,
        row.approver_post,
        row.minutes_number,
        row.minutes_on,
        row.decided_class,
        row.snapshot_sha256,
        row.signature is not None,
        changed_lines(values_of_snapshot(row.snapshot), now),
        approval_standing(connection, dict(row._mapping)),
        any(one.revision == row.revision for one in opened),
    )


def sheet_view(
    connection: Connection, id: UUID, labels: Labels = DEFAULT_LABELS, source: FigureValues | None = None
) -> SheetView | None:
    """The whole sheet of one assessment, or None if it is not in the book.

    ``source`` gives the figures behind proposals and conditions; the book's own if not given.
    """
    loaded = load_one(connection, id, labels)
    if loaded is None:
        return None
    figures = source or BookFigures(connection, labels)
    readings = condition_readings(figures, [loaded])[id]
    evaluation = evaluate(loaded, readings)
    round_: Any = connection.execute(select(_R).where(_R.c.id == loaded.row["round_id"])).one()
    row, opened = loaded.row, reopenings(connection, id)
    return SheetView(
        id=id,
        round_id=row["round_id"],
        round_name=round_.name,
        unit_kind=row["unit_kind"],
        unit_id=loaded.unit_id,
        unit_name=loaded.unit_name,
        branch_kind=loaded.branch_kind,
        title=loaded.sheet.title,
        label=loaded.sheet.label,
        version=loaded.sheet_version,
        notice=loaded.sheet.notice,
        evidence_from=loaded.evidence.first,
        evidence_to=loaded.evidence.last,
        cut_off=loaded.evidence.cut_off,
        self_due_on=round_.self_due_on,
        ward_due_on=round_.ward_due_on,
        state=row["state"],
        self_submitted_on=row["self_submitted_on"],
        ward_scored_on=row["ward_scored_on"],
        max_total=loaded.sheet.max_total,
        groups=_groups(loaded, proposals(figures, [loaded])[id], evaluation),
        totals=evaluation.totals,
        conditions=_conditions(loaded, evaluation, readings),
        result=evaluation.result,
        computed_class=row["computed_class"],
        decided_class=row["decided_class"],
        difference_reason=row["difference_reason"],
        not_rated_reason=row["not_rated_reason"],
        remark=row["remark"],
        scorers=tuple(json.loads(row["scorers"] or "[]")),
        approval=_approval(connection, loaded, evaluation, opened),
        reopenings=tuple(opened),
    )
