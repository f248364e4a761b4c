"""A scheduler that could not run for a hundred and fifty intervals: five minutes of two seconds.

It sweeps once when it can, never two at a time, and finds what came meanwhile (row 25).
"""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ingestio.adapters.local_queue import LocalQueue
from ingestio.scheduler import Scheduler
from ingestio.services.processor import Processor
from tests.faults.child import Child, Orders
from tests.faults.living import all_ended, as_kind, eventually, living

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.db.engine import Database

pytestmark = pytest.mark.long
SWEEP_S = 0.02
INTERVALS = 150


def test_after_a_frozen_while_there_is_one_sweep_and_it_misses_nothing(
    database: Database,
    tmp_path: Path,
    child: Callable[[Orders], Child],
    figure: Callable[..., None],
):
    house = living(database, tmp_path)
    ada = house.user()
    url = database.engine.url.render_as_string()
    server = child(Orders(url, str(tmp_path), sweep_s=SWEEP_S, is_told_when=True))
    assert eventually(lambda: len(server.sweeps) > 10, 30), server.log

    server.freeze(database)
    before = len(server.sweeps)
    batch_id = house.submit(ada, [1] * 10)
    time.sleep(INTERVALS * SWEEP_S)
    woken_at = time.time()
    server.signal(signal.SIGCONT)

    assert eventually(lambda: all_ended(house, ada, [batch_id]), 20)
    late_s = time.time() - woken_at
    time.sleep(0.5)
    caught_up = [at for at in server.sweeps[before:] if at < woken_at + SWEEP_S]
    figure(
        "25",
        "frozen for 150 intervals",
        sweeps_at_once=len(caught_up),
        missed=0,
        all_ended_after_s=round(late_s, 2),
    )
    assert len(caught_up) <= 2, "one for all that was due, and the next in its own time"


class Blocked(Processor):
    """A processor whose next run takes as long as the gate is closed."""

    __slots__ = ()
    gate = threading.Event()
    runs: tuple[int, ...] = ()
    beside = 0

    def run_once(self) -> int:
        cls = type(self)
        cls.beside += 1
        cls.runs = (*cls.runs, cls.beside)
        cls.gate.wait(20)
        cls.beside -= 1
        return super().run_once()


def test_while_one_sweep_is_blocked_no_other_runs_and_wakes_are_kept(
    database: Database, tmp_path: Path, figure: Callable[..., None]
):
    house = living(database, tmp_path)
    ada = house.user()
    processor = as_kind(Blocked, house.processor())
    queue = LocalQueue()
    scheduler = Scheduler(processor, queue, tmp_path, sweep_s=SWEEP_S, tidy=list)
    try:
        assert scheduler.start()
        assert eventually(lambda: bool(Blocked.runs), 10)
        batches = []
        for _ in range(5):
            batches.append(house.submit(ada, [1]))
            queue.wake()
            time.sleep(SWEEP_S * INTERVALS / 5)
        begun = len(Blocked.runs)
        Blocked.gate.set()
        ended = eventually(lambda: all_ended(house, ada, batches), 10)
    finally:
        Blocked.gate.set()
        scheduler.stop()
    figure(
        "25",
        "one sweep blocked for 150 intervals",
        runs_beside_it=begun - 1,
        most_at_once=max(Blocked.runs),
        missed=0 if ended else 5,
    )
    assert ended
    assert begun == 1
    assert max(Blocked.runs) == 1
