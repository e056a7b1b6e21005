"""One round in a real book: sheets for every unit, layers side by side, class, approval that never changes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hoidesk.assessment.approvals import approval_ids, approval_rows, snapshot_is_whole, snapshot_of
from hoidesk.assessment.operations import (
    AcceptProposals,
    AgreeWithSelf,
    AnswerConditions,
    Approve,
    CompleteRound,
    DecideClass,
    FinishScoring,
    MoveRoundDays,
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
    class_counts,
    open_lines,
    round_board,
    round_rows,
)
from hoidesk.assessment.sheet_view import SheetView, sheet_view
from hoidesk.assessment.snapshot import DOMAIN
from hoidesk.associations.operations import SaveBranch, SavePost
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.book.settings import SaveSettings
from hoidesk.emulation.operations import AdoptCriteriaSet, SaveCriteriaSet, WithdrawCriteriaSet
from hoidesk.errors import UserError
from hoidesk.exchange.state import load_keys
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.units.operations import SaveArea
from tests.emulation.ward import Ward, open_ward
from tests.vietnamese import nfd

TODAY = date(2026, 11, 23)
EXTRAS = ("b_b1a", "b_b1b", "b_p1a", "b_v1a", "b_v1b", "b_v1c")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = open_ward(tmp_path)
    with made.book:
        yield made


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


# --- rounds


def test_a_round_has_one_sheet_for_each_unit_of_the_cut_off_day(ward: Ward) -> None:
    ward.book.run(
        SaveBranch(area_id=ward.quarters[0], kind="red_cross", name="Đã giải thể", ended_on=date(2026, 6, 30))
    )
    ward.book.run(SaveBranch(area_id=ward.quarters[0], kind="red_cross", name="Lập sau", founded_on=date(2026, 7, 1)))
    round_id = open_round(ward, self_due_on="05/07/2026")
    with ward.book.read() as connection:
        rows = assessment_rows(connection, assessment_ids(connection, round_id), TODAY)
        (row,) = round_rows(connection)
    kinds = {(one.unit_kind, one.unit_name): one for one in rows}
    assert [one.unit_kind for one in rows] == ["area"] * 3 + ["branch"] * 4 + ["association"] * 2
    assert {one.unit_id for one in rows} == {
        *ward.quarters, ward.committee, ward.women, ward.youth, ward.learning, ward.association, ward.suspended,
    }  # fmt: skip
    assert (row.cut_off, row.evidence_from, row.units, row.name) == (
        date(2026, 6, 30),
        date(2026, 1, 1),
        9,
        "6 tháng 2026",
    )
    assert {kind for kind, _id, _title in row.sheets} == {"area", "branch", "association"}
    assert kinds[("branch", "Chi đoàn Khu phố 1")].not_rated_reason == "new_unit"
    assert kinds[("association", "Hội Sinh vật cảnh")].not_rated_reason == "suspended"
    assert kinds[("branch", "Chi hội Phụ nữ Khu phố 1")].organization_kind == "mass_org"
    assert kinds[("branch", "Chi hội Khuyến học Khu phố 2")].organization_kind == "association"
    assert kinds[("branch", "Ban Công tác Mặt trận Khu phố 1")].organization_kind == "front_working_committee"
    assert kinds[("area", "Khu phố 1")].days_late == (TODAY - date(2026, 7, 5)).days


def test_rounds_are_opened_once_and_only_with_published_sheets(ward: Ward) -> None:
    draft = ward.book.run(AdoptCriteriaSet(unit_kind="area", year=2026)).id
    wrong: list[dict[str, Any]] = [
        {"sheets": {"area": draft}},
        {"sheets": {"area": ward.sheets["branch"]}},
        {"sheets": {"party": ward.sheets["branch"]}},
        {"sheets": {"area": uuid4()}},
        {"code": "QUY"},
        {"year": 1999},
        {"evidence_from": "01/07/2026", "evidence_to": "30/06/2026"},
        {"cut_off": "31/12/2025"},
    ]
    for more in wrong:
        with pytest.raises(UserError):
            open_round(ward, **more)
    assert ids_of(ward) == []
    open_round(ward)
    with pytest.raises(UserError) as caught:
        open_round(ward)
    assert caught.value.code == "round.twice"
    year_end = open_round(ward, code="NAM", sheets={"association": ward.sheets["association"]})
    assert len(ids_of(ward, year_end)) == 2


def test_a_round_can_take_the_samples_over_in_one_act(ward: Ward) -> None:
    refused: list[dict[str, Any]] = [
        {"sheets": {}},
        {"sheets": {}, "adopt": ["quarter"]},
        {"sheets": {}, "adopt": ["party"]},
    ]
    for wrong in refused:
        with pytest.raises(UserError):
            open_round(ward, **wrong)
    round_id = open_round(ward, sheets={"area": ward.sheets["area"]}, adopt=["area", "association"])
    with ward.book.read() as connection:
        (row,) = round_rows(connection)
    sheets = {kind: id_ for kind, id_, _title in row.sheets}
    assert sheets["area"] == ward.sheets["area"] and sheets["association"] != ward.sheets["association"]
    assert len(ids_of(ward, round_id)) == 5
    ward.book.undo()
    assert ids_of(ward) == []


def test_a_round_takes_in_units_recorded_later_and_new_deadlines(ward: Ward) -> None:
    round_id = open_round(ward)
    late = ward.book.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4")).id
    ward.book.run(CompleteRound(id=round_id))
    ward.book.run(CompleteRound(id=round_id))
    assert len(ids_of(ward, round_id)) == 10
    assert view(ward, of_unit(ward, late)).unit_name == "Khu phố 4"
    ward.book.run(MoveRoundDays(id=round_id, self_due_on=date(2026, 7, 15)))
    with ward.book.read() as connection:
        (row,) = round_rows(connection)
    assert row.self_due_on == date(2026, 7, 15) and row.ward_due_on is None and row.name == "6 tháng 2026"
    with pytest.raises(UserError):
        ward.book.run(MoveRoundDays(id=round_id, name="  "))


def test_undo_takes_a_whole_round_back(ward: Ward) -> None:
    open_round(ward)
    ward.book.undo()
    assert ids_of(ward) == []
    with ward.book.read() as connection:
        assert round_rows(connection) == []
    ward.book.redo()
    assert len(ids_of(ward)) == 9


def test_a_withdrawn_set_still_serves_the_round_that_uses_it(ward: Ward) -> None:
    open_round(ward)
    ward.book.run(WithdrawCriteriaSet(id=ward.sheets["area"]))
    assert view(ward, of_unit(ward, ward.quarters[0])).max_total == 10000
    with pytest.raises(UserError):
        ward.book.run(SaveCriteriaSet(id=ward.sheets["area"], content="{}"))


# --- scores


def test_the_register_proposes_with_its_working_and_records(ward: Ward) -> None:
    meetings = meet(ward, ward.women, (1, 2, 3, 4, 6))
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    line = next(one for one in view(ward, id_).lines() if one.item == "b2_1a")
    assert line.proposal is not None and line.proposal.points == 600 and "5/6" in line.proposal.working
    attendance = next(one for one in view(ward, id_).lines() if one.item == "b2_2a")
    assert attendance.proposal is not None and set(attendance.proposal.record_ids) == set(meetings)
    accepted = ward.book.run(AcceptProposals(assessment_ids=[id_], layer="self")).result
    cells = {one.item: one.cells["self"] for one in view(ward, id_).lines()}
    assert sum(cell is not None for cell in cells.values()) == accepted > 10
    kept = cells["b2_2a"]
    assert kept is not None and set(kept.evidence) == set(meetings) and kept.text == attendance.proposal.working
    judged = cells["b1_1c"]
    assert judged is None, "a judgement is never proposed"


def test_accepting_leaves_what_a_person_wrote(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    ward.book.run(
        SetScores(
            assessment_id=id_,
            layer="ward",
            scores=[ScoreInput.model_validate({"item": "b2_1a", "points": "4", "text": "họp bù"})],
        )
    )
    ward.book.run(AcceptProposals(assessment_ids=[id_], layer="ward"))
    cell = next(one.cells["ward"] for one in view(ward, id_).lines() if one.item == "b2_1a")
    assert cell is not None and (cell.points, cell.text) == (400, "họp bù")
    ward.book.run(AcceptProposals(assessment_ids=[id_], layer="ward", items=["b2_1a"], replace=True))
    cell = next(one.cells["ward"] for one in view(ward, id_).lines() if one.item == "b2_1a")
    assert cell is not None and cell.points == 0


def test_layers_stand_side_by_side(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    ward.book.run(SetScores(assessment_id=id_, layer="self", scores=[ScoreInput(item="b2_1a", points=800)]))
    for points in (600, 400):
        ward.book.run(SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1a", points=points)]))
    line = next(one for one in view(ward, id_).lines() if one.item == "b2_1a")
    own, office = line.cells["self"], line.cells["ward"]
    assert own is not None and office is not None and (own.points, office.points) == (800, 400)
    assert line.gap == -400 and line.gap_needs_reason and line.lacks == "reason"
    ward.book.undo()
    again = next(one for one in view(ward, id_).lines() if one.item == "b2_1a")
    assert again.cells["ward"] is not None and again.cells["ward"].points == 600


def test_cells_are_four_kinds_and_can_be_emptied(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    given = [
        ScoreInput(item="b1_1b", points=0),
        ScoreInput(item="b1_3a", cell="not_applicable"),
        ScoreInput(item="b2_2a", cell="none_happened"),
        ScoreInput.model_validate({"item": "b2_1b", "points": "3,25", "text": nfd("Nội dung thiết thực")}),
    ]
    ward.book.run(SetScores(assessment_id=id_, layer="self", scores=given))
    total = view(ward, id_).totals["self"]
    assert (total.points, total.maximum) == (325, 8800)
    cells = {one.item: one.cells["self"] for one in view(ward, id_).lines()}
    zero, text = cells["b1_1b"], cells["b2_1b"]
    assert zero is not None and zero.points == 0
    assert text is not None and text.text == "Nội dung thiết thực"
    ward.book.run(SetScores(assessment_id=id_, layer="self", scores=[ScoreInput(item="b1_1b", cell=None)]))
    assert next(one.cells["self"] for one in view(ward, id_).lines() if one.item == "b1_1b") is None
    ward.book.run(SetScores(assessment_id=id_, layer="self", scores=[ScoreInput(item="b1_1b", points=200)]))
    back = next(one.cells["self"] for one in view(ward, id_).lines() if one.item == "b1_1b")
    assert back is not None and back.points == 200


def test_what_the_sheet_does_not_allow_is_refused_and_nothing_is_written(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    good = {"item": "b1_1a", "points": 100}
    wrong: list[list[dict[str, Any]]] = [
        [good, {"item": "b2_1a", "points": 825}],
        [good, {"item": "b2_1a", "points": 810}],
        [good, {"item": "b2_1a"}],
        [good, {"item": "không_có", "points": 0}],
        [good, {"item": "b2_1a", "points": 100, "cell": "trống"}],
        [good, {"item": "b_b1a", "cell": "not_applicable"}],
        [good, {"item": "ex_on_time", "points": 50}],
        [good, good],
        [good, {"item": "b2_1b", "points": 100, "text": "x" * 2001}],
    ]
    for scores in wrong:
        with pytest.raises(UserError):
            ward.book.run(SetScores.parse({"assessment_id": str(id_), "layer": "self", "scores": scores}))
    for points in ("8,1", "chín", "1.000", 3.5, True):
        with pytest.raises(UserError):
            SetScores.parse(
                {"assessment_id": str(id_), "layer": "self", "scores": [{"item": "b2_1a", "points": points}]}
            )
    with pytest.raises(UserError):
        ward.book.run(SetScores(assessment_id=id_, layer="trên", scores=[]))
    with pytest.raises(UserError):
        ward.book.run(SetScores(assessment_id=uuid4(), layer="self", scores=[]))
    assert all(one.cells["self"] is None for one in view(ward, id_).lines())


def test_a_submitted_layer_stays(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    with pytest.raises(UserError) as caught:
        ward.book.run(SubmitSelf(assessment_ids=[id_]))
    assert caught.value.code == "assessment.open_cells" and "32" in caught.value.text
    fill(ward, id_, "self")
    ward.book.run(SubmitSelf(assessment_ids=[id_], submitted_on=date(2026, 7, 4)))
    assert view(ward, id_).state == "self_submitted"
    with pytest.raises(UserError) as caught:
        ward.book.run(SetScores(assessment_id=id_, layer="self", scores=[ScoreInput(item="b2_1a", points=0)]))
    assert caught.value.code == "assessment.submitted"


def test_a_judgement_needs_its_text_before_it_is_submitted(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    fill(ward, id_, "self")
    ward.book.run(SetScores(assessment_id=id_, layer="self", scores=[ScoreInput(item="b1_1c", points=200, text="")]))
    with pytest.raises(UserError) as caught:
        ward.book.run(SubmitSelf(assessment_ids=[id_]))
    assert caught.value.field == "b1_1c"


def test_a_secretary_scores_for_the_unit_and_not_for_the_office(ward: Ward, tmp_path: Path) -> None:
    from hoidesk.book.users import add_user

    open_round(ward)
    id_ = of_unit(ward, ward.women)
    add_user(ward.book, "Thư ký", "secretary", "mật khẩu thư ký")
    ward.book.close()
    with open_book(ward.book.folder, user="Thư ký", password="mật khẩu thư ký") as book:
        book.run(SetScores(assessment_id=id_, layer="self", scores=[ScoreInput(item="b2_1a", points=0)]))
        with pytest.raises(UserError) as caught:
            book.run(SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1a", points=0)]))
        assert caught.value.code == "score.role"


# --- class and approval


def test_the_office_agrees_and_finishes(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    fill(ward, id_, "self", share=80)
    ward.book.run(SubmitSelf(assessment_ids=[id_]))
    assert ward.book.run(AgreeWithSelf(assessment_ids=[id_])).result == 32
    ward.book.run(FinishScoring(assessment_ids=[id_]))
    found = view(ward, id_)
    assert found.totals["ward"].points == found.totals["self"].points and found.state == "ward_scored"
    with pytest.raises(UserError) as caught:
        ward.book.run(ProposeClass(assessment_ids=[id_]))
    assert caught.value.code == "class.condition"
    assert [one.id for one in found.conditions if one.asked] == list(found.result.unanswered)
    ward.book.run(AnswerConditions(assessment_ids=[id_], answers=dict.fromkeys(found.result.unanswered, "holds")))
    assert view(ward, id_).state == "ward_scored", "an answered condition does not reopen the scores"
    ward.book.run(ProposeClass(assessment_ids=[id_]))
    done = view(ward, id_)
    assert done.computed_class == done.decided_class == done.result.code
    ward.book.run(SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1a", points=800, text="đủ")]))
    again = view(ward, id_)
    assert (again.state, again.computed_class, again.decided_class) == ("self_submitted", None, None)


def test_a_failed_condition_lowers_the_class(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    finished(ward, id_)
    assert view(ward, id_).computed_class == "EXCELLENT"
    ward.book.run(AnswerConditions(assessment_ids=[id_], answers={"ex_above": "fails"}, text="dưới 30%"))
    ward.book.run(ProposeClass(assessment_ids=[id_]))
    found = view(ward, id_)
    assert found.computed_class == "GOOD" and found.result.lowered_by == ("ex_above",)
    for answers in ({"ex_above": "có"}, {"không_có": "holds"}):
        with pytest.raises(UserError):
            ward.book.run(AnswerConditions(assessment_ids=[id_], answers=answers))


def test_a_decided_class_that_differs_keeps_its_reason_beside_the_computed_one(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    with pytest.raises(UserError):
        ward.book.run(DecideClass(id=id_, decided_class="GOOD"))
    finished(ward, id_)
    with pytest.raises(UserError) as caught:
        ward.book.run(DecideClass(id=id_, decided_class="GOOD", reason="  "))
    assert caught.value.field == "reason"
    with pytest.raises(UserError):
        ward.book.run(DecideClass(id=id_, decided_class="TỐT", reason="x"))
    ward.book.run(DecideClass(id=id_, decided_class="GOOD", reason="Hội nghị thống nhất hạ một mức"))
    found = view(ward, id_)
    assert (found.computed_class, found.decided_class) == ("EXCELLENT", "GOOD")
    assert found.difference_reason == "Hội nghị thống nhất hạ một mức"
    ward.book.run(DecideClass(id=id_, decided_class="EXCELLENT", reason="không cần"))
    assert view(ward, id_).difference_reason is None


def test_units_that_are_not_rated_need_no_scores(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.youth)
    ward.book.run(ProposeClass(assessment_ids=[id_]))
    assert view(ward, id_).computed_class == "NOT_RATED"


def test_who_scored_does_not_approve(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    finished(ward, id_)
    with pytest.raises(UserError) as caught:
        approve(ward, id_)
    assert caught.value.code == "approval.same_person"
    single_officer(ward)
    for more in ({"minutes_number": " "}, {"minutes_on": None}, {"approver_post": ""}, {"approved_on": "01/01/2099"}):
        with pytest.raises(UserError):
            approve(ward, id_, **more)
    approve(ward, id_)
    assert view(ward, id_).state == "approved"


def test_another_officer_approves_without_minutes(ward: Ward) -> None:
    from hoidesk.book.users import add_user

    open_round(ward)
    id_ = of_unit(ward, ward.women)
    finished(ward, id_)
    add_user(ward.book, "Chủ tịch", "officer", "mật khẩu chủ tịch")
    ward.book.close()
    with open_book(ward.book.folder, user="Chủ tịch", password="mật khẩu chủ tịch") as book:
        book.run(Approve(assessment_ids=[id_], approver_post="Chủ tịch"))
        assert _approvals(book)[0]["minutes_number"] is None


def _approvals(book: Book) -> list[dict[str, Any]]:
    with book.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM approval ORDER BY id").mappings().all()
    return [dict(row) for row in rows]


def test_the_snapshot_is_canonical_hashed_signed_and_names_no_person(ward: Ward) -> None:
    post = ward.book.run(
        SavePost(association_id=ward.union, title="Phó Chủ tịch phụ trách thi đua", holder="Nguyễn Thị Đào")
    ).id
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    finished(ward, id_)
    single_officer(ward)
    approve(ward, id_, approver_post_id=post)
    (row,) = _approvals(ward.book)
    text = row["snapshot"]
    content = json.loads(text)
    assert json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    assert hashlib.sha256(text.encode()).hexdigest() == row["snapshot_sha256"]
    with ward.book.read() as connection:
        keys = load_keys(connection)
    assert keys is not None
    signature = base64.b64decode(row["signature"])
    assert keys.public.verifies(DOMAIN, text.encode(), signature)
    assert snapshot_is_whole(text, row["snapshot_sha256"], row["signature"], keys.public)
    edited = text.replace("EXCELLENT", "COMPLETED")
    forged = hashlib.sha256(edited.encode()).hexdigest()
    assert not snapshot_is_whole(edited, row["snapshot_sha256"], row["signature"], keys.public)
    assert not snapshot_is_whole(edited, forged, row["signature"], keys.public)
    for other in (None, "", "không phải base64", base64.b64encode(bytes(64)).decode()):
        assert not snapshot_is_whole(text, row["snapshot_sha256"], other, keys.public)
    for name in ("Nguyễn Thị Đào", "Lê Thị Hạnh", "có dẫn chứng"):
        assert name not in text
    assert content["approval"]["post_id"] == str(post) and content["decided_class"] == "EXCELLENT"
    assert content["layers"]["self"]["total"]["maximum"] == 9000
    assert not any(isinstance(value, float) for value in _leaves(content))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def test_what_was_approved_does_not_move(ward: Ward) -> None:
    meet(ward, ward.women, (1, 2, 3))
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    finished(ward, id_)
    single_officer(ward)
    approve(ward, id_)
    before = _snapshots(ward)
    for operation in (
        SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1a", points=0)]),
        AcceptProposals(assessment_ids=[id_], layer="ward"),
        AnswerConditions(assessment_ids=[id_], answers={"ex_above": "fails"}),
        DecideClass(id=id_, decided_class="GOOD", reason="x"),
        ProposeClass(assessment_ids=[id_]),
        Approve(assessment_ids=[id_], approver_post="Chủ tịch", minutes_number="1", minutes_on=TODAY),
    ):
        with pytest.raises(UserError) as caught:
            ward.book.run(operation)
        assert caught.value.code == "assessment.approved"
    meet(ward, ward.women, (4, 5, 6))
    assert _snapshots(ward) == before
    found = view(ward, id_)
    assert found.approval is not None and not found.approval.changed_since
    _edit_behind(ward, id_)
    changed = view(ward, id_).approval
    assert changed is not None and changed.changed_since
    assert _snapshots(ward) == before


def _snapshots(ward: Ward) -> list[Any]:
    with ward.book.read() as connection:
        found = [snapshot_of(connection, one) for one in approval_ids(connection)]
    assert found
    return found


def _edit_behind(ward: Ward, id_: UUID) -> None:
    """A merge from another PC writes below an approval: as raw SQL does here."""
    with ward.book.transaction("merge", "test") as work:
        work.connection.exec_driver_sql(
            "UPDATE score SET points = 0 WHERE assessment_id = ? AND layer = 'ward' AND item = 'b2_1a'", (id_.bytes,)
        )


def test_undo_of_an_approval_opens_it_again(ward: Ward) -> None:
    open_round(ward)
    id_ = of_unit(ward, ward.women)
    finished(ward, id_)
    single_officer(ward)
    approve(ward, id_)
    ward.book.undo()
    assert view(ward, id_).state == "proposed" and view(ward, id_).approval is None
    ward.book.redo()
    assert view(ward, id_).state == "approved"


def test_the_board_counts_states_and_classes(ward: Ward) -> None:
    round_id = open_round(ward, self_due_on="05/07/2026")
    women, youth = of_unit(ward, ward.women), of_unit(ward, ward.youth)
    finished(ward, women)
    ward.book.run(ProposeClass(assessment_ids=[youth]))
    single_officer(ward)
    approve(ward, women)
    with ward.book.read() as connection:
        board = round_board(connection, round_id, TODAY)
        counts = class_counts(connection, round_id)
        approved = class_counts(connection, round_id, approved_only=True)
    assert board.total == 9 and sum(board.states["branch"].values()) == 4
    assert board.states["branch"]["approved"] == 1 and board.states["branch"]["proposed"] == 1
    assert counts == {("branch", "EXCELLENT"): 1, ("branch", "NOT_RATED"): 1}
    assert approved == {("branch", "EXCELLENT"): 1} and board.classes["branch"] == {"EXCELLENT": 1, "NOT_RATED": 1}
    assert board.late == 7, "two units are not rated and owe nothing; one handed in after the day"


def test_lists_are_filtered_and_found_without_accents(ward: Ward) -> None:
    round_id = open_round(ward)
    assert len(ids_of(ward, round_id, unit_kind="branch")) == 4
    assert ids_of(ward, round_id, query="chi hoi phu nu") == [of_unit(ward, ward.women)]
    assert ids_of(ward, round_id, query=nfd("phụ nữ")) == [of_unit(ward, ward.women)]
    assert ids_of(ward, round_id, state="approved") == []
    with ward.book.read() as connection:
        assert sheet_view(connection, uuid4()) is None


def test_approvals_are_listed_with_their_points(ward: Ward) -> None:
    open_round(ward)
    women, youth = of_unit(ward, ward.women), of_unit(ward, ward.youth)
    finished(ward, women)
    ward.book.run(ProposeClass(assessment_ids=[youth]))
    ward.book.run(DecideClass(id=women, decided_class="GOOD", reason="Hội nghị thống nhất"))
    single_officer(ward)
    approve(ward, women, youth)
    with ward.book.read() as connection:
        rows = {row.unit_name: row for row in approval_rows(connection, approval_ids(connection, year=2026))}
        assert approval_ids(connection, year=2025) == [] == approval_ids(connection, office="P05-3")
    good, new = rows["Chi hội Phụ nữ Khu phố 1"], rows["Chi đoàn Khu phố 1"]
    assert (good.computed_class, good.decided_class) == ("EXCELLENT", "GOOD")
    assert (good.final, good.maximum, good.office, good.round_code) == (9000, 9000, "P05-2", "6T")
    assert good.difference_reason == "Hội nghị thống nhất" and good.whole and good.minutes_number == "12/BB"
    assert (new.decided_class, new.final) == ("NOT_RATED", None)


def test_open_lines_are_what_a_person_still_has_to_answer(ward: Ward) -> None:
    open_round(ward)
    id_, committee = of_unit(ward, ward.women), of_unit(ward, ward.committee)
    with ward.book.read() as connection:
        before = open_lines(connection, [id_, committee], "self")
    assert len(before[id_]) == 32 and len(before[committee]) == 29, "a committee has no members of its own"
    ward.book.run(SetScores(assessment_id=id_, layer="self", scores=[ScoreInput(item="b2_1a", points=0)]))
    ward.book.run(NothingHappened(assessment_ids=[id_], layer="self"))
    with ward.book.read() as connection:
        after = {line.item for line in open_lines(connection, [id_], "self")[id_]}
        assert len(open_lines(connection, [id_], "ward")[id_]) == 32
    assert {line.item for line in before[id_]} - after == {"b2_1a", *EXTRAS}


def test_a_page_costs_three_statements(ward: Ward) -> None:
    from sqlalchemy import event

    ids = ids_of(ward, open_round(ward))
    with ward.book.read() as connection:
        asked: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append(str(args[2])))
        rows = assessment_rows(connection, ids, TODAY)
    assert len(rows) == 9 and sum(text.startswith("SELECT") for text in asked) == 3
