"""The tray: what a person has to know or decide is all there, in words, and is settled by ordinary edits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.operations import Restore, Void
from hoidesk.errors import UserError
from hoidesk.exchange.decide.set_aside import KeepAside
from hoidesk.exchange.decide.tray import Item, Tray, tray, tray_count
from hoidesk.exchange.operations import (
    ApplySuggestion,
    DismissQuarantine,
    DismissSuggestion,
    ReopenQuarantine,
    ReopenSuggestion,
    RetryQuarantine,
    SettleConflict,
)
from hoidesk.meetings.operations import SaveMeeting

from .books import CELL, WARD, deliver, field, join, meet, new_book, register
from .test_merging import Forge, meeting, new


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, WARD) as book:
        yield book


@pytest.fixture
def cell(tmp_path: Path, ward: Book) -> Iterator[Book]:
    with new_book(tmp_path, CELL) as book:
        join(ward, book)
        yield book


@pytest.fixture
def forge(cell: Book, ward: Book, tmp_path: Path) -> Forge:
    return Forge(cell, ward, tmp_path)


def look(book: Book, *, settled: bool = False) -> Tray:
    with book.read() as connection:
        return tray(connection, settled=settled)


def the_only(book: Book) -> Item:
    (item,) = look(book).items
    return item


def how_many(book: Book) -> int:
    with book.read() as connection:
        return tray_count(connection)


def both_edit(ward: Book, cell: Book, tmp_path: Path) -> Any:
    """One meeting whose attendance and day are edited on both sides; the cell's clock is a second ahead, so it wins."""
    branch = register(ward)[2]
    id_ = meet(ward, branch)
    deliver(ward, cell, tmp_path / "a")
    ward.run(SaveMeeting(id=id_, present="27", excused="2", held_on="06/11/2026"))
    with cell.transaction("clock", "test") as work:
        work.connection.exec_driver_sql("UPDATE clock_state SET hlc = hlc + (1000 << 16), seq = seq + 1")
    cell.run(SaveMeeting(id=id_, present="28", excused="1", held_on="07/11/2026"))
    deliver(cell, ward, tmp_path / "b")
    return id_


def test_coupled_fields_are_one_decision(ward: Book, cell: Book, tmp_path: Path) -> None:
    id_ = both_edit(ward, cell, tmp_path)
    item = the_only(ward)
    assert (item.kind, item.record, item.unit) == ("conflict", id_, "P05-2-03")
    assert item.title == "07/11/2026 · Chi hội Người cao tuổi số 3 · Khu phố 3"
    assert how_many(ward) == 1
    by_label = {d.fields[0].label: d for d in item.decisions}
    assert set(by_label) == {"Invited", "Held on"}
    attendance = by_label["Invited"]
    assert [(f.label, f.ours, f.theirs) for f in attendance.fields] == [
        ("Invited", 31, 31),
        ("Present", 28, 27),
        ("Absent with reason", 1, 2),
    ]
    assert attendance.lost.here and attendance.lost.user == "Bích" and attendance.won.unit == "P05-2-03"
    assert attendance.lost.at < attendance.won.at

    ward.run(SettleConflict(id=attendance.ids[0], take=True, seen=item.seen))
    assert (field(ward, "meeting", id_, "present"), field(ward, "meeting", id_, "excused")) == (27, 2)
    assert field(ward, "meeting", id_, "held_on") == "2026-11-07"
    assert [d.fields[0].label for d in the_only(ward).decisions] == ["Held on"]
    ward.undo()
    assert (field(ward, "meeting", id_, "present"), field(ward, "meeting", id_, "excused")) == (28, 1)
    assert len(the_only(ward).decisions) == 2, "undo gives the decision back"


def test_what_was_settled_can_be_looked_up(ward: Book, cell: Book, tmp_path: Path) -> None:
    both_edit(ward, cell, tmp_path)
    item = the_only(ward)
    for decision in item.decisions:
        ward.run(SettleConflict(id=decision.ids[0], take=False, seen=item.seen))
    assert look(ward).items == () and how_many(ward) == 0
    (found,) = look(ward, settled=True).items
    assert len(found.decisions) == 2 and found.settled_on is not None


