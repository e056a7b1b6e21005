"""A file into a book: new, changed, same and bad rows, one batch, one undo, the same file twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book.book import Book
from hoidesk.book.dump import dump_lines, dump_sum
from hoidesk.book.folder import create_book
from hoidesk.cli import main
from hoidesk.errors import UserError
from hoidesk.spreadsheets.plan import ImportPlan, plan_import, refuse_again
from tests.spreadsheets.sheets import DATA, read, write

LIST = DATA / "01_danh_sach_hoi_phu_luc.xlsx"
LEDGER = DATA / "06_so_sinh_hoat.xlsx"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with create_book(
        tmp_path / "ward",
        tier="ward",
        code="P05-2",
        name="Phường Hòa An",
        user="Cán bộ",
        password="mật khẩu",
        today=date(2026, 11, 12),
    ) as made:
        yield made


def plan(book: Book, path: Path, *, phones: bool = False, **more: Any) -> ImportPlan:
    with book.read() as connection:
        return plan_import(connection, book.unit, read(path, phones=phones), **more)


def enter(book: Book, path: Path, **more: Any) -> ImportPlan:
    planned = plan(book, path, **more)
    book.run(planned.operation(), source="import")
    return planned


def one(book: Book, query: str, **values: Any) -> Any:
    with book.read() as connection:
        return connection.execute(text(query), values).scalar()


def test_a_list_goes_in_whole_and_one_undo_takes_it_back(book: Book) -> None:
    with book.read() as connection:
        before = dump_sum(connection)
    planned = enter(book, LIST)
    assert planned.counts() == {"new": 13, "changed": 0, "same": 0, "bad": 0}
    assert one(book, "SELECT count(*) FROM association WHERE kind = 'association' AND scope = 'commune'") == 13
    assert one(book, "SELECT sum(members) FROM membership WHERE as_of = '2026-06-15'") == 5906
    assert one(book, "SELECT count(*) FROM association WHERE entrusted_from IS NOT NULL") == 9
    assert one(book, "SELECT count(*) FROM party_status WHERE status = 'joint'") == 2
    assert one(book, "SELECT holder FROM post WHERE title = 'Chủ nhiệm'") == "Hoàng Ngọc Ẩn"
    assert one(book, "SELECT count(*) FROM post WHERE phone IS NOT NULL") == 0
    book.undo()
    with book.read() as connection:
        assert dump_sum(connection) == before


def test_phones_go_in_when_the_officer_says_so(book: Book) -> None:
    enter(book, LIST, phones=True)
    assert one(book, "SELECT count(*) FROM post WHERE phone LIKE '0%'") == 13


def test_the_same_file_again_is_refused_until_it_was_undone(book: Book) -> None:
    enter(book, LIST)
    again = plan(book, LIST)
    assert again.imported_on is not None
    with pytest.raises(UserError) as caught:
        refuse_again(again)
    assert caught.value.code == "import.again"
    assert again.counts() == {"new": 0, "changed": 0, "same": 13, "bad": 0}
    assert again.operation().steps == []
    book.undo()
    assert plan(book, LIST).imported_on is None
    book.redo()
    assert plan(book, LIST).imported_on is not None


def test_a_second_list_changes_only_what_it_says(book: Book, tmp_path: Path) -> None:
    enter(book, LIST)
    rows = [
        ["Số liệu tính đến ngày 30/9/2026"],
        ["STT", "Tên hội", "Số hội viên", "Chủ tịch", "Tổ chức đảng", "Trụ sở", "Đại hội kế tiếp"],
        [1, "HỘI CHỮ THẬP ĐỎ", "1.720", "Nguyễn Thị Đào", "Chi bộ riêng", None, "20/9/2026"],
        [2, "Hội Người mù phường An Phú", 27, "Lê Văn Ơn", None, "Số 1 đường Hòa Bình", None],
        [3, "Hội Làm vườn", 15, "Cao Thị Út", "Không", None, None],
        [4, "Hội Khuyến học", None, "Lê Thị Ánh Nguyệt", "Chi bộ ghép", None, None],
    ]
    planned = plan(book, write(tmp_path / "b.xlsx", {"Hội": rows}))
    assert [row.state for row in planned.rows] == ["changed", "changed", "new", "same"]
    told = [(change.old, change.new) for change in planned.rows[0].changes]
    assert told == [("15/09/2026", "20/09/2026"), ("1714", "1720"), ("Chi bộ ghép", "Có tổ chức đảng riêng")]
    book.run(planned.operation())
    assert one(book, "SELECT count(*) FROM association WHERE voided IS NULL") == 14
    assert one(book, "SELECT status FROM party_status WHERE status_from = '2026-09-30'") == "own"
    assert (
        one(book, "SELECT status_to FROM party_status WHERE status = 'joint' AND status_to IS NOT NULL") == "2026-09-29"
    )
    assert one(book, "SELECT holder FROM post WHERE held_to = '2026-09-29'") == "Huỳnh Văn Sáng"
    assert one(book, "SELECT holder FROM post WHERE held_from = '2026-09-30'") == "Lê Văn Ơn"
    assert one(book, "SELECT founding_number FROM association WHERE name = 'Hội Người mù'") == "34/QĐ-UBND"


def test_mass_organisations_stay_a_kind_of_their_own(book: Book, tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên", "Số hội viên"],
        [1, "Hội Cựu chiến binh", 9],
        [2, "Hội LHPN phường", 8],
        [3, "Hội Cựu giáo chức", 7],
    ]
    enter(book, write(tmp_path / "c.xlsx", {"S": rows}))
    assert one(book, "SELECT group_concat(kind) FROM (SELECT kind FROM association ORDER BY name)") == (
        "mass_org,association,mass_org"
    )


def test_a_ledger_fills_an_empty_book(book: Book) -> None:
    with book.read() as connection:
        before = dump_sum(connection)
    planned = enter(book, LEDGER)
    assert planned.counts() == {"new": 60, "changed": 0, "same": 0, "bad": 0}
    assert one(book, "SELECT count(*) FROM meeting WHERE source_channel = 'paper' AND entered_on_behalf") == 60
    assert one(book, "SELECT count(*) FROM area") == 12
    assert one(book, "SELECT code FROM area WHERE name = 'Khu phố 7'") == "P05-2-07"
    assert one(book, "SELECT count(*) FROM petition") == 36
    assert one(book, "SELECT count(*) FROM agenda_item") == 180
    assert one(book, "SELECT count(*) FROM meeting m JOIN branch b ON b.id = m.branch_id WHERE m.unit <> b.unit") == 0
    same = plan(book, LEDGER)
    assert same.counts() == {"new": 0, "changed": 0, "same": 60, "bad": 0}
    book.undo()
    with book.read() as connection:
        assert dump_sum(connection) == before


def test_a_branch_or_quarter_that_the_book_lacks_is_named_and_good_rows_go_in(book: Book, tmp_path: Path) -> None:
    enter(book, LEDGER)
    rows = [
        ["Ngày", "Chi hội", "Khu phố", "Tổng số", "Có mặt"],
        ["10/3/2026", "CCB", "KP 11", 26, 24],
        ["11/3/2026", "Chi hội Khuyến học", "KP 99", 9, 8],
        ["12/3/2026", "Chi hội Đông y", "KP 11", 9, 8],
        ["13/3/2026", "Chi hội Cựu chiến binh", "KP 11", 26, 20],
    ]
    path = write(tmp_path / "d.xlsx", {"Sổ": rows})
    planned = plan(book, path)
    assert [row.state for row in planned.rows] == ["changed", "bad", "bad", "new"]
    bad = [finding.text for finding in planned.findings if finding.kind == "bad"]
    assert "99" in bad[0] and "Đông y" in bad[1] and all("Sổ" in sentence for sentence in bad)
    made = plan(book, path, create_missing=True)
    assert made.counts() == {"new": 3, "changed": 1, "same": 0, "bad": 0}
    book.run(planned.operation())
    assert one(book, "SELECT count(*) FROM meeting") == 61
    assert one(book, "SELECT present FROM meeting WHERE held_on = '2026-03-10'") == 24
    assert json.loads(one(book, "SELECT refused FROM batch ORDER BY at DESC, rowid DESC LIMIT 1")) == bad


def test_a_meeting_of_the_quarter_is_the_quarters(book: Book, tmp_path: Path) -> None:
    rows = [["Ngày", "Đơn vị", "Khu phố", "Có mặt"], ["7/3/2026", "Hội nghị nhân dân", "KP 1", 90]]
    path = write(tmp_path / "e.xlsx", {"Sổ": rows})
    enter(book, path)
    assert one(book, "SELECT m.kind FROM meeting m JOIN area a ON a.id = m.area_id") == "people_conference"
    assert one(book, "SELECT count(*) FROM branch") == 0
    assert plan(book, path).counts() == {"new": 0, "changed": 0, "same": 1, "bad": 0}


def test_new_branches_find_their_organisation_and_new_quarters_a_free_code(book: Book, tmp_path: Path) -> None:
    lists = [
        ["Tên hội", "Số hội viên"],
        ["Hội Cựu Thanh niên xung phong", 9],
        ["Đoàn TNCS Hồ Chí Minh", 8],
        ["Hội LHPN", 7],
    ]
    enter(book, write(tmp_path / "f.xlsx", {"Hội": lists}))
    rows = [
        ["Ngày", "Chi hội", "Địa bàn", "Có mặt"],
        ["7/3/2026", "Chi đoàn", "KP 3", 9],
        ["7/3/2026", "Chi hội PN", "Tổ dân phố 3", 9],
        ["8/3/2026", "Chi hội TNXP", "KP 3A", 9],
        ["9/3/2026", "Chi hội Khuyến học", "KP 3", 9],
    ]
    enter(book, write(tmp_path / "g.xlsx", {"Sổ": rows}))
    query = (
        "SELECT group_concat(b.kind || '=' || coalesce(a.name, '') || '@' || b.unit, '; ') FROM "
        "(SELECT * FROM branch ORDER BY kind) b LEFT JOIN association a ON a.id = b.association_id"
    )
    assert one(book, query).split("; ") == [
        "former_youth_volunteers=Hội Cựu Thanh niên xung phong@P05-2-03B",
        "learning_promotion=@P05-2-03",
        "women=Hội LHPN@P05-2-03A",
        "youth=Đoàn TNCS Hồ Chí Minh@P05-2-03",
    ]


def test_a_cell_takes_only_its_own_quarter(tmp_path: Path) -> None:
    rows = [["Ngày", "Chi hội", "Khu phố", "Có mặt"], ["7/3/2026", "CCB", "KP 3", 9], ["8/3/2026", "CCB", "KP 4", 9]]
    path = write(tmp_path / "h.xlsx", {"Sổ": rows})
    made = create_book(tmp_path / "cell", tier="cell", code="P05-2-03", name="Khu phố 3", user="Thư ký", password="x")
    with made as cell:
        planned = enter(cell, path)
        assert planned.counts() == {"new": 1, "changed": 0, "same": 0, "bad": 1}
        assert one(cell, "SELECT group_concat(code) FROM area") == "P05-2-03"
        assert one(cell, "SELECT entered_on_behalf FROM meeting") == 0


def test_an_edit_after_the_import_survives_its_undo(book: Book) -> None:
    enter(book, LIST)
    with book.read() as connection:
        row = connection.execute(text("SELECT id FROM association WHERE name = 'Hội Đông y'")).scalar_one()
    from uuid import UUID

    book.run(SaveAssociation(id=UUID(bytes=row), headquarters="Số 5 đường Ấp Bắc"))
    book.undo()
    undone = book.undo()
    assert undone.kept == []
    with book.read() as connection:
        assert list(dump_lines(connection)) == []


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    out, err = capsys.readouterr()
    return status, out, err


def test_the_command(
    book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOIDESK_PASSWORD", "mật khẩu")
    folder = str(book.folder)
    with book.read() as connection:
        before = dump_sum(connection)
    book.close()
    status, out, _err = run(capsys, "import", folder, str(LIST), "--dry-run", "--json")
    rows = json.loads(out)
    assert (status, len(rows)) == (0, 13)
    assert {type(value) for row in rows for value in row.values()} <= {str, int, bool, type(None)}
    assert (rows[0]["name"], rows[0]["state"], rows[0]["members"], rows[0]["phone"]) == (
        "Hội Chữ thập đỏ phường",
        "new",
        1714,
        None,
    )
    for wrong in (tmp_path, tmp_path / "không có.xlsx", Path(__file__)):
        status, out, err = run(capsys, "import", folder, str(wrong))
        assert (status, out) == (3, "")
        assert err.count("\n") == 1
    bad = write(tmp_path / "sai.xlsx", {"S": [["Tên hội", "Số hội viên"], ["Hội Thơ", "1,714"], ["Hội Vườn", "31/02"]]})
    status, out, err = run(capsys, "import", folder, str(bad))
    assert status == 3 and err.count("\n") == 1 and "1,714" in out and "31/02" in out
    assert run(capsys, "import", folder, str(LIST))[0] == 0
    status, out, err = run(capsys, "import", folder, str(LIST))
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert run(capsys, "import", folder, str(LIST), "--again")[0] == 0
    assert run(capsys, "undo", folder)[0] == 0
    from hoidesk.book.folder import open_book

    with open_book(Path(folder), password="mật khẩu") as reopened, reopened.read() as connection:
        assert dump_sum(connection) == before
