"""Six mistakes that such a design invites, seeded into the model and into the books: each is caught.

A schedule that comes out right without the mistake comes out wrong with it, on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hoidesk.exchange import export
from hoidesk.exchange.merge import marks, mending, taking
from hoidesk.exchange.merge.replica import split_off

from .model_world import DAY, Tree
from .side_by_side import World
from .test_model import family

__all__ = ["family"]

Place = Tree | World


def begin(w: Place) -> bytes:
    """A branch that ward and cell know, and one package of the cell that all its copies share."""
    branch = w.create("A", "branch", w.create("A", "area"))
    w.trip("A", "cell")
    w.trip("cell", "A")
    return branch


def twins(w: Place) -> bytes:
    branch = begin(w)
    w.save("cell")
    w.twin("cell", "cell'")
    return branch


def wrong_clock(w: Place, place: str, days: int) -> None:
    if isinstance(w, Tree):
        w.error[place] = days * DAY
    else:
        w.set_clock(place, days * DAY)


def replica(w: Place, place: str) -> Any:
    pc = w.pcs[place]
    return pc if isinstance(w, Tree) else pc.model  # type: ignore[union-attr]


def pointer(w: Place) -> None:
    """The twin's packages before the one that arrives were lost, so its predecessor tells nothing."""
    branch = twins(w)
    w.edit("cell", branch, "name")
    w.trip("cell", "A")
    for _lost in range(2):
        w.send("cell'", "P05-2")
    w.edit("cell'", branch, "rhythm")
    assert w.trip("cell'", "A") == "fork"


def noticed_twin(w: Place) -> bytes:
    branch = twins(w)
    wrong_clock(w, "cell'", 30)
    w.edit("cell'", branch, "name")
    w.send("cell'", "P05-2")
    w.edit("cell", branch, "rhythm")
    w.trip("cell", "A")
    assert w.trip("A", "cell'") == "mend"
    return branch


def vector(w: Place) -> None:
    """The mended twin's clock ran ahead; what the original writes later has smaller stamps and must still arrive."""
    branch = noticed_twin(w)
    w.mend("cell'")
    for sender, receiver in (("cell'", "A"), ("A", "cell'"), ("cell'", "A")):
        w.trip(sender, receiver)
    w.edit("cell", branch, "rhythm")
    w.trip("cell", "A")
    w.trip("A", "cell'")
    assert replica(w, "cell'").rows[branch].cells["rhythm"] == replace(
        replica(w, "A").rows[branch].cells["rhythm"], seq=replica(w, "cell'").rows[branch].cells["rhythm"].seq
    )


def receipts(w: Place) -> None:
    """A receipt for the original's package 2 is none for the twin's package 2."""
    noticed_twin(w)


def re(w: Place) -> None:
    """The ward holds a package that this book never made: looked at before anything is merged."""
    noticed_twin(w)


def state(w: Place) -> None:
    """A branch that comes into a scope by its state, long after it was made, finds its way."""
    branch = w.create("A", "branch", w.create("A", "area"))
    w.edit("A", branch, "rhythm", "quarterly")
    for _turn in range(2):
        w.trip("A", "cell")
        w.trip("cell", "A")
    w.edit("A", branch, "rhythm", "monthly")
    w.trip("A", "cell")
    assert branch in replica(w, "cell").rows


def old(w: Place) -> None:
    """The ward was put back; a stick from before tells of packages that it does not hold any more."""
    branch = begin(w)
    w.save("A")
    w.edit("cell", branch, "name")
    w.trip("cell", "A")
    stick = w.send("A", "P05-2-03")
    w.arrive(stick, "cell")
    w.put_back("A", told=True)
    w.trip("A", "cell")
    w.arrive(stick, "cell")
    assert w.trip("cell", "A") == "merged"


SCHEDULES: dict[str, Callable[[Place], None]] = {
    "pointer": pointer,
    "vector": vector,
    "receipts": receipts,
    "re": re,
    "state": state,
    "old": old,
}


@pytest.mark.parametrize("fault", SCHEDULES)
def test_the_model_is_right_and_the_mistake_is_caught_in_it(fault: str) -> None:
    SCHEDULES[fault](Tree())
    with pytest.raises(AssertionError):
        SCHEDULES[fault](Tree([fault]))


@pytest.mark.usefixtures("cloned_disks")
@pytest.mark.parametrize("fault", SCHEDULES)
def test_books_are_right_and_the_mistake_is_caught_in_them(fault: str, family: Path, tmp_path: Path) -> None:
    for wrong in (False, True):
        world = World(family, tmp_path / f"world{wrong}")
        try:
            if wrong:
                with seeded(fault), pytest.raises(AssertionError):
                    SCHEDULES[fault](world)
            else:
                SCHEDULES[fault](world)
        finally:
            world.close()


@contextmanager
def seeded(fault: str) -> Iterator[None]:
    """The mistake in the program itself."""
    with pytest.MonkeyPatch.context() as patch:
        SEEDS[fault](patch)
        yield


def _pointer(patch: pytest.MonkeyPatch) -> None:
    claimed = taking._claimed
    patch.setattr(taking, "_claimed", lambda m: {k: v for k, v in claimed(m).items() if k >= m.number - 1})


def _vector(patch: pytest.MonkeyPatch) -> None:
    def not_lowered(connection: Any, *, after: int, proven: int) -> int:
        return split_off(
            connection, after=after, proven=connection.execute(text("SELECT hlc FROM clock_state")).scalar()
        )

    patch.setattr(mending, "split_off", not_lowered)


def _receipts(patch: pytest.MonkeyPatch) -> None:
    def by_number(connection: Any, manifest: Any, peer: Any, own: bytes) -> bool:
        entry = manifest.re.get(own.hex())
        found = "SELECT 1 FROM package_out WHERE inc = :i AND number = :n"
        return entry is not None and connection.execute(text(found), {"i": own, "n": entry[0]}).first() is None

    patch.setattr(taking, "contradicts", by_number)


def _re(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taking, "contradicts", lambda *_: False)


def _state(patch: pytest.MonkeyPatch) -> None:
    whole = export.scope_for

    def by_state(*args: Any, **more: Any) -> Any:
        scope = whole(*args, **more)
        tables = [
            replace(t, where=f"{t.where} AND rhythm <> 'quarterly'") if t.table.name == "branch" else t
            for t in scope.tables
        ]
        return replace(scope, tables=tuple(tables))

    patch.setattr(export, "scope_for", by_state)


def _old(patch: pytest.MonkeyPatch) -> None:
    known = taking._known

    def obeyed(work: Any, manifest: Any, peer: Any, own: bytes) -> Any:
        entry = manifest.re.get(own.hex())
        if entry is not None and known(work, manifest, peer, own) is not None:
            marks.move_mark(work, own, peer.unit, entry[0], bytes.fromhex(entry[1]), entry[2])
        return known(work, manifest, peer, own)

    patch.setattr(taking, "_known", obeyed)


SEEDS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "pointer": _pointer,
    "vector": _vector,
    "receipts": _receipts,
    "re": _re,
    "state": _state,
    "old": _old,
}
