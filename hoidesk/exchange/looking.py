"""Looking at many packages before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hoidesk.exchange.arriving import files_to_receive
from hoidesk.exchange.onefile import Opener, rehearsal
from hoidesk.exchange.packages.reading import open_in_worker
from hoidesk.exchange.receive import Progress, never, no_progress, run_all, stopper
from hoidesk.exchange.received import Received
from hoidesk.exchange.rehearsed import Rehearsed, rehearsed

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["Looked", "preview_all"]


@dataclass(frozen=True, slots=True)
class Looked:
    """What lies there: one line a file, signs of a worm on the stick, and what would change record by record."""

    results: tuple[Received, ...]
    warnings: tuple[str, ...]
    changes: Rehearsed


def preview_all(
    book: Book,
    paths: Sequence[Path],
    *,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = never,
    opener: Opener = open_in_worker,
) -> Looked:
    """What receiving these files and folders would do.

    Nothing is written: all packages are merged one after the other in one transaction that is rolled back, so that one
    that builds on another in the same folder is counted rightly. Raises UserError when there is nothing to look at.
    """
    files, warnings = files_to_receive(paths, cancelled)
    with rehearsal(book, opener=opener, check=stopper(cancelled)) as run:
        found = run_all(run, files, paths, progress, cancelled)
        changes = rehearsed(run.work, run.start)
    return Looked(tuple(found), warnings, changes)
