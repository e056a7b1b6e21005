"""Sticks that are lost, repeated and out of order; books that were copied, put back or lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.backup import backup_to, restore_backup
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.errors import UserError
from hoidesk.exchange.merge.marks import move_mark
from hoidesk.exchange.merge.mending import mend, need_of
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import inbox_dir, receive_waiting
from hoidesk.exchange.rows import board
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.units.operations import SaveArea

from .books import (
    CELL,
    PASSWORD,
    WARD,
    count,
    deliver,
    dump,
    field,
    join,
    meet,
    new_book,
    only,
    register,
    send,
    take_in,
)


def test_a_lost_stick_costs_nothing(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    first = meet(cell, branch)
    send(cell, tmp_path / "lost")
    second = meet(cell, branch, "2026-11-08")
    received = deliver(cell, ward, tmp_path / "b")
    assert received.counts.new == 2
    assert field(ward, "meeting", first, "present") == field(ward, "meeting", second, "present") == 24


def test_a_package_twice_changes_nothing_and_is_answered_again(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meet(cell, branch)
    sent = send(cell, tmp_path / "b")
    take_in(ward, [sent.path])
    before = dump(ward)
    again = take_in(ward, [sent.path], receipts_to=tmp_path / "b")
    assert [r.state for r in again.results] == ["duplicate"]
    assert len(again.receipts) == 1
    assert dump(ward) == before


def test_an_older_package_after_a_newer_one_changes_nothing(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meeting = meet(cell, branch)
    old = send(cell, tmp_path / "b")
    cell.run(SaveMeeting(id=meeting, present=30))
    new = send(cell, tmp_path / "b")
    take_in(ward, [new.path])
    before = dump(ward)
    assert only(take_in(ward, [old.path])).state == "superseded"
    assert dump(ward) == before and field(ward, "meeting", meeting, "present") == 30


def test_a_gap_waits_with_the_missing_number_and_is_taken_later(cell: Book, ward: Book, tmp_path: Path) -> None:
    """The ward's other PC took package 1 and acknowledged it; this one meets package 2 first."""
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    first = meet(cell, branch)
    one = send(cell, tmp_path / "one")
    with cell.transaction("test", "test") as work:
        row = work.connection.exec_driver_sql("SELECT inc, id, last FROM package_out").one()
        move_mark(work, bytes(row[0]), ward.unit.code, one.number, bytes(row[1]), row[2])
    meet(cell, branch, "2026-11-08")
    two = send(cell, tmp_path / "two")
    waits = only(take_in(ward, [two.path]))
    assert waits.state == "waiting" and f" {one.number} " in waits.sentence and count(ward, "meeting") == 0
    with ward.read() as connection:
        (peer,) = board(connection)
        assert (peer.waiting, peer.missing) == (1, (one.number,))
    two.path.unlink()
    both = take_in(ward, [one.path])
    assert [r.state for r in both.results] == ["merged", "merged"]
    assert count(ward, "meeting") == 2 and field(ward, "meeting", first, "present") == 24
    with ward.read() as connection:
        assert board(connection)[0].waiting == 0
    assert not list(inbox_dir(ward).iterdir())


