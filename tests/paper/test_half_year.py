"""The half-year report of a real book: sections, annexes, labels, missing words, and that every number is traceable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from hoidesk.book.operations import Restore, Void
from hoidesk.book.settings import SaveSettings
from hoidesk.figures.evaluation import tables_read
from hoidesk.figures.operations import SaveReportedFigure
from hoidesk.figures.window import Window
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.paper.half_year import Composed, compose_half_year, report_sections
from hoidesk.paper.model import Annex, BarChart, Heading, MissingNote, Paper, Paragraph, Table
from hoidesk.paper.numbers import value_text
from hoidesk.paper.office import Document, office_of
from hoidesk.paper.operations import SaveSectionText
from hoidesk.paper.outline import outline
from hoidesk.paper.pdf import pdf_bytes
from hoidesk.paper.preview import page_texts
from hoidesk.paper.words import cell_text
from hoidesk.units.operations import SaveArea
from tests.paper.office import HALF, Ward


def compose(ward: Ward, window: Window = HALF, **more: object) -> Composed:
    with ward.book.read() as connection:
        return compose_half_year(connection, ward.book.unit, window, **more)  # type: ignore[arg-type]


def save_text(ward: Ward, section: str, text: str, window: Window = HALF, **more: object) -> UUID:
    days = {"period_from": window.start, "period_to": window.end}
    return ward.run(SaveSectionText(section=section, text=text, **days, **more))  # type: ignore[arg-type]


def texts(paper: Paper) -> list[str]:
    """Every text of a paper, tables and letterhead too."""
    head = paper.letterhead
    out = [line.text for line in (*head.left, *head.right)] + [head.number_line, head.place_date]
    out += [paper.type_line, paper.subject, paper.addressee, *paper.recipients]
    out += [text for block in paper.signatures for text in (*block.lines, block.name)]
    blocks = [*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)]
    out += [text for annex in paper.annexes for text in (annex.title, annex.reference)]
    for block in blocks:
        if isinstance(block, Table):
            out += [block.caption, *block.notes, *(h.text for line in block.header for h in line)]
            out += [cell_text(c, k) for line in block.rows for c, k in zip(line.cells, block.columns, strict=False)]
        elif isinstance(block, Heading):
            out.append(block.line)
        elif isinstance(block, BarChart):
            out += [block.title, *(series.name for series in block.series)]
        else:
            out.append(block.text)
    return out


def annex(paper: Paper, title: str) -> Annex:
    return next(one for one in paper.annexes if one.title == title)


def table(paper: Paper, name: str) -> Table:
    return next(t for a in paper.annexes for t in a.blocks if isinstance(t, Table) and t.name == name)


def lines(shown: Table) -> list[list[str]]:
    return [[cell_text(c, k) for c, k in zip(line.cells, shown.columns, strict=True)] for line in shown.rows]


def test_the_report_has_every_section_and_the_five_annexes(read_ward: Ward) -> None:
    paper = compose(read_ward).paper
    headings = [block.line for block in paper.blocks if isinstance(block, Heading)]
    assert headings[:3] == [
        "I. Đặc điểm tình hình và công tác chỉ đạo",
        "1. Địa bàn, tổ chức",
        "2. Văn bản lãnh đạo, chỉ đạo",
    ]
    assert len(headings) == len(list(outline().walk()))
    assert [a.number for a in paper.annexes] == ["I", "II", "III", "IV", "V"]
    assert paper.subject.startswith("Kết quả công tác Mặt trận") and "6 tháng đầu năm 2026" in paper.subject
    assert paper.addressee == "Kính gửi: Ủy ban Mặt trận Tổ quốc Việt Nam cấp trên"


def test_lead_sentences_carry_the_figures(read_ward: Ward) -> None:
    leads = [b.text for b in compose(read_ward).paper.blocks if isinstance(b, Paragraph)]
    assert (
        "Đến ngày 30/06/2026, phường có 3 khu phố, 4 hội, trong đó 2 hội do Đảng, Nhà nước giao nhiệm vụ; "
        "3 chi hội của hội và 3 chi hội, chi đoàn của đoàn thể."
    ) in leads
    assert "Các hội có 512 hội viên, so với đầu kỳ thay đổi 12 (2,4%)." in leads
    held = len(read_ward.meetings) - 1
    assert any(text.startswith(f"Đã tổ chức {held} cuộc họp, sinh hoạt và 1 chuyến đi cơ sở") for text in leads)
    assert not any("{" in text for text in leads)


def test_a_part_of_a_rate_is_printed_as_a_count(read_ward: Ward) -> None:
    leads = " ".join(b.text for b in compose(read_ward).paper.blocks if isinstance(b, Paragraph))
    assert "đã trả lời 0 (không có)" in leads


def test_what_the_program_does_not_count_is_named_and_never_printed_as_zero(read_ward: Ward) -> None:
    paper = compose(read_ward).paper
    notes = [b.text for b in paper.blocks if isinstance(b, Paragraph) and b.kind == "note"]
    assert any(text.startswith("Số liệu chưa ghi trong chương trình: Tổng kinh phí") for text in notes)
    place = next(i for i, b in enumerate(paper.blocks) if isinstance(b, Heading) and "Kinh phí" in b.text)
    following = paper.blocks[place + 1]
    assert isinstance(following, Paragraph) and following.kind == "note"


def test_the_officers_own_words_take_the_place_of_what_is_not_counted(ward: Ward) -> None:
    save_text(ward, "s2_4_5", "Hội Chữ thập đỏ đã công khai thu chi.")
    paper = compose(ward).paper
    place = next(i for i, b in enumerate(paper.blocks) if isinstance(b, Heading) and "Kinh phí" in b.text)
    assert paper.blocks[place + 1] == Paragraph("Hội Chữ thập đỏ đã công khai thu chi.")


def test_an_empty_required_section_is_missing_until_it_has_words(ward: Ward) -> None:
    before = compose(ward)
    assert "s2_5" in before.missing and "s2" not in before.missing
    count = sum(isinstance(b, MissingNote) for b in before.paper.blocks)
    assert count == len(before.missing)
    save_text(ward, "s2_5", "Các chi hội sinh hoạt đều.\nKhu phố 10 còn chậm: {meetings_held} cuộc.")
    after = compose(ward)
    assert set(before.missing) - set(after.missing) == {"s2_5"}
    held = len(ward.meetings) - 1
    assert Paragraph(f"Khu phố 10 còn chậm: {held} cuộc.") in after.paper.blocks
    save_text(ward, "s2_5", "   ")
    assert compose(ward).missing == before.missing


def test_words_with_strange_braces_are_printed_as_typed(ward: Ward) -> None:
    typed = "Một {ghi chú} và {khong_co_so_nay} và {meetings_held.area=khong}"
    save_text(ward, "s3_3", "Một {ghi chú} và {khong_co_so_nay} & <b>")
    assert Paragraph("Một {ghi chú} và {khong_co_so_nay} & <b>") in compose(ward).paper.blocks
    save_text(ward, "s3_3", typed)
    text = " ".join(texts(compose(ward).paper))
    assert "{meetings_held.area=khong}" in text


def test_numbered_sections_number_the_lines_once(ward: Ward) -> None:
    save_text(ward, "s4", "Đại hội Hội Đông y\n2. Củng cố chi hội\n- Đăng ký thi đua")
    items = [b.text for b in compose(ward).paper.blocks if isinstance(b, Paragraph) and b.kind == "item"]
    assert items == ["1. Đại hội Hội Đông y", "2. Củng cố chi hội", "3. Đăng ký thi đua"]


def test_the_lead_sentence_can_be_changed_and_dropped(ward: Ward) -> None:
    save_text(ward, "s2_6", "x", lead="Có {petitions_received} kiến nghị.")
    paper = compose(ward).paper
    assert Paragraph("Có 0 kiến nghị.", "lead") in paper.blocks
    save_text(ward, "s2_6", "x", no_lead=True)
    after = compose(ward).paper
    place = next(i for i, b in enumerate(after.blocks) if isinstance(b, Heading) and b.text == "Kiến nghị")
    assert after.blocks[place + 1] == Paragraph("x")


def test_words_are_kept_and_offered_again_next_period(ward: Ward) -> None:
    earlier = Window(date(2025, 7, 1), date(2025, 12, 31))
    save_text(ward, "s3_1", "Nề nếp tốt.", earlier)
    save_text(ward, "s3_1", "Cũ hơn.", Window(date(2025, 1, 1), date(2025, 6, 30)))
    with ward.book.read() as connection:
        view = next(s for s in report_sections(connection, ward.book.unit, HALF) if s.id == "s3_1")
        then = next(s for s in report_sections(connection, ward.book.unit, earlier) if s.id == "s3_1")
    assert (view.text, view.offered, view.offered_period, view.missing) == ("", "Nề nếp tốt.", earlier, True)
    assert (then.text, then.offered, then.missing) == ("Nề nếp tốt.", "Cũ hơn.", False)
    assert not any("Nề nếp tốt." in text for text in texts(compose(ward).paper))


def test_no_paper_writes_a_tier_out(ward: Ward) -> None:
    ward.book.run(SaveSettings(values={"office.superior_name": "", "office.place": "Hòa An"}))
    old = " ".join(texts(compose(ward).paper)).casefold()
    assert "quận/huyện" in old and "khu phố" in old
    for name, area in ward.areas.items():
        ward.run(SaveArea(id=area, name=name.replace("Khu phố", "Xóm")))
    ward.book.run(
        SaveSettings(
            values={"label.superior": "vùng", "label.area": "xóm", "label.unit": "trấn", "office.name": "Văn phòng"}
        )
    )
    paper = compose(ward).paper
    printed = " ".join([*texts(paper), *page_texts(pdf_bytes(paper))]).casefold()
    assert "quận/huyện" not in printed and "khu phố" not in printed
    assert "vùng" in printed and "theo xóm" in printed and "thuộc trấn, không theo xóm" in printed


def test_associations_and_mass_organisations_are_never_in_one_list(read_ward: Ward) -> None:
    paper = compose(read_ward).paper
    for name in ("A1", "A3b"):
        names = [line[1] for line in lines(table(paper, name))[:-1]]
        assert names == ["Hội Ái hữu Đường sắt", "Hội Chữ thập đỏ", "Hội Đông y", "Hội Khuyến học"]
    assert "Hội Liên hiệp Phụ nữ" not in " ".join(texts(paper))


def test_quarters_stand_in_natural_order_and_the_columns_add_up(read_ward: Ward) -> None:
    shown = table(compose(read_ward).paper, "A3a")
    names = [line[1] for line in lines(shown)]
    assert names == ["Khu phố 1", "Khu phố 2", "Khu phố 10", "Thuộc phường, không theo khu phố", "Cộng"]
    for x, column in enumerate(shown.columns):
        if column.total == "sum":
            values = [line.cells[x].value for line in shown.rows]
            assert sum(v for v in values[:-1] if isinstance(v, int)) == values[-1]
    rate = next(x for x, c in enumerate(shown.columns) if c.ratio_of)
    above, below = (shown.rows[-1].cells[i].value for i in shown.columns[rate].ratio_of or (0, 0))
    assert shown.rows[-1].cells[rate].value == Decimal(100) * Decimal(str(above)) / Decimal(str(below))


def test_clusters_are_subtotals_over_their_quarters(read_ward: Ward) -> None:
    shown = table(compose(read_ward).paper, "A4")
    kinds = [(line.kind, cell_text(line.cells[1], shown.columns[1])) for line in shown.rows]
    assert kinds[:4] == [("subtotal", "Cụm 1"), ("body", "Khu phố 1"), ("body", "Khu phố 2"), ("body", "Khu phố 10")]
    to_register = [line.cells[2].value for line in shown.rows]
    assert to_register[0] == int(str(to_register[1])) + int(str(to_register[2]))


def test_a_reported_value_stands_beside_the_counted_one_with_its_day(ward: Ward) -> None:
    ward.run(
        SaveReportedFigure(figure="meetings_held", window_from=HALF.start, window_to=HALF.end, as_of=date(2026, 6, 15),
                           value="40", kind="estimated", source="khu phố báo")
    )  # fmt: skip
    area = ward.areas["Khu phố 1"]
    ward.run(
        SaveReportedFigure(figure="meetings_held", dimensions={"area": str(area)}, window_from=HALF.start,
                           window_to=HALF.end, as_of=date(2026, 6, 10), value="15", source="phiếu báo")
    )  # fmt: skip
    plain = table(compose(ward).paper, "A3a")
    shown = lines(plain)
    assert shown[0][2] == "12 (15*)" and plain.rows[0].cells[2].value == 12
    assert shown[-1][2] == f"{len(ward.meetings) - 1} (40**)"
    assert "* Số báo cáo, tính đến ngày 10/06/2026; nguồn: phiếu báo." in plain.notes
    assert "** Số ước, tính đến ngày 15/06/2026; nguồn: khu phố báo." in plain.notes
    leads = " ".join(b.text for b in compose(ward).paper.blocks if isinstance(b, Paragraph))
    assert f"{len(ward.meetings) - 1} (số ước đến ngày 15/06/2026: 40) cuộc họp" in leads


def test_any_window_is_reported_as_asked(read_ward: Ward) -> None:
    window = Window(date(2026, 2, 1), date(2026, 4, 30))
    paper = compose(read_ward, window).paper
    assert "từ ngày 01/02/2026 đến ngày 30/04/2026" in paper.subject
    chart = next(b for b in paper.blocks if isinstance(b, BarChart))
    assert chart.categories == ("T2", "T3", "T4")
    by_month = [value for value in chart.series[0].values if value is not None]
    assert table(paper, "A3a").rows[-1].cells[2].value == sum(by_month) > 0


def test_as_of_is_printed_and_used(ward: Ward) -> None:
    ward.run(SaveMeeting(branch_id=ward.branches["Ban Công tác"], kind="regular", held_on=date(2026, 6, 29), present=3))
    composed = compose(ward, as_of=date(2026, 6, 15))
    assert composed.as_of == date(2026, 6, 15)
    assert any("số liệu tính đến ngày 15/06/2026" in text for text in texts(composed.paper))


def _numbers(composed: Composed) -> dict[object, object]:
    return {key: (u.value.number, u.value.numerator, u.value.denominator) for key, u in _by_place(composed).items()}


def _by_place(composed: Composed) -> dict[object, object]:
    return {(u.ref, u.where): u for u in composed.used}  # type: ignore[misc]


@pytest.mark.parametrize("which", [3, -2, -1])
def test_taking_out_one_meeting_changes_exactly_the_figures_that_count_it(ward: Ward, which: int) -> None:
    taken = ward.meetings[which]
    before = compose(ward)
    ward.book.run(Void(table="meeting", id=taken, reason="ghi nhầm"))
    after = compose(ward)
    old, new = _numbers(before), _numbers(after)
    # A row that nothing is left in is not printed any more; it held the last of them.
    changed = {key for key in old if old[key] != new.get(key, old[key] if old[key][0] in (0, None) else None)}  # type: ignore[index]
    counting = {(u.ref, u.where) for u in before.used if taken in u.value.record_ids}
    reading = {(u.ref, u.where) for u in before.used if "meeting" in tables_read(u.ref.id)}
    assert counting and changed
    # Whatever counts the meeting itself, and is no share of equal parts, moves; nothing moves that never looks at it.
    assert {key for key in counting if _counts(before, key)} <= changed
    assert changed <= reading
    assert pdf_bytes(before.paper) != pdf_bytes(after.paper)
    ward.book.run(Restore(table="meeting", id=taken))
    again = compose(ward)
    assert _numbers(again) == old and pdf_bytes(again.paper) == pdf_bytes(before.paper)


_SUMS = ("meetings_held", "field_visits", "attendances_invited", "attendances_present")


def _counts(composed: Composed, key: object) -> bool:
    used = _by_place(composed)[key]
    return used.value.kind in ("count", "sum") and used.ref.id in _SUMS  # type: ignore[attr-defined]


def test_every_printed_count_names_as_many_records(read_ward: Ward) -> None:
    for used in compose(read_ward).used:
        if used.ref.id in ("meetings_held", "field_visits", "associations_total", "branches_total", "areas_total"):
            assert used.value.number == len(used.value.record_ids), used
    held = next(u for u in compose(read_ward).used if u.ref.id == "meetings_held" and not u.where)
    assert set(held.value.record_ids) == set(read_ward.meetings[:-1])
    assert value_text(held.value) == str(len(read_ward.meetings) - 1)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("state_front", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("party", "ĐẢNG CỘNG SẢN VIỆT NAM"),
        ("youth_union", "ĐOÀN TNCS HỒ CHÍ MINH"),
    ],
)
def test_each_letterhead_prints_its_own_title(ward: Ward, kind: str, expected: str) -> None:
    lines = {"office.party_issuer": "Chi bộ Khối dân vận", "office.youth_issuer": "Ban Chấp hành Đoàn phường"}
    ward.book.run(SaveSettings(values={"paper.letterhead": kind, **lines}))
    paper = compose(ward, document=Document("5", date(2026, 6, 18))).paper
    assert expected in [line.text for line in paper.letterhead.right]
    assert "18 tháng\u00a06 năm\u00a02026" in paper.letterhead.place_date.replace("ngày\u00a0", "")
    assert expected in page_texts(pdf_bytes(paper))[0]
    assert "{" not in "".join(texts(paper))
    left = [line.text for line in paper.letterhead.left]
    assert any(line.isupper() for line in left)
    assert ("CHI BỘ KHỐI DÂN VẬN" in left) == (kind == "party")


def test_number_and_date_follow_the_decree(ward: Ward) -> None:
    with ward.book.read() as connection:
        office = office_of(connection, ward.book.unit)
    words = office.words(HALF, HALF.end, Document("5", date(2026, 1, 5)))
    assert office.letterhead(words).number_line == "Số: 05/BC-MTTQ-BTT"
    assert office.letterhead(words).place_date == "Hòa An, ngày\u00a005 tháng\u00a001 năm\u00a02026"
    blank = office.letterhead(office.words(HALF, HALF.end, Document()))
    assert blank.number_line == "Số: ……/BC-MTTQ-BTT" and "năm\u00a02026" in blank.place_date
    whole = office.letterhead(office.words(HALF, HALF.end, Document("31/BC-MTTQ-BTT", date(2026, 1, 5))))
    assert whole.number_line == "Số: 31/BC-MTTQ-BTT"
    assert office.signature(words).lines == ("TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH")
    assert office.signature(words).name == "Nguyễn Thị Phượng"
