"""Every definition against the catalogue and against PostgreSQL, where a province may keep its book."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import postgresql

from hoidesk import presets
from hoidesk.errors import UserError
from hoidesk.figures.catalogue import UUID_DIMENSIONS, VERSION, defined, dimension, figure, figures
from hoidesk.figures.definition import Ask, definitions, statements
from hoidesk.figures.evaluation import can_split, empty, evaluate, for_unit, require_defined, split, tables_read, trace
from hoidesk.figures.model import Key
from tests.figures.desk import HALF, Desk

DEFINED = sorted(definitions())
# Tables for these do not exist yet: money, tasks, documents, models, activities, coordination rules, congress plans.
NOT_RECORDED = {
    "A1": {"association_staff_posts", "reorganization_events"},
    "A2": set(),
    "A3": {"coordination_rules_rate"},
    "A4": {"families_considered", "families_recognized_rate"},
    "A5": set(),
}
# Dimensions of the catalogue that the tables do not record yet.
NOT_SPLIT = {
    "associations_founded": {"reorganization_kind"},
    "associations_ended": {"reorganization_kind"},
    "congresses_held": {"congress_kind"},
    "members_of_associations": {"area"},
    "targets_registered": {"movement"},
    "targets_met_rate": {"movement"},
}


def _key(name: str) -> Key:
    if name in UUID_DIMENSIONS:
        return UUID(int=7)
    return "2026-03" if name == "calendar_month" else "women"


def _questions(id_: str) -> list[Ask]:
    entry = figure(id_)
    dims = [name for name in entry.dimensions if can_split(id_, name)]
    asks = [Ask(HALF, HALF.as_of, {}, (), entry.params)]
    asks += [Ask(HALF, HALF.as_of, {name: _key(name)}, (), entry.params) for name in dims]
    asks += [Ask(HALF, HALF.as_of, {}, (name,), entry.params) for name in dims]
    return asks


def test_every_definition_is_in_the_catalogue() -> None:
    assert set(DEFINED) <= {entry.id for entry in figures()}
    assert len(DEFINED) >= 70
    assert VERSION == presets._document("figures")["version"]


@pytest.mark.parametrize("id_", DEFINED)
def test_a_figure_splits_by_what_the_catalogue_says(id_: str) -> None:
    missing = {name for name in figure(id_).dimensions if not can_split(id_, name)}
    assert missing == NOT_SPLIT.get(id_, set())


@pytest.mark.parametrize("id_", DEFINED)
def test_every_statement_compiles_for_postgresql(id_: str) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for ask in _questions(id_):
        for statement in statements(definitions()[id_].build(ask), ask, labelled=True):
            text = str(statement.compile(dialect=dialect)).casefold()
            assert "strftime" not in text and "julianday" not in text and "json_extract" not in text


@pytest.mark.parametrize("id_", DEFINED)
def test_an_empty_book_answers_every_question_in_at_most_three_statements(id_: str, desk: Desk) -> None:
    ran: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *args: ran.append(args[2]))
    for ask in _questions(id_):
        ran.clear()
        if ask.by:
            parts = split(desk.connection, id_, HALF, ask.by[0], ask.where)
            assert parts == {}
            value = parts.total
        else:
            value = evaluate(desk.connection, id_, HALF, ask.where)
        assert 1 <= len(ran) <= 3
        assert value.number in (0, None)
        assert value.number is None or figure(id_).kind not in ("rate", "growth")
        assert trace(desk.connection, id_, HALF, ask.where) == []


@pytest.mark.parametrize("annex", sorted(NOT_RECORDED))
def test_the_annexes_of_the_half_year_report_are_defined_but_for_what_is_not_recorded(annex: str) -> None:
    printed = {entry.id for entry in figures() if annex in entry.annex}
    assert printed - set(DEFINED) == NOT_RECORDED[annex]


def test_a_rate_counts_its_numerator_within_its_denominator() -> None:
    for id_ in DEFINED:
        entry = figure(id_)
        if entry.kind == "rate":
            assert entry.denominator in DEFINED
            by_rate = {name for name in entry.dimensions if can_split(id_, name)}
            assert by_rate <= {n for n in figure(entry.denominator).dimensions if can_split(entry.denominator, n)}


def test_proposals_of_the_sheets_can_be_asked_for_one_unit() -> None:
    sheets = [("area", "quarter"), ("branch", "branch"), ("association", "association")]
    for unit_kind, name in sheets:
        asked = _figures_of(presets.criteria_sheet(name))
        assert asked
        for id_ in asked & set(DEFINED):
            where = for_unit(id_, unit_kind, UUID(int=1))
            assert where[unit_kind] == UUID(int=1)
            assert set(where) <= {unit_kind, "unit_kind"}


def _figures_of(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["figure"]} if isinstance(node.get("figure"), str) else set()
        return own.union(*map(_figures_of, node.values()))
    return set().union(*map(_figures_of, node)) if isinstance(node, list | tuple) else set()


def test_unknown_figures_dimensions_and_values_are_refused_by_name(desk: Desk) -> None:
    with pytest.raises(UserError, match="no_such_figure"):
        evaluate(desk.connection, "no_such_figure", HALF)
    assert not defined("funds_total") and not figure("funds_total").defined
    with pytest.raises(UserError) as refusal:
        require_defined("funds_total")
    assert refusal.value.code == "figures.not_defined"
    with pytest.raises(UserError) as refusal:
        evaluate(desk.connection, "areas_total", HALF, {"scope": "commune"})
    assert refusal.value.field == "dimension"
    with pytest.raises(UserError) as refusal:
        split(desk.connection, "areas_total", HALF, "branch")
    assert refusal.value.field == "dimension"
    with pytest.raises(UserError) as refusal:
        evaluate(desk.connection, "areas_total", HALF, {"area": "Khu phố 1"})
    assert refusal.value.field == "area"
    with pytest.raises(UserError):
        dimension("no_such_dimension")


def test_dimensions_with_fixed_values_name_them() -> None:
    assert dimension("unit_kind").values == ("area", "branch", "association")
    assert "charitable_humanitarian" in dimension("association_type").values
    assert dimension("branch").values == ()


def test_the_tables_behind_a_figure_are_known() -> None:
    assert tables_read("associations_total") == {"association"}
    assert {"meeting", "branch"} <= tables_read("meeting_regularity_rate")
    assert "approval" in tables_read("class_units")


def test_a_value_without_records_is_nothing_for_rates_and_zero_for_counts() -> None:
    assert empty("attendance_rate").number is None
    assert empty("meetings_held").number == 0
    assert empty("meetings_held").rule_version == f"{VERSION}-1"
    assert empty("members_growth_pct").number is None
