"""Books that exchange packages: what goes, what comes, what a person is asked."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.operations import Void
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.export import export_package
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import preview
from hoidesk.exchange.rows import board, conflicts, sent_packages
from hoidesk.meetings.operations import ForwardPetition, RecordMeeting, ReplyToPetition, SaveMeeting

from .books import (
    count,
    decrypted,
    deliver,
    dump,
    field,
    join,
    meet,
    only,
    register,
    send,
    take_in,
)


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


def test_what_a_stick_brought_is_told_although_a_receipt_was_written_after_it(
    cell: Book, ward: Book, tmp_path: Path
) -> None:
    """Receiving runs several transactions; the pages that show what changed must hear of all of them."""
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meeting = meet(cell, branch)
    mark = ward.mark()
    assert len(take_in(ward, [send(cell, tmp_path / "b").path], receipts_to=tmp_path / "c").receipts) == 1
    changes = ward.changes_since(mark)
    assert changes.ids["meeting"] == {meeting}
    assert ward.changes_since(ward.mark()).ids == {}


def test_a_meeting_edited_in_cell_and_ward_is_a_conflict_in_both(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meeting = meet(cell, branch)
    deliver(cell, ward, tmp_path / "b")
    cell.run(SaveMeeting(id=meeting, present=25))
    ward.run(SaveMeeting(id=meeting, present=23))
    deliver(cell, ward, tmp_path / "c")
    deliver(ward, cell, tmp_path / "d")
    assert field(cell, "meeting", meeting, "present") == field(ward, "meeting", meeting, "present")
    assert [count(book, "conflict") for book in (cell, ward)] == [1, 1]


def test_what_a_cell_never_sends_up_does_not_come_down_either(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    ward.run(
        RecordMeeting(meeting={"branch_id": str(branch), "held_on": "2026-11-05", "place": "Nhà văn hóa", "present": 9})
    )
    deliver(ward, cell, tmp_path / "a")
    with cell.read() as connection:
        rows = connection.exec_driver_sql("SELECT present, place FROM meeting").all()
    assert [tuple(row) for row in rows] == [(9, None)]
