"""Class and approval of a round in a real book: what was approved never moves."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from hoidesk.assessment.approvals import approval_ids, approval_rows, snapshot_is_whole, snapshot_of
from hoidesk.assessment.operations import (
    AcceptProposals,
    AgreeWithSelf,
    AnswerConditions,
    Approve,
    DecideClass,
    FinishScoring,
    NothingHappened,
    ProposeClass,
    ScoreInput,
    SetScores,
    SubmitSelf,
)
from hoidesk.assessment.rows import (
    assessment_rows,
    class_counts,
    open_lines,
    round_board,
)
from hoidesk.assessment.sheet_view import sheet_view
from hoidesk.assessment.snapshot import DOMAIN
from hoidesk.associations.operations import SavePost
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.errors import UserError
from hoidesk.exchange.state import load_keys
from tests.assessment.rounds import (
    EXTRAS,
    TODAY,
    approve,
    fill,
    finished,
    ids_of,
    meet,
    of_unit,
    open_round,
    single_officer,
    view,
)
from tests.emulation.ward import Ward
from tests.vietnamese import nfd

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
