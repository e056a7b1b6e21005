from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import UUID

from hoidesk.associations.tables import Branch
from hoidesk.emulation.tables import Cluster, ClusterMember
from hoidesk.figures.evaluation import compare, trace
from hoidesk.figures.window import Window
from hoidesk.meetings.tables import AgendaItem, Meeting
from tests.figures.desk import HALF, Desk

SUPERVISION = Window(date(2020, 2, 1), date(2021, 4, 30))


def test_a_window_of_fifteen_months_counts_its_days_and_no_others(desk: Desk) -> None:
    branch = desk.branch(desk.area())
    days = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 7, 15), date(2021, 4, 30), date(2021, 5, 1)]
    meetings = [desk.meeting(day, branch_id=branch) for day in days]
    value = desk.value("meetings_held", SUPERVISION)
    assert (value.number, set(value.record_ids)) == (3, set(meetings[1:4]))
    months = desk.split("meetings_held", "calendar_month", SUPERVISION)
    assert {key: part.number for key, part in months.items()} == {"2020-02": 1, "2020-07": 1, "2021-04": 1}
    assert desk.number("meetings_held", SUPERVISION, calendar_month="2020-07") == 1


def test_each_kind_is_counted_by_its_own_counter_only(desk: Desk) -> None:
    area = desk.area()
    branch = desk.branch(area)
    for kind in ("regular", "topic", "field_survey", "dialogue", "unity_festival", "party_day"):
        desk.meeting(date(2026, 3, 3), kind, branch_id=branch)
    numbers = {id_: desk.number(id_) for id_ in ("meetings_held", "field_visits", "democracy_events")}
    assert numbers == {"meetings_held": 2, "field_visits": 1, "democracy_events": 1}


def test_planned_and_set_aside_meetings_do_not_count(desk: Desk) -> None:
    branch = desk.branch(desk.area())
    desk.meeting(date(2026, 3, 3), branch_id=branch, present=None)
    wrong = desk.meeting(date(2026, 3, 4), branch_id=branch)
    desk.void(Meeting, wrong)
    assert desk.number("meetings_held") == 0
    assert desk.number("attendance_rate") is None


def test_meetings_belong_to_body_association_quarter_and_cluster(desk: Desk) -> None:
    quarter, other = desk.area("Khu phố 2"), desk.area("Khu phố 10")
    group = desk.area("Tổ 3", kind="group", parent_id=quarter)
    cluster = desk.add(Cluster, year=2026, name="Cụm 1")
    desk.add(ClusterMember, cluster_id=cluster, area_id=quarter)
    desk.add(Cluster, year=2025, name="Cụm 4", id=UUID(int=1))
    desk.add(ClusterMember, cluster_id=UUID(int=1), area_id=quarter)
    elderly = desk.association("Hội Người cao tuổi")
    women = desk.association("Hội Liên hiệp Phụ nữ", kind="mass_org")
    in_group = desk.branch(group, "elderly", association_id=elderly)
    of_women = desk.branch(other, "women", association_id=women)
    front = desk.branch(quarter, "front_working_committee")
    held = date(2026, 4, 4)
    for branch in (in_group, of_women, front):
        desk.meeting(held, branch_id=branch)
    desk.meeting(held, "executive", association_id=elderly)
    desk.meeting(held, "joint", area_id=quarter)

    kinds = desk.split("meetings_held", "organization_kind")
    assert {key: part.number for key, part in kinds.items()} == {
        "association": 2,
        "mass_org": 1,
        "front_working_committee": 1,
        "area_board": 1,
    }
    areas = desk.split("meetings_held", "area")
    assert (areas.at(quarter).number, areas.at(other).number, areas.at(None).number) == (3, 1, 1)
    assert desk.number("meetings_held", association=elderly) == 2
    assert desk.number("meetings_held", cluster=cluster) == 3
    assert desk.number("meetings_held", cluster=UUID(int=1)) == 0
    assert desk.number("meetings_held", Window(date(2025, 1, 1), date(2025, 12, 31)), cluster=cluster) == 0
    labels = [record.label for record in trace(desk.connection, "meetings_held", HALF, {"association": elderly})]
    assert sorted(labels) == ["Hội Người cao tuổi, 04/04/2026", "elderly, 04/04/2026"]


