"""Reports in files and issued papers: the ending decides, nothing half done, an issued paper never changes."""

from __future__ import annotations

import json
import os
import unicodedata
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from docx import Document as WordFile
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from hoidesk.book.ids import new_id
from hoidesk.book.operations import Void, operations, parse_operation
from hoidesk.cli import main
from hoidesk.errors import EnvError, UserError
from hoidesk.figures.evaluation import evaluate
from hoidesk.paper.half_year import compose_half_year
from hoidesk.paper.operations import IssuePaper, SaveSectionText
from hoidesk.paper.pdf import pdf_bytes
from hoidesk.paper.preview import page_texts
from hoidesk.paper.printed import _places, _runs, printed_from_json
from hoidesk.paper.report import write_issued, write_report
from hoidesk.paper.rows import issued_paper_body, issued_paper_figures, issued_papers
from tests.paper.office import HALF, Ward

PASSWORD = "mật khẩu 1"

ISSUED = date(2026, 7, 2)


def issue(ward: Ward, **more: object) -> UUID:
    days = {"issued_on": ISSUED, "period_from": HALF.start, "period_to": HALF.end}
    return ward.run(IssuePaper(**{**days, **more}))  # type: ignore[arg-type]


def test_one_report_in_three_kinds_of_file(read_ward: Ward, tmp_path: Path) -> None:
    for suffix in (".pdf", ".docx", ".XLSX"):
        written = write_report(read_ward.book, "half-year", tmp_path / f"báo cáo{suffix}", window=HALF)
        assert written.path.stat().st_size > 5000 and "s1_1" in written.missing
    pdf = (tmp_path / "báo cáo.pdf").read_bytes()
    assert "Kết quả công tác Mặt trận" in page_texts(pdf)[0].replace("\r\n", " ")
    word = WordFile(BytesIO((tmp_path / "báo cáo.docx").read_bytes()))
    assert any("phường có 3 khu phố" in p.text for p in word.paragraphs)
    book = load_workbook(BytesIO((tmp_path / "báo cáo.XLSX").read_bytes()))
    assert book.sheet_names == ["A1", "A2", "A3a", "A3b", "A4", "A5"]
    total = next(r for r in book.get_sheet_by_name("A3a").to_python() if "Cộng" in r)
    assert total[2] == len(read_ward.meetings) - 1
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"báo cáo{s}" for s in (".pdf", ".docx", ".XLSX"))


@pytest.mark.parametrize("name", ["báo cáo.doc", "báo cáo", "báo cáo.pdf.exe"])
def test_an_unknown_ending_is_refused(read_ward: Ward, tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError) as caught:
        write_report(read_ward.book, "half-year", tmp_path / name, window=HALF)
    assert caught.value.code == "report.suffix" and not list(tmp_path.iterdir())


def test_other_wrong_use_is_refused(read_ward: Ward, tmp_path: Path) -> None:
    book, out = read_ward.book, tmp_path / "a.pdf"
    cases = {
        "report.unknown": lambda: write_report(book, "quarter", out, window=HALF),
        "report.period": lambda: write_report(book, "half-year", out),
        "report.no_round": lambda: write_report(book, "half-year", out, round_code="6T"),
        "report.no_folder": lambda: write_report(book, "half-year", tmp_path / "không có" / "a.pdf", window=HALF),
    }
    for code, run in cases.items():
        with pytest.raises(UserError) as caught:
            run()
        assert caught.value.code == code
    folder = tmp_path / "b.pdf"
    folder.mkdir()
    with pytest.raises(UserError) as caught:
        write_report(book, "half-year", folder, window=HALF)
    assert caught.value.code == "report.folder"


