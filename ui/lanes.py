"""Work off the UI thread: one lane for the book, one for the rest.

A lane hands out its next job only after the callbacks of the one before have run in the UI thread: a page that writes
and then reads sees its own write, in order. Results, progress and errors arrive in the UI thread, and only while the
widget that asked is still alive.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

__all__ = ["Cancelled", "InlineLane", "Lane", "Lanes", "Ticket", "WorkLane"]

Result = TypeVar("Result")


class Cancelled(Exception):
    """The user stopped the job; nothing was changed."""


class Ticket:
    """What a running job holds: it reports progress through it and asks whether to go on."""

    def __init__(self, report: Callable[[int, int, str], None]) -> None:
        self._report = report
        self._stop = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at its next :meth:`check`."""
        self._stop.set()

    def check(self) -> None:
        """Raise :class:`Cancelled` if the user asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Report ``done`` of ``total`` within ``step``; raises :class:`Cancelled` like :meth:`check`."""
        self.check()
        self._report(done, total, step)


Work = Callable[[Ticket], Result]
Progress = Callable[[int, int, str], None]


class Lane(Protocol):
    """Where a job runs."""

    def submit(
        self,
        work: Work[Result],
        *,
        owner: QObject | None = None,
        done: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        progress: Progress | None = None,
    ) -> Ticket:
        """Run ``work``; ``done``, ``failed`` and ``progress`` are called in the UI thread while ``owner`` lives."""

    def close(self) -> None:
        """Ask everything to stop and wait until it has."""


class _Job:
    """One submitted piece of work with its callbacks; kept alive by its lane until it has ended."""

    def __init__(
        self,
        work: Work[Any],
        owner: QObject | None,
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        progress: Progress | None,
        unhandled: Callable[[Exception], None],
    ) -> None:
        self.work = work
        self.ticket: Ticket
        self._owner = owner
        self._done = done
        self._failed = failed
        self._progress = progress
        self._unhandled = unhandled

    def _alive(self) -> bool:
        return self._owner is None or shiboken6.isValid(self._owner)

    def report(self, done: int, total: int, step: str) -> None:
        if self._progress is not None and self._alive() and not self.ticket.cancelled:
            self._progress(done, total, step)

    def end(self, result: Any, error: Exception | None) -> None:
        if error is None:
            if self._done is not None and self._alive():
                self._done(result)
        elif self._failed is not None and self._alive():
            self._failed(error)
        elif not isinstance(error, Cancelled):
            self._unhandled(error)


def _raise(error: Exception) -> None:
    raise error


class WorkLane(QObject):
    """Jobs run one after another (or ``width`` at a time) in threads of their own; close it before the end."""

    _ended = Signal(object, object, object)
    _reported = Signal(object, int, int, str)

    def __init__(self, name: str, width: int = 1, unhandled: Callable[[Exception], None] = _raise) -> None:
        super().__init__()
        self._name = name
        self._pool: ThreadPoolExecutor | None = None
        self._width = width
        self._unhandled = unhandled
        self._waiting: deque[_Job] = deque()
        self._running: set[_Job] = set()
        self._closed = False
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._report, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return bool(self._running or self._waiting)

    def submit(
        self,
        work: Work[Result],
        *,
        owner: QObject | None = None,
        done: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        progress: Progress | None = None,
    ) -> Ticket:
        """See :class:`Lane`."""
        job = _Job(work, owner, done, failed, progress, self._unhandled)
        job.ticket = Ticket(lambda count, total, step: self._reported.emit(job, count, total, step))
        self._waiting.append(job)
        self._hand_out()
        return job.ticket

    def _hand_out(self) -> None:
        while self._waiting and len(self._running) < self._width and not self._closed:
            job = self._waiting.popleft()
            self._running.add(job)
            self._threads().submit(self._work, job)

    def _threads(self) -> ThreadPoolExecutor:
        # Imported at the first job: it draws logging in, which the first paint does not need.
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._width, thread_name_prefix=f"hoidesk-{self._name}")
        return self._pool

    def _work(self, job: _Job) -> None:
        result: Any = None
        failure: Exception | None = None
        try:
            job.ticket.check()
            result = job.work(job.ticket)
        except Exception as error:
            failure = error
        self._ended.emit(job, result, failure)

    @Slot(object, object, object)
    def _end(self, job: _Job, result: Any, error: Exception | None) -> None:
        self._running.discard(job)
        try:
            if not self._closed:
                job.end(result, error)
        finally:
            self._hand_out()

    @Slot(object, int, int, str)
    def _report(self, job: _Job, done: int, total: int, step: str) -> None:
        if not self._closed:
            job.report(done, total, step)

    def close(self) -> None:
        """See :class:`Lane`; callbacks of what was still running are not called."""
        self._closed = True
        self._waiting.clear()
        for job in self._running:
            job.ticket.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=True)


class InlineLane:
    """Runs every job at once where it is asked for: what most tests of pages use."""

    def __init__(self, unhandled: Callable[[Exception], None] = _raise) -> None:
        self._unhandled = unhandled

    def submit(
        self,
        work: Work[Result],
        *,
        owner: QObject | None = None,
        done: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        progress: Progress | None = None,
    ) -> Ticket:
        """See :class:`Lane`."""
        job = _Job(work, owner, done, failed, progress, self._unhandled)
        job.ticket = Ticket(job.report)
        try:
            result = work(job.ticket)
        except Exception as error:
            job.end(None, error)
        else:
            job.end(result, None)
        return job.ticket

    def close(self) -> None:
        """Nothing runs between calls."""


class Lanes:
    """The two lanes: ``book`` owns the writer, ``free`` makes papers, charts and checksums."""

    def __init__(self, book: Lane, free: Lane) -> None:
        self.book = book
        self.free = free

    @classmethod
    def threads(cls, unhandled: Callable[[Exception], None] = _raise) -> Lanes:
        """Lanes with threads of their own."""
        return cls(WorkLane("book", 1, unhandled), WorkLane("free", 2, unhandled))

    @classmethod
    def inline(cls) -> Lanes:
        """Lanes without threads, for tests."""
        lane = InlineLane()
        return cls(lane, lane)

    def close(self) -> None:
        """Stop and wait for both."""
        self.free.close()
        self.book.close()
