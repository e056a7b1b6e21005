"""One file on its way into the book: found whole, proven, judged, merged, or told why not.

The same way is gone for good and as a rehearsal: a rehearsal merges every package into one transaction that is rolled
back at the end, so that a package which builds on the one before it in the same folder is shown rightly.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.triggers import QUIET_IMPORT
from hoidesk.book.work import Work
from hoidesk.errors import EnvError, Refusal
from hoidesk.exchange.arriving import no_room, spooled, twin_of, unfinished
from hoidesk.exchange.before import keep_before
from hoidesk.exchange.merge.taking import Taken, take
from hoidesk.exchange.packages.container import Inspection, Reader, inspect_file, refusal
from hoidesk.exchange.packages.reading import Check, OpenPackage, open_in_worker
from hoidesk.exchange.received import Received, labelled, taken_sentence
from hoidesk.exchange.state import key_ring, load_pins, stamp_text
from hoidesk.exchange.stick import PARTIAL
from hoidesk.exchange.trust.enrol import accept_certificate, check_certificate, was_answered
from hoidesk.exchange.trust.enrolment import kind_of, read_small_file
from hoidesk.language import N_, _

__all__ = [
    "ForGood",
    "Opener",
    "Rehearsal",
    "Run",
    "inbox_dir",
    "one_file",
    "one_package",
    "rehearsal",
    "waiting_files",
]

INBOX: Final = "inbox"
LABEL: Final = N_("Receive a package")

Opener = Callable[[Path, Reader, Check], OpenPackage]
"""How a package is opened; the worker process unless a test says otherwise."""


def inbox_dir(book: Book) -> Path:
    """Where packages wait that cannot be merged yet: ciphertext, in the folder of the book."""
    return book.folder / INBOX


class Run(ABC):
    """Where packages are merged. ``check`` is called between rows and stops a package by raising."""

    dry = False

    def __init__(self, book: Book, *, opener: Opener = open_in_worker, check: Check = lambda: None):
        self.book = book
        self.opener = opener
        self.check = check

    @abstractmethod
    def read(self) -> AbstractContextManager[Connection]:
        """A connection that sees what was merged so far."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Work]:
        """What one package is merged in: wholly or not at all."""


class ForGood(Run):
    """Each package in a transaction of its own; before the first that changes the book a copy of it is kept.

    ``backup`` is that copy; ``troubles`` are sentences when it could not be made.
    """

    def __init__(self, book: Book, *, opener: Opener = open_in_worker, check: Check = lambda: None):
        super().__init__(book, opener=opener, check=check)
        self.backup: Path | None = None
        self.troubles: list[str] = []
        self._kept = False

    def read(self) -> AbstractContextManager[Connection]:
        return self.book.read()

    def transaction(self) -> AbstractContextManager[Work]:
        return self.book.transaction(LABEL, "package", quiet=QUIET_IMPORT)

    def keep_before(self) -> None:
        """Keep a copy of the book as it is without the transaction that is open now; once in a run."""
        if self._kept:
            return
        self._kept = True
        try:
            self.backup = keep_before(self.book)
        except Refusal as refused:
            self.troubles.append(refused.text)


class Rehearsal(Run):
    """All packages inside one transaction that is rolled back; ``start`` is the local number that it began at."""

    dry = True

    def __init__(self, work: Work, book: Book, opener: Opener, check: Check) -> None:
        super().__init__(book, opener=opener, check=check)
        self.work = work
        self.start = int(work.connection.execute(text("SELECT seq FROM clock_state")).scalar_one())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self.work.connection

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        with self.work.connection.begin_nested():
            yield self.work


class _Over(Exception):
    """Ends a rehearsal: its transaction is rolled back."""


@contextmanager
def rehearsal(book: Book, *, opener: Opener = open_in_worker, check: Check = lambda: None) -> Iterator[Rehearsal]:
    """A run that writes nothing."""
    with contextlib.suppress(_Over), book.transaction(LABEL, "package", quiet=QUIET_IMPORT) as work:
        yield Rehearsal(work, book, opener, check)
        raise _Over


def one_file(run: Run, path: Path) -> Received:
    """Take one file, whatever it is; a refusal becomes its line."""
    inspection = inspect_file(path)
    try:
        if inspection.state == "foreign":
            enrolled = _enrolment(run, path)
            if enrolled is not None:
                return enrolled
        source = path
        if inspection.state == "damaged":
            source = twin_of(path) or path
        with spooled(source, run.check) as spool:
            return one_package(run, path, spool)
    except Refusal as refused:
        if refused.code == "package.damaged" and path.name.endswith(PARTIAL):
            refused = unfinished()
        blank = Received(path, "refused", refused.text, refused.code, digits=inspection.digits or "")
        return labelled(blank, inspection.label)


def _enrolment(run: Run, path: Path) -> Received | None:
    """A file of an enrolment among the packages: a certificate is taken, for the others it is said what to do."""
    try:
        data = read_small_file(path, "certificate")
    except Refusal:
        return None
    kind = kind_of(data)
    if kind == "invitation":
        return _invitation(run, path, data)
    if kind == "request":
        raise EnvError("receive.request", _("This is an enrolment request. Certify it under “Enrol”."))
    if kind != "certificate":
        return None
    if run.dry:
        check_certificate(run.book, data)
        return Received(path, "certificate", _("A certificate of the superior unit: taking it enrols this book."))
    accepted = accept_certificate(run.book, data)
    return Received(
        path,
        "certificate",
        accepted.sentence,
        unit=accepted.superior,
        unit_name=accepted.name,
    )


