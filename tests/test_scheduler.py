"""APScheduler wakes the processor: at once on a submission, and by itself where no wake arrived."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from ingestio.adapters.local_queue import LocalQueue
from ingestio.domain.batches import BatchStatus
from ingestio.errors import StoreUnavailable
from ingestio.scheduler import Scheduler
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from ingestio.db.engine import Database

RARELY_S = 3_600.0


def eventually(what: Callable[[], bool], within_s: float = 10.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return build(database, tmp_path)


@pytest.fixture
def schedule(house: House, tmp_path: Path) -> Generator[Callable[..., Scheduler]]:
    """Make schedulers over the house's processor; all are stopped at the end."""
    made: list[Scheduler] = []

    def make(queue: LocalQueue, *, sweep_s: float, **upkeep: Callable[[], object]) -> Scheduler:
        upkeep = {"tidy": list} | upkeep
        scheduler = Scheduler(house.processor(), queue, tmp_path, sweep_s=sweep_s, **upkeep)
        made.append(scheduler)
        return scheduler

    yield make
    for scheduler in made:
        scheduler.stop()


def is_completed(house: House, actor, batch_id) -> bool:
    return house.batches.detail(actor, batch_id).batch.status is BatchStatus.COMPLETED


def test_a_wake_after_a_submission_works_it_off(house: House, schedule: Callable[..., Scheduler]):
    queue, ada = LocalQueue(), house.user()
    assert schedule(queue, sweep_s=RARELY_S).start()
    time.sleep(0.3)  # the run at start is over
    batch_id = house.submit(ada, (1, 2))

    queue.wake()

    assert eventually(lambda: is_completed(house, ada, batch_id))


def test_a_sweep_finds_what_no_wake_told_of(house: House, schedule: Callable[..., Scheduler]):
    ada = house.user()
    assert schedule(LocalQueue(), sweep_s=0.1).start()
    time.sleep(0.2)

    batch_id = house.submit(ada)

    assert eventually(lambda: is_completed(house, ada, batch_id))


def test_one_scheduler_a_data_folder(schedule: Callable[..., Scheduler]):
    first = schedule(LocalQueue(), sweep_s=RARELY_S)
    second = schedule(LocalQueue(), sweep_s=RARELY_S)

    assert first.start()
    assert not second.start()
    first.stop()
    assert second.start()


def test_a_failed_run_is_not_the_last(
    house: House, schedule: Callable[..., Scheduler], capsys: pytest.CaptureFixture[str]
):
    """The database is away for a while: said in the log, and gone on with when it is back."""
    ada = house.user()
    batch_id = house.submit(ada)
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE user_load RENAME TO user_load_away")
    assert schedule(LocalQueue(), sweep_s=0.1).start()
    time.sleep(0.5)
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE user_load_away RENAME TO user_load")

    assert eventually(lambda: is_completed(house, ada, batch_id))
    assert "processor_failed" in "".join(capsys.readouterr())  # where logs go is another's to say


def test_upkeep_goes_on_after_a_failure(
    schedule: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ingestio.scheduler._RECOVER_S", 0.05)
    calls: list[int] = []

    def recover() -> None:
        calls.append(len(calls))
        if len(calls) == 1:
            raise StoreUnavailable("The database does not answer.")

    assert schedule(LocalQueue(), sweep_s=RARELY_S, recover=recover).start()

    assert eventually(lambda: len(calls) >= 3)


def trouble(house: House) -> str | None:
    """What the processors' beats say to another process."""
    found = house.processor("another").pulse.watch().trouble
    return found.trouble if found else None


def test_a_job_that_fails_is_told_with_the_next_beat(
    house: House, schedule: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ingestio.scheduler._RECOVER_S", 0.05)

    def recover() -> None:
        raise StoreUnavailable("The database does not answer.")

    assert schedule(LocalQueue(), sweep_s=0.1, recover=recover).start()

    assert eventually(lambda: trouble(house) == "recover failed: store_unavailable")


def test_a_sweep_that_fails_as_a_whole_is_told_with_the_next_beat(
    house: House, schedule: Callable[..., Scheduler]
):
    scheduler = schedule(LocalQueue(), sweep_s=0.1)
    hire, failed = scheduler._processor.crew.hire, []

    def fail_once() -> int:
        if failed:
            return hire()
        failed.append(1)
        raise KeyError("what")

    scheduler._processor.crew.hire = fail_once
    assert scheduler.start()

    assert eventually(lambda: trouble(house) == "processor failed: KeyError")


def test_a_job_that_still_runs_when_it_is_long_due_again_is_told(
    house: House, schedule: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ingestio.scheduler._RECOVER_S", 0.05)
    monkeypatch.setattr("ingestio.scheduler._STUCK_AFTER_S", 0.2)
    gate = threading.Event()
    try:
        scheduler = schedule(LocalQueue(), sweep_s=0.1, recover=lambda: gate.wait(20))
        assert scheduler.start()

        assert eventually(lambda: trouble(house) == "recover is due again and still runs")
    finally:
        gate.set()


def test_a_scheduler_that_hangs_is_seen_from_another_process(
    house: House, schedule: Callable[..., Scheduler]
):
    """Its last beat stays where it is, whatever else its process still answers."""
    scheduler, gate, hangs = schedule(LocalQueue(), sweep_s=0.05), threading.Event(), []
    watch = house.processor("another").pulse.watch
    assert scheduler.start()
    assert eventually(lambda: watch().last_at is not None)

    def hang() -> int:
        hangs.append(1)
        gate.wait(20)
        return 0

    try:
        scheduler._processor.crew.hire = hang
        assert eventually(lambda: bool(hangs))
        assert not watch().is_stuck
        house.clock.pass_s(61)

        assert watch().is_stuck
        assert watch().late_s == 61
    finally:
        gate.set()


def test_who_stops_in_order_leaves_nothing_to_worry_about(
    house: House, schedule: Callable[..., Scheduler]
):
    scheduler = schedule(LocalQueue(), sweep_s=0.05)
    watch = house.processor("another").pulse.watch
    assert scheduler.start()
    assert eventually(lambda: watch().last_at is not None)

    scheduler.stop()
    house.clock.pass_s(3_600)

    assert watch().beats == ()
    assert not watch().is_stuck


def test_stopping_waits_for_no_job_that_hangs_outside(
    schedule: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ingestio.scheduler._RECOVER_S", 0.05)
    gate, began = threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        gate.wait(30)

    try:
        scheduler = schedule(LocalQueue(), sweep_s=0.1, recover=hang, tidy=hang)
        assert scheduler.start()
        assert began.wait(10)
        begun_s = time.monotonic()
        scheduler.stop()
        assert time.monotonic() - begun_s < 3
    finally:
        gate.set()
