"""What the sample is made of: names, organisations, agendas and petitions. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

__all__ = [
    "AGENDAS",
    "ASSOCIATIONS",
    "BRANCHES",
    "DECISIONS",
    "EVENTS",
    "MASS_ORGS",
    "PETITIONS",
    "QUARTERS",
    "WARD_CODE",
    "WARD_NAME",
    "AssociationSeed",
    "BranchSeed",
    "person",
]

WARD_CODE: Final = "P05-2"
WARD_NAME: Final = "Phường Hòa An"
QUARTERS: Final = 12

_FAMILIES: Final = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đoàn Âu Phùng Mạc Quách".split()
_WOMEN: Final = "Thị Thị Ngọc Thị Kim Thị Thu Thị Bích Thị Mỹ Thị Ánh".split()
_MEN: Final = "Văn Hữu Văn Đình Quốc Văn Bá Thành Công".split()
_GIVEN_WOMEN: Final = "Hường Đào Nguyệt Thắm Ưu Xuân Lượm Ổi Mẫn Ngân Tuyết Thủy Yến Hạnh Ơn Út Sương Phượng".split()
_GIVEN_MEN: Final = "Ổn Được Sáng Kỳ Thước Bửu Ẩn Tráng Bảy Ất Ý Hòa Dũng Nghĩa Tường Khởi Quý Vượng".split()


def person(name: object) -> str:
    """The full name of an invented office-holder."""
    from hoidesk.sample.chance import pick, share

    if share(48, name):
        return f"{pick(_FAMILIES, name, 1)} {pick(_WOMEN, name, 2)} {pick(_GIVEN_WOMEN, name, 3)}"
    return f"{pick(_FAMILIES, name, 1)} {pick(_MEN, name, 2)} {pick(_GIVEN_MEN, name, 3)}"


@dataclass(frozen=True, slots=True)
class AssociationSeed:
    """One association of the sample ward; ``members`` as on 31/12/2025, ``decision`` its number and day."""

    name: str
    type: str
    entrusted: bool
    decision: tuple[str, date] | None
    members: int
    head: str
    party: str
    last_congress: date | None
    next_congress: date | None
    seat: str


def _d(text: str) -> date:
    day, month, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def _seed(
    name: str,
    type: str,
    entrusted: bool,
    number: str,
    day: str,
    members: int,
    head: str,
    party: str,
    congress: str,
    seat: str,
) -> AssociationSeed:
    due = _d(congress) if congress else None
    last = due.replace(year=due.year - 5) if due else None
    decision = (f"{number}/QĐ-UBND", _d(day)) if number else None
    return AssociationSeed(name, type, entrusted, decision, members, head, party, last, due, seat)


_HOUSE: Final = "Trụ sở Ủy ban Mặt trận phường"
ASSOCIATIONS: Final = (
    _seed(
        "Hội Chữ thập đỏ",
        "charitable_humanitarian",
        True,
        "125",
        "12/3/2001",
        1688,
        "Nguyễn Thị Đào",
        "joint",
        "15/9/2026",
        _HOUSE,
    ),
    _seed(
        "Hội Người cao tuổi",
        "political_social",
        True,
        "88",
        "28/9/1995",
        2297,
        "Trần Văn Ổn",
        "none",
        "1/3/2027",
        _HOUSE,
    ),
    _seed(
        "Hội Khuyến học",
        "social_professional",
        True,
        "201",
        "2/10/2000",
        955,
        "Lê Thị Ánh Nguyệt",
        "joint",
        "20/11/2025",
        "Trường THCS Hòa An",
    ),
    _seed(
        "Hội Nạn nhân chất độc da cam/Dioxin",
        "charitable_humanitarian",
        True,
        "77",
        "10/8/2006",
        47,
        "Phạm Văn Được",
        "none",
        "10/12/2026",
        _HOUSE,
    ),
    _seed(
        "Hội Cựu Thanh niên xung phong",
        "political_social",
        True,
        "15",
        "15/7/2005",
        114,
        "Đỗ Thị Hường",
        "own",
        "15/7/2028",
        _HOUSE,
    ),
    _seed(
        "Hội Người mù",
        "charitable_humanitarian",
        True,
        "34",
        "17/4/1999",
        27,
        "Huỳnh Văn Sáng",
        "none",
        "17/4/2026",
        "Số 12 đường Hòa Bình",
    ),
    _seed(
        "Hội Đông y",
        "social_professional",
        True,
        "62",
        "27/2/1998",
        38,
        "Ngô Bá Thước",
        "none",
        "27/2/2026",
        "Trạm y tế phường",
    ),
    _seed(
        "Hội Bảo trợ người tàn tật và trẻ em mồ côi",
        "charitable_humanitarian",
        True,
        "99",
        "18/4/2004",
        73,
        "Đặng Thị Ưu",
        "none",
        "18/4/2029",
        _HOUSE,
    ),
    _seed(
        "Hội Chiến sĩ cách mạng bị địch bắt tù đày",
        "political_social",
        True,
        "41",
        "30/4/2007",
        19,
        "Lý Thị Xuân",
        "none",
        "30/4/2027",
        _HOUSE,
    ),
    _seed(
        "Hội Người khuyết tật",
        "charitable_humanitarian",
        False,
        "35",
        "3/12/2011",
        61,
        "Bùi Thị Thắm",
        "none",
        "3/12/2026",
        "Số 12 đường Hòa Bình",
    ),
    _seed(
        "Hội Cựu giáo chức",
        "social_professional",
        False,
        "140",
        "20/11/2008",
        155,
        "Vũ Đình Kỳ",
        "none",
        "20/11/2027",
        "Trường THCS Hòa An",
    ),
    _seed(
        "Hội Sinh vật cảnh",
        "social_professional",
        False,
        "53",
        "5/5/2013",
        80,
        "Phan Quý Bửu",
        "none",
        "5/5/2026",
        "Công viên Hòa An",
    ),
    _seed("CLB Hưu trí", "other", False, "", "", 232, "Hoàng Ngọc Ẩn", "none", "", "Nhà văn hóa phường"),
)

MASS_ORGS: Final = (
    ("Công đoàn phường", 640, "Lê Quốc Dũng"),
    ("Hội Nông dân", 412, "Đỗ Thành Nghĩa"),
    ("Đoàn TNCS Hồ Chí Minh", 1105, "Phạm Ngọc Ngân"),
    ("Hội Liên hiệp Phụ nữ", 3420, "Võ Thị Bích Thủy"),
    ("Hội Cựu chiến binh", 731, "Bùi Hữu Tường"),
)


@dataclass(frozen=True, slots=True)
class BranchSeed:
    """One of the eight branches that each quarter has."""

    kind: str
    name: str
    parent: str | None
    rhythm: str
    post: str
    members: int
    """Members in a middling quarter; 0 for a body without members of its own."""


BRANCHES: Final = (
    BranchSeed("front_working_committee", "Ban Công tác Mặt trận", None, "monthly", "Trưởng Ban Công tác Mặt trận", 0),
    BranchSeed("women", "Chi hội Phụ nữ", "Hội Liên hiệp Phụ nữ", "two_monthly", "Chi hội trưởng", 285),
    BranchSeed("youth", "Chi đoàn Thanh niên", "Đoàn TNCS Hồ Chí Minh", "monthly", "Bí thư Chi đoàn", 92),
    BranchSeed("veterans", "Chi hội Cựu chiến binh", "Hội Cựu chiến binh", "quarterly", "Chi hội trưởng", 61),
    BranchSeed("farmers", "Chi hội Nông dân", "Hội Nông dân", "quarterly", "Chi hội trưởng", 34),
    BranchSeed("elderly", "Chi hội Người cao tuổi", "Hội Người cao tuổi", "two_monthly", "Chi hội trưởng", 191),
    BranchSeed("red_cross", "Chi hội Chữ thập đỏ", "Hội Chữ thập đỏ", "quarterly", "Chi hội trưởng", 140),
    BranchSeed("learning_promotion", "Chi hội Khuyến học", "Hội Khuyến học", "half_yearly", "Chi hội trưởng", 79),
)

AGENDAS: Final = {
    "dissemination": (
        "Thông tin tình hình thời sự và nghị quyết của Đảng ủy phường quý này",
        "Phổ biến quy định mới về phân loại rác tại nguồn",
        "Phổ biến kế hoạch sắp xếp khu phố năm 2026",
        "Tuyên truyền phòng chống lừa đảo qua mạng",
    ),
    "work_report": (
        "Điểm lại việc đã làm trong kỳ, việc còn chậm và lý do",
        "Báo cáo kết quả vận động Quỹ Vì người nghèo",
        "Sơ kết đợt ra quân dọn vệ sinh tuyến hẻm",
        "Nghe báo cáo thu chi quỹ hội, công khai trước hội viên",
    ),
    "emulation": (
        "Rà soát chỉ tiêu đã đăng ký thi đua năm 2026",
        "Bàn cách giữ mô hình “Hẻm sạch, đèn sáng” hoạt động thực chất",
        "Giới thiệu gương điển hình, không chạy theo số lượng",
    ),
    "next_tasks": (
        "Phân công việc kỳ tới theo chức danh",
        "Chuẩn bị ngày hội gia đình và thăm hộ chính sách",
        "Lên lịch trực giữ gìn trật tự tuyến đường chính",
    ),
    "members": (
        "Rà soát số hội viên, bổ sung hội viên mới chuyển đến",
        "Bàn việc kiện toàn chức danh còn thiếu",
    ),
}

DECISIONS: Final = (
    ("Dọn vệ sinh, bóc xóa quảng cáo rao vặt trên các tuyến hẻm", "Chi hội trưởng"),
    ("Lập danh mục điểm tối cần thêm đèn, gửi khu phố tổng hợp", "Trưởng Ban Công tác Mặt trận"),
    ("Vận động hộ mặt tiền ký cam kết không lấn chiếm vỉa hè", "Trưởng khu phố"),
    ("Thăm và tặng quà các gia đình khó khăn nhân dịp 27/7", "Chi hội phó"),
    ("Công khai thu chi quỹ tại bảng tin nhà sinh hoạt", "Thư ký"),
    ("Mở lớp hướng dẫn dịch vụ công trực tuyến cho người lớn tuổi", "Bí thư Chi đoàn"),
)

PETITIONS: Final = (
    ("traffic", "ward_authority", "Lắp thêm đèn chiếu sáng ở hẻm 45, đoạn cuối hẻm tối từ nhiều tháng nay"),
    ("environment", "utility", "Nạo vét cống thoát nước đường Hòa Bình, mưa lớn là ngập vào nhà"),
    ("environment", "ward_authority", "Đặt thêm thùng rác ở lối vào chợ, thu gom đúng giờ"),
    ("urban_order", "ward_police", "Xử lý việc buôn bán lấn chiếm vỉa hè trước cổng trường tiểu học"),
    ("facilities", "ward_authority", "Sửa mái và nhà vệ sinh của nhà sinh hoạt cộng đồng"),
    ("staff_allowance", "superior_authority", "Có mức hỗ trợ cho người làm công tác hội ở khu phố"),
    ("association_funding", "ward_authority", "Hỗ trợ kinh phí duy trì sinh hoạt cho chi hội đông hội viên"),
    ("power_water", "utility", "Khắc phục nước yếu vào giờ cao điểm ở các hộ cuối tuyến"),
    ("culture_sport", "ward_authority", "Bố trí dụng cụ tập thể dục ngoài trời ở công viên Hòa An"),
    ("security", "ward_police", "Tăng cường tuần tra ban đêm tuyến kênh, có tụ tập gây ồn"),
    ("administrative_procedure", "ward_authority", "Có người hướng dẫn nộp hồ sơ trực tuyến vào sáng thứ Bảy"),
    ("health", "ward_health", "Tổ chức khám sức khỏe định kỳ cho người cao tuổi ngay tại khu phố"),
)

EVENTS: Final = (
    # kind, month and day, every how many quarters, topic
    ("people_conference", 1, 18, 1, "Hội nghị nhân dân bàn việc của khu phố đầu năm"),
    ("field_survey", 3, 12, 2, "Khảo sát tuyến hẻm đăng ký “Hẻm sạch, đèn sáng”"),
    ("dialogue", 4, 22, 3, "Đối thoại về trật tự đô thị và vệ sinh môi trường"),
    ("voter_contact", 5, 20, 2, "Tiếp xúc cử tri trước kỳ họp giữa năm"),
    ("attend_branch", 6, 9, 3, "Dự sinh hoạt và nghe khó khăn của các chi hội"),
)
