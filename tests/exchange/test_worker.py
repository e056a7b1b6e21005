"""The worker process: the same answers as in-process, and a crash hurts nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from hoidesk.book.dump import dump_sum
from hoidesk.errors import EnvError
from hoidesk.exchange.packages import reading
from hoidesk.exchange.packages.container import Reader
from hoidesk.exchange.packages.pipe import Order, read_frame
from hoidesk.exchange.packages.reading import WorkerPackage, open_here, open_in_worker, worker_command
from hoidesk.exchange.receive import receive
from hoidesk.exchange.stick import Cancelled
from hoidesk.language import use_language

from .books import CELL, WARD, deliver, join, new_book, register, send
from .families import Unit, child, pack, root, sample_lines

pytestmark = pytest.mark.threads


@pytest.fixture(scope="module")
def ward() -> Unit:
    return root("P05-2")


@pytest.fixture(scope="module")
def cell(ward: Unit) -> Unit:
    return child(ward, "P05-2-03")


@pytest.fixture
def reader(ward: Unit, cell: Unit) -> Reader:
    return Reader.of(ward.code, [ward.keys], cell.pin)


def test_the_worker_reads_what_the_program_reads(tmp_path: Path, ward: Unit, cell: Unit, reader: Reader) -> None:
    path = pack(tmp_path, cell, ward, rows=3000).path
    here = open_here(path, reader)
    with open_in_worker(path, reader) as package:
        assert package.verified == here.verified and package.manifest == here.manifest
        assert list(package.rows()) == list(here.rows())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_refusal_arrives_with_its_sentence_and_language(
    tmp_path: Path, ward: Unit, cell: Unit, reader: Reader, language: str
) -> None:
    use_language(language)
    path = pack(tmp_path, root("X9"), ward).path
    with pytest.raises(EnvError) as here:
        open_here(path, reader)
    with pytest.raises(EnvError) as there:
        open_in_worker(path, reader)
    assert (there.value.code, there.value.text) == (here.value.code, here.value.text)
    assert there.value.code == "package.stranger"


def test_a_bad_row_after_good_ones_is_refused_before_the_end(
    tmp_path: Path, ward: Unit, cell: Unit, reader: Reader
) -> None:
    lines = [*sample_lines(["aa" * 16], 5000), b'["00"]\n']
    path = pack(tmp_path, cell, ward, lines=lines, counts={"20": 5001}).path
    with open_in_worker(path, reader) as package, pytest.raises(EnvError) as caught:
        list(package.rows())
    assert caught.value.code == "package.malformed"


def test_a_crash_of_the_worker_is_a_sentence(
    tmp_path: Path, ward: Unit, cell: Unit, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path, cell, ward).path
    crash = [sys.executable, "-c", "import os, sys; sys.stdin.read(); os.abort()"]
    monkeypatch.setattr(reading, "worker_command", lambda: crash)
    with pytest.raises(EnvError) as caught:
        open_in_worker(path, reader)
    assert caught.value.code == "package.worker"


@pytest.mark.parametrize("hang", ["import time; time.sleep(3600)", "import sys; sys.stdin.read()\nwhile True: pass"])
def test_a_worker_that_hangs_ends_when_the_user_gives_up(
    tmp_path: Path, cell: Unit, ward: Unit, reader: Reader, monkeypatch: pytest.MonkeyPatch, hang: str
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*command: Any, **settings: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*command, **settings))
        return started[-1]

    monkeypatch.setattr(reading, "worker_command", lambda: [sys.executable, "-c", hang])
    monkeypatch.setattr(subprocess, "Popen", start)

    def give_up() -> None:
        raise Cancelled("receive.stopped", "đủ rồi")

    with pytest.raises(Cancelled):
        open_in_worker(pack(tmp_path, cell, ward).path, reader, give_up)
    assert [process.returncode for process in started] == [-signal.SIGKILL]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of computing time for one process")
def test_a_worker_that_computes_for_ever_is_ended_by_the_system() -> None:
    endless = "from hoidesk.exchange.packages.worker import limit_time\nlimit_time(1)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", endless], check=False, env=reading._environment())
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_a_worker_that_talks_nonsense_is_a_crash(
    tmp_path: Path, ward: Unit, cell: Unit, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path, cell, ward).path
    chatter = [sys.executable, "-c", "import sys; sys.stdin.read(); print('xin chào', flush=True)"]
    monkeypatch.setattr(reading, "worker_command", lambda: chatter)
    with pytest.raises(EnvError) as caught:
        open_in_worker(path, reader)
    assert caught.value.code == "package.worker"


def test_the_worker_dies_with_a_package_that_is_let_go(tmp_path: Path, ward: Unit, cell: Unit, reader: Reader) -> None:
    path = pack(tmp_path, cell, ward, rows=60_000).path
    package = WorkerPackage(path, reader)
    next(package.rows())
    package.close()
    assert package._process.returncode is not None


def test_secrets_go_through_standard_input_alone(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOIDESK_PASSWORD", "bí mật")
    assert "HOIDESK_PASSWORD" not in reading._environment()
    assert reader.identities[0] not in " ".join(worker_command())
    order = Order.of("x", "vi", reader)
    assert reader.identities[0] not in repr(reader) + repr(order) and order.identities == reader.identities


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on Windows is a Job Object, which Linux cannot try")
def test_the_worker_has_a_memory_limit_and_writes_no_files(tmp_path: Path) -> None:
    probe = (
        "from hoidesk.exchange.packages.worker import limit_memory, MEMORY\n"
        "limit_memory(MEMORY)\n"
        "try:\n    bytearray(2 * MEMORY)\nexcept MemoryError:\n    print('limited')\n"
        f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"target = {str(tmp_path / 'x')!r}\n"
        "try:\n    open(target, 'wb', buffering=0).write(b'x')\nexcept OSError:\n    print('no files')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=reading._environment()
    )
    assert done.stdout.split("\n")[:2] == ["limited", "no files"], done.stderr


@pytest.fixture
def books(tmp_path: Path) -> Iterator[tuple[object, object]]:
    with new_book(tmp_path, WARD) as ward_book, new_book(tmp_path, CELL) as cell_book:
        yield ward_book, cell_book


def test_a_package_goes_through_the_worker_into_the_book(books: tuple[object, object], tmp_path: Path) -> None:
    from hoidesk.book.book import Book

    ward_book, cell_book = books
    assert isinstance(ward_book, Book) and isinstance(cell_book, Book)
    join(ward_book, cell_book)
    register(ward_book)
    sent = send(ward_book, tmp_path / "usb", cell_book.unit.code)
    (done,) = receive(cell_book, [sent.path.parent]).results  # the twin is the same package: one result
    assert (done.state, done.counts.new) == ("merged", 3)


def test_a_refusal_in_the_middle_leaves_the_book_as_it_was(
    books: tuple[object, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after it gave some rows: nothing of them stays."""
    from hoidesk.book.book import Book

    ward_book, cell_book = books
    assert isinstance(ward_book, Book) and isinstance(cell_book, Book)
    join(ward_book, cell_book)
    register(ward_book)
    sent = send(ward_book, tmp_path / "usb", cell_book.unit.code)
    with cell_book.read() as connection:
        before = dump_sum(connection)
    frames = 0

    def dying(source: BinaryIO) -> tuple[bytes, bytes]:
        nonlocal frames
        frames += 1
        if frames == 3:
            raise OSError("gone")
        return read_frame(source)

    monkeypatch.setattr(reading, "read_frame", dying)
    (refused,) = receive(cell_book, [sent.path]).results
    assert (refused.state, refused.code) == ("refused", "package.worker")
    with cell_book.read() as connection:
        assert dump_sum(connection) == before
        assert connection.exec_driver_sql("SELECT count(*) FROM package_in").scalar() == 0
    monkeypatch.undo()
    os.environ["HOIDESK_TEST_CHEAP_KDF"] = "1"
    assert deliver(ward_book, cell_book, tmp_path / "usb").state == "merged"


def test_the_worker_has_nothing_that_could_open_a_book() -> None:
    probe = (
        "import sys, hoidesk.exchange.packages.worker\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'sqlmodel', 'sqlcipher3', 'pydantic')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=reading._environment()
    )
    assert done.stdout.strip() == "[]", done.stdout