def test_a_full_disk_leaves_the_old_file(read_ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.pdf"
    out.write_bytes(b"cu")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvError) as caught:
        write_report(read_ward.book, "half-year", out, window=HALF)
    assert caught.value.code == "disk.full"
    assert out.read_bytes() == b"cu" and [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_a_round_gives_window_and_cut_off(ward: Ward, tmp_path: Path) -> None:
    values = {"year": 2026, "code": "6T", "name": "6 tháng năm 2026", "evidence_from": date(2026, 1, 1),
              "evidence_to": date(2026, 5, 31), "cut_off": date(2026, 5, 31)}  # fmt: skip
    with ward.book.transaction("Open a round", "test") as work:
        work.insert("round", values)
    write_report(ward.book, "half-year", tmp_path / "a.pdf", round_code="6T")
    text = page_texts((tmp_path / "a.pdf").read_bytes())[0].replace("\r\n", " ")
    assert "từ ngày 01/01/2026 đến ngày 31/05/2026" in text and "số liệu tính đến ngày 31/05/2026" in text


def test_issuing_stores_every_printed_number_with_its_records(ward: Ward) -> None:
    paper_id = issue(ward, number="5", signer_name="Lê Thị Hạnh")
    with ward.book.read() as connection:
        figures = issued_paper_figures(connection, paper_id)
        for one in figures:
            if one.where or one.part:
                continue
            now = evaluate(connection, one.figure, HALF)
            assert one.number == (None if now.number is None else Fraction(now.number))
            assert one.record_ids == tuple(sorted(now.record_ids)) and one.rule_version == now.rule_version
        rows = issued_papers(connection)
    assert [(r.id, r.number, r.signer_name, r.period, r.outline_version) for r in rows] == [
        (paper_id, "5", "Lê Thị Hạnh", HALF, "2026.1")
    ]
    assert {one.figure for one in figures} >= {"meetings_held", "associations_total", "attendance_rate"}
    area = str(ward.areas["Khu phố 1"])
    split = next(f for f in figures if f.figure == "meetings_held" and f.where == (("area", area),))
    assert split.number == len(split.record_ids) == 12


def test_the_command_line_replays_an_issued_paper(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paper_id = issue(ward, number="5")
    with ward.book.read() as connection:
        held = evaluate(connection, "meetings_held", HALF)
    ward.run(Void(table="meeting", id=held.record_ids[0], reason="ghi nhầm"))
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)

    def printed(*arguments: str) -> list[dict[str, object]]:
        assert main([*arguments, "--json"]) == 0
        rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
        return rows

    folder = str(ward.book.folder)
    assert [row["id"] for row in printed("list", folder, "papers")] == [str(paper_id)]
    figures = printed("figures", folder, "--replay", str(paper_id), "--id", "meetings_held")
    (whole,) = [row for row in figures if row["where"] == "" and row["part"] == ""]
    assert (whole["value"], whole["records"]) == (held.number, len(held.record_ids))
    records = printed("figures", folder, "--replay", str(paper_id), "--id", "meetings_held", "--trace")
    assert {row["id"] for row in records if row["where"] == ""} == {str(id_) for id_ in held.record_ids}
    for unknown in ("không có", str(new_id())):
        assert main(["figures", folder, "--replay", unknown]) == 3
        assert (
            capsys.readouterr().err.strip() == "Văn bản này không có trong sổ. Xin xem danh sách văn bản đã ban hành."
        )


def test_an_issued_paper_does_not_change_with_the_book(ward: Ward, tmp_path: Path) -> None:
    ward.run(SaveSectionText(section="s4", text="Một việc.", period_from=HALF.start, period_to=HALF.end))
    paper_id = issue(ward, number="5")
    write_issued(ward.book, paper_id, tmp_path / "trước.pdf")
    ward.book.run(Void(table="meeting", id=ward.meetings[0], reason="ghi nhầm"))
    ward.run(SaveSectionText(section="s4", text="Việc khác.", period_from=HALF.start, period_to=HALF.end))
    write_issued(ward.book, paper_id, tmp_path / "sau.pdf")
    assert (tmp_path / "trước.pdf").read_bytes() == (tmp_path / "sau.pdf").read_bytes()
    with ward.book.read() as connection:
        issued = issued_paper_body(connection, paper_id)
        now = compose_half_year(connection, ward.book.unit, HALF).paper
    assert "Số: 05/BC-MTTQ-BTT" == issued.letterhead.number_line
    assert pdf_bytes(issued) != pdf_bytes(now)


def test_a_number_is_given_once_a_year(ward: Ward) -> None:
    issue(ward, number="5")
    with pytest.raises(UserError) as caught:
        issue(ward, number="5")
    assert caught.value.code == "paper.number_used"
    issue(ward, number="5", issued_on=date(2027, 1, 3))
    issue(ward, number=None)
    with ward.book.read() as connection:
        assert len(issued_papers(connection)) == 3


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"number": "5; x"}, "paper.number"),
        ({"issued_on": date(2025, 1, 1)}, "paper.issued_early"),
        ({"kind": "yearly"}, "paper.no_outline"),
        ({"period_from": date(2026, 7, 1)}, "figures.window"),
    ],
)
def test_a_paper_with_wrong_fields_is_not_issued(read_ward: Ward, values: dict[str, object], code: str) -> None:
    with pytest.raises(UserError) as caught:
        issue(read_ward, **values)
    assert caught.value.code == code
    with read_ward.book.read() as connection:
        assert issued_papers(connection) == []


