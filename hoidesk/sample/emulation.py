"""Emulation in the sample ward for 2026: sheets, clusters, registrations with targets beside known limitations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from hoidesk.language import N_
from hoidesk.sample.chance import number, pick, share
from hoidesk.sample.content import ASSOCIATIONS, BRANCHES, QUARTERS

if TYPE_CHECKING:
    from hoidesk.book.book import Book
    from hoidesk.book.operations import Operation
    from hoidesk.sample.made import Sample

__all__ = ["YEAR", "publish_sheets", "register_units"]

YEAR: Final = 2026
_CLUSTER: Final = 3
_DUE: Final = date(YEAR, 3, 31)
_LABEL: Final = N_("Register the sample ward for emulation")

_TARGETS: Final = {
    "area": (
        ("q1_2b", "Các chi hội, chi đoàn sinh hoạt đều theo nhịp đã đặt", 90, "%"),
        ("q2_3b", "Trả lời kiến nghị được thông tin lại tại cuộc họp", 80, "%"),
        ("q4_1b", "Tổng vệ sinh tuyến hẻm trong năm", 12, "lần"),
        (None, "Hẻm duy trì “Hẻm sạch, đèn sáng” thực chất", 6, "hẻm"),
    ),
    "branch": (
        ("b2_1a", "Sinh hoạt thường kỳ đúng nhịp", 95, "%"),
        ("b2_2a", "Tỷ lệ dự sinh hoạt", 75, "%"),
        ("b3_1b", "Kết nạp hội viên, đoàn viên mới", 5, "người"),
        (None, "Giúp hộ khó khăn có việc làm hoặc vốn", 2, "hộ"),
    ),
    "association": (
        ("a3_1a", "Ban Chấp hành họp đủ các quý", 4, "cuộc"),
        ("a8_1b", "Công khai tài chính tới hội viên", 2, "lần"),
        ("a4_1b", "Phát triển hội viên mới", 15, "người"),
    ),
}
_LIMITATIONS: Final = {
    "area": (
        (
            "decisions_not_followed",
            "Một số kết luận cuộc họp năm 2025 làm chậm",
            "Ghi chức danh phụ trách và hạn, kỳ sau kiểm lại",
        ),
        ("low_attendance", "Người trẻ ít dự hội nghị của khu phố", "Đổi sang tối thứ Bảy, mời theo từng hẻm"),
    ),
    "branch": (
        (
            "irregular_meetings",
            "Năm 2025 có kỳ không sinh hoạt, không ghi lý do",
            "Đặt lại nhịp, báo trước ngày, ghi lý do kỳ không họp",
        ),
        ("poor_content", "Nội dung sinh hoạt lặp lại, ít trao đổi", "Mỗi kỳ một chuyên đề gần đời sống"),
        ("low_attendance", "Hội viên đi làm xa, dự họp thấp", "Chia nhóm theo hẻm, họp ngắn"),
    ),
    "association": (
        ("irregular_meetings", "Ban Chấp hành có quý không họp", "Đưa lịch họp vào chương trình năm"),
        ("poor_content", "Hoạt động còn thiên về giao lưu", "Thêm góp ý, giám sát trong chương trình"),
    ),
}
_TITLES: Final = {
    "area": ("Khu phố văn hóa", "Khu phố văn hóa tiêu biểu"),
    "branch": ("Chi hội vững mạnh", "Chi hội xuất sắc"),
    "association": ("Tập thể lao động tiên tiến", "Hoàn thành tốt nhiệm vụ"),
}


def publish_sheets(book: Book) -> dict[str, UUID]:
    """Take the three reference sheets over for 2026 and publish them; their ids by kind of unit."""
    from hoidesk.emulation.operations import AdoptCriteriaSet, PublishCriteriaSet

    kinds = list(_TARGETS)
    adopt: list[Operation] = [AdoptCriteriaSet(unit_kind=kind, year=YEAR) for kind in kinds]
    adopted = book.run_batch(adopt, label=AdoptCriteriaSet.label, source="sample").result
    publish: list[Operation] = [PublishCriteriaSet(id=id_) for id_ in adopted]
    book.run_batch(publish, label=PublishCriteriaSet.label, source="sample")
    return dict(zip(kinds, adopted, strict=True))


def register_units(book: Book, sample: Sample, sheets: dict[str, UUID]) -> list[UUID]:
    """Clusters of three quarters each, and a registration of every quarter, branch and association; their ids."""
    from hoidesk.emulation.operations import SaveCluster, SetClusterMembers, SubmitRegistration

    clusters: list[Operation] = [
        SaveCluster(year=YEAR, name=f"Cụm thi đua số {place + 1}") for place in range(QUARTERS // _CLUSTER)
    ]
    made = book.run_batch(clusters, label=_LABEL, source="sample").result
    rest: list[Operation] = [
        SetClusterMembers(id=id_, area_ids=sample.areas[place * _CLUSTER : (place + 1) * _CLUSTER])
        for place, id_ in enumerate(made)
    ]
    planned = _registrations(sample, sheets)
    batch = [*rest, *(operation for operation, _day in planned)]
    done = book.run_batch(batch, label=_LABEL, source="sample").result[len(rest) :]
    submit: list[Operation] = [
        SubmitRegistration(id=id_, submitted_on=day)
        for id_, (_operation, day) in zip(done, planned, strict=True)
        if day is not None
    ]
    book.run_batch(submit, label=_LABEL, source="sample")
    return list(done)


def _registrations(sample: Sample, sheets: dict[str, UUID]) -> list[tuple[Operation, date | None]]:
    """Each unit's registration, and the day on which it was submitted; None while it is still a draft."""
    from hoidesk.emulation.operations import RecordRegistration

    units: list[tuple[str, str, UUID, tuple[Any, ...]]] = []
    for quarter, area in enumerate(sample.areas, 1):
        units.append(("area", "area_id", area, ("area", quarter)))
    for place, branch in enumerate(sample.branches):
        name = (BRANCHES[place % len(BRANCHES)].kind, place // len(BRANCHES) + 1)
        units.append(("branch", "branch_id", branch, name))
    for seed in ASSOCIATIONS:
        units.append(("association", "association_id", sample.associations[seed.name], (seed.name,)))
    found: list[tuple[Operation, date | None]] = []
    for kind, column, id_, name in units:
        registration = {
            column: id_,
            "year": YEAR,
            "criteria_set_id": sheets[kind],
            "title_targeted": pick(_TITLES[kind], "title", *name),
            "due_on": _DUE,
        }
        targets, limitations = _targets(kind, name), _limitations(kind, name)
        operation = RecordRegistration(registration=registration, targets=targets, limitations=limitations)
        day = _DUE + timedelta(days=number(-25, 0, "submitted", *name) if not share(7, "late", *name) else 9)
        found.append((operation, None if share(4, "draft", *name) else day))
    return found


def _targets(kind: str, name: tuple[Any, ...]) -> list[dict[str, Any]]:
    known = _TARGETS[kind]
    chosen = known[: number(2, len(known), "targets", *name)]
    targets: list[dict[str, Any]] = []
    for item, text, value, unit in chosen:
        due = date(YEAR, 6, 20) if share(60, "half", text, *name) else date(YEAR, 11, 15)
        target: dict[str, Any] = {"item": item, "text": text, "target_value": value, "target_unit": unit, "due_on": due}
        if due.month == 6:
            reached = value * number(78, 112, "reached", text, *name) // 100
            target |= {"result_value": min(reached, 100) if unit == "%" else reached, "confirmed_on": date(YEAR, 6, 22)}
        targets.append(target)
    return targets


def _limitations(kind: str, name: tuple[Any, ...]) -> list[dict[str, Any]]:
    if not share(70, "limited", *name):
        return []
    code, text, remedy = pick(_LIMITATIONS[kind], "limitation", *name)
    limitation: dict[str, Any] = {
        "code": code,
        "text": text,
        "remedy": remedy,
        "opened_on": date(YEAR, 1, 10),
        "remedy_due_on": date(YEAR, 6, 30),
    }
    return [limitation | ({"closed_on": date(YEAR, 6, 18)} if share(55, "closed", *name) else {})]
