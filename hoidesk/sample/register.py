"""The register of the sample ward: quarters, associations, branches, posts, figures, Party organisation status."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from hoidesk.associations.operations import (
    SaveAssociation,
    SaveBranch,
    SaveMembership,
    SavePartyStatus,
    SavePost,
)
from hoidesk.book.operations import Operation
from hoidesk.sample.chance import number, pick
from hoidesk.sample.content import ASSOCIATIONS, BRANCHES, MASS_ORGS, QUARTERS, AssociationSeed, BranchSeed, person
from hoidesk.units.operations import SaveArea

__all__ = ["areas", "associations", "branch_members", "branches", "details"]

_MERGED_ON: Final = date(2025, 7, 1)
_YEAR_END: Final = date(2025, 12, 31)
_MID_YEAR: Final = date(2026, 6, 15)
_AUTHORITY: Final = "Ủy ban nhân dân phường"
_WEAK: Final = {
    ("youth", 5): "Khuyết Bí thư Chi đoàn",
    ("youth", 9): "Ít đoàn viên tại chỗ",
    ("women", 11): "Sinh hoạt không đều",
}


def areas(code: str) -> list[Operation]:
    """The twelve quarters, of two wards that were merged on 01/07/2025."""
    return [
        SaveArea(
            kind="quarter",
            code=f"{code}-{quarter:02}",
            name=f"Khu phố {quarter}",
            old_unit_name="Phường Hòa Lạc" if quarter <= 7 else "Phường An Thới",
            households=number(420, 690, "households", quarter),
            effective_from=_MERGED_ON,
        )
        for quarter in range(1, QUARTERS + 1)
    ]


def associations() -> list[Operation]:
    """Thirteen associations, then five socio-political organisations."""
    found: list[Operation] = [SaveAssociation(**_association(seed)) for seed in ASSOCIATIONS]
    for name, _members, _head in MASS_ORGS:
        found.append(
            SaveAssociation(
                kind="mass_org",
                name=name,
                scope="commune",
                managing_body="Ủy ban Mặt trận Tổ quốc Việt Nam phường",
                founded_on=_MERGED_ON,
                term_from=date(2025, 8, 1),
                term_to=date(2030, 8, 1),
                last_congress_on=date(2025, 8, 1),
                next_congress_on=date(2030, 8, 1),
            )
        )
    return found


def _association(seed: AssociationSeed) -> dict[str, Any]:
    number_, founded = seed.decision or (None, None)
    return {
        "kind": "association",
        "name": seed.name,
        "type": seed.type,
        "scope": "commune",
        "entrusted_from": founded if seed.entrusted else None,
        "managing_body": "Ủy ban nhân dân phường",
        "managing_department": "Phòng Văn hóa - Xã hội",
        "managing_level": "own_level",
        "founding_number": number_,
        "founded_on": founded,
        "licensing_authority": _AUTHORITY if founded else None,
        "statute_number": number_.replace("QĐ", "QĐ-ĐL") if number_ else None,
        "statute_approved_on": founded,
        "statute_followed": "followed",
        "executive_from": seed.last_congress,
        "term_from": seed.last_congress,
        "term_to": seed.next_congress,
        "last_congress_on": seed.last_congress,
        "next_congress_on": seed.next_congress,
        "headquarters": seed.seat,
    }


def branches(areas_: list[UUID], by_name: dict[str, UUID]) -> list[Operation]:
    """Eight branches in each quarter."""
    found: list[Operation] = []
    for quarter, area in enumerate(areas_, 1):
        for seed in BRANCHES:
            weak = _WEAK.get((seed.kind, quarter))
            found.append(
                SaveBranch(
                    association_id=by_name[seed.parent] if seed.parent else None,
                    area_id=area,
                    kind=seed.kind,
                    name=seed.name,
                    founded_on=_MERGED_ON,
                    rhythm=seed.rhythm,
                    meeting_day=number(3, 27, "day", seed.kind, quarter),
                    consolidate_from=date(2026, 3, 1) if weak else None,
                    consolidate_reason=weak,
                )
            )
    return found


def branch_members(seed: BranchSeed, quarter: int) -> int:
    """How many members the branch has at the end of 2025."""
    return (
        seed.members + number(-seed.members // 8, seed.members // 8, "members", seed.kind, quarter)
        if seed.members
        else 0
    )


def details(areas_: list[UUID], by_name: dict[str, UUID], branches_: list[UUID]) -> list[Operation]:
    """Posts, membership figures and Party organisation status of all the bodies."""
    found: list[Operation] = []
    for quarter, area in enumerate(areas_, 1):
        found.append(
            SavePost(area_id=area, title="Trưởng khu phố", holder=person(("area", quarter)), held_from=_MERGED_ON)
        )
        for seed, branch in zip(BRANCHES, branches_[(quarter - 1) * len(BRANCHES) :], strict=False):
            found += _branch_details(seed, quarter, branch)
    for seed_ in ASSOCIATIONS:
        found += _association_details(seed_, by_name[seed_.name])
    for name, members, head in MASS_ORGS:
        found.append(SavePost(association_id=by_name[name], title=_head_title(name), holder=head, held_from=_MERGED_ON))
        for day, more in ((_YEAR_END, 0), (_MID_YEAR, number(2, 31, "growth", name))):
            found.append(SaveMembership(association_id=by_name[name], as_of=day, members=members + more))
        found.append(SavePartyStatus(association_id=by_name[name], status="joint", status_from=_MERGED_ON))
    return found


def _branch_details(seed: BranchSeed, quarter: int, branch: UUID) -> list[Operation]:
    found: list[Operation] = [
        SavePost(branch_id=branch, title=seed.post, holder=person((seed.kind, quarter)), held_from=_MERGED_ON)
    ]
    members = branch_members(seed, quarter)
    if members:
        joined, left = number(0, 5, "joined", seed.kind, quarter), number(0, 3, "left", seed.kind, quarter)
        found.append(SaveMembership(branch_id=branch, as_of=_YEAR_END, members=members))
        found.append(
            SaveMembership(branch_id=branch, as_of=_MID_YEAR, members=members + joined - left, joined=joined, left=left)
        )
    return found


def _head_title(name: str) -> str:
    return "Bí thư Đoàn phường" if name.startswith("Đoàn") else "Chủ tịch"


def _association_details(seed: AssociationSeed, id: UUID) -> list[Operation]:
    title = "Chủ nhiệm" if seed.name.startswith("CLB") else "Chủ tịch"
    found: list[Operation] = [
        SavePost(association_id=id, title=title, holder=seed.head, held_from=seed.last_congress),
        SaveMembership(
            association_id=id, as_of=_YEAR_END, members=seed.members, source_note="Báo cáo năm 2025 của hội"
        ),
    ]
    status: dict[str, Any] = {"association_id": id, "status": seed.party}
    if seed.party != "none":
        status |= {
            "status_from": date(2025, 9, 1),
            "joint_with": pick(("Chi bộ Khu phố 3", "Chi bộ Trường THCS Hòa An"), seed.name)
            if seed.party == "joint"
            else None,
            "established_on": date(2025, 9, 1),
            "rules_issued_on": date(2025, 10, 15),
            "party_members": number(4, 19, "party", seed.name),
            "members_as_of": _YEAR_END,
        }
    found.append(SavePartyStatus(**status))
    return found
