"""The program's side of the worker: a verified package as a manifest and rows, or a refusal with its sentence."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Literal, Self, cast

import msgspec

import hoidesk
from hoidesk.errors import EnvError, Refusal
from hoidesk.exchange.packages.container import Reader, Verified, read_content, refusal, verify_package
from hoidesk.exchange.packages.pipe import (
    DATA,
    END,
    REFUSED,
    VERIFIED,
    BadFrame,
    Order,
    RefusedFrame,
    VerifiedFrame,
    read_frame,
)
from hoidesk.exchange.packages.stream import BadStream, LineReader, Manifest, Row, Section
from hoidesk.language import _, current_language

__all__ = ["Check", "OpenPackage", "WorkerPackage", "open_here", "open_in_worker", "worker_command"]

WATCH: Final = 0.2
"""Seconds between two questions whether the user gave up while the worker says nothing."""

Check = Callable[[], None]
"""Asked while a package is read; stops the reading by raising a Refusal. May be asked from any thread."""


def _go_on() -> None:
    """Nobody stops it."""


class OpenPackage:
    """A package whose first pass succeeded. ``rows`` may still raise a Refusal: write them in one transaction."""

    def __init__(self, verified: Verified, pieces: Iterator[bytes]) -> None:
        self.verified = verified
        self._lines = self._parsed(pieces)
        what, manifest = next(self._lines)
        if what != "manifest":
            raise refusal("package.malformed", unit=verified.signer.unit)
        self.manifest: Manifest = manifest

    def _parsed(self, pieces: Iterator[bytes]) -> Iterator[tuple[str, Any]]:
        reader = LineReader()
        try:
            for piece in pieces:
                for what, _line, value in reader.feed(piece):
                    yield what, value
            reader.finish()
        except BadStream:
            raise refusal("package.malformed", unit=self.verified.signer.unit) from None

    def rows(self) -> Iterator[tuple[Section, Row]]:
        """Each row with its section, in the order of the package."""
        section: Section | None = None
        for what, value in self._lines:
            if what == "section":
                section = value
            elif section is not None:
                yield section, value

    def close(self) -> None:
        """Let go of what is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def worker_command() -> list[str]:
    """The command line of the worker: the same program, so that versions never differ."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker"]
    return [sys.executable, "-m", "hoidesk", "worker"]


def _environment() -> dict[str, str]:
    """The worker's environment: without the password, and with the program's own folder to import from."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOIDESK_")}
    home = str(Path(hoidesk.__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [home, environment.get("PYTHONPATH")]))
    return environment


def _crashed() -> EnvError:
    return EnvError(
        "package.worker",
        _("Reading the package broke off. The book was not touched; ask the sender for a new package."),
    )


class WorkerPackage(OpenPackage):
    """A package that a worker process reads. A worker that says nothing any more ends when ``check`` raises."""

    def __init__(self, path: Path, reader: Reader, check: Check = _go_on) -> None:
        self._check = check
        self._over = threading.Event()
        self._process = subprocess.Popen(
            worker_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._watcher = threading.Thread(target=self._watch, name="worker watch", daemon=True)
        self._watcher.start()
        try:
            super().__init__(self._start(path, reader), self._pieces())
        except BaseException:
            self.close()
            raise

    def _watch(self) -> None:
        """End the worker once the user gave up: reading from a pipe cannot be broken off on every system, but it ends
        with the process at the other end."""
        while not self._over.wait(WATCH):
            try:
                self._check()
            except Refusal:
                self._process.kill()
                return

    def _broke_off(self) -> EnvError:
        """Why nothing comes any more: raises what the user's stopping raises, otherwise gives the crash."""
        self._check()
        return _crashed()

    @property
    def _out(self) -> BinaryIO:
        return cast(BinaryIO, self._process.stdout)

    def _frame(self) -> tuple[bytes, bytes]:
        try:
            kind, data = read_frame(self._out)
        except (BadFrame, OSError):
            raise self._broke_off() from None
        if kind == REFUSED:
            refused = msgspec.json.decode(data, type=RefusedFrame)
            raise EnvError(refused.code, refused.text)
        return kind, data

    def _start(self, path: Path, reader: Reader) -> Verified:
        stdin = cast(BinaryIO, self._process.stdin)
        try:
            stdin.write(msgspec.json.encode(Order.of(str(path.resolve()), current_language(), reader)))
            stdin.close()
        except OSError:
            raise self._broke_off() from None
        kind, data = self._frame()
        if kind != VERIFIED:
            raise _crashed()
        return msgspec.json.decode(data, type=VerifiedFrame).verified()

    def _pieces(self) -> Iterator[bytes]:
        while True:
            kind, data = self._frame()
            if kind == END:
                return
            if kind != DATA:
                raise _crashed()
            yield data

    def close(self) -> None:
        """End the worker if it still runs, and wait for it."""
        self._over.set()
        self._watcher.join()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def open_in_worker(path: Path, reader: Reader, check: Check = _go_on) -> OpenPackage:
    """Open a package through a worker process; close it, or use it as a context manager.

    Raises what ``check`` raises, EnvError with the code and sentence of
    :func:`hoidesk.exchange.packages.container.refusal`, or ``package.worker`` when the worker crashed.
    """
    return WorkerPackage(path, reader, check)


def open_here(path: Path, reader: Reader, check: Check = _go_on) -> OpenPackage:
    """Open a package in this process: for tests and tools, where the isolation is not the matter."""
    verified = verify_package(path, reader)
    check()
    lines: list[bytes] = []

    def emit(_what: Literal["manifest", "section", "row"], line: bytes, _value: Any) -> None:
        lines.append(line + b"\n")

    read_content(path, verified, identities=reader.identities, emit=emit)
    return OpenPackage(verified, iter(lines))
