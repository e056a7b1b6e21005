from __future__ import annotations

from datetime import date
from fractions import Fraction

from hoidesk.associations.tables import Association, Membership, PartyStatus
from hoidesk.figures.evaluation import trace
from hoidesk.figures.window import Window
from hoidesk.figures.words import value_words
from tests.figures.desk import HALF, YEAR, Desk

SCOPES = ("province", "district_legacy", "commune")
TYPES = ("political_social", "charitable_humanitarian", "social_professional", "economic_association", "social_fund")
# Survey of a city in September 2023: associations by scope, and those entrusted by Party and State.
TOTALS = {"province": 159, "district_legacy": 347, "commune": 3205}
ENTRUSTED = {"province": 19, "district_legacy": 143, "commune": 1552}


def _city(desk: Desk) -> None:
    rows = [
        {
            "kind": "association",
            "name": f"Hội {scope} {n}",
            "type": TYPES[n % len(TYPES)],
            "scope": scope,
            "founded_on": date(2001, 1, 1 + n % 28),
            "entrusted_from": date(2010, 1, 1) if n < ENTRUSTED[scope] else None,
        }
        for scope in SCOPES
        for n in range(TOTALS[scope])
    ]
    desk.add_many(Association, rows)


def test_the_cross_table_of_type_and_scope_agrees_with_the_survey(desk: Desk) -> None:
    _city(desk)
    window = Window(date(2023, 1, 1), date(2023, 9, 22))
    total, entrusted = desk.value("associations_total", window), desk.value("associations_entrusted", window)
    assert (total.number, entrusted.number) == (3711, 1714)
    assert (value_words(total), value_words(entrusted)) == ("3.711", "1.714")
    assert len(set(total.record_ids)) == 3711

    by_scope = desk.split("associations_total", "scope", window)
    assert {scope: part.number for scope, part in by_scope.items()} == TOTALS
    by_scope = desk.split("associations_entrusted", "scope", window)
    assert {scope: part.number for scope, part in by_scope.items()} == ENTRUSTED
    rest = desk.split("associations_total", "scope", window, entrusted="not_entrusted")
    assert [rest.at(scope).number for scope in SCOPES] == [140, 204, 1653]
    assert rest.total.number == 1997

    table = desk.split("associations_total", ("association_type", "scope"), window)
    for scope in SCOPES:
        assert sum(table.at((kind, scope)).number or 0 for kind in TYPES) == TOTALS[scope]
    by_type = desk.split("associations_total", "association_type", window)
    for kind in TYPES:
        assert sum(table.at((kind, scope)).number or 0 for scope in SCOPES) == by_type.at(kind).number
    assert table.at(("other", "commune")).number == 0
    assert table.total.number == 3711


def test_nine_of_a_hundred_associations_are_managed_one_level_up(desk: Desk) -> None:
    levels = ["superior_level"] * 9 + ["own_level"] * 91
    rows = [
        {"kind": "association", "name": f"Hội {n}", "managing_level": level, "founded_on": date(2015, 5, 5)}
        for n, level in enumerate(levels)
    ]
    desk.add_many(Association, rows)
    window = Window(date(2020, 2, 1), date(2021, 4, 30))
    parts = desk.split("associations_total", "managing_level", window)
    assert parts.total.number == 100
    assert (parts.at("superior_level").number, parts.at("own_level").number) == (9, 91)
    assert desk.number("associations_total", window, managing_level="superior_level") == 9


def test_an_absorbed_association_is_counted_until_it_ends_and_its_members_only_once(desk: Desk) -> None:
    absorbed = desk.association("Hội Người mù", founded_on=date(2005, 3, 1), ended_on=date(2026, 9, 15))
    successor = desk.association("Hội Người khuyết tật", founded_on=date(2006, 3, 1))
    for owner, members in ((absorbed, 80), (successor, 120)):
        desk.add(Membership, association_id=owner, as_of=date(2025, 12, 15), members=members)
    desk.add(Membership, association_id=successor, as_of=date(2026, 9, 15), members=200)

    assert desk.number("associations_total", HALF) == 2
    assert desk.number("associations_total", YEAR) == 1
    assert desk.value("associations_total", YEAR).record_ids == (successor,)
    assert desk.number("members_of_associations", HALF) == 200
    assert desk.number("members_of_associations", YEAR) == 200
    assert desk.number("members_of_associations", YEAR, association=successor) == 200
    assert desk.number("associations_ended", YEAR) == 1
    assert desk.number("associations_ended", HALF) == 0


def test_an_association_is_gone_by_the_end_of_the_day_on_which_it_ended(desk: Desk) -> None:
    desk.association(founded_on=date(2026, 2, 10), ended_on=date(2026, 9, 15))
    days = [date(2026, 2, 9), date(2026, 2, 10), date(2026, 9, 14), date(2026, 9, 15)]
    assert [desk.number("associations_total", YEAR, as_of=day) for day in days] == [0, 1, 1, 0]


def test_the_stock_moves_by_what_was_founded_and_what_ended(desk: Desk) -> None:
    desk.association("Hội Đông y", founded_on=date(2001, 1, 1))
    desk.association("Hội Luật gia")
    desk.association("Hội Sinh vật cảnh", founded_on=date(2026, 1, 1))
    desk.association("Hội Hữu nghị", founded_on=date(2026, 6, 30), ended_on=date(2026, 8, 1))
    desk.association("Hội Truyền thống Trường Sơn", founded_on=date(1999, 4, 30), ended_on=date(2026, 1, 1))
    for window in (HALF, YEAR, Window(date(2026, 1, 2), date(2026, 6, 29))):
        start = desk.number("associations_total", window, as_of=window.day_before)
        moved = desk.number("associations_founded", window) - desk.number("associations_ended", window)
        assert start + moved == desk.number("associations_total", window)


