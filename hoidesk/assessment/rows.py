"""Reading rounds and lists of assessments: the board of a round, one row a unit, counts by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, case, func, or_, select

from hoidesk.assessment.loading import evaluate, load
from hoidesk.assessment.standing import effective_state
from hoidesk.assessment.tables import Assessment, Round, RoundSheet
from hoidesk.book.search import search
from hoidesk.emulation.tables import CriteriaSet
from hoidesk.emulation.units import UNIT_TABLES, sort_of
from hoidesk.presets import DEFAULT_LABELS, Labels, entry

__all__ = [
    "AssessmentRow",
    "Board",
    "OpenLine",
    "RoundRow",
    "assessment_ids",
    "assessment_rows",
    "class_counts",
    "open_lines",
    "round_board",
    "round_rows",
]

_A: Final = Assessment.__table__  # type: ignore[attr-defined]
_R: Final = Round.__table__  # type: ignore[attr-defined]
_RS: Final = RoundSheet.__table__  # type: ignore[attr-defined]
_SET: Final = CriteriaSet.__table__  # type: ignore[attr-defined]
STATES: Final = ("open", "self_submitted", "ward_scored", "proposed", "approved")


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round; ``sheets`` are (kind of unit, criteria set, its title), ``units`` how many assessments it has."""

    id: UUID
    year: int
    code: str
    name: str
    evidence_from: date
    evidence_to: date
    cut_off: date
    self_due_on: date | None
    ward_due_on: date | None
    sheets: tuple[tuple[str, UUID, str], ...]
    units: int
    unit: str
    """The unit that opened it; one above this office sends it down, and it is not changed here."""


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """An assessment in the list. Points are hundredths; ``open_cells`` of the office's layer.

    ``organization_kind`` tells associations, mass organisations and the Front's own bodies apart; an area has none.
    """

    id: UUID
    round_id: UUID
    unit_kind: str
    unit_id: UUID
    unit_name: str
    branch_kind: str | None
    organization_kind: str | None
    state: str
    self_submitted_on: date | None
    ward_scored_on: date | None
    self_points: int | None
    ward_points: int | None
    maximum: int
    scaled: Fraction | None
    open_cells: int
    computed_class: str | None
    decided_class: str | None
    not_rated_reason: str | None
    days_late: int


@dataclass(frozen=True, slots=True)
class Board:
    """How far a round is: assessments by kind of unit and state, and classes by kind of unit."""

    states: dict[str, dict[str, int]]
    classes: dict[str, dict[str, int]]
    late: int
    total: int


def round_rows(connection: Connection) -> list[RoundRow]:
    """The rounds, newest first."""
    rounds = connection.execute(select(_R).where(_R.c.voided.is_(None)).order_by(_R.c.cut_off.desc(), _R.c.id)).all()
    sheets: dict[UUID, list[tuple[str, UUID, str]]] = {}
    for row in connection.execute(
        select(_RS.c.round_id, _RS.c.unit_kind, _SET.c.id, _SET.c.title)
        .join(_SET, _SET.c.id == _RS.c.criteria_set_id)
        .where(_RS.c.voided.is_(None))
        .order_by(_RS.c.unit_kind)
    ):
        sheets.setdefault(row.round_id, []).append((row.unit_kind, row.id, row.title))
    count = select(_A.c.round_id, func.count()).where(_A.c.voided.is_(None)).group_by(_A.c.round_id)
    counts = {row[0]: row[1] for row in connection.execute(count)}
    return [
        RoundRow(
            row.id,
            row.year,
            row.code,
            row.name,
            row.evidence_from,
            row.evidence_to,
            row.cut_off,
            row.self_due_on,
            row.ward_due_on,
            tuple(sheets.get(row.id, ())),
            counts.get(row.id, 0),
            row.unit,
        )
        for row in rounds
    ]


def assessment_ids(
    connection: Connection,
    round_id: UUID | None = None,
    *,
    unit_kind: str | None = None,
    state: str | None = None,
    query: str = "",
) -> list[UUID]:
    """Assessments by kind of unit and the unit's name in Vietnamese order; the newest round first without a round."""
    wanted = select(_A.c.id).join(_R, _R.c.id == _A.c.round_id).where(_A.c.voided.is_(None), _R.c.voided.is_(None))
    for column, value in ((_A.c.round_id, round_id), (_A.c.unit_kind, unit_kind), (effective_state(), state)):
        if value is not None:
            wanted = wanted.where(column == value)
    if query.strip():
        wanted = wanted.where(_A.c.id.in_([id_ for _t, id_, _title in search(connection, query, [42], limit=None)]))
    order = case({kind: place for place, kind in enumerate(UNIT_TABLES)}, value=_A.c.unit_kind)
    ordered = wanted.order_by(_R.c.cut_off.desc(), order, _A.c.unit, sort_of(_A), _A.c.id)
    return list(connection.execute(ordered).scalars())


