"""The three offices of the demo: their books and passwords, and the stick between them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hoidesk.errors import UserError
from hoidesk.language import _

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["CELL", "DISTRICT", "Offices", "folder_for", "offices"]

DISTRICT: Final = ("district", "P05", "Quận Bình Hòa")
CELL: Final = ("cell", "P05-2-03", "Khu phố 3")
PASSWORDS: Final = "passwords.txt"
_USERS: Final = {"cell": "Thư ký khu phố 3", "ward": "Cán bộ Mặt trận phường", "district": "Cán bộ cấp trên"}
_WORDS: Final = "sen mai lua tre dua cau song bien nui rung sao trang".split()


@dataclass(frozen=True, slots=True)
class Offices:
    """The open books and the folder that stands for the USB stick."""

    folder: Path
    stick: Path
    cell: Book
    ward: Book
    district: Book


def folder_for(wanted: Path | None) -> Path:
    """The folder of a demo: the given one, or a new one among the user's documents.

    Raises UserError when books of a demo lie there already.
    """
    if wanted is None:
        from hoidesk.places import books_dir

        base = books_dir()
        names = (base / ("demo" if number == 1 else f"demo-{number}") for number in range(1, 10_000))
        return next(folder for folder in names if not folder.exists())
    folder = wanted.absolute()
    if folder.exists() and not folder.is_dir():
        raise UserError("demo.no_folder", _("{path} is a file. Choose a folder.").format(path=folder))
    if any((folder / f"{tier}.hoibook").exists() for tier in _USERS):
        raise UserError(
            "demo.exists", _("{path} holds books of a demo already. Choose another folder.").format(path=folder)
        )
    return folder


def _password() -> str:
    return "-".join([*(secrets.choice(_WORDS) for _word in range(3)), f"{secrets.randbelow(9000) + 1000}"])


@contextmanager
def offices(folder: Path) -> Iterator[Offices]:
    """Make the three books, each with its own password, and write the passwords beside them."""
    from hoidesk.book.files import disk_refusal, write_atomic
    from hoidesk.book.folder import create_book
    from hoidesk.sample.content import WARD_CODE, WARD_NAME

    units = {"cell": CELL, "ward": ("ward", WARD_CODE, WARD_NAME), "district": DISTRICT}
    passwords = {tier: _password() for tier in units}
    stick = folder / "usb"
    try:
        stick.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{tier}.hoibook\t{password}\n" for tier, password in passwords.items())
        write_atomic(folder / PASSWORDS, lines.encode())
    except OSError as error:
        raise disk_refusal(error, folder) from error
    with ExitStack() as stack:
        books = {
            name: stack.enter_context(
                create_book(
                    folder / name, tier=tier, code=code, name=title, user=_USERS[name], password=passwords[name]
                )
            )
            for name, (tier, code, title) in units.items()
        }
        yield Offices(folder, stick, books["cell"], books["ward"], books["district"])
