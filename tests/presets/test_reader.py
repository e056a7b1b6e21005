"""What the reader gives the rest of the program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.language import use_language
from hoidesk.presets import (
    DEFAULT_LABELS,
    Labels,
    choices,
    criteria_sheet,
    entry,
    figure,
    fill_labels,
    label_of,
    value_labels,
    working_calendar,
)

PROVINCE = Labels(superior="Tỉnh/thành phố", unit="Xã", area="Thôn")


def test_labels_are_the_offices_own() -> None:
    assert label_of("issuing_levels", "ward", PROVINCE) == "Xã"
    assert label_of("addressee_kinds", "ward_police", PROVINCE) == "Công an xã"
    assert choices("tiers", PROVINCE) == {"cell": "Thôn", "ward": "Xã", "district": "Tỉnh/thành phố"}
    assert DEFAULT_LABELS.superior == "Quận/huyện"


def test_shipped_labels_are_translated_and_typed_ones_are_not() -> None:
    use_language("en")
    try:
        assert label_of("tiers", "district", PROVINCE) == "Province/city"
        assert label_of("tiers", "district", Labels(superior="Liên phường Đông Hoà")) == "Liên phường Đông Hoà"
        assert label_of("body_kinds", "area_board") == "Board of the quarter"
    finally:
        use_language("vi")


def test_a_label_is_small_inside_a_sentence() -> None:
    text = "Mỗi {label.area} của {label.unit}. {label.area} nào cũng có."
    assert fill_labels(text) == "Mỗi khu phố của phường. Khu phố nào cũng có."
    assert fill_labels("{scope.commune}: {period.name}") == "Xã, phường, đặc khu: {period.name}"


@given(st.text(alphabet="Đđ{}.abc ề", max_size=40))
def test_other_texts_and_braces_pass_unchanged(text: str) -> None:
    assert fill_labels(text) == text


def test_unknown_ids_are_shown_and_unknown_lists_refused() -> None:
    assert label_of("scopes", "of_a_newer_program") == "of_a_newer_program"
    assert label_of("scopes", None) == ""
    with pytest.raises(KeyError):
        choices("no_such_list")
    with pytest.raises(KeyError):
        criteria_sheet("no_such_kind")
    with pytest.raises(KeyError):
        fill_labels("{scope.moon}")


def test_dimension_values_have_labels() -> None:
    assert value_labels("source_channel")["zalo"] == "Từ Zalo"
    assert value_labels("branch_kind")["women"] == "Chi hội Phụ nữ"
    assert choices("class")["GOOD"] == "Hoàn thành tốt nhiệm vụ"
    assert value_labels("branch") == {}


def test_a_callers_dict_is_its_own() -> None:
    choices("scopes").clear()
    assert list(choices("scopes")) == ["province", "district_legacy", "commune"]


def test_entries_and_calendar() -> None:
    assert entry("rhythms", "monthly")["slots_per_year"] == 12
    assert figure("congress_overdue")["window"] == "moment"
    assert working_calendar()["weekly_rest"] == ["saturday", "sunday"]
