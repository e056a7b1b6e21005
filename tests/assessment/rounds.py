"""Steps of a round as tests take them: open, fill, finish, approve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hoidesk.assessment.operations import (
    AnswerConditions,
    Approve,
    FinishScoring,
    NothingHappened,
    OpenRound,
    ProposeClass,
    ScoreInput,
    SetScores,
    SubmitSelf,
)
from hoidesk.assessment.rows import (
    assessment_ids,
    assessment_rows,
)
from hoidesk.assessment.sheet_view import SheetView, sheet_view
from hoidesk.book.settings import SaveSettings
from hoidesk.meetings.operations import SaveMeeting
from tests.emulation.ward import Ward

TODAY = date(2026, 11, 23)
EXTRAS = ("b_b1a", "b_b1b", "b_p1a", "b_v1a", "b_v1b", "b_v1c")


def open_round(ward: Ward, **more: Any) -> UUID:
    given: dict[str, Any] = {"year": 2026, "code": "6T", "sheets": ward.sheets} | more
    return ward.book.run(OpenRound.parse(given)).id


def ids_of(ward: Ward, round_id: UUID | None = None, **more: Any) -> list[UUID]:
    with ward.book.read() as connection:
        return assessment_ids(connection, round_id, **more)


def view(ward: Ward, id_: UUID) -> SheetView:
    with ward.book.read() as connection:
        found = sheet_view(connection, id_)
    assert found is not None
    return found


def of_unit(ward: Ward, unit: UUID) -> UUID:
    """The assessment of a unit in the newest round."""
    with ward.book.read() as connection:
        rows = assessment_rows(connection, assessment_ids(connection), TODAY)
    return next(row.id for row in rows if row.unit_id == unit)


def meet(ward: Ward, branch: UUID, months: Sequence[int]) -> list[UUID]:
    return [
        ward.book.run(
            SaveMeeting(branch_id=branch, kind="regular", held_on=date(2026, month, 5), invited=27, present=22)
        ).id
        for month in months
    ]


def fill(ward: Ward, id_: UUID, layer: str, share: int = 100) -> None:
    """Fill a whole layer: this share of each maximum, in whole points; nothing beside the points."""
    scores = []
    for line in view(ward, id_).lines():
        if line.excluded:
            continue
        if line.role == "points":
            points = line.maximum * share // 10000 * 100
            scores.append(ScoreInput(item=line.item, points=points, text="có dẫn chứng"))
    ward.book.run(SetScores(assessment_id=id_, layer=layer, scores=scores))
    ward.book.run(NothingHappened(assessment_ids=[id_], layer=layer))


def finished(ward: Ward, id_: UUID, **more: Any) -> None:
    """Score an assessment in both layers up to its computed class."""
    fill(ward, id_, "self")
    ward.book.run(SubmitSelf(assessment_ids=[id_]))
    fill(ward, id_, "ward", **more)
    ward.book.run(FinishScoring(assessment_ids=[id_]))
    answers = {one.id: "holds" for one in view(ward, id_).conditions}
    ward.book.run(AnswerConditions(assessment_ids=[id_], answers=answers))
    ward.book.run(ProposeClass(assessment_ids=[id_]))


def single_officer(ward: Ward) -> None:
    ward.book.run(SaveSettings(values={"office.single_officer": True}))


def approve(ward: Ward, *ids: UUID, **more: Any) -> list[UUID]:
    given = {"approver_post": "Chủ tịch", "minutes_number": "12/BB", "minutes_on": date(2026, 7, 10)} | more
    found: list[UUID] = ward.book.run(Approve.parse({"assessment_ids": list(ids)} | given)).result
    return found
