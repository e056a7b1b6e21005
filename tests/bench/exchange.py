"""Packages against what any program would have to do: the table of speed and memory.

Two things that are compared run in turn, several times, and the best time of each counts: noise only ever adds.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyrage
import zstandard
from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.exchange import onefile
from hoidesk.exchange.export import export_package
from hoidesk.exchange.packages.container import Reader, verify_package
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive
from hoidesk.exchange.state import load_keys, load_pins
from tests.bench.exchange_book import PASSWORD, RECORDS, make_books, pair
from tests.bench.exchange_memory import memory
from tests.bench.exchange_raw import Raw
from tests.bench.figures import Figure

__all__ = ["measure"]

ROUNDS: Final = 3


def _best(*ways: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The best time of each way in seconds; they run in turn."""
    times = [float("inf")] * len(ways)
    for _round in range(rounds):
        for number, way in enumerate(ways):
            start = time.perf_counter()
            way()
            times[number] = min(times[number], time.perf_counter() - start)
    return times


class Bench:
    """The books in a folder, and what is tried on them."""

    def __init__(self, folder: Path, records: int = RECORDS) -> None:
        self.folder = folder
        self.ward_folder, self.district_folder = make_books(folder, records)
        self.records = records
        self.usb = folder / "usb"
        self.usb.mkdir()
        self.empty = Path(shutil.copytree(self.district_folder, folder / "empty.hoibook"))

    def first_package(self) -> Path:
        """A full package that no book has taken yet."""
        with open_book(self.ward_folder, password=PASSWORD) as ward:
            return export_package(ward, self.usb).path

    def figures(self) -> list[Figure]:
        """Everything of the table, but the row of the ten times larger book."""
        found: list[Figure] = []
        # The copy of the book from before a receive is made once for a whole folder of packages; it is not merging.
        onefile.keep_before = lambda book: book.folder / "none"
        with open_book(self.ward_folder, password=PASSWORD) as ward:
            pair(ward)
            found += self._full_export(ward)
            package = export_package(ward, self.usb).path
            with open_book(self.district_folder, password=PASSWORD) as district:
                found += self._import(ward, district, package)
            found.append(self._verify(ward, export_package(ward, self.usb, ward.unit.code).path))
        (self.folder / "small").mkdir()
        small = Bench(self.folder / "small", 2_000)
        found += memory(self.empty, package, small.empty, small.first_package())
        return found

    # Export

    def _full_export(self, ward: Book) -> list[Figure]:
        """Everything to another PC, against a whole copy of the database, compressed and sealed."""
        recipient = pyrage.x25519.Identity.generate().to_public()
        copy = self.folder / "copy.db"
        sizes = {}

        def package() -> None:
            sizes["package"] = export_package(ward, self.usb, ward.unit.code).size

        def plain() -> None:
            copy.unlink(missing_ok=True)
            self._copy_of(ward, copy)
            squeezed = zstandard.ZstdCompressor(level=3).compress(copy.read_bytes())
            sealed = pyrage.encrypt(squeezed, [recipient])
            sizes["copy"] = len(sealed)
            for name in ("copy.age", "copy2.age"):
                with (self.usb / name).open("wb") as file:
                    file.write(sealed)
                    os.fsync(file.fileno())

        times = _best(package, plain)
        return [
            Figure(
                "full export against a copy, zstd and age: time", times[0] / times[1], 1.8, note=f"{times[0]:.2f} s"
            ),
            Figure("the same: size", sizes["package"] / sizes["copy"], 0.95, note=f"{sizes['package'] / 1e6:.1f} MB"),
        ]

    def _copy_of(self, ward: Book, copy: Path) -> None:
        """What VACUUM INTO does, into a plain database, since an encrypted one cannot be compressed."""
        assert ward._writer is not None
        with ward._writer.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"ATTACH DATABASE '{copy}' AS plain KEY ''")
            connection.exec_driver_sql("SELECT sqlcipher_export('plain')")
            connection.exec_driver_sql("DETACH DATABASE plain")

    # Import

    def _import(self, ward: Book, district: Book, package: Path) -> list[Figure]:
        """Into an empty book, the same again, changed fields, and a package that is known."""
        raw = Raw(self.folder, self.district_folder, package, district)
        start = time.perf_counter()
        done = receive(district, [package])
        empty = time.perf_counter() - start
        assert done.results[0].state == "merged", done
        bare = raw.insert()
        found = [Figure("import into an empty book against bare inserts", empty / bare, 2.6, note=f"{empty:.1f} s")]
        with ward.transaction("bench", "bench") as work:
            work.connection.execute(text("DELETE FROM ack"))
        again = export_package(ward, self.usb).path
        start = time.perf_counter()
        receive(district, [again])
        found.append(Figure("import of the same again", (time.perf_counter() - start) / bare, 3.1))
        start = time.perf_counter()
        receive(district, [again])
        found.append(Figure("a package that is known", (time.perf_counter() - start) / bare, 0.5))
        found += self._changes(ward, district, raw)
        return found

    def _changes(self, ward: Book, district: Book, raw: Raw) -> list[Figure]:
        """A hundred and five thousand changed fields: the package, its size, and merging it."""
        found = []
        for count, limit, bytes_limit in ((100, 30.0, 300.0), (5_000, 300.0, 300.0)):
            self._acknowledge(ward, district)
            count = min(count, self.records // 8)
            with ward.transaction("bench", "bench") as work:
                work.connection.execute(
                    text(
                        "UPDATE meeting SET present = coalesce(present, 0) + 1 WHERE id IN "
                        "(SELECT id FROM meeting ORDER BY id LIMIT :n)"
                    ),
                    {"n": count},
                )
            (best,) = _best(lambda: export_package(ward, self.usb), rounds=5)
            sent = export_package(ward, self.usb)
            found.append(
                Figure(f"{count} changed records: export", best * 1000, limit, "ms", f"{sent.rows} rows, {sent.size} B")
            )
            found.append(Figure(f"{count} changed records: size of one", sent.size / sent.rows, bytes_limit, "B"))
        # In one process: starting another one to read in costs the same for one row and for all.
        start = time.perf_counter()
        merged = receive(district, [sent.path], opener=open_here).results[0]
        took = time.perf_counter() - start
        assert merged.counts.changed == count, merged
        found.append(Figure("merging changed rows against bare updates", took / raw.update(count), 2.3))
        return found

    def _acknowledge(self, ward: Book, district: Book) -> None:
        """A trip there and back, so that the next package holds changes alone."""
        for _turn in range(2):
            receive(district, [export_package(ward, self.usb).path])
            receive(ward, [export_package(district, self.usb, ward.unit.code).path])

    def _verify(self, ward: Book, package: Path) -> Figure:
        """The pass that proves everything before anything is unpacked; the reader is the ward's other PC."""
        with ward.read() as connection:
            keys, pins = load_keys(connection), load_pins(connection)
        assert keys is not None
        reader = Reader.of(ward.unit.code, [keys], pins)
        data = package.read_bytes()
        times = _best(
            lambda: verify_package(package, reader), lambda: hashlib.sha256(package.read_bytes()).digest(), rounds=7
        )
        return Figure("verifying against SHA-256 of the same bytes", times[0] / times[1], 2.5, note=f"{len(data)} B")


def larger(folder: Path, records: int = RECORDS) -> list[Figure]:
    """A hundred changed records in the book and in one ten times as large."""
    best = []
    for name, size in (("one", records), ("ten", records * 10)):
        (folder / name).mkdir()
        bench = Bench(folder / name, size)
        with (
            open_book(bench.ward_folder, password=PASSWORD) as ward,
            open_book(bench.district_folder, password=PASSWORD) as district,
        ):
            best.append(bench._changes(ward, district, Raw.none())[0].value)
        shutil.rmtree(folder / name)
    return [Figure("100 changed records on a ten times larger book", best[1] / best[0], 1.3)]


def measure(big: Path) -> list[Figure]:
    """The figures of packages; the ten times larger book only when HOIDESK_BENCH_LARGE is set: it takes minutes."""
    folder = big.parent / "exchange"
    folder.mkdir()
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    found = Bench(folder).figures()
    if "HOIDESK_BENCH_LARGE" in os.environ:
        found += larger(folder)
    return found
