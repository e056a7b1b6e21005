"""A cell, its ward and the district, enrolled with each other, and one whole file of every kind that commands take."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoidesk.book.backup import backup_to
from hoidesk.book.dump import dump_sum
from hoidesk.book.folder import open_book
from hoidesk.book.users import recovery_sheet
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from tests.exchange.books import CELL, DISTRICT, PASSWORD, WARD, new_book, register, send

__all__ = ["PASSWORD", "Scene", "make_scene"]

_SHEET: Final = Path(__file__).parents[1] / "spreadsheets" / "data" / "01_danh_sach_hoi_phu_luc.xlsx"


@dataclass(frozen=True, slots=True)
class Scene:
    """Folders of the three books and one whole file of each kind; the books are closed."""

    folder: Path
    cell: Path
    ward: Path
    district: Path
    files: dict[str, Path]

    def dump(self, book: Path) -> tuple[str, int]:
        """The sum of the logical dump of one of the books, and how many records it holds."""
        with open_book(book, password=PASSWORD, writer=False) as opened, opened.read() as connection:
            return dump_sum(connection)


def make_scene(folder: Path) -> Scene:
    """Make the books and the files in ``folder``."""
    files: dict[str, Path] = {}

    def put(name: str, data: bytes) -> None:
        files[name] = folder / name
        files[name].write_bytes(data)

    with (
        new_book(folder, DISTRICT) as district,
        new_book(folder, WARD) as ward,
        new_book(folder, CELL) as cell,
    ):
        register(ward)
        for superior, unit in ((district, ward), (ward, cell)):
            put("invitation.hdi", invite(superior, unit.unit.code, name=unit.unit.name))
            asked = enrol(unit, files["invitation.hdi"].read_bytes())
            put("request.hdi", asked.request)
            groups = groups_of_four(asked.digits).split()
            put("certificate.hdi", certify(superior, asked.request, f"{groups[4]} {groups[1]}").file)
            accept_certificate(unit, files["certificate.hdi"].read_bytes())
        put("to-cell.hdk", send(ward, folder / "stick", CELL[1]).path.read_bytes())
        put("to-district.hdk", send(ward, folder / "stick").path.read_bytes())
        put("sheet.pdf", recovery_sheet(ward))
        put("ward.hoibackup", backup_to(ward, folder / "backups").path.read_bytes())
        scene = Scene(folder, cell.folder, ward.folder, district.folder, files)
    shutil.copyfile(_SHEET, folder / "associations.xlsx")
    files["associations.xlsx"] = folder / "associations.xlsx"
    put("area.jsonl", '{"op": "area.save", "code": "P05-2-09", "name": "Khu phố Đường Láng"}\n'.encode())
    put("password.txt", PASSWORD.encode())
    return scene


def truncated(data: bytes) -> bytes:
    """The first two thirds of a file: the stick was pulled."""
    return data[: len(data) * 2 // 3]


def flipped(place: float) -> Callable[[bytes], bytes]:
    """One bit changed at ``place`` (0 to 1) of the file."""

    def flip(data: bytes) -> bytes:
        at = min(int(len(data) * place), len(data) - 1)
        return data[:at] + bytes((data[at] ^ 0x10,)) + data[at + 1 :]

    return flip
