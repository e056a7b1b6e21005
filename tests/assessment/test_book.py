"""One round in a real book: sheets for every unit, layers that stand side by side."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hoidesk.assessment.operations import (
    AcceptProposals,
    CompleteRound,
    MoveRoundDays,
    ScoreInput,
    SetScores,
    SubmitSelf,
)
from hoidesk.assessment.rows import (
    assessment_ids,
    assessment_rows,
    round_rows,
)
from hoidesk.associations.operations import SaveBranch
from hoidesk.book.folder import open_book
from hoidesk.emulation.operations import AdoptCriteriaSet, SaveCriteriaSet, WithdrawCriteriaSet
from hoidesk.errors import UserError
from hoidesk.units.operations import SaveArea
from tests.assessment.rounds import (
    TODAY,
    fill,
    ids_of,
    meet,
    of_unit,
    open_round,
    view,
)
from tests.emulation.ward import Ward
from tests.vietnamese import nfd

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