def test_attendance_is_capped_meeting_by_meeting(desk: Desk) -> None:
    branch = desk.branch(desk.area())
    desk.meeting(date(2026, 1, 5), branch_id=branch, invited=30, present=45)
    desk.meeting(date(2026, 2, 5), branch_id=branch, invited=30, present=15)
    desk.meeting(date(2026, 3, 5), branch_id=branch, invited=None, present=20)
    rate = desk.value("attendance_rate")
    assert (rate.numerator, rate.denominator, rate.number) == (45, 60, Fraction(75))
    assert desk.number("attendances_invited") == 60
    assert desk.number("attendances_present") == 80


def test_slots_are_filled_by_regular_meetings_and_traced_to_them(desk: Desk) -> None:
    branch = desk.branch(desk.area(), rhythm="monthly", founded_on=date(2025, 1, 1))
    quiet = desk.branch(desk.area("Khu phố 2"), "youth", rhythm="quarterly", founded_on=date(2025, 1, 1))
    desk.branch(desk.area("Khu phố 3"), "veterans")
    first = desk.meeting(date(2026, 1, 9), branch_id=branch)
    desk.meeting(date(2026, 1, 23), branch_id=branch)
    last = desk.meeting(date(2026, 6, 30), branch_id=branch)
    desk.meeting(date(2026, 3, 10), "topic", branch_id=branch)

    rate = desk.value("meeting_regularity_rate")
    assert (rate.numerator, rate.denominator, rate.number) == (2, 8, Fraction(25))
    assert rate.numerator_ids == (first, last)
    assert desk.number("meeting_slots_planned") == 8
    assert desk.number("meeting_regularity_rate", branch=branch) == Fraction(200, 6)
    assert desk.value("branches_without_meeting").record_ids == (quiet,)
    regular = desk.value("branches_regular_rate")
    assert (regular.numerator, regular.denominator) == (0, 2)


def test_a_branch_owes_slots_only_while_it_lives(desk: Desk) -> None:
    area = desk.area()
    desk.branch(area, "women", rhythm="monthly", founded_on=date(2026, 3, 31))
    desk.branch(area, "youth", rhythm="monthly", ended_on=date(2026, 2, 28))
    assert desk.number("meeting_slots_planned") == 4 + 1
    assert desk.value("meeting_regularity_rate").denominator == 5
    assert desk.value("branches_regular_rate").denominator == 1


def test_a_slot_that_began_before_the_window_is_filled_by_a_meeting_before_it(desk: Desk) -> None:
    branch = desk.branch(desk.area(), rhythm="quarterly")
    desk.meeting(date(2026, 1, 10), branch_id=branch)
    window = Window(date(2026, 2, 1), date(2026, 4, 30))
    rate = desk.value("meeting_regularity_rate", window)
    assert (rate.numerator, rate.denominator) == (1, 1)
    assert desk.number("meetings_held", window) == 0


def test_branches_regular_leaves_out_those_without_a_slot_and_those_that_ended(desk: Desk) -> None:
    area = desk.area()
    good = desk.branch(area, "women", rhythm="quarterly")
    desk.branch(area, "youth", rhythm="unset")
    desk.branch(area, "veterans", rhythm="quarterly", ended_on=date(2026, 5, 1))
    desk.meeting(date(2026, 2, 2), branch_id=good)
    desk.meeting(date(2026, 5, 2), branch_id=good)
    rate = desk.value("branches_regular_rate")
    assert (rate.numerator_ids, rate.denominator) == ((good,), 1)


def test_marks_for_consolidation_are_counted_while_they_stand(desk: Desk) -> None:
    area = desk.area()
    desk.branch(area, "youth", consolidate_from=date(2026, 2, 1))
    desk.branch(area, "women", consolidate_from=date(2025, 2, 1), consolidate_to=date(2026, 3, 1))
    desk.branch(
        area, "farmers", consolidate_from=date(2025, 2, 1), consolidate_to=date(2026, 3, 1), ended_on=date(2026, 3, 1)
    )
    assert desk.number("branches_to_consolidate") == 1
    assert desk.number("branches_to_consolidate", as_of=date(2026, 1, 31)) == 2
    assert desk.number("branches_consolidated") == 1


