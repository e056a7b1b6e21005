"""A ward's book with 60,000 meetings: ten years and more of a large ward, for measuring."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from hoidesk.associations.operations import SaveAssociation, SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.language import N_
from hoidesk.units.operations import SaveArea

__all__ = ["MEETINGS", "PASSWORD", "USER", "make_big_book", "meeting_rows"]

MEETINGS: Final = 60_000
USER: Final = "Nguyễn Thị Đo"
PASSWORD: Final = "đo tốc độ của sổ"

_QUARTERS: Final = 40
_LAST_DAY: Final = date(2026, 11, 20)
_DAYS: Final = 365 * 12
_ASSOCIATIONS: Final = (
    ("Hội Chữ thập đỏ", "red_cross"),
    ("Hội Người cao tuổi", "elderly"),
    ("Hội Khuyến học", "learning_promotion"),
    ("Hội Cựu Thanh niên xung phong", "former_youth_volunteers"),
    ("Hội Nạn nhân chất độc da cam", "agent_orange"),
    ("Hội Cựu giáo chức", "former_teachers"),
    ("Hội Người khuyết tật", "disabled"),
    ("Hội Đông y", "other"),
)
_TOPICS: Final = (
    "Sinh hoạt thường kỳ",
    "Bàn việc giữ gìn đường phố sạch đẹp",
    "Lấy ý kiến về mức vận động quỹ",
    "Chuẩn bị Ngày hội Đại đoàn kết",
    "Rà soát hộ khó khăn trước Tết",
    "Phòng cháy trong khu dân cư",
)
_PLACES: Final = ("Nhà văn hóa khu phố", "Trụ sở Ủy ban", "Trường tiểu học", "Nhà sinh hoạt cộng đồng", "Đình làng")
_FAMILIES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Đặng", "Võ", "Bùi", "Đỗ", "Ngô")
_MIDDLES: Final = ("Văn", "Thị", "Hữu", "Ngọc", "Đức", "Minh")
_GIVENS: Final = ("Ánh", "Đào", "Ổn", "Sáng", "Kỷ", "Thắm", "Ẩn", "Ước", "Thước", "Nguyệt", "Dũng", "Hường")


def _branches(book: Book) -> list[UUID]:
    """The register: associations, quarters and a branch of each association in each quarter."""
    start = date(2014, 1, 1)
    associations = [
        book.run(SaveAssociation(kind="association", name=name, type="charitable_humanitarian", scope="commune")).id
        for name, _kind in _ASSOCIATIONS
    ]
    branches = []
    for number in range(1, _QUARTERS + 1):
        code = f"{book.unit.code}-{number:02}"
        area = book.run(SaveArea(kind="quarter", code=code, name=f"Khu phố {number}", effective_from=start)).id
        branches += book.run_batch(
            [
                SaveBranch(
                    association_id=association,
                    area_id=area,
                    kind=kind,
                    name=f"Chi {name[0].lower()}{name[1:]} khu phố {number}",
                )
                for association, (name, kind) in zip(associations, _ASSOCIATIONS, strict=True)
            ],
            label=N_("Save a branch"),
        ).result
    return branches


def meeting_rows(branches: list[UUID], count: int) -> Iterator[dict[str, Any]]:
    """Believable meetings, the same ones every time."""
    chance = random.Random(60_000)
    for number in range(count):
        invited = chance.randint(15, 60)
        chair = f"{chance.choice(_FAMILIES)} {chance.choice(_MIDDLES)} {chance.choice(_GIVENS)}"
        day = _LAST_DAY - timedelta(days=chance.randrange(_DAYS))
        yield {
            "branch_id": branches[number % len(branches)],
            "kind": "regular",
            "held_on": day,
            "topic": chance.choice(_TOPICS),
            "place": chance.choice(_PLACES),
            "chair_name": chair,
            "invited": invited,
            "present": chance.randint(invited // 2, invited),
            "no_petition": chance.random() < 0.8,
            "recorded_on": day,
            "source_channel": "paper",
            "entered_on_behalf": False,
        }


def make_big_book(folder: Path, meetings: int = MEETINGS) -> Path:
    """Make the book in ``folder`` (its name ends in .hoibook), close it and return its path."""
    with create_book(folder, tier="ward", code="P05-2", name="Phường An Phú", user=USER, password=PASSWORD) as book:
        branches = _branches(book)
        with book.transaction(N_("Record a meeting"), "import") as work:
            rows = list(meeting_rows(branches, meetings))
            for start in range(0, len(rows), 1000):
                work.insert_many("meeting", rows[start : start + 1000])
        return book.folder
