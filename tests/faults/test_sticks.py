"""Sticks that are full, write-protected, pulled out, infected or simply crowded: told, and no mark moves."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hoidesk.book.book import Book
from hoidesk.errors import Refusal
from hoidesk.exchange.export import Exported, export_package, spool_dir
from hoidesk.exchange.finding import find_packages
from hoidesk.exchange.packages.container import inspect_file
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive
from hoidesk.exchange.rows import sent_packages
from tests.exchange.books import CELL, WARD, deliver, join, meet, new_book, only, register, send, take_in
from tests.exchange.families import child, pack, root
from tests.faults.crowd import crowd
from tests.faults.mounts import can_mount, mounted, pull_out, write_protect

needs_mounts = pytest.mark.skipif(not can_mount(), reason="needs a superuser who may mount a small file system")

STICK = 8 << 20


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Book, Book]]:
    """A ward and its cell, which has a meeting that the ward lacks."""
    with new_book(tmp_path, WARD) as ward, new_book(tmp_path, CELL) as cell:
        join(ward, cell)
        branch = register(ward)[2]
        deliver(ward, cell, tmp_path / "first")
        meet(cell, branch)
        yield ward, cell


def marks(book: Book) -> list[object]:
    """How far the other side is known to be."""
    with book.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM ack ORDER BY 1, 2")]


def refused(cell: Book, stick: Path, during: Callable[[str, int, int], None] = lambda *_: None) -> str:
    """Write a package there, which must fail: a code and sentence, nothing delivered, no mark moved, no spool left."""
    before = marks(cell)
    with pytest.raises(Refusal) as caught:
        export_package(cell, stick, progress=during)
    with cell.read() as connection:
        assert [p.delivered_at for p in sent_packages(connection)] == [None]
    assert marks(cell) == before and caught.value.text and "{" not in caught.value.text
    assert list(spool_dir().iterdir()) == []
    return caught.value.code


def goes_on(cell: Book, ward: Book, stick: Path) -> Exported:
    """On another stick all is there."""
    sent = send(cell, stick)
    received = only(take_in(ward, [sent.path]))
    assert (received.state, sent.number) == ("merged", 2)
    with ward.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meeting").scalar() == 1
    return sent


@needs_mounts
def test_a_full_stick_is_told_and_is_as_before(pair: tuple[Book, Book], tmp_path: Path) -> None:
    ward, cell = pair
    with mounted(tmp_path / "usb", STICK) as stick:
        (stick / "phim.mp4").write_bytes(bytes(STICK - (1 << 20)))
        assert refused(cell, stick) == "stick.full"
        assert [p.name for p in stick.rglob("*")] == ["phim.mp4"]
        (stick / "phim.mp4").unlink()
        assert goes_on(cell, ward, stick).path.parent == stick


@needs_mounts
def test_a_stick_that_fills_while_it_is_written_is_told(pair: tuple[Book, Book], tmp_path: Path) -> None:
    """What looked free is taken by others in the meantime: first before the twin, then before the package itself."""
    ward, cell = pair
    for when in ("collect", "read"):
        with mounted(tmp_path / "usb", STICK) as stick:

            def fill(step: str, _done: int, _total: int, when: str = when, stick: Path = stick) -> None:
                if step == when and not (stick / "phim.mp4").exists():
                    with (stick / "phim.mp4").open("wb", buffering=0) as film:
                        while shutil.disk_usage(stick).free:
                            film.write(bytes(shutil.disk_usage(stick).free))

            with pytest.raises(Refusal) as caught:
                export_package(cell, stick, progress=fill)
            assert caught.value.code == "stick.full"
            assert not [p for p in stick.rglob("*") if p.is_file() and p.name != "phim.mp4"]
    assert marks(cell) == []
    assert only(take_in(ward, [send(cell, tmp_path / "khác").path])).state == "merged"


@needs_mounts
def test_a_write_protected_stick_is_told(pair: tuple[Book, Book], tmp_path: Path) -> None:
    ward, cell = pair
    with mounted(tmp_path / "usb", STICK) as stick:
        write_protect(stick)
        assert refused(cell, stick) == "stick.read_only"
    goes_on(cell, ward, tmp_path / "khác")


@needs_mounts
@pytest.mark.parametrize("step", ["collect", "write", "read", "twin"])
def test_a_stick_that_is_pulled_out_is_told_and_what_is_left_is_no_package(
    pair: tuple[Book, Book], tmp_path: Path, step: str
) -> None:
    ward, cell = pair
    with mounted(tmp_path / "usb", STICK) as stick:

        def pull(at: str, _done: int, _total: int) -> None:
            if at == step and stick.exists():
                shutil.copytree(stick, tmp_path / "pulled out")
                pull_out(stick)
                stick.rmdir()

        assert refused(cell, stick, pull).startswith("stick.")
    for left in find_packages(tmp_path / "pulled out").packages:
        assert left.suffix == ".PAR" or inspect_file(left).state == "whole"
    goes_on(cell, ward, tmp_path / "khác")


def test_a_stick_that_gives_back_other_bytes_is_told(pair: tuple[Book, Book], tmp_path: Path) -> None:
    """False capacity: the stick takes everything, and what lies beyond its true size comes back as something else."""
    ward, cell = pair
    stick = tmp_path / "usb"
    stick.mkdir()

    def forget(step: str, done: int, total: int) -> None:
        if step == "write" and done == total:
            (partial,) = stick.glob("*.PAR")
            os.truncate(partial, total // 2)
            os.truncate(partial, total)

    assert refused(cell, stick, forget) == "stick.differs"
    assert [p for p in stick.rglob("*") if p.is_file()] == []
    goes_on(cell, ward, tmp_path / "khác")


@pytest.mark.parametrize("clash", ["HOIDESK is a file", "the name is a folder", "the .PAR name is a folder"])
def test_names_that_are_taken_by_something_else_are_told(pair: tuple[Book, Book], tmp_path: Path, clash: str) -> None:
    ward, cell = pair
    stick = tmp_path / "usb"
    stick.mkdir()
    name = f"{cell.unit.code}-1-1.hdk"
    if clash == "HOIDESK is a file":
        (stick / "HOIDESK").write_text("của ai đó", encoding="utf-8")
    else:
        taken = stick / (name if clash == "the name is a folder" else f"{name}.PAR")
        taken.mkdir()
        (taken / "ảnh.jpg").write_text("của ai đó", encoding="utf-8")
    before = sorted(p.name for p in stick.rglob("*"))
    assert refused(cell, stick) == "stick.name_taken"
    assert sorted(p.name for p in stick.rglob("*")) == before
    goes_on(cell, ward, tmp_path / "khác")


def test_what_an_earlier_attempt_left_is_no_package_and_is_replaced(pair: tuple[Book, Book], tmp_path: Path) -> None:
    ward, cell = pair
    stick = tmp_path / "usb"
    (stick / "HOIDESK").mkdir(parents=True)
    left = stick / f"{cell.unit.code}-1-1.hdk.PAR"
    left.write_bytes(b"PK\x03\x04 half of something")
    sent = send(cell, stick)
    assert not left.exists() and inspect_file(sent.path).state == "whole"
    left.write_bytes(sent.path.read_bytes()[:-40])
    (stick / "HOIDESK" / left.name).write_bytes(sent.path.read_bytes()[:700])
    told = sorted((r.state, r.code) for r in take_in(ward, [stick]).results)
    assert told == [("merged", ""), *[("refused", "package.unfinished")] * 2]


def test_a_stick_that_is_pulled_out_while_it_is_read_is_told_and_read_again(
    pair: tuple[Book, Book], tmp_path: Path
) -> None:
    ward, cell = pair
    stick, away = tmp_path / "usb", tmp_path / "pulled out"
    sent = [send(cell, stick / str(number)).path for number in range(3)]

    def pull(done: int, _all: int, _name: str) -> None:
        if done == 1:
            stick.rename(away)

    done = receive(ward, [stick], receipts_to=stick, progress=pull, opener=open_here)
    assert [(r.path, r.state, r.code) for r in done.results] == [
        (sent[0], "merged", ""),
        (sent[1], "refused", "package.unreadable"),
        (sent[2], "refused", "package.unreadable"),
    ]
    assert done.receipts == () and len(done.unwritten) == 1
    away.rename(stick)
    again = receive(ward, [stick], receipts_to=stick, opener=open_here)
    assert [r.state for r in again.results] == ["duplicate", "merged", "merged"]
    assert len(again.receipts) == 1 and only(take_in(cell, [again.receipts[0].path])).acknowledged


def test_a_package_is_found_among_all_that_lies_on_an_infected_stick(pair: tuple[Book, Book], tmp_path: Path) -> None:
    """Shortcut twins, autorun.inf, links, hidden files, long and strange names, folders too deep: read, not run."""
    ward, cell = pair
    stick = tmp_path / "usb"
    package = send(cell, tmp_path / "made").path.read_bytes()
    hidden = stick / "\u00a0" / "Họp"  # worms move everything into a folder whose name cannot be seen
    hidden.mkdir(parents=True)
    long = unicodedata.normalize("NFD", "Báo cáo đại đoàn kết ")
    (hidden / ((long * 9)[:80] + ".hdk")).write_bytes(package)
    for name in ("\u00a0.lnk", "Họp.lnk", "USB Drive (8GB).lnk"):
        (stick / name).write_bytes(b"L\0\0\0\x01\x14\x02\0" + b"cmd.exe /c start" * 9)
    (stick / "AutoRun.inf").write_text("[autorun]\nopen=ảnh.exe\n", encoding="utf-8")
    (stick / "ảnh.exe").write_bytes(b"#!/bin/sh\ntouch " + os.fsencode(tmp_path / "executed") + b"\n")
    (stick / "ảnh.exe").chmod(0o755)
    (stick / "đường dẫn").symlink_to(tmp_path, target_is_directory=True)
    (stick / "gói.hdk").symlink_to(tmp_path / "made")
    (stick / "vòng").symlink_to(stick, target_is_directory=True)
    deep = stick
    for level in range(40):
        deep = deep / f"tầng {level}"
    deep.mkdir(parents=True)
    (deep / "sâu quá.hdk").write_bytes(package)
    os.mkfifo(stick / "ống.hdk")  # opening it would wait for ever
    done = take_in(ward, [stick])
    assert [(r.state, r.path.parent) for r in done.results] == [("merged", hidden)]
    assert len(done.warnings) == 1 and not (tmp_path / "executed").exists()
    assert take_in(ward, [hidden]).results[0].state == "duplicate"
    assert inspect_file(stick / "ống.hdk").state == "unreadable"


def test_one_package_among_thousands_of_files_is_found(tmp_path: Path) -> None:
    """``python -m tests.faults crowd`` has a hundred thousand."""
    ward = root("P05-2")
    package = pack(tmp_path, child(ward, "P05-2-03"), ward).path
    hidden = crowd(tmp_path / "usb", 3_000, package)
    found = find_packages(tmp_path / "usb")
    assert (found.packages, found.enrolments, found.warnings) == ((hidden,), (), ())