def test_issuing_is_undone_in_one_step(ward: Ward) -> None:
    issue(ward, number="5")
    ward.book.undo()
    with ward.book.read() as connection:
        assert issued_papers(connection) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"section": "s99"}, "section_text.no_section"), ({"outline": "yearly"}, "paper.no_outline"),
     ({"period_to": "2025-01-01"}, "dates.order")],
)  # fmt: skip
def test_wrong_section_texts_are_refused(read_ward: Ward, fields: dict[str, str], code: str) -> None:
    whole = {
        "op": "section_text.save",
        "section": "s4",
        "period_from": "2026-01-01",
        "period_to": "2026-06-30",
        "text": "x",
    }
    with pytest.raises(UserError) as caught:
        read_ward.book.run(parse_operation(json.dumps({**whole, **fields})))
    assert caught.value.code == code


def test_section_texts_are_stored_composed_and_replaced(ward: Ward) -> None:
    decomposed = unicodedata.normalize("NFD", "Khu phố còn chậm, Đường Phượng")
    whole = {"op": "section_text.save", "section": "s4", "period_from": "01/01/2026", "period_to": "30/06/2026"}
    first = ward.book.run(parse_operation({**whole, "text": decomposed})).id
    second = ward.book.run(parse_operation({**whole, "text": decomposed + "."})).id
    assert first == second
    with ward.book.read() as connection:
        paper = compose_half_year(connection, ward.book.unit, HALF).paper
    assert any(getattr(b, "text", "") == "1. Khu phố còn chậm, Đường Phượng." for b in paper.blocks)


def test_the_operations_are_known_by_name() -> None:
    assert {"paper.issue", "section_text.save"} <= set(operations())


@given(st.sets(st.integers(0, 200)))
def test_places_of_records_read_back(places: set[int]) -> None:
    assert _places(_runs(places), 201) == sorted(places)


_OUT_OF_LIST = '{"records": [], "figures": [{"id": "x", "rule": "1", "records": "0", "number": "1"}]}'


@pytest.mark.parametrize("text", ["", "{}", "[]", _OUT_OF_LIST])
def test_stored_figures_that_are_not_whole_are_refused(text: str) -> None:
    with pytest.raises(EnvError) as caught:
        printed_from_json(text)
    assert caught.value.code == "paper.damaged"


def test_a_paper_of_another_office_has_figures_but_no_body(ward: Ward) -> None:
    paper_id = issue(ward, number="5")
    arrived = new_id()
    with ward.book.transaction("As it arrives", "test") as work:
        sent = work.get("paper", paper_id)
        values = {name: value for name, value in sent.items() if name not in ("id", "unit", "voided")}
        work.insert("paper", {**values, "body": None}, unit="P05-3", id=arrived)
    paper_id = arrived
    with ward.book.read() as connection:
        assert issued_paper_figures(connection, paper_id)
        with pytest.raises(EnvError) as caught:
            issued_paper_body(connection, paper_id)
    assert caught.value.code == "paper.figures_only"


def hoidesk(*arguments: object) -> int:
    return main(["report", *map(str, arguments)])


def test_the_command_writes_and_says_what_is_missing(
    ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOIDESK_PASSWORD", unicodedata.normalize("NFD", "mật khẩu 1"))
    out, folder = tmp_path / "báo cáo.pdf", ward.book.folder
    assert hoidesk(folder, "half-year", "--from", "1/1/2026", "--to", "30/6/26", "--out", out) == 0
    assert out.read_bytes().startswith(b"%PDF") and str(out) in capsys.readouterr().out
    refused = [
        (folder, "half-year", "--from", "31/02/2026", "--to", "30/6/2026", "--out", out),
        (folder, "half-year", "--from", "1/1/2026", "--out", out),
        (folder, "half-year", "--out", out),
        (folder, "half-year", "--round", "NAM", "--out", out),
        (folder, "quarter", "--from", "1/1/2026", "--to", "30/6/2026", "--out", out),
        (folder, "half-year", "--from", "1/1/2026", "--to", "30/6/2026", "--out", tmp_path / "a.odt"),
        (tmp_path / "không có", "half-year", "--from", "1/1/2026", "--to", "30/6/2026", "--out", out),
    ]
    for arguments in refused:
        assert hoidesk(*arguments) == 3
        said = capsys.readouterr()
        assert said.out == "" and len(said.err.splitlines()) == 1 and "Traceback" not in said.err
    assert not (tmp_path / "a.odt").exists()
