"""A sheet with own criteria on a frame: nothing of the frame changes, sums stay within what it allows."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.assessment.rules import Score
from hoidesk.assessment.sheet_reading import read_sheet, sheet_faults
from hoidesk.assessment.totals import total
from hoidesk.emulation.frames import frame_faults, frame_of, local_frame, with_criterion, without_criterion
from hoidesk.errors import UserError
from hoidesk.presets import criteria_sheet

KINDS = ("area", "branch", "association")


def frame(kind: str = "branch", **allowed: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(criteria_sheet(kind)))
    found["local_frame"] = found["local_frame"] | allowed
    return found


def own_of(base: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(base) | {"frame": {"id": "x", "code": "khung", "version": "2026.1", "sha256": "0"}}


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_sheet_is_a_frame_and_fits_itself(kind: str) -> None:
    base = frame(kind)
    allowed = local_frame(base)
    assert allowed is not None and allowed.max_items == 3 and allowed.max_points == 1000
    own = own_of(base)
    assert frame_faults(base, own) == [] and frame_of(base) is None
    named = frame_of(own)
    assert named is not None and (named.code, named.version) == ("khung", "2026.1")


@given(
    st.sampled_from(KINDS),
    st.booleans(),
    st.lists(st.integers(1, 60).map(lambda n: n * 25), max_size=5),
)
def test_own_criteria_fit_exactly_when_number_and_points_do(kind: str, inside: bool, points: list[int]) -> None:
    base = frame(kind, inside_total=inside)
    own = own_of(base)
    for place, one in enumerate(points):
        own = with_criterion(base, own, f"Tiêu chí riêng {place}", one)
    fits = len(points) <= 3 and sum(points) <= 1000
    assert (frame_faults(base, own) == []) is fits
    sheet = read_sheet(own)
    assert sheet_faults(sheet) == []
    before = read_sheet(base)
    assert (sheet.max_total - before.max_total) == (sum(points) if inside else 0)
    assert (sheet.bonus_ceiling - before.bonus_ceiling) == (0 if inside else sum(points))
    scores = {
        item.id: Score("value", item.highest, "đủ", 1) for item in sheet.items() if item.role in ("points", "bonus")
    }
    got = total(sheet, scores)
    assert got.points == sheet.max_total and got.bonus == sheet.bonus_ceiling
    for criterion in [one["id"] for group in own["groups"] if group["id"] == "local" for one in group["criteria"]]:
        own = without_criterion(base, own, criterion)
    assert frame_faults(base, own) == [] and read_sheet(own).max_total == before.max_total


def _drop_group(own: dict[str, Any]) -> None:
    del own["groups"][0]


def _drop_item(own: dict[str, Any]) -> None:
    own["groups"][0]["criteria"][0]["items"].pop()


def _more_points(own: dict[str, Any]) -> None:
    own["groups"][0]["max"] += 1


def _other_words(own: dict[str, Any]) -> None:
    own["groups"][0]["criteria"][0]["vi"] = "Khác"


def _other_bands(own: dict[str, Any]) -> None:
    own["classes"]["bands"][0]["at_least"] = 80


def _no_condition(own: dict[str, Any]) -> None:
    own["classes"]["side_conditions"].pop()


def _more_allowed(own: dict[str, Any]) -> None:
    own["local_frame"]["max_points"] = 100


def _other_order(own: dict[str, Any]) -> None:
    own["groups"].reverse()


def _clashing_id(own: dict[str, Any]) -> None:
    own["groups"][-1]["criteria"][0]["items"][0]["id"] = own["groups"][0]["criteria"][0]["items"][0]["id"]


def _no_points(own: dict[str, Any]) -> None:
    own["groups"][-1]["criteria"][0]["items"][0]["ceiling"] = 0
    own["bonus_ceiling"] -= 2


def _as_penalty(own: dict[str, Any]) -> None:
    own["groups"][-1]["role"] = "penalty"


def _raised_ceiling(own: dict[str, Any]) -> None:
    own["bonus_ceiling"] += 1


def _nonsense(own: dict[str, Any]) -> None:
    own["groups"] = "không phải danh sách"


@pytest.mark.parametrize(
    "change",
    [_drop_group, _drop_item, _more_points, _other_words, _other_bands, _no_condition, _more_allowed, _other_order,
     _clashing_id, _no_points, _as_penalty, _raised_ceiling, _nonsense],
)  # fmt: skip
def test_each_step_outside_the_frame_is_told(change: Callable[[dict[str, Any]], None]) -> None:
    base = frame()
    own = with_criterion(base, own_of(base), "Hẻm sạch", 200, "Biên bản")
    assert frame_faults(base, own) == []
    change(own)
    faults = frame_faults(base, own)
    assert faults and all(fault.endswith(".") for fault in faults)


def test_a_closed_frame_takes_nothing() -> None:
    base = frame(max_items=0)
    assert local_frame(base) is None
    with pytest.raises(UserError) as caught:
        with_criterion(base, own_of(base), "Hẻm sạch", 200)
    assert caught.value.code == "frame.closed"
    with pytest.raises(UserError):
        without_criterion(frame(), own_of(frame()), "b1_1")
    for broken in ("", "[]", "không phải JSON", '{"local_frame": {"max_items": "x"}}'):
        assert local_frame(broken) is None and frame_of(broken) is None
