"""Attacks on a book: whatever comes, it is equal before and after, and the good package is still taken."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hoidesk.book.book import Book
from hoidesk.book.registry import registry
from hoidesk.exchange.export import spool_dir
from hoidesk.exchange.merge.values import BadValue, stored_value
from hoidesk.exchange.onefile import inbox_dir
from hoidesk.exchange.packages import reading
from hoidesk.exchange.receive import preview, receive
from hoidesk.exchange.state import load_keys
from tests.exchange.books import CELL, WARD, deliver, dump, join, meet, new_book, only, register, send, take_in
from tests.faults.hostile import ATTACKS, resigned

Office = tuple[Book, Book, Path]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A ward, its cell, and a package of the cell that the ward has not yet taken."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOIDESK_TEST_CHEAP_KDF", "1")
        with new_book(folder, WARD) as ward, new_book(folder, CELL) as cell:
            join(ward, cell)
            branch = register(ward)[2]
            deliver(ward, cell, folder / "first")
            meet(cell, branch)
            yield ward, cell, send(cell, folder / "usb").path


def state(book: Book) -> object:
    """All that a refused package must not touch, besides the copy of it in the spool."""
    with book.read() as connection:
        known = connection.exec_driver_sql("SELECT count(*) FROM package_in").scalar()
        clock = connection.exec_driver_sql("SELECT hlc, trusted FROM clock_state").one()
        vector = connection.exec_driver_sql("SELECT inc, hlc FROM vector ORDER BY 1").all()
    return dump(book), known, tuple(clock), vector, sorted(spool_dir().iterdir()), list(inbox_dir(book).glob("*"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_content_that_breaks_the_rules_is_refused_and_its_maker_named(
    office: Office, tmp_path: Path, attack: str
) -> None:
    ward, cell, _package = office
    bad = forged(office, tmp_path, attack)
    before = state(ward)
    received = only(take_in(ward, [bad]))
    assert (received.state, received.code) == ("refused", "package.malformed")
    assert cell.unit.code in received.sentence
    assert state(ward) == before


def forged(office: Office, folder: Path, attack: str, window: int = 20) -> Path:
    ward, cell, package = office
    with ward.read() as above, cell.read() as below:
        reader, signer = load_keys(above), load_keys(below)
    assert reader is not None and signer is not None
    change = ATTACKS.get(attack, lambda lines: b"".join(line + b"\n" for line in lines))
    return resigned(package, folder / "xấu.hdk", change, signer=signer, reader=reader, window=window)


@pytest.mark.parametrize("value", ["NaN", '{"điểm":[-Infinity]}', "{", "[" * 100_000, "", 7])
def test_a_document_that_no_program_reads_is_refused(value: str | int) -> None:
    documents = [c for table in registry().tables for c in table.columns if c.info.kind == "document"]
    assert stored_value(documents[0], '{"điểm":[9]}') == '{"điểm":[9]}'
    with pytest.raises(BadValue):
        stored_value(documents[0], value)


def test_what_is_signed_anew_without_a_change_would_be_taken(office: Office, tmp_path: Path) -> None:
    """Or the refusals above would show nothing."""
    ward, _cell, _package = office
    assert preview(ward, forged(office, tmp_path, ""), opener=reading.open_here).state == "merged"


def test_a_window_that_would_take_much_memory_is_refused(office: Office, tmp_path: Path) -> None:
    ward, _cell, _package = office
    before = state(ward)
    received = only(take_in(ward, [forged(office, tmp_path, "", window=27)]))
    assert (received.state, received.code) == ("refused", "package.malformed")
    assert state(ward) == before


DIES = """
import os, signal, sys
from hoidesk.exchange.packages import worker
left = {frames}
original = worker.write_frame
def write_frame(out, kind, data):
    global left
    if left == 0:
        out.write(kind + (len(data) + 1).to_bytes(4, "big") + data)
        out.flush()
        os.kill(os.getpid(), {signal})
    left -= 1
    original(out, kind, data)
worker.write_frame = write_frame
sys.exit(worker.run_worker())
"""
STARVED = """
import sys
from hoidesk.exchange.packages import worker
worker.limit_memory(1 << 20)
worker.limit_memory = lambda size: None
sys.exit(worker.run_worker())
"""


@pytest.mark.threads
@pytest.mark.skipif(sys.platform == "win32", reason="signals end a process on POSIX only")
@pytest.mark.parametrize("frames", [0, 1, 2, "starved"])
def test_a_worker_that_dies_leaves_the_book_and_the_package(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frames: int | str
) -> None:
    """Killed in the middle of its first, second and third frame, or without memory."""
    ward, _cell, package = office
    program = STARVED if frames == "starved" else DIES.format(frames=frames, signal=int(signal.SIGKILL))
    monkeypatch.setattr(reading, "worker_command", lambda: [sys.executable, "-c", program])
    before = state(ward)
    received = only(receive(ward, [package]))
    assert (received.state, received.code) == ("refused", "package.worker")
    assert state(ward) == before and package.exists()


@pytest.mark.threads
def test_a_worker_that_hangs_is_left_when_the_user_stops(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward, _cell, package = office
    hung = tmp_path / "hung"
    program = f"import sys, time; sys.stdin.read(); open({str(hung)!r}, 'w'); time.sleep(3600)"
    monkeypatch.setattr(reading, "worker_command", lambda: [sys.executable, "-c", program])
    before = state(ward)
    done = receive(ward, [package], cancelled=hung.exists)
    assert [(r.state, r.code) for r in done.results] == [("stopped", "receive.stopped")]
    assert state(ward) == before


def test_after_all_that_the_good_package_is_taken_and_a_replay_is_not(office: Office, tmp_path: Path) -> None:
    ward, _cell, package = office
    assert only(take_in(ward, [package])).state == "merged"
    before = state(ward)
    renamed = tmp_path / "P05-2-03-1-9.hdk"
    renamed.write_bytes(package.read_bytes())
    assert only(take_in(ward, [renamed])).state == "duplicate"
    assert dump(ward) == before[0]  # type: ignore[index]


def test_what_a_crash_left_in_spool_and_inbox_goes(office: Office, tmp_path: Path) -> None:
    ward, _cell, package = office
    inbox_dir(ward).mkdir(exist_ok=True)
    orphan, half = inbox_dir(ward) / f"{'ab' * 16}.hdk", inbox_dir(ward) / f"{'cd' * 16}.hdk.part"
    old, fresh = spool_dir() / "cũ.in", spool_dir() / "mới.in"
    for left in (orphan, half, old, fresh):
        left.write_bytes(package.read_bytes()[:900])
    yesterday = old.stat().st_mtime - 90_000
    os.utime(old, (yesterday, yesterday))
    only(take_in(ward, [package]))
    assert [left.exists() for left in (orphan, half, old, fresh)] == [False, False, False, True]
    fresh.unlink()
