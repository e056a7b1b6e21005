"""Make the museum pieces of the present program: ``python tests/museum/make.py FOLDER``, once for each schema.

Three books that exchanged packages, and one package of each direction that was never received. Later programs must
open the books and read the packages.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from uuid import UUID

os.environ["HOIDESK_TEST_CHEAP_KDF"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hoidesk.associations.operations import SaveAssociation, SaveBranch, SavePost
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.exchange.export import export_package
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.meetings.operations import ForwardPetition, RecordMeeting, ReplyToPetition
from hoidesk.units.operations import SaveArea

PASSWORD = "Mật khẩu của bảo tàng"
DAY = date(2026, 11, 12)


def book(folder: Path, tier: str, code: str, name: str) -> Book:
    return create_book(folder / tier, tier=tier, code=code, name=name, user="Bích", password=PASSWORD, today=DAY)


def join(superior: Book, unit: Book) -> None:
    asked = enrol(unit, invite(superior, unit.unit.code, name=unit.unit.name))
    groups = groups_of_four(asked.digits).split()
    accept_certificate(unit, certify(superior, asked.request, f"{groups[4]} {groups[1]}").file)


def deliver(sender: Book, receiver: Book, stick: Path) -> None:
    stick.mkdir(parents=True, exist_ok=True)
    sent = export_package(sender, stick, receiver.unit.code)
    (received,) = receive(receiver, [sent.path], opener=open_here).results
    assert received.state == "merged", received


def meeting(book_: Book, branch: UUID, day: str) -> UUID:
    values = {
        "branch_id": str(branch),
        "held_on": day,
        "invited": 31,
        "present": 24,
        "chair_name": "Nguyễn Thị Ánh Tuyết",
    }
    values |= {"topic": "Góp ý việc mở đường Xã Đàn – Ô Chợ Dừa", "place": "Nhà văn hóa Khu phố 3"}
    petition = {"text": "Đề nghị sửa đèn đường ngõ 12, phố Đặng Văn Ngữ", "theme": "urban_order"}
    item = {"text": "Nhắc lịch dọn vệ sinh sáng thứ Bảy", "outcome": "note"}
    return book_.run(RecordMeeting(meeting=values, items=[item], petitions=[petition])).id


def make(folder: Path) -> None:
    folder.mkdir(parents=True)
    trips = folder / "trips"
    with (
        book(folder, "district", "P05", "Quận Đống Đa") as district,
        book(folder, "ward", "P05-2", "Phường Ô Chợ Dừa") as ward,
        book(folder, "cell", "P05-2-03", "Khu phố 3") as cell,
    ):
        join(district, ward)
        join(ward, cell)
        area = ward.run(SaveArea(kind="quarter", code="P05-2-03", name="Khu phố 3", effective_from=DAY)).id
        association = ward.run(SaveAssociation(name="Hội Người cao tuổi", kind="association")).id
        ward.run(SavePost(association_id=association, title="Chủ tịch", holder="Trần Thị Ổn", phone="0241234567"))
        branch = ward.run(
            SaveBranch(association_id=association, area_id=area, kind="elderly", name="Chi hội Người cao tuổi số 3")
        ).id
        deliver(ward, cell, trips)
        meeting(cell, branch, "2026-11-05")
        deliver(cell, ward, trips)
        ward.run(SaveBranch(id=branch, name="Chi hội NCT Khu phố 3"))
        cell.run(SaveBranch(id=branch, name="Chi hội Người cao tuổi Đường Xã Đàn"))
        # An area that only the superior may write: a suggestion there, on which a branch waits.
        with cell.transaction("museum", "test") as work:
            values = {"kind": "quarter", "code": "P05-2-03-1", "name": "Tổ 1 (khu phố tự ghi)"}
            own = work.insert("area", values, unit="P05-2-03")
        cell.run(SaveBranch(area_id=own, kind="front_working_committee", name="Ban Công tác Mặt trận Tổ 1"))
        deliver(cell, ward, trips)
        meeting(ward, branch, "2026-11-06")
        deliver(ward, district, trips)
        with ward.transaction("museum", "test") as work:
            petition = work.connection.exec_driver_sql("SELECT id FROM petition ORDER BY id LIMIT 1").scalar_one()
            inc = work.connection.exec_driver_sql("SELECT inc FROM incarnation LIMIT 1").scalar_one()
            work.connection.exec_driver_sql(
                "INSERT INTO unknown_field(tbl, id, col, value, hlc, inc) VALUES(11, ?, 900, '\"Chưa biết\"', 77, ?)",
                (branch.bytes, inc),
            )
        forwarded = ward.run(ForwardPetition(id=UUID(bytes=petition))).id
        deliver(ward, district, trips)
        district.run(ReplyToPetition(forwarded_id=forwarded, text="Đã giao Xí nghiệp chiếu sáng xử lý"))
        meeting(cell, branch, "2026-11-10")
        for sender, to in ((cell, "P05-2"), (ward, "P05"), (district, "P05-2")):
            (folder / "usb").mkdir(exist_ok=True)
            export_package(sender, folder / "usb", to)
        for opened in (district, ward, cell):
            assert opened._writer is not None
            with opened._writer.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    import shutil

    target = Path(sys.argv[1])
    make(target)
    shutil.rmtree(target / "trips")
    shutil.rmtree(target / "usb" / "HOIDESK")
