"""What holds for every figure over any office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hoidesk.figures.catalogue import figure
from hoidesk.figures.definition import definitions
from hoidesk.figures.evaluation import can_split, compare, evaluate, split, tables_read, trace
from hoidesk.figures.model import Value
from hoidesk.figures.window import Window
from hoidesk.meetings.tables import Meeting
from tests.figures.desk import HALF, Desk
from tests.figures.random_office import Office

SEEDS = st.integers(0, 10**6)
# These say that something did not happen, or that enough happened, or count what hangs on a meeting.
BY_ABSENCE = {
    "associations_executive_regular",
    "associations_inactive",
    "branches_regular_rate",
    "branches_without_meeting",
    "decisions_due",
    "decisions_on_time_rate",
}


@contextmanager
def _office(seed: int) -> Iterator[tuple[Desk, Office]]:
    desk = Desk()
    try:
        yield desk, Office(desk, seed)
    finally:
        desk.close()


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = date(2025, 6, 1) + timedelta(days=draw(st.integers(0, 300)))
    return Window(start, start + timedelta(days=draw(st.integers(0, 450))))


def _whole(value: Value) -> tuple[int | None, int | None]:
    return value.numerator, value.denominator


@settings(max_examples=4, deadline=None)
@given(SEEDS, windows())
def test_shares_stay_within_a_hundred_and_parts_make_the_whole(seed: int, window: Window) -> None:
    chance = Random(seed)
    with _office(seed) as (desk, _filled):
        for id_ in definitions():
            entry = figure(id_)
            value = evaluate(desk.connection, id_, window)
            if entry.kind == "rate":
                assert value.number is None or 0 <= value.number <= 100
                assert set(value.numerator_ids) <= set(value.record_ids)
            records = trace(desk.connection, id_, window)
            assert {record.id for record in records} == set(value.record_ids)
            if value.numerator is not None:
                assert sum(record.numerator for record in records) == value.numerator
            if entry.kind == "count" and value.number is not None:
                assert sum(record.numerator for record in records) == value.number
            dims = [name for name in entry.dimensions if can_split(id_, name)]
            for name in chance.sample(dims, min(2, len(dims))):
                parts = split(desk.connection, id_, window, name)
                if definitions()[id_].summary == "median":
                    continue
                assert sum(part.numerator or 0 for part in parts.values()) == (parts.total.numerator or 0)
                assert sum(part.denominator or 0 for part in parts.values()) == (parts.total.denominator or 0)
                for key, part in list(parts.items())[:3]:
                    # A unit registered for two sets, or with two such limitations, is split by the first.
                    if key is not None and name not in ("criteria_set", "limitation_code"):
                        alone = evaluate(desk.connection, id_, window, {name: key})
                        assert (alone.number, _whole(alone)) == (part.number, _whole(part)), (id_, name, key)


@settings(max_examples=5, deadline=None)
@given(SEEDS, st.data())
def test_setting_one_meeting_aside_changes_exactly_the_figures_that_count_it(seed: int, data: st.DataObject) -> None:
    with _office(seed) as (desk, office):
        before = {id_: evaluate(desk.connection, id_, HALF) for id_ in definitions()}
        counted = {id_ for value in before.values() for id_ in value.record_ids} & set(office.meetings)
        chosen = data.draw(st.sampled_from(sorted(counted) or office.meetings))
        desk.void(Meeting, chosen)
        after = {id_: evaluate(desk.connection, id_, HALF) for id_ in definitions()}
        changed = {id_ for id_ in before if before[id_] != after[id_]}
        counting = {id_ for id_, value in before.items() if chosen in value.record_ids}
        assert counting <= changed <= counting | BY_ABSENCE
        assert all("meeting" in tables_read(id_) for id_ in changed)
        assert not any(chosen in value.record_ids for value in after.values())
        for id_ in ("meetings_held", "field_visits", "democracy_events"):
            assert before[id_].number == (after[id_].number or 0) + (id_ in counting)


@settings(max_examples=4, deadline=None)
@given(SEEDS, windows())
def test_a_period_is_the_sum_of_its_halves(seed: int, window: Window) -> None:
    middle = window.start + (window.end - window.start) // 2
    if middle == window.end:
        return
    halves = (Window(window.start, middle), Window(middle + timedelta(days=1), window.end))
    events = ("meetings_held", "field_visits", "democracy_events", "attendances_present", "decisions_due")
    more = ("associations_founded", "associations_ended", "meeting_slots_planned", "petitions_received")
    with _office(seed) as (desk, _filled):
        for id_ in events + more:
            parts = [evaluate(desk.connection, id_, half).numerator for half in halves]
            assert sum(part or 0 for part in parts) == evaluate(desk.connection, id_, window).numerator


@settings(max_examples=4, deadline=None)
@given(SEEDS, windows())
def test_the_year_before_is_the_same_figure_a_year_earlier(seed: int, window: Window) -> None:
    with _office(seed) as (desk, _filled):
        for id_ in ("meetings_held", "attendance_rate", "associations_total"):
            both = compare(desk.connection, id_, window)
            assert both.previous == evaluate(desk.connection, id_, window.last_year())
            if both.now.number is not None and both.previous.number is not None:
                assert both.change == both.now.number - both.previous.number
