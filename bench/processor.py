"""How much of the ideal the processor reaches, and what a document costs it.

Beside a bare thread pool that only waits as long as the documents take: the same number of threads,
the same waits, no database. SQLite on the disk, a stub for the engine, everything else as it runs.
"""

from __future__ import annotations

import math
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.harness import Run
from ingestio.adapters.system_clock import SystemClock
from ingestio.db.engine import Database
from ingestio.db.migrations import upgrade
from tests.wiring import House, build

AT_ONCE = 32
CASES = {"slow": (96, 2.0, 1), "quick": (1_000, 0.05, 3)}
"""Documents, seconds each, rounds."""


def house_in(folder: Path) -> House:
    """The services over a fresh database file."""
    database = Database(f"sqlite:///{folder / 'bench.sqlite3'}")
    upgrade(database)
    house = build(database, folder, clock=SystemClock())
    now, month = datetime.now(UTC), timedelta(days=30)
    house.billing.period = (now - month, now + month)
    return house


def work_off(documents: int, takes_s: float) -> tuple[float, float]:
    """Seconds on the wall and milliseconds of CPU a document, from the first claim to the last."""
    with tempfile.TemporaryDirectory() as folder:
        house = house_in(Path(folder))
        house.engine.takes_s = takes_s
        ada = house.user()
        for at in range(0, documents, 100):
            house.submit(ada, [1] * min(100, documents - at))
        house.usage.balance(ada)
        processor = house.processor(size=AT_ONCE)
        wall, cpu = time.perf_counter(), time.process_time()
        processor.run_once()
        if not processor.drain(300):
            raise TimeoutError
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        processor.stop()
        house.check()
        if house.usage.balance(ada).used_pages != documents:
            raise AssertionError
        house.database.dispose()
        return wall, 1_000 * cpu / documents


def only_wait(documents: int, takes_s: float) -> float:
    """The baseline: a pool that waits."""
    wall = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _: time.sleep(takes_s), range(documents)))
    return time.perf_counter() - wall


def main() -> None:
    """Both cases, in turns with the baseline."""
    run = Run("processor")
    for name, (documents, takes_s, rounds) in CASES.items():
        ideal_s = math.ceil(documents / AT_ONCE) * takes_s
        for _ in range(rounds):
            run.within_limit()
            wall_s, cpu_ms = work_off(documents, takes_s)
            run.keep(f"{name}_wall_s", wall_s)
            run.keep(f"{name}_cpu_ms", cpu_ms)
            run.keep(f"{name}_bare_s", only_wait(documents, takes_s))
        best_s = min(run.samples[f"{name}_wall_s"])
        run.figure(f"{name}_of_ideal", ideal_s / best_s)
        run.figure(f"{name}_of_bare", min(run.samples[f"{name}_bare_s"]) / best_s)
        run.figure(f"{name}_cpu_ms_a_document", min(run.samples[f"{name}_cpu_ms"]))
    run.end()


if __name__ == "__main__":
    main()