def test_the_executive_has_to_meet_in_every_whole_quarter(desk: Desk) -> None:
    steady = desk.association("Hội Người cao tuổi", executive_from=date(2022, 1, 1))
    desk.association("Hội Đông y", executive_from=date(2022, 1, 1))
    desk.meeting(date(2026, 2, 1), "executive", association_id=steady, present=None)
    desk.meeting(date(2026, 6, 1), "executive", association_id=steady)
    assert desk.value("associations_executive_regular").record_ids == (steady,)
    assert desk.number("associations_executive_regular", Window(date(2026, 2, 1), date(2026, 4, 30))) is None


def test_decisions_count_by_their_deadline_and_not_when_their_meeting_was_set_aside(desk: Desk) -> None:
    branch = desk.branch(desk.area())
    meeting = desk.meeting(date(2025, 12, 20), branch_id=branch)
    item = {"meeting_id": meeting, "outcome": "decision", "text": "Vận động dọn kênh"}
    desk.add(AgendaItem, due_on=date(2026, 1, 31), done_on=date(2026, 1, 31), **item)
    desk.add(AgendaItem, due_on=date(2026, 2, 28), done_on=date(2026, 3, 2), **item)
    desk.add(AgendaItem, due_on=date(2026, 7, 1), **item)
    desk.add(AgendaItem, meeting_id=meeting, outcome="note", due_on=date(2026, 3, 1), text="Ghi nhận")
    rate = desk.value("decisions_on_time_rate", branch=branch)
    assert (rate.numerator, rate.denominator) == (1, 2)
    desk.void(Meeting, meeting)
    assert desk.number("decisions_due") == 0


def test_dissemination_and_recording_in_time_are_shares_of_the_meetings_held(desk: Desk) -> None:
    branch = desk.branch(desk.area())
    told = desk.meeting(date(2026, 3, 2), branch_id=branch, recorded_on=date(2026, 3, 16))
    desk.meeting(date(2026, 3, 2), branch_id=branch, recorded_on=date(2026, 3, 17))
    desk.meeting(date(2026, 3, 2), branch_id=branch)
    for _twice in range(2):
        desk.add(AgendaItem, meeting_id=told, agenda_kind="dissemination", text="Phổ biến luật mới")
    told_rate, in_time = desk.value("meetings_with_dissemination_rate"), desk.value("meetings_recorded_on_time_rate")
    assert (told_rate.numerator, told_rate.denominator) == (1, 3)
    assert (in_time.numerator, in_time.denominator) == (1, 3)


def test_the_year_before_stands_beside(desk: Desk) -> None:
    branch = desk.branch(desk.area())
    for day in (date(2025, 1, 1), date(2025, 6, 30), date(2026, 6, 30)):
        desk.meeting(day, branch_id=branch)
    beside = compare(desk.connection, "meetings_held", HALF)
    assert (beside.now.number, beside.previous.number, beside.change) == (1, 2, -1)
    assert beside.percent == Fraction(-50)
    assert compare(desk.connection, "attendance_rate", HALF).change is None
    assert compare(desk.connection, "field_visits", HALF).percent is None


def test_branches_are_alive_from_their_first_to_before_their_last_day(desk: Desk) -> None:
    area = desk.area()
    branch = desk.branch(area, "women", founded_on=date(2026, 6, 30))
    desk.branch(area, "youth", ended_on=date(2026, 6, 30))
    desk.branch(area, "area_board")
    assert desk.value("branches_total").record_ids == (branch,)
    desk.change(Branch, branch, kind="front_working_committee")
    assert desk.number("branches_total", organization_kind="front_working_committee") == 1


def test_bodies_of_an_area_are_those_expected_that_the_book_records(desk: Desk) -> None:
    first, second = desk.area("Khu phố 1"), desk.area("Khu phố 2", effective_to=date(2026, 6, 30))
    desk.branch(first, "front_working_committee")
    desk.branch(first, "women")
    desk.branch(first, "women")
    desk.branch(first, "red_cross")
    expected = desk.number("area_bodies_expected", area=first)
    rate = desk.value("area_bodies_rate")
    assert rate.denominator == 2 * expected
    assert rate.numerator == 2
    assert desk.value("area_bodies_rate", body_kind="women").numerator == 1
    assert desk.number("area_bodies_rate", area=second) == 0
    assert desk.number("areas_total") == 2
    assert desk.number("areas_total", as_of=date(2026, 7, 1)) == 1
