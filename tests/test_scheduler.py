"""APScheduler wakes the processor: at once on a submission, and by itself where no wake arrived."""

from __future__ import annotations

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
    assert "processor_failed" in capsys.readouterr().out


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
