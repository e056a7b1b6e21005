"""A small real ward for the tests of reports: a book on disk, filled through operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from hoidesk.associations.operations import SaveAssociation, SaveBranch, SaveMembership, SavePartyStatus
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.book.operations import Operation
from hoidesk.book.settings import SaveSettings
from hoidesk.figures.window import Window
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.units.operations import SaveArea

__all__ = ["HALF", "Ward", "make_ward"]

HALF = Window(date(2026, 1, 1), date(2026, 6, 30))
QUARTERS = ("Khu phố 10", "Khu phố 2", "Khu phố 1")
ASSOCIATIONS = (
    ("Hội Chữ thập đỏ", "charitable_humanitarian", "commune", True),
    ("Hội Đông y", "social_professional", "commune", False),
    ("Hội Khuyến học", "charitable_humanitarian", "commune", True),
    ("Hội Ái hữu Đường sắt", "other", None, False),
)


@dataclass
class Ward:
    """The book and the ids of what it holds, by name."""

    book: Book
    areas: dict[str, UUID] = field(default_factory=dict)
    associations: dict[str, UUID] = field(default_factory=dict)
    branches: dict[str, UUID] = field(default_factory=dict)
    meetings: list[UUID] = field(default_factory=list)

    def run(self, operation: object) -> UUID:
        return self.book.run(operation).id  # type: ignore[arg-type]


def make_ward(folder: Path, *, settings: dict[str, object] | None = None) -> Ward:
    """Three quarters, four associations, two mass organisations, seven branches, six months of meetings."""
    book = create_book(
        folder / "ward", tier="ward", code="P05-2", name="Phường Hòa An", user="hạnh", password="mật khẩu 1"
    )
    ward = Ward(book)
    given = {"office.superior_name": "Ủy ban Mặt trận Tổ quốc Việt Nam cấp trên", "signer.name": "Nguyễn Thị Phượng"}
    book.run(SaveSettings(values={**given, **(settings or {})}))
    for place, name in enumerate(QUARTERS):
        ward.areas[name] = ward.run(SaveArea(code=f"P05-2-{place + 1:02d}", name=name))
    for name, kind, scope, entrusted in ASSOCIATIONS:
        ward.associations[name] = ward.run(
            SaveAssociation(
                name=name, type=kind, scope=scope, entrusted_from=date(2020, 1, 1) if entrusted else None,
                founded_on=date(2015, 3, 5), founding_number="12/QĐ-UBND", term_from=date(2021, 6, 1),
                term_to=date(2026, 6, 1), last_congress_on=date(2021, 6, 1), next_congress_on=date(2026, 6, 1),
            )
        )  # fmt: skip
    for name in ("Hội Liên hiệp Phụ nữ", "Đoàn TNCS Hồ Chí Minh"):
        ward.associations[name] = ward.run(SaveAssociation(kind="mass_org", name=name))
    _people(ward)
    _branches(ward)
    _meetings(ward)
    _clusters(ward)
    return ward


def _people(ward: Ward) -> None:
    red_cross = ward.associations["Hội Chữ thập đỏ"]
    ward.run(SaveMembership(association_id=red_cross, as_of=date(2025, 12, 31), members=500))
    ward.run(SaveMembership(association_id=red_cross, as_of=date(2026, 6, 15), members=512))
    ward.run(SavePartyStatus(association_id=red_cross, status="joint", status_from=date(2024, 1, 1)))


def _branches(ward: Ward) -> None:
    women, red_cross = ward.associations["Hội Liên hiệp Phụ nữ"], ward.associations["Hội Chữ thập đỏ"]
    for name, area in ward.areas.items():
        short = name.replace("Khu phố", "KP")
        plan = (("women", women, "Phụ nữ"), ("red_cross", red_cross, "Chữ thập đỏ"))
        for kind, owner, label in plan:
            ward.branches[f"{label} {short}"] = ward.run(
                SaveBranch(
                    association_id=owner, area_id=area, kind=kind, name=f"Chi hội {label} {short}", rhythm="monthly"
                )
            )
    ward.branches["Ban Công tác"] = ward.run(
        SaveBranch(area_id=ward.areas["Khu phố 1"], kind="front_working_committee", name="Ban Công tác Mặt trận KP 1")
    )


def _meetings(ward: Ward) -> None:
    held: list[Operation] = [
        SaveMeeting(
            branch_id=branch,
            kind="regular",
            held_on=date(2026, month, 10 + place),
            invited=30,
            present=20 + place,
        )
        for month in range(1, 7)
        for place, branch in enumerate(ward.branches.values())
        if (month + place) % 3
    ]
    doctors = ward.associations["Hội Đông y"]
    held.append(SaveMeeting(association_id=doctors, kind="executive", held_on=date(2026, 4, 2), invited=9, present=9))
    visited = ward.areas["Khu phố 2"]
    held.append(SaveMeeting(area_id=visited, kind="field_survey", held_on=date(2026, 3, 3), present=4))
    ward.meetings.extend(ward.book.run_batch(held, label="Record a meeting").result)


def _clusters(ward: Ward) -> None:
    with ward.book.transaction("Save a cluster", "test") as work:
        cluster = work.insert("cluster", {"year": 2026, "name": "Cụm 1"})
        for name in ("Khu phố 1", "Khu phố 2"):
            work.insert("cluster_member", {"cluster_id": cluster, "area_id": ward.areas[name]})
