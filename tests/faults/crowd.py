"""A stick with very many files, one of which is a package."""

from __future__ import annotations

import shutil
from pathlib import Path

from hoidesk.exchange.finding import find_packages
from tests.exchange.families import child, pack, root

__all__ = ["crowd", "long_form"]

HEADS = (
    b"\xff\xd8\xff\xe0 JFIF",
    b"PK\x03\x04\x14\x00 word/document.xml",
    b"age-encryption.org/v1\n-> X25519 abc",
    b"",
)


def crowd(stick: Path, files: int, package: Path) -> Path:
    """Make ``files`` small files in folders of a thousand, and the package among them under a name like theirs."""
    for number in range(files):
        folder = stick / f"DCIM {number // 1000}"
        if number % 1000 == 0:
            folder.mkdir(parents=True)
        (folder / f"IMG_{number}.JPG").write_bytes(HEADS[number % len(HEADS)] + bytes(number % 900))
    place = stick / f"DCIM {files // 2000}" / "IMG_0.JPG"
    shutil.copyfile(package, place)
    return place


def long_form(place: Path, files: int = 100_000) -> int:
    """One package among a hundred thousand files."""
    ward = root("P05-2")
    package = pack(place, child(ward, "P05-2-03"), ward).path
    hidden = crowd(place / "usb", files, package)
    found = find_packages(place / "usb")
    right = (found.packages, found.enrolments, found.warnings) == ((hidden,), (), ())
    print(f"crowd: {files} files, {'one package found' if right else f'FAULT: {found}'}", flush=True)
    return 0 if right else 1
