"""ports.PageCounter: one limited child a file, forked from a warm and empty process.

Answers with `counting`'s result, or with a refusal where the child had to be killed. Leaves opening
files to `counting`. Safe from many threads; two children at a time.
"""

from __future__ import annotations

import multiprocessing as mp
import multiprocessing.forkserver
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, cast

import pebble
import pebble.concurrent

from ingestio.adapters import counting
from ingestio.errors import IngestioError, ReaderCrashed, TooBigInside, Unreadable
from ingestio.ports import CountedFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from ingestio.adapters.counting import CountLimits

AWAY: Final = "The reader could not be started. Add the file again in a moment."
WALL_S: Final = 10.0
LAUNCH_WAITS_S: Final = (0.05, 0.5)
AT_ONCE: Final = 2
PRELOADED: Final = (
    "ingestio.adapters.counting",
    "pebble.concurrent",
    "pypdfium2",
    "pikepdf",
    "pypdf",
    "PIL.Image",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
)
ENDED_BY_A_LIMIT: Final = frozenset(
    {signal.SIGXCPU, signal.SIGPROF, signal.SIGKILL, signal.SIGTRAP, signal.SIGILL, signal.SIGABRT}
)
"""CPU time; and pdfium traps itself where it gets no memory."""


class HelperPageCounter:
    """Counts pages where a hostile file can do no harm."""

    def __init__(self, limits: CountLimits) -> None:
        self._limits = limits
        # First come, first served (a semaphore starves who waits). And a child dies with the
        # *thread* that made it: these make the fork server, and stay as long as this process.
        self._launchers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="count-pages")
        self._count = _in_a_child()

    def count(self, path: Path, filename: str) -> CountedFile:
        """See ports.PageCounter.

        Raises:
            DocumentRejected: refused, also where it had to be killed.
            ReaderCrashed: the helper itself could not be started.
        """
        answer = self._launchers.submit(self._answer, str(path), filename)
        media_type, pages, repaired = answer.result()
        return CountedFile(media_type, pages, repaired)

    def start(self) -> None:
        """Warm up; else the first file waits for it."""
        self._launchers.submit(multiprocessing.forkserver.ensure_running).result()

    def stop(self) -> None:
        """Take no more files; whoever asks has stopped before."""
        self._launchers.shutdown(wait=False)

    def _answer(self, path: str, filename: str) -> tuple[Any, int, Path | None]:
        try:
            return self._launched(path, filename).result()
        except TimeoutError:
            raise TooBigInside(counting.TOO_BIG) from None
        except pebble.ProcessExpired as error:
            raise _refusal(error.exitcode) from error
        except (OSError, EOFError) as error:
            raise ReaderCrashed(AWAY) from error

    def _launched(self, path: str, filename: str) -> Future[tuple[Any, int, Path | None]]:
        """A child at work; where the fork server was killed, a new one is made and asked."""
        for wait_s in LAUNCH_WAITS_S:
            try:
                return self._count(path, filename, self._limits)
            except (OSError, EOFError):
                time.sleep(wait_s)
        return self._count(path, filename, self._limits)


def _in_a_child() -> Callable[..., Future[tuple[Any, int, Path | None]]]:
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    _hide_main()
    # `mp_context=` is silently ignored, and would fork this threaded server.
    decorator = cast("Any", pebble.concurrent.process)(timeout=WALL_S, context=context)
    return decorator(counting.count)


def _hide_main() -> None:
    """Else every child runs the server's main script again, as `__mp_main__` (37 ms)."""
    main = sys.modules["__main__"]
    main.__spec__ = None
    main.__dict__.pop("__file__", None)


def _refusal(exit_code: int) -> IngestioError:
    if exit_code >= 0:
        return ReaderCrashed(AWAY)  # nobody knows: the fork server is gone
    if -exit_code in ENDED_BY_A_LIMIT:
        return TooBigInside(counting.TOO_BIG)
    return Unreadable(counting.DAMAGED)
