"""The PDF: text that can be copied out again, embedded fonts, page numbers, equal bytes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoidesk.errors import EnvError
from hoidesk.paper.fonts import BOLD, MM, balanced_lines, text_width
from hoidesk.paper.model import Column, HeaderCell, MissingNote, Paragraph, SignatureBlock, Table, clean, row
from hoidesk.paper.pdf import pdf_bytes
from hoidesk.paper.preview import page_pixels, page_sizes, page_texts
from tests.paper.pdf_fonts import fonts_of
from tests.paper.samples import ALPHABET, SIGNATURE, meetings_table, report


def squeezed(text: str) -> str:
    """Text without spaces and line ends: a page breaks lines where it likes."""
    return re.sub(r"\s+", "", text)


def text_of(pdf: bytes) -> str:
    return squeezed("".join(page_texts(pdf)))


@pytest.fixture(scope="module")
def printed() -> bytes:
    return pdf_bytes(report(blocks=6, table_rows=60))


def test_every_letter_comes_out_as_it_went_in(printed: bytes) -> None:
    text = text_of(printed)
    assert squeezed(ALPHABET) in text
    assert unicodedata.is_normalized("NFC", text)
    for expected in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Hội Nạn nhân chất độc da cam/Dioxin & <khác>", "Nơi nhận:"):
        assert squeezed(expected) in text


def test_decomposed_text_is_printed_composed() -> None:
    paper = replace(report(), blocks=(Paragraph(unicodedata.normalize("NFD", ALPHABET)),), annexes=())
    assert squeezed(ALPHABET) in text_of(pdf_bytes(paper))


@given(st.text(st.sampled_from([c for c in ALPHABET if c != " "] + list("0123456789.,;:()-/%&<>\"'–“”*")), min_size=1))
@settings(max_examples=30, deadline=None)
def test_any_vietnamese_text_survives(text: str) -> None:
    paper = replace(report(), blocks=(Paragraph("Đầu " + text + " cuối"),), annexes=(), subject="", addressee="")
    assert squeezed("Đầu" + clean(text) + "cuối") in text_of(pdf_bytes(paper))


def test_every_font_is_embedded(printed: bytes) -> None:
    fonts = fonts_of(printed)
    assert fonts and all(fonts.values()), fonts
    assert all("Tinos" in name for name in fonts), fonts
    assert b"Helvetica" not in printed


def test_the_same_paper_gives_the_same_bytes(printed: bytes) -> None:
    assert pdf_bytes(report(blocks=6, table_rows=60)) == printed
    assert pdf_bytes(report(blocks=6, table_rows=61)) != printed


def test_pages_are_a4_and_only_the_second_annex_lies_down(printed: bytes) -> None:
    sizes = [(round(size.width / MM), round(size.height / MM)) for size in page_sizes(printed)]
    texts = page_texts(printed)
    for size, text in zip(sizes, texts, strict=True):
        lying = ("Khu phố" in text and "Triệu tập" in text) or "Phụ lục II" in text
        assert size == ((297, 210) if lying else (210, 297))


def test_page_numbers_start_again_in_every_annex_and_hide_on_first_pages(printed: bytes) -> None:
    numbers: list[int | None] = []
    for text in page_texts(printed):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        numbers.append(int(lines[0]) if lines[0].isdigit() else None)
    first_annex = next(i for i, text in enumerate(page_texts(printed)) if "Phụ lục I\r\n" in text)
    assert numbers[:first_annex] == [None, *range(2, first_annex + 1)]
    assert numbers[first_annex] is None and numbers[first_annex + 1] is None
    assert numbers[first_annex + 2 :] == list(range(2, len(numbers) - first_annex))


def test_header_rows_are_repeated_on_every_page_of_a_table(printed: bytes) -> None:
    pages = [text for text in page_texts(printed) if re.search(r"Khu phố \d+ \(", text)]
    assert len(pages) >= 3
    assert all("Triệu tập" in text and "Dự họp" in text for text in pages)


def test_a_total_never_stands_alone_on_a_page() -> None:
    for rows in range(18, 30, 2):
        pages = page_texts(pdf_bytes(replace(report(table_rows=rows))))
        last = next(text for text in pages if "Cộng" in text and "Triệu tập" in text)
        assert "Khu phố" in last and f"Khu phố {rows} (" in last


def test_an_empty_section_is_shown_as_missing(printed: bytes) -> None:
    assert squeezed("(Mục này chưa có nội dung.)") in text_of(printed)
    without = replace(report(), blocks=tuple(b for b in report().blocks if not isinstance(b, MissingNote)))
    assert squeezed("chưa có nội dung") not in text_of(pdf_bytes(without))


def test_the_signature_never_stands_alone_on_a_page() -> None:
    for blocks in range(3, 9):
        paper = replace(report(blocks), annexes=())
        page = next(text for text in page_texts(pdf_bytes(paper)) if "TM. BAN THƯỜNG TRỰC" in text)
        assert "Trên đây là báo cáo" in page and "Nơi nhận:" in page and SIGNATURE.name in page


def test_minutes_have_two_signatures_side_by_side() -> None:
    blocks = (SignatureBlock(("THƯ KÝ",), "Lê Thị Hạnh"), SignatureBlock(("CHỦ TRÌ",), "Đỗ Văn Ước"))
    pdf = pdf_bytes(replace(report(), signatures=blocks, recipients=(), annexes=()))
    document = pypdfium2.PdfDocument(pdf)
    page = document[len(document) - 1]
    text = page.get_textpage()
    whole = text.get_text_range()
    boxes = [text.get_charbox(whole.index(title)) for title in ("THƯ KÝ", "CHỦ TRÌ")]
    for thing in (text, page, document):
        thing.close()
    assert abs(boxes[0][1] - boxes[1][1]) < 1 and boxes[0][0] + 100 < boxes[1][0]


def test_the_national_title_stays_on_one_line() -> None:
    title = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert balanced_lines(title, BOLD, 12, 91 * MM) == [title]
    lines = page_texts(pdf_bytes(replace(report(), annexes=())))[0].splitlines()
    assert any(title in line for line in lines)


@given(
    st.lists(st.text(st.sampled_from("AĂÂBCDĐEÊ"), min_size=1, max_size=9), min_size=1, max_size=8),
    st.integers(30, 300),
)
def test_balanced_lines_keep_every_word_and_fit_where_they_can(words: list[str], width: int) -> None:
    lines = balanced_lines(" ".join(words), BOLD, 12, width)
    assert " ".join(lines).split() == words
    if all(text_width(word, BOLD, 12) <= width for word in words):
        assert all(text_width(line, BOLD, 12) <= width + 0.001 for line in lines)


def test_a_page_becomes_pixels(printed: bytes) -> None:
    picture = page_pixels(printed, 0, 0.5)
    assert (picture.width, picture.height) == (298, 421)
    assert len(picture.rgba) == 298 * 421 * 4
    alpha = picture.rgba[3::4]
    assert set(alpha) == {255}
    assert min(picture.rgba[0::4]) < 80 and picture.rgba[:4] == b"\xff\xff\xff\xff"


@pytest.mark.parametrize("bad", [b"", b"%PDF-1.4", b"PK\x03\x04" + bytes(100)])
def test_bytes_that_are_no_pdf_are_refused(bad: bytes) -> None:
    with pytest.raises(EnvError) as caught:
        page_texts(bad)
    assert caught.value.code == "paper.pdf_damaged"


def test_a_reported_number_carries_its_mark(printed: bytes) -> None:
    assert "1.000*" in text_of(printed) and "60.000*" in text_of(printed)


def test_a_number_too_wide_for_its_cell_breaks_after_a_hyphen() -> None:
    columns = (Column(24.0), Column(30.0))
    table = Table("A", columns, ((HeaderCell("Số"), HeaderCell("Tên")),), (row("201/QĐ-ĐL-UBND, 02/10/2000", "x"),))
    paper = replace(report(), blocks=(table,), annexes=())
    text = page_texts(pdf_bytes(paper))[0]
    # PDFium tells a hyphen at the end of a line by the character U+0002.
    assert "201/QĐ-ĐL\x02UBND,\r\n02/10/2000" in text


def test_a_long_table_is_set_whole() -> None:
    table = meetings_table(500)
    paper = replace(report(), annexes=(replace(report().annexes[1], blocks=(table,)),))
    text = text_of(pdf_bytes(paper))
    assert all(f"Khuphố{n}(phường" in text for n in range(1, 501))
    assert table.rows[-1].cells[5].value == Decimal(1000) / 12