@pytest.mark.usefixtures("cloned_disks")
def test_a_book_that_was_put_back_is_told_so(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    ward.close()
    shutil.copytree(ward.folder, tmp_path / "copy.hoibook")
    with open_book(ward.folder, password=PASSWORD) as now:
        now.run(SaveBranch(id=branch, name="Tên mới"))
        deliver(now, cell, tmp_path / "b")
    sent = send(cell, tmp_path / "c")
    with open_book(tmp_path / "copy.hoibook", password=PASSWORD) as copy:
        before = dump(copy)
        waits = only(take_in(copy, [sent.path]))
        assert waits.state == "waiting" and dump(copy) == before
        with copy.read() as connection:
            need = need_of(connection)
        assert need is not None and (need.reason, need.unit) == ("fork", cell.unit.code)
        assert mend(copy).reason == "fork"
        (taken,) = receive_waiting(copy, opener=open_here)
        assert taken.state == "merged"
        assert deliver(copy, cell, tmp_path / "d").state == "merged"
        assert deliver(cell, copy, tmp_path / "e").state == "merged"
        assert field(copy, "branch", branch, "name") == field(cell, "branch", branch, "name") == "Tên mới"
        with pytest.raises(UserError) as caught:
            mend(copy)
        assert caught.value.code == "mend.nothing"


@pytest.mark.usefixtures("cloned_disks")
def test_two_books_under_one_identity_are_noticed(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    cell.close()
    shutil.copytree(cell.folder, tmp_path / "clone.hoibook")
    with (
        open_book(cell.folder, password=PASSWORD) as one,
        open_book(tmp_path / "clone.hoibook", password=PASSWORD) as two,
    ):
        meet(one, branch)
        meet(two, branch, "2026-11-08")
        first, second = send(one, tmp_path / "one"), send(two, tmp_path / "two")
    assert only(take_in(ward, [first.path])).state == "merged"
    before = dump(ward)
    refused = only(take_in(ward, [second.path]))
    assert (refused.state, refused.code) == ("refused", "package.fork") and dump(ward) == before


@pytest.mark.usefixtures("cloned_disks")
def test_a_clone_with_a_lower_number_is_noticed_by_the_names_of_earlier_packages(
    cell: Book, ward: Book, tmp_path: Path
) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    cell.close()
    shutil.copytree(cell.folder, tmp_path / "clone.hoibook")
    with (
        open_book(cell.folder, password=PASSWORD) as one,
        open_book(tmp_path / "clone.hoibook", password=PASSWORD) as two,
    ):
        send(one, tmp_path / "lost")
        newer = send(one, tmp_path / "one")
        meet(two, branch)
        older = send(two, tmp_path / "two")
    assert (newer.number, older.number) == (2, 1)
    assert only(take_in(ward, [newer.path])).state == "merged"
    assert only(take_in(ward, [older.path])).code == "package.fork"


def test_a_stranger_is_refused_and_the_book_is_the_same(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    register(ward)
    with new_book(tmp_path, WARD, "twin") as other, new_book(tmp_path, CELL, "other cell") as unknown:
        join(other, unknown)
        sent = send(unknown, tmp_path / "x")
    before = dump(ward)
    refused = only(take_in(ward, [sent.path]))
    assert refused.state == "refused" and refused.code == "package.not_sealed_for_us" and refused.sentence
    assert dump(ward) == before


def test_a_restored_backup_goes_on_exchanging_and_gets_back_what_it_may_see(
    cell: Book, ward: Book, tmp_path: Path
) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a", receipts_to=tmp_path / "a")
    take_in(ward, [tmp_path / "a"])
    old = meet(cell, branch)
    deliver(cell, ward, tmp_path / "b", receipts_to=tmp_path / "b")
    take_in(cell, [tmp_path / "b"])
    backup = backup_to(cell, tmp_path)
    lost = meet(cell, branch, "2026-11-08")
    cell.run(SaveBranch(id=branch, name="Tên sửa sau bản sao"))
    deliver(cell, ward, tmp_path / "c", receipts_to=tmp_path / "c")
    cell.close()
    restore_backup(backup.path, tmp_path / "restored", user=None, password=PASSWORD)
    with open_book(tmp_path / "restored.hoibook", password=PASSWORD) as again:
        assert count(again, "meeting") == 1
        fresh = meet(again, branch, "2026-11-09")
        up = deliver(again, ward, tmp_path / "d")
        assert (up.state, up.counts.new, up.counts.conflicts, up.counts.refused) == ("merged", 1, 0, 0)
        assert {field(ward, "meeting", m, "present") for m in (old, lost, fresh)} == {24}
        assert field(ward, "branch", branch, "name") == "Tên sửa sau bản sao"
        down = deliver(ward, again, tmp_path / "e")
        assert down.state == "merged"
        assert field(again, "branch", branch, "name") == "Tên sửa sau bản sao"
        again.run(SaveBranch(id=branch, name="Tên mới nhất"))
        assert deliver(again, ward, tmp_path / "f").state == "merged"
        assert field(ward, "branch", branch, "name") == "Tên mới nhất" and count(ward, "conflict") == 0


def test_a_ward_may_enrol_its_cells_before_its_own_superior(
    cell: Book, ward: Book, district: Book, tmp_path: Path
) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    join(district, ward)
    meet(cell, branch)
    assert deliver(cell, ward, tmp_path / "b").counts.new == 1
    assert deliver(ward, district, tmp_path / "c").counts.new == 4
    ward.run(SaveBranch(id=branch, name="Sau khi ghi danh"))
    assert deliver(ward, cell, tmp_path / "d").state == "merged"
    assert field(cell, "branch", branch, "name") == "Sau khi ghi danh"


def test_a_lost_book_is_enrolled_again_and_the_old_keys_are_refused(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a", receipts_to=tmp_path / "a")
    take_in(ward, [tmp_path / "a"])
    meet(cell, branch)
    deliver(cell, ward, tmp_path / "b")
    stolen = send(cell, tmp_path / "stolen")
    with new_book(tmp_path, CELL, "new PC") as again:
        join(ward, again)
        down = deliver(ward, again, tmp_path / "c")
        # The register, and the meeting that the lost book had sent up.
        assert (down.state, down.counts.new) == ("merged", 4)
        assert count(again, "meeting") == 1
        meet(again, branch, "2026-11-10")
        assert deliver(again, ward, tmp_path / "d").counts.new == 1
    assert count(ward, "meeting") == 2
    refused = only(take_in(ward, [stolen.path]))
    assert (refused.state, refused.code) == ("refused", "package.old_keys")


def test_a_replica_known_only_from_another_units_vector_proves_no_fork(cell: Book, ward: Book, tmp_path: Path) -> None:
    """The ward was put back to before the second cell's first package; the first cell had heard of that one."""
    with new_book(tmp_path, ("cell", "P05-2-04", "Khu phố 4"), "cell2") as other:
        join(ward, cell)
        join(ward, other)
        association = register(ward)[1]
        area = ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4")).id
        branch = ward.run(SaveBranch(association_id=association, area_id=area, kind="elderly", name="Chi hội 4")).id
        deliver(ward, cell, tmp_path / "1")
        deliver(ward, other, tmp_path / "2")
        backup = backup_to(ward, tmp_path / "backup").path
        meeting = meet(other, branch)
        deliver(other, ward, tmp_path / "3")
        deliver(ward, cell, tmp_path / "4")
        again = restore_backup(backup, tmp_path / "again", user=None, password=PASSWORD)
        with open_book(again, password=PASSWORD) as restored:
            assert deliver(cell, restored, tmp_path / "5").state == "merged"
            received = deliver(other, restored, tmp_path / "6")
            assert (received.state, received.code) == ("merged", "")
            assert field(restored, "meeting", meeting, "present") == 24
            # From now on the replica is the second cell's, and nobody else's.
            assert deliver(restored, other, tmp_path / "7").state == "merged"


def test_a_package_that_waited_and_came_again_is_not_kept(cell: Book, ward: Book, tmp_path: Path) -> None:
    first, second = early(cell, ward, tmp_path)
    assert only(take_in(ward, [second])).state == "waiting" and len(list(inbox_dir(ward).iterdir())) == 1
    assert [r.state for r in take_in(ward, [first, second]).results] == ["merged", "merged"]
    assert not list(inbox_dir(ward).iterdir())


def test_a_package_that_waited_before_a_restore_is_not_waited_for(cell: Book, ward: Book, tmp_path: Path) -> None:
    first, second = early(cell, ward, tmp_path)
    take_in(ward, [second])
    assert waiting(ward) == 1
    backup = backup_to(ward, tmp_path / "backup").path
    ward.close()
    again = restore_backup(backup, tmp_path / "again", user=None, password=PASSWORD)
    with open_book(again, password=PASSWORD) as restored:
        assert take_in(restored, [first]).results[0].state == "merged"
        assert waiting(restored) == 0
        assert only(take_in(restored, [second])).state == "merged"


def early(cell: Book, ward: Book, tmp_path: Path) -> tuple[Path, Path]:
    """Two packages of the cell, of which the second builds on the first."""
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "down")
    meet(cell, branch)
    first = send(cell, tmp_path / "one").path
    with cell.transaction("test", "test") as work:
        inc = bytes(work.connection.exec_driver_sql("SELECT inc FROM clock_state").scalar_one())
        query = "SELECT number, id, last FROM package_out ORDER BY number DESC LIMIT 1"
        number, id_, last = work.connection.exec_driver_sql(query).one()
        move_mark(work, inc, ward.unit.code, number, bytes(id_), last)
    meet(cell, branch, "2026-11-06")
    return first, send(cell, tmp_path / "two").path


def waiting(book: Book) -> int:
    with book.read() as connection:
        return sum(row.waiting for row in board(connection))
