"""Small rules: numbers and days on paper, the archive of an issued paper, charts, the small sheets."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.errors import EnvError
from hoidesk.paper.archive import paper_from_data, paper_to_data
from hoidesk.paper.charts import ChartLook, chart_pdf, chart_pixels, chart_png
from hoidesk.paper.handover import Handover, handover_pdf
from hoidesk.paper.model import BarChart, Series, clean
from hoidesk.paper.pdf import pdf_bytes
from hoidesk.paper.preview import page_sizes, page_texts
from hoidesk.paper.recovery import recovery_sheet_pdf
from hoidesk.paper.words import count_text, long_date, number_text, rate_text, roman
from tests.paper.pdf_fonts import fonts_of
from tests.paper.samples import ALPHABET, chart, report


def test_days_as_decree_30_writes_them() -> None:
    assert long_date(date(2026, 1, 5)) == "ngày\u00a005 tháng\u00a001 năm\u00a02026"
    assert long_date(date(2026, 6, 29)) == "ngày\u00a029 tháng\u00a06 năm\u00a02026"


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0%"), ("100", "100%"), ("99.96", "99,9%"), ("0.02", "0,1%"), ("83.333", "83,3%"), ("-3.05", "-3,1%")],
)
def test_rates_are_never_rounded_to_all_or_nothing(value: str, text: str) -> None:
    assert rate_text(Decimal(value)) == text


@given(st.integers(-(10**12), 10**12))
def test_counts_read_back(value: int) -> None:
    assert int(count_text(value).replace(".", "")) == value
    assert re.fullmatch(r"-?\d{1,3}(\.\d{3})*", count_text(value))


def test_numbers_drop_empty_decimals() -> None:
    assert number_text(Decimal("12.50")) == "12,5" and number_text(Decimal("1714")) == "1.714"


@given(st.integers(1, 39), st.integers(1, 39))
def test_roman_numbers_are_all_different(one: int, other: int) -> None:
    assert (roman(one) == roman(other)) == (one == other)


def test_roman_numbers() -> None:
    assert [roman(n) for n in (1, 4, 9, 12, 39)] == ["I", "IV", "IX", "XII", "XXXIX"]
    with pytest.raises(ValueError, match="39"):
        roman(40)


@given(st.text())
def test_clean_text_can_stand_on_a_page(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned


def test_a_stored_paper_prints_the_same_bytes() -> None:
    paper = report()
    stored = json.dumps(paper_to_data(paper), ensure_ascii=False, sort_keys=True)
    again = paper_from_data(json.loads(stored))
    assert again == paper
    assert pdf_bytes(again) == pdf_bytes(paper)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"part": "Path"},
        {"part": "Heading", "number": "1", "text": "x"},
        {"part": "Paper", "letterhead": "x", "type_line": "", "subject": "", "blocks": []},
        {"part": "Cell", "value": {"decimal": "một"}},
        {"part": "Cell", "value": {"date": "31/02/2026"}},
    ],
)
def test_a_stored_paper_that_is_not_whole_is_refused(data: object) -> None:
    with pytest.raises(EnvError) as caught:
        paper_from_data(data)
    assert caught.value.code == "paper.damaged"


def test_a_stored_paper_with_a_wrong_kind_inside_is_refused() -> None:
    data = paper_to_data(report())
    data["annexes"][0]["blocks"][0]["columns"][0]["width_mm"] = "rộng"
    with pytest.raises(EnvError):
        paper_from_data(data)


def test_a_chart_carries_its_numbers_and_names() -> None:
    pdf = chart_pdf(chart())
    text = page_texts(pdf)[0]
    for part in ("Sáu tháng qua", "Buổi sinh hoạt", "Lượt đi cơ sở", "71", "22", "T11"):
        assert part in text
    assert all(fonts_of(pdf).values())
    assert chart_pdf(chart()) == pdf


def test_filled_bars_take_the_colour_and_hatched_bars_do_not() -> None:
    only = BarChart("", ("a",), (Series("x", (5,)),), 40, 40)
    blue = bytes((0x1B, 0x5A, 0xA0, 255))
    filled = chart_pixels(only, ChartLook(bar="#1B5AA0"), 1.0).rgba
    second = replace(only, series=(Series("x", (0,)), Series("y", (5,))))
    hatched = chart_pixels(second, ChartLook(bar="#1B5AA0"), 1.0).rgba
    count = [sum(rgba[i : i + 4] == blue for i in range(0, len(rgba), 4)) for rgba in (filled, hatched)]
    assert count[0] > 500 and count[1] < 150
    assert chart_png(only).startswith(b"\x89PNG")


def test_an_empty_chart_is_drawn_too() -> None:
    assert page_sizes(chart_pdf(BarChart("Trống", (), ())))
    assert page_sizes(chart_pdf(BarChart("Trống", ("T1",), (Series("x", (None,)), Series("y", (0,))))))


GROUPS = [f"{n:02d}ABC-DEFG-{n:02d}" for n in range(1, 14)]


@pytest.mark.parametrize("a5", [True, False])
def test_the_recovery_sheet_holds_every_group_in_order_on_one_page(a5: bool) -> None:
    pdf = recovery_sheet_pdf(
        book_name="Sổ " + ALPHABET[:20], book_path="D:\\Sổ Mặt trận\\hòa-an.hoibook", made_on=date(2026, 11, 23),
        groups=GROUPS, users=("hạnh",), a5=a5,
    )  # fmt: skip
    (text,) = page_texts(pdf)
    places = [text.index(group) for group in GROUPS]
    assert places == sorted(places)
    assert "D:\\Sổ Mặt trận\\hòa-an.hoibook" in text.replace("\r\n", "") and "23/11/2026" in text
    assert all(fonts_of(pdf).values()) and b"Helvetica" not in pdf


def test_the_handover_sheet_is_one_a5_page_with_everything_a_person_checks() -> None:
    sheet = Handover(
        "Mặt trận phường Hòa An", "Mặt trận cấp trên", 31, "P05-2-1-31.hdk", 182340, date(2026, 11, 12),
        replaces=30, counts=(("Hội", 13), ("Buổi sinh hoạt", 1402)),
        digits="1234567890123456789097", qr="P05-2|31|ab12ab12",
    )  # fmt: skip
    pdf = handover_pdf(sheet)
    (text,) = page_texts(pdf)
    for part in (
        "Gói số 31",
        "12/11/2026",
        "Thay cho gói số",
        "1.402",
        "1234 5678 9012 3456 7890 97",
        "Mã biên nhận",
        "182.340",
    ):
        assert part in text
    (size,) = page_sizes(pdf)
    assert (round(size.width), round(size.height)) == (420, 595)
    assert handover_pdf(replace(sheet, digits="", qr="", replaces=None)) != pdf
