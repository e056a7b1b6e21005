"""Generated sheets: any order of columns, any title rows above, come back as they were written."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spreadsheets.sheets import associations, meetings, read, write

DAYS = st.dates(date(1990, 1, 1), date(2026, 11, 11))
SPELLED = st.sampled_from(["{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d}.{m}.{y}", "{d:02}-{m:02}-{y}", "excel"])
NAMES = st.lists(
    st.sampled_from(
        "Chữ thập đỏ|Người mù|Khuyến học|Đông y|Luật gia|Sinh vật cảnh|Cựu giáo chức|Thơ Đường|Làm vườn".split("|")
    ),
    min_size=1,
    max_size=7,
    unique=True,
)
COUNTS = st.integers(0, 99_999)
HEADERS = {
    "name": ["Tên hội", "Tên tổ chức hội", "Hội", "TÊN HỘI QUẦN CHÚNG"],
    "members": ["Số hội viên", "Hội viên", "Tổng số hội viên"],
    "decision_number": ["Số QĐ thành lập", "Số quyết định"],
    "decision_date": ["Ngày thành lập", "Ngày QĐ"],
    "next_congress": ["Đại hội kế tiếp", "Dự kiến đại hội"],
    "ordinal": ["STT", "TT"],
    "unknown": ["Điểm năm trước", "Màu"],
}
LEDGER = {
    "held_on": ["Ngày", "Ngày họp", "Thời gian"],
    "branch": ["Chi hội", "Tên chi hội", "Đơn vị"],
    "area": ["Khu phố", "KP", "Địa bàn"],
    "invited": ["Tổng số", "Triệu tập", "Sĩ số"],
    "present": ["Có mặt", "Dự họp", "Số người tham dự"],
    "unknown": ["Màu", "Số tờ"],
}
TITLES = st.lists(
    st.sampled_from(["ỦY BAN MTTQ VIỆT NAM", "PHƯỜNG HÒA AN", "BIỂU SỐ 01", "(Số liệu tính đến ngày 15/6/2026)", ""]),
    max_size=4,
)


def spelled(day: date, how: str) -> Any:
    return day if how == "excel" else how.format(d=day.day, m=day.month, y=day.year)


def grouped(number: int, how: bool) -> Any:
    """As text with points, or as a number."""
    return f"{number:,}".replace(",", ".") if how and number >= 1000 else number


def laid_out(draw: Any, headers: dict[str, list[str]], records: list[dict[str, Any]]) -> list[list[Any]]:
    """Title rows, a header in any order of columns behind any number of empty ones, and the records."""
    order = draw(st.permutations(sorted(headers)))
    margin = [None] * draw(st.integers(0, 2))
    rows: list[list[Any]] = [[*margin, title or None] for title in draw(TITLES)]
    rows.append([*margin, *(draw(st.sampled_from(headers[field])) for field in order)])
    if draw(st.booleans()):
        rows.append([*margin, *(f"({number + 1})" for number in range(len(order)))])
    for record in records:
        rows.append([*margin, *(record.get(field) for field in order)])
        if draw(st.integers(0, 5)) == 0:
            rows.append([])
    return rows


@st.composite
def lists(draw: Any) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    truth, records = [], []
    for number, name in enumerate(draw(NAMES)):
        founded, congress, members = draw(DAYS), draw(st.dates(date(2027, 1, 1), date(2031, 1, 1))), draw(COUNTS)
        truth.append((f"Hội {name}", members, f"{number + 1}/QĐ-UBND", founded, congress))
        records.append(
            {
                "name": f"Hội {name}",
                "members": grouped(members, draw(st.booleans())),
                "decision_number": f"{number + 1}/QĐ-UBND",
                "decision_date": spelled(founded, draw(SPELLED)),
                "next_congress": spelled(congress, draw(SPELLED)),
                "ordinal": number + 1,
                "unknown": draw(st.sampled_from([None, "xanh", 7])),
            }
        )
    return laid_out(draw, HEADERS, records), truth


@st.composite
def ledgers(draw: Any) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    truth: list[tuple[Any, ...]] = []
    records = []
    for _number in range(draw(st.integers(1, 8))):
        held_on, invited, quarter = draw(DAYS), draw(st.integers(0, 3000)), draw(st.integers(1, 30))
        present = draw(st.integers(0, invited))
        branch = draw(
            st.sampled_from(["Chi hội Phụ nữ", "Chi đoàn Thanh niên", "Ban Công tác Mặt trận", "Chi hội Đông y"])
        )
        one = (held_on, branch, f"Khu phố {quarter}", invited, present)
        if any(other[:3] == one[:3] for other in truth):
            continue
        truth.append(one)
        records.append(
            {
                "held_on": spelled(held_on, draw(SPELLED)),
                "branch": branch,
                "area": draw(st.sampled_from(["KP {}", "kp{}", "Khu phố {}", "K.phố {:02}", "Khu phố số {}"])).format(
                    quarter
                ),
                "invited": grouped(invited, draw(st.booleans())),
                "present": grouped(present, draw(st.booleans())),
                "unknown": draw(st.sampled_from([None, "xanh"])),
            }
        )
    return laid_out(draw, LEDGER, records), truth


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(lists())
@QUICK
def test_lists_of_associations_come_back(made: tuple[list[list[Any]], list[tuple[Any, ...]]]) -> None:
    rows, truth = made
    with tempfile.TemporaryDirectory() as folder:
        reading = read(write(Path(folder) / "a.xlsx", {"Trang 1": rows}))
    found = [(a.name, a.members, a.decision_number, a.decision_date, a.next_congress) for a in associations(reading)]
    assert found == truth
    assert reading.bad == ()


@given(ledgers())
@QUICK
def test_ledgers_come_back(made: tuple[list[list[Any]], list[tuple[Any, ...]]]) -> None:
    rows, truth = made
    with tempfile.TemporaryDirectory() as folder:
        reading = read(write(Path(folder) / "a.xlsx", {"Trang 1": rows}))
    assert [(m.date, m.branch, m.area, m.invited, m.present) for m in meetings(reading)] == truth
    assert reading.bad == ()
