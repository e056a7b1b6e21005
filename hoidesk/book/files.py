"""Files that are either old or new, never half."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path

from hoidesk.errors import EnvError
from hoidesk.language import _

__all__ = ["discard", "disk_refusal", "sync_folder", "write_atomic"]


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def disk_refusal(error: OSError, path: Path) -> EnvError:
    """The sentence for a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return EnvError("disk.full", _("The disk is full; nothing was changed. Make room and try again."))
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return EnvError(
            "disk.read_only", _("No right to write to {path}. Choose another folder.").format(path=path.parent)
        )
    return EnvError("disk.failed", _("Writing {path} failed. Check the drive and try again.").format(path=path))


def discard(part: Path) -> None:
    """Remove a half-written file as far as the disk lets us: what went wrong first is what the user must hear."""
    with contextlib.suppress(OSError):
        part.unlink()


def write_atomic(path: Path, data: bytes) -> None:
    """Write ``data`` so that ``path`` holds either what it held or all of it; EnvError when the disk refuses."""
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        discard(part)
        raise disk_refusal(error, path) from error


def _replace(part: Path, path: Path) -> None:
    """Rename; on Windows a virus scanner may hold the file for a moment."""
    for wait in (0.05, 0.2, 0.5):
        try:
            os.replace(part, path)
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(wait)
    os.replace(part, path)
