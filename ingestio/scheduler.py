"""Door: APScheduler wakes the processor in this process (Spec 6.1).

Answers when: at once when somebody submits, and every few seconds as a safety net, so that nothing
depends on a wake arriving; once a minute it takes up files that were left uninspected, once an hour
it tidies up what nobody came back for. Leaves what is done to the services. One scheduler a data
folder: who gets the folder's lock, sweeps; another process beside it serves pages only.

APScheduler's own failures are told with the processor's next beat: a job that failed, that missed
its time, or that still runs when it is due again for a minute. Where the sweep itself hangs, or
APScheduler's thread has died, there is no next beat, and that is what is seen (`domain.beats`).
"""

# APScheduler has no types of its own.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportPrivateUsage=false
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import fcntl
import sys
import threading
import time
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TextIO

import anyio.to_thread
import structlog
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
)
from apscheduler.executors.base import (
    BaseExecutor,
    run_job,
)
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import (
    BackgroundScheduler,
)

from ingestio.errors import IngestioError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from apscheduler.events import JobEvent
    from apscheduler.job import Job

    from ingestio.ports import WorkQueue
    from ingestio.services.processor import Processor

log = structlog.get_logger(__name__)
_JOB: Final = "processor"
_MAX_RUNS: Final = 100
_RECOVER_S: Final = 60
_TIDY_S: Final = 3_600
_STUCK_AFTER_S: Final = 60.0
_LAST_JOBS_S: Final = 1.0
_SEEN: Final = EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
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
        self._jobs = _DaemonThreads()
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": self._jobs})
        self._scheduler.add_listener(self._see, _SEEN)

    def start(self) -> bool:
        """Begin to wake it; False where another process of this data folder already does."""
        self._lock = _locked(self._data_dir)
        if self._lock is None:
            log.warning("scheduler_elsewhere", data_dir=str(self._data_dir))
            return False
        self._scheduler.add_job(
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
        self._processor.pulse.promise()
        self._scheduler.start()
        self._queue.on_wake(self.wake)
        return True

    def wake(self) -> None:
        """Run now; from any thread. A lost wake costs one interval."""
        self._woken.set()
        with suppress(JobLookupError):
            self._scheduler.modify_job(_JOB, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Wake no more, then let the processor end or release what is in work."""
        if self._lock is None:
            return
        self._scheduler.shutdown(wait=False)
        self._processor.stop()
        self._jobs.wait(_LAST_JOBS_S)
        self._lock.close()
        self._lock = None

    def _run(self) -> None:
        """Once, and again where somebody woke meanwhile: `max_instances` would skip that wake."""
        for _ in range(_MAX_RUNS):
            self._woken.clear()
            try:
                self._processor.run_once()
            except Exception as error:
                # Caught here, for the wake that may have come meanwhile.
                log.exception("processor_failed")
                self._note(_JOB, f"failed: {_said(error)}")
            if not self._woken.is_set():
                return

    def _see(self, event: JobEvent) -> None:
        """What APScheduler would only have logged, or not even that."""
        job = event.job_id
        if isinstance(event, JobExecutionEvent) and event.exception is not None:
            log.error("job_failed", job=job, error=repr(event.exception), where=event.traceback)
            self._note(job, f"failed: {_said(event.exception)}")
        elif event.code == EVENT_JOB_MISSED:
            self._note(job, "missed its time")
        elif self._jobs.runs_s(job) > _STUCK_AFTER_S:  # sooner it is only a wake during a sweep
            self._note(job, "is due again and still runs")

    def _note(self, job: str, what: str) -> None:
        log.warning("scheduler_trouble", job=job, what=what)
        self._processor.pulse.note(f"{job} {what}")

    def _every(self, name: str, what: Callable[[], object], seconds: int) -> None:
        self._scheduler.add_job(
            what,
            "interval",
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )


def _said(error: BaseException) -> str:
    """An error of ours by its code, any other by its type; its words may hold somebody's data."""
    return error.code if isinstance(error, IngestioError) else type(error).__name__


class _DaemonThreads(BaseExecutor):
    """A thread a job, so that none waits for another's.

    A pool's threads would be joined at the interpreter's end, also those that hang outside.
    """

    def __init__(self) -> None:
        super().__init__()
        self._running: dict[str, tuple[threading.Thread, float]] = {}

    def runs_s(self, job_id: str) -> float:
        """For how long it has been running; 0 where it does not."""
        running = self._running.get(job_id)
        return time.monotonic() - running[1] if running else 0.0

    def wait(self, timeout_s: float) -> None:
        """For what is running, at most so long."""
        until_s = time.monotonic() + timeout_s
        for thread, _ in tuple(self._running.values()):
            thread.join(max(0.0, until_s - time.monotonic()))

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        thread = threading.Thread(target=self._do, args=(job, run_times), name=job.id, daemon=True)
        self._running[job.id] = (thread, time.monotonic())
        thread.start()

    def _do(self, job: Job, run_times: list[datetime]) -> None:
        try:
            events = run_job(job, job._jobstore_alias, run_times, self._logger.name)  # noqa: SLF001
        except BaseException as error:  # noqa: BLE001  as APScheduler's own executors do
            self._run_job_error(job.id, error, sys.exc_info()[2])
        else:
            self._run_job_success(job.id, events)
        finally:
            self._running.pop(job.id, None)


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
