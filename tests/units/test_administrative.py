"""The shipped list of administrative units is whole and can be searched as people type."""

from __future__ import annotations

import unicodedata
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hoidesk.units.administrative import AdministrativeUnit, communes, find, provinces, source, unit

ALL = [one for province in provinces() for one in communes(province.code)]


def test_counts_of_2025() -> None:
    assert len(provinces()) == 34
    assert len(ALL) == 3321
    assert Counter(one.kind for one in ALL) == {"commune": 2621, "ward": 687, "special_zone": 13}
    assert sum(one.name.startswith("Thành phố ") for one in provinces()) == 6


def test_codes_are_official_and_unique() -> None:
    assert len({one.code for one in ALL}) == 3321
    assert all(len(one.code) == 5 and one.code.isdigit() for one in ALL)
    assert all(len(one.code) == 2 and one.province_code == one.code for one in provinces())


def test_names_are_composed_and_unique_in_a_province() -> None:
    assert len({(one.province_code, one.name) for one in ALL}) == 3321
    assert all(unicodedata.is_normalized("NFC", one.name) for one in ALL)


def test_the_list_says_where_it_is_from() -> None:
    assert source()["in_force_from"] == "2025-07-01"
    assert source()["data_date"] == "2025-10-18"
    assert "gso.gov.vn" in source()["source"]


def test_lookup_by_code_and_by_name() -> None:
    hanoi = find("ha noi")[0]
    assert (hanoi.code, hanoi.name, hanoi.short_name) == ("01", "Thành phố Hà Nội", "Hà Nội")
    assert unit(" 00070 ") == find("Hoàn Kiếm")[0]
    assert unit("99999") is None and communes("99") == ()
    assert [one.kind for one in find("dac khu", limit=50)] == ["special_zone"] * 13
    assert find("   ") == []


@given(st.sampled_from(ALL), st.booleans())
def test_every_unit_is_found_however_it_is_typed(one: AdministrativeUnit, decomposed: bool) -> None:
    name = unicodedata.normalize("NFD" if decomposed else "NFC", one.name.upper())
    assert one in find(name, province_code=one.province_code)
