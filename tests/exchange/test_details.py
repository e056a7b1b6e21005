"""Detail on request: one meeting with its minutes, one petition, for one unit, without names, until it arrived."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.errors import UserError
from hoidesk.exchange.details import AllowDetail, RevokeDetail, details_listed
from hoidesk.exchange.export import planned
from hoidesk.exchange.scopes import scope_for
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.units.operations import SaveArea

from .books import count, decrypted, deliver, field, join, meet, register, send
from .markers import Markers, leaked, plain

NAME = "Nguyễn Thị Ánh Tuyết"


def one(book: Book, table: str) -> UUID:
    with book.read() as connection:
        return UUID(bytes=bytes(connection.exec_driver_sql(f'SELECT id FROM "{table}" LIMIT 1').scalar_one()))


def listed(book: Book) -> list[tuple[str, str, int, bool]]:
    with book.read() as connection:
        return [(d.peer, d.table, d.lines, d.arrived) for d in details_listed(connection)]


def test_a_meeting_goes_whole_with_its_minutes_and_without_names(ward: Book, district: Book, tmp_path: Path) -> None:
    join(district, ward)
    branch = register(ward)[2]
    meeting, other = meet(ward, branch), meet(ward, branch, day="2026-11-06")
    deliver(ward, district, tmp_path / "a", tmp_path / "receipts")
    assert field(district, "meeting", meeting, "topic") is None and count(district, "agenda_item") == 0
    ward.run(AllowDetail(table="meeting", id=meeting))
    assert listed(ward) == [("P05", "meeting", 1, False)]
    with ward.transaction("test", "test") as work:
        assert planned(work, "P05")[1].counts.get(21) == 1, "the preview counts what goes extra"
    text = str(decrypted(send(ward, tmp_path / "b", "P05").path, district))
    assert "Góp ý đường Xã Đàn" in text and "Nhắc lịch dọn vệ sinh" in text and NAME not in text
    received = deliver(ward, district, tmp_path / "c")
    assert received.counts.parked == received.counts.refused == received.counts.conflicts == 0
    assert field(district, "meeting", meeting, "topic") == "Góp ý đường Xã Đàn"
    assert field(district, "meeting", meeting, "chair_name") is None
    assert field(district, "meeting", other, "topic") is None
    assert count(district, "agenda_item") == 1
    deliver(district, ward, tmp_path / "d")
    assert listed(ward) == [("P05", "meeting", 1, True)]
    ward.run(SaveMeeting(id=other, present=20))
    after = str(decrypted(send(ward, tmp_path / "e", "P05").path, district))
    assert "Góp ý đường Xã Đàn" not in after and "Nhắc lịch dọn vệ sinh" not in after
    with pytest.raises(UserError) as caught:
        ward.run(RevokeDetail(table="meeting", id=meeting))
    assert caught.value.code == "detail.arrived"


def test_what_was_chosen_can_be_taken_back_before_it_arrives(ward: Book, district: Book, tmp_path: Path) -> None:
    join(district, ward)
    meet(ward, register(ward)[2])
    petition = one(ward, "petition")
    ward.run(AllowDetail(table="petition", id=petition))
    assert "Đề nghị sửa đèn đường" in plain(send(ward, tmp_path / "a", "P05").path, district)
    ward.run(RevokeDetail(table="petition", id=petition))
    assert listed(ward) == []
    assert "Đề nghị sửa đèn đường" not in plain(send(ward, tmp_path / "b", "P05").path, district)
    with pytest.raises(UserError) as caught:
        ward.run(RevokeDetail(table="petition", id=petition))
    assert caught.value.code == "detail.none"


def test_only_minutes_and_petitions_and_only_for_whom_they_concern(
    ward: Book, cell: Book, district: Book, tmp_path: Path
) -> None:
    join(district, ward)
    join(ward, cell)
    area, _association, _branch = register(ward)
    beside = ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4")).id
    other = ward.run(SaveBranch(area_id=beside, kind="women", name="Chi hội Phụ nữ số 4")).id
    with pytest.raises(UserError) as caught:
        ward.run(AllowDetail(table="area", id=area))
    assert caught.value.code == "detail.table"
    foreign = meet(ward, other)
    with pytest.raises(UserError) as caught:
        ward.run(AllowDetail(table="meeting", id=foreign, peer="P05-2-03"))
    assert caught.value.code == "detail.unit"
    with pytest.raises(UserError) as caught:
        ward.run(AllowDetail(table="meeting", id=foreign, peer="P05-9"))
    assert caught.value.code == "peer.unknown"


def test_nothing_else_of_the_book_comes_with_it(ward: Book, district: Book, tmp_path: Path) -> None:
    """P10 once more: beyond the scope there are the chosen rows, without people, and not a byte of their neighbours."""
    join(district, ward)
    markers = Markers()
    made = markers.fill(ward, ("P05-2", "P05-2-03"))
    with ward.transaction("test", "test") as work:
        for table in ("meeting", "petition"):
            work.connection.exec_driver_sql(f'UPDATE "{table}" SET voided = NULL')
        work.connection.exec_driver_sql("UPDATE agenda_item SET voided = NULL")
    for table in ("meeting", "petition"):
        ward.run(AllowDetail(table=table, id=made[table, "P05-2-03"]))
    text = plain(send(ward, tmp_path / "a", "P05").path, district)
    beyond = {(p.table, p.unit) for p in leaked(markers, text, "P05-2", "P05") if p.column != "id"}
    assert beyond == {("meeting", "P05-2-03"), ("agenda_item", "P05-2-03"), ("petition", "P05-2-03")}
    people = [p for p in leaked(markers, text, "P05-2", "P05") if p.column in ("chair_name", "secretary_name")]
    assert people == []


def test_a_scope_itself_never_holds_details(ward: Book) -> None:
    with ward.transaction("test", "test") as work:
        assert scope_for(work.registry, "up-1", own="P05-2", peer="P05").details == ()


def test_what_the_ward_wrote_into_a_meeting_of_its_cell_is_no_conflict_above(
    ward: Book, cell: Book, district: Book, tmp_path: Path
) -> None:
    """The field was empty at the district because it never travelled: nothing is lost when it comes."""
    join(district, ward)
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meeting = cell.run(SaveMeeting(branch_id=branch, held_on="05/11/2026", invited=30, present=20)).id
    deliver(cell, ward, tmp_path / "b")
    ward.run(SaveMeeting(id=meeting, topic="Góp ý đường Xã Đàn"))
    deliver(ward, district, tmp_path / "c")
    ward.run(AllowDetail(table="meeting", id=meeting))
    received = deliver(ward, district, tmp_path / "d")
    assert field(district, "meeting", meeting, "topic") == "Góp ý đường Xã Đàn"
    assert received.counts.conflicts == count(district, "conflict") == 0