def _invitation(run: Run, path: Path, data: bytes) -> Received:
    """An invitation stays on the stick that carries the certificate back: one that was answered is no mistake."""
    with run.read() as connection:
        answered = was_answered(connection, data, run.book.unit.code)
    if not answered:
        raise EnvError("receive.invitation", _("This is an invitation. Answer it under “Enrol”."))
    return Received(path, "duplicate", _("This invitation was answered before. Nothing changed."))


def one_package(run: Run, path: Path, spool: Path) -> Received:
    """Prove and merge one package that lies in the spool; raises Refusal."""
    inspection = inspect_file(spool)
    if inspection.label is None:
        raise (
            refusal(f"package.{inspection.state}", version="?")
            if inspection.state != "newer"
            else EnvError("package.newer", inspection.sentence)
        )
    with run.opener(spool, _reader(run), run.check) as package:
        try:
            with run.transaction() as work:
                taken = _take(run, work, package, inspection)
                if taken.state == "waiting":
                    _keep(run, work, package, taken, spool)
                else:
                    _forget(work, package)
        except OSError as error:
            raise no_room() from error
        if not run.dry and taken.state != "waiting":
            # It may have waited here and have come once more on a stick.
            with contextlib.suppress(OSError):
                (inbox_dir(run.book) / f"{package.manifest.id}.hdk").unlink(missing_ok=True)
        return _received(path, package, taken, inspection)


def _take(run: Run, work: Work, package: OpenPackage, inspection: Inspection) -> Taken:
    taken = take(work, package, digits=inspection.digits or "", progress=lambda _n: run.check())
    counts = taken.counts
    if isinstance(run, ForGood) and counts.new + counts.changed + counts.conflicts:
        run.keep_before()
    return taken


def _reader(run: Run) -> Reader:
    with run.read() as connection:
        keys, pins = key_ring(connection), load_pins(connection)
    if not keys:
        raise EnvError(
            "receive.not_enrolled", _("This book is not enrolled yet. Answer the superior's invitation first.")
        )
    return Reader.of(run.book.unit.code, keys, pins)


def _received(path: Path, package: OpenPackage, taken: Taken, inspection: Inspection) -> Received:
    received = Received(
        path,
        taken.state,
        taken_sentence(taken, package.manifest),
        unit_name=taken.peer.name,
        digits=inspection.digits or "",
        counts=taken.counts,
        reasons=taken.reasons,
        acknowledged=taken.acknowledged,
    )
    return replace(labelled(received, inspection.label), unit=taken.peer.unit)


# What waits


def _keep(run: Run, work: Work, package: OpenPackage, taken: Taken, spool: Path) -> None:
    """Keep a package that came too early, for as long as it takes."""
    if run.dry:
        return
    folder = inbox_dir(run.book)
    folder.mkdir(exist_ok=True)
    name = f"{package.manifest.id}.hdk"
    part = folder / f"{name}.part"
    shutil.copyfile(spool, part)
    os.replace(part, folder / name)
    work.connection.execute(
        text(
            "INSERT OR REPLACE INTO inbox(id, unit, number, first, reason, missing, file, at) "
            "VALUES(:id, :u, :n, :f, :r, :m, :file, :at)"
        ),
        {
            "id": bytes.fromhex(package.manifest.id),
            "u": taken.peer.unit,
            "n": package.manifest.number,
            "f": package.manifest.start,
            "r": taken.why,
            "m": taken.missing,
            "file": name,
            "at": stamp_text(work),
        },
    )


def _forget(work: Work, package: OpenPackage) -> None:
    work.connection.execute(text("DELETE FROM inbox WHERE id = :id"), {"id": bytes.fromhex(package.manifest.id)})


def waiting_files(run: Run) -> list[Received]:
    """Try what waits again, as long as something gets through."""
    if not run.dry:
        _drop_leftovers(run)
    results: list[Received] = []
    moved = True
    while moved:
        moved = False
        with run.read() as connection:
            names = connection.execute(text("SELECT file FROM inbox ORDER BY unit, first, number")).scalars().all()
        for name in names:
            path = inbox_dir(run.book) / name
            if not path.exists():
                _forget_lost(run, name)
                continue
            received = one_file(run, path)
            if received.state in ("merged", "duplicate", "superseded"):
                results.append(received)
                moved = True
    return results


def _drop_leftovers(run: Run) -> None:
    """Files that were put there by a receive that a crash ended before it was written in the book."""
    with run.read() as connection:
        kept = set(connection.execute(text("SELECT file FROM inbox")).scalars())
    for path in inbox_dir(run.book).glob("*"):
        if path.name not in kept:
            with contextlib.suppress(OSError):
                path.unlink()


def _forget_lost(run: Run, name: str) -> None:
    """A restored book remembers packages that waited, but a backup does not hold them: the sender repeats them."""
    with run.transaction() as work:
        work.connection.execute(text("DELETE FROM inbox WHERE file = :f"), {"f": name})
