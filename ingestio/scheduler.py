"""Door: APScheduler wakes the processor in this process (Spec 6.1).

Answers when: at once when somebody submits, and every few seconds as a safety net, so that nothing
depends on a wake arriving; once a minute it takes up files that were left uninspected, once an hour
it tidies up what nobody came back for. Leaves what is done to the services. One scheduler a data
folder: who gets the folder's lock, sweeps; another process beside it serves pages only.
"""

from __future__ import annotations

import fcntl
import threading
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TextIO

import anyio.to_thread
import structlog
from apscheduler.executors.pool import ThreadPoolExecutor  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.jobstores.base import JobLookupError  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.schedulers.background import (  # pyright: ignore[reportMissingTypeStubs]
    BackgroundScheduler,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from ingestio.ports import WorkQueue
    from ingestio.services.processor import Processor

log = structlog.get_logger(__name__)
_JOB: Final = "processor"
_MAX_RUNS: Final = 100
_RECOVER_S: Final = 60
_TIDY_S: Final = 3_600
LOCK_NAME: Final = "scheduler.lock"


class Scheduler:
    """Wakes one processor. A wake that comes while it runs is run right after."""

    def __init__(
        self,
        processor: Processor,
        queue: WorkQueue,
        data_dir: Path,
        *,
        sweep_s: float,
        tidy: Callable[[], object],
        recover: Callable[[], object] = tuple,
    ) -> None:
        self._processor = processor
        self._recover = recover
        self._tidy = tidy
        self._queue = queue
        self._data_dir = data_dir
        self._sweep_s = sweep_s
        self._lock: TextIO | None = None
        self._woken = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(2)}
        )

    def start(self) -> bool:
        """Begin to wake it; False where another process of this data folder already does."""
        self._lock = _locked(self._data_dir)
        if self._lock is None:
            log.warning("scheduler_elsewhere", data_dir=str(self._data_dir))
            return False
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self._run,
            "interval",
            seconds=self._sweep_s,
            id=_JOB,
            coalesce=True,  # after a blocked while, one sweep is as good as many
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
        self._every("recover", self._recover, _RECOVER_S)
        self._every("tidy", self._tidy, _TIDY_S)
        self._scheduler.start()  # pyright: ignore[reportUnknownMemberType]
        self._queue.on_wake(self.wake)
        return True

    def wake(self) -> None:
        """Run now; from any thread. A lost wake costs one interval."""
        self._woken.set()
        with suppress(JobLookupError):
            self._scheduler.modify_job(_JOB, next_run_time=datetime.now(UTC))  # pyright: ignore[reportUnknownMemberType]

    def stop(self) -> None:
        """Wake no more, then let the processor end or release what is in work."""
        if self._lock is None:
            return
        self._scheduler.shutdown(wait=False)  # pyright: ignore[reportUnknownMemberType]
        self._processor.stop()
        self._lock.close()
        self._lock = None

    def _run(self) -> None:
        """Once, and again where somebody woke meanwhile: `max_instances` would skip that wake."""
        for _ in range(_MAX_RUNS):
            self._woken.clear()
            try:
                self._processor.run_once()
            except Exception:
                # Caught here: APScheduler would say that a job failed, but not what was lost.
                log.exception("processor_failed")
            if not self._woken.is_set():
                return

    def _every(self, name: str, what: Callable[[], object], seconds: int) -> None:
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            _quietly,
            "interval",
            args=(name, what),
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )


def _quietly(name: str, what: Callable[[], object]) -> None:
    try:
        what()
    except Exception:
        log.exception("upkeep_failed", what=name)


@asynccontextmanager
async def running(scheduler: Scheduler) -> AsyncGenerator[None]:
    """For the server's lifespan: started before the first request, stopped after the last."""
    await anyio.to_thread.run_sync(scheduler.start)
    try:
        yield
    finally:
        await anyio.to_thread.run_sync(scheduler.stop)


def _locked(data_dir: Path) -> TextIO | None:
    """The data folder's lock, held until the file is closed; the kernel frees it with us."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = (data_dir / LOCK_NAME).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
