"""The properties of exchange, P1 to P9, on the model. That books do what the model does is shown in test_model.py.

P10 (nothing out of scope) stands in test_streams.py, P11 (an older program relays what it does not know) in
test_skew.py, P12 (crashes) and P13 (flips, truncation, extension) in tests/faults, P14 (memory) in tests/bench.
"""

from __future__ import annotations

import copy
import os
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .model import Replica
from .model_world import PEERS, Tree

RUNS = int(os.environ.get("HOIDESK_MODEL_RUNS", "100"))
"""How many schedules a property is tried on; the long form sets more."""

schedules = st.integers(0, 2**32)
many = settings(max_examples=RUNS, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def lived(seed: int, steps: int = 45, faults: tuple[str, ...] = ()) -> Tree:
    """A tree that lived through a random schedule."""
    chance = random.Random(seed)
    tree = Tree(faults)
    area = tree.create("A", "area")
    tree.create("A", "branch", area)
    for _step in range(steps):
        tree.step(chance)
    return tree


def facts(replica: Replica) -> tuple[object, ...]:
    """What a package may change."""
    rows = {i: (row.created, {g: (c.values, c.stamp) for g, c in row.cells.items()}) for i, row in replica.rows.items()}
    parked = sorted(s.id for _p, _m, s in replica.parked)
    return rows, dict(replica.conflicts), dict(replica.vector), parked, set(replica.suggested)


def outcome(tree: Tree, place: str) -> tuple[object, ...]:
    """What two orders of the same packages must agree on: all of it but conflicts about a value that somebody typed
    over knowingly. Such a one may be noted when the value came another way than the word about it."""
    rows, conflicts, *more = facts(tree.pcs[place])
    assert isinstance(conflicts, dict)
    over = {(w.id, v) for w in tree.ledger if w.over is not None for v in w.over}
    return rows, {k: v for k, v in conflicts.items() if (k[1], v) not in over}, *more


def fresh_packages(tree: Tree, place: str) -> list[int]:
    """New packages of all who may send to a PC."""
    unit = tree.units[place]
    senders = [p for p, u in tree.units.items() if p != place and unit in PEERS[u] and (u != unit or place in "AB")]
    return [tree.send(p, unit) for p in senders if "'" not in p]


@many
@given(schedules)
def test_p1_packages_of_different_senders_commute(seed: int) -> None:
    tree = lived(seed)
    for place in ("A", "B", "cell", "district"):
        numbers = fresh_packages(tree, place)[:2]
        results = []
        for order in (numbers, numbers[::-1]):
            other = copy.deepcopy(tree)
            states = [other.arrive(n, place) for n in order]
            results.append((sorted(states), outcome(other, place)))
        if set(results[0][0]) == {"merged"}:
            assert results[0][1] == results[1][1]


@many
@given(schedules)
def test_p2_it_does_not_matter_who_merged_first(seed: int) -> None:
    """Three PCs: A takes B and then the cell, or B takes the cell first and A takes B."""
    tree = lived(seed)
    directly, through = copy.deepcopy(tree), copy.deepcopy(tree)
    states = [directly.trip("cell", "A"), directly.trip("B", "A")]
    states += [through.trip("cell", "B"), through.trip("B", "A")]
    if states == ["merged"] * 4 and not through.pcs["B"].parked:
        one, two = directly.pcs["A"], through.pcs["A"]
        assert {i: {g: c.values for g, c in row.cells.items()} for i, row in one.rows.items()} == {
            i: {g: c.values for g, c in row.cells.items()} for i, row in two.rows.items()
        }
        assert outcome(directly, "A")[1] == outcome(through, "A")[1]


@many
@given(schedules)
def test_p3_a_package_twice_changes_nothing(seed: int) -> None:
    tree = lived(seed)
    for place in ("A", "cell", "district"):
        for number in fresh_packages(tree, place):
            if tree.arrive(number, place) == "merged":
                before = facts(tree.pcs[place])
                assert tree.arrive(number, place) in ("duplicate", "superseded")
                assert facts(tree.pcs[place]) == before
                # And the same content under a new number.
                tree.arrive(tree.send(sender_of(tree, number), tree.units[place]), place)
                assert facts(tree.pcs[place])[:2] == before[:2]


def sender_of(tree: Tree, number: int) -> str:
    return next(p for p, r in tree.pcs.items() if r.inc == tree.flying[number].inc)


def shared(tree: Tree, one: str, other: str) -> list[dict[object, object]]:
    """What each of two PCs holds of what the first sends the second."""
    a, b = tree.pcs[one], tree.pcs[other]
    views = []
    for mine in (a, b):
        view: dict[object, object] = {}
        for i, row in mine.rows.items():
            for group in a.scope(row, b.unit):
                view[i, group] = row.cells[group].values
        views.append(view)
    return views


def converged(tree: Tree) -> None:
    suggested = {i for r in tree.pcs.values() for i, _g, _s in r.suggested}
    for one, a in tree.pcs.items():
        for other, b in tree.pcs.items():
            if other != one and b.unit in PEERS[a.unit]:
                here, there = shared(tree, one, other)
                open_ = {i for i, _g in here} - {i for i, _g in there}
                # What the receiver may not take stands in its list of suggestions, with what hangs on it.
                assert not open_ or suggested, (one, other, open_)
                different = {k: (v, there[k]) for k, v in here.items() if k in there and there[k] != v}
                assert not {k for k in different if k[0] not in suggested}, (one, other, different)


@many
@given(schedules)
def test_p4_after_any_schedule_a_final_exchange_makes_all_alike(seed: int) -> None:
    tree = lived(seed)
    tree.final_exchange()
    assert all(r.need is None for r in tree.pcs.values())
    assert not [(p, r.waiting) for p, r in tree.pcs.items() if any(w != "gap" for _x, w in r.waiting.values())]
    converged(tree)


@many
@given(schedules)
def test_p5_nothing_typed_is_lost_unseen(seed: int) -> None:
    """It won, or somebody typed over it knowingly, or it stands among the conflicts or suggestions."""
    tree = lived(seed)
    tree.final_exchange()
    held = {(i, g, c.values) for r in tree.pcs.values() for i, row in r.rows.items() for g, c in row.cells.items()}
    typed_over = {(w.id, w.group, w.over) for w in tree.ledger if w.over is not None}
    lost = {(k[1], v) for r in tree.pcs.values() for k, v in r.conflicts.items()}
    suggested = {(i, g) for r in tree.pcs.values() for i, g, _s in r.suggested}
    for w in tree.ledger:
        key = (w.id, w.group, w.values)
        if key in held or key in typed_over or (w.id, w.group) in suggested:
            continue
        assert any((w.id, v) in lost for v in w.values), w


@many
@given(schedules)
def test_p6_a_package_that_is_not_merged_changes_nothing(seed: int) -> None:
    tree = lived(seed)
    for number in range(len(tree.flying)):
        for place in [p for p, u in tree.units.items() if u == tree.flying[number].to]:
            other = copy.deepcopy(tree.pcs[place])
            before = facts(other)
            if other.receive(tree.flying[number]) != "merged":
                assert facts(other) == before


@many
@given(schedules)
def test_p7_no_stamp_is_beyond_true_time_and_45_days(seed: int) -> None:
    tree = lived(seed)
    last = (tree.cap + 1) << 16
    for replica in tree.pcs.values():
        assert replica.hlc <= last
        for row in replica.rows.values():
            assert all(c.stamp[0] <= last for c in row.cells.values())


@many
@given(schedules)
def test_p8_who_types_over_a_value_has_the_larger_stamp(seed: int) -> None:
    chance = random.Random(seed)
    tree = lived(seed, steps=20)
    for _step in range(25):
        before = {
            (p, i, g): c.stamp for p, r in tree.pcs.items() for i, row in r.rows.items() for g, c in row.cells.items()
        }
        counts = len(tree.ledger)
        tree.step(chance)
        for w in tree.ledger[counts:]:
            if w.over is not None:
                assert tree.pcs[w.place].rows[w.id].cells[w.group].stamp > before[w.place, w.id, w.group]


@many
@given(schedules, st.sampled_from(["cell", "A", "district"]))
def test_p9_a_fork_is_noticed_once_a_package_of_each_twin_met(seed: int, place: str) -> None:
    tree = lived(seed, steps=15)
    chance = random.Random(seed)
    reader = {"cell": "A", "A": "cell", "district": "A"}[place]
    tree.pcs[place].need = None
    tree.save(place)
    if f"{place}'" in tree.pcs:
        return
    tree.twin(place, f"{place}'")
    to = tree.units[reader]
    for one in (place, f"{place}'"):
        for _lost in range(chance.randrange(4)):
            tree.send(one, to)
    first = tree.trip(place, reader)
    second = tree.trip(f"{place}'", reader)
    assert "fork" in (first, second) or {first, second} & {"mend", "gap", "clock"}
    if second == "fork":
        # The twin that was refused learns it from the reader's next package, and nothing of it is lost.
        if tree.pcs[reader].need is None and tree.trip(reader, f"{place}'") == "mend":
            tree.mend(f"{place}'")
            assert tree.trip(f"{place}'", reader) == "merged"
