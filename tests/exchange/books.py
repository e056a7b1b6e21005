"""Real books of a district, a ward and a cell, enrolled with each other, and the trips of a stick between them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import zstandard

from hoidesk.associations.operations import SaveAssociation, SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.dump import dump_sum
from hoidesk.book.folder import create_book
from hoidesk.exchange.export import Exported, export_package
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.packages.ziplayout import read_layout
from hoidesk.exchange.receive import Received, ReceiveResult, receive
from hoidesk.exchange.state import load_keys
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.meetings.operations import RecordMeeting
from hoidesk.units.operations import SaveArea

DAY = date(2026, 11, 12)
PASSWORD = "Mật khẩu dài của đơn vị"

DISTRICT = ("district", "P05", "Quận Đống Đa")
WARD = ("ward", "P05-2", "Phường Ô Chợ Dừa")
CELL = ("cell", "P05-2-03", "Khu phố 3")


def new_book(folder: Path, unit: tuple[str, str, str], name: str = "") -> Book:
    tier, code, title = unit
    return create_book(
        folder / (name or tier), tier=tier, code=code, name=title, user="Bích", password=PASSWORD, today=DAY
    )


def join(superior: Book, unit: Book) -> None:
    """Enrol ``unit`` with ``superior``: three files, two digit groups."""
    asked = enrol(unit, invite(superior, unit.unit.code, name=unit.unit.name))
    groups = groups_of_four(asked.digits).split()
    accept_certificate(unit, certify(superior, asked.request, f"{groups[4]} {groups[1]}").file)
    _same_time(superior, unit)


def _same_time(one: Book, other: Book) -> None:
    """Both PCs show the same time: each was told at its making that it is noon, one a little later than the other."""
    with one.read() as connection:
        offset = connection.exec_driver_sql("SELECT offset FROM clock_state").scalar_one()
    with other.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE clock_state SET offset = ?", (offset,))


def register(ward: Book, code: str = "P05-2-03") -> tuple[UUID, UUID, UUID]:
    """A quarter, an association and its branch in the ward's book."""
    area = ward.run(SaveArea(kind="quarter", code=code, name=f"Khu phố {int(code[-2:])}", effective_from=DAY)).id
    association = ward.run(SaveAssociation(name="Hội Người cao tuổi", kind="association")).id
    branch = ward.run(
        SaveBranch(association_id=association, area_id=area, kind="elderly", name="Chi hội Người cao tuổi số 3")
    ).id
    return area, association, branch


def send(book: Book, stick: Path, unit: str | None = None) -> Exported:
    stick.mkdir(exist_ok=True, parents=True)
    return export_package(book, stick, unit)


def take_in(book: Book, paths: Sequence[Path], receipts_to: Path | None = None) -> ReceiveResult:
    """Receive without the worker process, which has tests of its own."""
    if receipts_to is not None:
        receipts_to.mkdir(exist_ok=True)
    return receive(book, paths, receipts_to=receipts_to, opener=open_here)


def only(result: ReceiveResult) -> Received:
    (received,) = result.results
    return received


def deliver(sender: Book, receiver: Book, stick: Path, receipts_to: Path | None = None) -> Received:
    """One trip of the stick."""
    sent = send(sender, stick, receiver.unit.code)
    return only(take_in(receiver, [sent.path], receipts_to))


def field(book: Book, table: str, id: UUID, column: str) -> Any:
    with book.read() as connection:
        return connection.exec_driver_sql(f'SELECT "{column}" FROM "{table}" WHERE id = ?', (id.bytes,)).scalar()


def count(book: Book, table: str) -> int:
    with book.read() as connection:
        return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())


def decrypted(path: Path, reader: Book) -> list[Any]:
    """The lines inside a package, by other means than the program's own reader."""
    with reader.read() as connection:
        keys = load_keys(connection)
    assert keys is not None
    with path.open("rb") as file:
        member = read_layout(file)["payload.age"]
        file.seek(member.offset)
        sealed = file.read(member.size)
    opened = keys.open(sealed)
    assert opened is not None
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(opened)
    return [json.loads(line) for line in plain.decode("utf-8").splitlines()]


def meet(book: Book, branch: UUID, day: str = "2026-11-05", present: int = 24) -> UUID:
    meeting = {
        "branch_id": str(branch),
        "held_on": day,
        "invited": 31,
        "present": present,
        "chair_name": "Nguyễn Thị Ánh Tuyết",
        "topic": "Góp ý đường Xã Đàn",
    }
    petition = {"text": "Đề nghị sửa đèn đường ngõ 12", "theme": "urban_order"}
    item = {"text": "Nhắc lịch dọn vệ sinh", "outcome": "note"}
    return book.run(RecordMeeting(meeting=meeting, items=[item], petitions=[petition])).id


def dump(book: Book) -> tuple[str, int]:
    with book.read() as connection:
        return dump_sum(connection)