def test_a_value_that_was_changed_since_is_not_settled_over(ward: Book, cell: Book, tmp_path: Path) -> None:
    id_ = both_edit(ward, cell, tmp_path)
    item = the_only(ward)
    ward.run(SaveMeeting(id=id_, excused="3"))
    attendance = next(d for d in item.decisions if d.fields[0].label == "Invited")
    day = next(d for d in item.decisions if d.fields[0].label == "Held on")
    with pytest.raises(UserError) as caught:
        ward.run(SettleConflict(id=attendance.ids[0], take=True, seen=item.seen))
    assert caught.value.code == "record.changed"
    assert field(ward, "meeting", id_, "present") == 28
    ward.run(SettleConflict(id=day.ids[0], take=True, seen=item.seen))
    assert field(ward, "meeting", id_, "held_on") == "2026-11-06", "another field of the record is free to settle"


def test_a_suggestion_is_applied_or_left(ward: Book, forge: Forge) -> None:
    area = register(ward)[0]
    forge.send((2, {7: "Khu phố Ba"}, "set", area))
    item = the_only(ward)
    assert (item.kind, item.title, item.unit) == ("suggestion", "Khu phố 3", "P05-2-03")
    assert [(f.label, f.ours, f.theirs) for f in item.fields] == [("Name", "Khu phố 3", "Khu phố Ba")]
    _table, record, clock, replica = item.key
    named = {"table": "area", "record": record, "clock": clock, "replica": replica}
    ward.run(ApplySuggestion(**named, seen=item.seen))
    assert field(ward, "area", area, "name") == "Khu phố Ba" and look(ward).items == ()
    with pytest.raises(UserError):
        ward.run(DismissSuggestion(**named))
    assert [i.settled for i in look(ward, settled=True).items] == [""]
    ward.undo()
    assert field(ward, "area", area, "name") == "Khu phố 3"

    forge.send((2, {7: "Khu phố Bốn"}, "set", area))
    item = the_only(ward)
    ward.run(DismissSuggestion(table="area", record=item.key[1], clock=item.key[2], replica=item.key[3]))
    assert field(ward, "area", area, "name") == "Khu phố 3" and how_many(ward) == 0
    # What was left by mistake, or taken over and undone, is put back and decided again.
    named = {"table": "area", "record": area, "replica": replica}
    for kept in look(ward, settled=True).items:
        ward.run(ReopenSuggestion(**named, clock=kept.key[2]))
        with pytest.raises(UserError):
            ward.run(ReopenSuggestion(**named, clock=kept.key[2]))
    assert how_many(ward) == 2 and look(ward, settled=True).items == ()


def test_a_held_back_row_is_tried_again_or_left_out(ward: Book, forge: Forge) -> None:
    branch = register(ward)[2]
    forge.send((20, meeting(branch, c8="2026-02-31"), "new", new()), (20, meeting(branch, c18="24"), "new", new()))
    items = look(ward).items
    assert [i.kind for i in items] == ["quarantine", "quarantine"] and how_many(ward) == 2
    assert all(i.reason and i.unit == "P05-2-03" and i.number == 1 for i in items)
    with pytest.raises(UserError) as caught:
        ward.run(RetryQuarantine(entry=items[0].key[0]))
    assert caught.value.code == "kept.bad" and how_many(ward) == 2
    with pytest.raises(UserError):
        ward.run(DismissQuarantine(entry=items[0].key[0], reason="  "))
    ward.run(DismissQuarantine(entry=items[0].key[0], reason="Đã ghi lại bằng tay"))
    assert how_many(ward) == 1
    assert [i.settled for i in look(ward, settled=True).items] == ["Đã ghi lại bằng tay"]
    ward.run(ReopenQuarantine(entry=items[0].key[0]))
    assert how_many(ward) == 2
    with pytest.raises(UserError):
        ward.run(ReopenQuarantine(entry=items[0].key[0]))


