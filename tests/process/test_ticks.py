"""Ticks come again whatever happens in one; what is stuck is noticed; lanes let go in time."""

import threading
import time

import pytest

from collectors.lanes import Lanes
from collectors.ticks import Tick, Ticks
from data.errors import Refused
from tests.process.machine import wait_for


def test_a_tick_that_fails_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []

    def work() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise Refused("The database is locked.", "Wait.")
        raise ValueError("a post's text")

    ticks = Ticks([Tick("plan", 0.05, work)], on_stuck=lambda _what: None)
    ticks.start()
    wait_for(lambda: len(calls) >= 3, 10, "three calls")
    ticks.stop()
    assert "plan: The database is locked. Wait." in caplog.text
    assert "plan failed; it is tried again in 0.05 s: ValueError at test_ticks.py" in caplog.text
    assert "a post's text" not in caplog.text


def test_a_tick_that_still_runs_is_not_started_twice() -> None:
    running: list[int] = []
    most: list[int] = []
    go_on = threading.Event()

    def work() -> None:
        running.append(1)
        most.append(len(running))
        go_on.wait(5)
        running.pop()

    ticks = Ticks([Tick("work", 0.05, work)], on_stuck=lambda _what: None)
    ticks.start()
    time.sleep(0.5)
    go_on.set()
    ticks.stop()
    assert most and max(most) == 1


def _wait(go_on: threading.Event) -> None:
    go_on.wait(20)


def test_a_tick_that_does_not_end_is_noticed() -> None:
    stuck: list[str] = []
    go_on = threading.Event()
    ticks = Ticks([Tick("plan", 0.2, lambda: _wait(go_on), patience=0.5)], stuck.append)
    ticks.start()
    wait_for(lambda: stuck, 10, "the watchdog's word")
    go_on.set()
    ticks.stop()
    assert stuck == ["no end of: plan"]


def test_a_scheduler_that_died_is_noticed() -> None:
    stuck: list[str] = []
    ticks = Ticks([Tick("plan", 60.0, lambda: None)], stuck.append)
    ticks.start()
    wait_for(lambda: ticks.what_is_stuck() is None, 5, "it runs")
    ticks._scheduler.shutdown(wait=False)  # as an error in its loop would end it
    wait_for(lambda: stuck, 10, "the watchdog's word")
    assert stuck == ["the scheduler's thread has ended"]


def test_lanes_work_until_nothing_is_due() -> None:
    due = list(range(20))
    lanes = Lanes(2, lambda: bool(due and (due.pop() or True)))
    lanes.start()
    time.sleep(0.2)
    assert len(due) == 20, "nothing is taken before the first wake"
    lanes.wake()
    wait_for(lambda: not due, 5, "all is done")
    assert lanes.stop(5.0)


def test_lanes_outlive_an_error(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []

    def handle() -> bool:
        calls.append(1)
        raise Refused("The disk is full.", "Free some space.")

    lanes = Lanes(1, handle)
    lanes.start()
    lanes.wake()
    wait_for(lambda: calls, 5, "a call")
    assert lanes.stop(8.0), "waiting after a failure ends with the stop"
    assert "Work had to wait: The disk is full. Free some space." in caplog.text


def test_lanes_that_hang_are_let_go() -> None:
    go_on = threading.Event()
    lanes = Lanes(1, lambda: go_on.wait(30))
    lanes.start()
    lanes.wake()
    wait_for(lambda: lanes.busy() == 1, 5, "it is busy")
    begun = time.monotonic()
    assert not lanes.stop(0.5)
    assert time.monotonic() - begun < 2
    go_on.set()
