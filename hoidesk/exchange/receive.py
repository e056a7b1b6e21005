"""Receiving packages: copied to the spool, verified in the worker, merged in one transaction, answered by receipts."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.book.triggers import QUIET_IMPORT
from hoidesk.book.work import Work
from hoidesk.errors import EnvError, Refusal, UserError
from hoidesk.exchange.arriving import files_to_receive, no_room, spooled, twin_of
from hoidesk.exchange.container import Reader, inspect_file, refusal
from hoidesk.exchange.enrol import accept_certificate
from hoidesk.exchange.enrolment import kind_of, read_small_file
from hoidesk.exchange.envelope import Label
from hoidesk.exchange.export import Exported, export_package
from hoidesk.exchange.frame import Counts
from hoidesk.exchange.reading import OpenPackage, open_in_worker
from hoidesk.exchange.state import load_keys, load_pins, require_role, stamp_text
from hoidesk.exchange.taking import Taken, take
from hoidesk.language import N_, _

__all__ = [
    "Opener",
    "ReceiveResult",
    "Received",
    "files_to_receive",
    "inbox_dir",
    "preview",
    "receive",
    "receive_waiting",
]

INBOX: Final = "inbox"
State = Literal["merged", "duplicate", "superseded", "waiting", "certificate", "other", "refused"]
FOR_OTHERS: Final = frozenset(
    {"package.other_recipient", "package.own", "certificate.other_unit", "certificate.not_asked"}
)
Opener = Callable[[Path, Reader], OpenPackage]
"""How a package is opened; the worker process unless a test says otherwise."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file, with a sentence for people. ``number``, ``date`` and ``unit`` are the label's claims
    when the file was refused, or lies on the stick for somebody else (``other``)."""

    path: Path
    state: State
    sentence: str
    code: str = ""
    unit: str = ""
    unit_name: str = ""
    number: int | None = None
    kind: str = ""
    date: str = ""
    digits: str = ""
    counts: Counts = field(default_factory=Counts)
    reasons: tuple[str, ...] = ()
    acknowledged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """One line a file, the receipts that were written, sentences about receipts that could not be written, and signs
    of a worm on the stick."""

    results: tuple[Received, ...]
    receipts: tuple[Exported, ...] = ()
    unwritten: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class _DryRun(Exception):
    """Carries what would have happened out of a transaction that is rolled back."""

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.taken = taken


def inbox_dir(book: Book) -> Path:
    """Where packages wait that cannot be merged yet: ciphertext, in the folder of the book."""
    return book.folder / INBOX


def preview(book: Book, path: Path, *, opener: Opener = open_in_worker) -> Received:
    """What receiving a file would do, with all counts; nothing is written. Raises Refusal when it would be refused."""
    with spooled(path) as spool:
        return _receive_package(book, path, spool, opener, dry=True)


def receive(
    book: Book,
    paths: Sequence[Path],
    *,
    receipts_to: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    opener: Opener = open_in_worker,
) -> ReceiveResult:
    """Receive files and folders, in the order in which they were made, and write receipts for what was merged.

    A folder is searched by content, three levels down. Each file gets its own result; one that is refused changes
    nothing and does not stop the others. ``progress(done, files)``. With ``receipts_to`` one package a sender is
    written there, if a receipt is owed; none beside files that were all refused: that may be the wrong place.
    Raises UserError when the role does not allow it.
    """
    require_role(book, Role.OFFICER, Role.SECRETARY)
    if receipts_to is not None and not receipts_to.is_dir():
        raise UserError(
            "export.no_folder", _("There is no folder {path}. Choose the stick again.").format(path=receipts_to)
        )
    files, warnings = files_to_receive(paths)
    results: list[Received] = []
    for done, path in enumerate(files):
        if progress is not None:
            progress(done, len(files))
        results.append(told_apart(_receive_file(book, path, opener), paths))
    results += _retry_inbox(book, opener)
    if progress is not None:
        progress(len(files), len(files))
    all_refused = bool(results) and all(one.state == "refused" for one in results)
    receipts, unwritten = ([], []) if receipts_to is None or all_refused else _write_receipts(book, receipts_to)
    return ReceiveResult(tuple(results), tuple(receipts), tuple(unwritten), warnings)


def told_apart(received: Received, paths: Sequence[Path]) -> Received:
    """A file for somebody else that only lies on the same stick is no mistake; one that was named on purpose is."""
    if received.path not in paths and received.code in FOR_OTHERS:
        return replace(received, state="other")
    return received


def receive_waiting(book: Book, *, opener: Opener = open_in_worker) -> tuple[Received, ...]:
    """Take what waits in this book, as far as it can be taken now: after the book was mended, for example."""
    require_role(book, Role.OFFICER, Role.SECRETARY)
    return tuple(_retry_inbox(book, opener))


# One file


def _receive_file(book: Book, path: Path, opener: Opener) -> Received:
    inspection = inspect_file(path)
    try:
        if inspection.state == "foreign":
            enrolled = _enrolment(book, path)
            if enrolled is not None:
                return enrolled
        source = path
        if inspection.state == "damaged":
            source = twin_of(path) or path
        with spooled(source) as spool:
            return _receive_package(book, path, spool, opener, dry=False)
    except Refusal as refused:
        label = inspection.label
        blank = Received(path, "refused", refused.text, refused.code, digits=inspection.digits or "")
        return blank if label is None else _labelled(blank, label)


def _labelled(received: Received, label: Label) -> Received:
    return replace(received, unit=label.sender, number=label.number, kind=label.kind, date=label.date)


def _enrolment(book: Book, path: Path) -> Received | None:
    """A file of an enrolment among the packages: a certificate is taken, for the others it is said what to do."""
    try:
        data = read_small_file(path, "certificate")
    except Refusal:
        return None
    kind = kind_of(data)
    if kind == "certificate":
        accepted = accept_certificate(book, data)
        return Received(
            path,
            "certificate",
            _("Enrolled with {name}. Packages to it can be written now.").format(name=accepted.name),
            unit=accepted.superior,
            unit_name=accepted.name,
        )
    refuse_enrolment(kind)
    return None


def refuse_enrolment(kind: str | None) -> None:
    """Say where a file of an enrolment belongs that is not taken like a package; raises EnvError ``receive.…``."""
    if kind == "invitation":
        raise EnvError("receive.invitation", _("This is an invitation. Answer it under “Enrol”."))
    if kind == "request":
        raise EnvError("receive.request", _("This is an enrolment request. Certify it under “Enrol”."))


def _receive_package(book: Book, path: Path, spool: Path, opener: Opener, *, dry: bool) -> Received:
    inspection = inspect_file(spool)
    if inspection.label is None:
        raise (
            refusal(f"package.{inspection.state}", version="?")
            if inspection.state != "newer"
            else EnvError("package.newer", inspection.sentence)
        )
    reader = _reader(book)
    with opener(spool, reader) as package:
        try:
            with book.transaction(N_("Receive a package"), "package", quiet=QUIET_IMPORT) as work:
                taken = take(work, package, digits=inspection.digits or "", progress=lambda _n: None)
                if dry:
                    raise _DryRun(taken)
                if taken.state == "waiting":
                    _keep(book, work, package, taken, spool)
                else:
                    _forget(work, package)
        except _DryRun as run:
            taken = run.taken
        except OSError as error:
            raise no_room() from error
        if not dry and taken.state != "waiting":
            # It may have waited here and have come once more on a stick.
            with contextlib.suppress(OSError):
                (inbox_dir(book) / f"{package.manifest.id}.hdk").unlink(missing_ok=True)
        return _received(path, package, taken, inspection.digits or "", inspection.label)


def _reader(book: Book) -> Reader:
    with book.read() as connection:
        keys, pins = load_keys(connection), load_pins(connection)
    if keys is None:
        raise EnvError(
            "receive.not_enrolled", _("This book is not enrolled yet. Answer the superior's invitation first.")
        )
    return Reader.of(book.unit.code, keys, pins)


def _received(path: Path, package: OpenPackage, taken: Taken, digits: str, label: Label) -> Received:
    received = Received(
        path,
        taken.state,
        _sentence(taken, package),
        unit=taken.peer.unit,
        unit_name=taken.peer.name,
        digits=digits,
        counts=taken.counts,
        reasons=taken.reasons,
        acknowledged=taken.acknowledged,
    )
    return replace(_labelled(received, label), unit=taken.peer.unit)


def _sentence(taken: Taken, package: OpenPackage) -> str:
    number, name = package.manifest.number, taken.peer.name
    if taken.state == "duplicate":
        return _("Package {number} of {unit} was taken over before. Nothing changed.").format(number=number, unit=name)
    if taken.state == "superseded":
        return _("A later package of {unit} contained package {number}. Nothing changed.").format(
            number=number, unit=name
        )
    if taken.why == "clock":
        return _("The PC of {unit} has a wrong date. The package waits; ask {unit} to confirm the date.").format(
            unit=name
        )
    if taken.why == "mend":
        return _("Package {number} of {unit} waits until this book is mended. Press “Mend” beside its notice.").format(
            number=number, unit=name
        )
    if taken.state == "waiting" and taken.missing is not None:
        return _("Package {number} of {unit} waits: package {missing} must come first.").format(
            number=number, unit=name, missing=taken.missing
        )
    if taken.state == "waiting":
        return _("Package {number} of {unit} waits: an earlier package must come first.").format(
            number=number, unit=name
        )
    if package.manifest.kind == "receipt":
        return _("Receipt of {unit} taken over.").format(unit=name)
    if taken.split:
        return _("{unit} goes on as a PC of its own; places that were written differently: {conflicts}.").format(
            unit=name, conflicts=taken.counts.conflicts
        )
    return _("Package {number} of {unit}: {new} new, {changed} changed, {conflicts} edited in two places.").format(
        number=number,
        unit=name,
        new=taken.counts.new,
        changed=taken.counts.changed,
        conflicts=taken.counts.conflicts,
    )


# What waits


def _keep(book: Book, work: Work, package: OpenPackage, taken: Taken, spool: Path) -> None:
    """Keep a package that came too early, for as long as it takes."""
    folder = inbox_dir(book)
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


def _retry_inbox(book: Book, opener: Opener) -> list[Received]:
    """Try what waits again, as long as something gets through."""
    results: list[Received] = []
    moved = True
    while moved:
        moved = False
        with book.read() as connection:
            names = connection.execute(text("SELECT file FROM inbox ORDER BY unit, first, number")).scalars().all()
        for name in names:
            path = inbox_dir(book) / name
            if not path.exists():
                _forget_lost(book, name)
                continue
            received = _receive_file(book, path, opener)
            if received.state in ("merged", "duplicate", "superseded"):
                results.append(received)
                moved = True
    return results


def _forget_lost(book: Book, name: str) -> None:
    """A restored book remembers packages that waited, but a backup does not hold them: the sender repeats them."""
    with book.transaction(N_("Receive a package"), "package") as work:
        work.connection.execute(text("DELETE FROM inbox WHERE file = :f"), {"f": name})


def _write_receipts(book: Book, folder: Path) -> tuple[list[Exported], list[str]]:
    """One package for each peer that is owed a receipt. What was merged stays merged when the stick refuses one."""
    with book.read() as connection:
        owed = connection.execute(
            text("SELECT DISTINCT unit FROM package_in WHERE owes = 1 AND told IS NULL ORDER BY unit")
        ).scalars()
        units = [str(unit) for unit in owed]
    written: list[Exported] = []
    unwritten: list[str] = []
    for unit in units:
        try:
            written.append(export_package(book, folder, unit))
        except Refusal as refused:
            unwritten.append(refused.text)
    return written, unwritten
