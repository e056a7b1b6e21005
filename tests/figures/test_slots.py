from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hoidesk.figures.slots import RHYTHMS, Slot, alive_on, filled_by, planned_slots, whole_quarters
from hoidesk.figures.window import Window

HALF_YEAR = Window(date(2026, 1, 1), date(2026, 6, 30))
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
MAYBE_DAY = st.none() | DAYS


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(DAYS)
    return Window(start, start + timedelta(days=draw(st.integers(0, 900))))


def test_a_half_year_has_the_slots_of_each_rhythm() -> None:
    counts = {rhythm: len(planned_slots(rhythm, HALF_YEAR)) for rhythm in RHYTHMS}
    assert counts == {"monthly": 6, "two_monthly": 3, "quarterly": 2, "half_yearly": 1}
    assert planned_slots("unset", HALF_YEAR) == planned_slots(None, HALF_YEAR) == []


def test_a_window_across_three_half_years_counts_the_slots_that_end_in_it() -> None:
    window = Window(date(2020, 2, 1), date(2021, 4, 30))
    assert len(planned_slots("monthly", window)) == 15
    assert [s.end for s in planned_slots("quarterly", window)] == [
        date(2020, 3, 31),
        date(2020, 6, 30),
        date(2020, 9, 30),
        date(2020, 12, 31),
        date(2021, 3, 31),
    ]
    assert len(planned_slots("half_yearly", window)) == 2
    assert whole_quarters(window) == [
        Slot(date(2020, 4, 1), date(2020, 6, 30)),
        Slot(date(2020, 7, 1), date(2020, 9, 30)),
        Slot(date(2020, 10, 1), date(2020, 12, 31)),
        Slot(date(2021, 1, 1), date(2021, 3, 31)),
    ]


def test_a_branch_owes_no_slot_that_ends_before_it_began_or_after_it_ended() -> None:
    slots = planned_slots("monthly", HALF_YEAR, founded=date(2026, 2, 28), ended=date(2026, 5, 31))
    assert [s.end.month for s in slots] == [2, 3, 4]


def test_two_meetings_in_one_slot_fill_one_slot() -> None:
    slots = planned_slots("monthly", HALF_YEAR)
    filled = filled_by(slots, [date(2026, 1, 20), date(2026, 1, 5), date(2026, 3, 31)])
    assert filled == {slots[0]: date(2026, 1, 5), slots[2]: date(2026, 3, 31)}


@given(st.sampled_from(list(RHYTHMS)), windows(), st.lists(DAYS, max_size=40), MAYBE_DAY, MAYBE_DAY)
def test_a_rate_of_slots_never_passes_a_hundred(
    rhythm: str, window: Window, days: list[date], founded: date | None, ended: date | None
) -> None:
    slots = planned_slots(rhythm, window, founded=founded, ended=ended)
    filled = filled_by(slots, days)
    assert set(filled) <= set(slots)
    assert len(filled) <= len(days)
    for slot, first in filled.items():
        assert slot.start <= first <= slot.end
        assert first == min(d for d in days if slot.start <= d <= slot.end)
    for slot in slots:
        assert slot.end in window
        assert alive_on(slot.end, founded, ended)
        assert slot in filled or not any(slot.start <= d <= slot.end for d in days)


@given(st.sampled_from(list(RHYTHMS)), windows(), st.data())
def test_cutting_a_window_in_two_loses_no_slot_and_makes_none(rhythm: str, window: Window, data: st.DataObject) -> None:
    cut = window.start + timedelta(days=data.draw(st.integers(0, (window.end - window.start).days)))
    first = planned_slots(rhythm, Window(window.start, cut))
    rest = [] if cut == window.end else planned_slots(rhythm, Window(cut + timedelta(days=1), window.end))
    assert first + rest == planned_slots(rhythm, window)


@given(st.sampled_from(list(RHYTHMS)), windows())
def test_slots_follow_each_other_without_a_gap(rhythm: str, window: Window) -> None:
    slots = planned_slots(rhythm, window)
    for one, following in itertools.pairwise(slots):
        assert following.start == one.end + timedelta(days=1)
    for slot in slots:
        assert slot.start.day == 1
        assert (slot.start.month - 1) % RHYTHMS[rhythm] == 0
