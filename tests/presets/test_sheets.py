"""The reference sheets add up: items to criteria, criteria to groups, groups to the total; bands have no gap."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from hoidesk.presets import SHEETS, criteria_sheet, value_labels

KINDS = sorted(set(SHEETS) - {"quarter"})
SCORING = {"yes_no", "steps", "ratio_to_target", "deduction", "bonus_with_ceiling", "judgement", "veto"}


def exact(value: float) -> Fraction:
    """The number as it is written in the file."""
    return Fraction(str(value))


def point_groups(kind: str) -> list[dict[str, Any]]:
    """The groups that make the total."""
    return [group for group in criteria_sheet(kind)["groups"] if group["role"] == "points"]


def items(groups: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every item of the groups."""
    for group in groups:
        for criterion in group["criteria"]:
            yield from criterion["items"]


@pytest.mark.parametrize(("kind", "total"), [("area", 100), ("branch", 90), ("association", 95)])
def test_parts_add_up(kind: str, total: int) -> None:
    sheet, groups = criteria_sheet(kind), point_groups(kind)
    for group in groups:
        for criterion in group["criteria"]:
            assert sum(exact(item["max"]) for item in criterion["items"]) == criterion["max"], criterion["id"]
        assert sum(exact(one["max"]) for one in group["criteria"]) == group["max"], group["id"]
    assert sum(group["max"] for group in groups) == sheet["max_total"] == total


@pytest.mark.parametrize("kind", KINDS)
def test_proposable_points_are_the_points_with_a_figure(kind: str) -> None:
    found = sum(exact(item["max"]) for item in items(point_groups(kind)) if "figure" in item)
    assert found == criteria_sheet(kind)["proposable_points"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_item_can_be_scored(kind: str) -> None:
    sheet = criteria_sheet(kind)
    for item in items(sheet["groups"]):
        assert item["kind"] in SCORING and item["evidence"] and item["source"], item["id"]
        if item["kind"] == "judgement":
            assert item["text_required"] and "figure" not in item, item["id"]
        elif "figure" in item:
            assert item["when_none"] in {"zero", "not_applicable", "ask"}, item["id"]
        else:
            assert item["answer"] == "manual", item["id"]


@pytest.mark.parametrize("kind", KINDS)
def test_steps_fall_from_the_maximum(kind: str) -> None:
    for item in items(criteria_sheet(kind)["groups"]):
        if item["kind"] == "steps":
            points = [exact(step["points"]) for step in item["steps"]] + [exact(item["otherwise"])]
            floors = [exact(step["at_least"]) for step in item["steps"]]
            assert points[0] == item["max"] and points == sorted(points, reverse=True), item["id"]
            assert floors == sorted(floors, reverse=True) and len(set(floors)) == len(floors), item["id"]


@pytest.mark.parametrize("kind", KINDS)
def test_bonus_and_penalty_keep_to_the_sheets_limits(kind: str) -> None:
    sheet = criteria_sheet(kind)
    bonus = [item for item in items(sheet["groups"]) if item["kind"] == "bonus_with_ceiling"]
    assert sum(exact(item["ceiling"]) for item in bonus) == sheet["bonus_ceiling"]
    penalty = [item for group in sheet["groups"] if group["role"] == "penalty" for item in items([group])]
    assert sum(exact(item["floor"]) for item in penalty) == sheet["penalty_floor"]


@pytest.mark.parametrize("kind", KINDS)
def test_bands_meet_without_gap_or_overlap(kind: str) -> None:
    classes = criteria_sheet(kind)["classes"]
    bands = [band for band in classes["bands"] if band["code"] != "NOT_RATED"]
    assert bands[0]["below"] is None and bands[-1]["at_least"] is None
    for upper, lower in itertools.pairwise(bands):
        assert upper["at_least"] == lower["below"]
    codes = [band["code"] for band in classes["bands"]]
    assert set(codes) == set(value_labels("class"))
    assert {one["for_class"] for one in classes["side_conditions"]} <= set(codes)


@pytest.mark.parametrize("kind", KINDS)
def test_sheets_call_themselves_samples(kind: str) -> None:
    sheet = criteria_sheet(kind)
    assert sheet["label"] == "Mẫu tham khảo" and "không phải văn bản của cơ quan nào" in sheet["notice"]
    assert sheet["unit_kind"] == sheet["dimension"] == kind
