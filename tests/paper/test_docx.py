"""The Word file: the same words as the PDF, exact widths, repeated headers, real headings, one font."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from hoidesk.paper.docx import docx_bytes
from hoidesk.paper.model import Paragraph
from tests.paper.samples import ALPHABET, associations_table, meetings_table, report


@pytest.fixture(scope="module")
def document() -> Any:
    return Document(BytesIO(docx_bytes(report(blocks=2))))


def _all_text(document: Any) -> str:
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_text_and_headings(document: Any) -> None:
    paragraphs = [p.text for p in document.paragraphs]
    assert ALPHABET in paragraphs
    assert "(Mục này chưa có nội dung.)" in paragraphs
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings[:3] == ["I. Đặc điểm tình hình và công tác chỉ đạo", "1. Văn bản lãnh đạo, chỉ đạo", "1.1. Chữ cái"]
    assert "Phụ lục II\nHỌP, SINH HOẠT VÀ DỰ HỌP" in headings


def test_markup_in_the_text_stays_text() -> None:
    text = "{{ doc }} <w:t>& {% for %} ]]>"
    made = Document(BytesIO(docx_bytes(replace(report(), blocks=(Paragraph(text),), annexes=()))))
    assert text in [p.text for p in made.paragraphs]


def test_tables_have_the_widths_of_the_description_everywhere(document: Any) -> None:
    for table, model in zip(document.tables[-2:], (associations_table(), meetings_table()), strict=True):
        assert table.autofit is False
        wanted = [Mm(column.width_mm) for column in model.columns]
        assert all(abs(c.width - w) <= 635 for c, w in zip(table.columns, wanted, strict=True))
        body = table.rows[len(model.header) + 1]
        assert all(abs(c.width - w) <= 635 for c, w in zip(body.cells, wanted, strict=True))


def test_header_rows_repeat_and_rows_do_not_break(document: Any) -> None:
    table = document.tables[-1]
    repeated = [bool(line._tr.findall(f".//{qn('w:tblHeader')}")) for line in table.rows]
    assert repeated == [True, True, False, False, False, False, False]
    assert all(line._tr.findall(f".//{qn('w:cantSplit')}") for line in table.rows)


def test_header_cells_reach_over_their_columns(document: Any) -> None:
    table = document.tables[-1]
    assert [c.text for c in table.rows[0].cells] == ["STT", "Khu phố", "Cuộc họp", *["Dự họp (lượt)"] * 3]
    assert [c.text for c in table.rows[1].cells] == ["STT", "Khu phố", "Cuộc họp", "Triệu tập", "Có mặt", "Tỷ lệ"]
    assert [c.text for c in table.rows[2].cells] == [
        "1",
        "Khu phố 1 (phường cũ Đông Ngạc)",
        "6",
        "1.200",
        "1.000*",
        "83,3%",
    ]


def test_times_new_roman_for_every_script(document: Any) -> None:
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        fonts = document.styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
        assert fonts.get(qn("w:asciiTheme")) is None


def test_page_number_field_on_all_but_the_first_page_of_each_part(document: Any) -> None:
    assert len(document.sections) == 3
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert [s.page_width > s.page_height for s in document.sections] == [False, False, True]


def test_letterhead_and_signature(document: Any) -> None:
    text = _all_text(document)
    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TM. BAN THƯỜNG TRỰC", "Nguyễn Thị Phượng", "- Lưu: VT."):
        assert part in text
    assert document.core_properties.language == "vi-VN"
    assert document.core_properties.created.date() == report().created_on


def test_chart_is_a_picture(document: Any) -> None:
    assert len(document.inline_shapes) == 1
