"""How much of the ideal the processor reaches, what a document costs it, and whom it lets wait.

Beside a bare thread pool that only waits as long as the documents take: the same number of threads,
the same waits, no database. SQLite on the disk, a stub of fixed latency for the engine, everything
else as it runs; the ideal is `ceil(documents / 32)` times what one takes. The best of some rounds,
because what else the machine does can only make a round slower.
"""

from __future__ import annotations

import math
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import update

from bench.harness import Run, percentile, say
from ingestio.adapters.local_queue import LocalQueue
from ingestio.adapters.system_clock import SystemClock
from ingestio.db import tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.migrations import upgrade
from ingestio.scheduler import Scheduler
from ingestio.services.extraction import KEPT_FROM_S
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Generator
    from uuid import UUID

    from sqlmodel import Session

    from ingestio.domain.accounts import Actor
    from ingestio.ports import SourceDocument
    from ingestio.services.steps import Steps

AT_ONCE = 32
CASES = {"96x2s": (96, 2.0, 2), "1000x50ms": (1_000, 0.05, 5)}
"""Documents, seconds each, rounds."""
BATCH = 100
SMALL, LARGE, SMALL_TAKES_S, FAIR_ROUNDS = 10, 1_000, 0.25, 12
FEW, MANY, CLAIMS = 1_000, 100_000, 300
SUBMISSIONS = 60


