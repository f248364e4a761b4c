"""Clocks that jump by an hour, and two servers that do not agree on the time (row 20)."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ingestio.errors import StorageUnavailable
from tests.faults.living import all_ended, assert_all_once, eventually, living, submit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.db.engine import Database
    from ingestio.services.processor import Processor
    from tests.wiring import House

pytestmark = pytest.mark.long
LEASE_S = 1.0
HOUR = timedelta(hours=1)
JUMPS = (-HOUR, timedelta(), HOUR)


class JumpingClock:
    """The machine's clock, set wrong."""

    def __init__(self) -> None:
        self.wrong_by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.wrong_by


def server(database: Database, folder: Path, name: str) -> tuple[House, JumpingClock, Processor]:
    """A server with a clock of its own."""
    house, clock = living(database, folder), JumpingClock()
    house.clock = clock  # type: ignore[assignment]
    house.engine.takes_s = 0.05
    return house, clock, house.processor(name, lease_s=LEASE_S, size=4)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("documents", [100, pytest.param(1_000, marks=pytest.mark.proof)])
@pytest.mark.parametrize("servers", [1, 2])
def test_clocks_that_jump_an_hour_bill_nothing_twice(
    database: Database,
    tmp_path: Path,
    figure: Callable[..., None],
    documents: int,
    servers: int,
):
    seed = random.Random(20_261_125)  # noqa: S311
    made = [server(database, tmp_path, f"server-{n}") for n in range(servers)]
    house = made[0][0]
    ada = house.user()
    house.usage.balance(ada)
    batches = submit(house, ada, documents)
    failures = 5
    house.engine.failures = [StorageUnavailable("Away.") for _ in range(failures)]
    jumps = 0

    def is_done() -> bool:
        return all_ended(house, ada, batches)

    def jump() -> bool:
        nonlocal jumps
        for _, clock, processor in made:
            clock.wrong_by = seed.choice(JUMPS)
            jumps += 1
            processor.run_once()
        time.sleep(0.1)
        return is_done()

    try:
        eventually(jump, documents / 10)
        # Who was put back at an hour too late is due then: the clocks settle there.
        for _, clock, _ in made:
            clock.wrong_by = HOUR
        assert eventually(lambda: made[0][2].run_once() >= 0 and is_done(), 60)
    finally:
        for _, _, processor in made:
            processor.stop(5)
    asked = sum(len(one.engine.asked) for one, _, _ in made)
    assert_all_once(house, ada, documents, 1)
    figure(
        "20",
        f"clocks of {servers} server(s) jump by an hour",
        documents=documents,
        jumps=jumps,
        double_bills=0,
        extra_ai_calls=asked - documents - failures,
    )
