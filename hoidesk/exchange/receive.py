"""Receiving packages: copied to the spool, verified in the worker, merged in one transaction, answered by receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.errors import Refusal, UserError
from hoidesk.exchange.arriving import files_to_receive, spooled
from hoidesk.exchange.export import Exported, export_package
from hoidesk.exchange.onefile import ForGood, Opener, Run, inbox_dir, one_file, one_package, rehearsal, waiting_files
from hoidesk.exchange.packages.reading import open_in_worker
from hoidesk.exchange.paper_receipt import paper_receipt
from hoidesk.exchange.received import Received, ReceiveResult, stopped, told_apart
from hoidesk.exchange.state import require_role
from hoidesk.exchange.stick import Cancelled
from hoidesk.language import _

__all__ = [
    "Opener",
    "Progress",
    "ReceiveResult",
    "Received",
    "files_to_receive",
    "inbox_dir",
    "preview",
    "receive",
    "receive_waiting",
    "run_all",
]

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the file that comes now."""


def no_progress(_done: int, _all: int, _name: str) -> None:
    """Nobody watches."""


def never() -> bool:
    """Nobody stops it."""
    return False


def preview(book: Book, path: Path, *, opener: Opener = open_in_worker) -> Received:
    """What receiving a file would do, with all counts; nothing is written. Raises Refusal when it would be refused."""
    with spooled(path) as spool, rehearsal(book, opener=opener) as run:
        seen = one_package(run, path, spool)
    return seen


def receive(
    book: Book,
    paths: Sequence[Path],
    *,
    receipts_to: Path | None = None,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = never,
    opener: Opener = open_in_worker,
) -> ReceiveResult:
    """Receive files and folders, in the order in which they were made, and write receipts for what was merged.

    A folder is searched by content, three levels down. Each file gets its own result; one that is refused changes
    nothing and does not stop the others. Before the first change a copy of the book is kept. When ``cancelled`` says
    so the package at hand is given up, those before it stay merged, the others are named as not taken. With
    ``receipts_to`` one package a sender is written there, if a receipt is owed; none beside files that were all
    refused: that may be the wrong place. Raises UserError when the role does not allow it.
    """
    require_role(book, Role.OFFICER, Role.SECRETARY)
    if receipts_to is not None and not receipts_to.is_dir():
        raise UserError(
            "export.no_folder", _("There is no folder {path}. Choose the stick again.").format(path=receipts_to)
        )
    files, warnings = files_to_receive(paths, cancelled)
    run = ForGood(book, opener=opener, check=stopper(cancelled))
    results = run_all(run, files, paths, progress, cancelled)
    silent = cancelled() or (bool(results) and all(one.state == "refused" for one in results))
    receipts, unwritten = ([], []) if receipts_to is None or silent else _write_receipts(book, receipts_to)
    return ReceiveResult(
        tuple(_with_digits(book, results)),
        tuple(receipts),
        tuple(unwritten),
        (*warnings, *run.troubles),
        backup=run.backup if run.backup is not None and run.backup.exists() else None,
    )


def stopper(cancelled: Callable[[], bool]) -> Callable[[], None]:
    """A check between rows that gives the package at hand up."""

    def check() -> None:
        if cancelled():
            raise Cancelled("receive.stopped", _("Receiving was stopped. This package is not in the book."))

    return check


def run_all(
    run: Run, files: Sequence[Path], paths: Sequence[Path], progress: Progress, cancelled: Callable[[], bool]
) -> list[Received]:
    """Every file in turn, then what waited in the book."""
    results: list[Received] = []
    for done, path in enumerate(files):
        progress(done, len(files), path.name)
        if cancelled():
            results.append(stopped(path))
            continue
        received = told_apart(one_file(run, path), paths)
        results.append(stopped(path) if received.code == "receive.stopped" else received)
    if not cancelled():
        results += waiting_files(run)
        progress(len(files), len(files), "")
    return results


def receive_waiting(book: Book, *, opener: Opener = open_in_worker) -> tuple[Received, ...]:
    """Take what waits in this book, as far as it can be taken now: after the book was mended, for example."""
    require_role(book, Role.OFFICER, Role.SECRETARY)
    return tuple(waiting_files(ForGood(book, opener=opener)))


# Receipts


def _with_digits(book: Book, results: list[Received]) -> list[Received]:
    """The ten digits of the paper receipt beside the last package of each unit that was taken or known."""
    last: dict[str, int] = {}
    for place, one in enumerate(results):
        if one.state in ("merged", "duplicate", "superseded") and one.kind != "receipt":
            last[one.unit] = place
    found = list(results)
    for unit, place in last.items():
        try:
            found[place] = replace(found[place], receipt=paper_receipt(book, unit))
        except Refusal:
            continue  # no secret is shared with this unit: only a stick brings its receipt
    return found


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
