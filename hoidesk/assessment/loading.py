"""Assessments with their cells and sheets, read in three statements, and what the rules say about them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, select

from hoidesk.assessment.figure_source import Evidence, FigureValues
from hoidesk.assessment.rules import LAYERS, FigureReading, Proposal, Score, propose
from hoidesk.assessment.sheet import Item, Sheet
from hoidesk.assessment.sheet_texts import sheet_of
from hoidesk.assessment.standing import effective_state
from hoidesk.assessment.tables import Assessment, Round, StoredScore
from hoidesk.assessment.totals import Answer, ClassResult, Total, classify, condition_answer, is_excluded, total
from hoidesk.associations.tables import Association, Branch
from hoidesk.emulation.frames import Frame, frame_of
from hoidesk.emulation.tables import CriteriaSet
from hoidesk.presets import DEFAULT_LABELS, Labels
from hoidesk.units.tables import Area

__all__ = [
    "Evaluation",
    "Loaded",
    "StoredCell",
    "condition_readings",
    "evaluate",
    "load",
    "load_one",
    "parse_evidence",
    "proposals",
]

_A: Final = Assessment.__table__  # type: ignore[attr-defined]
_R: Final = Round.__table__  # type: ignore[attr-defined]
_S: Final = StoredScore.__table__  # type: ignore[attr-defined]
_SET: Final = CriteriaSet.__table__  # type: ignore[attr-defined]
_AREA: Final = Area.__table__  # type: ignore[attr-defined]
_BRANCH: Final = Branch.__table__  # type: ignore[attr-defined]
_ASSOCIATION: Final = Association.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A filled cell with its remark and the records named as evidence."""

    id: UUID
    score: Score
    evidence: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """An assessment as it is stored: its row, its unit, its sheet, its cells by layer and item."""

    id: UUID
    row: Mapping[str, Any]
    unit_id: UUID
    unit_name: str
    branch_kind: str | None
    evidence: Evidence
    sheet: Sheet
    sheet_code: str
    sheet_version: str
    sheet_sha256: str
    frame: Frame | None
    cells: Mapping[str, Mapping[str, StoredCell]]

    def scores(self, layer: str) -> dict[str, Score]:
        """The cells of a layer for the rules."""
        return {item: cell.score for item, cell in self.cells[layer].items()}

    def applies(self, item: Item) -> bool:
        """Whether the item is asked of this kind of organisation at all."""
        return not is_excluded(item, self.branch_kind)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rules make of an assessment: totals by layer, answers to the side conditions, the class."""

    totals: Mapping[str, Total]
    answers: Mapping[str, Answer]
    result: ClassResult


def parse_evidence(text: str | None) -> tuple[UUID, ...]:
    """The records named in a stored list of evidence; what is not an id is left out."""
    found = []
    try:
        listed = json.loads(text) if text else []
    except ValueError:
        listed = []
    for one in listed if isinstance(listed, list) else []:
        try:
            found.append(UUID(str(one)))
        except ValueError:
            continue
    return tuple(found)


def _cells(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, dict[str, dict[str, StoredCell]]]:
    found: dict[UUID, dict[str, dict[str, StoredCell]]] = defaultdict(lambda: {layer: {} for layer in LAYERS})
    rows = connection.execute(
        select(_S.c.id, _S.c.assessment_id, _S.c.item, _S.c.layer, _S.c.cell, _S.c.points, _S.c.text, _S.c.evidence)
        .where(_S.c.assessment_id.in_(ids), _S.c.voided.is_(None))
        .order_by(_S.c.id)
    )
    for row in rows:
        if row.layer in LAYERS:
            evidence = parse_evidence(row.evidence)
            score = Score(row.cell, row.points or 0, row.text or "", len(evidence))
            found[row.assessment_id][row.layer][row.item] = StoredCell(row.id, score, evidence)
    return found


def load(connection: Connection, ids: Iterable[UUID], labels: Labels = DEFAULT_LABELS) -> dict[UUID, Loaded]:
    """The assessments with these ids that are in the book and not set aside: three statements.

    ``labels`` are the office's names of tiers and areas, for the texts of the sheets.
    """
    wanted = list(ids)
    rows = connection.execute(
        select(
            _A,
            effective_state().label("effective_state"),
            _BRANCH.c.kind.label("branch_kind"),
            func.coalesce(_BRANCH.c.name, _ASSOCIATION.c.name, _AREA.c.name).label("unit_name"),
            _R.c.evidence_from,
            _R.c.evidence_to,
            _R.c.cut_off,
            _R.c.self_due_on,
            _ASSOCIATION.c.kind.label("association_kind"),
        )
        .join(_R, _R.c.id == _A.c.round_id)
        .outerjoin(_BRANCH, _BRANCH.c.id == _A.c.branch_id)
        .outerjoin(_ASSOCIATION, _ASSOCIATION.c.id == func.coalesce(_A.c.association_id, _BRANCH.c.association_id))
        .outerjoin(_AREA, _AREA.c.id == _A.c.area_id)
        .where(_A.c.id.in_(wanted), _A.c.voided.is_(None))
    ).all()
    sheets = {
        row.id: row
        for row in connection.execute(select(_SET).where(_SET.c.id.in_({row.criteria_set_id for row in rows})))
    }
    cells = _cells(connection, [row.id for row in rows])
    found = {}
    for row in rows:
        own = sheets[row.criteria_set_id]
        found[row.id] = Loaded(
            id=row.id,
            row=dict(row._mapping) | {"state": row.effective_state},
            unit_id=row.branch_id or row.association_id or row.area_id,
            unit_name=row.unit_name or "",
            branch_kind=row.branch_kind,
            evidence=Evidence(row.evidence_from, row.evidence_to, row.cut_off),
            sheet=sheet_of(own.content, labels),
            sheet_code=own.code,
            sheet_version=own.version,
            sheet_sha256=own.content_sha256,
            frame=frame_of(own.content),
            cells=cells[row.id],
        )
    return found


def load_one(connection: Connection, id: UUID, labels: Labels = DEFAULT_LABELS) -> Loaded | None:
    """One assessment, or None."""
    return load(connection, [id], labels).get(id)


def proposals(
    source: FigureValues, loaded: Sequence[Loaded], items: Sequence[str] | None = None
) -> dict[UUID, dict[str, Proposal]]:
    """What the register proposes for each assessment and item; ``items`` narrows them. One question an item and sheet.

    An item whose figure cannot be counted in this book gets no proposal, and so does one that does not apply.
    """
    found: dict[UUID, dict[str, Proposal]] = {one.id: {} for one in loaded}
    for group in _alike(loaded):
        sheet, evidence = group[0].sheet, group[0].evidence
        units = [one.unit_id for one in group]
        for item in sheet.items():
            if item.figure is None or (items is not None and item.id not in items):
                continue
            readings = source.readings(item.figure, dict(item.where), evidence, sheet.dimension, units)
            for one in group:
                reading = readings.get(one.unit_id)
                proposal = None if reading is None or not one.applies(item) else propose(item, reading)
                if proposal is not None:
                    found[one.id][item.id] = proposal
    return found


def _alike(loaded: Sequence[Loaded]) -> list[list[Loaded]]:
    """Assessments by sheet and time of evidence, so that a figure is asked once for all of them."""
    groups: dict[tuple[str, Evidence], list[Loaded]] = defaultdict(list)
    for one in loaded:
        groups[(one.sheet_sha256, one.evidence)].append(one)
    return list(groups.values())


def condition_readings(source: FigureValues, loaded: Sequence[Loaded]) -> dict[UUID, dict[str, FigureReading]]:
    """The figures of the side conditions for each assessment, by condition; those that cannot be counted are absent."""
    found: dict[UUID, dict[str, FigureReading]] = {one.id: {} for one in loaded}
    for group in _alike(loaded):
        sheet, evidence = group[0].sheet, group[0].evidence
        units = [one.unit_id for one in group]
        asked: dict[str, Mapping[UUID, FigureReading]] = {}
        for condition in sheet.side_conditions:
            if condition.figure is None:
                continue
            if condition.figure not in asked:
                asked[condition.figure] = source.readings(condition.figure, {}, evidence, sheet.dimension, units)
            for one in group:
                if one.unit_id in asked[condition.figure]:
                    found[one.id][condition.id] = asked[condition.figure][one.unit_id]
    return found


def evaluate(loaded: Loaded, readings: Mapping[str, FigureReading] | None = None) -> Evaluation:
    """Totals of all layers, and the class by the ward's layer; ``readings`` are those of the side conditions."""
    ward, own = loaded.scores("ward"), loaded.scores("self")
    totals = {
        layer: total(
            loaded.sheet,
            loaded.scores(layer),
            kind=loaded.branch_kind,
            lower=own if layer == "ward" else None,
        )
        for layer in LAYERS
    }
    known = readings or {}
    answers = {
        condition.id: condition_answer(
            condition, known[condition.id].number if condition.id in known else None, ward.get(condition.id)
        )
        for condition in loaded.sheet.side_conditions
    }
    not_rated = loaded.row["not_rated_reason"] is not None
    return Evaluation(totals, answers, classify(loaded.sheet, totals["ward"], ward, answers, not_rated=not_rated))