def _organization(branch_kind: str | None, unit_kind: str, association_kind: str | None) -> str | None:
    if unit_kind == "area":
        return None
    if association_kind is not None:
        return association_kind
    try:
        return str(entry("branch_kinds", branch_kind or "")["organization_kind"])
    except KeyError:
        return "association"


def assessment_rows(
    connection: Connection, ids: Sequence[UUID], today: date, labels: Labels = DEFAULT_LABELS
) -> list[AssessmentRow]:
    """The assessments with these ids, in their order, with the totals of both layers."""
    loaded = load(connection, ids, labels)
    found = []
    for id_ in ids:
        one = loaded.get(id_)
        if one is None:
            continue
        totals, row = evaluate(one).totals, one.row
        ward, own, due = totals["ward"], totals["self"], row["self_due_on"]
        sent = row["self_submitted_on"] or today
        found.append(
            AssessmentRow(
                id=id_,
                round_id=row["round_id"],
                unit_kind=row["unit_kind"],
                unit_id=one.unit_id,
                unit_name=one.unit_name,
                branch_kind=one.branch_kind,
                organization_kind=_organization(one.branch_kind, row["unit_kind"], row["association_kind"]),
                state=row["state"],
                self_submitted_on=row["self_submitted_on"],
                ward_scored_on=row["ward_scored_on"],
                self_points=own.final if one.cells["self"] else None,
                ward_points=ward.final if one.cells["ward"] else None,
                maximum=ward.maximum,
                scaled=ward.scaled if one.cells["ward"] and not ward.open_cells else None,
                open_cells=ward.open_cells,
                computed_class=row["computed_class"],
                decided_class=row["decided_class"],
                not_rated_reason=row["not_rated_reason"],
                days_late=0 if due is None or row["not_rated_reason"] else max(0, (sent - due).days),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that has no score in a layer yet: what a person has to answer. ``highest`` in hundredths."""

    item: str
    kind: str
    role: str
    highest: int


def open_lines(connection: Connection, ids: Sequence[UUID], layer: str) -> dict[UUID, list[OpenLine]]:
    """The lines of each assessment that have no score in a layer, in printed order; no figure is asked."""
    return {
        id_: [
            OpenLine(item.id, item.kind, item.role, item.highest)
            for item in one.sheet.items()
            if item.id not in one.cells[layer] and one.applies(item)
        ]
        for id_, one in load(connection, ids).items()
    }


def class_counts(connection: Connection, round_id: UUID, *, approved_only: bool = False) -> dict[tuple[str, str], int]:
    """How many units have which decided class: by kind of unit and class."""
    wanted = (
        select(_A.c.unit_kind, _A.c.decided_class, func.count())
        .where(_A.c.round_id == round_id, _A.c.voided.is_(None), _A.c.decided_class.is_not(None))
        .group_by(_A.c.unit_kind, _A.c.decided_class)
    )
    if approved_only:
        wanted = wanted.where(effective_state() == "approved")
    return {(row[0], row[1]): row[2] for row in connection.execute(wanted)}


def round_board(connection: Connection, round_id: UUID, today: date) -> Board:
    """How far a round is, in three statements; ``late`` counts units whose own scores came late or are missing."""
    state = effective_state()
    rows = connection.execute(
        select(_A.c.unit_kind, state, func.count())
        .where(_A.c.round_id == round_id, _A.c.voided.is_(None))
        .group_by(_A.c.unit_kind, state)
    ).all()
    states = {kind: dict.fromkeys(STATES, 0) for kind in UNIT_TABLES if any(row[0] == kind for row in rows)}
    for kind, code, count in rows:
        states.setdefault(kind, {}).update({code: count})
    classes: dict[str, dict[str, int]] = {kind: {} for kind in states}
    for (kind, code), count in class_counts(connection, round_id).items():
        classes.setdefault(kind, {})[code] = count
    late = connection.execute(
        select(func.count())
        .select_from(_A.join(_R, _R.c.id == _A.c.round_id))
        .where(
            _A.c.round_id == round_id,
            _A.c.voided.is_(None),
            _A.c.not_rated_reason.is_(None),
            _R.c.self_due_on < today,
            or_(_A.c.self_submitted_on.is_(None), _A.c.self_submitted_on > _R.c.self_due_on),
        )
    ).scalar_one()
    return Board(states, classes, late, sum(row[2] for row in rows))
