"""A small ward with a real book: two quarters, four branches, two associations, one of them suspended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from hoidesk.associations.operations import SaveAssociation, SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.emulation.operations import AdoptCriteriaSet, PublishCriteriaSet
from hoidesk.units.operations import SaveArea

PASSWORD = "mật khẩu của phường"


@dataclass(frozen=True, slots=True)
class Ward:
    """The book and the ids of what is in it."""

    book: Book
    quarters: tuple[UUID, ...]
    committee: UUID
    women: UUID
    youth: UUID
    learning: UUID
    association: UUID
    suspended: UUID
    union: UUID
    sheets: dict[str, UUID]


def open_ward(folder: Path) -> Ward:
    """A ward with published sample sheets; all that is in it has existed since 2020, but the youth branch."""
    book = create_book(
        folder / "ward", tier="ward", code="P05-2", name="Phường Hòa An", user="Lê Thị Hạnh", password=PASSWORD
    )
    quarters = tuple(
        book.run(SaveArea(kind="quarter", code=f"P05-2-{n:02}", name=f"Khu phố {n}", effective_from="01/01/2020")).id
        for n in (1, 2, 3)
    )

    def association(name: str, **more: Any) -> UUID:
        return book.run(SaveAssociation(name=name, founded_on=date(2019, 3, 1), **more)).id

    learning_assoc = association("Hội Khuyến học phường", type="political_social", scope="commune")
    suspended = association("Hội Sinh vật cảnh", suspended_from=date(2026, 3, 1))
    union = association("Hội Liên hiệp Phụ nữ", kind="mass_org")

    def branch(kind: str, name: str, **more: Any) -> UUID:
        values: dict[str, Any] = {"area_id": quarters[0], "founded_on": date(2020, 1, 1), "rhythm": "monthly"} | more
        return book.run(SaveBranch(kind=kind, name=name, **values)).id

    committee = branch("front_working_committee", "Ban Công tác Mặt trận Khu phố 1")
    women = branch("women", "Chi hội Phụ nữ Khu phố 1", association_id=union)
    youth = branch("youth", "Chi đoàn Khu phố 1", founded_on=date(2026, 5, 1))
    learning = branch(
        "learning_promotion", "Chi hội Khuyến học Khu phố 2", area_id=quarters[1], association_id=learning_assoc
    )
    sheets = {}
    for kind in ("area", "branch", "association"):
        sheets[kind] = book.run(AdoptCriteriaSet(unit_kind=kind, year=2026)).id
        book.run(PublishCriteriaSet(id=sheets[kind]))
    return Ward(book, quarters, committee, women, youth, learning, learning_assoc, suspended, union, sheets)
