"""Everything that a preset names exists: figures, dimensions, themes, marks, annexes; rates have a sound base."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hoidesk.presets import SHEETS, criteria_sheet, entries, figures_catalogue, report_outline, value_labels
from tests.presets.readers import FILES, Strict, load

FIGURES = figures_catalogue()
DIMENSIONS = {one["id"]: one for one in entries("dimensions")}
OUTLINE = report_outline("half_year")
SHEET_KINDS = sorted(set(SHEETS) - {"quarter"})
OPEN_DIMENSIONS = {one for one, entry in DIMENSIONS.items() if "values" not in entry and "values_from" not in entry}
PARTS = {"numerator", "denominator", "previous", "start"}
TEXT_FIELDS = {"label", "scope", "period", "office", "doc", "signer"}


def mappings(content: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a document, the outermost first."""
    if isinstance(content, dict):
        yield content
        for value in content.values():
            yield from mappings(value)
    elif isinstance(content, list):
        for value in content:
            yield from mappings(value)


def texts(content: Any) -> Iterator[str]:
    """Every text inside a document."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)


def check_where(figure: str, where: dict[str, str]) -> None:
    """A filter is a dimension of the figure and one of that dimension's values."""
    for dimension, value in where.items():
        assert dimension in FIGURES[figure]["dimensions"], (figure, dimension)
        assert dimension in OPEN_DIMENSIONS or value in value_labels(dimension), (figure, dimension, value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_named_figures_filters_and_parts_exist(path: Any) -> None:
    for one in mappings(load(path, Strict)):
        name = one.get("figure")
        if isinstance(name, str):
            assert name in FIGURES, name
            check_where(name, one.get("where", {}))
            assert one.get("part", "numerator") in PARTS


def test_dimensions_resolve() -> None:
    for name, one in DIMENSIONS.items():
        labels = value_labels(name) if name not in OPEN_DIMENSIONS else {}
        assert set(one.get("values", ())) <= set(labels), name
    for figure in FIGURES.values():
        assert set(figure["dimensions"]) <= set(DIMENSIONS), figure["id"]


def test_every_figure_is_whole() -> None:
    groups, units = ({one["id"] for one in entries(name)} for name in ("figure_groups", "figure_units"))
    assert len(FIGURES) == 110
    for one in FIGURES.values():
        assert one["kind"] in {"count", "sum", "rate", "growth", "lateness"}, one["id"]
        assert one["window"] in {"moment", "period"}, one["id"]
        assert one["definition"] and one["decided_by"] and one["en"] and one["vi"], one["id"]
        assert one["group"] in groups and one["unit"] in units, one["id"]


def test_rates_stand_on_a_denominator_and_can_be_split_like_it() -> None:
    for one in FIGURES.values():
        assert (one["kind"] == "rate") == ("denominator" in one) == bool(one.get("bounded_pct")), one["id"]
        if one["kind"] == "rate":
            base = FIGURES[one["denominator"]]
            assert base["kind"] in {"count", "sum"} and one["numerator"], one["id"]
            assert set(one["dimensions"]) <= set(base["dimensions"]), one["id"]
            assert one.get("denominator_filter", "-"), one["id"]


@pytest.mark.parametrize("kind", SHEET_KINDS)
def test_an_items_figure_can_be_split_to_the_one_unit_scored(kind: str) -> None:
    sheet = criteria_sheet(kind)
    named = [one["figure"] for one in mappings(sheet) if "figure" in one]
    assert named
    for name in named:
        assert sheet["dimension"] in FIGURES[name]["dimensions"], (kind, name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_placeholders_in_texts_resolve(path: Any) -> None:
    scopes, labels = {one["id"] for one in entries("scopes")}, {"superior", "unit", "area", "group"}
    content = load(path, Strict)
    grammar = set(content.get("placeholder_grammar", ()))
    for text in texts(content):
        for head, tail in re.findall(r"\{([a-z_]+)(?:\.([A-Za-z_=]+))?\}", "" if text in grammar else text):
            if head == "label":
                assert tail in labels, text
            elif head == "scope":
                assert tail in scopes, text
            elif head not in TEXT_FIELDS:
                assert head in FIGURES, text
                if "=" in tail:
                    check_where(head, dict([tail.split("=")]))
                else:
                    assert tail in PARTS | {""}, text


def test_lists_name_each_other_rightly() -> None:
    ids = {name: {one["id"] for one in entries(name)} for name in ("goals", "movement_kinds", "movement_leads")}
    for one in entries("movements"):
        assert set(one["goals"]) <= ids["goals"] and one["kind"] in ids["movement_kinds"], one["id"]
        assert one["lead"] in ids["movement_leads"], one["id"]
    agenda, counters = ({one["id"] for one in entries(name)} for name in ("agenda_kinds", "meeting_counters"))
    for one in entries("meeting_kinds"):
        assert set(one["default_agenda"]) <= agenda and one["counter"] in counters, one["id"]
    addressees = {one["id"] for one in entries("addressee_kinds")}
    for one in entries("petition_themes"):
        assert set(one["usual_addressees"]) <= addressees, one["id"]
    groups = {one["id"] for one in entries("limitation_groups")}
    for one in entries("limitation_codes"):
        assert one["group"] in groups and set(one["applies_to"]) <= {"area", "branch", "association"}, one["id"]
    types = {one["id"] for one in entries("association_types")}
    assert {one["type"] for one in entries("common_associations")} <= types
    assert {one["organization_kind"] for one in entries("branch_kinds")} <= set(value_labels("organization_kind"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_marks_of_confidence_are_explained(path: Any) -> None:
    sources = load(next(one for one in FILES if one.stem == "sources"), Strict)
    seeds, found = ({str(one["id"]) for one in sources[name]} for name in ("seeds", "found"))
    needs = {one["id"] for one in sources["needs"]}
    for text in texts(load(path, Strict)):
        for numbers in re.findall(r"FOUND ((?:\d+(?:, )?)+)", text):
            assert set(re.findall(r"\d+", numbers)) <= found, text
        for numbers in re.findall(r"SEED ((?:\d{3}(?:, )?)+)", text):
            assert set(re.findall(r"\d{3}", numbers)) <= seeds, text
        assert set(re.findall(r"\bR\d\d\b", text)) <= needs, text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_text_names_a_file_outside_the_program(path: Any) -> None:
    raw = path.read_text(encoding="utf-8")
    assert not re.search(r"\b[a-z_]+\.md\b|\.\./", raw)


def test_every_need_is_served() -> None:
    served = {need for one in FIGURES.values() for need in one["requirements"]}
    assert {f"R{n:02d}" for n in range(1, 59)} - served == {"R09", "R20", "R57"}


def _annex_figures(annex: dict[str, Any]) -> set[str]:
    return {one["figure"] for one in mappings(annex) if "figure" in one}


def test_annexes_and_figures_agree() -> None:
    annexes = {one["id"]: one for one in OUTLINE["annexes"]}
    assert list(annexes) == [f"A{n}" for n in range(1, 13)]
    for name, annex in annexes.items():
        printed = _annex_figures(annex)
        claimed = {one["id"] for one in FIGURES.values() if name in one["annex"]}
        assert printed == claimed, name
    for one in mappings(OUTLINE["sections"]):
        assert set(one.get("annex", ())) <= set(annexes)
        assert set(one.get("figures", ())) <= set(FIGURES)


def test_every_figure_is_used() -> None:
    used = {one["figure"] for kind in SHEET_KINDS for one in mappings(criteria_sheet(kind)) if "figure" in one}
    used |= {one["figure"] for one in mappings(OUTLINE["annexes"]) if "figure" in one}
    for one in mappings(OUTLINE["sections"]):
        used |= set(one.get("figures", ()))
    used |= {OUTLINE["completeness"]["figure"]}
    used |= {one["denominator"] for one in FIGURES.values() if one["kind"] == "rate" and one["id"] in used}
    assert set(FIGURES) == used


def test_default_columns_fit_the_page_and_have_a_totals_rule() -> None:
    rules = {one["rule"] for one in OUTLINE["totals_rules"]}
    for annex in OUTLINE["annexes"]:
        room = OUTLINE["page"][f"{annex['orientation']}_text_width_mm"]
        for block in annex.get("blocks", [annex]):
            columns = [one for one in block["columns"] if one.get("default", True)]
            assert sum(one["width_mm"] for one in columns) <= room, block["id"]
            assert all(one["total"] in rules for one in block["columns"]), block["id"]
