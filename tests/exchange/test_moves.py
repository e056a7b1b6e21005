"""Who gets what when a record goes to another unit, when a unit is certified for an unknown scope, when fields of a
newer program lie beside known ones."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.errors import EnvError
from hoidesk.units.operations import SaveArea

from .books import CELL, count, deliver, field, join, meet, new_book, register, send
from .markers import plain

BESIDE = ("cell", "P05-2-04", "Khu phố 4")


def move(ward: Book, branch: UUID, meeting: UUID, unit: str, area: UUID) -> None:
    """A branch goes to another quarter, and its meetings with it."""
    with ward.transaction("test", "test") as work:
        for table, id_ in (("branch", branch), ("meeting", meeting)):
            work.update(table, id_, {"unit": unit})
        work.update("branch", branch, {"area_id": area})


def test_a_moved_record_goes_whole_to_its_new_unit_and_no_longer_to_the_old_one(
    ward: Book, cell: Book, tmp_path: Path
) -> None:
    with new_book(tmp_path, BESIDE, "bên") as beside:
        join(ward, cell)
        join(ward, beside)
        branch = register(ward)[2]
        area = ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4")).id
        meeting = meet(ward, branch)
        for book in (cell, beside):
            deliver(ward, book, tmp_path / f"1{book.unit.code}")
            deliver(book, ward, tmp_path / f"2{book.unit.code}")
        assert field(cell, "branch", branch, "unit") == "P05-2-03"
        assert count(beside, "branch") == count(beside, "meeting") == 0
        move(ward, branch, meeting, "P05-2-04", area)
        received = deliver(ward, beside, tmp_path / "3")
        assert received.counts.parked == received.counts.refused == 0
        assert field(beside, "branch", branch, "name") == "Chi hội Người cao tuổi số 3"
        assert field(beside, "meeting", meeting, "present") == 24
        assert field(beside, "meeting", meeting, "topic") is None, "minutes stay in the office"
        ward.run(SaveBranch(id=branch, name="Chi hội Người cao tuổi số 4"))
        text = plain(send(ward, tmp_path / "4", "P05-2-03").path, cell)
        assert "Chi hội Người cao tuổi số 4" not in text, "the old unit is not told what happens there later"
        assert field(cell, "branch", branch, "name") == "Chi hội Người cao tuổi số 3"


def test_a_unit_that_goes_to_another_ward_takes_its_records_along(ward: Book, district: Book, tmp_path: Path) -> None:
    """Above, what the old ward sent stays; the new ward gets the moved rows whole from the district."""
    with new_book(tmp_path, ("ward", "P05-7", "Phường Láng"), "phường khác") as other:
        join(district, ward)
        join(district, other)
        branch = register(ward)[2]
        meeting = meet(ward, branch)
        deliver(ward, district, tmp_path / "a")
        deliver(other, district, tmp_path / "b")
        deliver(district, other, tmp_path / "c")
        deliver(other, district, tmp_path / "d")
        with district.read() as connection:
            area = UUID(bytes=bytes(connection.exec_driver_sql("SELECT id FROM area").scalar_one()))
        with district.transaction("test", "test") as work:
            work.update("area", area, {"unit": "P05-7-03", "code": "P05-7-03"})
            for table, id_ in (("branch", branch), ("meeting", meeting)):
                work.update(table, id_, {"unit": "P05-7-03"})
        text = plain(send(district, tmp_path / "e", "P05-7").path, other)
        assert "Chi hội Người cao tuổi số 3" in text and meeting.hex in text
        assert "Góp ý đường Xã Đàn" not in text
        later = plain(send(district, tmp_path / "f", "P05-2").path, ward)
        assert branch.hex not in later and "P05-7" not in later


def test_a_unit_with_an_unknown_scope_is_told_to_update(ward: Book, district: Book, tmp_path: Path) -> None:
    join(district, ward)
    register(ward)
    with ward.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE peer SET scope = 'up-7' WHERE unit = 'P05'")
    with pytest.raises(EnvError) as caught:
        send(ward, tmp_path / "a")
    assert caught.value.code == "scope.unknown" and caught.value.text.endswith(".")
    assert not list((tmp_path / "a").glob("*.hdk"))


@pytest.mark.parametrize(
    ("way", "up", "down"), [(0, False, False), (1, True, False), (2, False, True), (3, True, True)]
)
def test_fields_of_a_newer_program_go_only_the_way_they_came(
    way: int, up: bool, down: bool, ward: Book, district: Book, tmp_path: Path
) -> None:
    with new_book(tmp_path, CELL, "khu phố") as cell:
        join(district, ward)
        join(ward, cell)
        area = register(ward)[0]
        beside = ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4")).id
        with ward.transaction("test", "test") as work:
            inc = work.connection.exec_driver_sql("SELECT inc FROM clock_state").scalar_one()
            for id_, word in ((area, "Ẩnsố000001ỹ"), (beside, "Ẩnsố000002ỹ")):
                work.connection.exec_driver_sql(
                    "INSERT INTO unknown_field(tbl, id, col, value, hlc, inc, way) VALUES(2, ?, 99, ?, 1, ?, ?)",
                    (id_.bytes, f'"{word}"', inc, way),
                )
        above = plain(send(ward, tmp_path / "a", "P05").path, district)
        below = plain(send(ward, tmp_path / "b", "P05-2-03").path, cell)
        assert ("Ẩnsố000001ỹ" in above, "Ẩnsố000001ỹ" in below) == (up, down)
        assert "Ẩnsố000002ỹ" not in below, "the field of a neighbour's record"
