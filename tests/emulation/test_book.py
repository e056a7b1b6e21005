"""Criteria sets, registrations, limitations and clusters in a real book."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hoidesk.assessment.sheet_reading import read_sheet
from hoidesk.emulation.operations import (
    AdoptCriteriaSet,
    NextCriteriaVersion,
    PublishCriteriaSet,
    RecordRegistration,
    SaveCluster,
    SaveCriteriaSet,
    SaveLimitation,
    SaveRegistration,
    SaveTarget,
    SetClusterMembers,
    SubmitRegistration,
    WithdrawCriteriaSet,
    WithdrawRegistration,
)
from hoidesk.emulation.rows import (
    RegistrationDetail,
    cluster_rows,
    criteria_set_rows,
    limitation_rows,
    not_registered,
    registration_detail,
    registration_ids,
    registration_rows,
    registration_years,
)
from hoidesk.errors import UserError
from tests.emulation.ward import Ward, open_ward
from tests.vietnamese import PANGRAM, nfd

TODAY = date(2026, 11, 23)
WORDS = PANGRAM[:200].strip()


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = open_ward(tmp_path)
    with made.book:
        yield made


def detail(ward: Ward, id_: UUID, today: date = TODAY) -> RegistrationDetail:
    with ward.book.read() as connection:
        found = registration_detail(connection, id_, today)
    assert found is not None
    return found


def register(ward: Ward, **more: object) -> UUID:
    registration = {
        "year": 2026,
        "area_id": str(ward.quarters[0]),
        "criteria_set_id": str(ward.sheets["area"]),
        "title_targeted": "Khu phố văn hoá",
        "due_on": "31/01/2026",
    } | more
    return ward.book.run(
        RecordRegistration(
            registration=registration,
            targets=[
                {"item": "q1_2a", "text": "Sinh hoạt đủ 12 kỳ", "target_value": 12, "target_unit": "kỳ"},
                {"text": nfd("Không còn điểm đen về rác thải ở hẻm 12")},
            ],
            limitations=[
                {
                    "code": "low_attendance",
                    "text": "Dự họp thấp",
                    "remedy": "Đổi giờ họp sang 19:30",
                    "remedy_due_on": "30/06/2026",
                }
            ],
        )
    ).id


def test_a_sample_sheet_becomes_a_draft_and_then_is_frozen(ward: Ward) -> None:
    id_ = ward.book.run(AdoptCriteriaSet(unit_kind="area", year=2027)).id
    with ward.book.read() as connection:
        row = next(one for one in criteria_set_rows(connection, year=2027) if one.id == id_)
    assert row.state == "draft" and row.title.startswith("Mẫu tham khảo: ") and "{" not in row.title
    with pytest.raises(UserError):
        ward.book.run(SaveRegistration(year=2027, area_id=ward.quarters[0], criteria_set_id=id_))
    ward.book.run(SaveCriteriaSet(id=id_, title="Bảng chấm điểm khu phố 2027"))
    ward.book.run(PublishCriteriaSet(id=id_))
    for change in ({"title": "khác"}, {"content": "{}"}, {"year": 2028}):
        with pytest.raises(UserError):
            ward.book.run(SaveCriteriaSet(id=id_, **change))
    with pytest.raises(UserError) as caught:
        ward.book.run(SaveCriteriaSet(id=id_, version="2"))
    assert caught.value.code == "criteria.frozen"
    with pytest.raises(UserError):
        ward.book.run(PublishCriteriaSet(id=id_))


def test_the_next_version_is_another_record_with_the_same_content(ward: Ward) -> None:
    old = ward.sheets["branch"]
    new = ward.book.run(NextCriteriaVersion(id=old)).id
    ward.book.run(WithdrawCriteriaSet(id=old))
    with ward.book.read() as connection:
        rows = {one.id: one for one in criteria_set_rows(connection, unit_kind="branch")}
    assert rows[old].state == "withdrawn" and rows[new].state == "draft"
    assert rows[old].code == rows[new].code and rows[old].version != rows[new].version
    assert ward.book.undo() is not None
    with ward.book.read() as connection:
        states = {one.id: one.state for one in criteria_set_rows(connection)}
    assert states[old] == "published"


def test_a_sheet_that_does_not_add_up_cannot_be_published(ward: Ward) -> None:
    id_ = ward.book.run(AdoptCriteriaSet(unit_kind="area", year=2027)).id
    with ward.book.read() as connection:
        content = json.loads(
            connection.exec_driver_sql("SELECT content FROM criteria_draft WHERE id = ?", (id_.bytes,)).scalar_one()
        )
    content["groups"][0]["criteria"][0]["items"][0]["max"] = 5
    ward.book.run(SaveCriteriaSet(id=id_, content=content))
    with pytest.raises(UserError) as caught:
        ward.book.run(PublishCriteriaSet(id=id_))
    assert caught.value.code == "criteria.faults"
    for wrong in ("", "[]", "khong phai JSON", '{"id": 1}'):
        with pytest.raises(UserError):
            ward.book.run(SaveCriteriaSet(id=id_, content=wrong))
    content["groups"][0]["criteria"][0]["items"][0]["max"] = 4
    ward.book.run(SaveCriteriaSet(id=id_, content=json.dumps(content)))
    ward.book.run(PublishCriteriaSet(id=id_))
    with pytest.raises(UserError):
        ward.book.run(AdoptCriteriaSet(unit_kind="party", year=2027))


def test_a_registration_shows_its_targets_beside_the_limitations(ward: Ward) -> None:
    ward.book.run(
        SaveLimitation(
            area_id=ward.quarters[0], text="Thiếu nơi sinh hoạt", code="facilities_poor", opened_on="01/02/2025"
        )
    )
    id_ = register(ward)
    found = detail(ward, id_)
    assert [one.text for one in found.targets] == ["Sinh hoạt đủ 12 kỳ", "Không còn điểm đen về rác thải ở hẻm 12"]
    assert [one.code for one in found.limitations] == ["low_attendance", "facilities_poor"]
    assert found.row.unit_kind == "area" and found.row.unit_name == "Khu phố 1"
    assert (found.row.targets, found.row.targets_met, found.row.limitations) == (2, 0, 1)
    assert found.limitations[0].overdue and not found.limitations[1].overdue
    assert found.row.criteria_title is not None and found.row.criteria_title.startswith("Mẫu tham khảo")


def test_lateness_and_withdrawal(ward: Ward) -> None:
    id_ = register(ward)
    assert detail(ward, id_, date(2026, 1, 31)).row.days_late == 0
    assert detail(ward, id_, date(2026, 2, 3)).row.days_late == 3
    ward.book.run(SubmitRegistration(id=id_, submitted_on=date(2026, 2, 2)))
    row = detail(ward, id_).row
    assert row.days_late == 2 and row.state == "submitted"
    with pytest.raises(UserError):
        ward.book.run(SubmitRegistration(id=id_))
    with pytest.raises(UserError) as caught:
        register(ward)
    assert caught.value.code == "registration.twice"
    ward.book.run(WithdrawRegistration(id=id_))
    assert detail(ward, id_).row.state == "withdrawn"
    register(ward)
    with ward.book.read() as connection:
        assert len(registration_ids(connection, year=2026)) == 2
        assert registration_years(connection) == [2026]


def test_an_empty_registration_cannot_be_submitted(ward: Ward) -> None:
    id_ = ward.book.run(SaveRegistration(year=2026, branch_id=ward.women)).id
    with pytest.raises(UserError) as caught:
        ward.book.run(SubmitRegistration(id=id_))
    assert caught.value.code == "registration.empty"
    ward.book.run(SaveTarget(registration_id=id_, text="Giúp 5 hội viên thoát nghèo", target_value=5))
    with pytest.raises(UserError):
        ward.book.run(SubmitRegistration(id=id_, submitted_on=date(2099, 1, 1)))
    ward.book.run(SubmitRegistration(id=id_))


def test_results_count_from_their_day_of_confirmation(ward: Ward) -> None:
    id_ = register(ward)
    first, second = detail(ward, id_).targets
    ward.book.run(SaveTarget(id=first.id, result_value=11, confirmed_on="01/07/2026"))
    ward.book.run(SaveTarget(id=second.id, confirmed_on="01/07/2026"))
    assert [one.met for one in detail(ward, id_).targets] == [False, True]
    ward.book.run(SaveTarget(id=first.id, result_value=12))
    assert detail(ward, id_).row.targets_met == 2
    assert detail(ward, id_, date(2026, 6, 30)).row.targets_met == 0


def test_what_does_not_fit_is_refused_and_nothing_is_left(ward: Ward) -> None:
    with ward.book.read() as connection:
        before = registration_ids(connection)
    wrong: list[dict[str, Any]] = [
        {"year": 2026},
        {"year": 2026, "area_id": ward.quarters[0], "branch_id": ward.women},
        {"year": 2026, "area_id": ward.quarters[0], "unit_kind": "branch"},
        {"year": 2026, "area_id": ward.quarters[0], "criteria_set_id": ward.sheets["branch"]},
        {"year": 2026, "area_id": uuid4()},
        {"year": 1200, "area_id": ward.quarters[0]},
        {"year": 2026, "area_id": ward.quarters[0], "submitted_on": "31/02/2026"},
    ]
    for values in wrong:
        with pytest.raises(UserError):
            ward.book.run(SaveRegistration(**values))
    with pytest.raises(UserError):
        ward.book.run(
            RecordRegistration(
                registration={
                    "year": 2026,
                    "area_id": str(ward.quarters[0]),
                    "criteria_set_id": str(ward.sheets["area"]),
                },
                targets=[{"text": "được"}, {"text": "sai", "item": "không_có"}],
            )
        )
    with ward.book.read() as connection:
        assert registration_ids(connection) == before


def test_a_limitation_is_closed_and_leaves_the_list(ward: Ward) -> None:
    id_ = ward.book.run(SaveLimitation(branch_id=ward.youth, text=WORDS, remedy_due_on="01/03/2026")).id
    with ward.book.read() as connection:
        (row,) = limitation_rows(connection, "branch", ward.youth, TODAY)
    assert row.overdue and row.text == WORDS and row.opened_on is not None
    ward.book.run(SaveLimitation(id=id_, closed_on=ward_today(ward)))
    with ward.book.read() as connection:
        assert limitation_rows(connection, "branch", ward.youth, ward_today(ward)) == []
    with pytest.raises(UserError):
        ward.book.run(SaveLimitation(id=id_, code="không_có_mã_này"))


def ward_today(ward: Ward) -> date:
    """The day that the book writes by itself."""
    id_ = ward.book.run(SaveLimitation(branch_id=ward.women, text="x")).id
    with ward.book.read() as connection:
        found = limitation_rows(connection, "branch", ward.women, date(2020, 1, 1))
    day = next(one.opened_on for one in found if one.id == id_)
    assert day is not None
    return day


def test_undo_takes_a_whole_registration_back(ward: Ward) -> None:
    id_ = register(ward)
    ward.book.undo()
    with ward.book.read() as connection:
        assert registration_detail(connection, id_, TODAY) is None
        assert limitation_rows(connection, "area", ward.quarters[0], TODAY) == []
    ward.book.redo()
    assert len(detail(ward, id_).targets) == 2


def test_lists_are_found_without_accents_and_by_name(ward: Ward) -> None:
    first = register(ward)
    second = register(ward, area_id=str(ward.quarters[1]), title_targeted=None)
    with ward.book.read() as connection:
        assert registration_ids(connection, query="khu pho van hoa") == [first]
        assert registration_ids(connection, query=nfd("khu phố 2")) == [second]
        assert registration_ids(connection, unit_kind="area") == [first, second]
        assert [row.unit_name for row in registration_rows(connection, [second, first], TODAY)] == [
            "Khu phố 2",
            "Khu phố 1",
        ]


def test_who_has_not_registered(ward: Ward) -> None:
    id_ = register(ward)
    with ward.book.read() as connection:
        before = not_registered(connection, 2026, TODAY)
    assert ("area", ward.quarters[0], "Khu phố 1") in before, "a draft is not a registration"
    assert ward.union not in {unit for _kind, unit, _name in before}, "an organisation is assessed by its branches"
    ward.book.run(SubmitRegistration(id=id_))
    with ward.book.read() as connection:
        after = not_registered(connection, 2026, TODAY)
    assert set(before) - set(after) == {("area", ward.quarters[0], "Khu phố 1")}


def test_clusters_tell_their_size_and_keep_quarters_apart(ward: Ward) -> None:
    one = ward.book.run(SaveCluster(year=2026, name="Cụm 1")).id
    other = ward.book.run(SaveCluster(year=2026, name="Cụm 2")).id
    ward.book.run(SetClusterMembers(id=one, area_ids=list(ward.quarters)))
    with ward.book.read() as connection:
        first, second = cluster_rows(connection, 2026)
        apart = cluster_rows(connection, 2026, [(ward.quarters[0], ward.quarters[1])])
    assert first.warnings == () and [name for _id, name in first.members] == ["Khu phố 1", "Khu phố 2", "Khu phố 3"]
    assert [one.code for one in second.warnings] == ["size"] and second.id == other
    assert [one.code for one in apart[0].warnings] == ["not_adjacent"]
    with pytest.raises(UserError) as caught:
        ward.book.run(SetClusterMembers(id=other, area_ids=[ward.quarters[0]]))
    assert caught.value.code == "cluster.twice" and "Cụm 1" in caught.value.text
    ward.book.run(SetClusterMembers(id=one, area_ids=[ward.quarters[2]]))
    ward.book.run(SetClusterMembers(id=other, area_ids=list(ward.quarters[:2])))
    ward.book.run(SetClusterMembers(id=other, area_ids=[]))
    ward.book.run(SetClusterMembers(id=one, area_ids=list(ward.quarters)))
    with ward.book.read() as connection:
        assert len(cluster_rows(connection, 2026)[0].members) == 3


def test_every_stored_sheet_reads_back_as_the_sample(ward: Ward) -> None:
    from hoidesk.presets import criteria_sheet

    with ward.book.read() as connection:
        rows = connection.exec_driver_sql("SELECT unit_kind, content FROM criteria_set").all()
    assert len(rows) == 3
    for kind, content in rows:
        assert read_sheet(content) == read_sheet(criteria_sheet(kind))
