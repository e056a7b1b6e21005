"""Writing to a stick so that what the screen says is true: written, read back past the cache, compared, renamed.

A stick may be pulled out, be full, be write-protected or pretend to a capacity that it does not have. Until the copy
was read back and renamed nothing there bears the package's name (package format, section 9).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoidesk.errors import EnvError, Refusal
from hoidesk.language import _

__all__ = ["PARTIAL", "TWIN_FOLDER", "Cancelled", "Delivered", "write_to_stick"]

CHUNK: Final = 1 << 20
PARTIAL: Final = ".PAR"
TWIN_FOLDER: Final = "HOIDESK"
SPARE: Final = 1 << 20
"""Room left for the folder entries of the stick's file system."""

Progress = Callable[[str, int, int], None]
"""Called with the step (``write``, ``read``, ``twin``), bytes done and bytes in all."""


class Cancelled(Refusal):
    """The user stopped the writing; the stick is as before."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A package on the stick, read back and found equal: its path, its twin, its size in bytes."""

    path: Path
    twin: Path
    size: int


def stick_error(error: OSError, name: str) -> EnvError:
    """The sentence for what the operating system said about a stick or folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return EnvError(
            "stick.full",
            _("The stick is full. Remove old files or take another stick, then write {name} again.").format(name=name),
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return EnvError(
            "stick.read_only", _("The stick cannot be written. Move its lock or take another stick, then write again.")
        )
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR, errno.ESTALE):
        return EnvError("stick.gone", _("The stick or folder is not there. Plug it in, then write again."))
    return EnvError(
        "stick.broken", _("The stick has a fault. Take another stick, then write {name} again.").format(name=name)
    )


def write_to_stick(
    spool: Path,
    folder: Path,
    name: str,
    *,
    progress: Progress = lambda _step, _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Copy a finished package from the spool to ``folder/name`` and to ``folder/HOIDESK/name``.

    Returns only after both copies were read back from the medium and had the spool's SHA-256. Raises EnvError
    ``stick.full``, ``stick.read_only``, ``stick.gone``, ``stick.broken``, ``stick.differs``, ``stick.name_taken``, or
    Cancelled; what was written is removed then, if the stick still answers.
    """
    try:
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no folder")
        _require_names(folder, name)
        size = spool.stat().st_size
        _require_space(folder, name, size)
        with spool.open("rb") as file:
            wanted = hashlib.file_digest(file, "sha256").hexdigest()
        path = _one_copy(spool, folder, name, size, wanted, "write", progress, cancelled)
        try:
            twins = folder / TWIN_FOLDER
            twins.mkdir(exist_ok=True)
            twin = _one_copy(spool, twins, name, size, wanted, "twin", progress, cancelled)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise stick_error(error, name) from None
    return Delivered(path=path, twin=twin, size=size)


def _require_names(folder: Path, name: str) -> None:
    """Nothing else may stand where the package, its twin or the folder of the twins goes."""
    twins = folder / TWIN_FOLDER
    taken = [twins] if twins.is_symlink() or (twins.exists() and not twins.is_dir()) else []
    taken += [p for f in (folder, twins) for p in (f / name, f / (name + PARTIAL)) if p.is_dir()]
    if taken:
        raise EnvError(
            "stick.name_taken",
            _(
                "Something else on the stick is called {name}. Rename it or take another stick, then write again."
            ).format(name=taken[0].name),
        )


def _require_space(folder: Path, name: str, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < 2 * size + SPARE:
        raise OSError(errno.ENOSPC, "too little room")


def _one_copy(
    spool: Path,
    folder: Path,
    name: str,
    size: int,
    wanted: str,
    step: str,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Path:
    partial, final = folder / (name + PARTIAL), folder / name
    try:
        partial.unlink(missing_ok=True)
        _write(spool, partial, size, step, progress, cancelled)
        if _read_back(partial, size, progress, cancelled) != wanted:
            raise EnvError(
                "stick.differs",
                _("The stick gave back other data than was written. It is faulty; take another stick."),
            )
        os.replace(partial, final)
        _sync_folder(folder)
    except BaseException:
        with contextlib.suppress(OSError):  # pulled out: nothing can be removed any more
            partial.unlink(missing_ok=True)
        raise
    return final


def _stop(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled("stick.cancelled", _("Writing was stopped. The stick is as before."))


def _write(spool: Path, partial: Path, size: int, step: str, progress: Progress, cancelled: Callable[[], bool]) -> None:
    done = 0
    with spool.open("rb") as source, partial.open("xb", buffering=0) as target:
        while piece := source.read(CHUNK):
            _stop(cancelled)
            view = memoryview(piece)
            while view:  # an unbuffered write may take less than it was given
                view = view[target.write(view) :]
            done += len(piece)
            progress(step, done, size)
        os.fsync(target.fileno())


def _read_back(path: Path, size: int, progress: Progress, cancelled: Callable[[], bool]) -> str:
    """SHA-256 of the file as the medium gives it back: the page cache is dropped first where the system can do that."""
    sha, done = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(CHUNK):
            _stop(cancelled)
            sha.update(piece)
            done += len(piece)
            progress("read", done, size)
    return sha.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name durable. Windows cannot open a folder for that and writes names through on removable drives."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems of sticks do not know it
            raise
    finally:
        os.close(handle)
