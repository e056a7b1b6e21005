"""The half-year round of the sample ward: self scores, the ward's scores, classes, approval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from hoidesk.language import N_
from hoidesk.sample.chance import number, pick, share
from hoidesk.sample.emulation import YEAR

if TYPE_CHECKING:
    from hoidesk.assessment.loading import Loaded
    from hoidesk.assessment.sheet import Item
    from hoidesk.book.book import Book
    from hoidesk.book.operations import Operation

__all__ = ["approve_round", "decide_classes", "of_quarters", "open_round", "score_by_ward", "score_themselves"]

CODE: Final = "6T"
_SELF: Final = N_("Score the units of the sample ward")
_WARD: Final = N_("Score for the sample ward")
_DECIDE: Final = N_("Decide the classes of the sample ward")

_REMARKS: Final = (
    "Có làm, có ghi trong biên bản",
    "Làm được phần lớn, còn một việc chuyển sang quý III",
    "Kết quả rõ, hội viên đồng tình",
    "Duy trì đều, chưa có cách làm mới",
)
_REASONS: Final = (
    "Đối chiếu sổ họp: kết quả thấp hơn mức tự chấm",
    "Mới làm một phần, chưa có minh chứng đầy đủ",
    "Cách làm còn trùng với phong trào khác",
)


def open_round(book: Book, sheets: dict[str, UUID]) -> tuple[UUID, list[UUID]]:
    """Open the round of the first half of 2026; its id and the ids of its assessments."""
    from sqlalchemy import select

    from hoidesk.assessment.operations import OpenRound
    from hoidesk.assessment.tables import Assessment

    opening = OpenRound(
        year=YEAR, code=CODE, sheets=sheets, self_due_on=date(YEAR, 6, 25), ward_due_on=date(YEAR, 6, 29)
    )
    round_id = book.run(opening, source="sample").id
    table = Assessment.__table__  # type: ignore[attr-defined]
    with book.read() as connection:
        query = select(table.c.id).where(table.c.round_id == round_id, table.c.not_rated_reason.is_(None))
        return round_id, list(connection.execute(query.order_by(table.c.id)).scalars())


def score_themselves(book: Book, ids: Sequence[UUID]) -> None:
    """Every unit scores itself: what the register proposes is accepted, the rest is judged, then it submits."""
    from hoidesk.assessment.operations import AcceptProposals, NothingHappened, SetScores, SubmitSelf

    listed = list(ids)
    first: list[Operation] = [
        AcceptProposals(assessment_ids=listed, layer="self"),
        NothingHappened(assessment_ids=listed, layer="self"),
    ]
    book.run_batch(first, label=_SELF, source="sample")
    rest: list[Operation] = []
    for one in _loaded(book, listed):
        scores = [_judged(one, item) for item in _open_items(one)]
        rest.append(SetScores.parse({"assessment_id": one.id, "layer": "self", "scores": scores}))
    rest.append(SubmitSelf(assessment_ids=listed, submitted_on=date(YEAR, 6, 25)))
    book.run_batch(rest, label=_SELF, source="sample")


def score_by_ward(book: Book, ids: Sequence[UUID]) -> None:
    """The ward scores beside them: mostly it agrees, here and there it takes points off and says why."""
    from hoidesk.assessment.operations import AgreeWithSelf, FinishScoring, SetScores

    listed = list(ids)
    batch: list[Operation] = []
    for one in _loaded(book, listed):
        scores = list(_corrected(one))
        if scores:
            batch.append(SetScores.parse({"assessment_id": one.id, "layer": "ward", "scores": scores}))
    batch.append(AgreeWithSelf(assessment_ids=listed))
    batch.append(FinishScoring(assessment_ids=listed, scored_on=date(YEAR, 6, 29)))
    book.run_batch(batch, label=_WARD, source="sample")


def decide_classes(book: Book, ids: Sequence[UUID]) -> None:
    """Side conditions are answered, classes computed; they stand as computed."""
    from hoidesk.assessment.operations import AnswerConditions, FinishScoring, ProposeClass

    listed = list(ids)
    batch: list[Operation] = []
    for one in _loaded(book, listed):
        answers = {condition.id: "holds" for condition in one.sheet.side_conditions}
        if answers:
            batch.append(AnswerConditions(assessment_ids=[one.id], answers=answers, text="Theo sổ theo dõi của phường"))
    batch.append(FinishScoring(assessment_ids=listed, scored_on=date(YEAR, 6, 29)))
    batch.append(ProposeClass(assessment_ids=listed))
    book.run_batch(batch, label=_DECIDE, source="sample")


def approve_round(book: Book, ids: Sequence[UUID]) -> None:
    """The office of one officer approves by the minutes that agreed; each sheet gets its signed snapshot."""
    from hoidesk.assessment.operations import Approve

    approve = Approve(
        assessment_ids=list(ids),
        approver_post="Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam phường",
        approved_on=date(YEAR, 6, 30),
        minutes_number="12/BB-BTT",
        minutes_on=date(YEAR, 6, 30),
    )
    book.run(approve, source="sample")


def of_quarters(book: Book, ids: Sequence[UUID], last: int) -> list[UUID]:
    """The assessments of the quarters from the first to number ``last`` and of the branches in them."""
    codes = {f"{book.unit.code}-{quarter:02}" for quarter in range(1, last + 1)}
    return [one.id for one in _loaded(book, list(ids)) if one.row["unit"] in codes]


def _loaded(book: Book, ids: list[UUID]) -> list[Loaded]:
    from hoidesk.assessment.loading import load

    with book.read() as connection:
        found = load(connection, ids)
    return [found[id_] for id_ in ids]


def _open_items(one: Loaded) -> Iterator[Item]:
    for item in one.sheet.items():
        if item.role == "points" and item.id not in one.cells["self"] and one.applies(item):
            yield item


def _name(one: Loaded) -> tuple[str, str]:
    """What chance is drawn from: the same in every book, unlike the ids."""
    return str(one.row["unit"]), one.unit_name


def _judged(one: Loaded, item: Item) -> dict[str, Any]:
    """Points for a line that the register does not propose; where it asks for evidence that is none, nothing."""
    name = (*_name(one), item.id)
    if item.evidence_required:
        return {"item": item.id, "cell": "none_happened"}
    points = item.highest * pick((60, 75, 75, 100, 100, 100), "points", *name) // 100
    points -= points % one.sheet.score_step
    return {"item": item.id, "points": max(points, item.lowest), "text": pick(_REMARKS, "remark", *name)}


def _corrected(one: Loaded) -> Iterator[dict[str, Any]]:
    """The judged lines in which the ward gives less than the unit gave itself."""
    for item in one.sheet.items():
        own = one.cells["self"].get(item.id)
        name = (*_name(one), item.id)
        if own is None or item.kind != "judgement" or own.score.cell != "value" or not share(12, "lower", *name):
            continue
        step = one.sheet.score_step
        points = own.score.points - step * number(1, 4, "less", *name)
        if points >= item.lowest:
            yield {"item": item.id, "points": points, "text": pick(_REASONS, "reason", *name)}