def test_suspended_ones_count_and_mass_organisations_never_do(desk: Desk) -> None:
    desk.association("Hội Khuyến học", suspended_from=date(2026, 5, 1), suspended_to=date(2026, 11, 1))
    desk.association("Hội Cựu giáo chức")
    desk.association("Hội Liên hiệp Phụ nữ", kind="mass_org")
    gone = desk.association("Hội ghi nhầm")
    desk.void(Association, gone)
    parts = desk.split("associations_total", "status")
    assert (parts.total.number, parts.at("suspended").number, parts.at("active").number) == (2, 1, 1)
    assert gone not in parts.total.record_ids


def test_marks_with_dates_hold_through_their_last_day(desk: Desk) -> None:
    desk.association(entrusted_from=date(2026, 1, 1), entrusted_to=date(2026, 6, 30), executive_from=date(2026, 7, 1))
    assert desk.number("associations_entrusted", HALF) == 1
    assert desk.number("associations_entrusted", YEAR) == 0
    assert desk.number("associations_with_executive", HALF) == 0
    assert desk.number("associations_with_executive", YEAR) == 1


def test_body_and_department_are_both_needed(desk: Desk) -> None:
    desk.association("Hội Chữ thập đỏ", managing_body="UBND phường", managing_department="Phòng Văn hóa - Xã hội")
    desk.association("Hội Đông y", managing_body="UBND phường")
    desk.association("Hội Luật gia", managing_body="UBND phường", managing_department="  ")
    assert desk.number("associations_with_managing_department") == 1


def test_the_congress_that_follows_the_term_decides_whether_it_is_overdue(desk: Desk) -> None:
    term = {"term_from": date(2021, 1, 1), "term_to": date(2025, 12, 31)}
    opened = desk.association("Hội Người cao tuổi", last_congress_on=date(2021, 4, 15), **term)
    desk.association("Hội Khuyến học", last_congress_on=date(2026, 3, 20), **term)
    desk.association("Hội Đông y", last_congress_on=None, postponed_to=date(2026, 9, 30), **term)
    desk.association("Hội Luật gia", suspended_from=date(2026, 1, 1), **term)
    assert desk.value("congress_overdue").record_ids == (opened,)
    assert desk.number("congress_due_soon") == 1
    assert desk.number("congress_overdue", YEAR) == 2
    assert desk.number("congresses_held") == 1


def test_an_association_is_inactive_when_nothing_was_recorded_for_a_year(desk: Desk) -> None:
    area = desk.area()
    idle = desk.association("Hội Sinh vật cảnh", founded_on=date(2010, 1, 1))
    through_branch = desk.association("Hội Người cao tuổi", founded_on=date(2010, 1, 1))
    branch = desk.branch(area, "elderly", association_id=through_branch)
    desk.association("Hội mới", founded_on=date(2026, 2, 1))
    desk.meeting(date(2025, 8, 1), branch_id=branch)
    assert desk.value("associations_inactive").record_ids == (idle,)
    desk.meeting(date(2025, 6, 30), association_id=idle)
    assert desk.value("associations_inactive").record_ids == (idle,)
    desk.meeting(date(2025, 7, 1), "executive", association_id=idle)
    assert desk.number("associations_inactive") == 0


def _party(desk: Desk, name: str, status: str, **values: object) -> None:
    association = desk.association(name)
    desk.add(PartyStatus, association_id=association, status=status, status_from=date(2020, 1, 1), **values)


def test_party_organisations_are_counted_once_however_many_associations_share_one(desk: Desk) -> None:
    told = {"party_members": 12, "members_as_of": date(2026, 5, 1)}
    _party(desk, "Hội Người cao tuổi", "joint", joint_with="Hội Cựu giáo chức", **told)
    _party(
        desk, "Hội Cựu giáo chức", "joint", joint_with="hội người cao tuổi", rules_issued_on=date(2025, 1, 1), **told
    )
    _party(desk, "Hội Chữ thập đỏ", "own", party_members=7, members_as_of=date(2026, 3, 1), caucus=True)
    _party(desk, "Hội Khuyến học", "none")
    desk.association("Hội Đông y")

    assert desk.number("associations_with_party_org") == 3
    assert desk.number("associations_party_org_rate") == Fraction(300, 5)
    assert desk.number("party_orgs_total") == 2
    assert desk.number("party_members") == 19
    assert desk.number("party_caucus_associations") == 1
    rules = desk.value("party_rules_rate")
    assert (rules.numerator, rules.denominator) == (1, 2)
    by_status = desk.split("associations_with_party_org", "party_status")
    assert {key: part.number for key, part in by_status.items()} == {"joint": 2, "own": 1}
    assert desk.split("party_members", "party_status").at("joint").number == 12
    labels = {record.label for record in trace(desk.connection, "party_orgs_total", HALF)}
    assert labels == {"Hội Chữ thập đỏ", "Hội Cựu giáo chức, Hội Người cao tuổi"}


def test_the_newest_status_in_force_on_the_day_is_the_one_that_counts(desk: Desk) -> None:
    association = desk.association()
    desk.add(PartyStatus, association_id=association, status="none", status_from=date(2010, 1, 1))
    desk.add(PartyStatus, association_id=association, status="own", status_from=date(2026, 3, 1))
    assert desk.number("associations_with_party_org", as_of=date(2026, 2, 28)) == 0
    assert desk.number("associations_with_party_org", as_of=date(2026, 3, 1)) == 1
