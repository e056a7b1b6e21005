"""The stored form of rounds, assessments, their scores by layer, and approvals.

Scores, rounds and assessments stay in the office. What goes up is the approval alone: a row that is written once, with
the approved values as they were, post ids and no names.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlmodel import SQLModel

from hoidesk.book.columns import choice, count, day, document, line, note, points, ref
from hoidesk.book.records import Record, Search, TableInfo
from hoidesk.language import N_
from hoidesk.text.dates import Day
from hoidesk.text.numbers import Count, Points

__all__ = [
    "Approval",
    "ApprovalFields",
    "Assessment",
    "AssessmentFields",
    "Reopening",
    "ReopeningFields",
    "Round",
    "RoundFields",
    "RoundSheet",
    "RoundSheetFields",
    "ScoreFields",
    "StoredScore",
]


class RoundFields(SQLModel):
    """A round of assessment: the window of its evidence, the cut-off day of the tree, the deadlines."""

    year: Count = count(4, N_("Year"), default=..., ge=2000, le=2200)
    code: str = choice(5, N_("Round"), "round_codes", default=...)
    name: str = line(6, N_("Name"), default=..., max_length=200)
    evidence_from: Day = day(7, N_("Evidence from"), default=...)
    evidence_to: Day = day(8, N_("Evidence until"), default=...)
    cut_off: Day = day(9, N_("Cut-off day"), default=...)
    self_due_on: Day | None = day(10, N_("Self-scoring due on"))
    ward_due_on: Day | None = day(11, N_("Scoring due on"))


class Round(RoundFields, Record, table=True):
    """A round of assessment."""

    __tablename__ = "round"
    __info__: ClassVar[TableInfo] = TableInfo(
        40,
        N_("Assessment round"),
        down=True,
        writers="unit",
        issued=True,
        spread=True,
        owners=(),
        search=Search(("name",)),
    )


class RoundSheetFields(SQLModel):
    """Which criteria set a kind of unit is scored by in a round."""

    round_id: UUID = ref(4, N_("Assessment round"), "round", default=...)
    unit_kind: str = choice(5, N_("Kind of unit"), "unit_kind", default=...)
    criteria_set_id: UUID = ref(6, N_("Criteria set"), "criteria_set", default=...)


class RoundSheet(RoundSheetFields, Record, table=True):
    """The criteria set of a kind of unit in a round."""

    __tablename__ = "round_sheet"
    __info__: ClassVar[TableInfo] = TableInfo(
        41,
        N_("Sheet of a round"),
        down=True,
        writers="unit",
        immutable=True,
        issued=True,
        spread=True,
        owners=("round_id",),
    )


class AssessmentFields(SQLModel):
    """The assessment of one unit in one round; computed and decided class and why they differ stand side by side."""

    round_id: UUID = ref(4, N_("Assessment round"), "round", default=...)
    unit_kind: str = choice(5, N_("Kind of unit"), "unit_kind", default=...)
    area_id: UUID | None = ref(6, N_("Area"), "area")
    branch_id: UUID | None = ref(7, N_("Branch"), "branch")
    association_id: UUID | None = ref(8, N_("Association"), "association")
    criteria_set_id: UUID = ref(9, N_("Criteria set"), "criteria_set", default=...)
    state: str = choice(10, N_("State"), "assessment_states", default="open")
    self_submitted_on: Day | None = day(11, N_("Self-scoring submitted on"))
    ward_scored_on: Day | None = day(12, N_("Scored on"))
    computed_class: str | None = choice(13, N_("Computed class"), "class")
    decided_class: str | None = choice(14, N_("Decided class"), "class", group="decided")
    difference_reason: str | None = note(15, N_("Why it differs"), max_length=2000, group="decided")
    not_rated_reason: str | None = choice(16, N_("Not rated because"), "not_rated_reasons")
    remark: str | None = note(17, N_("Remark"))
    scorers: str | None = document(18, N_("Scored by"), personal=True)


class Assessment(AssessmentFields, Record, table=True):
    """The assessment of one unit in one round."""

    __tablename__ = "assessment"
    __info__: ClassVar[TableInfo] = TableInfo(
        42, N_("Assessment"), search=Search(("remark",), ("branch_id", "association_id", "area_id"))
    )


class ScoreFields(SQLModel):
    """One cell: the score of one item, or the answer to one side condition, in one layer; points in hundredths."""

    assessment_id: UUID = ref(4, N_("Assessment"), "assessment", default=...)
    item: str = line(5, N_("Criterion"), default=..., max_length=100)
    layer: str = choice(6, N_("Layer"), "score_layers", default=...)
    cell: str = choice(7, N_("Kind of cell"), "score_cells", default=..., group="points")
    points: Points | None = points(8, N_("Points"), group="points")
    text: str | None = note(9, N_("Remark, reason"), max_length=2000)
    evidence: str | None = document(10, N_("Evidence"))


class StoredScore(ScoreFields, Record, table=True):
    """One cell of a score sheet."""

    __tablename__ = "score"
    __info__: ClassVar[TableInfo] = TableInfo(43, N_("Score"), owners=("assessment_id",))


class ApprovalFields(SQLModel):
    """An approved assessment: its values as they were, in canonical JSON, hashed and signed with the unit's key."""

    assessment_id: UUID | None = ref(4, N_("Assessment"), "assessment", up=False)
    revision: Count = count(5, N_("Revision"), default=1, ge=1)
    snapshot: str = document(6, N_("Approved values"), default=...)
    snapshot_sha256: str = line(7, N_("Fingerprint of the approved values"), default=..., max_length=64)
    signature: str | None = line(8, N_("Signature"), max_length=100)
    approved_on: Day = day(9, N_("Approved on"), default=..., index=True)
    approver_post: str | None = line(10, N_("Approved by (post)"))
    approver_post_id: UUID | None = ref(11, N_("Post of the approver"), "post")
    minutes_number: str | None = line(12, N_("Number of the minutes"), max_length=100)
    minutes_on: Day | None = day(13, N_("Minutes of"))
    unit_kind: str = choice(14, N_("Kind of unit"), "unit_kind", default=...)
    area_id: UUID | None = ref(15, N_("Area"), "area")
    branch_id: UUID | None = ref(16, N_("Branch"), "branch")
    association_id: UUID | None = ref(17, N_("Association"), "association")
    year: Count = count(18, N_("Year"), default=..., ge=2000, le=2200)
    round_code: str = choice(19, N_("Round"), "round_codes", default=...)
    cut_off: Day = day(20, N_("Cut-off day"), default=...)
    computed_class: str | None = choice(21, N_("Computed class"), "class")
    decided_class: str = choice(22, N_("Decided class"), "class", default=...)
    chain: str | None = document(23, N_("Certificates of the signing unit"))


class Approval(ApprovalFields, Record, table=True):
    """An approval: written once, goes up; it belongs to the office that approved, whatever unit it is about."""

    __tablename__ = "approval"
    __info__: ClassVar[TableInfo] = TableInfo(44, N_("Approval"), up=True, writers="unit", immutable=True, owners=())


class ReopeningFields(SQLModel):
    """An approved assessment that was opened again: why, and which lines of the sheet (none named: all of them)."""

    assessment_id: UUID | None = ref(4, N_("Assessment"), "assessment", up=False)
    approval_id: UUID = ref(5, N_("Approval"), "approval", default=...)
    reopened_on: Day = day(6, N_("Reopened on"), default=...)
    reason: str = note(7, N_("Reason"), default=..., max_length=2000)
    lines: str = document(8, N_("Reopened lines"), default="[]")
    post: str | None = line(9, N_("Reopened by (post)"))


class Reopening(ReopeningFields, Record, table=True):
    """A reopening: written once, goes up; the approval that it names stays as it was, and the next one replaces it."""

    __tablename__ = "reopening"
    __info__: ClassVar[TableInfo] = TableInfo(45, N_("Reopening"), up=True, writers="unit", immutable=True, owners=())
