"""Finding packages on a stick by content, and the drives that a package may be written to.

Names and extensions count for nothing: sticks are renamed, hidden and infected. Links are never followed and nothing is
ever executed (package format, section 9).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoidesk.exchange.packages.ziplayout import looks_like_package
from hoidesk.exchange.trust.enrolment import MAX_FILE, kind_of
from hoidesk.language import _

__all__ = ["Drive", "Found", "drives", "find_packages"]

DEPTH: Final = 3
"""Folders below the root of the stick that are looked into."""


@dataclass(frozen=True, slots=True)
class Found:
    """What lies on a stick: files that look like packages or enrolment files, and signs of a worm, as sentences."""

    packages: tuple[Path, ...]
    enrolments: tuple[Path, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drive:
    """A place that a package can be written to; sizes in bytes."""

    path: Path
    name: str
    size: int
    free: int
    removable: bool
    read_only: bool


def find_packages(root: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Found:
    """Look through a folder or stick, three levels down, hidden files too; a file is looked at itself.

    Unreadable places are passed over. The order is by path, so that one stick always gives one list.
    """
    packages: list[Path] = []
    enrolments: list[Path] = []
    shortcuts: set[str] = set()
    folders: set[str] = set()
    autorun = False
    for entry in _files(root, DEPTH, folders):
        if cancelled():
            break
        name = entry.name.casefold()
        autorun = autorun or name == "autorun.inf"
        if name.endswith(".lnk"):
            shortcuts.add(name[:-4])
        kind = _kind(entry)
        if kind == "package":
            packages.append(entry)
        elif kind is not None:
            enrolments.append(entry)
    warnings = []
    if autorun or shortcuts & folders:
        warnings.append(_("The stick shows signs of a worm. The data is read; have the stick checked."))
    return Found(packages=tuple(sorted(packages)), enrolments=tuple(sorted(enrolments)), warnings=tuple(warnings))


def _files(root: Path, depth: int, folders: set[str]) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    try:
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                folders.add(entry.name.casefold())
                if depth > 0 and not _junction(entry):
                    yield from _files(Path(entry.path), depth - 1, folders)
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
        except OSError:
            continue


def _junction(entry: os.DirEntry[str]) -> bool:
    """Windows' own kind of link; Python tells them apart from version 3.12 on."""
    return sys.version_info >= (3, 12) and entry.is_junction()


def _kind(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            head = file.read(MAX_FILE)
            if not head:
                return None
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 40))
            tail = file.read(40)
    except OSError:
        return None
    if looks_like_package(head[:40], tail):
        return "package"
    if size > MAX_FILE:
        return None
    kind = kind_of(head)
    # A bare age file may be anything: only the officer who asked for a request chooses it.
    return kind if kind in ("invitation", "certificate") else None


def drives() -> list[Drive]:
    """The drives of this PC on which a person keeps files, removable ones first, by name."""
    import psutil

    found: list[Drive] = []
    for partition in psutil.disk_partitions(all=False):
        options = partition.opts.split(",")
        try:
            usage = psutil.disk_usage(partition.mountpoint)
        except OSError:
            continue
        path = Path(partition.mountpoint)
        found.append(
            Drive(
                path=path,
                name=path.name or partition.mountpoint,
                size=usage.total,
                free=usage.free,
                removable=_removable(partition.device, options, path),
                read_only="ro" in options,
            )
        )
    return sorted(found, key=lambda drive: (not drive.removable, drive.name))


def _removable(device: str, options: list[str], path: Path) -> bool:
    """Windows says it in the options; Linux in sysfs, or by mounting below /media and /run/media."""
    if os.name == "nt":
        return "removable" in options
    if str(path).startswith(("/media/", "/run/media/")):
        return True
    disk = Path(device).name.rstrip("0123456789")
    try:
        return (Path("/sys/block") / disk / "removable").read_text().strip() == "1"
    except OSError:
        return False
