"""Other layouts, other words, other traps: lists as offices really keep them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.spreadsheets.sheets import associations, meetings, read, write


def bad_rows(reading: object) -> list[tuple[int | None, str | None]]:
    return [(finding.row, finding.column) for finding in reading.bad]  # type: ignore[attr-defined]


def test_other_words_other_order_header_elsewhere(tmp_path: Path) -> None:
    rows = [
        [],
        [None, None, "BIỂU TỔNG HỢP CÁC HỘI - Tính đến hết ngày 30 tháng 6 năm 2026"],
        [],
        [
            None,
            "TT",
            "Ghi chú",
            "Chủ tịch hội",
            "Tổng số hội viên",
            "Tên tổ chức hội",
            "Số, ngày QĐ thành lập",
            "Tình hình tổ chức Đảng",
        ],
        [
            None,
            "01",
            "SĐT 0903112233",
            "Bà Trần Thị Ơn - 0918.223.344",
            "1 714 người",
            "1. Hội Đông y",
            "QĐ số 62/QĐ-UBND ngày 27/02/1998",
            "Chưa có",
        ],
        [
            None,
            "02",
            None,
            "Ông Ngô Bá Thước (Phó Chủ tịch)",
            39.0,
            "Hội Luật gia",
            "12/2001/QĐ-UB, ngày 5.6.2001",
            "Sinh hoạt ghép với khu phố 3",
        ],
        [],
        [None, None, "Ghi chú: số liệu do các hội báo cáo"],
        [None, None, None, None, None, "Hòa An, ngày 02 tháng 7 năm 2026"],
    ]
    reading = read(write(tmp_path / "a.xlsx", {"Bieu 1": rows}))
    one, two = associations(reading)
    assert (one.name, one.members, one.head, one.phone) == ("Hội Đông y", 1714, "Trần Thị Ơn", None)
    assert (one.decision_number, one.decision_date) == ("62/QĐ-UBND", date(1998, 2, 27))
    assert (one.party_code, two.party_code) == ("none", "joint")
    assert (two.decision_number, two.decision_date) == ("12/2001/QĐ-UB", date(2001, 6, 5))
    assert (two.head, two.head_title) == ("Ngô Bá Thước", "Phó Chủ tịch")
    assert one.as_of == date(2026, 6, 30)
    assert "0903" not in repr(reading) and "0918" not in repr(reading)
    assert reading.bad == ()


def test_two_row_header_without_merged_cells(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên hội", "QĐ thành lập", None, "Hội viên", None, None, "Đại hội", None],
        [None, None, "Số", "Ngày", "Tổng số", "Tăng", "Giảm", "Gần nhất", "Kế tiếp"],
        ["A", "B", "1", "2", "3=4+5", "4", "5", "6", "7"],
        [1, "Hội Người mù", "34/QĐ-UBND", "17-4-1999", 27, 2, 1, "17/4/2021", "17/4/2026"],
    ]
    (one,) = associations(read(write(tmp_path / "a.xlsx", {"S": rows})))
    assert (one.decision_number, one.decision_date) == ("34/QĐ-UBND", date(1999, 4, 17))
    assert (one.members, one.joined, one.left) == (27, 2, 1)
    assert (one.last_congress, one.next_congress) == (date(2021, 4, 17), date(2026, 4, 17))


def test_an_answer_spread_over_ticked_columns(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên hội", "Tổ chức đảng", None, None, "Số hội viên"],
        [None, None, "Chi bộ riêng", "Chi bộ ghép", "Chưa có", None],
        [1, "Hội Chữ thập đỏ", None, "x", None, 120],
        [2, "Hội Khuyến học", None, None, "X", 80],
        [3, "Hội Đông y", "x", "x", None, 30],
        [4, "Hội Luật gia", "1", None, None, 12],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 1, 5)]
    reading = read(write(tmp_path / "a.xlsx", {"S": rows}, merges))
    assert [(one.name, one.party_code) for one in associations(reading)] == [
        ("Hội Chữ thập đỏ", "joint"),
        ("Hội Khuyến học", "none"),
        ("Hội Luật gia", "own"),
    ]
    assert bad_rows(reading) == [(5, "C")]


def test_groups_say_what_no_column_says(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên hội", "Số hội viên"],
        ["I", "Hội do Đảng, Nhà nước giao nhiệm vụ", 200],
        [1, "Hội Chữ thập đỏ", 120],
        [2, "Hội Người mù", 80],
        ["II", "Các hội khác", 12],
        [1, "Hội Thơ", 12],
        [None, "Tổng cộng: 3 hội", 212],
    ]
    reading = read(write(tmp_path / "a.xlsx", {"S": rows}))
    assert [(one.name, one.entrusted) for one in associations(reading)] == [
        ("Hội Chữ thập đỏ", True),
        ("Hội Người mù", True),
        ("Hội Thơ", False),
    ]


def test_bad_rows_are_named_with_their_place_and_good_rows_stay(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên hội", "Ngày thành lập", "Số hội viên", "Do Đảng, NN giao nhiệm vụ"],
        [1, "Hội Khuyến học", "31/02/2001", 10, "x"],
        [2, "Hội Đông y", "28/02/2001", "1,714", None],
        [3, "Hội Người mù", "28/02/2001", "hai mươi", "có"],
        [4, "Hội Luật gia", "2001", 1.714, "không"],
        [5, "Hội Cựu giáo chức", "28/02/2099", 12.5, "?"],
        [6, None, "28/02/2001", 12, "x"],
        [7, "Hội luật  gia", None, 12, "x"],
        [8],
        [9, "Cộng đồng người cao tuổi", None, -3, None],
    ]
    reading = read(write(tmp_path / "a.xlsx", {"Hội": rows}))
    assert [(one.name, one.members, one.decision_date) for one in associations(reading)] == [
        ("Hội Luật gia", 1714, None)
    ]
    assert associations(reading)[0].remarks == ("Ngày thành lập: 2001",)
    named = [(2, "C"), (3, "D"), (4, "D"), (6, "C"), (6, "D"), (6, "E"), (7, "B"), (8, None), (10, "D")]
    assert sorted(bad_rows(reading), key=lambda place: (place[0] or 0, place[1] or "")) == named
    assert all(f"{finding.row}" in finding.text and "Hội" in finding.text for finding in reading.bad)
    assert all("\n" not in finding.text for finding in reading.findings)


def test_a_numbered_row_without_a_name_is_named_and_a_bare_sum_is_not(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên hội", "Số hội viên"],
        [1, "Hội Người mù", 41],
        [2, None, 7],
        [3, None, None],  # numbered in advance and never filled
        [None, None, 48],  # the sum, without a word
    ]
    reading = read(write(tmp_path / "thiếu tên.xlsx", {"Danh sách": rows}))
    assert [record.name for record in associations(reading)] == ["Hội Người mù"]
    assert bad_rows(reading) == [(3, "B")]


def test_columns_about_persons_stay_out_and_are_named(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên hội", "Người đứng đầu", None, None, "Số hội viên", "Kinh phí"],
        [None, None, "Họ tên", "Năm sinh", "Dân tộc", None, None],
        [1, "Hội Khuyến học", "Lê Thị Ánh", 1960, "Hoa", 10, "5 triệu"],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 1, 5), (0, 6, 1, 6)]
    reading = read(write(tmp_path / "a.xlsx", {"S": rows}, merges))
    (one,) = associations(reading)
    assert one.head == "Lê Thị Ánh"
    assert "1960" not in repr(reading.records) and "Hoa" not in repr(reading.records)
    note = next(finding.text for finding in reading.findings if "D (" in finding.text)
    assert "Năm sinh" in note and "Dân tộc" in note and "Kinh phí" in note


def test_several_sheets_and_two_tables_in_one(tmp_path: Path) -> None:
    lists = [
        ["STT", "Tên hội", "Số hội viên"],
        [1, "Hội Khuyến học", 10],
        [],
        ["DANH SÁCH HỘI KHÁC"],
        ["STT", "Số hội viên", "Tên hội"],
        [1, 20, "Hội Đông y"],
        ["STT", "Số hội viên", "Tên hội"],
        [2, 30, "Hội Người mù"],
    ]
    ledger = [["Ngày họp", "Đơn vị", "Địa bàn", "Số người dự"], ["5/6/2026", "Chi hội PN", 3, 17]]
    reading = read(write(tmp_path / "a.xlsx", {"Hội": lists, "Bìa": [["Lời nói đầu"]], "Sổ": ledger}))
    assert [(table.kind, len(table.records)) for table in reading.tables] == [
        ("associations", 1),
        ("associations", 2),
        ("meetings", 1),
    ]
    assert [record.sheet for record in reading.records] == ["Hội", "Hội", "Hội", "Sổ"]
    assert any("Bìa" in finding.text for finding in reading.findings)


def test_a_ledger_in_groups_with_merged_and_repeated_cells(tmp_path: Path) -> None:
    rows = [
        ["SỔ HỌP QUÝ I NĂM 2026"],
        ["Khu phố", "Ngày", "Chi hội", "Dự/Tổng số", "Ý kiến, kiến nghị", "Chủ trì"],
        ["Tháng 01/2026"],
        ["KP.05", 15, "CCB", "27/31", "1. Sửa đường hẻm 12 - 14  2. Thêm đèn", "Ông Lý Văn Ẩn"],
        [None, 16, "BCTMT", "9/12", "Không có kiến nghị", None],
        ["Khu phố 6", "17/1", "nt", "10 / 12", "-", None],
        ["Tháng 02/2026"],
        ["kp 7", 31, "Chi đoàn", "5/6", None, None],
        ["kp 7", 28, "Chi đoàn", "7/6", None, None],
        ["Chợ", 27, "Chi đoàn", "4/6", None, None],
    ]
    merges = [(0, 0, 0, 5), (3, 0, 4, 0)]
    path = tmp_path / "a.xlsx"
    reading = read(write(path, {"S": rows}, merges))
    found = meetings(reading)
    assert [(one.date, one.branch, one.area, one.present, one.invited) for one in found] == [
        (date(2026, 1, 15), "Chi hội Cựu chiến binh", "Khu phố 5", 27, 31),
        (date(2026, 1, 16), "Ban Công tác Mặt trận", "Khu phố 5", 9, 12),
        (date(2026, 1, 17), "Ban Công tác Mặt trận", "Khu phố 6", 10, 12),
    ]
    assert found[0].petitions == ("Sửa đường hẻm 12 - 14", "Thêm đèn")
    assert found[0].chair == "Lý Văn Ẩn"
    assert (found[1].no_petition, found[2].no_petition) == (True, False)
    assert [row for row, _column in bad_rows(reading)] == [8, 9, 10]


def test_branch_and_quarter_in_one_cell_and_times_in_the_day(tmp_path: Path) -> None:
    rows = [
        [
            "Thời gian",
            "Tên chi hội",
            "Tổng số HV",
            "Số HV dự",
            "Vắng",
            None,
            "Nội dung sinh hoạt",
            "Kết luận",
            "Địa điểm",
        ],
        [None, None, None, None, "Có phép", "Không phép", None, None, None],
        [
            "19h30 ngày 5/6/2026",
            "Chi hội Phụ nữ KP 12",
            30,
            25,
            3,
            2,
            "- Học nghị quyết\n- Thu quỹ",
            "Giao tổ 3 dọn vệ sinh",
            "Văn phòng",
        ],
        ["06/06/26", "Chi đoàn khu phố 03", 20, 21, 0, 0, None, None, None],
        ["07/06/2026", "Chi hội NCT KP4", 20, 15, 9, 0, None, None, None],
        ["08/06/2026", "Chi hội TNXP TDP 7", 20, None, 1, 0, None, None, None],
        ["01/01/2027", "Chi hội TNXP KP 7", 20, 4, 1, 0, None, None, None],
        [None, "Chi hội TNXP KP 7", 20, 4, 1, 0, None, None, None],
        ["09/06/2026", None, 20, 4, 1, 0, None, None, None],
    ]
    reading = read(write(tmp_path / "a.xlsx", {"S": rows}))
    one, two = meetings(reading)
    assert (one.date, one.starts, one.branch_kind, one.area) == (date(2026, 6, 5), "19:30", "women", "Khu phố 12")
    assert (one.agenda, one.decisions) == (("Học nghị quyết", "Thu quỹ"), ("Giao tổ 3 dọn vệ sinh",))
    assert (two.branch_kind, two.area, two.present) == ("former_youth_volunteers", "Tổ dân phố 7", None)
    assert bad_rows(reading) == [(4, "D"), (5, "E"), (7, "A"), (8, "A"), (9, "B"), (9, None)]


def test_numbers_that_lost_their_format_and_decomposed_text(tmp_path: Path) -> None:
    import unicodedata

    header = [unicodedata.normalize("NFD", text) for text in ("Ngày", "Chi hội", "Khu phố", "Có mặt", "Tổng số")]
    name = unicodedata.normalize("NFD", "Chi hội Nông dân")
    rows = [header, [46178, name, "5", "1.714", "2.000"], [date(2026, 6, 6), "Chi hội\u00a0Nông\u200b dân", 5.0, 3, 4]]
    reading = read(write(tmp_path / "a.xlsx", {"S": rows}))
    one, two = meetings(reading)
    assert (one.date, one.branch, one.area, one.present) == (date(2026, 6, 5), "Chi hội Nông dân", "Khu phố 5", 1714)
    assert two.branch == one.branch
    assert any("46178" in finding.text for finding in reading.findings)


def test_headers_that_say_nothing_are_told_by_their_cells(tmp_path: Path) -> None:
    lists = [
        ["STT", "Các tổ chức trên địa bàn", "Số thành viên", "Loại"],
        [1, "Hội Khuyến học", "980 (nữ: 600)", "XH-NN"],
        [2, "Hiệp hội Doanh nghiệp trẻ", 20, "Hiệp hội"],
        [3, "Quỹ Vì trẻ thơ", 9, "Quỹ xã hội"],
    ]
    ledger = [
        ["Nơi sinh hoạt", "Lúc nào", "Ai họp", "Có mặt"],
        ["Khu phố 2", "5/6/2026", "Chi hội Phụ nữ", 17],
        ["Khu phố 3", "6/6/2026", "Chi đoàn", 12],
    ]
    reading = read(write(tmp_path / "a.xlsx", {"Hội": lists, "Sổ": ledger}))
    first, second = reading.tables
    assert [(record.name, record.type_code, record.members) for record in first.records] == [  # type: ignore[union-attr]
        ("Hội Khuyến học", "social_professional", 980),
        ("Hiệp hội Doanh nghiệp trẻ", "economic_association", 20),
        ("Quỹ Vì trẻ thơ", "social_fund", 9),
    ]
    assert [(record.date, record.branch_kind) for record in second.records] == [  # type: ignore[union-attr]
        (date(2026, 6, 5), "women"),
        (date(2026, 6, 6), "youth"),
    ]


def test_a_sheet_a_month_with_the_day_alone(tmp_path: Path) -> None:
    header = ["Ngày", "Thời gian", "Chi hội", "KP", "Dự", "Kiến nghị"]
    sheets = {
        "T1": [["SỔ HỌP THÁNG 1 NĂM 2026"], header, [15, "19h30", "CCB", 5, 20, 0]],
        "Tháng 2": [["SỔ HỌP NĂM 2026"], header, [28, "8:00", "CCB", 5, 21, 2], [30, None, "CCB", 5, 21, None]],
    }
    reading = read(write(tmp_path / "a.xlsx", sheets))
    one, two = meetings(reading)
    assert (one.date, one.starts, one.no_petition) == (date(2026, 1, 15), "19:30", True)
    assert (two.date, two.starts, two.petitions, two.no_petition) == (date(2026, 2, 28), "08:00", (), False)
    assert bad_rows(reading) == [(4, "A")]
    assert any(finding.kind == "look" and finding.column == "F" for finding in reading.findings)


def test_day_and_month_in_two_columns_and_a_header_printed_again(tmp_path: Path) -> None:
    header = [["NĂM 2026"], ["Ngày tháng", None, "Chi hội", "Khu phố", "Có mặt"], ["Ngày", "Tháng", None, None, None]]
    numbers = ["(1)", "(2)", "(3)", "(4)", "(5)"]
    rows = [*header, numbers, [7, 3, "CCB", "KP 1", 9], *header[1:], numbers, [8, 3, "CCB", "KP 1", 9]]
    merges = [(1, 0, 1, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 2, 4)]
    reading = read(write(tmp_path / "a.xlsx", {"S": rows}, merges))
    assert [one.date for one in meetings(reading)] == [date(2026, 3, 7), date(2026, 3, 8)]
    assert reading.bad == ()


def test_meetings_of_the_quarter_itself_and_of_a_party_cell(tmp_path: Path) -> None:
    rows = [
        ["SỔ HỌP 6 THÁNG ĐẦU NĂM 2026"],
        ["Ngày", "Đơn vị", "Khu phố", "Có mặt"],
        ["2026-03-07", "Hội nghị nhân dân", "KP 1", 90],
        [date(2026, 10, 3), "Ban điều hành khu phố 2", None, 5],
        ["9/3/2026", "Chi bộ khu phố 2", "KP 2", 15],
    ]
    reading = read(write(tmp_path / "a.xlsx", {"S": rows}))
    one, two = meetings(reading)
    assert (one.date, one.branch_kind, one.area) == (date(2026, 3, 7), "area", "Khu phố 1")
    assert (two.branch_kind, two.area) == ("area", "Khu phố 2")
    assert bad_rows(reading) == [(5, "B")]
    assert any("10/03/2026" in finding.text for finding in reading.findings if finding.row == 4)


def test_three_header_rows_short_words_and_a_column_of_names_with_phones(tmp_path: Path) -> None:
    rows = [
        ["ỦY BAN MTTQ VN PHƯỜNG A", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["BIỂU 02: DANH SÁCH CÁC HỘI (đến 31/12/2025)"],
        ["TT", "Tên hội", "Thông tin pháp lý", None, None, "Tổ chức", None, None],
        [None, None, "Quyết định", None, "Loại hình", "Hội viên", None, "Chủ tịch, SĐT"],
        [None, None, "Số", "Ngày, tháng, năm", None, "Tổng", "Nữ", None],
        ["I", "HỘI CÓ TÍNH CHẤT ĐẶC THÙ"],
        ["1", "Hội Luật gia", "12/QĐ-UBND", "5/6/2010", "CT-XH-NN", "120", "45", "Ông Trần Ơn, 0912 345 678"],
        ["2", "Hội Đông y", "13/QĐ-UBND", "05.6.2010", "XH - NN", "1.120", "45", "Bà Lê Thị Ý (PCT)"],
        ["3", "Hội Thơ", None, None, None, "9", None, "Khuyết"],
        ["", "TỔNG CỘNG", None, None, None, "1.240"],
        [None, None, None, None, "Phường A, ngày 31 tháng 12 năm 2025"],
        ["NGƯỜI LẬP BIỂU", None, None, None, "TM. BAN THƯỜNG TRỰC"],
        ["Trần Văn B", None, None, None, "Nguyễn Văn C"],
    ]
    merges = [(2, 0, 4, 0), (2, 1, 4, 1), (2, 2, 2, 4), (2, 5, 2, 7), (3, 2, 3, 3), (3, 4, 4, 4), (3, 5, 3, 6)]
    path = write(tmp_path / "a.xlsx", {"S": rows}, [*merges, (3, 7, 4, 7), (5, 1, 5, 7)])
    one, two, three = associations(read(path))
    assert (one.decision_number, one.decision_date, one.type_code) == (
        "12/QĐ-UBND",
        date(2010, 6, 5),
        "political_social",
    )
    assert (one.members, two.members, one.head, one.as_of) == (120, 1120, "Trần Ơn", date(2025, 12, 31))
    assert (two.head, two.head_title, three.head) == ("Lê Thị Ý", "Phó Chủ tịch", None)
    assert associations(read(path, phones=True))[0].phone == "0912345678"


def test_a_quarter_named_once_or_in_the_title(tmp_path: Path) -> None:
    header = ["Khu phố", "Chi hội", "Ngày họp", "Tổng số", "Có mặt", "Vắng"]
    one_quarter = [
        ["THEO DÕI SINH HOẠT KHU PHỐ 7 - QUÝ II/2026"],
        ["STT", "Thời gian", "Tên chi hội", "Dự họp"],
        [1, "Chủ nhật 12/4", "CH CCB", "28/30"],
    ]
    rows = [
        ["SỔ SINH HOẠT NĂM 2026"],
        header,
        ["Khu phố 1", "Chi hội Phụ nữ", date(2026, 1, 5), 30, 25, 5],
        [None, "Chi hội Nông dân", date(2026, 1, 6), 20, None, 5],
        ["Cộng KP 1", None, None, 50, 45, 10],
        [None, "Chi hội Nông dân", date(2026, 1, 7), 20, 10, None],
    ]
    reading = read(write(tmp_path / "a.xlsx", {"KP": one_quarter, "Cả phường": rows}))
    first, second, third = meetings(reading)
    assert (first.date, first.area, first.present, first.invited) == (date(2026, 4, 12), "Khu phố 7", 28, 30)
    assert (second.area, third.area, third.present) == ("Khu phố 1", "Khu phố 1", 15)
    assert [(finding.row, finding.column) for finding in reading.findings if finding.kind == "look"] == [(4, "A")]
    assert bad_rows(reading) == [(6, "A")]
