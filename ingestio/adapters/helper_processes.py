"""Processes that read untrusted documents: few, limited, replaced when they die.

Answers a call into `engines.local.work` with its value, our refusal, or ReaderCrashed where the
process died or took too long. Two light ones read text and draw pages, one holds the OCR model (a
second brings nothing on two cores and doubles memory). Leaves which call goes where to
`local_engine`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
import traceback
from concurrent.futures import BrokenExecutor, CancelledError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

import pebble

from ingestio import errors
from ingestio.engines.local.reading import NeedsOcr

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
MEMORY_BYTES: Final = 4 * 1024**3
TASKS_BEFORE_RENEWAL: Final = 200
FIRST_TO_BE_KILLED: Final = "800"
"""oom_score_adj: where memory ends, a helper goes before the server does."""
PR_SET_PDEATHSIG: Final = 1
CRASHED: Final = "The reader stopped while it worked on this document. It will be tried again."
TOO_SLOW: Final = "Reading this document took too long. It will be tried again."
TOO_BIG: Final = "This document needs more memory than a document may take."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a helper sends back: a value, or a refusal as words, since errors travel badly.

    `code` is one of our errors' codes, or the name of what only helpers raise.
    """

    value: object = None
    code: str | None = None
    message: str = ""


class _Helper(SpawnProcess):
    """A process that is ended at once: it holds nothing worth saving, and is deaf to SIGTERM."""

    terminate = SpawnProcess.kill


class _Context(SpawnContext):
    """Makes such processes."""

    Process = _Helper


class BrokenInside(Exception):
    """A helper met a bug and lives on; the message is its traceback."""


class HelperPool:
    """So many equal processes behind plain calls from any thread."""

    def __init__(self, workers: int, work_dir: Path) -> None:
        self._workers = workers
        self._work_dir = work_dir
        self._pool: pebble.ProcessPool | None = None
        self._lock = threading.Lock()
        # PR_SET_PDEATHSIG follows the thread that made the child: this one stays as long as we do.
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="helper-maker")

    def start(self) -> None:
        """Have the processes ready."""
        self._running()

    def stop(self) -> None:
        """End them; without it a server does not obey SIGTERM."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()
        self._maker.shutdown(wait=False)

    def call(self, timeout_s: float, function: Callable[P, T], *args: P.args, **kw: P.kwargs) -> T:
        """The function's value, computed in a helper.

        Raises:
            DocumentRejected, NotFound: as the helper refused.
            NeedsOcr: this helper reads text only.
            ReaderCrashed: it died, or took more than `timeout_s`.
            BrokenInside: a bug of ours.
        """
        answer = self._answer(timeout_s, function, *args, **kw)
        if answer.code is None:
            return cast("T", answer.value)
        if answer.code == NeedsOcr.__name__:
            raise NeedsOcr
        if answer.code == BrokenInside.__name__:
            raise BrokenInside(answer.message)
        raise _family()[answer.code](answer.message)

    def _answer(
        self, timeout_s: float, function: Callable[P, T], *args: P.args, **kw: P.kwargs
    ) -> Answer:
        for is_last in (False, True):
            pool = self._running()
            try:
                future = pool.schedule(answered, args=(function, args, kw), timeout=timeout_s)
                return future.result()
            except TimeoutError as exc:
                raise errors.ReaderCrashed(TOO_SLOW) from exc
            except pebble.ProcessExpired as exc:
                raise errors.ReaderCrashed(CRASHED) from exc
            except (BrokenExecutor, CancelledError, RuntimeError) as exc:
                # An idle worker was killed: pebble gives the whole pool up.
                if is_last or pool.active:
                    raise errors.ReaderCrashed(CRASHED) from exc
                self._discard(pool)
        raise errors.ReaderCrashed(CRASHED)

    def _running(self) -> pebble.ProcessPool:
        with self._lock:
            if self._pool is None:
                self._pool = self._maker.submit(self._made).result()
            return self._pool

    def _made(self) -> pebble.ProcessPool:
        hide_main()
        pool = pebble.ProcessPool(
            max_workers=self._workers,
            max_tasks=TASKS_BEFORE_RENEWAL,
            initializer=limit_this_process,
            initargs=(os.getpid(), str(self._work_dir)),
            context=_Context(),  # pyright: ignore[reportArgumentType]
        )
        for _ in range(self._workers):
            pool.schedule(ready)  # the first call starts the processes, on this thread
        return pool

    def _discard(self, pool: pebble.ProcessPool) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.stop()


def hide_main() -> None:
    """Else every child runs the server's main script again, as `__mp_main__`."""
    main = sys.modules["__main__"]
    main.__spec__ = None
    main.__dict__.pop("__file__", None)


def limit_this_process(parent_pid: int, work_dir: str) -> None:
    """In a new helper: die with the parent, hold memory, leave signals and core dumps to others.

    A terminal sends Ctrl+C to the whole group, and a service manager SIGTERM: the server that is
    told to end lets its readers finish what is in work, so they must not go before it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent_pid:
            os._exit(1)  # the parent died before we asked
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(FIRST_TO_BE_KILLED)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        os.chdir(work_dir)


def ready() -> None:
    """Import in a helper what its first document would wait for."""
    import_module("ingestio.engines.local.work")


def answered(
    function: Callable[..., object], args: tuple[object, ...], kw: dict[str, object]
) -> Answer:
    """In a helper: a call's value or refusal."""
    try:
        return Answer(function(*args, **kw))
    except NeedsOcr:
        return Answer(code=NeedsOcr.__name__)
    except errors.IngestioError as exc:
        return Answer(code=exc.code, message=exc.message)
    except MemoryError:
        return Answer(code=errors.TooBigInside.code, message=TOO_BIG)
    except Exception:  # noqa: BLE001  its type could be taken for the pool's own
        return Answer(code=BrokenInside.__name__, message=traceback.format_exc())


@cache
def _family() -> dict[str, Callable[[str], errors.IngestioError]]:
    """Our errors by code: those a helper may answer with."""
    rejected = {kind.code: kind for kind in errors.DocumentRejected.__subclasses__()}
    return {**rejected, errors.NotFound.code: errors.NotFound}