@contextmanager
def housed() -> Generator[House]:
    """The services over a fresh database file, with answers on disk as the product keeps them."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        upgrade(database)
        house = build(database, Path(folder), clock=SystemClock())
        house.extraction = replace(house.extraction, kept_from_s=KEPT_FROM_S)
        now, month = datetime.now(UTC), timedelta(days=30)
        house.billing.period = (now - month, now + month)
        yield house
        database.dispose()


def submit(house: House, who: Actor, documents: int) -> None:
    """So many documents of one page, in batches as large as a plan allows."""
    for at in range(0, documents, BATCH):
        house.submit(who, [1] * min(BATCH, documents - at))
    house.usage.balance(who)


def work_off(documents: int, takes_s: float) -> tuple[float, float]:
    """Seconds on the wall and milliseconds of CPU a document, from the first claim to the last."""
    with housed() as house:
        house.engine.takes_s = takes_s
        ada = house.user()
        submit(house, ada, documents)
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
        return wall, 1_000 * cpu / documents


def only_wait(documents: int, takes_s: float) -> float:
    """The baseline: a pool that waits."""
    wall = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _: time.sleep(takes_s), range(documents)))
    return time.perf_counter() - wall


def efficiency(run: Run) -> None:
    """Both cases, in turns with the baseline."""
    for name, (documents, takes_s, rounds) in CASES.items():
        ideal_s = math.ceil(documents / AT_ONCE) * takes_s
        for _ in range(rounds):
            run.within_limit()
            wall_s, cpu_ms = work_off(documents, takes_s)
            run.keep(f"{name}_wall_s", wall_s)
            run.keep(f"{name}_cpu_ms", cpu_ms)
            run.keep(f"{name}_bare_s", only_wait(documents, takes_s))
        best_s = min(run.samples[f"{name}_wall_s"])
        run.figure(f"efficiency_{name}", ideal_s / best_s)
        run.figure(f"of_bare_{name}", min(run.samples[f"{name}_bare_s"]) / best_s)
        say(f"{name}: {run.figures}")
    run.figure("cpu_ms_per_document", min(run.samples["1000x50ms_cpu_ms"]))


def first_claims(run: Run) -> None:
    """From the call of submit until the engine is asked, woken by the scheduler as in a server."""
    with housed() as house, tempfile.TemporaryDirectory() as folder:
        queue, began = LocalQueue(), threading.Event()
        submission = replace(house.batches.submission, queue=queue)
        house.batches = replace(house.batches, submission=submission, queue=queue)
        house.engine.before = lambda _document: began.set()
        ada = house.user()
        house.usage.balance(ada)
        scheduler = Scheduler(
            house.processor(size=AT_ONCE), queue, Path(folder), sweep_s=5, tidy=tuple
        )
        scheduler.start()
        for _ in range(SUBMISSIONS):
            draft = house.draft(ada)
            began.clear()
            at = time.perf_counter()
            house.batches.submit(ada, draft)
            if not began.wait(10):
                raise TimeoutError
            run.keep("first_claim_ms", 1_000 * (time.perf_counter() - at))
            time.sleep(0.05)
        scheduler.stop()
    run.figure("first_claim_p95_ms", percentile(run.samples["first_claim_ms"], 95))


class Latencies:
    """The small batch's documents take a fixed time; what is before them ends one by one.

    The others take between half and half again as long: else all 32 places would come free
    together, and the figure would be the moment of the submission.
    """

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311  the same waits each time
        self.small: set[str] = set()
        self.ended = threading.Semaphore(0)

    def __call__(self, document: SourceDocument) -> None:
        """Wait as long as this document takes."""
        if document.sha256 in self.small:
            time.sleep(SMALL_TAKES_S)
            self.ended.release()
        else:
            time.sleep(SMALL_TAKES_S * self._rng.uniform(0.5, 1.5))


def small_batch_s(size: int, others: int, seed: int) -> float:
    """Seconds from the submission of the small batch until it is completed."""
    with housed() as house:
        house.engine.before = latencies = Latencies(seed)
        ada, bob = house.user(), house.user("bob@example.org")
        submit(house, bob, others)
        house.usage.balance(ada)
        processor = house.processor(size=size)
        processor.run_once()
        time.sleep(SMALL_TAKES_S * (3 + seed / FAIR_ROUNDS))
        draft = house.draft(ada, [1] * SMALL)
        latencies.small = {f"{draft.hex[:24]}{at:08}" for at in range(SMALL)}
        began_s = time.perf_counter()
        batch_id = house.batches.submit(ada, draft)
        processor.run_once()
        wait_for(house, ada, batch_id, latencies)
        took_s = time.perf_counter() - began_s
        processor.crew.is_paused = True
        processor.drain(10)
        processor.stop()
        return took_s


def wait_for(house: House, who: Actor, batch_id: UUID, latencies: Latencies) -> None:
    """Until the last of the small batch is saved."""
    for _ in range(SMALL):
        if not latencies.ended.acquire(timeout=60):
            raise TimeoutError
    while house.batches.detail(who, batch_id).batch.completed_at is None:
        time.sleep(0.002)


def fairness(run: Run) -> None:
    """Ten documents behind another user's thousand, and alone with half of the places."""
    for seed in range(FAIR_ROUNDS):
        run.within_limit()
        run.keep("behind_s", small_batch_s(AT_ONCE, LARGE, seed))
        run.keep("alone_s", small_batch_s(AT_ONCE // 2, 0, seed))
    behind_s, alone_s = median(run.samples["behind_s"]), median(run.samples["alone_s"])
    run.figure("fairness_ratio", behind_s / alone_s)


def fill(house: House, documents: int) -> Steps:
    """So many waiting documents of one batch, copied in the database from one that is submitted."""
    ada = house.user()
    submit(house, ada, BATCH)
    copied = {"id": "lower(hex(randomblob(16)))", "position": f"position + {BATCH} * n.value"}
    names = [column.name for column in tables.table_of(tables.Document).c]
    copies = (
        "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n"  # noqa: S608  our own names
        f" WHERE value < {documents // BATCH - 1}) INSERT INTO documents ({', '.join(names)})"
        f" SELECT {', '.join(copied.get(name, name) for name in names)} FROM documents, n"
    )

    def work(session: Session) -> None:
        batches, loads = tables.table_of(tables.Batch), tables.table_of(tables.UserLoad)
        counts = {"document_count": documents, "total_pages": documents}
        session.connection().exec_driver_sql(copies)
        session.connection().execute(update(batches).values(**counts))
        session.connection().execute(update(loads).values(documents_waiting=documents))

    house.database.write(SYSTEM, work)
    house.check()
    return house.steps()


def growth(run: Run) -> None:
    """A claim with few documents waiting, and with many, in turns."""
    with housed() as small, housed() as large:
        ways = {"few": fill(small, FEW), "many": fill(large, MANY)}
        for _ in range(CLAIMS):
            for name, steps in ways.items():
                began_s = time.perf_counter()
                if steps.claim() is None:
                    raise AssertionError
                run.keep(f"claim_{name}_ms", 1_000 * (time.perf_counter() - began_s))
    few, many = (median(run.samples[f"claim_{name}_ms"]) for name in ways)
    run.figure("claim_ms", many)
    run.figure("growth_ratio", many / few)


def main() -> None:
    """All of it."""
    run = Run("processor")
    efficiency(run)
    first_claims(run)
    fairness(run)
    growth(run)
    run.end()


if __name__ == "__main__":
    main()
