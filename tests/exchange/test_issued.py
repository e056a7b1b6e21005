"""What a unit issues comes down frozen, over every tier: criteria sets, rounds, outlines, unit codes, replies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.assessment.operations import CompleteRound, MoveRoundDays, OpenRound
from hoidesk.book.book import Book
from hoidesk.book.operations import Operation, Void
from hoidesk.book.registry import registry
from hoidesk.emulation.operations import (
    AddLocalCriterion,
    AdoptCriteriaSet,
    BuildOnFrame,
    NextCriteriaVersion,
    PublishCriteriaSet,
    SaveCriteriaSet,
    SaveRegistration,
    WithdrawCriteriaSet,
)
from hoidesk.errors import UserError
from hoidesk.figures.window import Window
from hoidesk.paper.half_year import report_sections
from hoidesk.paper.operations import IssueOutline, IssuePaper, SaveSectionText, UseOutline
from hoidesk.presets import report_outline
from hoidesk.units.operations import SaveSubordinateUnit

from .books import CELL, DAY, DISTRICT, WARD, count, deliver, field, join, new_book, register


@pytest.fixture
def tiers(tmp_path: Path) -> Iterator[tuple[Book, Book, Book]]:
    """District, ward and cell, enrolled with each other."""
    with new_book(tmp_path, DISTRICT) as district, new_book(tmp_path, WARD) as ward, new_book(tmp_path, CELL) as cell:
        join(district, ward)
        join(ward, cell)
        yield district, ward, cell


def relay(tiers: tuple[Book, Book, Book], stick: Path) -> None:
    """One trip down: district to ward, ward to cell."""
    district, ward, cell = tiers
    for sender, receiver in ((district, ward), (ward, cell)):
        received = deliver(sender, receiver, stick / f"{count(receiver, 'op')}")
        assert received.state == "merged"
        assert received.counts.parked == received.counts.refused == received.counts.suggestions == 0


def frozen(book: Book, operation: Operation) -> None:
    """The operation is refused with a sentence, and nothing changes."""
    with pytest.raises(UserError) as caught:
        book.run(operation)
    assert caught.value.code in ("record.issued", "criteria.issued", "criteria.frozen"), caught.value
    assert caught.value.text.endswith(".")


def test_published_sets_rounds_and_outlines_come_down_two_tiers_and_drafts_do_not(
    tiers: tuple[Book, Book, Book], tmp_path: Path
) -> None:
    district, ward, cell = tiers
    sheet = district.run(AdoptCriteriaSet(unit_kind="branch", year=2026, name="Bộ tiêu chí của quận")).id
    relay(tiers, tmp_path / "a")
    assert count(ward, "criteria_set") == count(ward, "criteria_draft") == count(cell, "criteria_draft") == 0
    district.run(PublishCriteriaSet(id=sheet))
    draft = district.run(NextCriteriaVersion(id=sheet)).id
    round_ = district.run(OpenRound(year=2026, code="6T", sheets={"branch": sheet}, self_due_on="25/06/2026")).id
    outline = district.run(IssueOutline(version="2026.2", name="Đề cương báo cáo 6 tháng")).id
    relay(tiers, tmp_path / "b")
    for book in (ward, cell):
        assert field(book, "criteria_set", sheet, "title") == "Bộ tiêu chí của quận"
        assert field(book, "criteria_set", sheet, "content") == field(district, "criteria_set", sheet, "content")
        assert field(book, "criteria_set", draft, "id") is None and count(book, "criteria_draft") == 0
        assert field(book, "round", round_, "self_due_on") == "2026-06-25"
        assert count(book, "round_sheet") == 1
        assert field(book, "outline", outline, "version") == "2026.2"
    district.run(MoveRoundDays(id=round_, self_due_on="30/06/2026"))
    district.run(WithdrawCriteriaSet(id=sheet))
    relay(tiers, tmp_path / "c")
    assert field(cell, "round", round_, "self_due_on") == "2026-06-30"
    assert field(cell, "criteria_set", sheet, "state") == "withdrawn"


def test_nobody_below_changes_what_was_issued(tiers: tuple[Book, Book, Book], tmp_path: Path) -> None:
    district, ward, cell = tiers
    sheet = district.run(AdoptCriteriaSet(unit_kind="branch", year=2026)).id
    district.run(PublishCriteriaSet(id=sheet))
    round_ = district.run(OpenRound(year=2026, code="6T", sheets={"branch": sheet})).id
    outline = district.run(IssueOutline(version="2026.2")).id
    unit = district.run(SaveSubordinateUnit(tier="ward", code="P05-2", name="Phường Ô Chợ Dừa")).id
    relay(tiers, tmp_path / "a")
    assert field(ward, "unit", unit, "name") == "Phường Ô Chợ Dừa" and count(cell, "unit") == 0
    for book in (ward, cell):
        before = field(book, "criteria_set", sheet, "state"), field(book, "round", round_, "name")
        for operation in (
            MoveRoundDays(id=round_, name="Kỳ khác"),
            WithdrawCriteriaSet(id=sheet),
            NextCriteriaVersion(id=sheet),
            SaveCriteriaSet(id=sheet, title="Khác"),
            Void(table="criteria_set", id=sheet, reason="không dùng"),
            Void(table="round", id=round_, reason="không dùng"),
            Void(table="outline", id=outline, reason="không dùng"),
        ):
            frozen(book, operation)
        assert before == (field(book, "criteria_set", sheet, "state"), field(book, "round", round_, "name"))
    frozen(ward, SaveSubordinateUnit(id=unit, name="Tên khác"))
    frozen(ward, Void(table="unit", id=unit, reason="không dùng"))


def test_a_foreign_write_in_a_package_becomes_a_suggestion(tiers: tuple[Book, Book, Book], tmp_path: Path) -> None:
    """A broken or forged program in the middle writes past its operations: above and below the row stays as issued."""
    district, ward, cell = tiers
    sheet = district.run(AdoptCriteriaSet(unit_kind="branch", year=2026)).id
    district.run(PublishCriteriaSet(id=sheet))
    round_ = district.run(OpenRound(year=2026, code="6T", sheets={"branch": sheet})).id
    relay(tiers, tmp_path / "a")
    with ward.transaction("test", "test") as work:
        for name in ("criteria_set", "round", "outline", "unit"):
            info = registry()[name].info
            assert info.issued and info.down
        work.connection.exec_driver_sql("UPDATE criteria_set SET state = 'withdrawn' WHERE id = ?", (sheet.bytes,))
        work.connection.exec_driver_sql("UPDATE round SET name = 'Kỳ khác' WHERE id = ?", (round_.bytes,))
    received = deliver(ward, district, tmp_path / "b")
    assert received.state == "merged" and received.counts.changed == 0
    assert field(district, "criteria_set", sheet, "state") == "published"
    below = deliver(ward, cell, tmp_path / "d")
    assert below.state == "merged" and below.counts.suggestions == 2
    assert field(cell, "criteria_set", sheet, "state") == "published"
    assert field(cell, "round", round_, "name") != "Kỳ khác"
    district.run(MoveRoundDays(id=round_, name="Đợt 6 tháng"))
    deliver(district, ward, tmp_path / "c")
    assert field(ward, "round", round_, "name") == "Đợt 6 tháng"


def test_a_published_sheet_is_never_changed_even_by_its_own_unit(tiers: tuple[Book, Book, Book]) -> None:
    district = tiers[0]
    sheet = district.run(AdoptCriteriaSet(unit_kind="branch", year=2026)).id
    district.run(PublishCriteriaSet(id=sheet))
    with pytest.raises(Exception, match="never changed"), district.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE criteria_set SET content = '{}' WHERE id = ?", (sheet.bytes,))
    assert field(district, "criteria_set", sheet, "content") != "{}"


def test_the_ward_scores_by_its_own_criteria_within_the_frame(tiers: tuple[Book, Book, Book], tmp_path: Path) -> None:
    district, ward, cell = tiers
    sheet = district.run(AdoptCriteriaSet(unit_kind="branch", year=2026, name="Khung của quận")).id
    district.run(PublishCriteriaSet(id=sheet))
    round_ = district.run(OpenRound(year=2026, code="6T", sheets={"branch": sheet}, cut_off=DAY)).id
    relay(tiers, tmp_path / "a")
    _area, _association, branch = register(ward)
    own = ward.run(BuildOnFrame(id=sheet)).id
    ward.run(AddLocalCriterion(id=own, text="Hẻm sạch, không rác tự phát", points="2,5", evidence="Biên bản kiểm tra"))
    ward.run(PublishCriteriaSet(id=own))
    ward.run(CompleteRound(id=round_))
    with ward.read() as connection:
        used = connection.exec_driver_sql("SELECT criteria_set_id FROM assessment").scalars().all()
    assert [UUID(bytes=bytes(one)) for one in used] == [own]
    content = json.loads(field(ward, "criteria_set", own, "content"))
    assert content["frame"]["id"] == str(sheet) and content["groups"][-1]["id"] == "local"
    ward.run(SaveRegistration(year=2026, branch_id=branch, criteria_set_id=own))
    relay(tiers, tmp_path / "b")
    assert field(cell, "criteria_set", own, "unit") == "P05-2"
    deliver(ward, district, tmp_path / "c")
    assert field(district, "criteria_set", own, "content") == field(ward, "criteria_set", own, "content")
    with pytest.raises(UserError) as caught:
        ward.run(
            CompleteRound(id=round_, sheets={"branch": ward.run(AdoptCriteriaSet(unit_kind="branch", year=2026)).id})
        )
    assert caught.value.code == "round.frame"


def test_the_ward_reports_by_the_outline_that_came_down(tiers: tuple[Book, Book, Book], tmp_path: Path) -> None:
    district, ward, _cell = tiers
    content = json.loads(json.dumps(report_outline(), default=str))
    content["sections"] = content["sections"][:1]
    content["sections"][0]["vi"] = "Tình hình theo hướng dẫn của quận"
    outline = district.run(IssueOutline(version="Q.1", name="Đề cương của quận", content=content)).id
    relay(tiers, tmp_path / "a")
    window = Window(DAY.replace(month=1, day=1), DAY.replace(month=6, day=30))

    def titles() -> list[str]:
        with ward.read() as connection:
            return [one.title for one in report_sections(connection, ward.unit, window)]

    shipped = titles()
    ward.run(UseOutline(id=outline))
    assert titles()[0] == "Tình hình theo hướng dẫn của quận" and len(titles()) < len(shipped)
    period = {"period_from": window.start, "period_to": window.end}
    ward.run(SaveSectionText(section="s1_1", text="Ổn định.", **period))
    with pytest.raises(UserError) as caught:
        ward.run(SaveSectionText(section="s2", text="Không có trong đề cương", **period))
    assert caught.value.code == "section_text.no_section"
    paper = ward.run(IssuePaper(issued_on=DAY, **period)).id
    assert field(ward, "paper", paper, "outline_version") == "Q.1"
    ward.run(UseOutline())
    assert titles() == shipped


def test_an_outline_that_cannot_be_printed_is_refused(tiers: tuple[Book, Book, Book]) -> None:
    district = tiers[0]
    shipped = json.loads(json.dumps(report_outline(), default=str))
    twice = shipped | {"sections": [shipped["sections"][0], shipped["sections"][0]]}
    unknown = json.loads(json.dumps(shipped))
    unknown["annexes"][0]["summary"] = [{"vi": "?", "figure": "khong_co"}]
    for content, code in (
        ({}, "outline.unreadable"),
        ({"vi": 1, "sections": 3}, "outline.unreadable"),
        (twice, "outline.sections"),
        (unknown, "outline.figure"),
    ):
        with pytest.raises(UserError) as caught:
            district.run(IssueOutline(version="1", content=content))
        assert caught.value.code == code
    district.run(IssueOutline(version="1"))
    with pytest.raises(UserError) as caught:
        district.run(IssueOutline(version="1"))
    assert caught.value.code == "outline.twice"
    assert count(district, "outline") == 1