def test_a_row_that_comes_again_is_held_back_once(ward: Book, forge: Forge) -> None:
    branch = register(ward)[2]
    bad = (20, meeting(branch, c8="2026-02-31"), "full", new())
    forge.send(bad)  # type: ignore[arg-type]
    ward.run(DismissQuarantine(entry=the_only(ward).key[0], reason="Đã ghi lại bằng tay"))
    forge.clock -= 1  # the same stamp: a full package repeats the row as it was
    forge.send(bad)  # type: ignore[arg-type]
    assert look(ward).items == (), "what a person decided about it stands"


def test_a_held_back_row_is_taken_once_its_rule_is_kept(ward: Book, forge: Forge) -> None:
    """A stamp beyond the package's own vector holds a row back; the values themselves are sound."""
    branch = register(ward)[2]
    id_ = new()
    forge.send((20, meeting(branch), "new", id_), vector={"c0" * 16: "1"})
    item = the_only(ward)
    assert item.title == "05/11/2026"
    ward.run(RetryQuarantine(entry=item.key[0]))
    assert field(ward, "meeting", id_, "present") == 24 and look(ward).items == ()


def test_a_row_without_its_parent_and_a_package_too_early_are_told(ward: Book, forge: Forge) -> None:
    branch = register(ward)[2]
    forge.send((20, meeting(new()), "new", new()))
    parked = the_only(ward)
    assert (parked.kind, parked.title, parked.unit, parked.reason) == ("parked", "05/11/2026", "P05-2-03", "branch")
    assert parked.at is not None and parked.number == 1
    early = forge.send((20, meeting(branch), "new", new()), start=50, end=60, after=(7, "ab" * 16))
    assert early.state == "waiting"
    package = next(i for i in look(ward).items if i.kind == "package")
    assert (package.unit, package.number, package.missing, package.reason) == ("P05-2-03", 2, 7, "gap")
    assert how_many(ward) == 2


def test_a_conflict_record_may_hold_any_nonsense(ward: Book, forge: Forge) -> None:
    """Conflict records come out of packages: what they say of clocks and replicas is shown, never believed."""
    branch = register(ward)[2]
    values = {2: "P05-2-03", 3: None, 4: 11, 5: branch.hex, 6: 7, 7: '"Tên lạ"', 12: "ở đâu đó"}
    forge.send((80, values | {8: "không phải số", 9: "xyz", 10: "ffffffffffffffff", 11: "a"}, "new", new()))
    item = the_only(ward)
    (decision,) = item.decisions
    assert (decision.lost.unit, decision.lost.at.year, decision.won.at.year) == ("ở đâu đó", 1970, 6429)
    ward.run(SettleConflict(id=decision.ids[0], take=True, seen=item.seen))
    assert field(ward, "branch", branch, "name") == "Tên lạ"


@pytest.mark.parametrize("back", [True, False])
def test_a_record_set_aside_here_and_edited_there_is_in_the_tray(
    ward: Book, cell: Book, tmp_path: Path, back: bool
) -> None:
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    deliver(cell, ward, tmp_path / "b")
    ward.run(Void(table="branch", id=branch, reason="Ghi nhầm địa bàn"))
    cell.run(SaveBranch(id=branch, name="Chi hội Người cao tuổi Đền Voi Phục"))
    deliver(cell, ward, tmp_path / "c")
    item = the_only(ward)
    assert item.edited is not None and how_many(ward) == 1
    assert (item.kind, item.voided, item.unit) == ("aside", "Ghi nhầm địa bàn", "P05-2-03")
    table, record = item.key
    ward.run(Restore(table=table, id=record) if back else KeepAside(table=table, id=record))
    assert look(ward).items == () and how_many(ward) == 0
    assert (field(ward, "branch", branch, "voided") is None) is back
    assert field(ward, "branch", branch, "name") == "Chi hội Người cao tuổi Đền Voi Phục"
