"""Small file systems that stand for sticks: as large as a test wants, write-protected, pulled out."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["can_mount", "mounted", "pull_out", "write_protect"]


def can_mount() -> bool:
    """Whether this process may mount: a superuser of a system that lets it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    # In a mount namespace of its own, which ends with the process: nothing is left behind.
    done = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return done.returncode == 0


@contextmanager
def mounted(place: Path, size: int) -> Iterator[Path]:
    """A stick of ``size`` bytes at ``place``."""
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)], check=True)
    try:
        yield place
    finally:
        while place.is_mount():
            pull_out(place)


def write_protect(place: Path) -> None:
    """Move the little lock of the stick."""
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)


def pull_out(place: Path) -> None:
    """Take the stick away, whoever writes on it."""
    with contextlib.suppress(subprocess.CalledProcessError):
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
