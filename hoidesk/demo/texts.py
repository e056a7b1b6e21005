"""What the officers of the demo type: minutes of three meetings, words of the report, the answer to a petition."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

__all__ = ["CELL_MEETINGS", "REPLY", "REPORT", "REPORTED"]

CELL_MEETINGS: Final[tuple[tuple[str, dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]], ...]] = (
    # kind of branch, meeting, agenda with outcomes, petitions
    (
        "front_working_committee",
        {
            "held_on": date(2026, 6, 24),
            "starts": "19:30",
            "ends": "20:40",
            "place": "Nhà sinh hoạt cộng đồng khu phố 3",
            "chair_post": "Trưởng Ban Công tác Mặt trận",
            "secretary_post": "Thư ký",
            "invited": 13,
            "present": 12,
            "excused": 1,
        },
        [
            {"agenda_kind": "work_report", "text": "Điểm lại việc quý II, hẻm 45 đã sạch hơn"},
            {
                "agenda_kind": "conclusion",
                "outcome": "decision",
                "text": "Rà soát điểm tối, lập danh sách gửi phường",
                "responsible_post": "Phó Trưởng Ban Công tác Mặt trận",
                "due_on": date(2026, 7, 10),
            },
        ],
        [
            {
                "theme": "traffic",
                "addressee_kind": "ward_authority",
                "text": "Lắp ba đèn chiếu sáng ở cuối hẻm 45, đường Hòa Bình",
            }
        ],
    ),
    (
        "women",
        {
            "held_on": date(2026, 6, 26),
            "starts": "19:00",
            "place": "Nhà sinh hoạt cộng đồng khu phố 3",
            "chair_post": "Chi hội trưởng",
            "secretary_post": "Chi hội phó",
            "invited": 42,
            "present": 35,
            "excused": 4,
            "no_petition": True,
        },
        [
            {"agenda_kind": "dissemination", "text": "Phổ biến phân loại rác tại nguồn"},
            {
                "agenda_kind": "conclusion",
                "outcome": "decision",
                "text": "Thăm năm gia đình chính sách nhân dịp 27/7",
                "responsible_post": "Chi hội trưởng",
                "due_on": date(2026, 7, 25),
            },
        ],
        [],
    ),
    (
        "youth",
        {
            "held_on": date(2026, 6, 27),
            "starts": "08:00",
            "place": "Công viên Hòa An",
            "chair_post": "Bí thư Chi đoàn",
            "secretary_post": "Phó Bí thư Chi đoàn",
            "invited": 24,
            "present": 17,
            "excused": 3,
            "no_petition": True,
        },
        [{"agenda_kind": "next_tasks", "text": "Ra quân Chủ nhật xanh, hướng dẫn dịch vụ công trực tuyến"}],
        [],
    ),
)

REPORT: Final = {
    "s1_1": (
        "Sau sắp xếp ngày 01/7/2025, tổ chức ở 12 khu phố đã ổn định; mỗi khu phố có tám chi hội, chi "
        "đoàn và Ban Công tác Mặt trận."
    ),
    "s1_2": "Ban Thường trực bám chương trình năm, giao việc theo chức danh, có thời hạn.",
    "s2_1": (
        "Nội dung tuyên truyền chọn theo việc của từng khu phố: phân loại rác, phòng chống lừa đảo qua "
        "mạng, sắp xếp khu phố."
    ),
    "s2_2": (
        "Các đơn vị đăng ký thi đua cùng với hạn chế phải khắc phục; cụm ba khu phố liền kề sinh hoạt thi đua mỗi quý."
    ),
    "s2_3": "Đã góp ý kế hoạch chỉnh trang tuyến hẻm và theo dõi kết quả tiếp thu.",
    "s2_4_1": (
        "Chưa có việc sáp nhập hội trong kỳ; Hội Người mù và Hội Người khuyết tật đang trao đổi chung "
        "địa điểm sinh hoạt."
    ),
    "s2_4_2": "Hội chưa có tổ chức đảng được gợi ý sinh hoạt ghép theo địa bàn.",
    "s2_4_3": ("Hội Khuyến học, Hội Đông y, Hội Người mù và Hội Sinh vật cảnh quá hạn đại hội, đã có văn bản nhắc."),
    "s2_4_4": "Số liệu hội viên lấy theo danh sách các hội lập ngày 15/6/2026.",
    "s2_4_5": "Các hội công khai thu chi tại kỳ sinh hoạt; số tiền chưa ghi vào chương trình.",
    "s2_5": "Chi đoàn khu phố 5, khu phố 9 và Chi hội Phụ nữ khu phố 11 sinh hoạt chưa đều, đang củng cố.",
    "s2_6": (
        "Kiến nghị tập trung vào chiếu sáng hẻm, thoát nước và nhà sinh hoạt; trả lời được thông tin lại "
        "tại kỳ họp sau."
    ),
    "s2_7": "Kỳ chấm 6 tháng đã duyệt theo Biên bản số 12/BB-BTT ngày 30/6/2026.",
    "s3_1": ("Nền nếp sinh hoạt giữ vững ở phần lớn chi hội\nKiến nghị của khu phố được vào sổ và chuyển đúng nơi"),
    "s3_2": ("Ba chi hội, chi đoàn sinh hoạt chưa đều\nMột số kết luận cuộc họp làm chậm"),
    "s3_3": "Thiếu chức danh ở chi đoàn; người trẻ đi làm xa.",
    "s4": (
        "Củng cố ba chi hội, chi đoàn yếu – Phó Chủ tịch, tháng 9/2026\n"
        "Đôn đốc bốn hội quá hạn đại hội – Ban Thường trực, quý III/2026"
    ),
    "s5": ("Sớm có hướng dẫn mức hỗ trợ người làm công tác hội ở khu phố\nBố trí kinh phí chiếu sáng các tuyến hẻm"),
}
"""The officer's words by section of the half-year outline."""

REPORTED: Final = {
    "figure": "members_of_associations",
    "value": "5931",
    "kind": "reported",
    "source": "Báo cáo 6 tháng của các hội",
}
"""What the associations themselves reported; it stands beside the counted number and is never mixed into it."""

REPLY: Final = "Đã giao đơn vị chiếu sáng khảo sát; lắp đèn trước ngày 30/9/2026, báo lại kết quả bằng văn bản."
