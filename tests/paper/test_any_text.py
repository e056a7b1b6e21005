"""Whatever an officer pastes is printed: no character breaks one of the three kinds of file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from hoidesk.paper.archive import paper_from_data, paper_to_data
from hoidesk.paper.docx import docx_bytes
from hoidesk.paper.model import Annex, Column, HeaderCell, Heading, Paper, Paragraph, SignatureBlock, Table, clean, row
from hoidesk.paper.pdf import pdf_bytes
from hoidesk.paper.preview import page_sizes
from hoidesk.paper.xlsx import xlsx_bytes
from tests.paper.samples import report


def paper_of(text: str) -> Paper:
    """A paper with ``text`` in every place."""
    header = ((HeaderCell(text[:60]), HeaderCell("b")),)
    rows = (row(text, 1), row(text, 2), row("Cộng", 3, kind="total"))
    table = Table(text, (Column(30), Column(30)), header, rows, text, (text,))
    return replace(
        report(),
        subject=text,
        addressee=text,
        blocks=(Heading("1", text), Paragraph(text)),
        signatures=(SignatureBlock((text,), text),),
        recipients=(text,),
        annexes=(Annex("I", text, text, (table,)),),
    )


@given(st.text(max_size=60))
@example("\ufffe\uffff\x00\x0b\ud800")
@example("😀 việc <b>&amp; ]]> {{x}} {% y %} =1+1")
@example("x" * 400)
@example("đ" * 300 + "-" + "ỡ" * 300)
@example("Một việc dài. " * 400)
@settings(max_examples=15, deadline=None)
def test_every_text_is_printed_in_every_kind_of_file(text: str) -> None:
    paper = paper_of(text)
    assert page_sizes(pdf_bytes(paper))
    paragraphs = [p.text for p in Document(BytesIO(docx_bytes(paper))).paragraphs]
    wanted = clean(text).strip()
    if wanted and "\n" not in wanted and "\t" not in wanted:
        assert any(wanted in p for p in paragraphs)
    sheets = load_workbook(BytesIO(xlsx_bytes(paper)))
    assert len(sheets.sheet_names) == 1
    assert paper_from_data(paper_to_data(paper)) == paper
