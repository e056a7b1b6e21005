"""Whatever stands in the cells, a file is read or refused with a sentence; nothing else happens."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hoidesk.errors import Refusal
from hoidesk.spreadsheets.check import read_tables
from hoidesk.spreadsheets.read import Merge, Sheet, Workbook
from tests.spreadsheets.sheets import TODAY

WORDS = st.sampled_from(
    (
        "STT|Tên hội|Số hội viên|Loại hình|Ngày|Tháng|Chi hội|Khu phố|Có mặt|Tổng số|Vắng có lý do|Kiến nghị|Nội dung|"
        "Dự/Tổng số|Tổ chức đảng|Chi bộ ghép|Quyết định thành lập|Số|Người đứng đầu|Điện thoại|Đại hội kế tiếp|"
        "I. Hội khác|Cộng|nt|x|-|KP 5|Hội Người mù|1.714|1,714|31/02/2026|5/6|2026|Tháng 13|0903112233|27/31|"
        "Bà Lê Thị Ơn - 0903112233|88/QĐ ngày 31/2/2001|(1)|Không|Chi bộ khu phố 2|1. a 2. b|Tháng 2/2026|(|)|;|"
        "12/13/2026|Ghi chú|Gọi 0903 112 233 khi cần"
    ).split("|")
)
CELLS = st.one_of(
    st.none(),
    WORDS,
    WORDS,
    st.integers(-5, 60_000),
    st.floats(allow_nan=True),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.times().map(lambda value: time(value.hour, value.minute)),
    st.text(max_size=12),
)


@st.composite
def workbooks(draw: Any) -> Workbook:
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 12))
    rows = tuple(tuple(draw(CELLS) for _column in range(width)) for _row in range(height))
    merges = []
    for _merge in range(draw(st.integers(0, 3))):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        merges.append(Merge(top, left, draw(st.integers(top, height - 1)), draw(st.integers(left, width - 1))))
    return Workbook("bất kỳ.xlsx", "0" * 64, (Sheet("Trang 1", rows, tuple(merges)),))


@given(workbooks(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_cells_are_read_or_refused(workbook: Workbook, phones: bool) -> None:
    try:
        reading = read_tables(workbook, today=TODAY, phones=phones)
    except Refusal as refusal:
        assert refusal.text
        return
    for finding in reading.findings:
        assert finding.text and "{" not in finding.text.replace("{}", "")
    bad = {finding.row for finding in reading.bad}
    assert not bad & {record.row for record in reading.records}
    if not phones:
        assert "112233" not in repr(reading.records).replace(" ", "")


HEADER = (
    "STT",
    "Tên hội",
    "Loại hình",
    "Quyết định thành lập",
    "Số hội viên",
    "Người đứng đầu",
    "Tổ chức đảng",
    "Đại hội kế tiếp",
)
LEDGER = ("Ngày", "Chi hội", "Khu phố", "Tổng số", "Có mặt", "Vắng có lý do", "Nội dung", "Kiến nghị")


@given(st.sampled_from([HEADER, LEDGER]), st.lists(st.tuples(*[CELLS] * 8), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_cells_under_a_good_header_give_values_in_bounds(
    header: tuple[str, ...], body: list[tuple[Any, ...]]
) -> None:
    sheet = Sheet("Trang 1", (header, *body), ())
    reading = read_tables(Workbook("bất kỳ.xlsx", "0" * 64, (sheet,)), today=TODAY)
    assert reading.tables[0].kind == ("associations" if header is HEADER else "meetings")
    assert "112233" not in repr(reading.records).replace(" ", "")
    for record in reading.records:
        counts = [getattr(record, name, None) for name in ("members", "invited", "present", "excused")]
        assert all(count is None or (type(count) is int and count >= 0) for count in counts)
        held_on = getattr(record, "date", None)
        assert held_on is None or (type(held_on) is date and held_on <= TODAY)
