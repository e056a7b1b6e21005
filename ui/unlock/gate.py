"""What the unlock cards ask of the core. Everything heavy is imported inside: these run in the lane of the book."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = [
    "SAMPLE_PASSWORD",
    "SAMPLE_USER",
    "listed_units",
    "make",
    "open_recovered",
    "open_sample",
    "open_with_password",
    "proposed_folder",
    "tiers",
    "users_of",
    "warnings_for",
]

SAMPLE_USER = "Cán bộ mẫu"
SAMPLE_PASSWORD = "so-mau-hoidesk"


def users_of(folder: str) -> list[str]:
    """The users of a book, first to last; none when its password file cannot be read."""
    from hoidesk.book.slots import load_slots
    from hoidesk.errors import EnvError

    try:
        return [slot.user for slot in load_slots(Path(folder))]
    except EnvError:
        return []


def open_with_password(folder: str, user: str, password: str, day: str = "") -> Book:
    """Open a book for writing; without a user every password slot is tried.

    ``day`` is the date as typed by somebody who was asked which day it is.
    """
    from hoidesk.book.folder import open_book
    from hoidesk.text.dates import parse_day, today

    confirmed = parse_day(day, today()) if day.strip() else None
    return open_book(Path(folder), user=user or None, password=password, today=confirmed)


def make(*, folder: str, tier: str, code: str, name: str, user: str, password: str) -> Book:
    """Make a book and open it."""
    from hoidesk.book.folder import create_book

    return create_book(Path(folder), tier=tier, code=code, name=name, user=user, password=password)


def open_recovered(folder: str, sheet: str, user: str, password: str) -> Book:
    """Open a book with its recovery sheet and give the user a new password."""
    from hoidesk.book.folder import open_with_sheet

    return open_with_sheet(Path(folder), Path(sheet), user=user, password=password)


def warnings_for(folder: str) -> list[str]:
    """Sentences on a place that is risky for a book."""
    from hoidesk.book.folder import place_warnings

    return place_warnings(Path(folder))


def tiers() -> list[tuple[str, str]]:
    """The tiers a book can be of, with their shipped labels."""
    from hoidesk.presets import choices

    return [(id_, words) for id_, words in choices("tiers").items() if id_ in ("cell", "ward", "district")]


def listed_units(name: str, tier: str) -> list[tuple[str, str]]:
    """Units of the 2025 list that the typed name may mean, as (code, name with its province); none for a cell."""
    from hoidesk.units.administrative import find, unit

    if tier == "cell" or len(name.strip()) < 3:
        return []
    found = [one for one in find(name, limit=12) if (one.kind == "province") == (tier == "district")][:3]
    names = []
    for one in found:
        province = unit(one.province_code)
        below = one.kind != "province" and province is not None
        names.append((one.code, f"{one.name}, {province.name}" if below and province else one.name))
    return names


def proposed_folder() -> str:
    """Where a new book is proposed: on a second fixed drive if this PC has one, since C: is wiped at repairs."""
    from hoidesk.places import books_dir

    if os.name == "nt":
        import psutil

        for drive in psutil.disk_partitions():
            if "fixed" in drive.opts and not drive.mountpoint.upper().startswith("C:"):
                return str(Path(drive.mountpoint) / "hoidesk")
    return str(books_dir())


def open_sample() -> Book:
    """Make the sample once on this PC, then open it; its password is not a secret."""
    from hoidesk.book.folder import SUFFIX, open_book
    from hoidesk.places import books_dir
    from hoidesk.sample.build import create_sample

    folder = books_dir() / f"sample{SUFFIX}"
    if folder.is_dir():
        return open_book(folder, password=SAMPLE_PASSWORD)
    return create_sample(folder, user=SAMPLE_USER, password=SAMPLE_PASSWORD)
