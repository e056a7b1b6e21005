"""Books that exchange packages: what goes, what comes, what a receipt moves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.backup import backup_to, restore_backup
from hoidesk.book.book import Book
from hoidesk.book.dump import dump_sum
from hoidesk.book.folder import open_book
from hoidesk.book.operations import Void
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.export import export_package
from hoidesk.exchange.reading import open_here
from hoidesk.exchange.receive import inbox_dir, preview
from hoidesk.exchange.rows import board, conflicts, sent_packages
from hoidesk.exchange.taking import move_mark
from hoidesk.meetings.operations import ForwardPetition, RecordMeeting, ReplyToPetition, SaveMeeting

from .books import (
    CELL,
    DISTRICT,
    PASSWORD,
    WARD,
    count,
    decrypted,
    deliver,
    field,
    join,
    new_book,
    only,
    register,
    send,
    take_in,
)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, WARD) as book:
        yield book


@pytest.fixture
def cell(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, CELL) as book:
        yield book


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, DISTRICT) as book:
        yield book


def meet(book: Book, branch: UUID, day: str = "2026-11-05", present: int = 24) -> UUID:
    meeting = {
        "branch_id": str(branch),
        "held_on": day,
        "invited": 31,
        "present": present,
        "chair_name": "Nguyễn Thị Ánh Tuyết",
        "topic": "Góp ý đường Xã Đàn",
    }
    petition = {"text": "Đề nghị sửa đèn đường ngõ 12", "theme": "urban_order"}
    item = {"text": "Nhắc lịch dọn vệ sinh", "outcome": "note"}
    return book.run(RecordMeeting(meeting=meeting, items=[item], petitions=[petition])).id


def dump(book: Book) -> tuple[str, int]:
    with book.read() as connection:
        return dump_sum(connection)


def test_the_half_year_from_cell_to_district_and_back(cell: Book, ward: Book, district: Book, tmp_path: Path) -> None:
    stick = tmp_path / "USB của phường"
    join(district, ward)
    join(ward, cell)
    _area, _association, branch = register(ward)
    down = deliver(ward, cell, stick)
    assert (down.state, down.counts.new) == ("merged", 3)
    meeting = meet(cell, branch)
    up = deliver(cell, ward, stick, receipts_to=stick)
    assert (up.state, up.counts.new, up.counts.refused, up.counts.parked) == ("merged", 1, 0, 0)
    assert field(ward, "meeting", meeting, "present") == 24
    # What stays in the office: minutes, petitions that were not forwarded, names, topics.
    assert field(ward, "meeting", meeting, "chair_name") is None
    assert field(ward, "meeting", meeting, "topic") is None
    assert count(ward, "agenda_item") == count(ward, "petition") == 0
    receipt = take_in(cell, [stick])
    assert [r.acknowledged for r in receipt.results if r.kind == "receipt" or r.acknowledged] == [(1,)]
    with cell.read() as connection:
        (sent,) = sent_packages(connection)
    assert sent.acknowledged_at is not None and sent.receipt is not None and sent.receipt.new == 1
    further = deliver(ward, district, tmp_path / "stick 2")
    assert (further.state, further.counts.parked) == ("merged", 0)
    assert field(district, "meeting", meeting, "present") == 24


def test_after_one_edited_field_the_next_package_holds_one_row_with_that_field(
    cell: Book, ward: Book, tmp_path: Path
) -> None:
    join(ward, cell)
    _area, _association, branch = register(ward)
    deliver(ward, cell, tmp_path / "a")
    first, second = meet(cell, branch), meet(cell, branch, "2026-11-08")
    deliver(cell, ward, tmp_path / "b", receipts_to=tmp_path / "b")
    take_in(cell, [tmp_path / "b"])
    cell.run(SaveMeeting(id=second, held_on="2026-11-09"))
    sent = send(cell, tmp_path / "c")
    manifest, opener, *rows = decrypted(sent.path, ward)
    assert manifest["counts"] == {"20": 1} and manifest["kind"] == "changes"
    assert opener == {"c": [8], "k": "set", "n": ["meeting", "held_on"], "t": 20}
    assert [row[0] for row in rows] == [second.hex] and rows[0][2:] == ["2026-11-09"]
    only(take_in(ward, [sent.path]))
    assert field(ward, "meeting", second, "held_on") == "2026-11-09"
    assert field(ward, "meeting", first, "held_on") == "2026-11-05"


def test_fields_that_belong_together_travel_together(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meeting = meet(cell, branch)
    deliver(cell, ward, tmp_path / "b", receipts_to=tmp_path / "b")
    take_in(cell, [tmp_path / "b"])
    cell.run(SaveMeeting(id=meeting, present=25))
    _manifest, opener, row = decrypted(send(cell, tmp_path / "c").path, ward)
    assert opener["n"] == ["meeting", "invited", "present", "excused"]
    assert row[2:] == [31, 25, None]


def test_concurrent_edits_of_one_field_leave_a_conflict_on_both_sides(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    ward.run(SaveBranch(id=branch, name="Chi hội NCT khu phố 3"))
    cell.run(SaveBranch(id=branch, name="Chi hội Người cao tuổi Đường Xã Đàn"))
    at_ward = deliver(cell, ward, tmp_path / "b")
    at_cell = deliver(ward, cell, tmp_path / "c")
    assert at_ward.counts.conflicts == 1
    names = {field(book, "branch", branch, "name") for book in (cell, ward)}
    assert len(names) == 1
    rows = []
    for book in (cell, ward):
        with book.read() as connection:
            (row,) = conflicts(connection)
        rows.append(row)
        assert row.column == "name" and row.present in names and row.lost not in names
        assert {row.lost, row.present} == {"Chi hội NCT khu phố 3", "Chi hội Người cao tuổi Đường Xã Đàn"}
    assert rows[0] == rows[1]
    assert at_cell.state == "merged"


def test_packages_that_cross_record_the_same_conflict_once(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    ward.run(SaveBranch(id=branch, name="A"))
    cell.run(SaveBranch(id=branch, name="B"))
    up, down = send(cell, tmp_path / "up"), send(ward, tmp_path / "down", cell.unit.code)
    take_in(ward, [up.path])
    take_in(cell, [down.path])
    for _round in range(2):
        deliver(cell, ward, tmp_path / "up", receipts_to=tmp_path / f"r{_round}")
        deliver(ward, cell, tmp_path / "down", receipts_to=tmp_path / f"s{_round}")
    assert field(cell, "branch", branch, "name") == field(ward, "branch", branch, "name") == "B"
    assert count(cell, "conflict") == count(ward, "conflict") == 1


def test_an_edit_that_was_made_knowing_the_other_is_no_conflict(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    for turn in range(3):
        ward.run(SaveBranch(id=branch, name=f"Phường sửa lần {turn}"))
        deliver(ward, cell, tmp_path / "a")
        cell.run(SaveBranch(id=branch, name=f"Khu phố sửa lần {turn}"))
        deliver(cell, ward, tmp_path / "b")
        assert field(ward, "branch", branch, "name") == f"Khu phố sửa lần {turn}"
    assert count(cell, "conflict") == count(ward, "conflict") == 0


def test_different_fields_edited_at_the_same_time_both_stay(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    ward.run(SaveBranch(id=branch, rhythm="monthly"))
    cell.run(SaveBranch(id=branch, name="Chi hội mới"))
    deliver(cell, ward, tmp_path / "b")
    deliver(ward, cell, tmp_path / "c")
    for book in (cell, ward):
        assert field(book, "branch", branch, "rhythm") == "monthly"
        assert field(book, "branch", branch, "name") == "Chi hội mới"
    assert count(ward, "conflict") == 0


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
        move_mark(work, bytes(row[0]).hex(), ward.unit.code, one.number, bytes(row[1]), row[2])
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
        refused = only(take_in(copy, [sent.path]))
        assert (refused.state, refused.code) == ("refused", "package.rewound") and dump(copy) == before
        backup = backup_to(copy, tmp_path)
    restore_backup(backup.path, tmp_path / "new life", user=None, password=PASSWORD)
    with open_book(tmp_path / "new life.hoibook", password=PASSWORD) as again:
        assert deliver(again, cell, tmp_path / "d").state == "merged"
        assert deliver(cell, again, tmp_path / "e").state == "merged"
        assert field(again, "branch", branch, "name") == "Tên mới"


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


def test_preview_counts_and_writes_nothing(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meet(cell, branch)
    sent = send(cell, tmp_path / "b")
    before = dump(ward)
    seen = preview(ward, sent.path, opener=open_here)
    assert seen.counts.new == 1 and dump(ward) == before
    with ward.read() as connection:
        assert board(connection)[0].last_received_number is None
    assert only(take_in(ward, [sent.path])).counts == seen.counts


def test_a_forwarded_petition_goes_up_and_its_answer_comes_down(
    cell: Book, ward: Book, district: Book, tmp_path: Path
) -> None:
    join(district, ward)
    branch = register(ward)[2]
    meet(ward, branch)
    with ward.read() as connection:
        petition = UUID(bytes=connection.exec_driver_sql("SELECT id FROM petition").scalar_one())
    forwarded = ward.run(ForwardPetition(id=petition)).id
    up = deliver(ward, district, tmp_path / "a")
    assert up.counts.parked == up.counts.refused == 0
    assert count(district, "petition") == 0
    assert field(district, "forwarded_petition", forwarded, "text") == "Đề nghị sửa đèn đường ngõ 12"
    reply = district.run(ReplyToPetition(forwarded_id=forwarded, text="Đã giao đơn vị chiếu sáng")).id
    down = deliver(district, ward, tmp_path / "b")
    assert down.counts.new == 1 and field(ward, "petition_reply", reply, "text") == "Đã giao đơn vị chiếu sáng"


def test_setting_aside_travels(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meeting = meet(cell, branch)
    deliver(cell, ward, tmp_path / "b", receipts_to=tmp_path / "b")
    take_in(cell, [tmp_path / "b"])
    cell.run(Void(table="meeting", id=meeting, reason="Ghi trùng"))
    deliver(cell, ward, tmp_path / "c")
    assert field(ward, "meeting", meeting, "voided") == "Ghi trùng"


def test_a_child_waits_for_its_parent(cell: Book, ward: Book, tmp_path: Path) -> None:
    """The cell made a branch in an area that only the ward may make: meeting and branch wait, nothing is lost."""
    from hoidesk.units.operations import SaveArea

    join(ward, cell)
    area = cell.run(SaveArea(kind="quarter", code="P05-2-03", name="Khu phố 3")).id
    branch = cell.run(SaveBranch(area_id=area, kind="front_working_committee", name="Ban Công tác Mặt trận")).id
    meeting = meet(cell, branch)
    received = deliver(cell, ward, tmp_path / "a")
    assert (received.counts.suggestions, received.counts.parked, received.counts.new) == (1, 2, 0)
    assert count(ward, "area") == count(ward, "meeting") == 0
    # The ward records the quarter under the same id: the next package brings everything in.
    with ward.transaction("test", "test") as work:
        work.insert("area", {"kind": "quarter", "code": "P05-2-03", "name": "Khu phố 3"}, unit="P05-2-03", id=area)
    deliver(cell, ward, tmp_path / "b")
    assert field(ward, "meeting", meeting, "present") == 24
    with ward.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM parked").scalar() == 0


def test_export_says_what_is_missing(ward: Book, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        export_package(ward, tmp_path)
    assert caught.value.code == "peer.none"
    with pytest.raises(UserError) as caught:
        export_package(ward, tmp_path / "không có")
    assert caught.value.code == "export.no_folder"
    register(ward)
    before = dump(ward)
    with pytest.raises(EnvError) as other:
        preview(ward, tmp_path / "x.hdk", opener=open_here)
    assert other.value.code == "package.unreadable" and dump(ward) == before


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
        assert (down.state, down.counts.new) == ("merged", 3)
        meet(again, branch, "2026-11-10")
        assert deliver(again, ward, tmp_path / "d").counts.new == 1
    assert count(ward, "meeting") == 2
    refused = only(take_in(ward, [stolen.path]))
    assert (refused.state, refused.code) == ("refused", "package.old_keys")
