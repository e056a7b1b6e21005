"""Looking at many packages before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hoidesk.errors import Refusal
from hoidesk.exchange.arriving import files_to_receive
from hoidesk.exchange.container import inspect_file
from hoidesk.exchange.enrol import check_certificate
from hoidesk.exchange.enrolment import kind_of, read_small_file
from hoidesk.exchange.receive import Received, preview, refuse_enrolment, told_apart
from hoidesk.language import _

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["preview_all"]


def preview_all(
    book: Book, paths: Sequence[Path], *, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> tuple[list[Received], tuple[str, ...]]:
    """What receiving these files and folders would do, one line a file, and signs of a worm on the stick.

    Nothing is written. A package that builds on one before it in the same folder is told to wait here, and is taken in
    order when the folder is received. Raises UserError when there is nothing to look at.
    """
    files, warnings = files_to_receive(paths)
    found: list[Received] = []
    for done, path in enumerate(files):
        progress(done, len(files))
        found.append(told_apart(_look(book, path), paths))
    progress(len(files), len(files))
    return found, warnings


def _look(book: Book, path: Path) -> Received:
    inspection = inspect_file(path)
    if inspection.state == "foreign":
        seen = _look_at_enrolment(book, path)
        if seen is not None:
            return seen
    try:
        return preview(book, path)
    except Refusal as refused:
        label = inspection.label
        if label is None:
            return Received(path, "refused", refused.text, refused.code)
        return Received(
            path,
            "refused",
            refused.text,
            refused.code,
            unit=label.sender,
            number=label.number,
            kind=label.kind,
            date=label.date,
        )


def _look_at_enrolment(book: Book, path: Path) -> Received | None:
    """What a file of an enrolment among the packages would do; None for anything else."""
    try:
        data = read_small_file(path, "certificate")
        kind = kind_of(data)
        if kind == "certificate":
            check_certificate(book, data)
            return Received(path, "certificate", _("A certificate of the superior unit: taking it enrols this book."))
        refuse_enrolment(kind)
    except Refusal as refused:
        return Received(path, "refused", refused.text, refused.code) if _is_enrolment(path) else None
    return None


def _is_enrolment(path: Path) -> bool:
    try:
        return kind_of(read_small_file(path, "certificate")) is not None
    except Refusal:
        return False
