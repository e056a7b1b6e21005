"""The demo does what it says: every claim is looked up in the three books and in the files that it leaves."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.cli import main
from hoidesk.demo.actors import folder_for
from hoidesk.demo.texts import REPLY, REPORT
from hoidesk.errors import EnvError, Refusal
from hoidesk.exchange.rows import conflicts, sent_packages
from hoidesk.figures.evaluation import evaluate
from hoidesk.figures.window import Window
from hoidesk.figures.words import number_words
from hoidesk.language import use_language
from hoidesk.paper.rows import issued_paper_figures, issued_papers

HALF = Window(date(2026, 1, 1), date(2026, 6, 30))
BOOKS = ("cell", "ward", "district")


@dataclass(frozen=True)
class Left:
    """What one run of the demo left behind."""

    folder: Path
    sentences: list[str]
    passwords: dict[str, str]

    def open(self, name: str) -> Book:
        return open_book(self.folder / f"{name}.hoibook", password=self.passwords[f"{name}.hoibook"], writer=False)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("demo") / "thử nghiệm"
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(home))
        patch.setenv("HOIDESK_LANGUAGE", "vi")
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            assert main(["demo", "--dir", str(folder)]) == 0
    use_language("vi")
    lines = (folder / "passwords.txt").read_text(encoding="utf-8").splitlines()
    yield Left(folder, told.getvalue().splitlines(), dict(line.split("\t") for line in lines))


def scalar(book: Book, query: str) -> object:
    with book.read() as connection:
        return connection.execute(text(query)).scalar()


def test_each_step_is_one_sentence_and_the_folder_is_named(left: Left) -> None:
    assert len(left.sentences) >= 15
    assert all(sentence.endswith((".", "!")) and "{" not in sentence for sentence in left.sentences)
    assert str(left.folder) in left.sentences[-1]


def test_three_books_with_passwords_of_their_own(left: Left) -> None:
    assert list(left.passwords) == [f"{name}.hoibook" for name in BOOKS]
    assert len(set(left.passwords.values())) == 3
    for name in BOOKS:
        with left.open(name) as book:
            assert book.unit.tier == name
    with pytest.raises(EnvError):
        open_book(left.folder / "cell.hoibook", password=left.passwords["ward.hoibook"], writer=False)


def test_every_package_is_acknowledged_and_nothing_was_set_aside(left: Left) -> None:
    for name in BOOKS:
        with left.open(name) as book:
            with book.read() as connection:
                assert conflicts(connection, open_only=False) == []
                sent = sent_packages(connection)
            for table in ("parked", "suggestion", "quarantine", "conflict"):
                assert scalar(book, f"SELECT count(*) FROM {table}") == 0, (name, table)
            if name == "cell":
                assert [package.number for package in sent if package.acknowledged_at] == [1]
            if name == "ward":
                assert {p.number for p in sent if p.unit == "P05" and p.acknowledged_at} == {2}


def test_the_meetings_of_the_cell_reach_the_superior_unit_unchanged(left: Left) -> None:
    query = (
        "SELECT group_concat(hex(id) || held_on || invited || '/' || present, ' ') FROM "
        "(SELECT * FROM meeting WHERE unit = 'P05-2-03' AND held_on >= '2026-06-24' AND id IN ({ids}) ORDER BY id)"
    )
    with left.open("cell") as cell:
        # What the cell recorded itself; the ward's earlier meetings of the quarter came down to it.
        own = "FROM meeting WHERE id IN (SELECT id FROM row_clock WHERE inc = (SELECT inc FROM clock_state))"
        assert scalar(cell, f"SELECT count(*) {own}") == 3
        ids = scalar(cell, f"SELECT group_concat('x''' || hex(id) || '''') {own}")
        wanted = scalar(cell, query.format(ids=ids))
    assert wanted
    for name in ("ward", "district"):
        with left.open(name) as book:
            assert scalar(book, query.format(ids=ids)) == wanted


def test_no_person_leaves_an_office(left: Left) -> None:
    with left.open("ward") as ward:
        assert scalar(ward, "SELECT count(*) FROM post WHERE holder IS NOT NULL") > 100  # type: ignore[operator]
    with left.open("district") as district:
        assert scalar(district, "SELECT count(*) FROM post") > 100  # type: ignore[operator]
        assert scalar(district, "SELECT count(*) FROM post WHERE holder IS NOT NULL OR phone IS NOT NULL") == 0
        assert (
            scalar(district, "SELECT count(*) FROM meeting WHERE chair_name NOT NULL OR secretary_name NOT NULL") == 0
        )
        assert scalar(district, "SELECT count(*) FROM agenda_item") == 0
        assert scalar(district, "SELECT count(*) FROM score") == 0


def test_one_petition_came_back_answered(left: Left) -> None:
    with left.open("ward") as ward:
        assert scalar(ward, f"SELECT count(*) FROM petition WHERE status = 'answered' AND answer = '{REPLY}'") == 1
        assert scalar(ward, "SELECT count(*) FROM forwarded_petition WHERE from_unit = 'P05-2-03'") == 1
        assert scalar(ward, "SELECT count(*) FROM petition WHERE area_id NOT NULL AND text LIKE 'Lắp ba đèn%'") == 1
    with left.open("district") as district:
        assert scalar(district, "SELECT count(*) FROM petition_reply") == 1
        assert scalar(district, "SELECT count(*) FROM petition") == 0


def test_the_spreadsheets_came_in_as_one_undoable_step_each(left: Left) -> None:
    with left.open("ward") as ward:
        assert scalar(ward, "SELECT group_concat(name) FROM (SELECT name FROM batch ORDER BY op)") == (
            "danh_sach_hoi.xlsx,so_sinh_hoat.xlsx"
        )
        assert scalar(ward, "SELECT count(*) FROM op WHERE name = 'Import a spreadsheet'") == 2
        assert (
            scalar(ward, "SELECT sum(members) FROM membership WHERE as_of = '2026-06-15' AND source_note NOT NULL")
            == 5906
        )


def test_every_sheet_was_approved_and_reached_the_superior_unit(left: Left) -> None:
    with left.open("ward") as ward:
        assert scalar(ward, "SELECT count(*) FROM assessment WHERE state <> 'approved'") == 0
        approved = scalar(ward, "SELECT group_concat(snapshot_sha256) FROM (SELECT * FROM approval ORDER BY id)")
    with left.open("district") as district:
        assert scalar(district, "SELECT count(*) FROM approval") == 12 + 96 + 13
        assert (
            scalar(district, "SELECT group_concat(snapshot_sha256) FROM (SELECT * FROM approval ORDER BY id)")
            == approved
        )


def pdf_text(path: Path) -> str:
    import pypdfium2

    with contextlib.closing(pypdfium2.PdfDocument(str(path))) as document:
        pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    return " ".join(" ".join(pages).split())


def test_the_report_prints_the_counted_figures_and_they_replay(left: Left) -> None:
    printed = pdf_text(left.folder / "report.pdf")
    counted = (
        ("meetings_held", "Đã tổ chức {} cuộc họp"),
        ("field_visits", "và {} chuyến đi cơ sở"),
        ("petitions_received", "Tiếp nhận {} kiến nghị"),
        ("members_of_associations", "Các hội có {} (số báo cáo đến ngày 15/06/2026: 5.931) hội viên"),
    )
    with left.open("ward") as ward, ward.read() as connection:
        for figure, sentence in counted:
            value = evaluate(connection, figure, HALF)
            assert value.number and sentence.format(number_words(value.number)) in printed, figure
        (paper,) = issued_papers(connection)
        stored = {
            one.figure: one for one in issued_paper_figures(connection, paper.id) if not one.where and not one.part
        }
        meetings = evaluate(connection, "meetings_held", HALF)
        assert stored["meetings_held"].number == meetings.number
        assert set(stored["meetings_held"].record_ids) == set(meetings.record_ids)
    assert "chưa có nội dung" not in printed
    for words in (REPORT["s2_5"], REPORT["s2_6"]):
        assert words.split(";")[0].split(",")[0] in printed
    with left.open("district") as district:
        figures = scalar(district, "SELECT figures FROM paper")
        assert isinstance(figures, str) and meetings.record_ids[0].hex in figures


def test_a_folder_with_a_demo_is_refused_and_stays(left: Left, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in left.folder.rglob("*"))
    assert main(["demo", "--dir", str(left.folder)]) == 3
    out, err = capsys.readouterr()
    assert out == "" and str(left.folder) in err and err.count("\n") == 1
    assert sorted((path, path.stat().st_mtime_ns) for path in left.folder.rglob("*")) == before


def test_where_it_goes(home: Path, tmp_path: Path) -> None:
    first = folder_for(None)
    assert home in first.parents
    first.mkdir(parents=True)
    assert folder_for(None) not in (first, None)
    file = tmp_path / "tệp"
    file.write_text("")
    with pytest.raises(Refusal) as caught:
        folder_for(file)
    assert caught.value.code == "demo.no_folder"
