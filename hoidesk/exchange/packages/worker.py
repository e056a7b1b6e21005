"""``hoidesk worker``: reads one package in a process of its own that never opens the book.

The bytes of a package are the only ones that come from outside, so they are decrypted, decompressed and parsed where a
crash or a memory bomb hurts nothing. The order comes on standard input, checked lines leave on standard output.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import msgspec

from hoidesk.errors import Refusal
from hoidesk.exchange.packages.container import read_content, verify_package
from hoidesk.exchange.packages.pipe import DATA, END, REFUSED, VERIFIED, Order, RefusedFrame, VerifiedFrame, write_frame
from hoidesk.language import use_language

__all__ = ["limit_memory", "limit_time", "run_worker", "serve"]

MEMORY: Final = 768 << 20
"""Address space of the worker: libraries and Python take about 200 MB of it, a 16 MiB line its copies."""
CPU: Final = 1800
"""Seconds of computing: the largest package takes a quarter of it, so who needs more never comes to an end."""
BATCH: Final = 1 << 16


def limit_memory(size: int) -> None:
    """Cap this process at ``size`` bytes and forbid it to write files: RLIMIT_AS, or a Job Object on Windows."""
    if sys.platform == "win32":
        _limit_windows(size)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def limit_time(seconds: int) -> None:
    """Let the system end this process after so many seconds of computing. Windows has no such limit without a Job
    Object that outlives the process: there the user stops the receiving."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _limit_windows(size: int) -> None:
    """Put the process into a Job Object with a memory limit. Written from Microsoft's reference, not tried on Windows;
    without the limit the worker still runs, so a failure is passed over."""
    import ctypes

    class Basic(ctypes.Structure):
        _fields_ = [
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", ctypes.c_uint32),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", ctypes.c_uint32),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", ctypes.c_uint32),
            ("SchedulingClass", ctypes.c_uint32),
        ]

    class Extended(ctypes.Structure):
        _fields_ = [
            ("Basic", Basic),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        ]

    process_memory, extended_information = 0x100, 9
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 - the attribute exists on Windows only
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    limits = Extended()
    limits.Basic.LimitFlags = process_memory
    limits.ProcessMemoryLimit = size
    kernel.SetInformationJobObject(job, extended_information, ctypes.byref(limits), ctypes.sizeof(limits))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))


def serve(order: Order, out: BinaryIO) -> None:
    """Carry out one order: frames for what was verified, for the lines, and for the end or a refusal."""
    batch = bytearray()

    def emit(_what: Literal["manifest", "section", "row"], line: bytes, _value: Any) -> None:
        batch.extend(line)
        batch.append(0x0A)
        if len(batch) >= BATCH:
            write_frame(out, DATA, bytes(batch))
            batch.clear()

    path = Path(order.path)
    try:
        reader = order.reader()
        verified = verify_package(path, reader)
        write_frame(out, VERIFIED, msgspec.json.encode(VerifiedFrame.of(verified)))
        out.flush()
        read_content(path, verified, identities=reader.identities, emit=emit)
    except Refusal as refusal:
        write_frame(out, REFUSED, msgspec.json.encode(RefusedFrame(refusal.code, refusal.text)))
    else:
        write_frame(out, DATA, bytes(batch))
        write_frame(out, END, b"")
    out.flush()


def run_worker() -> int:
    """The worker's main function: one order from standard input, then the end. Returns the exit status."""
    limit_memory(MEMORY)
    limit_time(CPU)
    try:
        order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    except msgspec.MsgspecError:
        return 2
    use_language(order.language)
    try:
        serve(order, sys.stdout.buffer)
    except BrokenPipeError:
        return 3  # the program gave up: nobody reads any more
    except MemoryError:
        return 4  # the program says that the reading broke off
    return 0
