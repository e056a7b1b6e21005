"""What may leave a book: no byte out of scope, and nothing that its receiver could not place."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from hoidesk.associations.operations import SaveAssociation, SavePost
from hoidesk.book.registry import registry
from hoidesk.errors import EnvError
from hoidesk.exchange.merge.values import required_columns
from hoidesk.exchange.scopes import DOWN, UP, scope_for, travels
from hoidesk.meetings.operations import ForwardPetition, RecordMeeting, ReplyToPetition
from hoidesk.units.operations import SaveArea, SaveSubordinateUnit

from .books import CELL, DISTRICT, WARD, count, decrypted, deliver, join, new_book, register, send

SECRETS = ("Lê Thị Hồng Gấm", "0912345678", "Góp ý kín của chi hội", "Nhà văn hóa tổ 5", "Ghi chú riêng")


@pytest.mark.parametrize("up", [True, False])
def test_every_record_that_travels_finds_its_parents_and_its_required_fields(up: bool) -> None:
    for table in registry().tables:
        columns = [c for c in table.columns if travels(table, c, up=up)]
        if not columns:
            continue
        missing = [c.name for c in required_columns(table) if c not in columns]
        assert not missing, f"{table.name} could not be stored without {missing}"
        for column in columns:
            if column.info.refers is not None:
                parent = registry()[column.info.refers].info
                assert parent.up if up else parent.down or parent.returns, (
                    f"{table.name}.{column.name} would wait for ever"
                )


@pytest.mark.parametrize("up", [True, False])
def test_names_and_phones_of_office_holders_never_travel_by_default(up: bool) -> None:
    personal = [(t, c) for t in registry().tables for c in t.columns if c.info.personal]
    assert {c.name for _t, c in personal} >= {"holder", "phone", "chair_name", "secretary_name"}
    assert not [c.name for t, c in personal if travels(t, c, up=up)]


def test_minutes_and_other_petitions_stay_in_the_office() -> None:
    tables = {s.table.name for s in scope_for(registry(), UP, own="P05-2", peer="P05").tables}
    assert not tables & {"agenda_item", "petition", "score", "assessment", "setting", "section_text"}
    assert tables >= {"area", "association", "branch", "meeting", "membership", "registration", "approval", "paper"}


def test_a_scope_of_a_later_program_is_refused() -> None:
    with pytest.raises(EnvError) as caught:
        scope_for(registry(), "up-2", own="P05-2", peer="P05")
    assert caught.value.code == "scope.unknown"


def test_no_byte_out_of_scope_is_in_the_stream(tmp_path: Path) -> None:
    with new_book(tmp_path, WARD) as ward, new_book(tmp_path, DISTRICT) as district, new_book(tmp_path, CELL) as cell:
        join(district, ward)
        join(ward, cell)
        _area, association, branch = register(ward)
        ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4"))
        ward.run(SavePost(association_id=association, title="Chủ tịch", holder=SECRETS[0], phone=SECRETS[1]))
        ward.run(SaveAssociation(id=association, remark=SECRETS[4]))
        meeting = {
            "branch_id": str(branch),
            "held_on": "2026-11-05",
            "present": 20,
            "invited": 30,
            "chair_name": SECRETS[0],
            "place": SECRETS[3],
            "topic": SECRETS[2],
        }
        item = {"text": SECRETS[2], "outcome": "note"}
        ward.run(RecordMeeting(meeting=meeting, items=[item], petitions=[{"text": SECRETS[2]}]))
        for reader, unit, words in ((district, "P05", ("P05-2-04",)), (cell, "P05-2-03", ())):
            for stick in ("full", "again"):
                lines = decrypted(send(ward, tmp_path / f"{unit}{stick}", unit).path, reader)
                whole = str(lines)
                assert not [secret for secret in SECRETS if secret in whole]
                assert all(word in whole for word in words)
        to_cell = str(decrypted(send(ward, tmp_path / "c", "P05-2-03").path, cell))
        assert "P05-2-04" not in to_cell and "Khu phố 3" in to_cell


def test_a_unit_does_not_get_the_records_of_its_neighbour(tmp_path: Path) -> None:
    """Codes that only begin alike are strangers: P05-2 and P05-20."""
    with new_book(tmp_path, DISTRICT) as district:
        for code in ("P05-2", "P05-20", "P05-3"):
            district.run(SaveSubordinateUnit(tier="ward", code=code, name=f"Phường {code}"))
        with district.transaction("test", "test") as work:
            scope = scope_for(registry(), DOWN, own="P05", peer="P05-2")
            with scope.views(work.connection):
                found = work.connection.execute(text("SELECT unit FROM temp.scope_unit")).scalars().all()
        assert found == ["P05-2"]


def test_a_reply_goes_to_the_unit_that_asked_and_to_nobody_else(tmp_path: Path) -> None:
    with new_book(tmp_path, WARD) as ward, new_book(tmp_path, DISTRICT) as district, new_book(tmp_path, CELL) as cell:
        join(district, ward)
        join(ward, cell)
        register(ward)
        association = ward.run(SaveAssociation(name="Hội Chữ thập đỏ", kind="association")).id
        meeting = {"association_id": str(association), "held_on": "2026-11-05", "present": 9, "invited": 11}
        ward.run(RecordMeeting(meeting=meeting, petitions=[{"text": "Xin sửa trụ sở"}]))
        with ward.read() as connection:
            petition = UUID(bytes=connection.exec_driver_sql("SELECT id FROM petition").scalar_one())
        forwarded = ward.run(ForwardPetition(id=petition)).id
        deliver(ward, district, tmp_path / "a")
        district.run(ReplyToPetition(forwarded_id=forwarded, text="Đồng ý"))
        deliver(district, ward, tmp_path / "b")
        received = deliver(ward, cell, tmp_path / "c")
        assert count(ward, "petition_reply") == 1
        assert count(cell, "petition_reply") == count(cell, "forwarded_petition") == received.counts.parked == 0
