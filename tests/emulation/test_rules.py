"""Clusters of three or four neighbours, registrations in time, targets met."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.emulation.rules import (
    ClusterWarning,
    cluster_sizes,
    cluster_warnings,
    connected,
    days_late,
    is_overdue,
    target_met,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_seven_quarters_make_three_and_four_and_five_cannot_be_split() -> None:
    assert cluster_sizes(7) == (3, 4)
    assert cluster_sizes(12) == (4, 4, 4)
    assert cluster_sizes(0) == ()
    assert [count for count in range(60) if cluster_sizes(count) is None] == [1, 2, 5]
    with pytest.raises(ValueError, match="negative"):
        cluster_sizes(-1)


@given(st.integers(0, 500))
def test_a_split_uses_every_quarter_once(quarters: int) -> None:
    sizes = cluster_sizes(quarters)
    if sizes is not None:
        assert sum(sizes) == quarters and set(sizes) <= {3, 4}


def test_size_and_adjacency_are_told() -> None:
    chain = [("a", "b"), ("b", "c"), ("x", "y")]
    assert cluster_warnings("abc", chain) == ()
    assert cluster_warnings("ab", chain) == (ClusterWarning("size", 2),)
    assert cluster_warnings("abx", chain) == (ClusterWarning("not_adjacent", 3),)
    assert cluster_warnings("abcxy", chain) == (ClusterWarning("size", 5), ClusterWarning("not_adjacent", 5))
    assert cluster_warnings("abx") == (), "without known neighbours nothing is claimed"


@given(st.sets(st.integers(0, 8)), st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8))))
def test_adjacency_does_not_depend_on_direction_or_outsiders(members: set[int], edges: list[tuple[int, int]]) -> None:
    expected = connected(members, edges)
    assert connected(members, [(b, a) for a, b in edges]) == expected
    assert connected(members, [*edges, (100, 101), (100, 0)]) == expected
    assert connected(members, [*edges, *((a, b) for a in members for b in members)])


@given(DAYS, st.integers(-400, 400), DAYS)
def test_lateness(due: date, after: int, today: date) -> None:
    assert days_late(due, due + timedelta(days=after), today) == max(0, after)
    assert days_late(due, None, today) == max(0, (today - due).days)
    assert days_late(None, None, today) == 0


@given(st.integers(0, 100), st.integers(0, 100), DAYS, DAYS)
def test_a_target_is_met_when_its_result_is_confirmed(target: int, result: int, confirmed: date, as_of: date) -> None:
    assert target_met(target, result, confirmed, as_of) == (confirmed <= as_of and result >= target)
    assert target_met(None, None, confirmed, as_of) == (confirmed <= as_of)
    assert not target_met(target, result, None, as_of)
    assert not target_met(target, None, confirmed, as_of)


def test_overdue_is_from_the_day_after() -> None:
    due = date(2026, 6, 30)
    assert not is_overdue(due, None, due)
    assert is_overdue(due, None, date(2026, 7, 1))
    assert not is_overdue(due, date(2026, 7, 1), date(2026, 7, 1))
    assert is_overdue(due, date(2026, 7, 2), date(2026, 7, 1))
    assert not is_overdue(None, None, due)
