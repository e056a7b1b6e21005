"""Papers that the tests print: every Vietnamese letter, every kind of part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hoidesk.paper.model import (
    Annex,
    BarChart,
    Cell,
    Column,
    HeaderCell,
    Heading,
    Letterhead,
    LetterLine,
    MissingNote,
    Paper,
    Paragraph,
    Series,
    SignatureBlock,
    Table,
    row,
)
from hoidesk.paper.words import long_date

ALPHABET = (
    "aàảãáạ ăằẳẵắặ âầẩẫấậ bcdđ eèẻẽéẹ êềểễếệ gh iìỉĩíị klmn oòỏõóọ ôồổỗốộ ơờởỡớợ pqrst uùủũúụ ưừửữứự vx yỳỷỹýỵ "
    "AÀẢÃÁẠ ĂẰẲẴẮẶ ÂẦẨẪẤẬ BCDĐ EÈẺẼÉẸ ÊỀỂỄẾỆ GH IÌỈĨÍỊ KLMN OÒỎÕÓỌ ÔỒỔỖỐỘ ƠỜỞỠỚỢ PQRST UÙỦŨÚỤ ƯỪỬỮỨỰ VX YỲỶỸÝỴ"
)
"""All letters of Vietnamese with all their marks, in NFC."""

LETTERHEAD = Letterhead(
    "state_front",
    (
        LetterLine("ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM"),
        LetterLine("PHƯỜNG HÒA AN"),
        LetterLine("BAN THƯỜNG TRỰC", bold=True, rule=0.4),
    ),
    (
        LetterLine("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True),
        LetterLine("Độc lập - Tự do - Hạnh phúc", bold=True, size=13, rule=1.0),
    ),
    "Số: 05/BC-MTTQ-BTT",
    f"Hòa An, {long_date(date(2026, 6, 18))}",
)

SIGNATURE = SignatureBlock(("TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH"), "Nguyễn Thị Phượng")


def meetings_table(rows: int = 4) -> Table:
    """Meetings by quarter: a two-row header, a rate, a reported number, a total."""
    columns = (
        Column(10, "center"),
        Column(60),
        Column(20, "right", "count", "sum"),
        Column(22, "right", "count", "sum"),
        Column(22, "right", "count", "sum"),
        Column(22, "right", "rate", "recompute", ratio_of=(4, 3)),
    )
    header = (
        (
            HeaderCell("STT", rows=2),
            HeaderCell("Khu phố", rows=2),
            HeaderCell("Cuộc họp", rows=2),
            HeaderCell("Dự họp (lượt)", columns=3),
        ),
        (HeaderCell("Triệu tập"), HeaderCell("Có mặt"), HeaderCell("Tỷ lệ")),
    )
    body = [
        row(n, f"Khu phố {n} (phường cũ Đông Ngạc)", 6, 1200, Cell(1000, "*"), Decimal(1000) / 12)
        for n in range(1, rows + 1)
    ]
    total = row(None, "Cộng", 6 * rows, 1200 * rows, Cell(1000 * rows, "*"), Decimal(1000) / 12, kind="total")
    notes = ("* Số báo cáo của khu phố, tính đến ngày 15/6/2026.",)
    return Table("A3a", columns, header, (*body, total), "Theo khu phố", notes)


def associations_table() -> Table:
    """A list with text, a day, group rows and text that a spreadsheet might take for a formula."""
    columns = (Column(12, "center"), Column(90), Column(35, "center", "date"), Column(30, "right", "count", "sum"))
    header = (tuple(HeaderCell(text) for text in ("STT", "Tên hội", "Đại hội", "Số hội viên")),)
    rows = (
        row("I. Xã hội, nhân đạo", kind="group"),
        row(1, "Hội Chữ thập đỏ", date(2024, 11, 5), 512),
        row(2, "=1+1", date(2025, 3, 1), 0),
        row(3, "Hội Nạn nhân chất độc da cam/Dioxin & <khác>", None, None),
        row(None, "Cộng", None, 512, kind="total"),
    )
    return Table("A1", columns, header, rows)


def report(blocks: int = 1, table_rows: int = 4) -> Paper:
    """A half-year report with ``blocks`` runs of text, a missing section and two annexes."""
    text = "Thực hiện chế độ báo cáo, Ủy ban Mặt trận Tổ quốc Việt Nam phường báo cáo kết quả công tác; " * 6
    body = (
        Heading("I", "Đặc điểm tình hình và công tác chỉ đạo"),
        *(Paragraph(text.strip()) for _number in range(blocks)),
        Heading("1", "Văn bản lãnh đạo, chỉ đạo", 2),
        MissingNote("(Mục này chưa có nội dung.)"),
        Heading("1.1", "Chữ cái", 3),
        Paragraph(ALPHABET),
        chart(),
        Paragraph("Trên đây là báo cáo; kính trình cấp trên xem xét."),
    )
    return Paper(
        LETTERHEAD,
        "BÁO CÁO",
        "Kết quả công tác Mặt trận, hội và phong trào thi đua 6 tháng đầu năm 2026; nhiệm vụ kỳ tới",
        body,
        addressee="Kính gửi: Ủy ban Mặt trận Tổ quốc Việt Nam thành phố",
        signatures=(SIGNATURE,),
        recipients=("Như trên;", "Đảng ủy phường;", "Lưu: VT."),
        annexes=(
            Annex("I", "Danh sách hội quần chúng", "kèm theo Báo cáo số 05/BC-MTTQ-BTT", (associations_table(),)),
            Annex("II", "Họp, sinh hoạt và dự họp", "kèm theo Báo cáo", (meetings_table(table_rows),), landscape=True),
        ),
        created_on=date(2026, 6, 18),
    )


def chart() -> BarChart:
    """Meetings and field visits of six months."""
    return BarChart(
        "Sáu tháng qua",
        ("T6", "T7", "T8", "T9", "T10", "T11"),
        (Series("Buổi sinh hoạt", (71, 64, 69, 75, 73, 41)), Series("Lượt đi cơ sở", (38, 41, None, 52, 49, 22))),
    )
