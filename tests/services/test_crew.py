"""The threads that work documents off: none is lost to a machine that is at its end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from ingestio.db import ledger
from ingestio.errors import StoreUnavailable
from ingestio.services import crew as crew_module
from ingestio.services.steps import Steps

if TYPE_CHECKING:
    from tests.wiring import House

REAL_START = threading.Thread.start


def no_thread_called(name: str):
    def start(thread: threading.Thread) -> None:
        if thread.name == name:
            msg = "can't start new thread"
            raise RuntimeError(msg)
        REAL_START(thread)

    return start


@pytest.mark.parametrize("name", ["reader", "heartbeat"])
def test_a_thread_that_cannot_start_costs_no_place_and_no_attempt(
    house: House, monkeypatch, name: str
):
    ada = house.user()
    batch_id = house.submit(ada, [1, 1, 1])
    processor = house.processor(size=1)
    monkeypatch.setattr(threading.Thread, "start", no_thread_called(name))
    for _ in range(3):
        with pytest.raises(RuntimeError):
            processor.run_once()
    assert processor.crew.busy == 0
    rows = house.detail(ada, batch_id).documents
    assert [(row.status.value, row.attempt) for row in rows] == [("uploaded", 0)] * 3

    monkeypatch.setattr(threading.Thread, "start", REAL_START)
    assert processor.run_once() == 1
    assert processor.drain(10)
    assert house.statuses(ada, batch_id) == ["completed"] * 3


@pytest.mark.parametrize("error", [ledger.LedgerBroken(), StoreUnavailable("Away."), KeyError()])
def test_one_that_cannot_be_put_back_does_not_keep_the_others(house: House, monkeypatch, error):
    ada = house.user()
    batch_id = house.submit(ada, [1, 1, 1])
    seen = threading.Event()
    house.engine.before = lambda _document: seen.wait(30)
    processor = house.processor(size=3)
    real, tried = Steps.release, []

    def release(steps: Steps, claim) -> bool:
        tried.append(claim)
        if len(tried) == 1:
            raise error
        return real(steps, claim)

    monkeypatch.setattr(Steps, "release", release)
    assert processor.run_once() == 3
    processor.crew.stop(timeout_s=0.1)
    statuses = sorted(house.statuses(ada, batch_id))
    seen.set()
    assert statuses == ["processing", "uploaded", "uploaded"]
    assert processor.drain(10)


def test_stopping_ends_in_time_though_nothing_can_be_put_back(house: House, monkeypatch):
    house.submit(house.user(), [1, 1])
    house.engine.takes_s = 2.0
    processor = house.processor(size=2)
    ended = threading.Event()

    def release(_steps: Steps, _claim) -> bool:
        ended.wait(60)  # a database that does not even refuse
        return False

    monkeypatch.setattr(Steps, "release", release)
    monkeypatch.setattr(crew_module, "PUT_BACK_WITHIN_S", 0.4)
    assert processor.run_once() == 2
    began_s = time.monotonic()
    processor.crew.stop(timeout_s=1.0)
    took_s = time.monotonic() - began_s
    ended.set()
    assert 0.9 < took_s < 1.4
    assert processor.drain(10)


def test_a_last_word_that_nobody_takes_does_not_keep_the_process(house: House, monkeypatch):
    processor = house.processor()
    ended = threading.Event()
    monkeypatch.setattr(type(processor.pulse), "end", lambda _pulse: ended.wait(60))
    began_s = time.monotonic()
    processor.stop(timeout_s=1.0)
    ended.set()
    assert time.monotonic() - began_s < 1.5
