"""One writer a book: a lock of the operating system, which a crash releases by itself."""

from __future__ import annotations

import getpass
import os
import socket
from pathlib import Path
from typing import IO

from hoidesk.errors import EnvError
from hoidesk.language import _

__all__ = ["WriterLock"]


class WriterLock:
    """The lock that the writer of a book holds as long as it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock; EnvError ``book.in_use`` says where the book is open."""
        file = open(self._path, "a+", encoding="utf-8", errors="replace")
        try:
            _lock(file)
        except OSError:
            file.close()
            raise EnvError(
                "book.in_use",
                _("The book is already open ({where}). Close it there first.").format(where=self._where()),
            ) from None
        try:
            file.seek(0)
            file.truncate()
            file.write(f"{socket.gethostname()}\n{_user()}\n{os.getpid()}\n")
            file.flush()
        except BaseException:
            file.close()
            raise
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _where(self) -> str:
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        return ", ".join(line for line in lines[:2] if line) or "?"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name: the lock holds without one
        return ""


def _lock(file: IO[str]) -> None:
    if os.name == "nt":
        import msvcrt

        # Far behind the text, so that another window can still read who holds it.
        file.seek(1_000_000)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
