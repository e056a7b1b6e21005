"""The files of offices come out exactly as a careful clerk reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hoidesk.spreadsheets.records import AssociationRecord, MeetingRecord, Record
from tests.spreadsheets.sheets import DATA, read

EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))


def plainly(record: Record) -> dict[str, Any]:
    """A record in the words of expected.json."""
    if isinstance(record, MeetingRecord):
        return {
            "date": record.date.isoformat(),
            "branch": record.branch,
            "area": record.area,
            "invited": record.invited,
            "present": record.present,
            "petition": record.petition,
        }
    return {
        "name": record.name,
        "type": record.type,
        "entrusted": record.entrusted,
        "decision_number": record.decision_number,
        "decision_date": record.decision_date.isoformat() if record.decision_date else None,
        "members": record.members,
        "head": record.head,
        "phone": record.phone,
        "party_organisation": record.party_organisation,
        "next_congress": record.next_congress.isoformat() if record.next_congress else None,
    }


def ordered(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(records, key=lambda record: json.dumps(record, ensure_ascii=False).casefold())


@pytest.mark.parametrize(
    "file",
    [
        "01_danh_sach_hoi_phu_luc.xlsx",
        "02_danh_sach_hoi_font_VnTime.xlsx",
        "03_danh_sach_hoi_ngay_excel.xlsx",
        "06_so_sinh_hoat.xlsx",
    ],
)
def test_the_files_read_as_a_careful_clerk_reads_them(file: str) -> None:
    reading = read(DATA / file, phones=True)
    assert [table.kind for table in reading.tables] == [EXPECTED[file]["kind"]]
    assert ordered([plainly(record) for record in reading.records]) == ordered(EXPECTED[file]["records"])
    assert reading.bad == ()


def test_phones_are_not_read_unless_the_officer_asks() -> None:
    reading = read(DATA / "01_danh_sach_hoi_phu_luc.xlsx")
    assert {record.phone for record in reading.records if isinstance(record, AssociationRecord)} == {None}
    assert "0903" not in repr(reading)
    assert any("điện thoại" in finding.text or "phone" in finding.text for finding in reading.findings)


def test_members_are_as_on_the_day_in_the_title() -> None:
    reading = read(DATA / "01_danh_sach_hoi_phu_luc.xlsx")
    assert {f"{record.as_of}" for record in reading.records if isinstance(record, AssociationRecord)} == {"2026-06-15"}


def test_no_petition_is_said_and_a_blank_is_not() -> None:
    reading = read(DATA / "06_so_sinh_hoat.xlsx")
    first = reading.records[0]
    assert isinstance(first, MeetingRecord)
    assert (first.petition, first.no_petition) == (None, True)
    blank = next(record for record in reading.records if record.row == 22)
    assert isinstance(blank, MeetingRecord)
    assert (blank.petition, blank.no_petition) == (None, False)
    assert first.agenda == ("Triển khai nghị quyết", "Đóng góp quỹ", "Công tác tháng tới")
    assert first.excused == 1


def test_words_that_the_list_of_types_lacks_are_named() -> None:
    reading = read(DATA / "03_danh_sach_hoi_ngay_excel.xlsx")
    looks = [finding for finding in reading.findings if finding.kind == "look"]
    assert [(finding.row, finding.column) for finding in looks] == [(12, "C"), (15, "C"), (22, "C"), (23, "C")]
    assert all("Danh sach hoi" in finding.text for finding in looks)
