"""Writing to a stick and finding packages on one."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hoidesk.errors import EnvError
from hoidesk.exchange import stick as module
from hoidesk.exchange.finding import drives, find_packages
from hoidesk.exchange.stick import Cancelled, write_to_stick
from hoidesk.exchange.trust.enrolment import make_invitation

from .families import child, pack, root


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool.hdk"
    path.write_bytes(os.urandom(2_500_000))
    return path


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    path = tmp_path / "USB Ô Chợ Dừa"
    path.mkdir()
    return path


def test_two_copies_are_written_read_back_and_named_last(spool: Path, usb: Path) -> None:
    steps: list[tuple[str, int, int]] = []

    def watch(step: str, done: int, total: int) -> None:
        steps.append((step, done, total))
        if step in ("write", "read") and not (usb / "HOIDESK").exists():
            assert not (usb / "P05-2-1-31.hdk").exists()  # no name before the read-back

    delivered = write_to_stick(spool, usb, "P05-2-1-31.hdk", progress=watch)
    wanted = hashlib.sha256(spool.read_bytes()).digest()
    assert [hashlib.sha256(p.read_bytes()).digest() for p in (delivered.path, delivered.twin)] == [wanted, wanted]
    assert delivered.twin == usb / "HOIDESK" / "P05-2-1-31.hdk"
    assert [s for s, done, total in steps if done == total] == ["write", "read", "twin", "read"]
    assert not list(usb.rglob("*.PAR"))


def test_a_stick_that_gives_back_other_data_is_found_out(
    spool: Path, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick with a false capacity takes everything and returns something else."""
    written = module._write

    def cheat(source: Path, partial: Path, *rest: Any) -> None:
        written(source, partial, *rest)
        with partial.open("r+b") as file:
            file.seek(1_000_000)
            file.write(b"\x00" * 4096)

    monkeypatch.setattr(module, "_write", cheat)
    with pytest.raises(EnvError) as caught:
        write_to_stick(spool, usb, "x.hdk")
    assert caught.value.code == "stick.differs"
    assert list(usb.iterdir()) == []


def test_a_full_stick_is_told_before_anything_is_written(
    spool: Path, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(8 << 20, 4 << 20, 4 << 20))
    with pytest.raises(EnvError) as caught:
        write_to_stick(spool, usb, "x.hdk")
    assert caught.value.code == "stick.full"
    assert list(usb.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "stick.full"),
        (errno.EROFS, "stick.read_only"),
        (errno.EIO, "stick.broken"),
        (errno.ENODEV, "stick.gone"),
    ],
)
def test_faults_of_the_stick_have_their_sentence(
    spool: Path, usb: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(number, "fault")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EnvError) as caught:
        write_to_stick(spool, usb, "x.hdk")
    assert caught.value.code == code and "{" not in caught.value.text
    assert not (usb / "x.hdk").exists() and not list(usb.rglob("*.PAR"))


def test_a_missing_stick_is_told(spool: Path, tmp_path: Path) -> None:
    with pytest.raises(EnvError) as caught:
        write_to_stick(spool, tmp_path / "đã rút", "x.hdk")
    assert caught.value.code == "stick.gone"


@pytest.mark.parametrize("after", [1, 4, 8])
def test_stopping_leaves_the_stick_as_it_was(spool: Path, usb: Path, after: int) -> None:
    (usb / "khác.txt").write_text("giữ nguyên", encoding="utf-8")
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked >= after

    with pytest.raises(Cancelled):
        write_to_stick(spool, usb, "x.hdk", cancelled=stop)
    assert [p.name for p in usb.rglob("*") if p.is_file()] == ["khác.txt"]


def test_packages_are_found_by_content_under_any_name(tmp_path: Path, usb: Path) -> None:
    ward = root("P05-2")
    cell = child(ward, "P05-2-03")
    package = pack(tmp_path, cell, ward).path
    deep = usb / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "d").mkdir()
    shutil.copy(package, usb / "Ảnh họp mặt.jpg")
    shutil.copy(package, deep / ".ẩn")
    shutil.copy(package, deep / "d" / "too deep.hdk")
    (usb / "cut.hdk").write_bytes(package.read_bytes()[:-100])
    (usb / "empty.hdk").touch()
    (usb / "note.hdk").write_text("không phải gói", encoding="utf-8")
    (usb / "mời.bin").write_bytes(
        make_invitation(ward.chain, ward.keys, unit="P05-2-04", name="Khu phố 4", scope="up-1")
    )
    (usb / "link.hdk").symlink_to(package)
    (usb / "loop").symlink_to(usb, target_is_directory=True)
    found = find_packages(usb)
    assert [p.name for p in found.packages] == [".ẩn", "cut.hdk", "Ảnh họp mặt.jpg"]
    assert [p.name for p in found.enrolments] == ["mời.bin"]
    assert found.warnings == ()
    assert find_packages(usb / "Ảnh họp mặt.jpg").packages == (usb / "Ảnh họp mặt.jpg",)


def test_signs_of_a_worm_are_told_and_the_data_is_found(tmp_path: Path, usb: Path) -> None:
    ward = root("P05-2")
    package = pack(tmp_path, child(ward, "P05-2-03"), ward).path
    (usb / "Gói tháng 11").mkdir()
    shutil.copy(package, usb / "Gói tháng 11" / "x.hdk")
    (usb / "Gói tháng 11.lnk").write_bytes(b"L\x00\x00\x00")
    found = find_packages(usb)
    assert len(found.packages) == 1 and len(found.warnings) == 1
    (usb / "Gói tháng 11.lnk").rename(usb / "khác.lnk")
    assert find_packages(usb).warnings == ()
    (usb / "AUTORUN.INF").touch()
    assert len(find_packages(usb).warnings) == 1


def test_drives_are_listed_with_their_space() -> None:
    for drive in drives():
        assert drive.path.is_absolute() and 0 <= drive.free <= drive.size
