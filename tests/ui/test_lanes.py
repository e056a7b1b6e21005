"""Work off the UI thread: order, the thread of callbacks, errors, stopping, asking widgets that are gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from hoidesk.errors import UserError
from ui.lanes import Cancelled, InlineLane, Ticket, WorkLane

pytestmark = pytest.mark.threads


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[WorkLane]:
    made = WorkLane("test")
    yield made
    made.close()


def test_work_runs_elsewhere_and_its_callback_here(lane: WorkLane, qtbot: QtBot) -> None:
    seen: list[object] = []
    here = threading.get_ident()
    lane.submit(lambda ticket: threading.get_ident(), done=lambda there: seen.extend([there, threading.get_ident()]))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[0] != here
    assert seen[1] == here


def test_a_callback_runs_before_the_next_job_begins(lane: WorkLane, qtbot: QtBot) -> None:
    order: list[str] = []
    for name in "abc":
        lane.submit(lambda ticket, n=name: order.append(f"work {n}"), done=lambda _x, n=name: order.append(f"done {n}"))
    qtbot.waitUntil(lambda: len(order) == 6)
    assert order == ["work a", "done a", "work b", "done b", "work c", "done c"]


def test_a_refusal_reaches_the_one_who_asked(lane: WorkLane, qtbot: QtBot) -> None:
    seen: list[Exception] = []

    def refuse(_ticket: Ticket) -> None:
        raise UserError("x", "Thiếu ngày họp.")

    lane.submit(refuse, failed=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], UserError)


def test_an_error_that_nobody_takes_is_told_to_the_lane(qtbot: QtBot) -> None:
    seen: list[Exception] = []
    lane = WorkLane("test", unhandled=seen.append)
    lane.submit(lambda ticket: 1 // 0)
    qtbot.waitUntil(lambda: bool(seen))
    lane.close()
    assert isinstance(seen[0], ZeroDivisionError)


def test_progress_arrives_and_stopping_stops(lane: WorkLane, qtbot: QtBot) -> None:
    steps: list[tuple[int, int, str]] = []
    ends: list[Exception] = []
    go_on = threading.Event()

    def count(ticket: Ticket) -> None:
        ticket.progress(1, 1000, "ghi")
        go_on.wait(10)
        for number in range(2, 1001):
            ticket.progress(number, 1000, "ghi")

    ticket = lane.submit(count, failed=ends.append, progress=lambda *step: steps.append(step))
    qtbot.waitUntil(lambda: bool(steps))
    ticket.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: bool(ends))
    assert isinstance(ends[0], Cancelled)
    assert steps == [(1, 1000, "ghi")]


def test_a_widget_that_is_gone_is_not_called(lane: WorkLane, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[object] = []
    hold = threading.Event()
    lane.submit(lambda ticket: hold.wait(10), owner=owner, done=seen.append)
    delete(owner)
    hold.set()
    lane.submit(lambda ticket: "after", done=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["after"]


def test_closing_waits_and_calls_nobody(qtbot: QtBot) -> None:
    lane = WorkLane("test")
    seen: list[object] = []
    begun, ended = threading.Event(), threading.Event()

    def work(ticket: Ticket) -> None:
        begun.set()
        while not ticket.cancelled:
            threading.Event().wait(0.005)
        ended.set()

    lane.submit(work, done=seen.append)
    lane.submit(lambda ticket: seen.append("never"))
    assert begun.wait(10)
    lane.close()
    assert ended.is_set()
    qtbot.wait(20)
    assert seen == []


def test_the_inline_lane_behaves_the_same(qtbot: QtBot) -> None:
    lane = InlineLane()
    seen: list[object] = []
    lane.submit(lambda ticket: 7, done=seen.append)
    lane.submit(lambda ticket: 1 // 0, failed=seen.append)
    assert seen[0] == 7
    assert isinstance(seen[1], ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        lane.submit(lambda ticket: 1 // 0)
