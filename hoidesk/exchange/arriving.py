"""Which files of a stick are received, in which order, and their copy on this PC's own drive."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.export import spool_dir
from hoidesk.exchange.finding import find_packages
from hoidesk.exchange.packages.container import inspect_file, refusal
from hoidesk.exchange.packages.ziplayout import MAX_PACKAGE
from hoidesk.exchange.stick import CHUNK, TWIN_FOLDER, Cancelled
from hoidesk.language import _

__all__ = ["files_to_receive", "no_room", "spooled", "twin_of", "unfinished"]


def no_room() -> EnvError:
    """The sentence for a full drive of this PC."""
    return EnvError("inbox.failed", _("The drive of this PC has no room for the package. Make room and receive again."))


def unfinished() -> EnvError:
    """The sentence for what is left when a stick was pulled out while it was written."""
    return EnvError(
        "package.unfinished",
        _("Writing this package was broken off. Take the finished one of that unit, or ask it to write again."),
    )


def files_to_receive(
    paths: Sequence[Path], cancelled: Callable[[], bool] = lambda: False
) -> tuple[list[Path], tuple[str, ...]]:
    """The files to receive: certificates first, then packages by sender and number; equal copies once.

    Raises UserError when there are none, Cancelled when ``cancelled`` says so while a large stick is looked through.
    """
    named: list[Path] = []
    warnings: list[str] = []
    for path in paths:
        if path.is_dir():
            found = find_packages(path, cancelled=cancelled)
            named += [*found.enrolments, *found.packages]
            warnings += [w for w in found.warnings if w not in warnings]
        else:
            named.append(path)
    if cancelled():
        raise Cancelled("receive.stopped", _("Receiving was stopped. Nothing was taken over."))
    if not named:
        raise UserError("receive.nothing", _("There is no package here. Choose the stick or folder again."))
    keyed: dict[str, tuple[tuple[int, str, int, str], Path]] = {}
    for path in named:
        inspection = inspect_file(path)
        label = inspection.label
        depth = f"{len(path.parts):03}{path}"  # of two equal copies the one outside HOIDESK/ is named
        rank = (1, label.sender, label.number, depth) if label else (0, "", 0, depth)
        key = inspection.digits or (_digest(path) or str(path))
        if key not in keyed or rank < keyed[key][0]:
            keyed[key] = (rank, path)
    return [path for _rank, path in sorted(keyed.values(), key=lambda item: item[0])], tuple(warnings)


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def twin_of(path: Path) -> Path | None:
    """The second copy of a package on the same stick."""
    other = path.parent.parent if path.parent.name == TWIN_FOLDER else path.parent / TWIN_FOLDER
    candidate = other / path.name
    return candidate if candidate.is_file() and inspect_file(candidate).state == "whole" else None


def _copy(path: Path, spool: Path, check: Callable[[], None]) -> None:
    try:
        if not path.is_file():
            raise refusal("package.unreadable")
        if path.stat().st_size > MAX_PACKAGE:
            raise refusal("package.foreign")
        with path.open("rb") as source, spool.open("xb") as target:
            while piece := source.read(CHUNK):
                check()
                target.write(piece)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise no_room() from error
        raise refusal("package.unreadable") from None


@contextmanager
def spooled(path: Path, check: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """A copy of the file on this PC's own drive: what is verified there is what is merged. ``check`` is called while
    it is made, since a slow stick takes minutes, and stops it by raising."""
    spool = spool_dir() / f"{secrets.token_hex(8)}.in"
    try:
        _copy(path, spool, check)
        yield spool
    finally:
        with contextlib.suppress(OSError):
            spool.unlink(missing_ok=True)
