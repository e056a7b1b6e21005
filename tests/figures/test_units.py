"""Members, petitions, registrations, rounds: figures of what units report, ask for, register and are rated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from hoidesk import presets
from hoidesk.assessment.tables import Approval, Assessment, Round, RoundSheet, StoredScore
from hoidesk.associations.tables import Branch, Membership, Post
from hoidesk.emulation.tables import Cluster, ClusterMember, CriteriaSet, Limitation, Registration, Target
from hoidesk.figures.evaluation import for_unit
from hoidesk.figures.window import Window
from hoidesk.meetings.tables import Petition
from tests.figures.desk import HALF, YEAR, Desk


@dataclass
class Ward:
    """Two quarters, a branch in each, an association; all older than a year."""

    quarter: UUID
    other: UUID
    women: UUID
    elderly: UUID
    association: UUID
    criteria: UUID


@pytest.fixture
def ward(desk: Desk) -> Ward:
    since = date(2020, 1, 1)
    quarter, other = desk.area("Khu phố 1", effective_from=since), desk.area("Khu phố 2", effective_from=since)
    association = desk.association("Hội Người cao tuổi", founded_on=since)
    return Ward(
        quarter,
        other,
        desk.branch(quarter, "women", founded_on=since),
        desk.branch(other, "elderly", association_id=association, founded_on=since),
        association,
        desk.add(
            CriteriaSet, code="khu-pho", version="1", year=2026, unit_kind="area", title="Mẫu", content="{}",
            content_sha256="0", state="published",
        ),
    )  # fmt: skip


def _register(desk: Desk, ward: Ward, **values: object) -> UUID:
    return desk.add(Registration, **{"year": 2026, "criteria_set_id": ward.criteria, **values})


def test_members_are_the_newest_count_of_each_association(desk: Desk, ward: Ward) -> None:
    for as_of, members in ((date(2025, 12, 31), 100), (date(2026, 6, 15), 112), (date(2026, 7, 1), 500)):
        desk.add(Membership, association_id=ward.association, as_of=as_of, members=members)
    silent = desk.association("Hội Luật gia")
    desk.add(Membership, association_id=silent, as_of=date(2026, 5, 1), members=9)
    desk.add(Membership, branch_id=ward.women, as_of=date(2026, 5, 1), members=40)
    desk.add(Membership, branch_id=ward.elderly, as_of=date(2026, 5, 1), members=25)

    assert desk.number("members_of_associations") == 121
    assert desk.number("members_of_mass_orgs") == 40
    assert desk.number("members_change") == 12
    assert desk.number("members_growth_pct") == 12
    assert desk.number("members_change", association=silent) is None
    assert desk.number("members_change", Window(date(2025, 1, 1), date(2025, 12, 31))) is None
    assert desk.number("membership_reports") == 2
    assert desk.number("membership_reports", branch=ward.women) == 1
    assert set(desk.split("membership_reports", "branch")) == {ward.women, ward.elderly}
    assert desk.number("membership_reports", organization_kind="association", association=silent) == 1


def test_growth_may_fall_and_pass_a_hundred(desk: Desk, ward: Ward) -> None:
    for as_of, members in ((date(2025, 12, 31), 10), (date(2026, 6, 30), 25)):
        desk.add(Membership, branch_id=ward.women, as_of=as_of, members=members)
    assert desk.number("members_growth_pct", branch=ward.women) == 150
    later = Window(date(2026, 7, 1), date(2026, 12, 31))
    desk.add(Membership, branch_id=ward.women, as_of=date(2026, 12, 1), members=5)
    assert desk.number("members_change", later, branch=ward.women) == -20
    assert desk.number("members_growth_pct", later, branch=ward.women) == -80


def test_petitions_wait_until_an_answer_that_stands(desk: Desk, ward: Ward) -> None:
    march = date(2026, 3, 2)
    waiting = desk.petition(march, branch_id=ward.women, theme="environment", reply_due_on=date(2026, 4, 1))
    answered = desk.petition(
        march,
        area_id=ward.quarter,
        theme="traffic",
        registered_on=date(2026, 3, 9),
        forwarded_on=date(2026, 3, 10),
        answered_on=date(2026, 3, 20),
        status="answered",
        read_back_on=date(2026, 4, 2),
        read_back_meeting_id=desk.meeting(date(2026, 4, 2), branch_id=ward.women),
    )
    reopened = desk.petition(
        march, association_id=ward.association, registered_on=date(2026, 3, 10), answered_on=march, status="reopened"
    )
    desk.petition(march, area_id=ward.other, status="withdrawn")
    desk.petition(date(2026, 7, 1), area_id=ward.other)

    assert desk.number("petitions_received") == 4
    assert desk.number("petitions_forwarded") == 1
    rate = desk.value("petitions_answered_rate")
    assert (rate.numerator_ids, rate.denominator) == ((answered,), 4)
    assert set(desk.value("petitions_open").record_ids) == {waiting, reopened}
    assert desk.value("petitions_overdue").record_ids == (waiting,)
    assert desk.number("petitions_overdue", as_of=date(2026, 4, 1)) == 0
    assert desk.number("petition_answer_days_median") == 8
    assert desk.value("petitions_registered_on_time_rate").numerator == 1
    assert desk.value("petitions_read_back_rate").numerator == 1
    assert desk.split("petitions_received", "theme").at("environment").number == 1
    assert desk.number("petitions_received", association=ward.association) == 1
    desk.void(Petition, waiting)
    assert desk.number("petitions_overdue") == 0


def test_the_median_takes_the_middle_of_an_even_number_of_answers(desk: Desk, ward: Ward) -> None:
    for answered_on in (date(2026, 3, 4), date(2026, 3, 9)):
        desk.petition(date(2026, 3, 2), area_id=ward.quarter, forwarded_on=date(2026, 3, 2), answered_on=answered_on)
    assert desk.number("petition_answer_days_median") == Fraction(7, 2)
    assert desk.number("petition_answer_days_median", area=ward.other) is None


def test_units_register_once_and_in_time(desk: Desk, ward: Ward) -> None:
    desk.area("Khu phố mới", effective_from=date(2026, 5, 1))
    due = date(2026, 3, 31)
    area = _register(desk, ward, unit_kind="area", area_id=ward.quarter, due_on=due, submitted_on=due)
    _register(desk, ward, unit_kind="area", area_id=ward.quarter, due_on=due, submitted_on=date(2026, 5, 5))
    _register(desk, ward, unit_kind="branch", branch_id=ward.women, due_on=due, submitted_on=date(2026, 4, 1))
    _register(
        desk, ward, unit_kind="association", association_id=ward.association, due_on=due, submitted_on=due,
        withdrawn_on=date(2026, 6, 1),
    )  # fmt: skip
    _register(desk, ward, unit_kind="area", area_id=ward.other, year=2025, submitted_on=date(2025, 3, 1))

    assert desk.number("units_to_register") == 5
    rate = desk.value("registration_rate")
    assert (rate.numerator, rate.denominator, set(rate.numerator_ids)) == (2, 5, {ward.quarter, ward.women})
    assert desk.number("registrations", criteria_set=ward.criteria) == 2
    assert desk.number("registrations_on_time") == 1
    own = for_unit("registrations_on_time", "area", ward.quarter)
    assert own == {"area": ward.quarter, "unit_kind": "area"}
    assert desk.number("registrations_on_time", **own) == 1
    assert desk.number("registrations_on_time", **for_unit("registrations_on_time", "branch", ward.women)) == 0
    kinds = desk.split("units_to_register", "unit_kind")
    assert {key: part.number for key, part in kinds.items()} == {"area": 2, "branch": 2, "association": 1}

    assert desk.number("registrations_with_limitations") == 0
    desk.add(Target, registration_id=area, item="q3_1a", text="Không rác trước ngõ")
    desk.add(
        Limitation, unit_kind="area", area_id=ward.quarter, registration_id=area, text="Sinh hoạt chưa đều",
        remedy="Đặt lại nhịp", remedy_due_on=date(2026, 6, 30),
    )  # fmt: skip
    assert desk.value("registrations_with_limitations").record_ids == (ward.quarter,)


def test_a_year_without_any_due_day_leaves_punctuality_blank(desk: Desk, ward: Ward) -> None:
    _register(desk, ward, unit_kind="area", area_id=ward.quarter, submitted_on=date(2026, 3, 1))
    assert desk.number("registrations_on_time") is None
    assert desk.split("registrations_on_time", "area").at(ward.quarter).number is None


def test_targets_are_met_by_a_confirmed_result_that_reaches_the_number(desk: Desk, ward: Ward) -> None:
    registration = _register(desk, ward, unit_kind="area", area_id=ward.quarter, submitted_on=date(2026, 3, 1))
    gone = _register(
        desk, ward, unit_kind="area", area_id=ward.other, submitted_on=date(2026, 3, 1), withdrawn_on=date(2026, 4, 1)
    )
    june = date(2026, 6, 30)
    target = {"text": "Tuyến hẻm tự quản", "due_on": june}
    desk.add(Target, registration_id=registration, target_value=2, result_value=5, confirmed_on=june, **target)
    desk.add(Target, registration_id=registration, target_value=2, result_value=1, confirmed_on=june, **target)
    desk.add(Target, registration_id=registration, target_value=2, result_value=2, **target)
    desk.add(Target, registration_id=registration, target_value=2, result_value=2, confirmed_on=june, **target)
    desk.add(Target, registration_id=registration, confirmed_on=date(2026, 7, 1), **target)
    desk.add(Target, registration_id=gone, confirmed_on=june, **target)
    rate = desk.value("targets_met_rate", area=ward.quarter)
    assert (rate.numerator, rate.denominator) == (2, 5)
    assert desk.number("targets_registered") == 5


def test_limitations_are_overcome_by_the_day_they_were_closed(desk: Desk, ward: Ward) -> None:
    due = {"remedy": "Kiến nghị", "remedy_due_on": date(2026, 5, 31), "text": "Thiếu kinh phí"}
    desk.add(Limitation, unit_kind="association", association_id=ward.association, code="funding_difficulty", **due)
    desk.add(Limitation, unit_kind="branch", branch_id=ward.women, closed_on=date(2026, 6, 1), **due)
    rate = desk.value("limitations_resolved_rate")
    assert (rate.numerator, rate.denominator) == (1, 2)
    assert desk.number("limitations_due", unit_kind="branch", branch=ward.women) == 1


def test_clusters_are_those_of_the_year_told_apart_by_size(desk: Desk, ward: Ward) -> None:
    three, two = desk.add(Cluster, year=2026, name="Cụm 1"), desk.add(Cluster, year=2026, name="Cụm 2")
    desk.add(Cluster, year=2025, name="Cụm cũ")
    for cluster, size in ((three, 3), (two, 2)):
        for n in range(size):
            desk.add(ClusterMember, cluster_id=cluster, area_id=desk.area(f"Khu {cluster} {n}"))
    parts = desk.split("clusters", "cluster_check")
    assert {key: part.number for key, part in parts.items()} == {"three_or_four_adjacent": 1, "other_size": 1}


def _round(desk: Desk, ward: Ward) -> UUID:
    round_id = desk.add(
        Round, year=2026, code="6T", name="6 tháng 2026", evidence_from=HALF.start, evidence_to=HALF.end,
        cut_off=date(2026, 6, 15), self_due_on=date(2026, 6, 10),
    )  # fmt: skip
    for unit_kind in ("area", "branch"):
        desk.add(RoundSheet, round_id=round_id, unit_kind=unit_kind, criteria_set_id=ward.criteria)
    return round_id


def _assess(desk: Desk, ward: Ward, round_id: UUID, **values: object) -> UUID:
    return desk.add(Assessment, **{"round_id": round_id, "criteria_set_id": ward.criteria, **values})


def _approve(desk: Desk, decided: str, computed: str = "GOOD", **values: object) -> None:
    desk.add(
        Approval,
        **{
            "snapshot": "{}", "snapshot_sha256": "0", "approved_on": date(2026, 6, 25), "year": 2026,
            "round_code": "6T", "cut_off": date(2026, 6, 15), "computed_class": computed, "decided_class": decided,
            **values,
        },
    )  # fmt: skip


def test_a_round_rates_the_units_alive_on_its_cut_off_day(desk: Desk, ward: Ward) -> None:
    round_id = _round(desk, ward)
    desk.change(Branch, ward.elderly, ended_on=date(2026, 6, 20))
    desk.branch(ward.quarter, "youth", founded_on=date(2026, 6, 16))
    assert desk.number("units_to_assess") == 4
    assert desk.number("units_to_assess", Window(date(2026, 7, 1), date(2026, 12, 31))) == 0
    assert desk.number("units_to_assess", Window(date(2026, 7, 1), date(2026, 12, 31)), round=round_id) == 4

    _approve(desk, "EXCELLENT", unit_kind="area", area_id=ward.quarter)
    _approve(desk, "GOOD", unit_kind="area", area_id=ward.other)
    _approve(desk, "COMPLETED", unit_kind="area", area_id=ward.other, revision=2, approved_on=date(2026, 7, 2))
    _approve(desk, "NOT_RATED", "NOT_RATED", unit_kind="branch", branch_id=ward.elderly)

    done = desk.value("assessment_done_rate")
    assert (done.numerator, done.denominator) == (3, 4)
    classes = desk.split("class_units", "class")
    assert {key: part.number for key, part in classes.items()} == {"EXCELLENT": 1, "GOOD": 1, "NOT_RATED": 1}
    assert desk.number("class_units", YEAR, **{"class": "COMPLETED"}) == 1
    assert desk.number("class_units", YEAR, **{"class": "GOOD"}) == 0
    good = desk.value("class_good_or_better_rate")
    assert (good.numerator, good.denominator) == (2, 4)
    assert desk.value("class_decided_differs").record_ids == (ward.quarter,)
    table = desk.split("class_units", ("unit_kind", "class"))
    assert table.at(("area", "EXCELLENT")).number == 1
    assert table.at(("association", "GOOD")).number == 0


def test_every_class_and_what_is_not_approved_add_up_to_the_units(desk: Desk, ward: Ward) -> None:
    _round(desk, ward)
    _approve(desk, "EXCELLENT", unit_kind="area", area_id=ward.quarter)
    for kind in ("area", "branch"):
        units = desk.number("units_to_assess", unit_kind=kind)
        classes = sum(part.number for part in desk.split("class_units", "class", unit_kind=kind).values())
        open_ = units - desk.value("assessment_done_rate", unit_kind=kind).numerator
        assert classes + open_ == units


def test_lines_with_evidence_are_a_share_of_the_scored_lines(desk: Desk, ward: Ward) -> None:
    sheet = presets.criteria_sheet("branch")
    condition = sheet["classes"]["side_conditions"][0]["id"]
    desk.change(CriteriaSet, ward.criteria, content=json.dumps(sheet))
    round_id = _round(desk, ward)
    sent = _assess(
        desk, ward, round_id, unit_kind="branch", branch_id=ward.women, self_submitted_on=date(2026, 6, 9),
        state="self_submitted",
    )  # fmt: skip
    started = _assess(desk, ward, round_id, unit_kind="area", area_id=ward.quarter)
    line = {"assessment_id": sent, "layer": "self", "cell": "value", "points": 400}
    desk.add(StoredScore, item="a", evidence='["0191"]', **line)
    desk.add(StoredScore, item="b", evidence="[]", text="Biên bản ngày 05/03", **line)
    desk.add(StoredScore, item="c", evidence="[]", **line)
    desk.add(StoredScore, item=condition, **line)
    desk.add(StoredScore, assessment_id=sent, item="d", layer="self", cell="not_applicable")
    desk.add(StoredScore, assessment_id=sent, item="a", layer="ward", cell="value", points=300)
    desk.add(StoredScore, assessment_id=started, item="a", layer="self", cell="value", points=300)
    rate = desk.value("score_evidence_rate")
    assert (rate.numerator, rate.denominator) == (2, 3)
    assert desk.number("score_lines", branch=ward.women) == 3


def test_what_is_due_and_late_is_told_by_kind(desk: Desk, ward: Ward) -> None:
    round_id = _round(desk, ward)
    _assess(
        desk, ward, round_id, unit_kind="branch", branch_id=ward.women, self_submitted_on=date(2026, 6, 10),
        state="self_submitted",
    )  # fmt: skip
    _assess(
        desk, ward, round_id, unit_kind="area", area_id=ward.quarter, self_submitted_on=date(2026, 6, 11),
        state="self_submitted",
    )  # fmt: skip
    due = date(2026, 3, 31)
    _register(desk, ward, unit_kind="branch", branch_id=ward.women, due_on=due, submitted_on=due)
    _register(desk, ward, unit_kind="branch", branch_id=ward.elderly, due_on=due)

    kinds = desk.split("submissions_due", "submission_kind")
    assert {key: part.number for key, part in kinds.items()} == {"registration": 2, "self_score": 4}
    late = desk.split("submissions_late", "submission_kind")
    assert {key: part.number for key, part in late.items()} == {"registration": 1, "self_score": 3}
    assert desk.number("submissions_late", **for_unit("submissions_late", "area", ward.quarter)) == 1
    assert desk.number("submissions_late", **for_unit("submissions_late", "branch", ward.women)) == 0


def test_posts_with_a_field_of_work_are_counted_as_posts(desk: Desk, ward: Ward) -> None:
    desk.add(Post, title="Phó Chủ tịch", field_of_work="Công tác hội", held_to=date(2026, 6, 30))
    desk.add(Post, title="Ủy viên Thường trực", field_of_work=" ")
    desk.add(Post, title="Chủ tịch Hội", field_of_work="Tổ chức", association_id=ward.association)
    desk.add(Post, title="Chi hội trưởng", field_of_work="Tổ chức", branch_id=ward.women)
    kinds = desk.split("posts_with_fields", "organization_kind")
    assert {key: part.number for key, part in kinds.items()} == {"front_committee": 1, "association": 1}
    assert desk.number("posts_with_fields", as_of=date(2026, 7, 1)) == 1


def test_associations_in_difficulty_have_an_open_limitation_of_that_group(desk: Desk, ward: Ward) -> None:
    code = presets.difficulty_codes()[0]
    held = {"unit_kind": "association", "association_id": ward.association, "text": "Thiếu kinh phí"}
    desk.add(Limitation, code=code, opened_on=date(2026, 2, 1), closed_on=date(2026, 8, 1), **held)
    desk.add(Limitation, code="irregular_meetings", opened_on=date(2026, 2, 1), **held)
    assert desk.number("associations_in_difficulty") == 1
    assert desk.number("associations_in_difficulty", limitation_code=code) == 1
    assert desk.number("associations_in_difficulty", limitation_code="irregular_meetings") == 0
    assert desk.number("associations_in_difficulty", as_of=date(2026, 1, 31)) == 0
    assert desk.number("associations_in_difficulty", YEAR) == 0
