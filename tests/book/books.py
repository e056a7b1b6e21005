"""Small books for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from hoidesk.associations.operations import SaveAssociation, SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.dump import dump_lines
from hoidesk.book.folder import create_book
from hoidesk.units.operations import SaveArea

PASSWORD = "Mật khẩu Đ-ỗ-ữ 1"
USER = "Lê Thị Hạnh"


def ward(folder: Path, name: str = "phường") -> Book:
    """A new ward book."""
    return create_book(folder / name, tier="ward", code="P05-2", name="Phường Hòa An", user=USER, password=PASSWORD)


def register(book: Book) -> dict[str, UUID]:
    """One quarter, one association with a branch, one Front working committee."""
    area = book.run(SaveArea(code="P05-2-03", name="Khu phố 3", effective_from=date(2025, 7, 1))).id
    association = book.run(SaveAssociation(name="Hội Khuyến học", type="political_social", scope="commune")).id
    branch = book.run(
        SaveBranch(association_id=association, area_id=area, kind="learning_promotion", name="Chi hội Khuyến học")
    ).id
    committee = book.run(SaveBranch(area_id=area, kind="front_working_committee", name="Ban Công tác Mặt trận")).id
    return {"area": area, "association": association, "branch": branch, "committee": committee}


def dump(book: Book) -> list[str]:
    """The logical dump of the book as lines."""
    with book.read() as connection:
        return list(dump_lines(connection))
